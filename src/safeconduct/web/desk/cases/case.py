"""A case: what is running, what comes next, what happened; and the form that logs what happens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.accounts.keys import today as day_it_is
from safeconduct.casework import changes
from safeconduct.casework.actions import events
from safeconduct.casework.faults import CaseworkFault, NotLater, NotYet
from safeconduct.casework.models import Case, Enquiry, Event
from safeconduct.casework.queries import CaseRecord, find_case, open_case_record
from safeconduct.casework.schedule import office_days
from safeconduct.core.calendar.days import BeyondCalendar
from safeconduct.people.facets import CaseEntry, CaseHead
from safeconduct.people.queries import who_has_looked

from ...access import Request
from ...words import cases as words
from ...words import dates
from ...words import events as event_words
from ..day import queue
from ..people import present_looked, present_needs
from ..people.whose import kept_with
from . import present_around, present_changed, present_event, present_intake, present_stands, present_tasks
from .event import LogForm
from .links import case_address
from .present_case import Page

DONE: Final[dict[str, Promise]] = {
    "saved": gettext_lazy("Saved."),
    "corrected": gettext_lazy("The entry was taken back. The clocks are counted without it."),
    "opened": gettext_lazy("The case is open."),
    "closed": gettext_lazy("The case is closed. Nothing of it is due any more."),
    "removal_ended": gettext_lazy("It is written down, and its day has left Today."),
    "letter": gettext_lazy("The letter was added, with a clock of its own."),
    "limit": gettext_lazy("The time limit was added."),
    "decision": gettext_lazy("The decision was logged, with the time limits that were ticked."),
    "met": gettext_lazy("The time limit is done."),
    "limit_gone": gettext_lazy("The time limit was taken away."),
    "task": gettext_lazy("Written down. It is due in Today on its day."),
    "done": gettext_lazy("Done."),
}


_FIELD_OF: Final[dict[type[Exception], str]] = {NotYet: "on", BeyondCalendar: "on", NotLater: "promised"}


def view(request: Request, handle: UUID) -> HttpResponse:
    """The page, and what its form logs."""
    case = find_case(request.actor, handle)
    if request.method != "POST":
        return _page(request, case, None)
    letters = list(case.enquiries.order_by("id"))
    form = LogForm(request.POST, letters=_names(letters))
    if form.is_valid():
        event = _log(request, case, letters, form)
        if event is not None:
            return redirect(_onwards(request, case, event))
    return _page(request, case, form)


def _page(request: Request, case: Case, form: LogForm | None) -> HttpResponse:
    """The page as it is now; ``form`` with what was typed, where it could not be logged."""
    by, today = request.actor, day_it_is()
    around = queue.place(by, case, request.GET, today=today)
    record = open_case_record(by=by, case=case)
    head: CaseHead = record.head.content
    needs = present_around.needs_of(record.concerned)
    page = Page(record, carried=queue.stays(request.GET), today=today, advises=by.organisation.gives_advice)
    letters = [(one.handle.hex, page.letter(one)) for one in record.enquiries]
    if form is not None:
        form.name_letters(letters)
        form.name_questions(page.questions())
    elif case.state == Case.State.OPEN:
        form = LogForm(letters=letters, questions=page.questions(), initial=_initial(request, record))
    context = {
        "case": page.identity(),
        "stands": present_stands.present(case, head, today=today),
        "clocks": page.clocks(),
        "tasks": present_tasks.present(page, today=today),
        "proposed": page.proposed(),
        "events": page.events(),
        "form": form,
        "next": around.go_on if around else "",
        "queue": around,
        "facts": page.facts(),
        "needs": present_needs.strip(needs),
        "around": present_around.present(record.concerned, head.outside),
        "people_url": page.to("case-people"),
        "add_person_url": page.to("case-person-add"),
        "intake": present_intake.present(head.intake, needs, today=today, change_url=page.to("case-intake")),
        "kept": kept_with(case.subject),
        "looked": present_looked.present(
            who_has_looked(by=by, record=case.subject, keyed=record.keyed), me=by.member.name
        ),
        "notices": _notices(request, record),
    }
    return render(request, "desk/case.html", context)


def _log(request: Request, case: Case, letters: Sequence[Enquiry], form: LogForm) -> Event | None:
    """Log what the form says. None where it cannot be; then the form says why and keeps what was typed."""
    typed = form.cleaned_data
    named = {one.handle.hex: one for one in letters}
    letter = named.get(typed.get("enquiry", "")) or (letters[0] if len(letters) == 1 else None)
    try:
        return events.log_event(
            by=request.actor,
            case=case,
            enquiry=letter,
            kind=typed["kind"],
            on=typed["on"],
            shape=typed["shape"] or None,
            entry=CaseEntry(note=typed["note"], answered=form.answered_of(letter.handle.hex) if letter else ()),
            promises=[typed["promised"]] if typed["promised"] else (),
        )
    except (CaseworkFault, BeyondCalendar) as fault:
        form.add_error(_FIELD_OF.get(type(fault)), str(fault))
        return None


def _onwards(request: Request, case: Case, event: Event) -> str:
    """Where to go once an event is logged: the next row of the list, or this page saying what was logged."""
    if request.POST.get("then") == "next":
        after = queue.our_own(request.POST.get("next", ""))
        if after:
            return f"{after}{'&' if '?' in after else '?'}done=saved"
    return case_address(request, case, done="logged", event=event.handle.hex)


def _initial(request: Request, record: CaseRecord) -> dict[str, Any]:
    """What a link from "what next" fills in; else the letter that still runs."""
    asked = request.GET.get("log", "")
    running = [one.handle.hex for one in record.enquiries if record.clocks[one.pk].stopped_on is None]
    letter = request.GET.get("enquiry", "") or next(iter(running), "")
    return {"kind": asked if asked in event_words.TO_LOG else "", "enquiry": letter}


def _notices(request: Request, record: CaseRecord) -> list[dict[str, str]]:
    """What was just done, read from codes in the address: it names nobody."""
    done = request.GET.get("done", "")
    named = request.GET.get("event", "")
    event = next((one for one in record.events if one.handle.hex == named), None)
    moved = _moved(request, record, event)
    if done == "logged":
        return [{"text": f"{_logged(event)} {moved}".strip(), "kind": "done", "title": ""}] if event else []
    if done == "corrected" and event is not None:
        return [{"text": f"{DONE[done]} {moved}".strip(), "kind": "done", "title": ""}]
    return [{"text": str(DONE[done]), "kind": "done", "title": ""}] if done in DONE else []


def _moved(request: Request, record: CaseRecord, event: Event | None) -> str:
    """What the entry changed of its letter's clock, counted once more without it."""
    if event is None:
        return ""
    return present_changed.sentences(
        changes.by_entry(record.case, record.events, event, office_days(request.actor.organisation))
    )


def _logged(event: Event) -> str:
    said = _("Logged: %(event)s, %(day)s.") % {
        "event": present_event.title(event),
        "day": dates.full(event.on),
    }
    match event.kind:
        case Event.Kind.HOLDING_REPLY:
            return f"{said} {_('It answers nothing, so the clock runs on.')}"
        case Event.Kind.DECIDED:
            return f"{said} {_('If a time limit runs from the decision, add it now: see What next.')}"
    return said


def _names(letters: Sequence[Enquiry]) -> list[tuple[str, str]]:
    """The letters by their route alone: enough to check a form, and nothing is opened for it."""
    return [(one.handle.hex, str(words.ROUTES[one.route])) for one in letters]
