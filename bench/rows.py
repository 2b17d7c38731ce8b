"""Inserting very many rows: Django's own bulk insert spends most of a large build on composing SQL.

Keys are given out here, so that a row can name another that is inserted with it: nobody else may write meanwhile.
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
        self._name = model._meta.db_table
        columns, marks = ", ".join(f'"{field.column}"' for field in fields), ", ".join("?" * len(fields))
        self._insert = f'INSERT INTO "{self._name}" ({columns}) VALUES ({marks})'
        self._copy = f'COPY "{self._name}" ({columns}) FROM STDIN'

    def keyed(self, rows: Iterable[models.Model]) -> None:
        """Give rows their keys, before others point at them."""
        for row in rows:
            row.pk = self._next
            self._next += 1

    def insert(self, rows: Iterable[models.Model]) -> None:
        """Insert rows that were given keys. Inside the caller's transaction."""
        values = [tuple(turn(getattr(row, name)) for name, turn in self._read) for row in rows]
        if connection.vendor == "sqlite":
            # Django's cursor would look for its own placeholders in the statement.
            connection.connection.executemany(self._insert, values)
            return
        with connection.cursor() as cursor:
            with cursor.copy(self._copy) as copy:
                for row in values:
                    copy.write_row(row)
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [self._name, self._next - 1])


def _prepared(field: models.Field[Any, Any]) -> Callable[[Any], Any]:
    if isinstance(field, _PLAIN):
        return _as_it_is
    return lambda value: field.get_db_prep_save(value, connection)


def _as_it_is(value: Any) -> Any:
    return value
