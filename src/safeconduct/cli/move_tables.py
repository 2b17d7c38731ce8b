"""Copying every table of one database into another kind of database, and comparing the two.

Generic over Django's models, the table of applied migrations among them: values go through Django's own fields, so
each database stores them its own way. Nothing is opened: what is sealed is bytes here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.migrations.recorder import MigrationRecorder
from django.db.models.functions import Length

ROWS_AT_ONCE = 2000
BYTES_AT_ONCE = 16 * 1024 * 1024

Model = type[models.Model]


@dataclass(frozen=True, slots=True)
class Table:
    """What two databases must agree on: how many rows, a SHA-256 over all of them, and the last number given out."""

    rows: int
    digest: str
    last: int


def tables() -> list[Model]:
    """Every model with a table, in a fixed order, and the applied migrations."""
    ours = apps.get_models(include_auto_created=True)
    return [*(model for model in ours if model._meta.managed and not model._meta.proxy), MigrationRecorder.Migration]


def names(connection: BaseDatabaseWrapper) -> set[str]:
    """The tables there are, but not those an index over text consists of: they come and go with its rows."""
    with connection.cursor() as cursor:
        return set(connection.introspection.table_names(cursor)) - index_tables(cursor)


def index_tables(cursor: CursorWrapper) -> set[str]:
    """SQLite's virtual tables, and the tables behind them."""
    if cursor.db.vendor != "sqlite":
        return set()
    cursor.execute("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('virtual', 'shadow')")
    return {name for (name,) in cursor.fetchall()}


def count(alias: str) -> int:
    """How many rows there are in all."""
    return sum(model._base_manager.using(alias).count() for model in tables())


def copy(source: str, target: str, *, progress: Callable[[int], None]) -> None:
    """Fill the tables of `target`, made by the same migrations, with the rows of `source`. `progress` gets rows done.

    In parts, each committed: memory stays bounded by a part. What was in the tables before is taken away. Foreign keys
    are held back until the end, because rows may point forward, and are then checked all at once by the database.
    Raises `DatabaseError`.
    """
    connection = connections[target]
    held = _hold_back_foreign_keys(connection)
    with connection.cursor() as cursor:
        for model in tables():
            cursor.execute(f"DELETE FROM {_quoted(connection, model)}")  # noqa: S608 - the name of a model's table
    for model in tables():
        fields = model._meta.local_concrete_fields
        columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
        places = ", ".join(["%s"] * len(fields))
        statement = f"INSERT INTO {_quoted(connection, model)} ({columns}) VALUES ({places})"  # noqa: S608 - names only
        for rows in _parts(source, model):
            prepared = [
                [field.get_db_prep_save(value, connection) for field, value in zip(fields, row, strict=True)]
                for row in rows
            ]
            with transaction.atomic(using=target), connection.cursor() as cursor:
                cursor.executemany(statement, prepared)
            progress(len(rows))
    for model in tables():
        _set_last(connection, model, max(_last(connections[source], model), _highest(target, model)))
    _put_back_foreign_keys(connection, held)


def described(alias: str, *, progress: Callable[[int], None]) -> dict[str, Table]:
    """Each table of a database in a form that does not depend on which kind of database it is."""
    out = {}
    for model in tables():
        digest, rows = hashlib.sha256(), 0
        for part in _parts(alias, model):
            for row in part:
                digest.update(b"".join(map(canonical, row)))
            rows += len(part)
            progress(len(part))
        out[model._meta.db_table] = Table(rows, digest.hexdigest(), _last(connections[alias], model))
    return out


def differing(before: dict[str, Table], after: dict[str, Table]) -> list[str]:
    """The tables of which the second is not the first, or whose next number might have been given out before."""
    return [
        name
        for name in sorted(before.keys() | after.keys())
        if name not in before
        or name not in after
        or before[name].rows != after[name].rows
        or before[name].digest != after[name].digest
        or after[name].last < before[name].last
    ]


