"""The end of an import: one transaction that shows everything, or nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

import msgspec
from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Member
from safeconduct.agenda.actions import replace
from safeconduct.core.names.index import Delta
from safeconduct.journal.actions import record_write
from safeconduct.journal.models import Act as Entered
from safeconduct.people import index, tokens
from safeconduct.people.models import Subject

from ..arrivals import build
from ..arrivals import staged as stages
from ..arrivals.again import NOTHING, RowBefore, before_of, gone_from, only_new
from ..arrivals.due import items_made
from ..arrivals.matches import reference_to_index
from ..arrivals.staged import Changed, Staged, Work
from ..arrivals.workers import of_team, resolve
from ..faults import WrongState
from ..importing.rows import RowReading
from ..models import Arrival, Case
from ..schedule import office_days
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

# People whose names go into the index in one part: each part is decoded whole by whoever searches.
_UNITS_A_PART = 2000


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
    # Everything that takes long is worked out and sealed here: nobody else can write while the transaction stands.
    said = _rows_now(settled, rows, workers, before)
    gone = [before[one].our_ref for one in gone_from(before, settled.cases().values())]
    found_by = index.sealed(by, arrival.team, _found_by(arrival, settled, rows, people))
    items = list(items_made(arrival, office_days(by.organisation)))
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
        index.add_sealed(by, arrival.team, found_by)
        Subject.objects.filter(batch=arrival.handle).update(waiting=False)
        locked.state, locked.done_at = Arrival.State.DONE, datetime.now(UTC)
        locked.rows_done = locked.rows_in_all
        locked.revision += 1
        more = msgspec.structs.replace(
            outcome,
            added_to=added_to,
            enquiries=tuple(letters),
            rows=said,
            changes=tuple(changes),
            changed_cases=tuple(changed),
            gone=tuple(gone),
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
    digests: dict[str, bytes] = {}
    for number, case in settled.cases().items():
        row, worker = rows[number], workers.get(rows[number].worker)
        found[case] = before_of(row, build.notes_of(row), worker.handle.hex if worker else "", digests)
    return found


def _found_by(
    arrival: Arrival, settled: Work, rows: Mapping[int, RowReading], people: Mapping[str, PersonHere]
) -> Iterator[Delta]:
    """By what everything that was brought in or added to is found from now on, by the id of its subject, in parts."""
    subjects = dict(Subject.objects.filter(batch=arrival.handle).values_list("handle", "pk"))
    parts: dict[str, frozenset[int]] = {}
    for start in range(0, max(1, len(settled.units)), _UNITS_A_PART):
        found, kept = _of_people_here(people.values()) if start == 0 else ({}, {})
        for unit in settled.units[start : start + _UNITS_A_PART]:
            group = [rows[number] for number in unit.rows]
            if not unit.is_here:
                identity = build.identity_of(group)
                number = subjects[UUID(unit.person)]
                found[number] = tokens.of_person(identity, build.status_of(group), parts)
                kept[number] = tokens.kept(identity)
            # Whose cases they are only the index says.
            concerned = tokens.of_concerned([unit.person])
            for row in group:
                case_tokens = tokens.of_own_reference(reference_to_index(row)) | concerned
                found[subjects[UUID(unit.cases[row.number])]] = case_tokens
        yield Delta(add=found, kept=kept)


def _of_people_here(people: Iterable[PersonHere]) -> tuple[dict[int, frozenset[int]], dict[int, bytes]]:
    """By what people are found who were here before, with what rows added to their records, and what is kept of it."""
    subjects = {person.keyed.subject.pk: person for person in people}
    return (
        {number: tokens.of_person(one.identity, one.status) for number, one in subjects.items()},
        {number: tokens.kept(one.identity) for number, one in subjects.items()},
    )
