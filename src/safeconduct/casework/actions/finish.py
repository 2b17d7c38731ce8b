"""The end of an import: one transaction that shows everything, or nothing."""

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Team
from safeconduct.agenda.actions import replace
from safeconduct.agenda.models import Item
from safeconduct.core.names.index import Delta
from safeconduct.journal.actions import record_write, record_writes
from safeconduct.journal.commitments import Written
from safeconduct.journal.models import Act as Entered
from safeconduct.journal.models import Entry
from safeconduct.people import index, journaling, tokens
from safeconduct.people.facets import CaseEntry, Facet, Links
from safeconduct.people.keys import Keyed, held
from safeconduct.people.models import Envelope, Subject
from safeconduct.people.records import Opened, new_envelope, open_facets, write_facet

from ..arrivals import build
from ..arrivals.matches import reference_to_index
from ..arrivals.staged import Work
from ..faults import WrongState
from ..importing.rows import RowReading
from ..models import Arrival, Case, Enquiry, Event
from ..schedule import items_of, office_days, reschedule

_FACETS = (Envelope.Facet.IDENTITY, Envelope.Facet.CONTACT, Envelope.Facet.STATUS, Envelope.Facet.LINKS)


def finish(*, by: Actor, arrival: Arrival, settled: Work, rows: Mapping[int, RowReading]) -> None:
    """Add to what was here already, put what is new into the index and the agenda, and let it all show.

    Raises:
        WrongState: it was finished or cancelled elsewhere. Changed: a record was saved in between; try again.
        JournalUnavailable: nothing was kept.
    """
    people = _open_people_here(by, arrival.team, settled)
    cases = _cases_with_all(arrival)
    office = office_days(by.organisation)
    items: list[Item] = []
    for case in cases:
        items += items_of(case, list(case.enquiries.all()), [], list(case.events.all()), office)
    with transaction.atomic():
        locked = Arrival.objects.select_for_update().get(pk=arrival.pk)
        if locked.state != Arrival.State.RUNNING:
            raise WrongState("This import was finished or cancelled in another window.")
        added: dict[int, frozenset[int]] = {}
        subjects = dict(Subject.objects.filter(batch=arrival.handle).values_list("handle", "pk"))
        for unit in settled.units:
            group = [rows[number] for number in unit.rows]
            if unit.is_here:
                subject, found_by = _add_to_person(by, people[unit.person], group, list(unit.cases.values()))
                added[subject] = found_by
            else:
                found_by = tokens.of_person(build.identity_of(group), build.status_of(group))
                added[subjects[UUID(unit.person)]] = found_by
            for row in group:
                added[subjects[UUID(unit.cases[row.number])]] = tokens.of_own_reference(reference_to_index(row))
        for number, handle in settled.known.items():
            _add_events(by, arrival, Case.objects.get(handle=UUID(handle)), rows[number])
        replace(handles=[], items=items)
        index.add(by, arrival.team, Delta(add=added))
        Subject.objects.filter(batch=arrival.handle).update(waiting=False)
        locked.state, locked.staged, locked.done_at = Arrival.State.DONE, None, datetime.now(UTC)
        locked.rows_done = locked.rows_in_all
        locked.save(update_fields=["state", "staged", "done_at", "rows_done"])
        record_write(
            organisation=by.organisation.handle,
            act=Entered.IMPORT_DONE,
            member=by.member.handle,
            team=arrival.team.handle,
            count=arrival.rows_in_all,
        )
    arrival.state, arrival.staged, arrival.done_at = locked.state, None, locked.done_at


def shown_of_people_here(by: Actor, team: Team, settled: Work) -> dict[str, tuple[str, str]]:
    """The name and the safe-contact note to show on new cases of people who are on record, by handle (hex)."""
    return {
        handle: (record["identity"].content.names[0].text, record["contact"].content.safe_note)
        for handle, (_, record) in _open_people_here(by, team, settled).items()
    }


def _open_people_here(by: Actor, team: Team, settled: Work) -> dict[str, tuple[Keyed, Mapping[str, Opened]]]:
    handles = [UUID(unit.person) for unit in settled.units if unit.is_here]
    if not handles:
        return {}
    keyed = held(by, list(Subject.objects.filter(handle__in=handles).values_list("pk", flat=True)))
    named = [one.subject.handle.hex for one in keyed.values()]
    leave = journaling.listing(by, team, Entered.LISTED, count=len(named), detail={"subjects": named})
    opened = open_facets(leave, keyed, _FACETS)
    return {keyed[number].subject.handle.hex: (keyed[number], record) for number, record in opened.items()}


def _add_to_person(
    by: Actor, person: tuple[Keyed, Mapping[str, Opened]], rows: list[RowReading], cases: list[str]
) -> tuple[int, frozenset[int]]:
    keyed, record = person
    before: Links = record["links"].content
    identity = build.identity_of(rows, record["identity"].content)
    status = build.status_of(rows, record["status"].content)
    new: dict[str, Facet] = {
        Envelope.Facet.IDENTITY: identity,
        Envelope.Facet.CONTACT: build.contact_of(rows, record["contact"].content),
        Envelope.Facet.STATUS: status,
        Envelope.Facet.LINKS: Links(cases=(*before.cases, *cases), not_same_as=before.not_same_as),
    }
    written = [
        write_facet(keyed, facet, content, read=record[facet].revision)
        for facet, content in new.items()
        if content != record[facet].content
    ]
    record_writes([journaling.wrote(by, keyed, Entered.CHANGED_PERSON, written)])
    return keyed.subject.pk, tokens.of_person(identity, status)


def _add_events(by: Actor, arrival: Arrival, case: Case, row: RowReading) -> None:
    """Log what next week's sheet knows and the case does not: an event of that kind on that day."""
    there = set(case.events.values_list("kind", "on"))
    new = [one for one in row.events() if (one.kind, one.on) not in there]
    enquiry = case.enquiries.order_by("id").first()
    if not new or case.state != Case.State.OPEN:
        return
    keyed = held(by, [case.subject_id])[case.subject_id]
    if enquiry is None and row.sent_on is not None:
        enquiry = Enquiry.objects.create(case=case, route=row.route, nation=by.organisation.nation)
    entries: list[tuple[Entry, list[Written]]] = []
    for one in new:
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
        written: list[Written] = []
        if one.note:
            envelope, commitment = new_envelope(
                keyed, Envelope.Facet.ENTRY, CaseEntry(note=one.note), item=event.handle
            )
            envelope.save(force_insert=True)
            written.append(commitment)
        entries.append(journaling.wrote(by, keyed, Entered.LOGGED_EVENT, written, {"event": event.handle.hex}))  # type: ignore[arg-type]
    record_writes(entries)
    reschedule(case, office_days(by.organisation))


def _cases_with_all(arrival: Arrival) -> list[Case]:
    return list(Case.objects.filter(arrival=arrival).prefetch_related("enquiries", "events"))