def canonical(value: Any) -> bytes:
    """One value as bytes that no other value has: a letter for its kind, its length, and itself."""
    match value:
        case None:
            kind, raw = b"n", b""
        case bool():
            kind, raw = b"t", b"1" if value else b"0"
        case int():
            kind, raw = b"i", str(value).encode()
        case str():
            kind, raw = b"s", value.encode()
        case bytes() | memoryview() | bytearray():
            kind, raw = b"b", bytes(value)
        case UUID():
            kind, raw = b"u", value.bytes
        case datetime():
            kind, raw = b"m", value.astimezone(UTC).isoformat(timespec="microseconds").encode()
        case date():
            kind, raw = b"d", value.isoformat().encode()
        case _:
            raise TypeError(f"a {type(value).__name__} has no canonical form yet: add one")
    return kind + len(raw).to_bytes(8, "big") + raw


def drop_all(connection: BaseDatabaseWrapper, also: Sequence[str] = ()) -> None:
    """Take away every table of ours, and those named, at once."""
    ours = {model._meta.db_table for model in tables()} | set(also)
    cascade = " CASCADE" if connection.vendor == "postgresql" else ""
    if connection.vendor == "sqlite":
        connection.disable_constraint_checking()
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for name in sorted(names(connection) & ours):
            cursor.execute(f"DROP TABLE {connection.ops.quote_name(name)}{cascade}")
        while left := sorted(index_tables(cursor), key=len):
            # The shortest name is a virtual table's own, and takes those behind it along.
            cursor.execute(f"DROP TABLE {connection.ops.quote_name(left[0])}")
    if connection.vendor == "sqlite":
        connection.enable_constraint_checking()


def _parts(alias: str, model: Model) -> Iterator[list[tuple[Any, ...]]]:
    """Rows in the order of their number, each part small enough to hold."""
    rows = model._base_manager.using(alias)
    fields = model._meta.local_concrete_fields
    blobs = [field.attname for field in fields if isinstance(field, models.BinaryField)]
    longest = rows.aggregate(**{f"most_{name}": models.Max(Length(name)) for name in blobs}) if blobs else {}
    largest = sum(value or 0 for value in longest.values())
    at_once = max(1, min(ROWS_AT_ONCE, BYTES_AT_ONCE // max(1, largest)))
    attributes, last = [field.attname for field in fields], None
    assert model._meta.pk is not None
    number = attributes.index(model._meta.pk.attname)
    while True:
        found = rows.order_by("pk") if last is None else rows.filter(pk__gt=last).order_by("pk")
        part = list(found.values_list(*attributes)[:at_once])
        if not part:
            return
        yield part
        last = part[-1][number]


def _quoted(connection: BaseDatabaseWrapper, model: Model) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _highest(alias: str, model: Model) -> int:
    return model._base_manager.using(alias).aggregate(most=models.Max("pk"))["most"] or 0


def _last(connection: BaseDatabaseWrapper, model: Model) -> int:
    """The last number the table gave out, also to a row since deleted: it is never to be given out again."""
    assert model._meta.pk is not None
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [model._meta.db_table])
            row = cursor.fetchone()
            return row[0] if row else 0
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [_quoted(connection, model), model._meta.pk.column])
        [sequence] = cursor.fetchone()
        cursor.execute(f"SELECT last_value, is_called FROM {sequence}")  # noqa: S608 - as the server quotes it
        value, called = cursor.fetchone()
        return value if called else 0


def _set_last(connection: BaseDatabaseWrapper, model: Model, last: int) -> None:
    assert model._meta.pk is not None
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])
        else:
            place = [_quoted(connection, model), model._meta.pk.column, max(1, last), last > 0]
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s, %s)", place)


def _hold_back_foreign_keys(connection: BaseDatabaseWrapper) -> list[tuple[str, str, str]]:
    """On PostgreSQL each constraint is taken away, to be added back as it was: (table, name, definition)."""
    if connection.vendor == "sqlite":
        connection.disable_constraint_checking()
        return []
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
        )
        held: list[tuple[str, str, str]] = list(cursor.fetchall())
        for table, name, _ in held:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    return held


def _put_back_foreign_keys(connection: BaseDatabaseWrapper, held: list[tuple[str, str, str]]) -> None:
    """The database checks every row as they come back. Raises `IntegrityError`."""
    if connection.vendor == "sqlite":
        connection.check_constraints()
        connection.enable_constraint_checking()
        return
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for table, name, definition in held:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
