"""T25: the first desk's data folder, opened by today's code, also where the upgrade was killed on its way.

The folder is frozen (see folders/README.md). Every old ciphertext opens, the log verifies with its old entries as they
were, what was under way goes on, and its log continues the export that somebody kept outside.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from pathlib import Path

import pytest
from django.db.migrations.loader import MigrationLoader

from tests.support import desk, tracing
from tests.support.first_desk import ROOT, FirstDesk, lost, unpack

# Every point at which the upgrade may be killed is tried in a long run; else the one half way.
LONG = "SAFECONDUCT_LONG"
SYNC = "fdatasync"  # the one SQLite calls
SYNCS = 3  # for every migration, or more
FIRST = {(app, "0001_initial") for app in ("journal", "accounts", "agenda", "people", "casework")}


@pytest.fixture
def first(first_desk_today: FirstDesk, tmp_path: Path) -> FirstDesk:
    """Its own copy of the folder after the upgrade."""
    return first_desk_today.copied(tmp_path / "first")


def migrations(folder: Path) -> set[tuple[str, str]]:
    with sqlite3.connect(folder / "database.sqlite3") as connection:
        return set(connection.execute("SELECT app, name FROM django_migrations"))


def newest() -> set[tuple[str, str]]:
    return set(MigrationLoader(None).disk_migrations)


def opened_whole(one: FirstDesk) -> None:
    """It is upgraded, every record opens, and the log verifies."""
    read = one.run("read")
    assert read.returncode == 0, read.stdout + read.stderr
    assert newest() <= migrations(one.folder)


def works_on(one: FirstDesk) -> None:
    """What was under way goes on, records are changed, and the log and the data agree."""
    worked = one.run("work")
    assert worked.returncode == 0, worked.stdout + worked.stderr
    checked = desk.run("check", "--folder", str(one.folder))
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_folder_is_what_the_first_desk_left(tmp_path: Path) -> None:
    """Nothing of today has touched it: what is tested is an upgrade."""
    first = unpack(tmp_path / "first")
    assert migrations(first.folder) == FIRST < newest()
    assert len(first.expected["records"]) > 10


def test_todays_code_opens_everything_and_works_on(first: FirstDesk) -> None:
    opened_whole(first)
    works_on(first)


def test_the_log_continues_the_export_kept_outside(first: FirstDesk) -> None:
    line = ("log", "export", str(first.kept_log), "--folder", str(first.folder), "--member", "sian")
    before = (first.kept_log / "checkpoint").read_text("utf-8")
    done = desk.run(*line, typed=first.expected["passphrase"] + "\n")
    assert done.returncode == 0, done.stderr
    assert first.expected["verifier_key"] in done.stdout
    after = (first.kept_log / "checkpoint").read_text("utf-8")
    assert int(after.splitlines()[1]) > int(before.splitlines()[1]) == first.expected["size"]


def every_sync(tmp_path: Path) -> range:
    """The numbers of the syncs of a whole upgrade."""
    whole, trace = unpack(tmp_path / "whole"), tmp_path / "syncs"
    assert tracing.run(whole.line("migrate"), trace, calls=SYNC, folder=ROOT).returncode == 0
    syncs = len(re.findall(r"\bfdatasync\(", trace.read_text("utf-8")))
    assert syncs > SYNCS * len(newest() - FIRST), "the upgrade is expected to sync for every migration"
    return range(1, syncs + 1)


def test_killed_on_its_way_and_run_again(tmp_path: Path) -> None:
    """SIGKILL just before a sync of the upgrade; then it is run again."""
    tracing.need_strace()
    points = every_sync(tmp_path) if os.environ.get(LONG) else [SYNCS * len(newest() - FIRST) // 2]
    half_way = 0
    for point in points:
        one = unpack(tmp_path / f"killed-{point}")
        ended = tracing.run(one.line("migrate"), inject=f"{SYNC}:signal=SIGKILL:when={point}", folder=ROOT)
        assert ended.returncode != 0, point
        copy = tmp_path / "looked-at"
        shutil.copytree(one.folder, copy)  # looking recovers the database, which is the upgrade's to do
        half_way += migrations(copy) > FIRST and not newest() <= migrations(copy)
        shutil.rmtree(copy)
        opened_whole(one)
        checked = desk.run("check", "--folder", str(one.folder))
        assert checked.returncode == 0, checked.stdout + checked.stderr
        shutil.rmtree(one.place)
    assert half_way >= 1, "no kill came between two migrations"


def test_a_record_that_lost_something_would_be_noticed(first: FirstDesk) -> None:
    """The control: the comparison sees a word that is gone, and a record put back as it was fails the check."""
    record = first.expected["records"][first.expected["fatima"]]
    assert lost(record, record) == []
    moved = {"somewhere else": [record]}
    assert lost(record, moved) == []
    assert lost(record, {**record, "contact": {}}) != []
    with sqlite3.connect(first.folder / "database.sqlite3") as connection:
        connection.execute("UPDATE people_envelope SET body = zeroblob(length(body)) WHERE facet = 'identity'")
    assert first.run("read").returncode != 0
