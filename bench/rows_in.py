"""How long a sheet of very many rows takes to come in, and how much memory, on an empty desk of one team.

    python -m bench rows --rows 100000

One process does what `safeconduct import` does: reads, compares, seals, inserts, shows, and places the log's entries in
the tree. Processor seconds are this process's own: they are troubled less by what else the machine does. The sheet is
made in another, so that neither its time nor its memory counts.
"""

from __future__ import annotations

import resource
import shutil
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from math import inf
from multiprocessing import get_context
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
    marks, work = [time.perf_counter()], time.process_time()
    arrival = arrivals.stage(by=by, team=place.team, name="a.csv", data=data, as_of=today(), rule="reference")
    marks.append(time.perf_counter())
    bring_in.start(by=by, arrival=arrival)
    marks.append(time.perf_counter())
    ends = [marks[-1]]
    bring_in.go_on(by=by, arrival=arrival, seconds=inf, progress=lambda _rows: ends.append(time.perf_counter()))
    marks += [ends[-1], time.perf_counter()]
    sequencer.sequence()
    marks.append(time.perf_counter())
    worked = time.process_time() - work
    assert Case.objects.count() == rows
    steps = ("read and staged", "compared and settled", "sealed and inserted", "shown", "placed in the tree")
    found = {
        "rows": rows,
        "seconds": {name: round(marks[at + 1] - marks[at], 1) for at, name in enumerate(steps)},
        "seconds in all": round(marks[-1] - marks[0], 1),
        "processor seconds": round(worked, 1),
        "rows a second": round(rows / (marks[-1] - marks[0])),
        "rows a processor second": round(rows / worked),
        "most MB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }
    shutil.rmtree(folder.parent, ignore_errors=True)
    return found
