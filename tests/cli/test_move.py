"""`safeconduct move` on a real PostgreSQL: there and back, killed on the way, and what it refuses."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import sqlite3
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from safeconduct.cli import move_tables
from safeconduct.cli.move_tables import Table
from safeconduct.config import moving
from safeconduct.config.folder import DataFolder
from tests import builders
from tests.conftest import ON_POSTGRESQL, StartDesk
from tests.support import desk, tracing
from tests.support.first_desk import ROOT, FirstDesk
from tests.support.postgresql import Cluster

pytestmark = pytest.mark.postgresql


@pytest.fixture
def office(request: pytest.FixtureRequest, tmp_path: Path) -> FirstDesk:
    """An up-to-date folder with people, cases and imports, on SQLite; its records' words are known."""
    if ON_POSTGRESQL:
        pytest.skip("both databases are in it: the run on SQLite does it")
    today: FirstDesk = request.getfixturevalue("first_desk_today")
    return today.copied(tmp_path / "first")


@pytest.fixture
def address(cluster: Cluster) -> str:
    """An empty database."""
    return cluster.create(f"move_{secrets.token_hex(6)}")


def move(office: FirstDesk, to: str, *more: str) -> dict[str, object]:
    done = desk.run("move", "--folder", str(office.folder), "--to", to, "--json", *more)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def setting(office: FirstDesk) -> str:
    return DataFolder.open(office.folder, environment={}).options.database


def every_record_opens(office: FirstDesk) -> None:
    read = office.run("read")
    assert read.returncode == 0, read.stdout + read.stderr


def in_archive(office: FirstDesk, what: str) -> None:
    """Have sources, and what is written of them, ``add``ed to the folder, or ``read`` there."""
    line = [sys.executable, "-m", "tests.support.sources", what, str(office.folder), str(office.expected["lead"])]
    done = subprocess.run(line, cwd=ROOT, env=desk.environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def last_numbers(office: FirstDesk) -> dict[str, int]:
    """The last number each table of the SQLite file gave out."""
    with sqlite3.connect(office.folder / "database.sqlite3") as connection:
        return dict(connection.execute("SELECT name, seq FROM sqlite_sequence WHERE name NOT LIKE 'django%'"))


def test_there_and_back_every_record_opens(office: FirstDesk, address: str) -> None:
    in_archive(office, "add")
    before = last_numbers(office)
    text = (office.folder / "safeconduct.toml").read_text("utf-8")

    moved = move(office, address)
    assert setting(office) == address
    assert (office.folder / "safeconduct.toml").read_text("utf-8") == text.replace('"sqlite"', f'"{address}"')
    assert (office.folder / "safeconduct.toml").stat().st_mode & 0o777 == 0o600
    assert moved["rows"] == sum(table.rows for table in _tables(office).values())
    assert "delete it" in str(moved["old"])
    with psycopg.connect(address) as connection:
        acts = connection.execute("SELECT act, member, position FROM journal_entry ORDER BY id DESC LIMIT 1").fetchone()
        assert acts is not None
        assert acts[:2] == ("database_moved", None)
        assert acts[2] is not None
        assert connection.execute("SELECT to_regclass('safeconduct_moving')").fetchone() == (None,)
        for name, last in before.items():
            [after] = connection.execute(f"SELECT nextval(pg_get_serial_sequence('{name}', 'id'))").fetchone() or [0]
            assert after > last, f"{name} would give a number out twice"
        keys = connection.execute("SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND convalidated").fetchone()
        assert keys is not None
        assert keys[0] > 30
    every_record_opens(office)
    in_archive(office, "read")
    worked = office.run("work")
    assert worked.returncode == 0, worked.stdout + worked.stderr

    refused = desk.run("move", "--folder", str(office.folder), "--to", "sqlite")
    assert refused.returncode == 2
    assert "an earlier move left behind" in refused.stderr
    (office.folder / "database.sqlite3").unlink()
    back = move(office, "sqlite", "--discard-old")
    assert setting(office) == "sqlite"
    assert "were dropped" in str(back["old"])
    with psycopg.connect(address) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)
    assert (office.folder / "database.sqlite3").stat().st_mode & 0o777 == 0o600
    checked = desk.run("check", "--folder", str(office.folder))
    assert checked.returncode == 0, checked.stdout + checked.stderr
    in_archive(office, "read")


