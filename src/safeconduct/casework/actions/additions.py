"""What an import adds to records that were here before: opened and worked out first, then written all at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import msgspec

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Team
from safeconduct.journal.actions import record_writes
from safeconduct.journal.commitments import Written
from safeconduct.journal.models import Act as Entered
from safeconduct.journal.models import Entry
from safeconduct.people import journaling
from safeconduct.people.facets import CaseEntry, CaseHead, Contact, EnquiryHead, Facet, Identity, Status
from safeconduct.people.history import Why
from safeconduct.people.keys import Keyed, held
from safeconduct.people.models import Envelope, Subject
from safeconduct.people.records import Changed, Opened, new_envelope, open_facets, write_facet

from .. import facts
from ..arrivals import added, build
from ..arrivals.matches import new_events
from ..arrivals.staged import AddedTo, Work
from ..faults import RecordsMoved
from ..importing.rows import RowReading
from ..models import Arrival, Case, Enquiry, Event
from ..schedule import office_days, reschedule
from .cases import lock_all

_FACETS = (Envelope.Facet.IDENTITY, Envelope.Facet.CONTACT, Envelope.Facet.STATUS)
_AT_ONCE = 500
_GONE = (
    "A record this sheet adds to was taken away while it was brought in. Throw this import away and bring the sheet "
    "in once more."
)


@dataclass(frozen=True, slots=True)
class PersonHere:
    """Somebody on record to whom rows are added: their record as it stands, and as it will be."""

    keyed: Keyed
    before: Mapping[str, Opened]
    identity: Identity
    contact: Contact
    status: Status

    @property
    def changed(self) -> Mapping[str, Facet]:
        """What of their record will be another, by facet. Rows may say nothing new."""
        after: Iterable[tuple[str, Facet]] = zip(_FACETS, (self.identity, self.contact, self.status), strict=True)
        return {facet: content for facet, content in after if content != self.before[facet].content}


@dataclass(frozen=True, slots=True)
class KnownCase:
    """A case on record to which a row adds something. ``head`` is there where the row brings its first letter."""

    case: Case
    keyed: Keyed
    row: RowReading
    enquiry: Enquiry | None
    head: Opened | None


def require_people_here(by: Actor, settled: Work) -> None:
    """Raises `RecordsMoved` unless everybody on record to whom rows are added is still held."""
    handles = [UUID(unit.person) for unit in settled.units if unit.is_here]
    if len(_held_people(by, handles)) < len(handles):
        raise RecordsMoved(_GONE)


def _held_people(by: Actor, handles: Sequence[UUID]) -> dict[int, Keyed]:
    keyed: dict[int, Keyed] = {}
    for start in range(0, len(handles), _AT_ONCE):
        chunk = Subject.objects.filter(handle__in=handles[start : start + _AT_ONCE])
        keyed |= held(by, list(chunk.values_list("pk", flat=True)))
    return keyed


def open_people_here(by: Actor, team: Team, settled: Work, rows: Mapping[int, RowReading]) -> dict[str, PersonHere]:
    """The people on record to whom rows are added, by handle (hex), with their records as they will be.

    Raises `RecordsMoved`: one of them is not held any more. `JournalUnavailable`: nothing was opened.
    """
    units = {unit.person: unit for unit in settled.units if unit.is_here}
    keyed = _held_people(by, [UUID(handle) for handle in units])
    if len(keyed) < len(units):
        raise RecordsMoved(_GONE)
    if not keyed:
        return {}
    named = [one.subject.handle.hex for one in keyed.values()]
    leave = journaling.listing(by, team, Entered.IMPORT_OPENED, count=len(named), detail={"subjects": named})
    out: dict[str, PersonHere] = {}
    for number, record in open_facets(leave, keyed, _FACETS).items():
        handle = keyed[number].subject.handle.hex
        group = [rows[one] for one in units[handle].rows]
        identity, contact, status = (record[facet].content for facet in _FACETS)
        out[handle] = PersonHere(
            keyed[number],
            record,
            build.identity_of(group, identity),
            build.contact_of(group, contact),
            build.status_of(group, status),
        )
    return out


def open_known_cases(by: Actor, arrival: Arrival, settled: Work, rows: Mapping[int, RowReading]) -> list[KnownCase]:
    """The cases on record to which the sheet adds something. Raises as `open_people_here` does."""
    handles = [UUID(handle) for handle in settled.known.values()]
    cases: dict[str, Case] = {}
    for start in range(0, len(handles), _AT_ONCE):
        chunk = Case.objects.filter(handle__in=handles[start : start + _AT_ONCE]).select_related("subject", "team")
        cases |= {case.handle.hex: case for case in chunk.prefetch_related("events", "enquiries")}
    if len(cases) < len(set(handles)):
        raise RecordsMoved(_GONE)
    more = []
    for number, handle in settled.known.items():
        if new_events(rows[number], cases[handle], cases[handle].events.all()):
            more.append((cases[handle], rows[number]))
    keyed = held(by, [case.subject_id for case, _ in more])
    first_letters = {case.subject_id for case, row in more if row.sent_on and not case.enquiries.all()}
    opened = open_heads_of(by, arrival.team, {number: one for number, one in keyed.items() if number in first_letters})
    return [
        KnownCase(
            case,
            keyed[case.subject_id],
            row,
            min(case.enquiries.all(), key=lambda one: one.pk, default=None),
            opened.get(case.subject_id),
        )
        for case, row in more
        if case.subject_id in keyed
    ]


def open_heads_of(by: Actor, team: Team, keyed: Mapping[int, Keyed]) -> dict[int, Opened]:
    """The heads of cases, waiting ones among them, by the id of their subject. Raises `JournalUnavailable`."""
    if not keyed:
        return {}
    named = [one.subject.handle.hex for one in keyed.values()]
    leave = journaling.listing(by, team, Entered.IMPORT_OPENED, count=len(named), detail={"subjects": named})
    return {number: record["head"] for number, record in open_facets(leave, keyed, [Envelope.Facet.HEAD]).items()}


def add_to_person(by: Actor, person: PersonHere) -> AddedTo:
    """Save a person as they will be, and say how they were. Inside the caller's transaction. Raises `Changed`."""
    changed = person.changed
    written: list[Written] = []
    for facet, content in changed.items():
        written += write_facet(person.keyed, facet, content, read=person.before[facet].revision, why=Why("import"))
    if written:
        record_writes([journaling.wrote(by, person.keyed, Entered.CHANGED_PERSON, written)])
    before = {facet: person.before[facet] for facet in changed}
    return AddedTo(person.keyed.subject.handle.hex, added.seal(person.keyed, before))


