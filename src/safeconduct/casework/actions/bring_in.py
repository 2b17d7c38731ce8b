"""Running an import: in chunks that each stand by themselves, shown all at once at the end.

It acts as its member, inside their requests, so it stops when they lock and goes on when somebody entitled lets it.
Records are made and inserted in a shuffled order: neighbours in a table, or in time, would tie a case to its person.
"""

import random
import time
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from typing import Final, TypeVar
from uuid import UUID

import msgspec
from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Member, Team
from safeconduct.core.policy.facts import Act
from safeconduct.journal import bulk
from safeconduct.journal.actions import record_writes
from safeconduct.journal.commitments import Written
from safeconduct.journal.fields import new_handle
from safeconduct.journal.models import Act as Entered
from safeconduct.journal.models import Entry
from safeconduct.people import journaling
from safeconduct.people.actions.add import save_sealed, seal_person
from safeconduct.people.facets import CaseEntry, Facet, Links
from safeconduct.people.keys import Keyed
from safeconduct.people.models import Envelope, Wrap
from safeconduct.people.records import new_envelope

from .. import facts, policies
from ..arrivals import build, work
from ..arrivals import staged as stages
from ..arrivals.staged import LeftOut, Outcome, Staged, Unit, Work
from ..arrivals.workers import of_team, resolve
from ..faults import AnotherIsRunning, RecordsMoved, WrongState
from ..importing.plan import ImportPlan
from ..importing.rows import RowReading
from ..models import Arrival, Case, Enquiry, Event
from .additions import require_people_here
from .arrivals import open_arrival, open_kept, restage, sheet_before
from .cases import shape_case
from .finish import finish

_UNITS_A_CHUNK: Final = 60
_MOST_A_CHUNK: Final = 2000
_CHUNKS: Final = 20
_SHAPES: Final = frozenset(Event.Shape.values)
_RANDOM: Final = random.SystemRandom()

