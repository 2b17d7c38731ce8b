"""Closing a case with how it ended, after saying what is still open; opening it again; keeping it for longer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.accounts.keys import today
from safeconduct.accounts.models import Organisation
from safeconduct.casework.actions import closing as acts
from safeconduct.casework.clocks import State
from safeconduct.casework.faults import BeforeItBegan, CaseworkFault, NoReason, NoReviewDay, NoSuchOutcome, NotYet
from safeconduct.casework.happened import PromiseState
from safeconduct.casework.models import Case
from safeconduct.casework.queries import CaseRecord, find_case, open_case_record
from safeconduct.core.calendar.days import BeyondCalendar

from ...access import Request
from ...forms import DayField, ProseField
from ...words import calls, dates
from ...words import cases as case_words
from ...words import closing as words
from ...words.dates import Day
from ..day.filters import address
from .links import case_address
from .present_case import about, about_case
from .present_retention import suggested

_FIELDS: Final[dict[type[Exception], str]] = {
    NoSuchOutcome: "outcome",
    NoReviewDay: "review_on",
    NotYet: "on",
    BeforeItBegan: "on",
    BeyondCalendar: "on",
}


@dataclass(frozen=True, slots=True)
class StillOpen:
    """Something that is open on a case, and what becomes of it: the shape of `still` in desk/close.html."""

    what: str
    day: Day | None
    then: str
    url: str
    act: str


class CloseForm(forms.Form):
    """How it ended, whether the person knows, and when somebody asks whether it must still be kept."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("How did it end for them?"),
        choices=[("", gettext_lazy("Choose")), *words.OUTCOMES.items()],
        help_text=gettext_lazy("Kept in the open, so that it can be counted."),
        error_messages={"required": gettext_lazy("Choose how it ended.")},
    )
    on = DayField(
        label=gettext_lazy("Day it ended"),
        initial="today",
        error_messages={"required": gettext_lazy("Give the day it ended.")},
    )
    told = forms.BooleanField(label=gettext_lazy("They were told that day how it ended"), required=False)
    review_on = DayField(label=gettext_lazy("Ask again whether it must be kept"), ahead=True)
    note = ProseField(
        label=gettext_lazy("Note"),
        required=False,
        help_text=gettext_lazy("Sealed: what whoever opens it later should know."),
    )

    def __init__(self, *args: Any, office: Organisation, **named: Any) -> None:
        super().__init__(*args, **named)
        asked = self.fields["review_on"]
        if office.keep_months:
            asked.required = False
            asked.help_text = _("Left empty, it is %(months)s after it ended, as this office has chosen.") % {
                "months": words.months(office.keep_months)
            }
        else:
            asked.help_text = _("This office has not chosen how long it keeps closed cases, so a day has to be given.")
            asked.error_messages["required"] = _(
                "Give a day. The office has not chosen one, and the desk guesses none."
            )


class WhyForm(forms.Form):
    """Why a closed case is opened again."""

    why = ProseField(
        label=gettext_lazy("Why?"),
        error_messages={"required": gettext_lazy("Say why. It stands in the timeline for whoever reads it later.")},
    )


class KeepForm(WhyForm):
    """Until when a closed case is kept, and why."""

    until = DayField(
        label=gettext_lazy("Keep it until"),
        ahead=True,
        error_messages={"required": gettext_lazy("Give the day on which somebody asks again.")},
    )

    field_order = ("until", "why")


def close(request: Request, handle: UUID) -> HttpResponse:
    """What is still open, and the form."""
    by, case = request.actor, find_case(request.actor, handle)
    if case.state != Case.State.OPEN:
        return redirect(case_address(request, case))
    form = CloseForm(request.POST if request.method == "POST" else None, office=by.organisation)
    if form.is_valid():
        try:
            acts.close_case(by=by, case=case, **form.cleaned_data)
        except (CaseworkFault, BeyondCalendar) as fault:
            form.add_error(_FIELDS.get(type(fault)), str(fault))
        else:
            return redirect(case_address(request, case, done="closed"))
    record = open_case_record(by=by, case=case)
    context = {
        "section": "cases",
        "heading": _("Close the case"),
        "about": about(record.head.content, record.concerned),
        "still": still_open(record),
        "form": form,
        "suggested": [] if by.organisation.keep_months else suggested(),
        "save": _("Close the case"),
        "cancel_url": case_address(request, case),
    }
    return render(request, "desk/close.html", context)


