"""Somebody new and their first letter in one sitting: one page, saved as one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.keys import today
from safeconduct.accounts.models import Member
from safeconduct.casework.actions.sitting import Matter, begin
from safeconduct.casework.faults import CaseworkFault, NotAWorkerHere, NotYet
from safeconduct.casework.models import Case
from safeconduct.core.calendar.days import BeyondCalendar
from safeconduct.core.calendar.typed import Problem
from safeconduct.people.actions.complete import Said
from safeconduct.people.facets import EnquiryHead, Intake, Needs
from safeconduct.people.keys import NotHeld
from safeconduct.people.queries import PersonRecord
from safeconduct.people.records import Changed

from ..access import Request
from ..forms import DayField, LineField, ProseField
from ..words import cases as case_words
from ..words.dates import PROBLEMS
from .case_form import workers_of
from .filters import address
from .sitting_fields import IntakeStrip, Section, WhoForm, lines_of
from .sitting_who import doubles, people_alike, record_of


class SittingForm(WhoForm, IntakeStrip):
    """Who, the case, what is asked before acting, the first letter."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of case"),
        choices=[("", gettext_lazy("Choose")), *case_words.TOPICS.items()],
        error_messages={"required": gettext_lazy("Choose the kind that is nearest.")},
        help_text=gettext_lazy("Kept in the open so that lists can be filtered: that is why the list is short."),
    )
    exact_kind = LineField(
        label=gettext_lazy("More exactly"),
        required=False,
        help_text=gettext_lazy("For example the scheme. Sealed."),
    )
    our_reference = LineField(
        label=gettext_lazy("Our reference"), required=False, max_length=40, help_text=gettext_lazy("Sealed.")
    )
    worker = forms.ChoiceField(label=gettext_lazy("Who works on it"), required=False)
    came_in_on = DayField(
        label=gettext_lazy("Day it came in"),
        initial="today",
        error_messages={"required": gettext_lazy("Give the day they asked for help.")},
    )
    route = forms.ChoiceField(
        label=gettext_lazy("Where the letter goes"),
        choices=[("", gettext_lazy("Choose")), *case_words.ROUTES.items()],
        error_messages={"required": gettext_lazy("Choose where the letter goes: the clock runs by it.")},
    )
    sent_on = DayField(
        label=gettext_lazy("Day it was sent"),
        required=False,
        help_text=gettext_lazy("Leave it empty until it has gone: Today reminds you."),
    )
    subject = LineField(label=gettext_lazy("What it is about"), required=False)
    questions = ProseField(
        label=gettext_lazy("What it asks"),
        required=False,
        rows=4,
        max_length=4000,
        help_text=gettext_lazy("Each question on a line of its own: a reply is held against each."),
    )
    sent_to = LineField(label=gettext_lazy("To whom exactly"), required=False)
    their_reference = LineField(label=gettext_lazy("Their reference for it"), required=False)

    sections: tuple[Section, ...] = (
        {
            "legend": gettext_lazy("Who"),
            "fields": ("name", "also", "birth", "references", "phone", "may_ring", "email", "address", "safe_note"),
        },
        {"legend": gettext_lazy("The case"), "fields": ("kind", "exact_kind", "our_reference", "worker", "came_in_on")},
        {
            "legend": gettext_lazy("Before we act"),
            "fields": ("constituent", "checked_how", "authority", "signed_on", "notice_how", "interpreter", "gender"),
        },
        {
            "legend": gettext_lazy("The first letter"),
            "fields": ("route", "sent_on", "subject", "questions", "sent_to", "their_reference"),
        },
    )

    def __init__(self, *args: Any, by: Actor, **named: Any) -> None:
        super().__init__(*args, by=by, **named)
        # Whoever works in one of the teams: that they are in the team of the case is asked where it is opened.
        everybody = {one.handle.hex: one for team in by.teams for one in workers_of(team)}
        self._workers: dict[str, Member] = everybody
        choices = [("", _("Nobody yet")), *((handle, one.name) for handle, one in everybody.items())]
        self.fields["worker"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField's own
        for name in ("our_reference", "their_reference", "references"):
            self.fields[name].desk_kind = "ref"  # type: ignore[attr-defined]  # read by the field tag
        if len(by.teams) > 1:
            first, *others = self.sections
            self.sections = (Section(legend=first["legend"], fields=("team", *first["fields"])), *others)
        self.fields["name"].widget.attrs["autofocus"] = True

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        for name in ("came_in_on", "sent_on"):
            if typed.get(name) and typed[name] > today():
                self.add_error(name, str(PROBLEMS[Problem.IN_THE_FUTURE]))
        came, sent = typed.get("came_in_on"), typed.get("sent_on")
        if came and sent and sent < came:
            self.add_error("sent_on", _("That is before the day it came in. Check both."))
        return typed

    def matter(self, by: Actor) -> Matter:
        """The case with its first letter."""
        typed = self.cleaned_data
        return Matter(
            kind=typed["kind"],
            exact_kind=typed["exact_kind"],
            our_reference=typed["our_reference"],
            worker=self._workers.get(typed["worker"]),
            came_in_on=typed["came_in_on"],
            intake=self.intake(Intake(), by=by, on=typed["came_in_on"], covers=typed["name"]),
            route=typed["route"],
            letter=EnquiryHead(
                subject=typed["subject"],
                sent_to=typed["sent_to"],
                their_reference=typed["their_reference"],
                questions=lines_of(typed["questions"]),
            ),
            sent_on=typed["sent_on"],
        )


def view(request: Request) -> HttpResponse:
    """The page; whoever is here already and may be meant is offered on it before anything is saved."""
    by = request.actor
    if not by.teams:
        return redirect("people")
    form = SittingForm(
        request.POST if request.method == "POST" else None, by=by, initial={"worker": by.member.handle.hex}
    )
    if form.is_valid():
        case = _save(by, form)
        if case is not None:
            return redirect(address(reverse("case", args=[case.handle]), {"done": "opened"}))
    elif form.answered:
        form.offer(people_alike(doubles(by=by, team=form.team_chosen, said=form.said())))
    context = {
        "form": form,
        "found": form.found,
        "save": _("Save the person and the case"),
        "cancel_url": reverse("people"),
    }
    return render(request, "desk/sitting.html", context)


def _save(by: Actor, form: SittingForm) -> Case | None:
    """Save all of it. None where it cannot be, or somebody like them is here: then the form says so."""
    said, (kind, handle) = form.said(), form.chosen
    if kind == "":
        found = doubles(by=by, team=form.team_chosen, said=said)
        if found:
            form.offer(people_alike(found))
            return None
    try:
        who: Said | tuple[PersonRecord, Said] = said
        needs = form.needs()
        if kind == "person" and handle is not None:
            record = record_of(by, handle)
            who, needs = (record, said), Needs()
        team = who[0].keyed.team if isinstance(who, tuple) else form.team_chosen
        return begin(by=by, team=team, who=who, needs=needs, matter=form.matter(by))
    except (CaseworkFault, BeyondCalendar) as fault:
        field = {NotYet: "came_in_on", BeyondCalendar: "sent_on", NotAWorkerHere: "worker"}.get(type(fault))
        form.add_error(field, str(fault))
    except Changed:
        form.add_error(
            None, _("Somebody else changed this record at this moment. Nothing was saved: send it once more.")
        )
    except NotHeld as fault:
        form.add_error(None, str(fault))
    return None
