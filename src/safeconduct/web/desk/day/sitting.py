"""Somebody new and their first letter in one sitting: one page, saved as one."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.accounts.actor import Actor
from safeconduct.casework.actions.sitting import Matter, begin
from safeconduct.casework.faults import CaseworkFault, NotAWorkerHere, NotYet
from safeconduct.casework.models import Case
from safeconduct.core.calendar.days import BeyondCalendar
from safeconduct.people.actions.complete import Said
from safeconduct.people.facets import Intake, Needs
from safeconduct.people.keys import NotHeld
from safeconduct.people.queries import PersonRecord
from safeconduct.people.records import Changed

from ...access import Request
from ..cases.case_form import AboutCase, workers_of
from ..cases.letter_fields import AboutLetter, FirstLetter
from .filters import address
from .sitting_fields import IntakeStrip, Section, WhoForm
from .sitting_who import doubles, people_alike, record_of


class SittingForm(WhoForm, AboutCase, IntakeStrip, FirstLetter, AboutLetter):
    """Who, the case, what is asked before acting, the first letter."""

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
        self.offer_workers({one.pk: one for team in by.teams for one in workers_of(team)}.values())
        self.fields["references"].desk_kind = "ref"  # type: ignore[attr-defined]  # read by the field tag
        begins = "name"
        if len(by.teams) > 1:
            first, *others = self.sections
            self.sections = (Section(legend=first["legend"], fields=("team", *first["fields"])), *others)
            begins = "team"
        self.fields[begins].widget.attrs["autofocus"] = True

    def matter(self, by: Actor) -> Matter:
        """The case with its first letter."""
        typed = self.cleaned_data
        return Matter(
            kind=typed["kind"],
            exact_kind=typed["exact_kind"],
            our_reference=typed["our_reference"],
            worker=self.worker_chosen(),
            came_in_on=typed["came_in_on"],
            intake=self.intake(Intake(), by=by, on=typed["came_in_on"], covers=typed["name"]),
            route=typed["route"],
            letter=self.letter(),
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
