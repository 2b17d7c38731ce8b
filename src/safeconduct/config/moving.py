"""The mark on a database that is being moved to, or was moved from: a small table beside the others.

It makes a copy that was cut short recognisable, whoever looks at it, and keeps a desk off a database that was left.
`safeconduct move` writes it; it holds a state, a time and which folder, and nothing of a record.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from safeconduct.config.folder import DataFolder

TABLE = "safeconduct_moving"


class State(StrEnum):
    """``copying``: unfinished. ``ready``: whole and verified, the folder about to follow. ``left``: moved away from."""

    COPYING = "copying"
    READY = "ready"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Mark:
    """What the table says: the state, since when (UTC, ISO 8601), and the folder's fingerprint."""

    state: State
    at: str
    folder: str


def fingerprint(data: DataFolder) -> str:
    """What tells this folder from others, without saying where it lies."""
    return hashlib.sha256(b"safeconduct/moving\0" + data.secret_key().encode("ascii")).hexdigest()[:32]


def read(connection: BaseDatabaseWrapper) -> Mark | None:
    """The mark of a database, if it has one."""
    with connection.cursor() as cursor:
        if TABLE not in connection.introspection.table_names(cursor):
            return None
        cursor.execute(f"SELECT state, at, folder FROM {TABLE}")  # noqa: S608 - a constant
        row = cursor.fetchone()
    return Mark(State(row[0]), row[1], row[2]) if row else None


def write(connection: BaseDatabaseWrapper, state: State, data: DataFolder) -> None:
    """Mark a database, in place of the mark it had: all of it or nothing."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")
        cursor.execute(f"CREATE TABLE {TABLE} (state text NOT NULL, at text NOT NULL, folder text NOT NULL)")
        cursor.execute(
            f"INSERT INTO {TABLE} (state, at, folder) VALUES (%s, %s, %s)",  # noqa: S608 - a constant
            [state.value, datetime.now(UTC).isoformat(timespec="seconds"), fingerprint(data)],
        )


def clear(connection: BaseDatabaseWrapper) -> None:
    """Take the mark away."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")


def arrived(connection: BaseDatabaseWrapper) -> None:
    """Take away the mark of a move that ended as its folder followed: the database is the folder's own now."""
    mark = read(connection)
    if mark is not None and mark.state is State.READY:
        clear(connection)


def faults(connection: BaseDatabaseWrapper) -> list[str]:
    """Why no desk may stand on this database, going by its mark."""
    mark = read(connection)
    if mark is None or mark.state is State.READY:
        return []
    if mark.state is State.COPYING:
        return [
            f"This database is a copy that was cut short on {mark.at[:10]}. Put the setting database back to where the"
            " records are, and run safeconduct move again."
        ]
    return [
        f"The records were moved away from this database on {mark.at[:10]}. Put the setting database to where they"
        " went: what was done since is only there."
    ]
