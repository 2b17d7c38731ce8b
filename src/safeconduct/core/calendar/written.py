"""The shapes in which a day is written, and the strict reading of each. No guessing: a shape is known or it is not.

Day before month, as in the United Kingdom; a year first only in the international order. Used by `typed` (what a person
types) and `sheets` (what stands in a spreadsheet), which differ in what they do with a missing year.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

EARLIEST: Final = 1900
LATEST: Final = 2100

MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}

WEEKDAYS: Final = {
    name: number
    for number, names in enumerate(
        (
            "mon monday",
            "tue tues tuesday",
            "wed weds wednesday",
            "thu thur thurs thursday",
            "fri friday",
            "sat saturday",
            "sun sunday",
        )
    )
    for name in names.split()
}


class Problem(StrEnum):
    """Why a text is not taken as a day."""

    EMPTY = "empty"
    UNREADABLE = "unreadable"
    IMPOSSIBLE = "impossible"
    MONTH_FIRST = "month_first"
    AMBIGUOUS = "ambiguous"
    YEAR_MISSING = "year_missing"
    TWO_DIGIT_YEAR = "two_digit_year"
    WEEKDAY_DISAGREES = "weekday_disagrees"
    OUT_OF_RANGE = "out_of_range"
    IN_THE_FUTURE = "in_the_future"


_SENTENCES: Final = {
    Problem.EMPTY: "There is no date here.",
    Problem.UNREADABLE: "This is not a date we can read. Write it as 20 November 2026 or 20/11/2026.",
    Problem.IMPOSSIBLE: "There is no such day in the calendar. Check the day, the month and the year.",
    Problem.MONTH_FIRST: "The month seems to come first. Write the day first: 20/11/2026.",
    Problem.AMBIGUOUS: "This can mean more than one day. Write it as 20 November 2026.",
    Problem.YEAR_MISSING: "The year is missing. Write it as 20 November 2026.",
    Problem.TWO_DIGIT_YEAR: "The century is not clear. Write the year with four figures.",
    Problem.WEEKDAY_DISAGREES: "The day of the week and the date do not agree. Correct one or leave out the weekday.",
    Problem.OUT_OF_RANGE: f"The year is not between {EARLIEST} and {LATEST}.",
    Problem.IN_THE_FUTURE: "This day is still to come.",
}


class NotADay(ValueError):
    """A text that is not taken as a day. `code` says why; the message says what to do and never repeats the text."""

    def __init__(self, code: Problem) -> None:
        self.code = code
        super().__init__(_SENTENCES[code])


@dataclass(frozen=True)
class Written:
    """A day as it stands on paper: what was written and nothing more.

    `year` is None where none was written, and below 100 with `short_year` where it had two figures. `weekday` is 0 for
    Monday.
    """

    day: int
    month: int
    year: int | None = None
    short_year: bool = False
    weekday: int | None = None


_WEEKDAY = r"(?:(?P<weekday>[a-z]+)\.?,?\s+)?"
_YEAR = r"(?P<year>\d{4}|'?\d{2})"
_MONTH_NAME = r"(?P<name>[a-z]+)\.?"
_DAY = r"(?P<day>\d{1,2})"
_ORDINAL = r"(?:st|nd|rd|th)?"
_SHAPES: Final = tuple(
    re.compile(pattern)
    for pattern in (
        # Friday 20 November 2026 · 20th Nov 26 · 20nov · 20-Nov-2026 · 20 of November, 2026
        rf"{_WEEKDAY}(?:the )?{_DAY}{_ORDINAL}[\s-]*(?:of\s+)?{_MONTH_NAME}(?:,?[\s-]*{_YEAR})?",
        # November 20, 2026 · Nov 20
        rf"{_WEEKDAY}{_MONTH_NAME}\s+{_DAY}{_ORDINAL}(?:(?:,\s*|\s+){_YEAR})?",
        # 20/11/2026 · 20.11.26 · 20/11
        rf"{_WEEKDAY}{_DAY}\s?(?P<mark>[/.])\s?(?P<month>\d{{1,2}})(?:\s?(?P=mark)\s?{_YEAR})?\.?",
        # 20-11-2026
        rf"{_WEEKDAY}{_DAY}-(?P<month>\d{{1,2}})-(?P<year>\d{{4}})",
        # 2026-11-20 · 2026/11/20 · 2026.11.20
        rf"{_WEEKDAY}(?P<year>\d{{4}})(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark){_DAY}",
    )
)
_TWO_FIGURES_THRICE: Final = re.compile(r"\d{1,2}-\d{1,2}(?:-\d{2})?")


def tidy(text: str) -> str:
    """The text in lower case with plain figures, plain dashes and single spaces.

    Arabic-Indic and other decimal figures become 0 to 9; characters that only steer the direction of writing go.
    """
    if text.isascii():  # most of what is typed; the rest of this takes ten times as long
        return " ".join(text.lower().split())
    folded = unicodedata.normalize("NFKC", text).casefold()
    plain = (
        str(unicodedata.decimal(character)) if character.isdecimal() else character
        for character in folded
        if unicodedata.category(character) != "Cf"
    )
    return " ".join("".join(plain).replace("–", "-").replace("−", "-").replace("’", "'").split())


def read(tidied: str) -> Written:
    """The day written in a tidied text. Raises `NotADay` for a shape, a month or a weekday that is not known."""
    if not tidied:
        raise NotADay(Problem.EMPTY)
    for shape in _SHAPES:
        found = shape.fullmatch(tidied)
        if found is None:
            continue
        parts = found.groupdict()
        if (parts.get("name") or "jan") not in MONTHS or (parts["weekday"] or "mon") not in WEEKDAYS:
            continue
        year = parts["year"]
        return Written(
            day=int(parts["day"]),
            month=MONTHS[parts["name"]] if parts.get("name") else int(parts["month"]),
            year=int(year.lstrip("'")) if year else None,
            short_year=year is not None and len(year.lstrip("'")) == 2,
            weekday=WEEKDAYS[parts["weekday"]] if parts["weekday"] else None,
        )
    # 20-11-26 may be 20 November 2026 or 26 November 2020, and 20-11 a range or a day.
    raise NotADay(Problem.AMBIGUOUS if _TWO_FIGURES_THRICE.fullmatch(tidied) else Problem.UNREADABLE)


def on_the_calendar(year: int, month: int, day: int) -> date:
    """The date, or `NotADay` where the calendar has none or the year is out of range."""
    if not EARLIEST <= year <= LATEST:
        raise NotADay(Problem.OUT_OF_RANGE)
    if month > 12 >= day >= 1:
        raise NotADay(Problem.MONTH_FIRST)
    try:
        return date(year, month, day)
    except ValueError:
        raise NotADay(Problem.IMPOSSIBLE) from None


def full_year(written: Written, *, today: date, ahead: int) -> int | None:
    """The year with four figures. Two figures mean this century; a year more than `ahead` years after today is
    refused (`two_digit_year`), since it may mean the last one."""
    if written.year is None or not written.short_year:
        return written.year
    year = 2000 + written.year
    if year > today.year + ahead:
        raise NotADay(Problem.TWO_DIGIT_YEAR)
    return year
