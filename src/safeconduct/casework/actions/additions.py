"""What an import adds to records that were here before: opened and worked out first, then written all at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from uuid import UUID

import msgspec

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Member, Team
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
from ..arrivals.again import NOTHING, Again, RowBefore, compare, differs, now_of
from ..arrivals.matches import new_events
from ..arrivals.staged import AddedTo, ChangedCase, Work
from ..faults import RecordsMoved
from ..importing.rows import EventReading, RowReading
from ..models import Arrival, Case, Enquiry, Event
from ..schedule import office_days, reschedule, standing
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
    """A case on record to which a row adds something, or of which it says something else than the last time.

    ``head`` is there where the row brings its first letter, or has ``before``: what it said then. ``worker`` is whom
    its text means.
    """

    case: Case
    keyed: Keyed
    row: RowReading
    enquiry: Enquiry | None
    head: Opened | None
    before: RowBefore | None = None
    worker: Member | None = None

    @property
    def person(self) -> str:
        """Whom the case concerns first (a handle, hex), where its head is open; else nobody."""
        concerns = self.head.content.concerns if self.head else ()
        return concerns[0].person if concerns else ""

    def again(self, case: Case, events: Sequence[Event]) -> Again:
        """What becomes of the row beside the case as it stands."""
        if self.before is None or self.head is None:
            return NOTHING
        worker = self.worker.handle.hex if self.worker else ""
        now = now_of(case, self.enquiry, self.head.content, events)
        return compare(self.row, build.notes_of(self.row), worker, self.before, now)


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


def open_people_here(
    by: Actor,
    team: Team,
    settled: Work,
    rows: Mapping[int, RowReading],
    more: Mapping[str, Sequence[RowReading]] = MappingProxyType({}),
) -> dict[str, PersonHere]:
    """The people on record to whom rows are added, by handle (hex), with their records as they will be.

    ``more`` are rows of cases that are here, reduced to what is new of their person; who is not held any more is left.

    Raises `RecordsMoved`: one of them is not held any more. `JournalUnavailable`: nothing was opened.
    """
    groups = {unit.person: [rows[one] for one in unit.rows] for unit in settled.units if unit.is_here}
    keyed = _held_people(by, [UUID(handle) for handle in groups])
    if len(keyed) < len(groups):
        raise RecordsMoved(_GONE)
    for handle, reduced in more.items():
        groups[handle] = [*groups.get(handle, ()), *reduced]
    keyed |= _held_people(by, [UUID(handle) for handle in more])
    if not keyed:
        return {}
    named = [one.subject.handle.hex for one in keyed.values()]
    leave = journaling.listing(by, team, Entered.IMPORT_OPENED, count=len(named), detail={"subjects": named})
    out: dict[str, PersonHere] = {}
    for number, record in open_facets(leave, keyed, _FACETS).items():
        handle = keyed[number].subject.handle.hex
        group = groups[handle]
        identity, contact, status = (record[facet].content for facet in _FACETS)
        out[handle] = PersonHere(
            keyed[number],
            record,
            build.identity_of(group, identity),
            build.contact_of(group, contact),
            build.status_of(group, status),
        )
    return out


def open_known_cases(
    by: Actor,
    arrival: Arrival,
    settled: Work,
    rows: Mapping[int, RowReading],
    before: Mapping[str, RowBefore] = MappingProxyType({}),
    workers: Mapping[str, Member | None] = MappingProxyType({}),
) -> list[KnownCase]:
    """The cases on record to which the sheet adds something, or of which it says something else than ``before``.

    Raises as `open_people_here` does.
    """
    handles = [UUID(handle) for handle in settled.known.values()]
    cases: dict[str, Case] = {}
    for start in range(0, len(handles), _AT_ONCE):
        chunk = Case.objects.filter(handle__in=handles[start : start + _AT_ONCE]).select_related(
            "subject", "team", "worker"
        )
        cases |= {case.handle.hex: case for case in chunk.prefetch_related("events", "enquiries")}
    if len(cases) < len(set(handles)):
        raise RecordsMoved(_GONE)
    more = []
    for number, handle in settled.known.items():
        row, case = rows[number], cases[handle]
        said = before.get(handle)
        says_else = said is not None and differs(row, build.notes_of(row), said)
        if says_else or new_events(row, case, case.events.all()):
            more.append((case, row, said if says_else else None))
    keyed = held(by, [case.subject_id for case, _, _ in more])
    wanted = {case.subject_id for case, row, said in more if said or (row.sent_on and not case.enquiries.all())}
    opened = open_heads_of(by, arrival.team, {number: one for number, one in keyed.items() if number in wanted})
    return [
        KnownCase(
            case,
            keyed[case.subject_id],
            row,
            min(case.enquiries.all(), key=lambda one: one.pk, default=None),
            opened.get(case.subject_id),
            said,
            workers.get(row.worker),
        )
        for case, row, said in more
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


def add_events(by: Actor, arrival: Arrival, known: KnownCase, made: list[str]) -> tuple[Again, ChangedCase | None]:
    """Log what next week's sheet knows and the case does not, and write what the sheet changed and nobody here did.

    ``made`` gathers the letters that are new. Returns what became of the row, and how the case stood where it was
    changed. Inside the caller's transaction. Raises `Changed`.
    """
    # As the case is now: somebody may have closed it, or logged the same, since it was compared.
    case, keyed = Case.objects.select_related("worker").get(pk=known.case.pk), known.keyed
    events, enquiry = list(case.events.all()), known.enquiry
    if enquiry is not None:
        enquiry.refresh_from_db(fields=["route"])
    news = new_events(known.row, case, events)
    again = known.again(case, standing(events))
    first_letter = known.head is not None and enquiry is None and bool(known.row.sent_on)
    if not news and not again.sets and not again.moved:
        if first_letter and known.before is None:
            raise Changed("A case of this sheet was changed at this moment. Try again.")
        return again, None
    entries: list[tuple[Entry, Sequence[Written]]] = []
    if first_letter and news:
        enquiry = Enquiry.objects.create(case=case, route=known.row.route, nation=by.organisation.nation)
        made.append(enquiry.handle.hex)
    changed = _change(by, known, case, enquiry, again, entries, first_letter=first_letter and bool(news))
    for kind, old, _ in again.moved:
        wrong = next(event for event in standing(events) if event.kind == kind and event.on == old)
        entries.append(_log(by, arrival, known, case, wrong.enquiry, EventReading("sent", old), corrects=wrong))
    for one in news:
        entries.append(_log(by, arrival, known, case, enquiry, one))
    entries.append(journaling.wrote(by, keyed, Entered.CHANGED_CASE, [facts.committed(case)], {"import": "row"}))
    record_writes(entries)
    reschedule(case, office_days(by.organisation))
    return again, changed


def _change(
    by: Actor,
    known: KnownCase,
    case: Case,
    enquiry: Enquiry | None,
    again: Again,
    entries: list[tuple[Entry, Sequence[Written]]],
    *,
    first_letter: bool,
) -> ChangedCase | None:
    """Write what a row sets, and its first letter into the head. How the case stood, where a row set something."""
    row, sets, was = known.row, frozenset(again.sets), _open_facts(case, enquiry)
    if "kind" in sets:
        case.kind = row.kind
    if "worker" in sets:
        case.worker = known.worker
    if sets & {"kind", "worker"}:
        case.save(update_fields=["kind", "worker"])
    if "route" in sets and enquiry is not None:
        enquiry.route = row.route
        enquiry.save(update_fields=["route"])
    before = b""
    if known.head is not None and (first_letter or sets & {"exact_kind", "note", "subject", "sent_to"}):
        head = _head(known.head.content, row, enquiry, sets, first_letter=first_letter)
        if not first_letter:
            before = added.seal(known.keyed, {Envelope.Facet.HEAD: known.head})
        read = known.head.revision
        written = write_facet(known.keyed, Envelope.Facet.HEAD, head, read=read, why=Why("import"))
        entries.append(journaling.wrote(by, known.keyed, Entered.CHANGED_CASE, written, {"facet": "head"}))
    if not sets:
        return None
    return ChangedCase(case.handle.hex, before, was, _open_facts(case, enquiry))


def _head(
    head: CaseHead, row: RowReading, enquiry: Enquiry | None, sets: frozenset[str], *, first_letter: bool
) -> CaseHead:
    enquiries = dict(head.enquiries)
    if enquiry is not None:
        about = enquiries.get(enquiry.handle.hex, EnquiryHead())
        said = {"subject": row.subject, "sent_to": row.sent_to}
        enquiries[enquiry.handle.hex] = msgspec.structs.replace(
            about, **{name: value for name, value in said.items() if first_letter or name in sets}
        )
    return msgspec.structs.replace(
        head,
        enquiries=enquiries,
        exact_kind=row.kind_written if "exact_kind" in sets else head.exact_kind,
        note=build.notes_of(row) if "note" in sets else head.note,
    )


def _open_facts(case: Case, enquiry: Enquiry | None) -> tuple[str, str, str]:
    return case.kind, case.worker.handle.hex if case.worker else "", enquiry.route if enquiry else ""


def _log(
    by: Actor,
    arrival: Arrival,
    known: KnownCase,
    case: Case,
    enquiry: Enquiry | None,
    one: EventReading,
    *,
    corrects: Event | None = None,
) -> tuple[Entry, Sequence[Written]]:
    event = Event.objects.create(
        case=case,
        enquiry=enquiry,
        kind=Event.Kind.CORRECTED if corrects else one.kind,
        shape=one.shape if one.shape in Event.Shape.values else None,
        on=one.on,
        at=datetime.now(UTC),
        by=by.member,
        arrival=arrival,
        corrects=corrects,
    )
    notes: list[Written] = []
    if one.note:
        entry = CaseEntry(note=one.note)
        envelope, commitment = new_envelope(known.keyed, Envelope.Facet.ENTRY, entry, item=event.handle)
        envelope.save(force_insert=True)
        notes.append(commitment)
    return journaling.wrote(by, known.keyed, Entered.LOGGED_EVENT, notes, {"event": event.handle.hex})
