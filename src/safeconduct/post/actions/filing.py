"""Filing a message on a case, setting it aside, and putting it back into the tray."""

from collections.abc import Sequence
from datetime import date

import msgspec
from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.casework import queries as casework
from safeconduct.casework.actions.cases import index_case, lock
from safeconduct.casework.actions.events import correct_event, log_event
from safeconduct.casework.models import Case, Enquiry, Event
from safeconduct.core.names import mentions
from safeconduct.core.policy.facts import Act
from safeconduct.journal.actions import record_writes
from safeconduct.journal.models import Act as Entered
from safeconduct.people import journaling, policies
from safeconduct.people.case_facets import CaseEntry, CaseHead
from safeconduct.people.facets import Mail
from safeconduct.people.keys import Keyed, hold
from safeconduct.people.models import Envelope
from safeconduct.people.records import Changed, Opened, open_facets, write_facet

from .. import facts, labels
from ..faults import IncidentStands, NotAside, NotWaiting, SaysNothing
from ..models import Incident, Message


def file_message(
    *,
    by: Actor,
    message: Message,
    read: int,
    case: Case,
    enquiry: Enquiry | None,
    shapes: Sequence[str],
    on: date,
    note: str,
    answered: Sequence[int] = (),
    promises: Sequence[tuple[date, str]] = (),
    unit: str = "",
    reference: str = "",
    kind: str | None = None,
) -> Event:
    """File a message as what happened on a case, on the day ``on``: an event with what it answered and promised.

    Args:
        read: the revision of the message that was read.
        enquiry: the letter it answers; None for one that is about the case as a whole.
        shapes: names of labels (``labels.toml``): what it says. Of our own message none.
        answered: the places of the letter's questions it answered, from 0.
        promises: days by which they said something would be done, and their words. Each becomes due.
        unit, reference: which unit of theirs wrote, and their own reference; the letter keeps both from then on.
        kind: of our own message what it was, sent or chased; None: what its labels say.

    Raises:
        Refused, NotHeld: policy. NotWaiting: it was filed or set aside by now. SaysNothing: no label, and no kind.
        Changed: somebody saved the message or the case in between. What `log_event` raises. JournalUnavailable.
    """
    policies.require(by, Act.FILE_MESSAGE, policies.of_subject(by, message.subject))
    meaning = labels.meaning(shapes)
    if kind is None and meaning is None:
        raise SaysNothing("Choose at least one thing that it says; then it can be filed.")
    kind = kind or (meaning.kind if meaning else "")
    keyed = hold(by, message.subject)
    # Forty replies filed in a morning are no forty cases read.
    keeps = enquiry is not None and (unit or reference)
    head = casework.open_head(by=by, case=case, shown=False) if keeps else None
    entry = CaseEntry(
        note=_with_promises(note, promises),
        answered=tuple(sorted(set(answered))),
        unit=unit,
        reference=reference,
        message=message.handle.hex,
    )
    with transaction.atomic():
        lock(case)
        held = _hold_waiting(message, read)
        event = _of_that_day(case, enquiry, kind, on) if held.direction == Message.Direction.OUT else None
        if event is None:
            event = log_event(
                by=by,
                case=case,
                enquiry=enquiry,
                kind=kind,
                on=on,
                shape=meaning.shape if meaning else None,
                said=meaning.said if meaning else (),
                entry=entry,
                promises=[until for until, _ in promises],
            )
        if head is not None and enquiry is not None:
            _keep_theirs(by, case, enquiry, head, unit, reference)
        held.state, held.case, held.event = Message.State.FILED, case, event
        held.save(update_fields=["state", "case", "event"])
        _record(by, keyed, held, Entered.FILED_MESSAGE)
    _like(message, held)
    return event


def set_aside(*, by: Actor, message: Message, read: int, note: str = "") -> None:
    """Say that a message is about no case. It stays, with what was noted, and can be put back.

    Raises: Refused, NotHeld. NotWaiting. Changed: somebody saved it in between. JournalUnavailable.
    """
    policies.require(by, Act.FILE_MESSAGE, policies.of_subject(by, message.subject))
    keyed = hold(by, message.subject)
    opened = _opened(by, message, keyed) if note else None
    with transaction.atomic():
        held = _hold_waiting(message, read)
        held.state = Message.State.ASIDE
        held.save(update_fields=["state"])
        written = []
        if opened is not None:
            mail: Mail = opened.content
            written = write_facet(
                keyed, Envelope.Facet.MAIL, msgspec.structs.replace(mail, note=note), read=opened.revision
            )
        entry = journaling.wrote(by, keyed, Entered.SET_ASIDE_MESSAGE, [*written, facts.committed(held)])
        record_writes([entry])
    _like(message, held)