def lock_cases(cases: Sequence[KnownCase]) -> None:
    """Hold the rows of every case that is added to, before any of their sealed parts as every act on a case does."""
    lock_all(known.case.subject_id for known in cases)


def add_events(by: Actor, arrival: Arrival, known: KnownCase, made: list[str]) -> None:
    """Log what next week's sheet knows and the case does not. ``made`` gathers the letters that are new.

    Inside the caller's transaction. Raises `Changed`.
    """
    case, keyed, enquiry = Case.objects.get(pk=known.case.pk), known.keyed, known.enquiry
    # As the case is now: somebody may have closed it, or logged the same, since it was compared.
    news = new_events(known.row, case, case.events.all())
    if not news:
        if known.head is not None:
            raise Changed("A case of this sheet was changed at this moment. Try again.")
        return
    entries: list[tuple[Entry, Sequence[Written]]] = []
    if known.head is not None and enquiry is None:
        enquiry = Enquiry.objects.create(case=case, route=known.row.route, nation=by.organisation.nation)
        made.append(enquiry.handle.hex)
        head: CaseHead = known.head.content
        about = EnquiryHead(subject=known.row.subject, sent_to=known.row.sent_to)
        more = msgspec.structs.replace(head, enquiries=head.enquiries | {enquiry.handle.hex: about})
        written = write_facet(keyed, Envelope.Facet.HEAD, more, read=known.head.revision, why=Why("import"))
        entries.append(journaling.wrote(by, keyed, Entered.CHANGED_CASE, written, {"facet": "head"}))
    for at, one in enumerate(news, start=1):
        event = Event.objects.create(
            case=case,
            enquiry=enquiry,
            kind=one.kind,
            shape=one.shape if one.shape in Event.Shape.values else None,
            on=one.on,
            at=datetime.now(UTC),
            by=by.member,
            arrival=arrival,
        )
        notes: list[Written] = []
        if one.note:
            envelope, commitment = new_envelope(
                keyed, Envelope.Facet.ENTRY, CaseEntry(note=one.note), item=event.handle
            )
            envelope.save(force_insert=True)
            notes.append(commitment)
        if at == len(news):
            notes.append(facts.committed(case))
        entries.append(journaling.wrote(by, keyed, Entered.LOGGED_EVENT, notes, {"event": event.handle.hex}))
    record_writes(entries)
    reschedule(case, office_days(by.organisation))
