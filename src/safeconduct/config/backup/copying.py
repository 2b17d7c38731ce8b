"""A consistent copy of a database that is in use, and of the papers beside it.

SQLite: its online backup, in steps. A writer between two steps makes SQLite begin again, so after a few such the copy
is made in one step, and writers wait for that. In WAL mode a reader's view stands still by itself.
PostgreSQL: ``pg_dump`` from a snapshot that is also what is counted.
Source: sqlite.org/backup.html; postgresql.org/docs/current/app-pgdump.html (--snapshot).
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from safeconduct.config.folder import DataFolder

from .manifest import BackupFault

SQLITE: Final = "database.sqlite3"
DUMP: Final = "database.dump"
# Of no use in a copy: what sessions, searches and refused tries left.
LEFT_OUT: Final = ("accounts_session", "accounts_attempts", "people_found")
_PAGES: Final = 1000
_RESTARTS: Final = 3

Ask = Callable[[str], Sequence[Sequence[Any]]]
Progress = Callable[[str, int, int], None]


class _Restarted(Exception):
    """A writer came between two steps too often."""


@contextmanager
def copied(data: DataFolder, into: Path, progress: Progress) -> Iterator[Ask]:
    """Copy the database into the folder ``into``. Yields what answers SQL about exactly what was copied.

    Raises `BackupFault`.
    """
    if data.options.database == "sqlite":
        copy_sqlite(data.database_path, into / SQLITE, progress, timeout=data.options.database_timeout)
        with closing(sqlite3.connect(into / SQLITE)) as copy:
            yield lambda sql: copy.execute(sql).fetchall()
        sync(into / SQLITE)
    else:
        with _dumped(data.options.database, into / DUMP, progress) as ask:
            yield ask


def copy_sqlite(source: Path, target: Path, progress: Progress, *, timeout: int) -> None:
    """Copy an SQLite database that others are writing to. Raises `BackupFault`, `sqlite3.Error`."""
    with (
        closing(sqlite3.connect(f"file:{source}?mode=rw", uri=True, timeout=timeout)) as live,
        closing(sqlite3.connect(target, timeout=timeout)) as copy,
    ):
        if live.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
            live.execute("BEGIN")
            live.execute("SELECT count(*) FROM sqlite_master").fetchone()
        try:
            live.backup(copy, pages=_PAGES, progress=_Counted(progress), sleep=0.001)
        except _Restarted:
            live.backup(copy, pages=-1, progress=_Counted(progress, restarts=None))
        copy.execute("PRAGMA journal_mode=DELETE")
        copy.execute("PRAGMA secure_delete=ON")
        there = {name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for table in LEFT_OUT:
            if table in there:
                copy.execute(f"DELETE FROM {table}")  # noqa: S608 -- names of our own tables
        copy.commit()


class _Counted:
    """Passes on how far the copy is; raises `_Restarted` once it began again too often."""

    def __init__(self, progress: Progress, restarts: int | None = _RESTARTS) -> None:
        self._progress, self._left, self._remaining = progress, restarts, -1

    def __call__(self, _status: int, remaining: int, total: int) -> None:
        if self._left is not None and 0 <= self._remaining < remaining:
            self._left -= 1
            if self._left < 0:
                raise _Restarted
        self._remaining = remaining
        self._progress("copying the database", total - remaining, total)


@contextmanager
def _dumped(address: str, target: Path, progress: Progress) -> Iterator[Ask]:
    from django.db import connection, transaction  # here: Django must be started first

    program = shutil.which("pg_dump")
    if program is None:
        raise BackupFault(
            "pg_dump is not on this machine. Install PostgreSQL's client programs (Debian: apt install"
            " postgresql-client), or run there: pg_dump --format=custom --file database.dump DATABASE"
        )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        progress("copying the database", 0, 1)
        left_out = [f"--exclude-table-data={table}" for table in LEFT_OUT]
        arguments = [program, "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={target}", *left_out]
        run_postgresql(arguments, address, "The database could not be copied")
        progress("copying the database", 1, 1)

        def ask(sql: str) -> Sequence[Sequence[Any]]:
            cursor.execute(sql)
            rows: Sequence[Sequence[Any]] = cursor.fetchall()
            return rows

        yield ask
    sync(target)


def run_postgresql(arguments: list[str], address: str, fault: str) -> None:
    """Run one of PostgreSQL's programs on the database at ``address``. Raises `BackupFault`.

    The password goes by the environment, which other accounts of the machine cannot read, as they can an argument.
    """
    from safeconduct.config import database

    settings = database.postgresql(address)
    known = {
        "PGHOST": settings["HOST"],
        "PGPORT": settings["PORT"],
        "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"],
        "PGDATABASE": settings["NAME"],
        "PGSSLMODE": settings["OPTIONS"].get("sslmode", ""),
        "PGSSLROOTCERT": settings["OPTIONS"].get("sslrootcert", ""),
        "PGSSLCERT": settings["OPTIONS"].get("sslcert", ""),
        "PGSSLKEY": settings["OPTIONS"].get("sslkey", ""),
    }
    given = {**os.environ, **{name: str(value) for name, value in known.items() if value}}
    done = subprocess.run(  # noqa: S603 -- a program of PostgreSQL's, with arguments of ours
        arguments, env=given, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    if done.returncode:
        # What it says may name the server, never a record: rows are not quoted by a dump that fails.
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise BackupFault(f"{fault}: {said[-1] if said else 'the program said nothing'}")


def copy_papers(source: Path, target: Path, progress: Progress) -> int:
    """Copy sealed papers that are not yet in ``target``. How many were copied; one that vanishes meanwhile is not."""
    paths = sorted(path for path in source.rglob("*") if path.is_file()) if source.is_dir() else []
    copied_now = 0
    target.mkdir(mode=0o700, exist_ok=True)
    for number, path in enumerate(paths, start=1):
        to = target / path.relative_to(source)
        if not to.exists() and not path.name.startswith("."):
            to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                shutil.copyfile(path, to)
            except FileNotFoundError:
                to.unlink(missing_ok=True)
                continue
            sync(to)
            copied_now += 1
        if number % 100 == 0 or number == len(paths):
            progress("copying papers", number, len(paths))
    return copied_now


def sync(path: Path) -> None:
    """Wait until a file is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def database_name(address: str) -> str:
    """The database's name in a PostgreSQL address."""
    from safeconduct.config import database

    return str(database.postgresql(address)["NAME"])
