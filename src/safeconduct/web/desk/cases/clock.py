"""One letter's clock: how its day is counted, and a form for what stopped it, gave it longer or was promised."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.accounts.keys import today
from safeconduct.casework.actions import events
from safeconduct.casework.clocks import Clock
from safeconduct.casework.faults import CaseworkFault, NoDayPromised, NoReason, NotLater, NotYet
from safeconduct.casework.models import Case, Enquiry, Event
from safeconduct.casework.queries import find_case, open_case_record
from safeconduct.core.calendar.days import BeyondCalendar, working_days

from ...access import Request
from ...forms import DayField, NumberField, ProseField
from ...words import clocks
from ...words import events as words
from ..day import queue
from .links import case_address
from .present_case import Page, about

Kind = Event.Kind
_WITH_A_REASON: Final = (Kind.PAUSED, Kind.EXTENDED)
_WITH_A_DAY: Final = (Kind.PROMISED, Kind.EXTENDED, Kind.PAUSED, Kind.PROMISE_KEPT)
_FIELD_OF: Final[dict[type[Exception], str]] = {
    NotYet: "on",
    BeyondCalendar: "until",
    NotLater: "until",
    NoDayPromised: "until",
    NoReason: "reason",
}


class ClockForm(forms.Form):
    """What happened to a letter's clock, filled in from top to bottom by keyboard."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What they did"),
        choices=[("", gettext_lazy("Choose, or type its first letters")), *words.OF_A_CLOCK.items()],
        error_messages={"required": gettext_lazy("Choose what happened to the clock.")},
    )
    on = DayField(
        label=gettext_lazy("Day"),
        initial="today",
        error_messages={"required": gettext_lazy("Give the day it happened.")},
    )
    until = DayField(
        ahead=True,
        required=False,
        label=gettext_lazy("Until, or by, which day"),
        help_text=gettext_lazy(
            "The day they promised, the day they extended it to, or when they say that a pause ends: 4 dec, in 8 weeks."
        ),
    )
    more = NumberField(
        required=False,
        min_value=1,
        max_value=260,
        label=gettext_lazy("Or how many working days longer"),
        help_text=gettext_lazy("Only of an extension: counted from the last day as it stands."),
    )
    reason = forms.ChoiceField(
        required=False,
        label=gettext_lazy("Why"),
        choices=[("", gettext_lazy("Choose, where the clock was stopped or extended")), *words.REASON_CHOICES.items()],
    )
    note = ProseField(
        label=gettext_lazy("Note"),
        required=False,
        help_text=gettext_lazy("Sealed: only your team can read it. What they wrote, word for word, is best."),
    )

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["kind"].widget.attrs["autofocus"] = not self.is_bound

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        kind = typed.get("kind", "")
        if kind and typed.get("reason") and kind not in _WITH_A_REASON:
            self.add_error("reason", _("Only a pause and an extension have a reason. Leave it empty."))
        if kind and typed.get("until") and kind not in _WITH_A_DAY:
            self.add_error("until", _("This has no second day. Leave it empty."))
        if kind and typed.get("more") and (kind != Kind.EXTENDED or typed.get("until")):
            self.add_error("more", _("Give a number of days only for an extension, and only in place of its day."))
        return typed


def view(request: Request, handle: UUID, enquiry: UUID) -> HttpResponse:
    """The page of one letter's clock, and what its form logs."""
    case = find_case(request.actor, handle)
    letter = get_object_or_404(Enquiry, case=case, handle=enquiry)
    record = open_case_record(by=request.actor, case=case)
    clock = record.clocks[letter.pk]
    initial = {"kind": request.GET.get("log", "")}
    form = ClockForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        logged = _log(request, case, letter, clock, form)
        if logged is not None:
            return redirect(case_address(request, case, done="logged", event=logged.handle.hex))
    page = Page(record, carried=queue.stays(request.GET), today=today())
    context = {
        "section": "cases",
        "heading": _("The clock of a letter"),
        "about": about(page.head, record.concerned),
        "letter": page.letter(letter),
        "clock": page.clock(letter, here=True),
        "limits_run_on": clocks.LIMITS_RUN_ON,
        "form": form,
        "save": _("Log it"),
        "cancel_url": case_address(request, case),
    }
    return render(request, "desk/letter_clock.html", context)


def _log(request: Request, case: Case, letter: Enquiry, clock: Clock, form: ClockForm) -> Event | None:
    """Log what the form says. None where it cannot be; then the form says why and keeps what was typed."""
    typed = form.cleaned_data
    try:
        return events.log_event(
            by=request.actor,
            case=case,
            enquiry=letter,
            kind=typed["kind"],
            on=typed["on"],
            until=typed["until"] or _later(clock, typed["more"]),
            reason=typed["reason"] or None,
            note=typed["note"],
        )
    except (CaseworkFault, BeyondCalendar) as fault:
        form.add_error(_FIELD_OF.get(type(fault)), str(fault))
        return None


def _later(clock: Clock, more: int | None) -> date | None:
    """The day that comes so many working days after the last one as it stands. Raises `BeyondCalendar`."""
    if more is None or clock.limit is None:
        return None
    return working_days(clock.limit.nation).add(clock.limit.rolled_last_day, more)
