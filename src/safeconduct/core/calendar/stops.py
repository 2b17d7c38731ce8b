"""The rows of `stops.toml`: which stops a law knows, and how much longer it lets an authority take.

They are read, checked and found by rule and day like the rules themselves.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

import msgspec

from .rules import RuleFault, Status, all_rules


class By(StrEnum):
    """What stops a clock."""

    SAID = "said"  # somebody says that it is paused, for a reason of their own
    CLARIFICATION = "clarification"
    IDENTITY = "identity"


class Effect(StrEnum):
    """What becomes of the clock."""

    STOPS = "stops"  # the days until it goes on are left out
    STARTS_AGAIN = "starts_again"  # the day it goes on is a new day 0
    NOTHING = "nothing"  # it runs on


class _Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class Otherwise(_Row, frozen=True, kw_only=True):
    """The other effect that some hold a stop to have."""

    effect: Effect
    status: Status
    source: str


class StopRow(_Row, frozen=True, kw_only=True, rename={"from_": "from"}):
    """What one kind of stop does to the clock of one rule, where it begins from ``from_`` to ``to``.

    ``first_day_counts``: whether the day on which it stops is still counted. The day it goes on never is.
    """

    rule: str
    by: By
    effect: Effect
    status: Status
    source: str
    from_: date | None = None
    to: date | None = None
    first_day_counts: bool = True
    otherwise: Otherwise | None = None


class LongerRow(_Row, frozen=True, kw_only=True):
    """How much longer one rule may be given: to the last day of the rule ``most``, told before the first time is over.

    ``firm``: nothing later counts. Where it is not, ``most`` is what is normal.
    """

    rule: str
    most: str
    firm: bool
    status: Status
    source: str


class Book(_Row, frozen=True, kw_only=True):
    """Every row."""

    stop: tuple[StopRow, ...] = ()
    longer: tuple[LongerRow, ...] = ()


def read_stops(text: str, *, name: str) -> Book:
    """The rows of a TOML file. Raises `RuleFault` with its ``name`` where one breaks the form."""
    try:
        tables: dict[str, Any] = tomllib.loads(text)
        book = msgspec.convert(tables, Book)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as fault:
        raise RuleFault(f"{name}: {fault}") from fault
    for complaint in _complaints(book):
        raise RuleFault(f"{name}: {complaint}")
    return book


def stop_of(rule: str, by: By, on: date) -> StopRow | None:
    """The row for a stop that begins on a day; None where the law of this rule knows none."""
    return next(
        (
            row
            for row in _book().stop
            if (row.rule, row.by) == (rule, by) and (row.from_ or on) <= on and (row.to is None or on <= row.to)
        ),
        None,
    )


def longer_of(rule: str) -> LongerRow | None:
    """How much longer a rule may be given; None where nothing is published about it."""
    return next((row for row in _book().longer if row.rule == rule), None)


@cache
def _book() -> Book:
    text = (resources.files(__package__) / "stops.toml").read_text(encoding="utf-8")
    return read_stops(text, name="stops.toml")


def _complaints(book: Book) -> Iterable[str]:
    known = {rule.id for rule in all_rules()}
    rows: tuple[StopRow | LongerRow, ...] = (*book.stop, *book.longer)
    for row in rows:
        if row.rule not in known or (isinstance(row, LongerRow) and row.most not in known):
            yield f"a row about {row.rule} names a rule that does not exist"
        if not row.source.strip():
            yield f"a row about {row.rule} needs its source"
    for number, stop in enumerate(book.stop):
        if stop.by is By.SAID:
            yield f"{stop.rule}: what somebody says is in no law"
        for other in book.stop[:number]:
            if (other.rule, other.by) == (stop.rule, stop.by) and _overlap(other, stop):
                yield f"{stop.rule}: two rows about {stop.by} govern the same day"


def _overlap(one: StopRow, other: StopRow) -> bool:
    return (one.from_ or date.min) <= (other.to or date.max) and (other.from_ or date.min) <= (one.to or date.max)
