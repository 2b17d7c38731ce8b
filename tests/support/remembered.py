"""What tests stand on is made once: the rows that making it wrote are written again for the next test that asks for it.

An office, a member and a case take a tenth of a second to make, most of it for keys. The same calls on the same rows
write the same rows, so what they wrote is kept, with the handles and keys of the first time. Only where that is sure:
on SQLite, inside a test's own transaction, from an empty database on, and with nothing else written in between.

What makes them does not run the second time: a test that watches or breaks an act while a builder calls it asks for
``builders.case.__wrapped__``.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any, ParamSpec, TypeVar
from unittest import mock

import msgspec
from django.db import connection, models, transaction

from safeconduct.accounts import keyring
from safeconduct.accounts.actions import log
from safeconduct.accounts.keys import today
from safeconduct.journal import bulk, tripwire
from safeconduct.people import journaling

P = ParamSpec("P")
T = TypeVar("T")
Key = tuple[object, ...]
_WRITES = ("INSERT", "UPDATE", "DELETE")


class _NotTheSame(Exception):
    """It cannot be told whether this was asked before."""


@dataclass(frozen=True)
class _Kept:
    """The statements that were run, what was returned, and which epoch file it is sealed under."""

    statements: tuple[tuple[str, Any, bool], ...]
    returned: Any
    epochs: object


@dataclass
class _Place:
    """Where the database stands: which calls made all that is in it, and what it counted then."""

    calls: Key = ()
    counted: object = None
    making: bool = False


_kept: dict[Key, _Kept] = {}
_place = _Place()


def remembered(make: Callable[P, T]) -> Callable[P, T]:
    """Have ``make`` write once; afterwards what it wrote is written again and what it returned is copied."""

    @functools.wraps(make)
    def made(*arguments: P.args, **named: P.kwargs) -> T:
        before = None if _place.making else _calls_so_far()
        if before is None:
            return make(*arguments, **named)
        try:
            calls = (*before, (make.__name__, _named(arguments), _named(named), today()))
        except _NotTheSame:
            return make(*arguments, **named)
        kept = _kept.get(calls)
        if kept is None or kept.epochs != _epochs():
            returned, kept = _recorded(lambda: make(*arguments, **named))
            if kept is None:
                return returned
            _kept[calls] = kept
        else:
            if not before:  # the same members again: what this process noted of them is another test's
                for noted in (journaling._listed, tripwire._months, log._unsaid):
                    noted.clear()
            _write(kept)
            returned = copy.deepcopy(kept.returned)
        _place.calls, _place.counted = calls, _count()
        return returned

    return made


def make_each_time() -> None:
    """Remember nothing from now on: for whoever changes the code that makes, and looks for the test that notices."""
    _place.making = True


def _calls_so_far() -> Key | None:
    """The calls that made everything in the database; None where it holds more, or they would not be undone."""
    if connection.vendor != "sqlite" or not connection.in_atomic_block:
        return None
    count = _count()
    if not count[1]:
        return ()
    return _place.calls if count == _place.counted else None


def _count() -> tuple[int, tuple[Any, ...]]:
    """How much this connection ever wrote, which a rollback leaves; each table's last number, which it takes back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, seq FROM sqlite_sequence WHERE seq > 0 AND name NOT LIKE 'django%%' ORDER BY name")
        return connection.connection.total_changes, tuple(cursor.fetchall())


def _recorded(make: Callable[[], T]) -> tuple[T, _Kept | None]:
    """Make it; what was written is None where not all of it was seen, or some was taken back."""
    statements: list[tuple[str, Any, bool]] = []
    whole = True

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Mapping[str, Any]) -> Any:
        nonlocal whole
        verb = sql.lstrip().split(maxsplit=1)[0].upper()
        if verb in _WRITES:
            statements.append((sql, copy.copy(params), many))
        whole = whole and verb != "ROLLBACK"
        return execute(sql, params, many, context)

    def unseen(table: bulk.Table, values: Any) -> None:
        nonlocal whole
        whole = False
        write(table, values)

    write = bulk.Table._write
    _place.making = True
    try:
        with connection.execute_wrapper(note), mock.patch.object(bulk.Table, "_write", unseen):
            returned = make()
    finally:
        _place.making = False
    return returned, _Kept(tuple(statements), copy.deepcopy(returned), _epochs()) if whole else None


def _write(kept: _Kept) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for sql, params, many in kept.statements:
            (cursor.executemany if many else cursor.execute)(sql, params)
            if cursor.description:  # until what it returns is taken, SQLite has not counted what it wrote
                cursor.fetchall()


def _epochs() -> object:
    try:
        stat = keyring._path().stat()
    except FileNotFoundError:
        return None
    return keyring._path(), stat.st_mtime_ns, stat.st_ino


def _named(value: object) -> object:
    """An argument as something that is equal for equal arguments. Raises `_NotTheSame`."""
    if value is None or isinstance(value, str | int | date | bytes | Enum):
        return value
    if isinstance(value, models.Model):
        return value._meta.label, value.pk
    if isinstance(value, msgspec.Struct):
        return type(value).__name__, msgspec.json.encode(value)
    if is_dataclass(value):
        return type(value).__name__, tuple(_named(getattr(value, one.name)) for one in fields(value))
    if isinstance(value, Mapping):
        return tuple(sorted((str(name), _named(one)) for name, one in value.items()))
    if isinstance(value, list | tuple):
        return tuple(_named(one) for one in value)
    raise _NotTheSame
