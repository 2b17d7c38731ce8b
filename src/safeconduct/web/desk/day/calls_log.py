"""Logging a call on a case: what to know before speaking, and a small form that is mostly filled in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from safeconduct.accounts.keys import today as day_it_is
from safeconduct.casework.actions.calls import log_call
from safeconduct.casework.calls import last_events
from safeconduct.casework.clocks import Why
from safeconduct.casework.due import next_items
from safeconduct.casework.faults import AlreadyOver, CaseworkFault, NotYet
from safeconduct.casework.models import Case, Enquiry
from safeconduct.casework.queries import CaseRecord, find_case, open_case_record
from safeconduct.core.calendar.days import BeyondCalendar

from ...access import Request
from ...words import calls as words
from ...words import dates
from ...words import events as event_words
from ..cases import present_around
from ..cases.cases import due_why
from ..cases.links import case_address
from ..cases.present_case import Page, name_of, safe_of
from ..people import present_needs
from .calls import logged_address
from .calls_form import CallForm
from .calls_safe import contacts_of, ringing

# Where a call was begun: its form leads back there. Anything else is a call that was looked up.
FROM_CASE = "case"


def view(request: Request, handle: UUID) -> HttpResponse:
    """The form; a closed case is shown instead, for nothing is logged on it."""
    by, case = request.actor, find_case(request.actor, handle)
    if case.state != Case.State.OPEN:
        return redirect(case_address(request, case))
    record = open_case_record(by=by, case=case)
    form = _form(request, record)
    if form.is_valid():
        call = form.call()
        try:
            event = log_call(by=by, case=case, enquiry=form.letter(), call=call)
        except (CaseworkFault, BeyondCalendar) as fault:
            form.add_error(_field_of(fault), str(fault))
        else:
            if request.GET.get("from") == FROM_CASE:
                return redirect(case_address(request, case, done="logged", event=event.handle.hex))
            return redirect(logged_address(case, promised=call.ring_back_on is not None))
    return render(request, "desk/call.html", _context(request, record, form))


def _form(request: Request, record: CaseRecord) -> CallForm:
    page = Page(record, carried={}, today=day_it_is())
    who = request.GET.get("who", "")
    initial: dict[str, Any] = {"who": who if who in words.WHO_RANG else words.THE_PERSON}
    running = [one.handle.hex for one in record.enquiries if record.clocks[one.pk].stopped_on is None]
    initial["enquiry"] = next(iter(running), "")
    initial["told"] = request.GET.get("told") == "yes"
    contacts = contacts_of(record.concerned)
    return CallForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        letters=[(one, page.letter(one)) for one in record.enquiries],
        answered=_answered(record),
        ringing=ringing(contacts),
        contacts=contacts,
    )


def _answered(record: CaseRecord) -> list[Enquiry]:
    """The letters whose answer the person waits to be told."""
    dues = {one.pk: record.clocks[one.pk].due for one in record.enquiries}
    return [one for one in record.enquiries if (due := dues[one.pk]) is not None and due.why is Why.PERSON_TO_TELL]


def _context(request: Request, record: CaseRecord, form: CallForm) -> dict[str, Any]:
    case, today = record.case, day_it_is()
    first = next(iter(record.concerned), None)
    last, due = last_events([case]).get(case.pk), next_items([case]).get(case.handle)
    back = case_address(request, case) if request.GET.get("from") == FROM_CASE else reverse("calls")
    return {
        "about": {"name": name_of(first), "ref": record.head.content.our_reference, "safe": safe_of(first)},
        "case_url": case_address(request, case),
        "needs": present_needs.strip(present_around.needs_of(record.concerned)),
        "known": _known(record),
        "last": event_words.title(last.kind, last.shape) if last else "",
        "last_on": dates.day(last.on) if last else None,
        "last_note": record.notes.get(last.handle, "") if last else "",
        "due": dates.brief(due.day, today) if due else None,
        "due_why": due_why(due, today) if due else "",
        "answered": [str(page_letter) for page_letter in _letters(record)],
        "ringing": ringing(contacts_of(record.concerned)),
        "say": words.TO_A_STRANGER,
        "sure": words.HOW_TO_BE_SURE,
        "form": form,
        "save": _("Log the call"),
        "cancel_url": back,
    }


def _letters(record: CaseRecord) -> list[str]:
    page = Page(record, carried={}, today=day_it_is())
    return [page.letter(one) for one in _answered(record)]


def _known(record: CaseRecord) -> Sequence[str]:
    """What is open to be done, so that nobody promises a second time what was promised already."""
    return [
        f"{words.TASKS[task.kind]}: {said.what}" if said.what else str(words.TASKS[task.kind])
        for task, said in record.tasks
        if task.done_on is None
    ]


def _field_of(fault: Exception) -> str | None:
    if isinstance(fault, AlreadyOver):
        return "ring_back_on"
    return "on" if isinstance(fault, (NotYet, BeyondCalendar)) else None
