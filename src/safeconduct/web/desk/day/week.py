"""The week, day by day: what is due on each, most pressing first, with the same filters as Today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.keys import today as day_it_is
from safeconduct.agenda.models import Item
from safeconduct.agenda.queries import MOST_COUNTED
from safeconduct.casework.due import Row, agenda_coming, agenda_counted, open_rows
from safeconduct.core.calendar.days import ONE_DAY, BeyondCalendar, Nation, working_days

from ...access import Request
from ...words import dates, due
from ..pages import ROWS, Pages, page_of
from . import queue
from .filters import Filters, address
from .present_row import RowShown, present

DAYS: Final = 7
ROWS_A_DAY: Final = 12
_WEEK: Final = timedelta(days=DAYS)
_FRIDAY: Final = 4
_FIRST, _LAST = date(2000, 1, 3), date(2200, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayShown:
    """One day: the shape of a group in desk/week.html."""

    day: dates.Day
    today: bool
    holiday: str
    count: str
    rows: list[RowShown]
    more_url: str
    more: str


def view(request: Request) -> HttpResponse:
    """A week from its Monday, or one day of it in full."""
    by, today = request.actor, day_it_is()
    filters = Filters(by, queue.FILTERS, request.GET.dict())
    one = _day(request.GET.get("day", ""))
    start = one or _monday(_day(request.GET.get("from", "")) or today)
    until = start if one else start + _WEEK - ONE_DAY
    counted = agenda_counted(by, filters.wanted(), after=start - ONE_DAY, until=until)
    counts = {day: sum(n for (on, _kind), n in counted.items() if on == day) for day, _kind in counted}
    path, pages = reverse("week"), None
    if one:
        most = min(counts.get(one, 0), MOST_COUNTED + 1)
        query = {"day": one.isoformat(), **filters.chosen}
        pages = page_of(most, request.GET.get("page", ""), path, query, most=MOST_COUNTED)
    items = {
        day: _items(by, filters, day, pages)
        for day in (start + ONE_DAY * number for number in range((until - start).days + 1))
        if counts.get(day)
    }
    rows: dict[date, list[RowShown]] = {}
    for row in open_rows(by=by, items=[item for some in items.values() for item in some]):
        rows.setdefault(row.item.day, []).append(_row(row, by, filters, today))
    monday = _monday(start)
    beside = {"day": one.isoformat()} if one else {"from": start.isoformat()} if start != _monday(today) else {}
    context = {
        "title": _title(start, one, today),
        "days": [
            _shown(day, rows.get(day, []), counts.get(day, 0), by, filters, today, whole=one is not None)
            for day in (start + ONE_DAY * number for number in range((until - start).days + 1))
            if day.weekday() <= _FRIDAY or counts.get(day) or one
        ],
        "count_text": _count_text(sum(counts.values())),
        "kinds": _kinds(counted),
        "filters": filters.bar(path, beside),
        "pages": pages,
        "before": _before(by, filters, start) if start <= today <= until else "",
        "today_url": address(reverse("today"), filters.chosen),
        "previous_url": _at(monday if one else monday - _WEEK, today, filters),
        "next_url": "" if one else _at(monday + _WEEK, today, filters),
        "this_url": "" if monday == _monday(today) and not one else address(path, filters.chosen),
        "whole": one is not None,
    }
    return render(request, "desk/week.html", context)


def _items(by: Actor, filters: Filters, day: date, pages: Pages | None) -> list[Item]:
    found = agenda_coming(by, filters.wanted(), after=day - ONE_DAY, until=day)
    return found[:ROWS_A_DAY] if pages is None else found[pages.start : pages.start + ROWS]


def _row(row: Row, by: Actor, filters: Filters, today: date) -> RowShown:
    url = reverse("case", args=[row.case.handle])
    return present(row, url=url, today=today, me=by.member.pk, covered=filters.covered)


def _shown(
    day: date, rows: list[RowShown], count: int, by: Actor, filters: Filters, today: date, *, whole: bool
) -> DayShown:
    left = 0 if whole else count - len(rows)
    more = ngettext("%(count)s more on this day", "%(count)s more on this day", left) % {"count": f"{left:,}"}
    return DayShown(
        day=dates.day(day),
        today=day == today,
        holiday=_holiday(by, day),
        count=f"{count:,}" if count else "",
        rows=rows,
        more_url=address(reverse("week"), {"day": day.isoformat(), **filters.chosen}) if left > 0 else "",
        more=more,
    )


def _holiday(by: Actor, day: date) -> str:
    try:
        found = working_days(Nation(by.organisation.nation)).holidays_between(day - ONE_DAY, day)
    except BeyondCalendar:
        return ""
    return found[0].title if found else ""


def _before(by: Actor, filters: Filters, start: date) -> str:
    """What is still due from days before those shown: it stands in Today, not in the week."""
    count = agenda_coming(by, filters.wanted(), after=date.min, until=start - ONE_DAY).count()
    if not count:
        return ""
    text = ngettext("%(count)s thing from before is still due", "%(count)s things from before are still due", count)
    return text % {"count": due.number(count)}


def _kinds(counted: Mapping[tuple[date, str], int]) -> str:
    kinds = {kind: sum(n for (_on, one), n in counted.items() if one == kind) for _on, kind in counted}
    return ", ".join(due.counted(kind, kinds[kind]) for kind in due.ITEM_KINDS if kind in kinds)


def _count_text(count: int) -> str:
    return ngettext("%(count)s thing", "%(count)s things", count) % {"count": f"{count:,}"} if count else ""


def _title(start: date, one: date | None, today: date) -> str:
    if one:
        return dates.full(one)
    if start == _monday(today):
        return _("This week")
    return _("The week from %(day)s") % {"day": dates.plain(start)}


def _at(monday: date, today: date, filters: Filters) -> str:
    query = {} if monday == _monday(today) else {"from": monday.isoformat()}
    return address(reverse("week"), {**query, **filters.chosen})


def _monday(day: date) -> date:
    return day - ONE_DAY * day.weekday()


def _day(text: str) -> date | None:
    """A day of an address; None for what is none, or far from any that could be due."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if _FIRST <= day <= _LAST else None