def _tables(office: FirstDesk) -> dict[str, Table]:
    """The rows of the SQLite file that was left, without the mark."""
    out = {}
    with sqlite3.connect(office.folder / "database.sqlite3") as connection:
        named = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> ?"
            " AND name NOT LIKE 'archive_grams%'",  # of an index: they come with its rows
            [moving.TABLE],
        ).fetchall()
        for (name,) in named:
            [rows] = connection.execute(f"SELECT count(*) FROM {name}").fetchone()
            out[name] = Table(rows, "", 0)
    return out


# Where a move to PostgreSQL is killed: while tables are made, while rows are copied (messages to the server); at the
# rename of the settings (the copy is whole, the folder not yet on it); at the sync after it (the folder is on it).
TO_POSTGRESQL = [f"sendto:signal=SIGKILL:when={number}" for number in (90, 500)]
TO_POSTGRESQL += ["rename:signal=SIGKILL:when=1", "fsync:signal=SIGKILL:when=2"]


def test_killed_on_the_way_there_and_run_again(office: FirstDesk, cluster: Cluster) -> None:
    tracing.need_strace()
    target = cluster.create(f"move_{secrets.token_hex(6)}")
    before = _tables(office)
    for point in TO_POSTGRESQL:
        assert tracing.run(_line(office, target), inject=point).returncode != 0, point
        if point == TO_POSTGRESQL[-1]:
            assert setting(office) == target
            break
        assert setting(office) == "sqlite", point
        assert _tables(office) == before
        with psycopg.connect(target) as connection:
            marked = connection.execute("SELECT to_regclass('safeconduct_moving')").fetchone()
            assert marked is not None
            assert marked[0] is not None, "the unfinished copy is not recognisable"
    every_record_opens(office)
    with psycopg.connect(target) as connection:
        assert connection.execute("SELECT to_regclass('safeconduct_moving')").fetchone() == (None,)


def test_killed_on_the_way_back_and_run_again(office: FirstDesk, address: str) -> None:
    tracing.need_strace()
    move(office, address, "--discard-old")
    assert not list(office.folder.glob("database.sqlite3*"))
    for point in (2, 60):
        inject = f"fdatasync:signal=SIGKILL:when={point}"
        assert tracing.run(_line(office, "sqlite"), inject=inject).returncode != 0, point
        assert setting(office) == address
    # A desk that somebody points at the unfinished copy does not start.
    text = (office.folder / "safeconduct.toml").read_text("utf-8")
    DataFolder.open(office.folder).change("database", "sqlite")
    refused = desk.run("serve", "--folder", str(office.folder), "--port", "0")
    assert refused.returncode == 2
    assert "cut short" in refused.stderr
    (office.folder / "safeconduct.toml").write_text(text, encoding="utf-8")
    move(office, "sqlite")
    assert setting(office) == "sqlite"
    # Nor one pointed at what was left.
    DataFolder.open(office.folder).change("database", address)
    refused = desk.run("serve", "--folder", str(office.folder), "--port", "0")
    assert refused.returncode == 2
    assert "moved away" in refused.stderr


def _line(office: FirstDesk, to: str) -> list[str]:
    return desk.command("move", "--folder", str(office.folder), "--to", to, "--json")


def refusal(office: FirstDesk, to: str, **extra: str) -> str:
    done = desk.run("move", "--folder", str(office.folder), "--to", to, extra=extra)
    assert done.returncode == 2, done.stdout + done.stderr
    assert setting(office) == "sqlite"
    return done.stderr


