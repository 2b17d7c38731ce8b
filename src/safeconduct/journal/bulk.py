"""Making and inserting very many rows: Django's own ways spend most of a long import on composing objects and SQL.

The same rows in the same tables, under the same constraints; only signals are not sent, and none are used here.
"""

import gc
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import chain, islice
from typing import Any, Final, TypeVar
from uuid import UUID

from django.db import connection, models
from django.db.models.base import ModelState

M = TypeVar("M", bound=models.Model)

_shapes: dict[tuple[type[models.Model], tuple[str, ...]], "_Shape"] = {}
_tables: dict[tuple[str, type[models.Model]], "Table"] = {}
# Below this many, asking for their numbers costs more than it saves.
_FEW: Final = 20
_COLLECTED: Final = gc.get_threshold()
_PAGES: Final = -64 * 1024
_PLAIN: Final = (models.IntegerField, models.CharField, models.BooleanField, models.BigAutoField, models.AutoField)


def make(model: type[M], /, **values: Any) -> M:
    """A row not yet saved, as ``model(**values)`` makes it; of other rows the whole or, as ``…_id``, their number."""
    asked = (model, tuple(values))
    shape = _shapes.get(asked) or _shapes.setdefault(asked, _Shape(model, values))
    row = model.__new__(model)
    attributes = row.__dict__
    state = attributes["_state"] = ModelState()
    attributes.update(shape.plain)
    for name, default in shape.called:
        attributes[name] = default()
    others: dict[str, Any] = {}
    for name, attname, target in shape.foreign:
        other = others[name] = values.pop(name)
        attributes[attname] = getattr(other, target) if other is not None else None
    attributes.update(values)
    state.fields_cache = others
    return row


def insert(rows: Sequence[models.Model]) -> None:
    """Insert rows of one model, giving them their numbers. Inside the caller's transaction.

    A row they refer to has to have its number by now: its number is taken from there. Raises as saving does.
    """
    if not rows:
        return
    model = type(rows[0])
    _assert_in_transaction()
    if len(rows) < _FEW:
        model._default_manager.bulk_create(rows)
        return
    table(model).insert(rows)


def insert_values(model: type[models.Model], names: Sequence[str], values: Sequence[Sequence[Any]]) -> None:
    """Insert rows that nobody asks for afterwards: of each the values of its columns so named, all but its number."""
    if not values:
        return
    _assert_in_transaction()
    if len(values) < _FEW:
        model._default_manager.bulk_create(model(**dict(zip(names, one, strict=True))) for one in values)
        return
    found = table(model)
    found.insert_columns(found.turned(dict(zip(names, zip(*values, strict=True), strict=True))))


def table(model: type[models.Model]) -> "Table":
    """How the rows of ``model`` are written to the database in use."""
    key = (connection.vendor, model)
    return _tables.get(key) or _tables.setdefault(key, Table(model))


@contextmanager
def many() -> Iterator[None]:
    """While very many rows are made and inserted: Python looks for unused objects seldom, SQLite holds more pages.

    What is made is used until it is inserted, and nothing of it holds itself: to look through all of it after every
    seven hundred new objects takes a tenth of an import. Of two at once, the first to end sets it back: no harm.
    Handles are random, so each insert is somewhere else in an index, whose pages would be read and written again.
    """
    seldom()
    pages = _pages(_PAGES)
    try:
        yield
    finally:
        gc.set_threshold(*_COLLECTED)
        _pages(pages)


def seldom() -> None:
    """Look for unused objects seldom, from now on."""
    gc.set_threshold(100 * _COLLECTED[0])


def _pages(wanted: int) -> int:
    """Let this connection hold so many pages (SQLite's own number: below zero, kibibytes). How many it held.

    Another database is not asked.
    """
    if connection.vendor != "sqlite":
        return wanted
    with connection.cursor() as cursor:
        [held] = cursor.execute("PRAGMA cache_size").fetchone()
        cursor.execute(f"PRAGMA cache_size = {wanted:d}")
    return int(held)


class _Shape:
    """What a row of a model has besides the values somebody names: worked out once for each choice of names."""

    def __init__(self, model: type[models.Model], named: Collection[str]) -> None:
        fields = model._meta.concrete_fields
        there = {field.attname for field in fields}
        relations = {field.name: field for field in fields if field.is_relation}
        if unknown := [name for name in named if name not in there and name not in relations]:
            raise TypeError(f"{model.__name__} has no {', '.join(unknown)}")
        self.plain: dict[str, Any] = dict.fromkeys(there)
        self.called: list[tuple[str, Callable[[], Any]]] = []
        for field in fields:
            if field.name in named:
                continue
            if field.has_default() and callable(field.default):
                self.called.append((field.attname, field.default))
            else:
                self.plain[field.attname] = field.get_default()
        self.foreign = [
            (name, relations[name].attname, _target(relations[name])) for name in named if name in relations
        ]


