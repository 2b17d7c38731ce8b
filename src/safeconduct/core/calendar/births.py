"""When somebody was born, as written: whole, or only as far as anybody knows.

A birth is an assertion with a precision. What is not written is not filled in: "1998" is a year, and stays one. That
1 January often stands for "unknown" is weighed where people are compared, not here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from openpyxl.utils.datetime import WINDOWS_EPOCH

from .sheets import day_of_serial
from .written import MONTHS, NotADay, Problem, Written, on_the_calendar, read, tidy

__all__ = ["Birth", "NotADay", "Precision", "Problem", "read_birth"]

OLDEST: Final = 115
"""Years of age beyond which a two-figure year is not read as the earlier century."""

_ABOUT_BEFORE: Final = re.compile(r"(?:(?:abt|about|approx|approximately|around|c|ca|circa|est|estimated)\b\.?|~) ?")
_ABOUT_AFTER: Final = re.compile(r" ?(?:\?+|\(?(?:approx|estimated|est)\.?\)?)")
_YEAR: Final = re.compile(r"\d{4}")
_MONTH: Final = (
    re.compile(r"(?P<name>[a-z]+)\.?,?[ -](?P<year>\d{4})"),  # Mar 1998
    re.compile(r"(?P<month>\d{1,2})[/.](?P<year>\d{4})"),  # 03/1998
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})"),  # 1998-03
)
_UNKNOWN_PARTS: Final = re.compile(
    r"(?:00|xx|\?\?)(?P<mark>[/.-])(?P<month>\d{1,2}|xx|\?\?)(?P=mark)(?P<year>\d{4})"  # 00/00/1998, xx/03/1998
)


class Precision(StrEnum):
    """How far a birth is known. `ESTIMATED`: whatever is written was called a guess by whoever wrote it."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    ESTIMATED = "estimated"


@dataclass(frozen=True)
class Birth:
    """A birth as written. `month` and `day` are None where they were not."""

    year: int
    month: int | None
    day: int | None
    precision: Precision


def read_birth(cell: object, *, today: date, epoch: datetime = WINDOWS_EPOCH) -> Birth:
    """The birth in a cell or field: a date, a number, or text such as `1 Jan 1977`, `19/02/2011`, `Mar 1998`, `1998`,
    `1998?`, `abt 2001`, `00/03/1998`.

    A number of four figures is a year, one of five Excel's count of days from `epoch`. A year of two figures is read
    where one century alone gives an age from 0 to 115.

    Raises `NotADay`: `empty`, `unreadable`, `impossible`, `month_first`, `ambiguous`, `year_missing`,
    `two_digit_year`, `weekday_disagrees`, `out_of_range` (before 1900), `in_the_future`.
    """
    if cell is None:
        raise NotADay(Problem.EMPTY)
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        birth = _whole(cell)
    elif isinstance(cell, int | float) and not isinstance(cell, bool):
        year = int(cell) if cell == cell and abs(cell) < 10_000 else None
        birth = _whole(day_of_serial(cell, epoch=epoch)) if year is None else Birth(year, None, None, Precision.YEAR)
    elif isinstance(cell, str):
        birth = _from_text(tidy(cell), today=today, epoch=epoch)
    else:
        raise NotADay(Problem.UNREADABLE)
    return _checked(birth, today)


def _from_text(tidied: str, *, today: date, epoch: datetime) -> Birth:
    before = _ABOUT_BEFORE.match(tidied)
    rest = tidied[before.end() :] if before else tidied
    stripped = re.sub(rf"{_ABOUT_AFTER.pattern}$", "", rest)
    about = before is not None or stripped != rest
    birth = _parts(stripped, today=today, epoch=epoch)
    return Birth(birth.year, birth.month, birth.day, Precision.ESTIMATED) if about else birth


def _parts(tidied: str, *, today: date, epoch: datetime) -> Birth:
    if _YEAR.fullmatch(tidied):
        return Birth(int(tidied), None, None, Precision.YEAR)
    if tidied.isdecimal() and len(tidied) == 5:
        return _whole(day_of_serial(int(tidied), epoch=epoch))
    for shape in _MONTH:
        found = shape.fullmatch(tidied)
        if found is not None:
            parts = found.groupdict()
            month = MONTHS.get(parts["name"]) if "name" in parts else int(parts["month"])
            if month is None:
                raise NotADay(Problem.UNREADABLE)
            if not 1 <= month <= 12:
                raise NotADay(Problem.IMPOSSIBLE)
            return Birth(int(parts["year"]), month, None, Precision.MONTH)
    found = _UNKNOWN_PARTS.fullmatch(tidied)
    if found is not None:
        known = found["month"].isdecimal() and int(found["month"]) != 0
        month = int(found["month"]) if known else None
        return Birth(int(found["year"]), month, None, Precision.MONTH if known else Precision.YEAR)

    written = read(tidied.removesuffix(" 00:00:00").removesuffix("t00:00:00"))
    day = on_the_calendar(_full_year(written, today), written.month, written.day)
    if written.weekday is not None and written.weekday != day.weekday():
        raise NotADay(Problem.WEEKDAY_DISAGREES)
    return _whole(day)


def _full_year(written: Written, today: date) -> int:
    if written.year is None:
        raise NotADay(Problem.YEAR_MISSING)
    if not written.short_year:
        return written.year
    years = [century + written.year for century in (1900, 2000)]
    possible = [year for year in years if today.year - OLDEST <= year <= today.year]
    if len(possible) != 1:
        raise NotADay(Problem.TWO_DIGIT_YEAR)
    return possible[0]


def _whole(day: date) -> Birth:
    return Birth(day.year, day.month, day.day, Precision.DAY)


def _checked(birth: Birth, today: date) -> Birth:
    """Refuse months that do not exist, births before 1900 and births after today."""
    if on_the_calendar(birth.year, birth.month or 1, birth.day or 1) > today:
        raise NotADay(Problem.IN_THE_FUTURE)
    return birth
