"""What the office wrote itself: filed at once where exactly one letter can be meant, else it waits like any other."""

from collections.abc import Mapping, Sequence

from safeconduct.accounts.actor import Actor
from safeconduct.casework.faults import CaseworkFault
from safeconduct.casework.models import Case, Enquiry, Event
from safeconduct.casework.schedule import standing
from safeconduct.core.calendar.days import BeyondCalendar

from ..matching import Found
from ..models import Message
from . import filing

_STOPS = frozenset({Event.Kind.ANSWERED, Event.Kind.DECIDED})


def file_own(*, by: Actor, message: Message, found: Found) -> bool:
    """File a message of ours as the letter itself, or as a chase of it. False where it waits for somebody to say.

    Raises as `filing.file_message` does, but for what the state of the case forbids: then it waits.
    """
    fresh = {case.pk: list(Event.objects.filter(case=case)) for case in found.cases}
    meant = letter_meant(found, fresh)
    if meant is None:
        return False
    case, enquiry = meant
    try:
        filing.file_message(
            by=by,
            message=message,
            read=1,
            case=case,
            enquiry=enquiry,
            shapes=(),
            on=message.on,
            note="",
            kind=kind_of(message, enquiry, fresh[case.pk]),
        )
    except (CaseworkFault, BeyondCalendar):
        return False
    return True


def letter_meant(found: Found, events: Mapping[int, Sequence[Event]]) -> tuple[Case, Enquiry] | None:
    """The one letter a message of ours can be or chase: of one open case, the one that is not answered.

    ``events``: of each case, by its row, as they are now.
    """
    if found.enquiry is not None:
        cases = [case for case in found.cases if case.pk == found.enquiry.case_id]
        return (cases[0], found.enquiry) if cases[0].state == Case.State.OPEN else None
    if len(found.cases) != 1 or found.cases[0].state != Case.State.OPEN:
        return None
    [case] = found.cases
    answered = {event.enquiry_id for event in standing(events[case.pk]) if event.kind in _STOPS}
    running = [one for one in case.enquiries.all() if one.pk not in answered]
    return (case, running[0]) if len(running) == 1 else None


def kind_of(message: Message, enquiry: Enquiry, events: Sequence[Event]) -> str:
    """What a message of ours is: the letter, or a chase where the letter went before."""
    of_it = (one for one in standing(events) if one.enquiry_id == enquiry.pk)
    went = [one.on for one in of_it if one.kind == Event.Kind.SENT]
    return Event.Kind.CHASED if went and min(went) < message.on else Event.Kind.SENT
