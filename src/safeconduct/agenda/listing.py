"""Things due in an order, merged from parts of which an index gives each in that order.

The statement is written here and not by the ORM: a member of thirty teams asks three hundred parts, and on PostgreSQL
that is one short question with a list of parts beside it, where a union of as many would have to be planned each time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from .models import Item

MOST_COUNTED: Final = 1000
"""A longer list is "more than" that: counting a million rows would cost more than showing a page of them."""

_COLUMNS: Final = ", ".join(f'"{field.column}"' for field in Item._meta.concrete_fields)
_TABLE: Final = Item._meta.db_table
# The types of the columns that parts are told apart by, as PostgreSQL has to be told them.
_TYPES: Final = {"team_id": "bigint", "worker_id": "bigint", "rank": "smallint", "day": "date"}


@dataclass(frozen=True, slots=True)
class Parts:
    """Which rows: ``conditions`` hold for all of them, and ``each`` gives every part's values of ``columns``.

    A column is one of the agenda's with what compares it, as ``("day", "<=")``; a condition is SQL with its values.
    """

    columns: Sequence[tuple[str, str]]
    each: Sequence[tuple[Any, ...]]
    conditions: Sequence[tuple[str, Sequence[Any]]] = ()


class Listing:
    """Things due in an order, read page by page: no more of each part is read than the page shows."""

    def __init__(self, parts: Parts, order: tuple[str, ...]) -> None:
        self._parts, self._order = parts, ", ".join(f'"{name}"' for name in order)

    def __getitem__(self, rows: slice) -> list[Item]:
        start = rows.start or 0
        return self._read(start, max(0, rows.stop - start))

    def __iter__(self) -> Iterator[Item]:
        return iter(self._read(0, None))

    def count(self, most: int = MOST_COUNTED) -> int:
        """How many there are; ``most + 1`` where there are more than ``most``."""
        if not self._parts.each:
            return 0
        found, values = self._merged("1", "LIMIT %s", [most + 1])
        with connection.cursor() as cursor:
            asked = f"SELECT COUNT(*) FROM ({found} LIMIT %s) AS counted"  # noqa: S608  # see _part
            cursor.execute(asked, [*values, most + 1])
            return int(cursor.fetchone()[0])

    def first(self) -> Item | None:
        """The first of them, if there is any."""
        return next(iter(self[:1]), None)

    def exists(self) -> bool:
        """Whether there is any."""
        return self.first() is not None

    def _read(self, start: int, count: int | None) -> list[Item]:
        if not self._parts.each:
            return []
        in_order, page = f"ORDER BY {self._order}", ""
        bound: list[int] = []
        if count is not None:
            page, bound = " LIMIT %s OFFSET %s", [count, start]
        # Each part in its order and no longer than the page, or all of it would be read and sorted.
        one_page = (f"{in_order} LIMIT %s", [start + count]) if count is not None else ("", [])
        found, values = self._merged(_COLUMNS, *one_page)
        return list(Item.objects.raw(f"{found} {in_order}{page}", [*values, *bound]))

    def _merged(self, columns: str, bound: str, most: list[int]) -> tuple[str, list[Any]]:
        """All parts as one statement with its values; of each part no more than ``bound``."""
        names = [name for name, _how in self._parts.columns]
        if names and connection.vendor == "postgresql":
            one, shared = self._part(columns, [f'part."{name}"' for name in names])
            arrays = ", ".join(f"%s::{_TYPES[name]}[]" for name in names)
            listed = ", ".join(f'"{name}"' for name in names)
            given = [list(values) for values in zip(*self._parts.each, strict=True)]
            beside = f"unnest({arrays}) AS part({listed}) CROSS JOIN LATERAL ({one} {bound}) AS item"
            return f"SELECT item.* FROM {beside}", [*given, *shared, *most]  # noqa: S608  # see _part
        # SQLite merges parts that come in their order by itself, and stops when it has enough. Where everything is
        # asked about at once there is one part, on either.
        one, shared = self._part(columns, ["%s"] * len(names))
        values = [value for own in self._parts.each for value in (*own, *shared)]
        return " UNION ALL ".join([one] * len(self._parts.each)), values

    def _part(self, columns: str, values: Sequence[str]) -> tuple[str, list[Any]]:
        own = [f'"{name}" {how} {value}' for (name, how), value in zip(self._parts.columns, values, strict=True)]
        holds = " AND ".join([*own, *(condition for condition, _values in self._parts.conditions)])
        shared = [value for _condition, some in self._parts.conditions for value in some]
        # Of this room's own words alone: every value stands beside the statement.
        return f'SELECT {columns} FROM "{_TABLE}" WHERE {holds}', shared  # noqa: S608  # as above
