"""Taking back what an import added to records that were here before it, where nobody has worked on them since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Member
from safeconduct.agenda.actions import replace
from safeconduct.core.names.index import Delta
from safeconduct.journal.actions import record_writes
from safeconduct.journal.commitments import Written
from safeconduct.journal.models import Act as Entered
from safeconduct.people import index, journaling, tokens
from safeconduct.people.facets import Facet, Identity, Status
from safeconduct.people.history import Why
from safeconduct.people.keys import Keyed, held
from safeconduct.people.models import Envelope, Subject
from safeconduct.people.records import Opened, open_facets, write_facet

from .. import facts
from ..arrivals import added
from ..arrivals.staged import ChangedCase, Outcome
from ..models import Arrival, Case, Enquiry, Event
from ..schedule import office_days, reschedule
from .additions import open_heads_of

_FACETS = (Envelope.Facet.IDENTITY, Envelope.Facet.CONTACT, Envelope.Facet.STATUS)


@dataclass(frozen=True, slots=True)
class Restored:
    """Somebody on record as they are, and those facets that go back to what they said before."""

    keyed: Keyed
    now: Mapping[str, Opened]
    before: Mapping[str, Facet]

    def after(self, facet: str) -> Facet:
        """A facet as it will be."""
        content: Facet = self.before.get(facet, self.now[facet].content)
        return content


def open_added_to(by: Actor, arrival: Arrival, outcome: Outcome, *, stays: set[str]) -> list[Restored]:
    """The people to whom the import added, those left out whose additions stay (handles, hex).

    A facet saved since stays as it is. Raises `JournalUnavailable`: nothing was opened.
    """
    sealed = {UUID(one.person): one.before for one in outcome.added_to if one.person not in stays}
    subjects = Subject.objects.filter(organisation=by.organisation, handle__in=list(sealed))
    keyed = held(by, list(subjects.values_list("pk", flat=True)))
    if not keyed:
        return []
    named = [one.subject.handle.hex for one in keyed.values()]
    leave = journaling.listing(by, arrival.team, Entered.IMPORT_OPENED, count=len(named), detail={"subjects": named})
    out: list[Restored] = []
    for number, now in open_facets(leave, keyed, _FACETS).items():
        was = added.open_before(keyed[number], sealed[keyed[number].subject.handle])
        before = {facet: content for facet, (content, written) in was.items() if now[facet].revision == written}
        out.append(Restored(keyed[number], now, before))
    return out


def restore(by: Actor, arrival: Arrival, people: Sequence[Restored]) -> int:
    """Write what was there before. Inside the caller's transaction. How many records went back. Raises `Changed`."""
    found: dict[int, frozenset[int]] = {}
    kept: dict[int, bytes] = {}
    for person in people:
        if not person.before:
            continue
        written: list[Written] = []
        for facet, content in person.before.items():
            written += write_facet(person.keyed, facet, content, read=person.now[facet].revision, why=Why("undone"))
        record_writes([journaling.wrote(by, person.keyed, Entered.CHANGED_PERSON, written)])
        identity, status = person.after(Envelope.Facet.IDENTITY), person.after(Envelope.Facet.STATUS)
        assert isinstance(identity, Identity)
        assert isinstance(status, Status)
        found[person.keyed.subject.pk] = tokens.of_person(identity, status)
        kept[person.keyed.subject.pk] = tokens.kept(identity)
    if found:
        index.add(by, arrival.team, Delta(add=found, kept=kept))
    return len(found)