def put_back(*, by: Actor, message: Message, note: str = "") -> None:
    """Put a message back into the tray. What it was filed as is struck out on its case, with ``note`` as the reason.

    Raises: Refused, NotHeld. NotAside: it is in the tray. IncidentStands. What `correct_event` raises.
    JournalUnavailable.
    """
    policies.require(by, Act.FILE_MESSAGE, policies.of_subject(by, message.subject))
    keyed = hold(by, message.subject)
    with transaction.atomic():
        if message.case is not None:
            lock(message.case)
        held = Message.objects.select_for_update().get(pk=message.pk)
        if held.state == Message.State.WAITING:
            raise NotAside("This message is in the tray already.")
        if Incident.objects.filter(message=held, closed_on=None).exists():
            raise IncidentStands("This message is an incident. Close that first; then it can be put back.")
        if held.event is not None and held.case is not None:
            _take_back(by, held, held.case, held.event, note)
        held.state, held.case, held.event = Message.State.WAITING, None, None
        held.save(update_fields=["state", "case", "event"])
        _record(by, keyed, held, Entered.SET_ASIDE_MESSAGE)
    _like(message, held)


def _take_back(by: Actor, message: Message, case: Case, event: Event, note: str) -> None:
    """Strike out what a message was filed as, with what it promised. What was logged before it came stays."""
    if event.at < message.at or Event.objects.filter(corrects=event).exists():
        return
    correct_event(by=by, case=case, event=event, note=note)


def _hold_waiting(message: Message, read: int) -> Message:
    """The message's row, held until the transaction ends. Raises `NotWaiting`, `Changed`."""
    held = Message.objects.select_for_update().get(pk=message.pk)
    if held.state != Message.State.WAITING:
        raise NotWaiting("Somebody has filed this message or set it aside meanwhile.")
    revision = Envelope.objects.filter(subject=held.subject_id, facet=Envelope.Facet.MAIL).values_list("revision")
    if [(read,)] != list(revision):
        raise Changed("Somebody else changed this while you were writing.")
    return held


def _of_that_day(case: Case, enquiry: Enquiry | None, kind: str, on: date) -> Event | None:
    """The event that says already that our letter went that day, where no other message is filed as it."""
    there = Event.objects.filter(case=case, enquiry=enquiry, kind=kind, on=on, corrected_by__isnull=True)
    there = there.filter(message__isnull=True)
    return there.order_by("pk").first()


def _keep_theirs(by: Actor, case: Case, enquiry: Enquiry, opened: Opened, unit: str, reference: str) -> None:
    """Let the letter say who has it there and what they call it: the next reply is known by that."""
    head: CaseHead = opened.content
    about = head.enquiries.get(enquiry.handle.hex)
    if about is None:
        return
    known = [one.strip() for one in about.their_reference.split(",") if one.strip()]
    if reference and mentions.key_of(reference) not in {mentions.key_of(one) for one in known}:
        known.append(reference)
    after = msgspec.structs.replace(about, their_reference=", ".join(known), unit=unit or about.unit)
    if after == about:
        return
    changed = msgspec.structs.replace(head, enquiries=head.enquiries | {enquiry.handle.hex: after})
    keyed = hold(by, case.subject)
    written = write_facet(keyed, Envelope.Facet.HEAD, changed, read=opened.revision)
    index_case(by, case, changed)
    record_writes([journaling.wrote(by, keyed, Entered.CHANGED_CASE, written, {"facet": "head"})])


def _opened(by: Actor, message: Message, keyed: Keyed) -> Opened:
    leave = journaling.opening(by, keyed, Entered.OPENED_MESSAGE)
    return open_facets(leave, {message.subject_id: keyed}, [Envelope.Facet.MAIL])[message.subject_id]["mail"]


def _with_promises(note: str, promises: Sequence[tuple[date, str]]) -> str:
    """The note, with the words of each promise below it."""
    return "\n".join(filter(None, [note.strip(), *(words.strip() for _, words in promises)]))


def _record(by: Actor, keyed: Keyed, message: Message, act: Entered) -> None:
    record_writes([journaling.wrote(by, keyed, act, [facts.committed(message)])])


def _like(message: Message, held: Message) -> None:
    """Let the caller's row say what was saved."""
    message.state, message.case, message.event = held.state, held.case, held.event
