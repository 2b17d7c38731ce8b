"""What the desk needs of a PostgreSQL server, asked of the server itself. Each fault is a sentence with its fix.

Source: the PostgreSQL manual, "Runtime-config-wal" (fsync, synchronous_commit) and "Hot Standby".
"""

from __future__ import annotations

from typing import Any

from django.db import NotSupportedError
from django.db.backends.base.base import BaseDatabaseWrapper

# What Django of this release runs on.
LEAST_VERSION = 14

_ASKED = """
SELECT current_setting('server_version_num')::int, pg_is_in_recovery(), current_setting('server_encoding'),
       current_setting('fsync'), current_setting('synchronous_commit'),
       current_setting('default_transaction_read_only'), current_setting('default_transaction_isolation'),
       coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)
"""


def faults(connection: BaseDatabaseWrapper) -> list[str]:
    """What keeps the desk from standing on the server of `connection`. Raises `OperationalError` where none answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(_ASKED)
            row = cursor.fetchone()
    except NotSupportedError:  # Django refuses to connect to an older one
        return [_too_old()]
    assert row is not None
    return _of(*row)


def _of(
    version: int, standby: bool, encoding: str, fsync: str, commit: str, read_only: str, isolation: str, create: bool
) -> list[str]:
    found: list[str] = []
    if version < LEAST_VERSION * 10_000:
        found.append(_too_old())
    if standby:
        # What a standby shows may be minutes old: somebody who was disabled would still be let in.
        found.append(
            "This PostgreSQL is a hot standby, and access decisions are never made from a read replica."
            " Point the address at the primary."
        )
    if encoding != "UTF8":
        found.append(
            f"The database is in {encoding}, which cannot hold every name of staff. Make it again with:"
            " createdb --template template0 --encoding UTF8 --owner safeconduct safeconduct"
        )
    if fsync != "on":
        found.append(
            "The server runs with fsync = off: after a power cut it may be broken altogether. Set fsync = on in"
            " postgresql.conf and restart it."
        )
    if commit == "off":
        found.append(
            "The server answers before a write is on the disk (synchronous_commit = off), so entries of the log could"
            " be lost that people acted on. As its owner, run: ALTER ROLE safeconduct SET synchronous_commit = on"
        )
    if read_only == "on" and not standby:
        found.append(
            "The database takes no writes (default_transaction_read_only). Run: ALTER ROLE safeconduct RESET"
            " default_transaction_read_only, and the same for the database."
        )
    if isolation != "read committed":
        found.append(
            "Transactions run as " + isolation + ", which refuses work that two people do at once. Run: ALTER ROLE"
            " safeconduct RESET default_transaction_isolation, and the same for the database."
        )
    if not create and not standby:
        found.append(
            "The desk's account may not make tables in this database. Make the account its owner:"
            " ALTER DATABASE safeconduct OWNER TO safeconduct"
        )
    return found


def _too_old() -> str:
    return f"This PostgreSQL is older than version {LEAST_VERSION}. Upgrade the server; Debian 12 brings 15."


def described(settings: dict[str, Any]) -> str:
    """A database by its Django settings, without its password: for people to read."""
    where = settings["HOST"] or "the default socket"
    return f"the PostgreSQL database {settings['NAME']} at {where}"
