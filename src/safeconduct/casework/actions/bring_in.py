"""Running an import: in chunks that each stand by themselves, shown all at once at the end.

It acts as its member, inside their requests, so it stops when they lock and goes on when somebody entitled lets it.
"""

import contextlib
import time
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

import msgspec
from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Team
from safeconduct.core.policy.facts import Act
from safeconduct.journal import bulk, packed
from safeconduct.journal.actions import record_packed

from .. import policies
from ..arrivals import staged as stages
from ..arrivals import work
from ..arrivals.beside import made_beside
from ..arrivals.made import Chunk, Maker, made
from ..arrivals.staged import LeftOut, Outcome, Staged, Unit, Work
from ..arrivals.workers import of_team, resolve
from ..faults import AnotherIsRunning, RecordsMoved, WrongState
from ..importing.plan import ImportPlan
from ..models import Arrival
from .additions import require_people_here
from .arrivals import open_arrival, open_kept, restage, sheet_before
from .finish import finish

_UNITS_A_CHUNK: Final = 60
_MOST_A_CHUNK: Final = 2000
_CHUNKS: Final = 20
# A second process takes a second to begin: for so many rows, and so many seconds to go on, it is worth it.
_MANY: Final = 5000
_LONG: Final = 30.0


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
    left = _left_to_do(staged.work, arrival.rows_done)
    maker = Maker(by, arrival, rows, workers)
    beside = new_rows - arrival.rows_done >= _MANY and until - time.monotonic() >= _LONG
    with contextlib.closing(made_beside(maker, left) if beside else made(maker, left)) as chunks:
        for units, chunk in chunks:
            _keep(arrival, units, chunk if chunk.stands() else maker.make(units))
            progress(arrival.rows_done)
            if time.monotonic() >= until and arrival.rows_done < new_rows:
                return Progress(arrival.rows_done, arrival.rows_in_all, finished=False)
    finish(by=by, arrival=arrival, staged=staged)
    return Progress(arrival.rows_in_all, arrival.rows_in_all, finished=True)


def _keep(arrival: Arrival, units: Sequence[Unit], chunk: Chunk) -> None:
    """Keep these people and their cases with the mark of how far it came, or none of it."""
    before = arrival.rows_done
    after = before + sum(len(unit.rows) for unit in units)
    with transaction.atomic():
        moved = Arrival.objects.filter(pk=arrival.pk, state=Arrival.State.RUNNING, rows_done=before)
        if not moved.update(rows_done=after):
            raise WrongState("This import is running in another window.")
        packed.insert(chunk.rows)
        record_packed(chunk.entries)
    arrival.rows_done = after


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
