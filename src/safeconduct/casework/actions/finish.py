"""The end of an import: one transaction that shows everything, or nothing."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

import msgspec
from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Member
from safeconduct.agenda.actions import replace
from safeconduct.agenda.models import Item
from safeconduct.core.names.index import Delta
from safeconduct.journal.actions import record_write
from safeconduct.journal.models import Act as Entered
from safeconduct.people import index, tokens
from safeconduct.people.models import Subject

from ..arrivals import build
from ..arrivals import staged as stages
from ..arrivals.again import NOTHING, RowBefore, before_of, gone_from, only_new
from ..arrivals.matches import reference_to_index
from ..arrivals.staged import Changed, Staged, Work
from ..arrivals.workers import of_team, resolve
from ..faults import WrongState
from ..importing.rows import RowReading
from ..models import Arrival, Case
from ..schedule import items_of, office_days
from .additions import (
    KnownCase,
    PersonHere,
    add_events,
    add_to_person,
    lock_cases,
    open_known_cases,
    open_people_here,
    require_people_here,
)
from .arrivals import sheet_before, written_of

_AT_ONCE = 500


def finish(*, by: Actor, arrival: Arrival, staged: Staged) -> None:
    """Add to what was here already, put what is new into the index and the agenda, and let it all show.

    Raises:
        WrongState: it was finished or cancelled elsewhere. Changed: a record was saved in between; try again.
        RecordsMoved: somebody or a case to be added to is gone; it can only be thrown away.
        JournalUnavailable: nothing was kept.
    """
    settled, outcome = staged.work, staged.outcome
    assert settled is not None
    assert outcome is not None
    rows = {row.number: row for row in settled.rows}
    before = sheet_before(by, arrival.team)
    workers = resolve({row.worker for row in rows.values()}, of_team(arrival.team), staged.workers)
    cases = open_known_cases(by, arrival, settled, rows, before, workers)
    people = open_people_here(by, arrival.team, settled, rows, _of_known(cases))
    office = office_days(by.organisation)
    items: list[Item] = []
    for case in _cases_with_all(arrival):
        items += items_of(case, list(case.enquiries.all()), [], list(case.events.all()), office)
    with transaction.atomic():
        locked = Arrival.objects.select_for_update().get(pk=arrival.pk)
        if locked.state != Arrival.State.RUNNING:
            raise WrongState("This import was finished or cancelled in another window.")
        lock_cases(cases)
        index.hold(arrival.team)
        require_people_here(by, settled)
        added_to = tuple(add_to_person(by, person) for person in people.values())
        letters: list[str] = []
        changes, changed = [], []
        for known in cases:
            again, stood = add_events(by, arrival, known, letters)
            if again != NOTHING:
                changes.append(Changed(known.row.number, known.row.our_ref, again))
            if stood is not None:
                changed.append(stood)
        replace(handles=[], items=items)
        index.add(by, arrival.team, _found_by(arrival, settled, rows, people))
        Subject.objects.filter(batch=arrival.handle).update(waiting=False)
        locked.state, locked.done_at = Arrival.State.DONE, datetime.now(UTC)
        locked.rows_done = locked.rows_in_all
        locked.revision += 1
        gone = gone_from(before, settled.cases().values())
        more = msgspec.structs.replace(
            outcome,
            added_to=added_to,
            enquiries=tuple(letters),
            rows=_rows_now(settled, rows, workers, before),
            changes=tuple(changes),
            changed_cases=tuple(changed),
            gone=tuple(before[one].our_ref for one in gone),
        )
        locked.staged = stages.seal(by, locked, Staged(name="", data=b"", outcome=more))
        locked.save(update_fields=["state", "staged", "done_at", "rows_done", "revision"])
        record_write(
            organisation=by.organisation.handle,
            act=Entered.IMPORT_DONE,
            member=by.member.handle,
            team=arrival.team.handle,
            count=arrival.rows_in_all,
            written=written_of(locked),
        )
    for name in ("state", "staged", "done_at", "rows_done", "revision"):
        setattr(arrival, name, getattr(locked, name))


def _of_known(cases: Sequence[KnownCase]) -> dict[str, list[RowReading]]:
    """Of rows whose case is here, what is new of the person it concerns first, by that person (handle, hex)."""
    found: dict[str, list[RowReading]] = {}
    for known in cases:
        if known.before is not None and known.person and known.case.state == Case.State.OPEN:
            found.setdefault(known.person, []).append(only_new(known.row, known.before))
    return found


def _rows_now(
    settled: Work, rows: Mapping[int, RowReading], workers: Mapping[str, Member | None], before: Mapping[str, RowBefore]
) -> dict[str, RowBefore]:
    """The rows to compare the next sheet with, by their case (handle, hex); those that are gone stay marked so."""
    found = {case: msgspec.structs.replace(one, gone=True) for case, one in before.items()}
    for number, case in settled.cases().items():
        worker = workers.get(rows[number].worker)
        found[case] = before_of(rows[number], build.notes_of(rows[number]), worker.handle.hex if worker else "")
    return found


def _found_by(
    arrival: Arrival, settled: Work, rows: Mapping[int, RowReading], people: Mapping[str, PersonHere]
) -> Delta:
    """By what everything that was brought in or added to is found from now on, by the id of its subject."""
    subjects = dict(Subject.objects.filter(batch=arrival.handle).values_list("handle", "pk"))
    found: dict[int, frozenset[int]] = {}
    kept: dict[int, bytes] = {}
    for unit in settled.units:
        group = [rows[number] for number in unit.rows]
        person = people.get(unit.person)
        if person is not None:
            number, identity, status = person.keyed.subject.pk, person.identity, person.status
        else:
            number = subjects[UUID(unit.person)]
            identity, status = build.identity_of(group), build.status_of(group)
        found[number], kept[number] = tokens.of_person(identity, status), tokens.kept(identity)
        for row in group:
            case_tokens = tokens.of_own_reference(reference_to_index(row)) | tokens.of_concerned([unit.person])
            found[subjects[UUID(unit.cases[row.number])]] = case_tokens
    for person in people.values():
        number = person.keyed.subject.pk
        if number not in found:
            found[number] = tokens.of_person(person.identity, person.status)
            kept[number] = tokens.kept(person.identity)
    return Delta(add=found, kept=kept)


def _cases_with_all(arrival: Arrival) -> list[Case]:
    cases: list[Case] = []
    last = 0
    rows = Case.objects.filter(arrival=arrival).order_by("pk").prefetch_related("enquiries", "events__said")
    while chunk := list(rows.filter(pk__gt=last)[:_AT_ONCE]):
        cases += chunk
        last = chunk[-1].pk
    return cases
