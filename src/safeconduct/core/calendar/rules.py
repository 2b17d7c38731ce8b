"""The dated rows of the TOML files beside this module: read, checked and found by id and day.

Rows are checked when they are loaded; a faulty file stops the program with the name of the file and the row. The names
of `rows` can be imported from here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from importlib import resources
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import msgspec

from .days import Nation
from .rows import (
    ASKED,
    Caution,
    Kind,
    NonWorkingReceipt,
    ReadingRow,
    Roll,
    Rule,
    SecondClock,
    Shown,
    Status,
    Trigger,
    Unit,
    Why,
)

__all__ = [
    "ASKED",
    "Caution",
    "Kind",
    "NonWorkingReceipt",
    "NotInForce",
    "ReadingRow",
    "Roll",
    "Rule",
    "RuleFault",
    "SecondClock",
    "Shown",
    "Status",
    "Trigger",
    "Unit",
    "UnknownRule",
    "Why",
    "all_rules",
    "check_together",
    "get",
    "read_rules",
]


class RuleFault(Exception):
    """A rule file breaks its own form. The message names the file or the row."""


class UnknownRule(LookupError):
    """No row has this id."""

    def __init__(self, rule_id: str) -> None:
        self.rule_id = rule_id
        super().__init__("There is no such rule. List the rules with: safeconduct limits --list")


class NotInForce(LookupError):
    """The rule exists, but no row of it governs the day asked about.

    `others` are ids of the same family that do (a limit that was replaced by another).
    """

    def __init__(self, rule_id: str, on: date, rows: Iterable[Rule], others: Iterable[str]) -> None:
        self.rule_id = rule_id
        self.on = on
        self.others = tuple(others)
        periods = " and ".join(_period(row) for row in rows)
        sentence = f"The rule {rule_id} is known {periods}, not on {on:%-d %B %Y}."
        if self.others:
            sentence += f" On that day use: {', '.join(self.others)}."
        super().__init__(sentence)


def _period(row: Rule) -> str:
    start = f"from {row.from_:%-d %B %Y}" if row.from_ else ""
    end = f"until {row.to:%-d %B %Y}" if row.to else ""
    return " ".join(part for part in (start, end) if part)


def read_rules(text: str, *, name: str) -> list[Rule]:
    """The rows of one TOML file (`[[rule]]` tables). `name` is only for the message of a `RuleFault`."""
    try:
        tables: dict[str, Any] = tomllib.loads(text)
        if set(tables) != {"rule"}:
            raise RuleFault(f"{name}: a rule file holds [[rule]] tables and nothing else")
        rules = [msgspec.convert(table, Rule) for table in tables["rule"]]
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as fault:
        raise RuleFault(f"{name}: {fault}") from fault
    for rule in rules:
        for complaint in _complaints(rule):
            raise RuleFault(f"{name}: {rule.id} version {rule.version}: {complaint}")
    return rules


def _complaints(rule: Rule) -> Iterable[str]:
    if not rule.source.strip():
        yield "a row needs its source"
    if rule.from_ and rule.to and rule.from_ > rule.to:
        yield "it ends before it begins"
    if rule.version < 1:
        yield "versions start at 1"
    counted = (rule.unit, rule.count, rule.non_working_receipt, rule.roll)
    if rule.kind is Kind.NONE:
        if any(part is not None for part in counted) or rule.readings or rule.second:
            yield "a row without a limit counts nothing"
    elif any(part is None for part in counted):
        yield "a row with a limit needs unit, count, non_working_receipt and roll"
    counts = (rule.count, *(reading.count for reading in rule.readings))
    if any(count is not None and count < 1 for count in counts):
        yield "a count is at least 1"
    if rule.kind is Kind.ENDING and rule.roll is not Roll.NONE:
        yield "an ending does not wait for a working day"
    if rule.percent is not None and (rule.kind is not Kind.ANSWER or not 0 < rule.percent <= 100):
        yield "a percentage belongs to an answer and lies between 1 and 100"
    if rule.second and (rule.kind is not Kind.ENDING or rule.readings):
        yield "only an ending without other readings may have a second clock"
    if rule.working_days_of not in (ASKED, *Nation):
        yield "working_days_of is a nation, any-uk or asked"
    if rule.readings and rule.why is Why.AS_WRITTEN:
        yield "a row with other readings names its own with why"
    for reading in rule.readings:
        if not reading.source.strip():
            yield "a reading needs its source"
        for text in reading.closed:
            try:
                date.fromisoformat(f"2024-{text}")
            except ValueError:
                yield "closed days are written as month-day: 12-27"


def check_together(rules: Iterable[Rule]) -> Mapping[str, tuple[Rule, ...]]:
    """Rows grouped by id, oldest first. Raises `RuleFault` where two rows of an id overlap, share a version, or where
    a row points to one that does not exist."""
    by_id: dict[str, list[Rule]] = {}
    for rule in rules:
        by_id.setdefault(rule.id, []).append(rule)
    for rule_id, rows in by_id.items():
        rows.sort(key=lambda row: row.from_ or date.min)
        if len({row.version for row in rows}) != len(rows):
            raise RuleFault(f"{rule_id}: two rows have the same version")
        for earlier, later in pairwise(rows):
            if earlier.to is None or later.from_ is None or earlier.to >= later.from_:
                raise RuleFault(f"{rule_id}: two rows govern the same day")
        for row in rows:
            for target in (row.abroad, row.detained, *row.elsewhere.values()):
                if target is not None and target not in by_id:
                    raise RuleFault(f"{rule_id}: points to {target}, which does not exist")
            if row.abroad is not None and not all(each.for_abroad for each in by_id[row.abroad]):
                raise RuleFault(f"{rule_id}: {row.abroad} is not marked for_abroad")
            if row.detained is not None and not all(each.for_detained for each in by_id[row.detained]):
                raise RuleFault(f"{rule_id}: {row.detained} is not marked for_detained")
    return MappingProxyType({rule_id: tuple(rows) for rule_id, rows in sorted(by_id.items())})


@cache
def _book() -> Mapping[str, tuple[Rule, ...]]:
    rules: list[Rule] = []
    folder = resources.files(__package__) / "rules"
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            rules += read_rules(file.read_text(encoding="utf-8"), name=file.name)
    return check_together(rules)


def all_rules() -> tuple[Rule, ...]:
    """Every row, by id and then oldest first."""
    return tuple(row for rows in _book().values() for row in rows)


def get(rule_id: str, on: date) -> Rule:
    """The row of `rule_id` that governs an event on the day `on`.

    Raises `UnknownRule`, or `NotInForce` with the rows of the same family that do govern that day.
    """
    rows = _book().get(rule_id)
    if rows is None:
        raise UnknownRule(rule_id)
    for row in rows:
        if row.in_force(on):
            return row
    families = {row.family for row in rows} - {None}
    others = sorted(
        {row.id for row in all_rules() if row.family in families and row.id != rule_id and row.in_force(on)}
    )
    raise NotInForce(rule_id, on, rows, others)
