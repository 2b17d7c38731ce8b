"""The removal on a case: what is known, whom to turn to and who was told, what became of it, and the sheet to print."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.keys import today as day_it_is
from safeconduct.casework import removals
from safeconduct.casework.actions import urgent as acts
from safeconduct.casework.directory import DirectoryRecord, open_directory
from safeconduct.casework.faults import CaseworkFault, NobodyTold, NotYet
from safeconduct.casework.models import Case, Event
from safeconduct.casework.queries import find_case, open_named
from safeconduct.casework.rungs import later, tonight
from safeconduct.core.calendar.days import LONDON, BeyondCalendar
from safeconduct.people.concerned import Concerned
from safeconduct.people.facets import CaseHead, Needs, Told
from safeconduct.people.records import Opened

from ...access import Request
from ...forms import DayField, LineField, ProseField
from ...words import dates
from ...words import urgent as words
from ...words.people import birth
from ..day.filters import address
from ..people import present_needs
from . import present_urgent
from .links import case_address
from .present_case import about
from .present_clock import clock_of_limit

DONE: Final = {
    "told": gettext_lazy("It is written down, here and in the timeline."),
    "saved": gettext_lazy("Saved."),
    "checked": gettext_lazy("The contact is marked as checked today."),
}
_CLOCK: Final = re.compile(r"([01]?\d|2[0-3])[:.]?([0-5]\d)")


class TimeField(forms.CharField):
    """A time of today as people type it: `21:40`, `2140`, `9.05`. Empty means now."""

    def __init__(self, **named: Any) -> None:
        attributes = {"dir": "ltr", "inputmode": "numeric", "placeholder": gettext_lazy("now")}
        super().__init__(required=False, max_length=8, widget=forms.TextInput(attrs=attributes), **named)

    def clean(self, value: Any) -> time | None:
        """The time, None where the field is empty."""
        text = super().clean(value)
        if not text:
            return None
        found = _CLOCK.fullmatch(text)
        if found is None:
            raise forms.ValidationError(_("This is not a time. Write it as 21:40, or leave it empty for now."))
        return time(int(found[1]), int(found[2]))


class ToldForm(forms.Form):
    """Who was told on one rung. Nothing has to be typed: the rung and now are what is kept then."""

    rung = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)
    who = LineField(label=gettext_lazy("Whom, and what they said"), required=False, max_length=500)
    at = TimeField(label=gettext_lazy("At"))


class EndForm(forms.Form):
    """What became of the removal."""

    how = forms.ChoiceField(
        label=gettext_lazy("What became of it"),
        choices=list(words.ENDINGS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what became of the removal.")},
    )
    on = DayField(
        label=gettext_lazy("Day"), initial="today", error_messages={"required": gettext_lazy("Give the day.")}
    )
    note = ProseField(label=gettext_lazy("Note"), required=False, help_text=gettext_lazy("Sealed."))


@dataclass(frozen=True, slots=True)
class _Night:
    """A case with its removal, opened for one of these pages."""

    case: Case
    head: Opened
    concerned: tuple[Concerned, ...]
    directory: DirectoryRecord
    told: Sequence[Told]
    names: Mapping[str, str]
    today: date

    @property
    def content(self) -> CaseHead:
        content: CaseHead = self.head.content
        return content


def view(request: Request, handle: UUID) -> HttpResponse:
    """The page; posted to, it logs that somebody was told."""
    night = _open(request.actor, find_case(request.actor, handle))
    if night.case.removal_on is None:
        return redirect("case-urgent-edit", handle=handle)
    wrong: ToldForm | None = None
    if request.method == "POST":
        form = ToldForm(request.POST, auto_id=f"id_{request.POST.get('rung', '')[:20]}_%s")
        if form.is_valid() and _tell(request.actor, night, form):
            place = f"rung-{form.cleaned_data['rung'] or 'other'}"
            return redirect(f"{address(reverse('case-urgent', args=[handle]), {'done': 'told'})}#{place}")
        wrong = form
    return render(request, "desk/case_urgent.html", _context(request, night, wrong))


def sheet(request: Request, handle: UUID) -> HttpResponse:
    """One sheet of paper: what is filled in, and ruled lines for what is not."""
    night = _open(request.actor, find_case(request.actor, handle))
    head = night.content
    context = {
        "about": about(head, night.concerned),
        "needs": present_needs.strip(_needs(night)),
        "facts": present_urgent.facts(night.case, head),
        "births": _births(night),
        "asked": [present_urgent.consent(one) for one in removals.consents_of(head.urgent).values()],
        "hand": [
            {"label": words.AT_HAND[one.what], "text": one.said}
            for one in removals.at_hand(head, night.told, today=night.today)
            if one.what in (removals.Hand.MEDICAL, removals.Hand.CHILDREN, removals.Hand.DOCUMENTS)
        ],
        "rungs": _rungs(night),
        "back_url": reverse("case-urgent", args=[handle]),
    }
    return render(request, "desk/urgent_sheet.html", context)


def end(request: Request, handle: UUID) -> HttpResponse:
    """Say what became of it. Its day leaves Today; what was written down stays on the case."""
    by, case = request.actor, find_case(request.actor, handle)
    form = EndForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            acts.end_removal(by=by, case=case, **form.cleaned_data)
        except (CaseworkFault, BeyondCalendar) as fault:
            form.add_error("on" if isinstance(fault, NotYet) else None, str(fault))
        else:
            return redirect(case_address(request, case, done="removal_ended"))
    head, concerned = open_named(by=by, case=case)
    day = dates.full(case.removal_on) if case.removal_on else ""
    context = {
        "section": "urgent",
        "heading": _("What became of the removal"),
        "about": about(head.content, concerned),
        "lede": _("Its day was %(day)s. Where it was only moved, change the day instead.") % {"day": day}
        if day
        else "",
        "form": form,
        "cancel_url": reverse("case-urgent", args=[handle]),
    }
    return render(request, "desk/form.html", context)


def _open(by: Actor, case: Case) -> _Night:
    head, concerned = open_named(by=by, case=case)
    told = Event.objects.filter(case=case, kind=Event.Kind.REMOVAL_TOLD, corrected_by__isnull=False)
    taken_back = {handle.hex for handle in told.values_list("handle", flat=True)}
    return _Night(
        case=case,
        head=head,
        concerned=concerned,
        directory=open_directory(by=by, team=case.team),
        told=removals.told_standing(head.content.urgent, taken_back),
        names={one.handle.hex: one.name for one in by.organisation.members.all()},
        today=day_it_is(),
    )


def _tell(by: Actor, night: _Night, form: ToldForm) -> bool:
    """Log it. False where it cannot be; then the form says why and keeps what was typed."""
    typed = form.cleaned_data
    at = _last(typed["at"]).isoformat() if typed["at"] else ""
    told = Told(who=typed["who"], rung=typed["rung"] if typed["rung"] in _known() else "", at=at)
    try:
        acts.tell(by=by, case=night.case, head=night.content, read=night.head.revision, told=told)
    except NobodyTold as fault:
        form.add_error("who", str(fault))
        return False
    except NotYet as fault:
        form.add_error("at", str(fault))
        return False
    except (CaseworkFault, BeyondCalendar) as fault:
        form.add_error(None, str(fault))
        return False
    return True


def _last(clock: time) -> datetime:
    """The last time the clocks in London showed this: after midnight, 23:50 was yesterday."""
    now = datetime.now(LONDON)
    at = datetime.combine(now.date(), clock, LONDON)
    return at if at <= now else datetime.combine(now.date() - timedelta(days=1), clock, LONDON)


def _context(request: Request, night: _Night, wrong: ToldForm | None) -> dict[str, Any]:
    head, case, today = night.content, night.case, night.today
    hand = removals.at_hand(head, night.told, today=today)
    limit = removals.notice(head.urgent.papers_served_on, request.actor.organisation.nation)
    done = request.GET.get("done", "")
    rungs = _rungs(night)
    assert case.removal_on is not None
    return {
        "about": about(head, night.concerned),
        "needs": present_needs.strip(_needs(night)),
        "day": dates.day(case.removal_on),
        "passed": case.removal_on < today,
        "facts": present_urgent.facts(case, head),
        "rungs": [{"shown": one, "form": _form_of(one.id, wrong)} for one in rungs],
        "other_key": len(rungs) + 1,
        "other_form": _form_of("", wrong),
        "others": present_urgent.others_told(night.told, tonight(), night.names),
        "in_short": present_urgent.in_short(head.urgent),
        "later": present_urgent.rungs(later(), night.directory, night.told, night.names, head=head, today=today),
        "hand": present_urgent.hand_rows(hand, head.urgent, case),
        "notice": clock_of_limit(limit, met_on=None, today=today) if limit else None,
        "before_notice": limit is not None and case.removal_on < limit.last_day,
        "handle": case.handle.hex,
        "directory_revision": night.directory.revision,
        "form": wrong,
        "links": _links(case),
        "notices": [{"text": str(DONE[done]), "kind": "done", "title": ""}] if done in DONE else [],
    }


def _links(case: Case) -> dict[str, str]:
    names = {"edit": "case-urgent-edit", "sheet": "case-urgent-sheet", "end": "case-urgent-end", "case": "case"}
    links = {key: reverse(name, args=[case.handle]) for key, name in names.items()}
    return links | {
        "directory": address(reverse("directory"), {"team": case.team.handle.hex}),
        "checked": reverse("directory-checked", args=[case.team.handle]),
    }


def _form_of(rung: str, wrong: ToldForm | None) -> ToldForm:
    if wrong is not None and wrong.data.get("rung", "") == rung:
        return wrong
    return ToldForm(initial={"rung": rung}, auto_id=f"id_{rung}_%s")


def _rungs(night: _Night) -> list[present_urgent.RungShown]:
    return present_urgent.rungs(
        tonight(), night.directory, night.told, night.names, head=night.content, today=night.today
    )


def _known() -> frozenset[str]:
    return frozenset(one.id for one in (*tonight(), *later()))


def _births(night: _Night) -> list[str]:
    """When they were born, as each paper has it: it is the first thing asked."""
    identity = night.concerned[0].identity if night.concerned else None
    return [birth(one) for one in identity.births if one.year is not None] if identity else []


def _needs(night: _Night) -> Needs:
    return (night.concerned[0].needs if night.concerned else None) or Needs()
