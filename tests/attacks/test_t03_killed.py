"""T3: the process killed at every write, and the power cut at any, over both of SQLite's journals.

One run of fourteen acts is recorded with every byte it wrote. Its calls, played onto a copy one by one, give the disk
as a kill after each write leaves it, and as a power cut may leave it: of what no sync covered any part missing, torn at
sectors. SQLite opens each; then what was acknowledged must be there, and every envelope, entry, leaf and file of a
paper must agree. Some processes are killed in earnest, too.

WAL is used at a desk only where SQLite's version is repaired; it is forced here, where one connection is open.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support import replay, sound, tracing
from tests.support.crashing import made
from tests.support.first_desk import ROOT
from tests.support.replay import Call, Disk

LONG = bool(os.environ.get("SAFECONDUCT_LONG"))
KEPT = ("database.sqlite3", "files/", "archive/")
# Kills tried: after every so many writes, and wherever a file comes or goes or an act was acknowledged.
OF_WRITES = 1 if LONG else 2
# Power cuts tried: at every so many calls, each with nothing unsynced left and with a part of it left.
EVERY = 1 if LONG else 9
CHANCES = 8 if LONG else 1
MEMORY = Path("/dev/shm")


@dataclass(frozen=True)
class Recorded:
    """A run: the files before it, its calls, and the keys that open what it wrote."""

    mode: str
    base: Path
    calls: list[Call]
    keys: dict[str, str]

    def acknowledged(self, call: Call) -> dict[str, object] | None:
        return json.loads(call.data) if call.kind == "write" and call.name == "acks" else None


def crashing(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "tests.support.crashing", *arguments]


@pytest.fixture(scope="module", params=["TRUNCATE", "WAL"])
def recorded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    tracing.need_strace()
    place = tmp_path_factory.mktemp("crash")
    folder, base, trace = place / "office", made(request.param), place / "trace"
    shutil.copytree(base, folder)
    done = tracing.run(
        crashing("record", str(folder), request.param, str(folder / "acks")),
        trace,
        calls=replay.CALLS,
        options=("-y", "-xx", "-s", "100000000"),
        folder=ROOT,
    )
    assert done.returncode == 0, done.stderr
    keys = json.loads((folder / "acks.keys").read_text("utf-8"))
    found = replay.calls(trace, folder)
    trace.unlink()
    assert sound.facts(folder, keys).entries, "the run itself left a sound folder"
    assert b"fault" not in (folder / "acks").read_bytes()
    return Recorded(request.param, base, found, keys)


@pytest.fixture
def spot(tmp_path: Path) -> Iterator[Path]:
    """Where disks are laid out to be looked at: in memory where there is one, since thousands are."""
    place = (MEMORY if os.access(MEMORY, os.W_OK) else tmp_path) / f"safeconduct-{os.urandom(6).hex()}"
    place.mkdir(mode=0o700)
    yield place
    shutil.rmtree(place)


def is_kept(state: sound.Facts, said: dict[str, object] | None) -> None:
    """What was acknowledged is there; later acts may have gone further."""
    if said is None:
        return
    entries, revisions = said["entries"], said["envelopes"]
    assert isinstance(entries, list)
    assert isinstance(revisions, dict)
    assert set(entries) <= state.entries.keys(), "an acknowledged entry is gone"
    behind = [handle for handle, number in revisions.items() if state.envelopes.get(handle, 0) < number]
    assert not behind, "an acknowledged record is gone or older"
    sources = said["sources"]
    assert isinstance(sources, list)
    assert set(sources) <= state.sources, "an acknowledged source is gone"


def test_after_every_write_a_kill_leaves_what_was_acknowledged(recorded: Recorded, spot: Path) -> None:
    disk, said, points, sizes, sources = Disk(recorded.base), None, 0, set(), Counter[int]()
    for number, call in enumerate(recorded.calls):
        disk.play(call)
        acknowledged = recorded.acknowledged(call)
        said = acknowledged or said
        if acknowledged or call.name.startswith(KEPT):
            if call.kind == "write" and not acknowledged and number % OF_WRITES:
                continue
            if call.kind == "sync" and number % 5:
                continue  # it changes nothing that a kill would find
            replay.lay(disk.killed(), spot, KEPT)
            state = sound.facts(spot, recorded.keys)
            is_kept(state, said)
            sizes.add(len(state.entries))
            sources[len(state.sources)] += 1
            points += 1
    # Both journals together: more than fifteen hundred, and twice as many in a long run.
    assert points > 500 * 2 // OF_WRITES
    assert len(sizes) > 10, "the points fall between the acts, too"
    assert sources.keys() == {2, 3, 4}, "those before, and each that was taken in"


def test_a_power_cut_leaves_what_was_acknowledged(recorded: Recorded, spot: Path) -> None:
    chance = random.Random(3)
    disk, said, points = Disk(recorded.base), None, 0
    for number, call in enumerate(recorded.calls):
        disk.play(call)
        acknowledged = recorded.acknowledged(call)
        said = acknowledged or said
        if number % EVERY and not acknowledged:
            continue
        for way in [None, *[chance] * CHANCES]:
            replay.lay(disk.power_cut(way), spot, KEPT)
            is_kept(sound.facts(spot, recorded.keys), said)
            points += 1
    assert points > 200


def test_the_sync_comes_before_the_answer(recorded: Recorded) -> None:
    """When an act is acknowledged, nothing of the database it wrote waits for a sync: the answer is the last thing."""
    disk, wrote, acts = Disk(recorded.base), False, 0
    for call in recorded.calls:
        if recorded.acknowledged(call) is not None:
            acts += 1
            assert wrote, "an act that wrote nothing proves nothing here"
            cut = disk.power_cut(None)
            # What WAL has not yet carried into the main file is not written there either: both are synced as they are.
            for name, content in disk.killed().items():
                if name.startswith(KEPT):
                    assert cut.get(name) == content, name
            wrote = False
        disk.play(call)
        wrote |= call.kind == "write" and call.name.startswith(KEPT)
    assert acts == 14


def test_a_desk_that_did_not_sync_would_be_noticed(recorded: Recorded, spot: Path) -> None:
    """The control: the same run without its syncs loses what was acknowledged, or breaks, at a power cut."""
    chance = random.Random(5)
    disk, said, lost = Disk(recorded.base), None, Counter[str]()
    for number, call in enumerate(recorded.calls):
        if call.kind != "sync":
            disk.play(call)
        said = recorded.acknowledged(call) or said
        if said and number % 40 == 0:
            for way in (None, chance):
                try:
                    replay.lay(disk.power_cut(way), spot, KEPT)
                    is_kept(sound.facts(spot, recorded.keys), said)
                except (AssertionError, sound.NotSound) as fault:
                    lost[type(fault).__name__] += 1
    assert lost["AssertionError"] > 5


def test_killed_in_earnest(recorded: Recorded, tmp_path: Path) -> None:
    """SIGKILL as a write enters the kernel, at many writes: children of one process, each a little further on."""
    count, step = (120, 3) if LONG else (8, 42)
    place = tmp_path / "children"
    place.mkdir()
    beforehand = [f"pwrite64:{number * step}" for number in range(count)]
    line = crashing("many", str(recorded.base), recorded.mode, str(place), *beforehand)
    done = tracing.run(line, inject=f"pwrite64:signal=SIGKILL:when={count * step}", folder=ROOT)
    assert done.returncode == 0, done.stderr
    killed, further = 0, set()
    for number in range(count):
        folder = place / str(number)
        killed += (folder / "ended").read_text("ascii") == "-9"
        acks = [json.loads(one) for one in (folder / "acks").read_text("utf-8").splitlines()]
        state = sound.facts(folder, recorded.keys)
        is_kept(state, acks[-1] if acks else None)
        further.add(len(state.entries))
    assert killed == count
    assert len(further) > 3
