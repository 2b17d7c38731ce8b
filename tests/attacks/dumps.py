"""Everything a database holds, in a form two moments can be compared by."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.apps import apps

APPS = ("journal", "accounts", "agenda", "archive", "people", "casework", "web")
# A request by itself moves when a session was last seen; a package holds its time, and packs shorter or longer by it.
MOVING = {"accounts.Session.seen_at", "archive.SourceFile.stored_bytes"}

Dump = dict[str, dict[int, dict[str, object]]]


def dump(*, without: frozenset[str] = frozenset()) -> Dump:
    """Every row of every table of ours, by table and number; bytes as their hash."""
    out: Dump = {}
    for label in APPS:
        for model in apps.get_app_config(label).get_models():
            if model._meta.label not in without:
                names = [
                    one.attname
                    for one in model._meta.concrete_fields
                    if f"{model._meta.label}.{one.name}" not in MOVING
                ]
                rows = model._default_manager.order_by("pk").values_list("pk", *names)
                out[model._meta.label] = {pk: _row(names, values) for pk, *values in rows}
    return out


def changes(before: Dump, after: Dump) -> dict[str, list[dict[str, object]]]:
    """What is new or other, by table: with values that were nowhere before, and are made anew each time, told as such.

    So two runs of the same act compare equal though their handles, seals and instants differ.
    """
    known = {value for rows in before.values() for row in rows.values() for value in row.values() if _random(value)}
    numbers = {table: set(rows) for table, rows in before.items()}
    out: dict[str, list[dict[str, object]]] = {}
    for table, rows in after.items():
        for number, row in rows.items():
            old = before.get(table, {}).get(number)
            if old == row:
                continue
            shown = {
                name: _shown(table, name, value, known, numbers) for name, value in row.items() if name != "id" or old
            }
            out.setdefault(table, []).append(shown)
        gone = before.get(table, {}).keys() - rows.keys()
        if gone:
            out.setdefault(table, []).append({"gone": sorted(gone)})
    return {table: sorted(rows, key=repr) for table, rows in out.items()}


def _row(names: list[str], values: list[Any]) -> dict[str, object]:
    return {
        name: hashlib.sha256(bytes(value)).hexdigest() if isinstance(value, bytes | memoryview) else value
        for name, value in zip(names, values, strict=True)
    }


def _random(value: object) -> bool:
    return isinstance(value, UUID) or (isinstance(value, str) and len(value) == 64) or hasattr(value, "tzinfo")


def _shown(table: str, name: str, value: object, known: set[object], numbers: Mapping[str, set[Any]]) -> object:
    if _random(value):
        return value if value in known else "made anew"
    pointed = apps.get_model(table)._meta.get_field(name.removesuffix("_id")).related_model
    if isinstance(pointed, type) and value is not None and value not in numbers.get(pointed._meta.label, set()):
        return "made anew"
    return value
