"""Days and times in words, and what is wrong with a day that was typed.

Two lengths: in full where a day stands alone ("Friday 18 December 2026"), short in a row of a list ("Fri 18 Dec", with
its year when that is another one). Both are translated with Django's own names of days and months.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from django.utils.dateformat import format as written
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from safeconduct.core.calendar.days import LONDON
from safeconduct.core.calendar.typed import Problem


@dataclass(frozen=True, slots=True)
class Day:
    """A day or an instant as the components draw it: the words, and its form for a machine."""

    text: str
    iso: str


@lru_cache(maxsize=4096)
def _written(on: date, how: str, _language: str | None) -> str:
    return written(on, how)


def _day(on: date, how: str) -> str:
    """A day in the reader's language, kept: one page names the same few days again and again."""
    return _written(on, how, get_language())


def full(on: date) -> str:
    """`Friday 18 December 2026`."""
    return _day(on, "l j F Y")


def plain(on: date) -> str:
    """`18 December 2026`."""
    return _day(on, "j F Y")


def typed_again(on: date | None) -> str:
    """`20/11/2026`, as a field of a form takes it again; "" for none."""
    return _day(on, "d/m/Y") if on else ""


def month(on: date) -> str:
    """`January 2023`."""
    return _day(on, "F Y")


def short(on: date, today: date) -> str:
    """`Fri 18 Dec`, or `Fri 18 Dec 2027` when that is not this year."""
    return _day(on, "D j M" if on.year == today.year else "D j M Y")


def day(on: date) -> Day:
    """The day in full, to draw."""
    return Day(full(on), on.isoformat())


def brief(on: date, today: date) -> Day:
    """The day as a list shows it."""
    return Day(short(on, today), on.isoformat())


def instant(at: datetime) -> Day:
    """`Friday 20 November 2026, 14:05`, as the clocks in London showed it."""
    there = at.astimezone(LONDON)
    return Day(written(there, "l j F Y, H:i"), there.isoformat(timespec="minutes"))


def ago(on: date, today: date) -> str:
    """`today`, `yesterday`, `6 days ago`: calendar days."""
    days = (today - on).days
    if days <= 0:
        return str(_("today"))
    if days == 1:
        return str(_("yesterday"))
    return ngettext("%(days)d day ago", "%(days)d days ago", days) % {"days": days}


PROBLEMS: Final[Mapping[Problem, Promise]] = {
    Problem.EMPTY: _("Give a day."),
    Problem.UNREADABLE: _("This is not a day the desk can read. Write it as 20 November 2026, 20/11/2026 or -3d."),
    Problem.IMPOSSIBLE: _("There is no such day in the calendar. Check the day, the month and the year."),
    Problem.MONTH_FIRST: _("The month seems to come first. Write the day first: 20/11/2026."),
    Problem.AMBIGUOUS: _("This can mean more than one day. Write it as 20 November 2026."),
    Problem.YEAR_MISSING: _("The year is missing. Write it as 20 November 2026."),
    Problem.TWO_DIGIT_YEAR: _("The century is not clear. Write the year with four figures."),
    Problem.WEEKDAY_DISAGREES: _("The weekday and the date do not agree. Correct one, or leave out the weekday."),
    Problem.OUT_OF_RANGE: _("The year is too far away. Check it."),
    Problem.IN_THE_FUTURE: _("That day has not come yet."),
}
