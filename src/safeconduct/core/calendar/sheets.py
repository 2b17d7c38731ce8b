"""Days as they stand in the cells of a spreadsheet: real dates, the numbers Excel keeps behind dates, and text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from math import isfinite
from typing import Final

from openpyxl.utils.datetime import WINDOWS_EPOCH, from_excel

from .days import day_in_london
from .written import NotADay, Problem, full_year, on_the_calendar, read, tidy

__all__ = ["CellWarning", "NotADay", "Problem", "SheetDay", "read_day_cell"]

SHORT_YEARS_AHEAD: Final = 1
"""A sheet is a record of what happened, so "31/10/77" is not 2077."""

_SERIAL: Final = re.compile(r"\d{5}(?:\.\d+)?")
_SERIAL_YEARS: Final = range(1927, 2100)  # 1927 is where a date's number gets its fifth figure
_TIMED: Final = re.compile(
    r"(?P<day>.*\d)(?:t|,? )(?P<time>\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[ap]m)?)(?P<zone>z|[+-]\d{2}:?\d{2})?"
)


class CellWarning(StrEnum):
    """What a person should look at, though the day was read."""

    WEEKDAY_DISAGREES = "weekday_disagrees"


@dataclass(frozen=True)
class SheetDay:
    """The day read from a cell, with the warnings that go with it."""

    day: date
    warnings: tuple[CellWarning, ...] = ()


def read_day_cell(cell: object, *, today: date, epoch: datetime = WINDOWS_EPOCH) -> SheetDay:
    """The day in a cell.

    `cell` is what openpyxl or the csv module gives: a date, a datetime (its time is dropped), a number or text. A
    number of five figures, bare or as text, is a count of days from `epoch` (`workbook.epoch`). Text is read day first,
    needs its year, and may carry a weekday (one that disagrees is a warning and the date stands) or a time; an instant
    with a time zone becomes its day in London.

    Raises `NotADay`: `empty`, `unreadable`, `impossible`, `month_first`, `year_missing`, `ambiguous`, `two_digit_year`
    (more than a year ahead), `out_of_range`.
    """
    if cell is None:
        raise NotADay(Problem.EMPTY)
    if isinstance(cell, datetime):
        return SheetDay(cell.date() if cell.tzinfo is None else day_in_london(cell))
    if isinstance(cell, date):
        return SheetDay(cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return SheetDay(day_of_serial(cell, epoch=epoch))
    if isinstance(cell, str):
        return _from_text(tidy(cell), today=today, epoch=epoch)
    raise NotADay(Problem.UNREADABLE)


def day_of_serial(number: float, *, epoch: datetime = WINDOWS_EPOCH) -> date:
    """The day that Excel keeps as `number` (46272 is 7 September 2026 from the Windows epoch).

    Only numbers of five figures for the years 1927 to 2099 are days; others are `unreadable`.
    """
    if not isfinite(number) or not 10_000 <= number < 100_000:
        raise NotADay(Problem.UNREADABLE)
    moment = from_excel(int(number), epoch=epoch)
    if not isinstance(moment, datetime) or moment.year not in _SERIAL_YEARS:
        raise NotADay(Problem.UNREADABLE)
    return moment.date()


def _from_text(tidied: str, *, today: date, epoch: datetime) -> SheetDay:
    if _SERIAL.fullmatch(tidied):
        return SheetDay(day_of_serial(float(tidied), epoch=epoch))
    timed = _TIMED.fullmatch(tidied)
    if timed is not None:
        if timed["zone"]:
            return SheetDay(_day_of_instant(tidied))
        tidied = timed["day"]
    written = read(tidied)
    year = full_year(written, today=today, ahead=SHORT_YEARS_AHEAD)
    if year is None:
        raise NotADay(Problem.YEAR_MISSING)
    day = on_the_calendar(year, written.month, written.day)
    disagrees = written.weekday is not None and written.weekday != day.weekday()
    return SheetDay(day, (CellWarning.WEEKDAY_DISAGREES,) if disagrees else ())


def _day_of_instant(tidied: str) -> date:
    try:
        return day_in_london(datetime.fromisoformat(tidied.upper()))
    except (ValueError, OverflowError):
        raise NotADay(Problem.UNREADABLE) from None
