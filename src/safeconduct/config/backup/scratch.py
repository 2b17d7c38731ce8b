"""PostgreSQL's part of a trial restore: an empty database beside the real one, gone afterwards."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from safeconduct.config import database

from .manifest import BackupFault


def without_password(address: str) -> str:
    """A `database` setting without its password; `sqlite` as it is."""
    parts = urlsplit(address)
    if not parts.password:
        return address
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{quote(parts.username or '')}@{host}"))


@contextmanager
def empty_database(address: str) -> Iterator[str | None]:
    """The address of an empty database beside it, dropped after use; None for SQLite. Raises `BackupFault`."""
    if address == "sqlite":
        yield None
        return
    import psycopg  # here: a desk on SQLite does without
    from psycopg import sql

    name = f"safeconduct_trial_{secrets.token_hex(6)}"
    try:
        with psycopg.connect(autocommit=True, **_arguments(address)) as server:
            try:
                server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            except psycopg.Error:
                raise BackupFault(
                    "The backup was not made, because it could not have been tried: the desk's account may not make a"
                    " database. Let it, with: ALTER ROLE … CREATEDB"
                ) from None
            try:
                yield urlunsplit(urlsplit(address)._replace(path=f"/{name}"))
            finally:
                server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
    except psycopg.Error:
        raise BackupFault(
            "The backup does not count, because it could not be tried: PostgreSQL stopped answering. See that it runs,"
            f" drop the database {name} if it is there, and run the command again."
        ) from None


def _arguments(address: str) -> dict[str, Any]:
    settings = database.postgresql(address)
    given = {
        "dbname": settings["NAME"],
        "user": settings["USER"],
        "password": settings["PASSWORD"],
        "host": settings["HOST"],
        "port": settings["PORT"],
        **settings["OPTIONS"],
    }
    return {name: value for name, value in given.items() if value}
