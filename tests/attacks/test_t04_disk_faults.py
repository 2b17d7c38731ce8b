"""T4: a disk that is full, or fails, at any call: a clear answer, nothing half kept, and work goes on afterwards.

strace makes the Nth write, sync, truncation or read of a process and all later ones fail. Fourteen acts run into it at
different places, over both of SQLite's journals; then a browser does, against pages. Afterwards the disk is well again.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError
from django.test import RequestFactory

from safeconduct.web import faults
from tests.attacks.test_t03_killed import crashing
from tests.support import sound, tracing
from tests.support.crashing import made
from tests.support.desk import environment
from tests.support.first_desk import ROOT

LONG = bool(os.environ.get("SAFECONDUCT_LONG"))
ACTS = 14
# A call, what it fails with, and at which call of the acts: one process for each.
FAULTS = {
    "TRUNCATE": [
        ("pwrite64", "ENOSPC", [600, 1200]),
        ("fdatasync", "EIO", [36]),
        ("ftruncate", "EIO", [6]),
        ("pread64", "EIO", [150]),
    ],
    "WAL": [("pwrite64", "EIO", [400]), ("fdatasync", "EIO", [20]), ("pread64", "EIO", [150])],
}
# The faults begin at this call of a process. The acts alone make fewer: beforehand each process makes as many calls to
# the one that is to fail that it does so where it should, and meets no other fault.
BEGINS = {"pwrite64": 5000, "fdatasync": 500, "ftruncate": 300, "pread64": 2500}
# What an act may say of it: the first four are answered with 503, the last with a sentence of its own.
CLEAR = {"OperationalError", "DatabaseError", "JournalUnavailable", "IndexBusy", "DiskRefused"}


def said(copy: Path, name: str = "acks") -> list[dict[str, Any]]:
    return [json.loads(line) for line in (copy / name).read_text("utf-8").splitlines()]


def acknowledged(acts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [act for act in acts if "fault" not in act]


def meet(base: Path, mode: str, place: Path) -> list[Path]:
    """A process for each place of each fault, all children of one; a folder for each."""
    place.mkdir()
    beforehand, rules = [], []
    for call, error, places in FAULTS[mode]:
        if LONG:
            places = [at * part // 6 for at in places for part in range(1, 7)]
        beforehand += [f"{call}:{BEGINS[call] - at}" for at in places]
        rules.append(f"{call}:error={error}:when={BEGINS[call]}+")
    done = tracing.run(crashing("many", str(base), mode, str(place), *beforehand), inject=rules, folder=ROOT)
    assert done.returncode == 0, done.stderr
    return [place / str(number) for number in range(len(beforehand))]


@pytest.mark.parametrize("mode", FAULTS)
def test_at_any_call_nothing_is_half_kept_and_work_goes_on(mode: str, tmp_path: Path) -> None:
    tracing.need_strace()
    base, met = made(mode), tmp_path / "met"
    copies = meet(base, mode, met)
    kept = 0
    for copy in copies:
        acts = said(copy)
        assert len(acts) == ACTS, "the process itself went on"
        answers = [act["fault"] for act in acts if "fault" in act]
        assert answers, f"{mode} {copy.name} met nothing"
        assert {one.partition(":")[0] for one in answers} <= CLEAR, answers
        now = sound.facts(copy, {})
        if told := acknowledged(acts):
            assert set(told[-1]["entries"]) <= now.entries.keys()
        kept += len(told)
    assert kept > len(copies), "acts came before the faults, too"

    after = crashing("after", str(base), mode, str(met))
    done = subprocess.run(after, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for copy in copies:
        assert [act for act in said(copy) if "fault" in act] == []
        now = sound.facts(copy, {})
        assert now.entries.keys() >= {one for act in acknowledged(said(copy, "acks.then")) for one in act["entries"]}
        assert len(now.entries) > 2 * ACTS


def test_a_page_says_so() -> None:
    """SQLite takes a page that it could not read for a damaged database, which no class of Django's own stands for."""
    request = RequestFactory().get("/")
    for fault in (DatabaseError("database disk image is malformed"), OperationalError("disk I/O error")):
        answered = faults.answer(request, fault, about_record=False)
        assert answered is not None
        assert answered.status_code == 503
    # A row that breaks a rule of the tables is a mistake of ours and not the disk's.
    assert faults.answer(request, IntegrityError("UNIQUE"), about_record=False) is None