T = TypeVar("T")
Sealed = tuple[Keyed, Wrap, Sequence[Envelope]]
Record = tuple[Entry, Sequence[Written]]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import has come, in rows that are brought in."""

    done: int
    in_all: int
    finished: bool


def start(*, by: Actor, arrival: Arrival) -> Work:
    """Settle the work from what was decided; from here on it can only go on or be cancelled.

    Raises:
        Refused: policy. WrongState: not staged, or without a column of names. StagedByAnother.
        AnotherIsRunning: this team brings something in already. RecordsMoved: try again.
        JournalUnavailable: nothing was opened.
    """
    with bulk.many():
        return _start(by, arrival)


def _start(by: Actor, arrival: Arrival) -> Work:
    staged, reading = open_arrival(by=by, arrival=arrival)
    if reading.plan is None:
        raise WrongState("Say first which column holds the names.")
    rows = reading.rows
    found = staged.found
    if found is None or not work.still_holds(found, arrival.team):
        before = sheet_before(by, arrival.team)
        found = work.find(by=by, team=arrival.team, rows=rows, rule=staged.rule, before=before, workers=staged.workers)
    settled = work.settle(found, rows, staged)
    require_people_here(by, settled)
    settled = msgspec.structs.replace(settled, rows=tuple(rows.values()))
    outcome = Outcome(left_out=_left_out(reading.plan), headings=reading.columns.to_remember())
    arrival.rows_in_all = len(rows)
    started = Staged(name="", data=b"", workers=staged.workers, work=settled, outcome=outcome)
    del staged, reading, rows  # a hundred thousand rows, and the whole sheet beside them
    sealed = stages.seal(by, arrival, started, revision=arrival.revision + 1)
    with transaction.atomic():
        # Whoever starts next sees what this one brought in, by the office's own references, once it is done.
        Team.objects.select_for_update().get(pk=arrival.team_id)
        if Arrival.objects.filter(team=arrival.team, state=Arrival.State.RUNNING).exclude(pk=arrival.pk).exists():
            raise AnotherIsRunning("Another import of this team is under way. Let it end or throw it away first.")
        if not work.still_holds(found, arrival.team):
            raise RecordsMoved("Somebody has just added to your team's records. Bring the rows in once more.")
        restage(by, arrival, sealed, state=Arrival.State.RUNNING)
    return settled


def go_on(
    *, by: Actor, arrival: Arrival, seconds: float, progress: Callable[[int], None] = lambda _rows: None
) -> Progress:
    """Bring in more rows for about ``seconds``, and finish when none are left. ``progress`` is told of rows done.

    What is staged is opened once: for a large sheet, many short calls cost more than few long ones.

    Raises:
        Refused: policy. WrongState: it is not running. JournalUnavailable: the chunk under way was not kept.
    """
    policies.require(by, Act.BRING_IN, policies.of_team(arrival.team, by.organisation))
    if arrival.state != Arrival.State.RUNNING:
        raise WrongState("This import is not running.")
    with bulk.many():
        return _go_on(by, arrival, time.monotonic() + seconds, progress)


def _go_on(by: Actor, arrival: Arrival, until: float, progress: Callable[[int], None]) -> Progress:
    staged = open_kept(by=by, arrival=arrival)
    if staged.export:
        raise WrongState("This came out of another desk by a command. Run that again, or throw this away.")
    assert staged.work is not None
    rows = {row.number: row for row in staged.work.rows}
    workers = resolve({row.worker for row in rows.values()}, of_team(arrival.team), staged.workers)
    new_rows = sum(len(unit.rows) for unit in staged.work.units)
    for units in _left_to_do(staged.work, arrival.rows_done):
        _chunk(by, arrival, units, rows, workers)
        progress(arrival.rows_done)
        if time.monotonic() >= until and arrival.rows_done < new_rows:
            return Progress(arrival.rows_done, arrival.rows_in_all, finished=False)
    finish(by=by, arrival=arrival, staged=staged)
    return Progress(arrival.rows_in_all, arrival.rows_in_all, finished=True)


def _chunk(
    by: Actor,
    arrival: Arrival,
    units: Sequence[Unit],
    by_number: Mapping[int, RowReading],
    workers: Mapping[str, Member | None],
) -> None:
    """Build these people and their cases, and keep them with the mark of how far it came, or none of it."""
    before = arrival.rows_done
    people: list[Sealed] = []
    entries: list[Record] = []
    to_build: list[tuple[Unit, RowReading]] = []
    for unit in _shuffled(units):
        rows = [by_number[number] for number in unit.rows]
        if not unit.is_here:
            person = seal_person(
                by=by,
                team=arrival.team,
                identity=build.identity_of(rows),
                contact=build.contact_of(rows),
                status=build.status_of(rows),
                links=Links(),
                handle=UUID(unit.person),
                batch=arrival.handle,
            )
            people.append((person.keyed, person.wrap, person.envelopes))
            entries.append(person.entry)
        to_build += [(unit, row) for row in rows]
    # An entry and an event say when they were made: cases made beside their person would be tied to them by that.
    cases = [_build_case(by, arrival, unit, row, workers.get(row.worker)) for unit, row in _shuffled(to_build)]
    entries = _shuffled([*entries, *(case.entry for case in cases)])
    after = before + sum(len(unit.rows) for unit in units)
    with transaction.atomic():
        moved = Arrival.objects.filter(pk=arrival.pk, state=Arrival.State.RUNNING, rows_done=before)
        if not moved.update(rows_done=after):
            raise WrongState("This import is running in another window.")
        save_sealed([*people, *(case.sealed for case in cases)])
        _save_cases(cases)
        record_writes(entries)
    arrival.rows_done = after


@dataclass(frozen=True, slots=True)
class _BuiltCase:
    case: Case
    sealed: Sealed
    enquiries: Sequence[Enquiry]
    events: Sequence[Event]
    entry: Record


def _build_case(by: Actor, arrival: Arrival, unit: Unit, row: RowReading, worker: Member | None) -> _BuiltCase:
    happened = row.events()
    opened_on = happened[0].on if happened else arrival.as_of
    new = shape_case(
        by=by,
        team=arrival.team,
        kind=row.kind,
        worker=worker,
        opened_on=opened_on,
        handle=UUID(unit.cases[row.number]),
        arrival=arrival,
    )
    enquiries: list[Enquiry] = []
    if happened:  # a letter that came in and was never sent on has a clock too: it waits for us
        enquiries.append(
            bulk.make(Enquiry, handle=new_handle(), case=new.case, route=row.route, nation=by.organisation.nation)
        )
    enquiry = enquiries[0] if enquiries else None
    head = build.head_of(row, person=unit.person, enquiry=enquiry.handle.hex if enquiry else None)
    contents: list[tuple[str, Facet, UUID | None]] = [(Envelope.Facet.HEAD, head, None)]
    events: list[Event] = []
    for one in happened:
        event = bulk.make(
            Event,
            case=new.case,
            enquiry=enquiry,
            kind=one.kind,
            shape=one.shape if one.shape in _SHAPES else None,
            on=one.on,
            at=datetime.now(UTC),
            by=by.member,
        )
        events.append(event)
        if one.note:
            contents.append((Envelope.Facet.ENTRY, CaseEntry(note=one.note), event.handle))
    made = [
        new_envelope(new.keyed, facet, content, item=item) if item else new_envelope(new.keyed, facet, content)
        for facet, content, item in contents
    ]
    stands = facts.first(new.case, enquiries, events)
    entry = journaling.wrote(by, new.keyed, Entered.ADDED_CASE, [*(written for _, written in made), stands])
    return _BuiltCase(new.case, (new.keyed, new.wrap, [envelope for envelope, _ in made]), enquiries, events, entry)


def _save_cases(built: Sequence[_BuiltCase]) -> None:
    bulk.insert([one.case for one in built])
    bulk.insert([enquiry for one in built for enquiry in one.enquiries])
    bulk.insert([event for one in built for event in one.events])


def _left_out(plan: ImportPlan) -> tuple[LeftOut, ...]:
    references = {row.number: row.our_ref for row in plan.rows}
    return tuple(LeftOut(references[fault.row], fault) for fault in plan.faults)


def _left_to_do(settled: Work, rows_done: int) -> Iterator[Sequence[Unit]]:
    """What is not done yet, a chunk after the other."""
    passed = list(accumulate((len(unit.rows) for unit in settled.units), initial=0))
    units = settled.units[bisect_left(passed, rows_done) :]
    # Larger ones for a large sheet: each is a transaction, and the disk is waited for at its end.
    most = max(_UNITS_A_CHUNK, min(_MOST_A_CHUNK, len(settled.units) // _CHUNKS))
    # Chunks of one size: a last one of a single person would show whose its cases are.
    size = -(-len(units) // max(1, -(-len(units) // most)))
    for start in range(0, len(units), max(1, size)):
        yield units[start : start + size]


def _shuffled(values: Sequence[T]) -> list[T]:
    return _RANDOM.sample(values, len(values))
