"""Django's DATABASES for a data folder: SQLite by default, PostgreSQL from an address.

Sources: sqlite.org/wal.html ("The WAL-reset bug") for the fixed versions; sqlite.org/pragma.html for the rest.
"""

from __future__ import annotations

import importlib.util
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from safeconduct.config.options import Options, SettingFault

POSTGRESQL_OPTIONS = frozenset({"sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout", "application_name"})


def wal_is_safe(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite may use WAL mode.

    Versions before 3.51.3 can corrupt a WAL database used by two connections at once; the repair was also made in
    3.50.7 and 3.44.6 for their own lines, and in no other.
    """
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51, 0) or (3, 44, 6) <= version < (3, 45, 0)


def journal_mode(version: tuple[int, int, int] = sqlite3.sqlite_version_info) -> str:
    """`WAL` on a SQLite where it is safe, else `TRUNCATE`."""
    return "WAL" if wal_is_safe(version) else "TRUNCATE"


def sqlite(path: Path, timeout: int, version: tuple[int, int, int] = sqlite3.sqlite_version_info) -> dict[str, Any]:
    """Django's settings of an SQLite database at `path`; `timeout` in seconds.

    IMMEDIATE: a transaction that reads and then writes would otherwise fail at once under load instead of waiting.
    FULL: what was acknowledged survives a power cut. secure_delete and temp_store: erased bytes are overwritten, and
    sorting never spills to a temporary file.
    """
    pragmas = (
        f"journal_mode={journal_mode(version)}",
        "synchronous=FULL",
        "secure_delete=ON",
        "foreign_keys=ON",
        "temp_store=MEMORY",
    )
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": timeout,
            "init_command": "".join(f"PRAGMA {pragma};" for pragma in pragmas),
        },
        # A file, not memory: a shared in-memory database locks whole tables between threads.
        "TEST": {"NAME": str(path.with_name("test.sqlite3"))},
    }


def postgresql(address: str) -> dict[str, Any]:
    """Django's settings of the PostgreSQL at `address`.

    `postgresql://member:secret@db.example:5432/safeconduct?sslmode=verify-full`, or with a socket folder
    `postgresql://postgres@/safeconduct?host=/run/postgresql`. Raises `SettingFault`.
    """
    parts = urlsplit(address)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise SettingFault("database must be sqlite or begin with postgresql://.")
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise SettingFault("database must end with the database's name: postgresql://host/name.")
    query = dict(parse_qsl(parts.query))
    host = query.pop("host", "") or unquote(parts.hostname or "")
    try:
        port = query.pop("port", "") or (str(parts.port) if parts.port else "")
    except ValueError:
        raise SettingFault("database has a port that is not a number.") from None
    if "," in host:
        # A driver given several servers may choose a replica, and no access is decided from one.
        raise SettingFault("database names several servers. Name the primary alone.")
    if extra := sorted(set(query) - POSTGRESQL_OPTIONS):
        raise SettingFault(f"database has an option that is not allowed: {extra[0]}.")
    if importlib.util.find_spec("psycopg") is None:
        raise SettingFault("PostgreSQL needs its driver beside the desk: pip install 'safeconduct[postgresql]'.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": port,
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": query,
        "TEST": {"NAME": f"test_{name}"},
    }


def default(options: Options, sqlite_path: Path) -> dict[str, Any]:
    """The default database of a folder with `options`. Raises `SettingFault`."""
    if options.database == "sqlite":
        return sqlite(sqlite_path, options.database_timeout)
    return postgresql(options.database)
