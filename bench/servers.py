"""A PostgreSQL server for the measurements, and carrying a built folder's rows over to it.

Unlike the tests' cluster it keeps its promises to the disk (fsync and the rest as PostgreSQL comes), and its locale
knows the letters of every script, without which pg_trgm finds no trigrams in an Arabic name.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from tests.support.postgresql import Cluster

SETTINGS = ("max_connections=60", "listen_addresses=", "shared_buffers=512MB", "max_wal_size=4GB")
LOCALE = "C.UTF-8"
_AT_ONCE = 5000


@contextmanager
def running() -> Iterator[Cluster]:
    """A server of this run's own, gone with it. Raises `NoCluster`."""
    # A folder of its own: its path must be short enough for a socket, and the server's account must reach it.
    folder = Path(tempfile.mkdtemp(prefix="safeconduct-pg-"))
    server = Cluster(folder, settings=SETTINGS, locale=LOCALE)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def carry_over(source: Path, address: str) -> int:
    """Copy every row of an SQLite file into the same tables, made by the same migrations. Returns how many."""
    copied = 0
    with sqlite3.connect(f"file:{source}?mode=ro", uri=True) as old, psycopg.connect(address) as new:
        # Rows come from a database that kept its constraints: checking each again only takes time.
        new.execute("SET session_replication_role = replica")
        for (table,) in old.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
            "AND name NOT LIKE 'archive_grams%' "  # an index of SQLite's alone
            "AND name NOT LIKE 'django_%'"
        ).fetchall():
            copied += _copy(old, new, table)
    with psycopg.connect(address, autocommit=True) as new:
        new.execute("VACUUM ANALYZE")
    return copied


def _copy(old: sqlite3.Connection, new: psycopg.Connection[Any], table: str) -> int:
    columns = new.execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s ORDER BY ordinal_position",
        [table],
    ).fetchall()
    names = [name for name, _ in columns]
    turns = [_TURNS.get(kind, _as_it_is) for _, kind in columns]
    rows = old.execute("SELECT {} FROM {}".format(", ".join(f'"{name}"' for name in names), f'"{table}"'))
    copied = 0
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    with new.cursor().copy(into) as copy:
        while chunk := rows.fetchmany(_AT_ONCE):
            for row in chunk:
                copy.write_row([turn(value) for turn, value in zip(turns, row, strict=True)])
            copied += len(chunk)
    if "id" in names:
        new.execute(
            sql.SQL(
                "SELECT setval(pg_get_serial_sequence({}, 'id'), (SELECT coalesce(max(id), 0) + 1 FROM {}))"
            ).format(sql.Literal(f'"{table}"'), sql.Identifier(table))
        )
    return copied


def _as_it_is(value: Any) -> Any:
    return value


def _instant(value: Any) -> Any:
    return None if value is None else f"{value}+00"


def _truth(value: Any) -> Any:
    return None if value is None else bool(value)


_TURNS: dict[str, Callable[[Any], Any]] = {"timestamp with time zone": _instant, "boolean": _truth}
