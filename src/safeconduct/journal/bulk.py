"""Making and inserting very many rows: Django's own ways spend most of a long import on composing objects and SQL.

The same rows in the same tables, under the same constraints; only signals are not sent, and none are used here.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final, TypeVar
from uuid import UUID

from django.db import connection, models
from django.db.models.base import ModelState

M = TypeVar("M", bound=models.Model)

_defaults: dict[
    type[models.Model], tuple[dict[str, Any], tuple[tuple[str, Callable[[], Any]], ...], frozenset[str]]
] = {}
_tables: dict[tuple[str, type[models.Model]], "_Table"] = {}
# Below this many, asking for their numbers costs more than it saves.
_FEW: Final = 20
_PLAIN: Final = (models.IntegerField, models.CharField, models.BooleanField, models.BigAutoField, models.AutoField)


def make(model: type[M], /, **values: Any) -> M:
    """A row not yet saved, as ``model(**values)`` makes it; of other rows the whole or, as ``…_id``, their number."""
    plain, called, foreign = _defaults.get(model) or _learn(model)
    row = model.__new__(model)
    attributes = row.__dict__
    state = attributes["_state"] = ModelState()
    attributes.update(plain)
    for name, default in called:
        if name not in values:
            attributes[name] = default()
    cache: dict[str, Any] = {}
    for name, value in values.items():
        if name in foreign:
            cache[name] = value
            attributes[f"{name}_id"] = value.pk if value is not None else None
        elif name in attributes:
            attributes[name] = value
        else:
            raise TypeError(f"{model.__name__} has no {name}")
    state.fields_cache = cache
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
    key = (connection.vendor, model)
    table = _tables.get(key) or _tables.setdefault(key, _Table(model))
    table.insert(rows)


def _learn(
    model: type[models.Model],
) -> tuple[dict[str, Any], tuple[tuple[str, Callable[[], Any]], ...], frozenset[str]]:
    plain: dict[str, Any] = {}
    called: list[tuple[str, Callable[[], Any]]] = []
    foreign: set[str] = set()
    for field in model._meta.concrete_fields:
        plain[field.attname] = None
        if field.is_relation:
            foreign.add(field.name)
        elif field.has_default() and callable(field.default):
            called.append((field.attname, field.default))
        elif not field.primary_key:
            plain[field.attname] = field.get_default()
    learnt = _defaults[model] = (plain, tuple(called), frozenset(foreign))
    return learnt


class _Table:
    """How the rows of one model are written to the database in use."""

    def __init__(self, model: type[models.Model]) -> None:
        self._model = model
        fields = model._meta.concrete_fields
        self._name = model._meta.db_table
        self._columns = [(field.attname, _turn(field)) for field in fields]
        self._refers = [(field.name, field.attname) for field in fields if field.is_relation]
        columns, marks = ", ".join(f'"{field.column}"' for field in fields), ", ".join("?" * len(fields))
        self._insert = f'INSERT INTO "{self._name}" ({columns}) VALUES ({marks})'  # noqa: S608 - the model's own names
        self._copy = f'COPY "{self._name}" ({columns}) FROM STDIN'
        self._reads = [field.column for field in fields]

    def insert(self, rows: Sequence[models.Model]) -> None:
        first = self._numbers(len(rows))
        for number, row in zip(first, rows, strict=True):
            row.pk = number
            for name, attname in self._refers:
                other = row._state.fields_cache.get(name)
                if other is not None:
                    row.__dict__[attname] = other.pk
        values = [tuple([turn(row.__dict__[name]) for name, turn in self._columns]) for row in rows]
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor, connection.wrap_database_errors:
                # Django's cursor would look for its own placeholders in the statement.
                cursor.cursor.connection.executemany(self._insert, values)
        else:
            with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(self._copy) as copy:
                for one in values:
                    copy.write_row(one)
        for row in rows:
            row._state.adding, row._state.db = False, connection.alias

    def _numbers(self, many: int) -> Iterable[int]:
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


def _turn(field: "models.Field[Any, Any]") -> Callable[[Any], Any]:
    """How a value of a field is handed to the database."""
    sqlite = connection.vendor == "sqlite"
    if isinstance(field, models.UUIDField):
        return _hex if sqlite else _as_it_is
    if isinstance(field, models.BinaryField):
        return _bytes
    if isinstance(field, models.DateTimeField):
        return _instant if sqlite else _as_it_is
    if isinstance(field, models.DateField):
        return _day if sqlite else _as_it_is
    if isinstance(field, models.CharField):
        return _text
    if field.is_relation or isinstance(field, _PLAIN):
        return _as_it_is
    return lambda value: field.get_db_prep_save(value, connection)


def _as_it_is(value: Any) -> Any:
    return value


def _hex(value: UUID | None) -> str | None:
    return value.hex if value is not None else None


def _bytes(value: Any) -> bytes | None:
    return bytes(value) if value is not None else None


def _text(value: Any) -> str | None:
    # An enum is written as the text it stands for.
    return str(value) if value is not None else None


def _instant(value: datetime | None) -> str | None:
    return str(value.astimezone(UTC).replace(tzinfo=None)) if value is not None else None


def _day(value: date | None) -> str | None:
    return value.isoformat() if value is not None else None


def _assert_in_transaction() -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("rows are inserted in the transaction of their act")
