"""`python -m bench`: every measurement, and bench/RESULTS.md. `./run bench` calls it. See docs/how-to/measure.md."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench import machine, report
from bench.plan import FULL, QUICK, Run

HERE = Path(__file__).resolve().parent


def search(arguments: list[str]) -> int:
    """`python -m bench search --pairs FILE`: recall and time of the sealed search beside pg_trgm, as JSON."""
    from bench import pairs  # here: the other measurements start Django by themselves

    parser = argparse.ArgumentParser(prog="python -m bench search", description=pairs.__doc__)
    parser.add_argument("--pairs", type=Path, required=True, help="two spellings of one name a line, a tab between")
    parser.add_argument("--people", type=int, default=100_000, help="how many are on record")
    parser.add_argument("--json", action="store_true", help="without line breaks, for a program to read")
    chosen = parser.parse_args(arguments)
    print(json.dumps(pairs.measure(chosen.pairs, chosen.people), indent=None if chosen.json else 2))
    return 0


def leaks(arguments: list[str]) -> int:
    """`python -m bench leaks`: what nightly copies of the search index give away, as JSON."""
    from bench import leaks as attack

    parser = argparse.ArgumentParser(prog="python -m bench leaks", description=attack.__doc__)
    parser.add_argument("--people", type=int, default=10_000, help="how many are on record")
    parser.add_argument("--copies", type=int, default=30, help="how many nightly copies the thief has")
    parser.add_argument("--json", action="store_true", help="without line breaks, for a program to read")
    chosen = parser.parse_args(arguments)
    print(json.dumps(attack.measure(chosen.people, chosen.copies), indent=None if chosen.json else 2))
    return 0


def rows(arguments: list[str]) -> int:
    """`python -m bench rows --rows 100000`: a sheet brought in, as JSON."""
    from bench import rows_in

    parser = argparse.ArgumentParser(prog="python -m bench rows", description=rows_in.__doc__)
    parser.add_argument("--rows", type=int, default=10_000, help="how many rows the sheet has")
    print(json.dumps(rows_in.measure(parser.parse_args(arguments).rows), indent=1))
    return 0


def archive_search(arguments: list[str]) -> int:
    """`python -m bench archive-search`: search in the archive beside FTS5 and tsvector, as JSON."""
    from bench import archive_search as measured

    parser = argparse.ArgumentParser(prog="python -m bench archive-search", description=measured.__doc__)
    parser.add_argument("--posts", type=int, default=100_000, help="how many posts are found among")
    parser.add_argument("--planted", type=int, default=20, help="how many posts each question is about")
    parser.add_argument("--rounds", type=int, default=3, help="how often each question is timed")
    chosen = parser.parse_args(arguments)
    print(json.dumps(measured.measure(chosen.posts, chosen.planted, chosen.rounds), indent=1, ensure_ascii=False))
    return 0


def archive_in(arguments: list[str]) -> int:
    """`python -m bench archive-in --pages 10000`: pages taken in, as JSON."""
    from bench import archive_in as measured

    parser = argparse.ArgumentParser(prog="python -m bench archive-in", description=measured.__doc__)
    parser.add_argument("--pages", type=int, default=1000, help="how many pages are taken in")
    print(json.dumps(measured.measure(parser.parse_args(arguments).pages), indent=1))
    return 0


def main() -> int:
    """Measure, write what was found, and say where. 1 where a step failed: its line in the results says so."""
    if sys.argv[1:2] == ["search"]:
        return search(sys.argv[2:])
    if sys.argv[1:2] == ["archive-search"]:
        return archive_search(sys.argv[2:])
    if sys.argv[1:2] == ["archive-in"]:
        return archive_in(sys.argv[2:])
    if sys.argv[1:2] == ["rows"]:
        return rows(sys.argv[2:])
    if sys.argv[1:2] == ["leaks"]:
        return leaks(sys.argv[2:])
    if sys.argv[1:2] == ["today"]:
        from bench import today  # as above

        return today.main(sys.argv[2:])
    parser = argparse.ArgumentParser(prog="./run bench", description="Measure the desk and write bench/RESULTS.md.")
    parser.add_argument("--quick", action="store_true", help="a few minutes, small: tries the measurements themselves")
    parser.add_argument("--work", type=Path, help="keep built folders and finished steps here, and go on from them")
    parser.add_argument("--only", action="append", default=[], metavar="STEP", help="only the steps so named")
    parser.add_argument("--out", type=Path, help="where the results go instead")
    chosen = parser.parse_args()
    sizes = QUICK if chosen.quick else FULL
    work = chosen.work or Path(tempfile.mkdtemp(prefix="safeconduct-bench-"))
    out = chosen.out or (work / "RESULTS.md" if chosen.quick else HERE / "RESULTS.md")
    found: dict[str, Any] = {
        "machine": machine.describe(),
        "command": "./run bench" + (" --quick" if chosen.quick else ""),
    }
    run = Run(work.absolute(), sizes, chosen.only)
    run.everything()
    found |= {"sizes": sizes.__dict__, "results": run.results, "failed": run.failed, "seconds": run.seconds}
    out.write_text(report.render(found), "utf-8")
    (work / "figures.json").write_text(json.dumps(found, indent=1), "utf-8")
    print(f"Results: {out}", file=sys.stderr)
    if run.failed:
        print(f"Some steps failed. To go on from the others: ./run bench --work {work}", file=sys.stderr)
        return 1
    if chosen.quick:
        print(out.read_text("utf-8"))
    if chosen.work is None:
        shutil.rmtree(work, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
