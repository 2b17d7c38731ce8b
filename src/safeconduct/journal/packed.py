"""Rows of several tables as plain columns: made in one place, perhaps in another process, and inserted in another."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from django.apps import apps
from django.db import connection, models

from . import bulk
from .commitments import Written
from .models import Commitment, Entry


class Packed(msgspec.Struct, frozen=True, array_like=True):
    """Rows of one model that are not saved: all columns but their numbers, as the database takes them.

    ``within`` names the columns that refer to rows packed before these, and their model: such a column holds their
    places in that table, or None.
    """

    model: str
    columns: dict[str, Sequence[Any]]
    within: dict[str, str]


def pack(*tables: Sequence[models.Model]) -> list[Packed]:
    """Rows not yet saved, a table's after those it refers to: to all of theirs, or to rows that are saved of none.

    A table without rows is left out.
    """
    places: dict[str, dict[int, int]] = {}
    found = []
    for rows in filter(None, tables):
        model = type(rows[0])
        columns, within = bulk.table(model).columns(rows), {}
        for field in model._meta.concrete_fields:
            other = _label(field.target_field.model) if isinstance(field, models.ForeignKey) else ""
            if (there := places.get(other)) is not None:
                if any(number is not None for number in columns[field.attname]):
                    raise ValueError(f"{_label(model)}.{field.name} refers to rows that are saved")
                columns[field.attname] = [there.get(id(row._state.fields_cache.get(field.name))) for row in rows]
                within[field.attname] = other
        places[_label(model)] = {id(row): place for place, row in enumerate(rows)}
        found.append(Packed(_label(model), columns, within))
    return found


def pack_entries(entries: Sequence[tuple[Entry, Sequence[Written]]]) -> list[Packed]:
    """Entries with what each commits to, for `actions.record_packed`."""
    flat = [(place, one) for place, (_, written) in enumerate(entries) for one in written]
    columns: dict[str, Sequence[Any]] = {
        "entry_id": [place for place, _ in flat],
        "envelope": [one.envelope for _, one in flat],
        "revision": [one.revision for _, one in flat],
        "digest": [one.digest for _, one in flat],
    }
    commitments = Packed(_label(Commitment), bulk.table(Commitment).turned(columns), {"entry_id": _label(Entry)})
    return [*pack([entry for entry, _ in entries]), commitments]


def insert(packed: Iterable[Packed]) -> None:
    """Insert what was packed, in its order. Inside the caller's transaction. Raises as saving does."""
    if not connection.in_atomic_block:
        raise RuntimeError("rows are inserted in the transaction of their act")
    numbers: dict[str, Sequence[int]] = {}
    for one in packed:
        columns = dict(one.columns)
        for name, model in one.within.items():
            theirs = numbers[model]
            columns[name] = [None if place is None else theirs[place] for place in columns[name]]
        numbers[one.model] = bulk.table(apps.get_model(one.model)).insert_columns(columns)


def _label(model: type[models.Model]) -> str:
    return model._meta.label