class Table:
    """How the rows of one model are written to the database in use."""

    def __init__(self, model: type[models.Model]) -> None:
        fields = model._meta.concrete_fields
        self._name = model._meta.db_table
        self._number = model._meta.pk.attname
        self._names = [field.attname for field in fields]
        turns = {field.attname: _turn(field) for field in fields}
        self._turns = {name: turn for name, turn in turns.items() if turn is not None}
        self._refers = [(field.name, field.attname, _target(field)) for field in fields if field.is_relation]
        columns, self._marks = ", ".join(f'"{field.column}"' for field in fields), f"({', '.join('?' * len(fields))})"
        self._insert = f'INSERT INTO "{self._name}" ({columns}) VALUES {self._marks}'  # noqa: S608 - the model's names
        self._copy = f'COPY "{self._name}" ({columns}) FROM STDIN'

    def insert(self, rows: Sequence[models.Model]) -> None:
        for row in rows:
            others = row._state.fields_cache
            for name, attname, target in self._refers:
                if (other := others.get(name)) is not None:
                    row.__dict__[attname] = getattr(other, target)
        alias = connection.alias
        for row, number in zip(rows, self.insert_columns(self.columns(rows)), strict=True):
            row.__dict__[self._number] = number
            row._state.adding, row._state.db = False, alias

    def columns(self, rows: Sequence[models.Model]) -> dict[str, Sequence[Any]]:
        """The columns of rows not yet saved, all but their numbers, as the database takes them."""
        names = [name for name in self._names if name != self._number]
        return self.turned({name: [row.__dict__[name] for row in rows] for name in names})

    def turned(self, columns: Mapping[str, Iterable[Any]]) -> dict[str, Sequence[Any]]:
        """Columns by name as the database takes them."""
        turns = self._turns
        return {name: list(map(turns[name], one)) if name in turns else list(one) for name, one in columns.items()}

    def insert_columns(self, columns: Mapping[str, Sequence[Any]]) -> Sequence[int]:
        """Insert rows of which these are all columns but their numbers, as the database takes them. Their numbers."""
        numbers = self._numbers(len(next(iter(columns.values()))))
        whole = {**columns, self._number: numbers}
        self._write(zip(*(whole[name] for name in self._names), strict=True))
        return numbers

    def _write(self, values: Iterable[Sequence[Any]]) -> None:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor, connection.wrap_database_errors:
                # Django's cursor would look for its own placeholders in the statement.
                self._write_many(cursor.cursor.connection, iter(values))
        else:
            with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(self._copy) as copy:
                for one in values:
                    copy.write_row(one)

    def _write_many(self, sqlite: Any, values: Iterator[Sequence[Any]]) -> None:
        """Many rows a statement: to begin one takes as long as to insert a row."""
        at_once = (connection.features.max_query_params or 999) // len(self._names)
        many = self._insert + f", {self._marks}" * (at_once - 1)
        while some := list(islice(values, at_once)):
            if len(some) == at_once:
                sqlite.execute(many, list(chain.from_iterable(some)))
            else:
                sqlite.executemany(self._insert, some)

    def _numbers(self, many: int) -> Sequence[int]:
        """Numbers nobody else is given: on SQLite the transaction holds the only right to write."""
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [self._name])
                found = cursor.fetchone()
                last = found[0] if found else 0
                return range(last + 1, last + many + 1)
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [self._name, many]
            )
            return sorted(number for (number,) in cursor.fetchall())


def _target(field: "models.Field[Any, Any]") -> str:
    """What of another row a relation holds."""
    assert isinstance(field, models.ForeignKey)
    return str(field.target_field.attname)


def _turn(field: "models.Field[Any, Any]") -> Callable[[Any], Any] | None:
    """How a value of a field is handed to the database; None where it is as it stands."""
    sqlite = connection.vendor == "sqlite"
    if isinstance(field, models.UUIDField):
        return _hex if sqlite else None
    if isinstance(field, models.DateTimeField):
        return _instant if sqlite else None
    if isinstance(field, models.DateField):
        return _day if sqlite else None
    if isinstance(field, models.CharField):
        return _text
    if field.is_relation or isinstance(field, (*_PLAIN, models.BinaryField)):
        return None
    return lambda value: field.get_db_prep_save(value, connection)


def _hex(value: UUID | None) -> str | None:
    return value.hex if value is not None else None


def _text(value: Any) -> str | None:
    # An enum is written as the text it stands for.
    return value if value is None or type(value) is str else str(value)


def _instant(value: datetime | None) -> str | None:
    return value.astimezone(UTC).isoformat(" ").removesuffix("+00:00") if value is not None else None


def _day(value: date | None) -> str | None:
    return value.isoformat() if value is not None else None


def _assert_in_transaction() -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("rows are inserted in the transaction of their act")
