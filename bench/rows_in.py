"""How long a sheet of very many rows takes to come in, and how much memory, on an empty desk of one team.

    python -m bench rows --rows 100000

It is what `safeconduct import` does: read, compare, seal, insert, show; and place the log's entries in the tree.
Processor seconds are of all its processes: they are troubled less by what else the machine does. So is the most memory:
what they held together, looked at four times a second. The sheet is made in another process, which does not count.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from math import inf
from multiprocessing import active_children, get_context
from pathlib import Path
from typing import Any


def measure(rows: int, *, seed: int = 5) -> dict[str, Any]:
    """Seconds of each step, rows a second by the clock and by the processor, and the most memory, in MB."""
    from safeconduct.cli.main import open_desk
    from safeconduct.cli.serve import prepare_database
    from safeconduct.config.folder import DataFolder

    folder = Path(tempfile.mkdtemp(prefix="safeconduct-rows-")) / "office"
    DataFolder.create(folder, "demo", environment={})
    open_desk(folder)
    prepare_database()
    from bench.sheet import sheet  # here: Django must be started first
    from safeconduct.accounts.keys import today
    from safeconduct.casework.actions import arrivals, bring_in
    from safeconduct.casework.models import Case
    from safeconduct.journal import sequencer
    from tests import builders

    place = builders.office()
    by = place.guardian.actor
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as other:
        data = other.submit(sheet, rows, today=today(), seed=seed).result()
    with _watched() as most:
        marks, work = [time.perf_counter()], _worked()
        arrival = arrivals.stage(by=by, team=place.team, name="a.csv", data=data, as_of=today(), rule="reference")
        marks.append(time.perf_counter())
        bring_in.start(by=by, arrival=arrival)
        marks.append(time.perf_counter())
        ends = [marks[-1]]
        bring_in.go_on(by=by, arrival=arrival, seconds=inf, progress=lambda _rows: ends.append(time.perf_counter()))
        marks += [ends[-1], time.perf_counter()]
        sequencer.sequence()
        marks.append(time.perf_counter())
        worked = _worked() - work
    assert Case.objects.count() == rows
    steps = ("read and staged", "compared and settled", "sealed and inserted", "shown", "placed in the tree")
    found = {
        "rows": rows,
        "seconds": {name: round(marks[at + 1] - marks[at], 1) for at, name in enumerate(steps)},
        "seconds in all": round(marks[-1] - marks[0], 1),
        "processor seconds": round(worked, 1),
        "rows a second": round(rows / (marks[-1] - marks[0])),
        "rows a processor second": round(rows / worked),
        "most MB": round(max(sum(held) for held in most) / 2**20),
        "of these in this process, MB": round(max(most, key=sum)[0] / 2**20),
        "most MB beside this process": round(max(sum(held[1:]) for held in most) / 2**20),
    }
    shutil.rmtree(folder.parent, ignore_errors=True)
    return found


def _worked() -> float:
    """Processor seconds of this process and of those it began that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


@contextmanager
def _watched() -> Iterator[list[list[int]]]:
    """Bytes of memory held by this process and by each that it began, a list for each look."""
    looks: list[list[int]] = [[_held(os.getpid())]]
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(0.25):
            looks.append([_held(os.getpid()), *(_held(child.pid) for child in active_children() if child.pid)])

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield looks
    finally:
        ended.set()
        watcher.join()


def _held(process: int) -> int:
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1])
    except OSError:  # it has just ended
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
