"""Working days of each nation, from the bank holidays GOV.UK has published.

The holidays are those that `govuk-bank-holidays` carries in its own package; nothing is fetched, and none of its code
runs, which could fetch (and takes longer to import than most commands take to run). Outside the published
years nobody knows the holidays, so a question about such a day is refused (`BeyondCalendar`) rather than answered with
a guess.

All days are dates in Europe/London.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
ONE_DAY = timedelta(days=1)
SATURDAY = 5

MonthDay = tuple[int, int]
"""A month and a day of it, in any year: (12, 27)."""


class Nation(StrEnum):
    """Whose bank holidays count. `ANY_UK`: a holiday in any one nation is a holiday (how FOI counts)."""

    ENGLAND_AND_WALES = "england-and-wales"
    SCOTLAND = "scotland"
    NORTHERN_IRELAND = "northern-ireland"
    ANY_UK = "any-uk"


NATIONS = (Nation.ENGLAND_AND_WALES, Nation.SCOTLAND, Nation.NORTHERN_IRELAND)
"""The nations GOV.UK publishes a list for."""


@dataclass(frozen=True, order=True)
class Holiday:
    """A bank holiday: its day and GOV.UK's English title ("Boxing Day")."""

    on: date
    title: str


class BeyondCalendar(Exception):
    """A day for which no bank holidays are published (after the list's last day, or before its first).

    `day` is the day asked about; `first` and `last` are the ends of what is known.
    """

    def __init__(self, day: date, first: date, last: date) -> None:
        self.day = day
        self.first = first
        self.last = last
        super().__init__(
            f"Bank holidays are known from {first:%-d %B %Y} to {last:%-d %B %Y} only. Use a date whose working days "
            "fall between these, or update Safeconduct if the date is later."
        )


@cache
def _published() -> dict[Nation, tuple[Holiday, ...]]:
    data = json.loads(files("govuk_bank_holidays").joinpath("bank-holidays.json").read_text("utf-8"))
    lists = {
        nation: tuple(
            sorted(Holiday(date.fromisoformat(one["date"]), one["title"]) for one in data[nation.value]["events"])
        )
        for nation in NATIONS
    }
    for nation, holidays in lists.items():
        if not holidays:
            raise RuntimeError(f"The bank holiday data holds no day for {nation}. Reinstall govuk-bank-holidays.")
    # A day that two nations share keeps one title, so that an explanation does not name it twice.
    merged = {holiday.on: holiday for nation in reversed(NATIONS) for holiday in lists[nation]}
    lists[Nation.ANY_UK] = tuple(sorted(merged.values()))
    return lists


@cache
def _span(nation: Nation) -> tuple[date, date]:
    """First and last day known for a nation; for `ANY_UK`, the days known for every nation."""
    if nation is Nation.ANY_UK:
        spans = [_span(each) for each in NATIONS]
        return max(first for first, _ in spans), min(last for _, last in spans)
    holidays = _published()[nation]
    # Lists are published by whole years, so the first year is known from its first day.
    return date(holidays[0].on.year, 1, 1), holidays[-1].on


@cache
def _by_day(nation: Nation) -> dict[date, Holiday]:
    return {holiday.on: holiday for holiday in _published()[nation]}


class WorkingDays:
    """Monday to Friday less the bank holidays of a nation, less `closed` days of the year where a rule closes them.

    `closed` serves readings such as "27 to 31 December are not working days of the tribunal".
    Every method raises `BeyondCalendar` when it would need a day that is not known.
    """

    def __init__(self, nation: Nation, *, closed: Iterable[MonthDay] = ()) -> None:
        self.nation = nation
        self.closed = frozenset(closed)
        self.first_known, self.last_known = _span(nation)
        self._holidays = _by_day(nation)

    def require(self, day: date) -> None:
        """Raise `BeyondCalendar` unless the holidays around `day` are published."""
        if not self.first_known <= day <= self.last_known:
            raise BeyondCalendar(day, self.first_known, self.last_known)

    def is_working(self, day: date) -> bool:
        self.require(day)
        return day.weekday() < SATURDAY and day not in self._holidays and (day.month, day.day) not in self.closed

    def next_on_or_after(self, day: date) -> date:
        """`day` itself if it is a working day, else the first working day after it."""
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def last_on_or_before(self, day: date) -> date:
        """`day` itself if it is a working day, else the last working day before it."""
        while not self.is_working(day):
            day -= ONE_DAY
        return day

    def add(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`. `day` is day 0, whether or not it is a working day.

        Zero gives `day` back. A negative count is a `ValueError`.
        """
        if count < 0:
            raise ValueError("working days are counted forwards")
        self.require(day)
        while count:
            day += ONE_DAY
            if self.is_working(day):
                count -= 1
        return day

    def between(self, start: date, end: date) -> int:
        """How many working days lie after `start`, up to and with `end`; 0 when `end` is not after `start`.

        The counterpart of `add`: "11 working days past the day it was due".
        """
        self.require(start)
        self.require(end)
        return sum(self.is_working(start + timedelta(days=offset)) for offset in range(1, (end - start).days + 1))

    def holidays_between(self, start: date, end: date) -> list[Holiday]:
        """The bank holidays after `start`, up to and with `end`, that fall from Monday to Friday, in order.

        Those are the holidays that lengthen a count; one that falls on a weekend changes nothing.
        """
        self.require(start)
        self.require(end)
        return [
            holiday
            for holiday in _published()[self.nation]
            if start < holiday.on <= end and holiday.on.weekday() < SATURDAY
        ]


@cache
def working_days(nation: Nation, closed: frozenset[MonthDay] = frozenset()) -> WorkingDays:
    """The shared `WorkingDays` of a nation (they are immutable, so one of each is enough)."""
    return WorkingDays(nation, closed=closed)


def calendar_ends() -> date:
    """The last day for which the bank holidays of every nation are known."""
    return _span(Nation.ANY_UK)[1]


def day_in_london(instant: datetime) -> date:
    """The date in Europe/London at an instant. A naive `instant` is a `ValueError`: it would be a guess."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(LONDON).date()
