"""Telephone calls: what was said, whether the person was told, and what was promised, logged as one act."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.people.facets import CaseEntry

from ..models import Case, Enquiry, Event, Task
from .events import log_event
from .tasks import add_task, finish_task

_WHAT_AT_MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Call:
    """A call as it was noted down.

    ``caller`` is who rang where that was not the person, or who answered at an authority; ``unit`` and ``reference``
    are an authority's. ``told`` are the letters whose answer the person was told; ``told_anyway`` that they were told
    something where no answer waits. ``ring_back_on`` is the day by which somebody promised to ring back.
    """

    on: date
    note: str = ""
    caller: str = ""
    with_authority: bool = False
    unit: str = ""
    reference: str = ""
    told: tuple[Enquiry, ...] = ()
    told_anyway: bool = False
    ring_back_on: date | None = None


def log_call(*, by: Actor, case: Case, enquiry: Enquiry | None, call: Call) -> Event:
    """Log a call, and with it that the person was told and that somebody will ring back, which becomes a task.

    ``enquiry`` is the letter that an authority was rung about; what a person asks is of the case.

    Raises:
        Refused, NotHeld: policy. CaseClosed, NotYet, NotOnThisCase: the state forbids it. AlreadyOver: somebody would
        ring back by a day that is past. Then nothing of the call is logged.
    """
    entry = CaseEntry(note=call.note, caller=call.caller, unit=call.unit, reference=call.reference)
    kind = Event.Kind.PHONED if call.with_authority else Event.Kind.CALLED
    with transaction.atomic():
        event = log_event(by=by, case=case, enquiry=enquiry, kind=kind, on=call.on, entry=entry)
        letters: tuple[Enquiry | None, ...] = call.told or ((None,) if call.told_anyway else ())
        for letter in letters:
            log_event(by=by, case=case, enquiry=letter, kind=Event.Kind.TOLD_PERSON, on=call.on)
        if call.ring_back_on is not None:
            promise_to_ring(by=by, case=case, on=call.on, until=call.ring_back_on, what=call.note)
    return event


def promise_to_ring(*, by: Actor, case: Case, on: date, until: date, what: str) -> Task:
    """Log that somebody was promised a call by a day, and make it due. Raises as `log_call` does."""
    with transaction.atomic():
        log_event(by=by, case=case, enquiry=None, kind=Event.Kind.WILL_RING_BACK, on=on, until=until)
        return add_task(by=by, case=case, kind=Task.Kind.RING_BACK, on=until, what=in_a_line(what))


def ring_back(*, by: Actor, case: Case, task: Task, on: date, note: str = "") -> None:
    """Say that the call that was promised was made: the task is done, and it stands among what happened.

    Raises as `finish_task` and `log_event` do; then neither is.
    """
    with transaction.atomic():
        finish_task(by=by, case=case, task=task, on=on)
        if case.state == Case.State.OPEN:
            log_event(by=by, case=case, enquiry=None, kind=Event.Kind.RANG_BACK, on=on, note=note)


def in_a_line(text: str) -> str:
    """The first line of what was written, as a task says it."""
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return first if len(first) <= _WHAT_AT_MOST else f"{first[: _WHAT_AT_MOST - 1]}…"
