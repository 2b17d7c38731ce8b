"""Inserting very many rows: Django's own bulk insert spends most of a large build on composing SQL.

SQLite only. Keys are given out here, so that a row can name another that is inserted with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection, models

_PLAIN = (models.BinaryField, models.IntegerField, models.CharField, models.ForeignKey, models.BooleanField)


class Table:
    """The rows of one model, from its next free key on."""

    def __init__(self, model: type[models.Model]) -> None:
        fields = model._meta.local_concrete_fields
        self._next = 1 + (model._default_manager.aggregate(last=models.Max("pk"))["last"] or 0)
        self._read = [(field.attname, _prepared(field)) for field in fields]
        columns, marks = ", ".join(f'"{field.column}"' for field in fields), ", ".join("?" * len(fields))
        self._statement = f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({marks})'

    def keyed(self, rows: Iterable[models.Model]) -> None:
        """Give rows their keys, before others point at them."""
        for row in rows:
            row.pk = self._next
            self._next += 1

    def insert(self, rows: Iterable[models.Model]) -> None:
        """Insert rows that were given keys. Inside the caller's transaction."""
        values = [tuple(turn(getattr(row, name)) for name, turn in self._read) for row in rows]
        # Django's cursor would look for its own placeholders in the statement.
        connection.connection.executemany(self._statement, values)


def _prepared(field: models.Field[Any, Any]) -> Callable[[Any], Any]:
    if isinstance(field, _PLAIN):
        return _as_it_is
    return lambda value: field.get_db_prep_save(value, connection)


def _as_it_is(value: Any) -> Any:
    return value
