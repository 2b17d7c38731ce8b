"""Today's first page beside django-helpdesk's list of open tickets: `python -m bench today --people N --json`.

Both are on one PostgreSQL server, each in a process of its own with a warm connection, and are asked in turns. The desk
has ``--people`` open enquiries in teams of up to 100,000; django-helpdesk, as it comes from PyPI and installed in a
place of its own (``bench/helpdesk``), has as many open tickets. A page of the desk is a whole request: session, policy,
the entry in the log committed, the index, 25 rows and whom they concern opened. A list of the other is what its
browser asks for: the page, and the first rows by the page's own script, 25 of them too. Each shows what it shows to
whoever changes nothing.

``--also`` measures the desk with other numbers of enquiries besides; each has a database of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench import machine
from bench.servers import running
from bench.timing import spread
from bench.today_desk import READERS
from safeconduct.config.folder import DataFolder
from tests.support.postgresql import Cluster, NoCluster

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
_WARM = 3


class Asked:
    """A process that answers each line it is sent with the milliseconds of one page."""

    def __init__(self, command: Sequence[str], **environment: str) -> None:
        self._process = subprocess.Popen(
            list(command),
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._said("ready")

    def ms(self, what: str = "page") -> float:
        """The milliseconds of one page. Raises SystemExit where the process has ended."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{what}\n")
        self._process.stdin.flush()
        return float(self._said())

    def end(self) -> None:
        """Ask for no more."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=60)

    def _said(self, wanted: str = "") -> str:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if not wanted or line.strip() == wanted:
                return line.strip()
        raise SystemExit(f"A measured process ended with {self._process.wait()}: see what it said above.")


def measure(people: int, also: Sequence[int], rounds: int, work: Path) -> dict[str, Any]:
    """Milliseconds of each page and how many times the other's the desk's takes. Raises SystemExit."""
    figures: dict[str, Any] = {"machine": machine.describe(), "rounds": rounds, "pages": {}}
    try:
        with running() as server:
            with _helpdesk(server, people, work) as other, _desk(server, people, work) as desk:
                figures["pages"] |= _in_turns(desk, other, people, rounds)
            for count in also:
                with _desk(server, count, work) as desk:
                    figures["pages"] |= _in_turns(desk, None, count, rounds)
    except NoCluster as missing:
        raise SystemExit(f"This needs PostgreSQL: {missing}") from None
    medians = {name: one["median"] for name, one in figures["pages"].items()}
    base = medians[_name("one team", people)]
    figures["ratios"] = {
        "django-helpdesk by the desk": round(medians[_theirs(people)] / base, 2),
        **{f"{name} by the first": round(one / base, 2) for name, one in medians.items() if "django" not in name},
    }
    return figures


def _in_turns(desk: Asked, other: Asked | None, count: int, rounds: int) -> dict[str, Any]:
    samples: dict[str, list[float]] = {_name(reader, count): [] for reader in READERS}
    if other is not None:
        samples[_theirs(count)] = []
    for number in range(_WARM + rounds):
        taken = {_name(reader, count): desk.ms(reader) for reader in READERS}
        if other is not None:
            taken[_theirs(count)] = other.ms()
        if number >= _WARM:
            for name, one in taken.items():
                samples[name].append(one)
    return {name: spread(some) for name, some in samples.items()}


def _name(reader: str, count: int) -> str:
    return f"Today's first page, {count:,} open enquiries, {reader}"


def _theirs(count: int) -> str:
    return f"django-helpdesk's open tickets, {count:,}"


@contextmanager
def _desk(server: Cluster, count: int, work: Path) -> Iterator[Asked]:
    folder = work / f"desk-{count}"
    shutil.rmtree(folder, ignore_errors=True)
    DataFolder.create(folder, "real")
    line = [sys.executable, "-m", "bench.today_desk", str(folder), str(count)]
    asked = Asked(line, SAFECONDUCT_DATABASE=server.create(f"desk_{count}"))
    yield asked
    asked.end()


@contextmanager
def _helpdesk(server: Cluster, count: int, work: Path) -> Iterator[Asked]:
    place = work / "helpdesk"
    python = place / "bin" / "python"
    if not (place / "installed").exists():
        venv.create(place, with_pip=True, clear=True)
        lock = HERE / "helpdesk" / "requirements.lock"
        line = [str(python), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(lock)]
        subprocess.run(line, check=True)
        (place / "installed").touch()
    asked = Asked([str(python), str(HERE / "helpdesk" / "site.py"), server.create(f"helpdesk_{count}"), str(count)])
    yield asked
    asked.end()


def main(arguments: Sequence[str]) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m bench today", description=__doc__)
    parser.add_argument("--people", type=int, default=100_000, help="open enquiries, and open tickets")
    parser.add_argument("--also", type=int, action="append", default=[], help="the desk alone with so many besides")
    parser.add_argument("--rounds", type=int, default=30, help="pages of each that count")
    parser.add_argument("--work", type=Path, help="keep what was installed here, for another time")
    parser.add_argument("--json", action="store_true", help="without line breaks, for a program to read")
    chosen = parser.parse_args(arguments)
    work = chosen.work or Path(tempfile.mkdtemp(prefix="safeconduct-today-"))
    work.mkdir(parents=True, exist_ok=True)
    found = measure(chosen.people, chosen.also, chosen.rounds, work.absolute())
    print(json.dumps(found, indent=None if chosen.json else 2))
    if chosen.work is None:
        shutil.rmtree(work, ignore_errors=True)
    return 0