def take_back_events(by: Actor, arrival: Arrival, letters: Mapping[str, Opened]) -> int:
    """Take away the events this import added to cases that were here before. Inside the caller's transaction.

    ``letters`` are the heads of cases that got their first letter from it, by the letter's handle (hex): a letter that
    is left without any event goes as well. How many events went. Raises `Changed`.
    """
    events = list(Event.objects.filter(arrival=arrival, corrected_by=None).select_related("case__team"))
    handles = [event.handle for event in events]
    for start in range(0, len(handles), 500):
        chunk = handles[start : start + 500]
        Envelope.objects.filter(facet=Envelope.Facet.ENTRY, item__in=chunk).delete()
        Event.objects.filter(handle__in=chunk).delete()
    cases = {event.case_id: event.case for event in events}
    keyed = held(by, [case.subject_id for case in cases.values()])
    empty = list(Enquiry.objects.filter(handle__in=[UUID(one) for one in letters], events=None).select_related("case"))
    for enquiry in empty:
        opened = letters[enquiry.handle.hex]
        rest = {handle: about for handle, about in opened.content.enquiries.items() if handle != enquiry.handle.hex}
        head = msgspec.structs.replace(opened.content, enquiries=rest)
        case_key = keyed[enquiry.case.subject_id]
        written = write_facet(case_key, Envelope.Facet.HEAD, head, read=opened.revision, why=Why("undone"))
        record_writes([journaling.wrote(by, case_key, Entered.CHANGED_CASE, written, {"facet": "head"})])
        replace(handles=[enquiry.handle], items=[])
        enquiry.delete()
    record_writes(
        [
            journaling.wrote(
                by,
                keyed[case.subject_id],
                Entered.CHANGED_CASE,
                [facts.committed(case)],
                {"import": arrival.handle.hex},
            )
            for case in cases.values()
        ]
    )
    for case in cases.values():
        reschedule(case, office_days(by.organisation))
    return len(events)


@dataclass(frozen=True, slots=True)
class RestoredCase:
    """A case that an import changed, with its head as it was and is, where the import touched it."""

    changed: ChangedCase
    case: Case
    keyed: Keyed
    now: Opened | None
    before: Facet | None


def open_changed_cases(by: Actor, arrival: Arrival, outcome: Outcome) -> list[RestoredCase]:
    """The cases of which the import changed something. Raises `JournalUnavailable`: nothing was opened."""
    changed = {UUID(hex=one.case): one for one in outcome.changed_cases}
    cases = {case.subject_id: case for case in Case.objects.filter(handle__in=list(changed)).select_related("worker")}
    keyed = held(by, list(cases))
    heads = open_heads_of(by, arrival.team, keyed)
    out: list[RestoredCase] = []
    for number, one in keyed.items():
        said = changed[cases[number].handle]
        before: Facet | None = None
        if said.before:
            content, written = added.open_before(one, said.before)[Envelope.Facet.HEAD]
            # Saved since by somebody: it stays as they left it.
            before = content if heads[number].revision == written else None
        out.append(RestoredCase(said, cases[number], one, heads[number], before))
    return out


def restore_cases(by: Actor, cases: Sequence[RestoredCase]) -> None:
    """Set back what the import set, where it still stands so. Inside the caller's transaction. Raises `Changed`."""
    for one in cases:
        case, keyed, written = Case.objects.select_related("worker").get(pk=one.case.pk), one.keyed, list[Written]()
        enquiry = case.enquiries.order_by("pk").first()
        (kind, worker, route), (now_kind, now_worker, now_route) = one.changed.was, one.changed.became
        if kind != now_kind and case.kind == now_kind:
            case.kind = kind
        if worker != now_worker and (case.worker.handle.hex if case.worker else "") == now_worker:
            case.worker = Member.objects.filter(handle=UUID(hex=worker)).first() if worker else None
        case.save(update_fields=["kind", "worker"])
        if enquiry is not None and route != now_route and enquiry.route == now_route:
            enquiry.route = route
            enquiry.save(update_fields=["route"])
        if one.before is not None and one.now is not None:
            read = one.now.revision
            written += write_facet(keyed, Envelope.Facet.HEAD, one.before, read=read, why=Why("undone"))
        written.append(facts.committed(case))
        record_writes([journaling.wrote(by, keyed, Entered.CHANGED_CASE, written, {"import": "undone"})])
        reschedule(case, office_days(by.organisation))


def open_letters(by: Actor, arrival: Arrival, outcome: Outcome) -> dict[str, Opened]:
    """The heads of cases that got their first letter from the import, by the letter's handle (hex).

    Raises `JournalUnavailable`.
    """
    rows = Enquiry.objects.filter(handle__in=[UUID(one) for one in outcome.enquiries]).select_related("case")
    subjects = {row.handle.hex: row.case.subject_id for row in rows}
    opened = open_heads_of(by, arrival.team, held(by, list(subjects.values())))
    return {handle: opened[subject] for handle, subject in subjects.items() if subject in opened}
