"""Logging what happened, and saying that something logged was wrong."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import msgspec
from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.core.policy.facts import Act
from safeconduct.journal.actions import record_writes
from safeconduct.journal.commitments import Written
from safeconduct.journal.models import Act as Entered
from safeconduct.people import journaling
from safeconduct.people.facets import CaseEntry, CaseHead, EnquiryHead
from safeconduct.people.keys import Keyed, hold
from safeconduct.people.models import Envelope
from safeconduct.people.records import new_envelope, write_facet

from .. import allowed, facts, policies
from ..faults import AlreadyCorrected, NotOnThisCase
from ..happened import Happened
from ..models import STANDS_FOR_ITSELF, Case, Enquiry, Event, Said
from ..schedule import clock_of, happened, office_days, reschedule, standing
from .cases import index_case, lock, require_open, require_past

# What can promise something by a day.
_PROMISING = frozenset(
    {
        Event.Kind.ANSWERED,
        Event.Kind.DECIDED,
        Event.Kind.HOLDING_REPLY,
        Event.Kind.ACKNOWLEDGED,
        Event.Kind.PHONED,
    }
)


def log_event(
    *,
    by: Actor,
    case: Case,
    enquiry: Enquiry | None,
    kind: str,
    on: date,
    note: str = "",
    shape: str | None = None,
    until: date | None = None,
    reason: str | None = None,
    said: Sequence[str] = (),
    entry: CaseEntry | None = None,
    promises: Sequence[date] = (),
) -> Event:
    """Log an event on a case. What is written about it is sealed; its kind and days are open.

    ``until`` is the day promised, or the day a pause or an extension is said to end; ``reason`` why. ``said`` are the
    labels of a reply besides its ``shape``. ``entry`` goes in place of ``note`` where more is to be sealed. Each day of
    ``promises`` is logged with it, as promised in the same letter or call.

    Raises:
        Refused, NotHeld: policy. CaseClosed, NotYet, NotOnThisCase: the state forbids it.
        NoReason, NoDayPromised, NotOut, AlreadyAnswered, AlreadyStopped, NotStopped, NotLater, NoSuchPromise: of a
        letter's clock or a promise, see `allowed`.
        BeyondCalendar: the clock would need bank holidays nobody has published.
    """
    policies.require(by, Act.LOG_EVENT, policies.of_subject(by, case.subject))
    require_past(on)
    if enquiry is not None and enquiry.case_id != case.pk:
        raise NotOnThisCase("That enquiry is of another case.")
    keyed = hold(by, case.subject)
    with transaction.atomic():
        lock(case)
        require_open(case)
        _require_possible(by, case, enquiry, Happened(kind, on, shape, until, reason, tuple(said)), promises)
        event = Event.objects.create(
            case=case,
            enquiry=enquiry,
            kind=kind,
            shape=shape,
            on=on,
            until=until,
            reason=reason,
            at=datetime.now(UTC),
            by=by.member,
        )
        Said.objects.bulk_create(Said(event=event, shape=one) for one in dict.fromkeys(said) if one != shape)
        for day in dict.fromkeys(promises):
            _promise(event, day)
        written = _write_entry(keyed, event, entry or CaseEntry(note=note))
        written.append(facts.committed(case))
        record_writes([journaling.wrote(by, keyed, Entered.LOGGED_EVENT, written, {"event": event.handle.hex})])
        reschedule(case, office_days(by.organisation))
    return event


def correct_event(*, by: Actor, case: Case, event: Event, note: str) -> Event:
    """Say that a logged event was wrong. It stays in the timeline, struck out; the clock forgets it.

    What a reply or a call promised (`promised_in`) is taken back with it. Returns the correction of the event itself.

    Raises:
        Refused, NotHeld: policy. CaseClosed, NotOnThisCase, AlreadyCorrected: the state forbids it.
    """
    policies.require(by, Act.LOG_EVENT, policies.of_subject(by, case.subject))
    if event.case_id != case.pk or event.kind in STANDS_FOR_ITSELF:
        raise NotOnThisCase("That event cannot be corrected here.")
    keyed = hold(by, case.subject)
    with transaction.atomic():
        lock(case)
        require_open(case)
        if Event.objects.filter(corrects=event).exists():
            raise AlreadyCorrected("That event was corrected already. Nothing was changed.")
        now = datetime.now(UTC)
        correction, *_others = (
            Event.objects.create(
                case=case,
                enquiry=one.enquiry,
                kind=Event.Kind.CORRECTED,
                on=one.on,
                at=now,
                by=by.member,
                corrects=one,
            )
            for one in (event, *promised_in(event))
        )
        written = _write_entry(keyed, correction, CaseEntry(note=note))
        written.append(facts.committed(case))
        record_writes([journaling.wrote(by, keyed, Entered.LOGGED_EVENT, written, {"event": correction.handle.hex})])
        reschedule(case, office_days(by.organisation))
    return correction


def promised_in(event: Event) -> list[Event]:
    """The promises logged with a reply or a call (see `log_event`), without those taken back by themselves."""
    if event.kind not in _PROMISING:
        return []
    beside = Event.objects.filter(case=event.case_id, enquiry=event.enquiry_id, kind=Event.Kind.PROMISED)
    return list(beside.filter(at=event.at, on=event.on, by=event.by_id, corrected_by=None).order_by("pk"))


def add_enquiry(
    *, by: Actor, case: Case, head: CaseHead, read: int, route: str, about: EnquiryHead, sent_on: date
) -> Enquiry:
    """Log a further letter that went out on a case: its own enquiry with its own clock.

    Raises:
        Refused, NotHeld: policy. Changed: the case's head was saved in between. CaseClosed, NotYet.
    """
    policies.require(by, Act.LOG_EVENT, policies.of_subject(by, case.subject))
    require_past(sent_on)
    keyed = hold(by, case.subject)
    with transaction.atomic():
        lock(case)
        require_open(case)
        enquiry = Enquiry.objects.create(case=case, route=route, nation=by.organisation.nation)
        event = Event.objects.create(
            case=case, enquiry=enquiry, kind=Event.Kind.SENT, on=sent_on, at=datetime.now(UTC), by=by.member
        )
        more = msgspec.structs.replace(head, enquiries=head.enquiries | {enquiry.handle.hex: about})
        written = [*write_facet(keyed, Envelope.Facet.HEAD, more, read=read), facts.committed(case)]
        if about.their_reference:
            index_case(by, case, more)
        record_writes([journaling.wrote(by, keyed, Entered.LOGGED_EVENT, written, {"event": event.handle.hex})])
        reschedule(case, office_days(by.organisation))
    return enquiry


def _require_possible(by: Actor, case: Case, enquiry: Enquiry | None, more: Happened, promises: Sequence[date]) -> None:
    """What is said of a clock or a promise fits what is logged. The caller holds the case. Raises as `allowed` says."""
    promised = [Happened(Event.Kind.PROMISED, more.on, until=day) for day in promises]
    if not promised and more.kind not in allowed.OF_A_CLOCK | allowed.PROMISES:
        return
    events = list(case.events.prefetch_related("said"))
    of_letter = happened(standing(events), enquiry.pk if enquiry else None)
    clock = clock_of(enquiry, case, events, office_days(by.organisation)) if enquiry else None
    for one in (more, *promised):
        allowed.require_possible(of_letter, one, clock)


def _promise(reply: Event, day: date) -> Event:
    """What a reply promised by a day, as an event of its own beside it, of the same instant."""
    return Event.objects.create(
        case=reply.case,
        enquiry=reply.enquiry,
        kind=Event.Kind.PROMISED,
        on=reply.on,
        until=day,
        at=reply.at,
        by=reply.by,
    )


def _write_entry(keyed: Keyed, event: Event, entry: CaseEntry) -> list[Written]:
    if entry == CaseEntry(note=entry.note) and not entry.note.strip():
        return []
    row, written = new_envelope(keyed, Envelope.Facet.ENTRY, entry, item=event.handle)
    row.save(force_insert=True)
    return [written]
