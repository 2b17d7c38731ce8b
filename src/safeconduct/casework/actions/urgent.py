"""A removal: what a night's work to stop it needs at hand, who was told of it, and what became of it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Final

import msgspec
from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.keys import today
from safeconduct.core.calendar.days import LONDON
from safeconduct.core.policy.facts import Act
from safeconduct.journal.actions import record_writes
from safeconduct.journal.commitments import Written
from safeconduct.journal.models import Act as Entered
from safeconduct.people import journaling
from safeconduct.people.facets import CaseEntry, CaseHead, Outside, Told, Urgent
from safeconduct.people.history import NOT_SAID, Why
from safeconduct.people.keys import Keyed, hold
from safeconduct.people.models import Envelope
from safeconduct.people.records import new_envelope, write_facet

from .. import facts, policies
from ..faults import AlreadyOver, NobodyTold, NoRemoval, NoSuchEnding
from ..models import Case, Event
from ..schedule import office_days, reschedule
from .cases import lock, require_open, require_past

ENDINGS: Final = frozenset(
    {
        Event.Kind.REMOVAL_CALLED_OFF,
        Event.Kind.REMOVAL_STOPPED,
        Event.Kind.REMOVAL_FAILED,
        Event.Kind.REMOVED,
    }
)


def set_urgent(
    *,
    by: Actor,
    case: Case,
    head: CaseHead,
    read: int,
    urgent: Urgent,
    removal_on: date,
    outside: Sequence[Outside] | None = None,
    why: Why = NOT_SAID,
) -> None:
    """Save what is known of a removal over revision ``read`` of the head, and its day, which Today then shows first.

    Args:
        removal_on: the day of the removal, or the first on which it may be.
        urgent: who was told of it stays as the head has it: `tell` says that. It starts anew with a new removal.
        outside: those who act beside the office, where one of them (a solicitor) was named with it.

    Raises:
        Refused, NotHeld: policy. CaseClosed. AlreadyOver: a new day lies in the past.
        Changed: the head was saved in between.
    """
    policies.require(by, Act.CHANGE_CASE, policies.of_subject(by, case.subject))
    keyed = hold(by, case.subject)
    with transaction.atomic():
        lock(case)
        require_open(case)
        moved = case.removal_on != removal_on
        if moved and removal_on < today():
            raise AlreadyOver("That day is past. Give today or a day to come, or say what became of the removal.")
        told = () if case.removal_on is None else head.urgent.told
        more = msgspec.structs.replace(head, urgent=msgspec.structs.replace(urgent, told=told))
        if outside is not None:
            more = msgspec.structs.replace(more, outside=tuple(outside))
        written = write_facet(keyed, Envelope.Facet.HEAD, more, read=read, why=why)
        detail = {"facet": "head"}
        if moved:
            case.removal_on = removal_on
            case.save(update_fields=["removal_on"])
            event = _event(by, case, Event.Kind.REMOVAL_SET, today(), until=removal_on)
            detail["event"] = event.handle.hex
            written.append(facts.committed(case))
        record_writes([journaling.wrote(by, keyed, Entered.CHANGED_CASE, written, detail)])
        if moved:
            reschedule(case, office_days(by.organisation))


def tell(*, by: Actor, case: Case, head: CaseHead, read: int, told: Told) -> Event:
    """Log that somebody was told of the removal: beside the rung, and in the timeline, in one act.

    Args:
        told: whom, how, for which rung and what they said. Without a time it is now; by whom is filled in here.

    Raises:
        Refused, NotHeld: policy. CaseClosed, NoRemoval, NobodyTold: the state forbids it.
        NotYet: the day of its time is to come. Changed: the head was saved in between.
    """
    policies.require(by, Act.LOG_EVENT, policies.of_subject(by, case.subject))
    now = datetime.now(UTC)
    at = datetime.fromisoformat(told.at) if told.at else now.astimezone(LONDON)
    require_past(at.date())
    if not told.who.strip() and not told.rung:
        raise NobodyTold("Say who was told.")
    keyed = hold(by, case.subject)
    with transaction.atomic():
        lock(case)
        require_open(case)
        _require_removal(case)
        event = _event(by, case, Event.Kind.REMOVAL_TOLD, at.date())
        kept = msgspec.structs.replace(
            told, by=by.member.handle.hex, at=at.isoformat(timespec="minutes"), event=event.handle.hex
        )
        urgent = msgspec.structs.replace(head.urgent, told=(*head.urgent.told, kept))
        written = write_facet(keyed, Envelope.Facet.HEAD, msgspec.structs.replace(head, urgent=urgent), read=read)
        note = " · ".join(part for part in (told.who.strip(), told.how.strip(), f"{at:%H:%M}") if part)
        written.append(_note(keyed, event, f"{note}\n{told.note.strip()}".strip()))
        written.append(facts.committed(case))
        detail = {"facet": "head", "event": event.handle.hex}
        record_writes([journaling.wrote(by, keyed, Entered.LOGGED_EVENT, written, detail)])
        reschedule(case, office_days(by.organisation))
    return event


def end_removal(*, by: Actor, case: Case, how: str, on: date, note: str = "") -> Event:
    """Say what became of a removal: called off, stopped by a court, did not happen, happened. Its day is cleared.

    What was sealed of it stays on the case until another removal is set.

    Raises:
        Refused, NotHeld: policy. CaseClosed, NoRemoval, NoSuchEnding, NotYet: the state forbids it.
    """
    policies.require(by, Act.LOG_EVENT, policies.of_subject(by, case.subject))
    require_past(on)
    if how not in ENDINGS:
        raise NoSuchEnding("Choose from the list what became of the removal.")
    keyed = hold(by, case.subject)
    with transaction.atomic():
        lock(case)
        require_open(case)
        was = _require_removal(case)
        case.removal_on = None
        case.save(update_fields=["removal_on"])
        event = _event(by, case, Event.Kind(how), on, until=was)
        written = [_note(keyed, event, note)] if note.strip() else []
        written.append(facts.committed(case))
        record_writes([journaling.wrote(by, keyed, Entered.LOGGED_EVENT, written, {"event": event.handle.hex})])
        reschedule(case, office_days(by.organisation))
    return event


def _event(by: Actor, case: Case, kind: Event.Kind, on: date, *, until: date | None = None) -> Event:
    return Event.objects.create(case=case, kind=kind, on=on, until=until, at=datetime.now(UTC), by=by.member)


def _note(keyed: Keyed, event: Event, note: str) -> Written:
    row, written = new_envelope(keyed, Envelope.Facet.ENTRY, CaseEntry(note=note.strip()), item=event.handle)
    row.save(force_insert=True)
    return written


def _require_removal(case: Case) -> date:
    """The day of the removal that stands. Raises `NoRemoval`."""
    if case.removal_on is None:
        raise NoRemoval("No removal stands on this case. Give its day first.")
    return case.removal_on