def reopen(request: Request, handle: UUID) -> HttpResponse:
    """Open it again, with a reason."""
    by, case = request.actor, find_case(request.actor, handle)
    if case.state == Case.State.OPEN:
        return redirect(case_address(request, case))
    form = WhyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            acts.reopen_case(by=by, case=case, why=form.cleaned_data["why"])
        except (CaseworkFault, BeyondCalendar) as fault:
            form.add_error("why" if isinstance(fault, NoReason) else None, str(fault))
        else:
            return redirect(case_address(request, case, done="opened"))
    context = {
        "section": "cases",
        "heading": _("Open the case again"),
        "about": about_case(by, case),
        "lede": _("%(ended)s Its clocks go on from what was logged, as if it had never been closed.")
        % {"ended": words.ended(case)},
        "form": form,
        "save": _("Open it again"),
        "cancel_url": case_address(request, case),
    }
    return render(request, "desk/form.html", context)


def keep(request: Request, handle: UUID) -> HttpResponse:
    """Keep a closed case until another day, with a reason."""
    by, case = request.actor, find_case(request.actor, handle)
    if case.state == Case.State.OPEN:
        return redirect(case_address(request, case))
    form = KeepForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            acts.keep_longer(by=by, case=case, **form.cleaned_data)
        except (CaseworkFault, BeyondCalendar) as fault:
            form.add_error("until" if isinstance(fault, NoReviewDay) else None, str(fault))
        else:
            return redirect(address(reverse("review"), {"done": "kept"}))
    context = {
        "section": "cases",
        "heading": _("Keep it for longer"),
        "about": about_case(by, case),
        "lede": _("%(ended)s %(review)s")
        % {"ended": words.ended(case), "review": words.looked_at_again(case, today())},
        "form": form,
        "save": _("Keep it"),
        "cancel_url": reverse("review"),
    }
    return render(request, "desk/form.html", context)


def still_open(record: CaseRecord) -> list[StillOpen]:
    """What is open on a case, the gravest first, each with what becomes of it when the case is closed."""
    case, out = record.case, []
    here = reverse("case", args=[case.handle])
    if case.removal_on is not None:
        url = reverse("case-urgent-end", args=[case.handle])
        out.append(_open(_("A removal"), dates.day(case.removal_on), "removal", url, _("Say what became of it")))
    for deadline, limit in record.deadlines:
        if deadline.met_on is None:
            url = reverse("deadline-met", args=[case.handle, deadline.handle])
            day = dates.day(limit.act_by or limit.last_day)
            out.append(_open(limit.rule.title, day, "limit", url, _("Say when it was done")))
    for enquiry in record.enquiries:
        clock = record.clocks[enquiry.pk]
        route = str(case_words.ROUTES[enquiry.route])
        for promise in clock.promises:
            if promise.state is PromiseState.OPEN:
                out.append(_open(route, dates.day(promise.day), "promise", "", ""))
        if clock.state is State.ANSWERED:
            url = f"{address(here, {'log': 'told_person', 'enquiry': enquiry.handle.hex})}#log-event"
            out.append(_open(route, None, "tell", url, _("Log that they were told, or tick it below")))
        elif clock.state is not State.CLOSED:
            out.append(_open(route, dates.day(clock.due.day) if clock.due else None, "letter", "", ""))
    for task, said in record.tasks:
        if task.done_on is None:
            out.append(_open(said.what or str(calls.TASKS[task.kind]), dates.day(task.on), "task", here, _("See it")))
    return out


def _open(what: str, day: Day | None, kind: str, url: str, act: str) -> StillOpen:
    return StillOpen(what, day, str(words.STILL_OPEN[kind]), url, act)