def test_it_refuses_while_a_desk_runs_and_nobody_comes_in_between(
    office: FirstDesk, address: str, start_desk: StartDesk, tmp_path: Path
) -> None:
    running = start_desk(office.folder, SAFECONDUCT_DATABASE="sqlite")
    assert "in use by a desk or another command" in refusal(office, address)
    running.stop()
    handle = os.open(office.folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        kept_out = desk.run("check", "--folder", str(office.folder))
        assert kept_out.returncode == 2
        assert "being moved" in kept_out.stderr
    finally:
        os.close(handle)


def test_what_it_refuses(office: FirstDesk, address: str, cluster: Cluster) -> None:
    assert "in SQLite already" in refusal(office, "sqlite")
    assert "begin with postgresql://" in refusal(office, "mysql://db/name")
    assert "overrides" in refusal(office, address, SAFECONDUCT_DATABASE="sqlite")
    far = refusal(office, "postgresql://desk:secret@db.example/safeconduct")
    assert 'write: database = "postgresql://desk:PASSWORD@db.example/safeconduct?sslmode=verify-full"' in far
    assert "secret" not in far
    assert "cannot be opened" in refusal(office, cluster.address("not_made"))
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE TABLE somebody_elses (n int)")
    assert "holds tables already" in refusal(office, address)
    with psycopg.connect(address, autocommit=True) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (1,)
        connection.execute("DROP TABLE somebody_elses")
        connection.execute(f'ALTER DATABASE "{connection.info.dbname}" SET synchronous_commit = off')
    assert "synchronous_commit = on" in refusal(office, address)


def test_an_unfinished_copy_of_another_folder_is_left_alone(office: FirstDesk, address: str, tmp_path: Path) -> None:
    other = DataFolder.create(tmp_path / "other", "real", environment={})
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE TABLE {moving.TABLE} (state text, at text, folder text)")
        row = ("copying", datetime.now(UTC).isoformat(), moving.fingerprint(other))
        connection.execute(f"INSERT INTO {moving.TABLE} VALUES (%s, %s, %s)", row)
    assert "holds tables already" in refusal(office, address)


VALUES = [
    None, True, False, 0, 1, -1, 2**62, "", "0", "1", "ኃይሉ", b"", b"0", b"1", b"\x00\xff",
    UUID(int=0), UUID(int=1), date(2026, 11, 20), datetime(2026, 11, 20, tzinfo=UTC),
    datetime(2026, 11, 20, 0, 0, 0, 1, tzinfo=UTC), "2026-11-20", UUID(int=1).bytes, str(UUID(int=1)),
]  # fmt: skip


def test_no_two_values_look_alike_to_the_comparison() -> None:
    assert len({move_tables.canonical(value) for value in VALUES}) == len(VALUES)
    here = datetime(2026, 6, 1, 13, 0, 0, 7, tzinfo=timezone(timedelta(hours=1)))
    assert move_tables.canonical(here) == move_tables.canonical(here.astimezone(UTC))
    assert move_tables.canonical(memoryview(b"ab")) == move_tables.canonical(b"ab")
    # Where one value ends and the next begins is part of it.
    assert b"".join(map(move_tables.canonical, ["ab", "c"])) != b"".join(map(move_tables.canonical, ["a", "bc"]))
    with pytest.raises(TypeError):
        move_tables.canonical(1.5)


@pytest.fixture
def populated(transactional_db: None) -> None:
    place = builders.office()
    lowri = builders.member(place)
    about = builders.person(lowri, "Fatima Rahimi")
    builders.case(lowri, about, sent_on=date(2026, 11, 2))


def test_every_changed_row_and_every_number_is_noticed(populated: None) -> None:
    from safeconduct.journal.models import Entry
    from safeconduct.people.models import Envelope

    def described() -> dict[str, Table]:
        return move_tables.described("default", progress=lambda rows: None)

    before = described()
    assert described() == before
    assert move_tables.differing(before, described()) == []
    entry = Entry.objects.earliest("id")
    Entry.objects.filter(pk=entry.pk).update(at=entry.at + timedelta(microseconds=1))
    assert move_tables.differing(before, described()) == ["journal_entry"]
    Entry.objects.filter(pk=entry.pk).update(at=entry.at)
    assert move_tables.differing(before, described()) == []
    envelope = Envelope.objects.latest("id")
    envelope.delete()
    assert move_tables.differing(before, described()) == ["people_envelope"]
    assert described()["people_envelope"].last == before["people_envelope"].last
    assert move_tables.differing({"x": Table(1, "a", 9)}, {"x": Table(1, "a", 8)}) == ["x"]
    assert move_tables.differing({"x": Table(1, "a", 9)}, {}) == ["x"]


def test_parts_stay_small_where_rows_are_large(populated: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from safeconduct.people.models import Envelope

    assert Envelope.objects.count() > 3
    longest = max(len(bytes(body)) for body in Envelope.objects.values_list("body", flat=True))
    monkeypatch.setattr(move_tables, "BYTES_AT_ONCE", 2 * longest)
    parts = [len(part) for part in move_tables._parts("default", Envelope)]
    assert max(parts) <= 2
    assert sum(parts) == Envelope.objects.count()
