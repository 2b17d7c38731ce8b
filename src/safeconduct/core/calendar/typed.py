"""Days as people type them into a field: `today`, `-3d`, `fri`, `20 nov`, `20/11/2026`."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from .written import WEEKDAYS, NotADay, Problem, Written, full_year, on_the_calendar, read, tidy

__all__ = ["NotADay", "Problem", "parse_day"]

NEAR: Final = 31
"""Days ahead within which a day without a year is taken as coming rather than past."""

SHORT_YEARS_AHEAD: Final = 10

_WORDS: Final = {"today": 0, "tod": 0, "now": 0, "yesterday": -1, "yest": -1, "tomorrow": 1, "tom": 1}
_SHIFT: Final = re.compile(r"(?P<sign>[+-])\s?(?P<count>\d{1,4})\s?(?P<unit>d|w)")
_AGO: Final = re.compile(r"(?P<count>\d{1,4}) (?P<unit>d|w)(?:ays?|eeks?) ago")
_IN: Final = re.compile(r"in (?P<count>\d{1,4}) (?P<unit>d|w)(?:ays?|eeks?)")


def parse_day(text: str, *, today: date, ahead: bool = False) -> date:
    """The day a person means by `text`.

    Read are: `today`, `yesterday`, `tomorrow`; `-3d`, `+2w`, `3 days ago`, `in 2 weeks` (calendar days and weeks from
    `today`); a weekday (`fri`); a day with or without its year, day first (`20 nov`, `20/11`, `20/11/26`, `20.11.2026`,
    `Friday 20 November 2026`); and the international order (`2026-11-20`).

    What is left out is filled in like this, and the field should show the answer in full:

    - a weekday alone is the latest such day up to and with today; with `ahead`, the first from today on;
    - a day without a year is the latest such day up to and with today, unless it comes again within 31 days, when it is
      that one (on 20 December, `5 jan` is next month); with `ahead`, the first from today on;
    - a year of two figures is in this century, and refused when that is more than ten years away.

    Raises `NotADay` with the code `unreadable`, `impossible`, `ambiguous` (`20-11-26`, `next fri`), `month_first`
    (`11/20/2026`), `two_digit_year`, `weekday_disagrees`, `out_of_range` or `empty`.
    """
    tidied = tidy(text)
    if tidied in _WORDS:
        return today + timedelta(days=_WORDS[tidied])
    shift = _shift(tidied)
    if shift is not None:
        return _within_range(today, shift)
    if tidied in WEEKDAYS:
        away = (WEEKDAYS[tidied] - today.weekday()) % 7
        return today + timedelta(days=away if ahead or not away else away - 7)
    first, _, rest = tidied.partition(" ")
    if first in {"last", "next", "this"} and rest in WEEKDAYS:
        raise NotADay(Problem.AMBIGUOUS)

    written = read(tidied)
    year = full_year(written, today=today, ahead=SHORT_YEARS_AHEAD)
    if year is None:
        day = _nearest(written, today=today, ahead=ahead)
    else:
        day = on_the_calendar(year, written.month, written.day)
    if written.weekday is not None and written.weekday != day.weekday():
        raise NotADay(Problem.WEEKDAY_DISAGREES)
    return day


def _shift(tidied: str) -> int | None:
    """The days from today that `-3d` and its like mean."""
    for shape, sign in ((_SHIFT, 0), (_AGO, -1), (_IN, 1)):
        found = shape.fullmatch(tidied)
        if found is not None:
            sign = sign or (1 if found["sign"] == "+" else -1)
            return sign * int(found["count"]) * (7 if found["unit"] == "w" else 1)
    return None


def _within_range(today: date, shift: int) -> date:
    try:
        day = today + timedelta(days=shift)
    except OverflowError:
        raise NotADay(Problem.OUT_OF_RANGE) from None
    return on_the_calendar(day.year, day.month, day.day)


def _nearest(written: Written, *, today: date, ahead: bool) -> date:
    """The year for a day written without one. 29 February is looked for over eight years, the longest it is away."""
    days: list[date] = []
    problem = Problem.IMPOSSIBLE
    for year in range(today.year - 8, today.year + 9):
        try:
            days.append(on_the_calendar(year, written.month, written.day))
        except NotADay as fault:
            problem = fault.code if fault.code is not Problem.OUT_OF_RANGE else problem
    coming = next((day for day in days if day >= today), None)
    past = next((day for day in reversed(days) if day <= today), None)
    if coming is None or past is None:
        raise NotADay(problem)
    if ahead or coming - today <= timedelta(days=NEAR):
        return coming
    return past
