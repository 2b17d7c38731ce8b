"""Time limits and service standards as dated rows, read from the TOML files beside this module.

A row says what the limit is, for which days it holds, where that is written and how sure we are of it. Rows are checked
when they are loaded; a faulty file stops the program with the name of the file and the row.

Status, on rows and on readings:

- `verified`: seen in the primary source, or in the authority's own words, at the place named;
- `secondary`: seen only in a secondary source (a law firm, a charity, the configuration of a court's program);
- `unconfirmed`: needs a person to check it against the primary source. A date from such a row must say so.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from importlib import resources
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import msgspec

from .days import MonthDay, Nation

ASKED = "asked"
"""`working_days_of` of a row whose holidays are those of the nation the question is about."""


class Kind(StrEnum):
    """What happens on the day a row gives."""

    ACT = "act"  # somebody we stand beside must act: there is an act-by day
    ANSWER = "answer"  # an authority must answer or decide: the day is theirs to keep
    ENDING = "ending"  # something stops, and nothing anyone does by that day changes it
    DEEMED = "deemed"  # a paper counts as received
    NONE = "none"  # no limit is published


class Unit(StrEnum):
    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    WEEKS = "weeks"
    MONTHS = "months"


class Status(StrEnum):
    VERIFIED = "verified"
    SECONDARY = "secondary"
    UNCONFIRMED = "unconfirmed"


class Trigger(StrEnum):
    """The event that day 0 is the day of."""

    SENT = "sent"
    RECEIVED = "received"
    POSTED = "posted"
    NOTIFIED = "notified"
    GRANTED = "granted"
    DECIDED = "decided"

    SUBMITTED = "submitted"
    APPLIED = "applied"
    IDENTITY_PROVED = "identity_proved"
    CLAIMED = "claimed"
    HAPPENED = "happened"
    AWARE = "aware"
    EXPIRED = "expired"
    HEARD = "heard"
    DIRECTED = "directed"
    REFERRED = "referred"
    DISCONTINUATION_LETTER = "discontinuation_letter"
    NOTHING = "nothing"


class NonWorkingReceipt(StrEnum):
    """Day 0 when the event falls on a day that is not a working day."""

    DAY_ZERO = "day_zero"  # the day itself
    NEXT_WORKING_DAY = "next_working_day"


class Roll(StrEnum):
    """What becomes of a last day that is not a working day."""

    NONE = "none"
    NEXT_WORKING_DAY = "next_working_day"


class Shown(StrEnum):
    """When a reading is worth showing beside the first."""

    ALWAYS = "always"
    IF_DIFFERENT = "if_different"


class Why(StrEnum):
    """The readings, by name: what each takes the law to say."""

    AS_WRITTEN = "as_written"
    RECEIPT_IS_DAY_ZERO = "receipt_is_day_zero"
    COUNTED_FROM_NEXT_WORKING_DAY = "counted_from_next_working_day"
    BANK_HOLIDAYS_ONLY = "bank_holidays_only"
    YEAR_END_CLOSED = "year_end_closed"
    CHRISTMAS_WEEK_CLOSED = "christmas_week_closed"
    THREE_DAYS = "three_days"
    THREE_WORKING_DAYS = "three_working_days"
    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"
    THIRTY_DAYS = "thirty_days"
    ONE_MONTH = "one_month"
    TWENTY_WORKING_DAYS = "twenty_working_days"
    FIFTEEN_WORKING_DAYS = "fifteen_working_days"


class Caution(StrEnum):
    """What a person should know before relying on a row."""

    NOT_RESTATED = "not_restated"
    PROMPTLY = "promptly"
    DIRECTIONS_OVERRIDE = "directions_override"
    ONLY_IF_SERVED = "only_if_served"
    COMMENCEMENT_NOT_SEEN = "commencement_not_seen"
    CHANGING = "changing"
    APPROXIMATE_DATES = "approximate_dates"
    STRAIGHTFORWARD_ONLY = "straightforward_only"
    CLOCK_MAY_STOP = "clock_may_stop"
    REBUTTABLE = "rebuttable"
    LATE_WITH_REASONS = "late_with_reasons"
    EXTENSION_POSSIBLE = "extension_possible"
    OLDER_VERSION = "older_version"
    GOOD_REASON_NEEDED = "good_reason_needed"
    NORMALLY = "normally"
    MINIMUM = "minimum"
    FAMILIES_DIFFER = "families_differ"
    RECEIVED_NOT_SENT = "received_not_sent"


class _Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class ReadingRow(_Row, frozen=True, kw_only=True):
    """Another way to read the same limit: only what differs from the rule is given.

    `closed` lists days of any year ("12-27") that this reading takes out of the working days.
    """

    why: Why
    status: Status
    source: str
    shown: Shown = Shown.IF_DIFFERENT
    unit: Unit | None = None
    count: int | None = None
    non_working_receipt: NonWorkingReceipt | None = None
    roll: Roll | None = None
    closed: tuple[str, ...] = ()

    def closed_days(self) -> frozenset[MonthDay]:
        return frozenset((int(text[:2]), int(text[3:])) for text in self.closed)


class SecondClock(_Row, frozen=True, kw_only=True):
    """A clock that starts with another event; the later of the two days counts."""

    trigger: Trigger
    count: int
    unit: Unit


class Rule(_Row, frozen=True, kw_only=True, rename={"from_": "from", "readings": "reading"}):
    """One dated row. `from_` and `to` are the first and last event days it governs; None where that is not known
    (`from_`) or where it is still in force (`to`).

    `why` names the first reading when there are others. `abroad` and `elsewhere` name the rows that apply instead to
    a person outside the United Kingdom and in another nation; `for_abroad` marks a row that is for them. `stated`
    lists the days the authority was seen to state it. `percent` is the share of answers promised within it.
    """

    id: str
    title: str
    version: int
    kind: Kind
    trigger: Trigger
    status: Status
    source: str
    from_: date | None = None
    to: date | None = None
    unit: Unit | None = None
    count: int | None = None
    working_days_of: str = ASKED
    non_working_receipt: NonWorkingReceipt | None = None
    roll: Roll | None = None
    why: Why = Why.AS_WRITTEN
    percent: int | None = None
    stated: tuple[date, ...] = ()
    cautions: tuple[Caution, ...] = ()
    family: str | None = None
    abroad: str | None = None
    for_abroad: bool = False
    elsewhere: dict[Nation, str] = msgspec.field(default_factory=dict)
    second: SecondClock | None = None
    readings: tuple[ReadingRow, ...] = ()

    def in_force(self, on: date) -> bool:
        return (self.from_ is None or self.from_ <= on) and (self.to is None or on <= self.to)

    def nation(self, asked: Nation) -> Nation:
        """Whose bank holidays this row counts with, for a question about `asked`."""
        return asked if self.working_days_of == ASKED else Nation(self.working_days_of)


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
            for target in (row.abroad, *row.elsewhere.values()):
                if target is not None and target not in by_id:
                    raise RuleFault(f"{rule_id}: points to {target}, which does not exist")
            if row.abroad is not None and not all(each.for_abroad for each in by_id[row.abroad]):
                raise RuleFault(f"{rule_id}: {row.abroad} is not marked for_abroad")
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
