"""A birth as an office writes it: the calendar room's reading, plus ages, spans and what stands for "nobody knows".

What cannot be read is kept as written; no row is refused for its birth.
"""

import re
from datetime import date
from typing import Final, Literal

from safeconduct.casework.importing.sheet import Cell, cell_text
from safeconduct.casework.importing.silent import Silent
from safeconduct.core.calendar import births as core
from safeconduct.core.calendar.written import NotADay, Problem, tidy

Precision = Literal["day", "month", "year", "estimated", "unknown"]
Doubt = Literal["", "not_read", "in_future", "too_long_ago", "other_calendar"]


class Birth(Silent, frozen=True, gc=False):
    """`unknown`: nothing was said, or (then there is a `doubt`) not in a way that could be read.

    `other_calendar` is a year that fits the Solar Hijri or Hijri calendar only: somebody should convert it.
    """

    as_written: str
    precision: Precision
    year: int | None = None
    month: int | None = None
    day: int | None = None
    doubt: Doubt = ""

    @property
    def full(self) -> date | None:
        """The whole day where it is known, else None."""
        if self.precision == "day" and self.year and self.month and self.day:
            return date(self.year, self.month, self.day)
        return None


_AGE: Final = re.compile(r"(?:aged?\s*:?\s*)?(?P<n>\d{1,3})\s*(?P<unit>y|yrs?|years?|yo|y/o)?(?:\s*old)?")
_SPAN: Final = re.compile(r"(?P<first>\d{4})\s*(?:/|-|or|to)\s*(?:\d{4}|\d{2})")
_LEAD: Final = re.compile(r"^(?:dob|born|b)\b[\s:.]*(?:in\s+)?")
_ISLAMIC_YEAR: Final = re.compile(r"(?<!\d)1[34]\d\d(?!\d)")
_NOTHING: Final = frozenset(
    {"", "-", "--", "n/a", "na", "n/k", "nk", "unknown", "not known", "not given", "not sure", "unsure"}
    | {"tbc", "tba", "none", "?", "??"}
)
_OLDEST: Final = 120
_DOUBTS: Final[dict[Problem, Doubt]] = {
    Problem.IN_THE_FUTURE: "in_future",
    Problem.OUT_OF_RANGE: "too_long_ago",
}


def read_birth(cell: Cell, *, today: date, ages: bool = False) -> Birth:
    """Read one cell as of `today`. `ages`: the column holds ages, so a bare number up to 120 is one."""
    text = cell_text(cell)
    plain = tidy(text).strip(" .,;") if isinstance(cell, str) else text
    if plain in _NOTHING:
        return Birth(text, "unknown")
    plain = _LEAD.sub("", plain)
    try:
        read = core.read_birth(plain if isinstance(cell, str) else cell, today=today)
    except NotADay as problem:
        return _otherwise(text, plain, problem.code, today=today, ages=ages)
    return Birth(text, read.precision.value, read.year, read.month, read.day)


def _otherwise(text: str, plain: str, why: Problem, *, today: date, ages: bool) -> Birth:
    if _ISLAMIC_YEAR.search(plain):
        return Birth(text, "unknown", doubt="other_calendar")
    if (span := _SPAN.fullmatch(plain)) and 1900 <= int(span["first"]) <= today.year:
        return Birth(text, "estimated", int(span["first"]))
    age = _AGE.fullmatch(plain)
    if age and int(age["n"]) <= _OLDEST and (ages or plain != age["n"]):
        return Birth(text, "estimated", today.year - int(age["n"]))
    return Birth(text, "unknown", doubt=_DOUBTS.get(why, "not_read"))
