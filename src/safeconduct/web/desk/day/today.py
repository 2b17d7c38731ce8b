"""Today: everything that is due, most pressing first, and what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.keys import today as day_it_is
from safeconduct.agenda.models import Cover, Item
from safeconduct.agenda.queries import MOST_COUNTED, Wanted
from safeconduct.casework.due import agenda_coming, agenda_counted, agenda_due, open_rows
from safeconduct.casework.load import led
from safeconduct.casework.queries import visible
from safeconduct.core.calendar.days import ONE_DAY, Nation, working_days

from ...access import Request
from ...words import dates, due
from ..pages import page_of
from . import queue, saved
from .filters import Filters, address
from .present_row import RowShown, Section, present, section_of

# A morning's work; whoever opens a row goes on to the next without coming back here. No more names are opened, and
# stand where others can see, than are read.
ROWS: Final = 25
AHEAD_WORKING_DAYS: Final = 5
AHEAD_ROWS: Final = 20


@dataclass(frozen=True, slots=True)
class Step:
    """One of the first steps at a new desk."""

    title: str
    why: str
    url: str
    done: bool = False


def view(request: Request) -> HttpResponse:
    """One page of the list; on its last page also what comes in the next working days."""
    by, today = request.actor, day_it_is()
    filters = Filters(by, queue.FILTERS, request.GET.dict())
    wanted = filters.wanted()
    path = reverse("today")
    rows = agenda_due(by, wanted, on=today)
    asked = request.GET.get("page", "")
    pages = page_of(rows.count(), asked, path, filters.chosen, rows=ROWS, most=MOST_COUNTED)
    if not filters.chosen:
        request.due_today = pages.count
    items = rows[pages.start : pages.start + ROWS]
    soon = _soon(by, wanted, today) if pages.last else []
    sections = _sections(by, items, soon, filters, pages.start, today)
    nothing = not items and not soon and not filters.chosen
    steps = _first_steps(by) if nothing and not visible(by).exists() else []
    context = {
        "today": dates.Day(dates.full(today), today.isoformat()),
        "sections": sections,
        "count": pages.count,
        "count_text": due.things(pages.count),
        "filters": None if steps else filters.bar(path),
        "saved": saved.shown(by, filters, path),
        "week_url": address(reverse("week"), filters.chosen),
        "may_see_load": bool(led(by)),
        "covered": _covered(filters.covers, today),
        "pages": pages,
        "next_up": "" if pages.count else _next_up(by, wanted, today),
        "first_steps": steps,
    }
    return render(request, "desk/today.html", context)


def _soon(by: Actor, wanted: Wanted, today: date) -> list[Item]:
    horizon = working_days(Nation(by.organisation.nation)).add(today, AHEAD_WORKING_DAYS)
    return agenda_coming(by, wanted, after=today, until=horizon)[:AHEAD_ROWS]


def _sections(
    by: Actor, items: Sequence[Item], soon: Sequence[Item], filters: Filters, start: int, today: date
) -> list[Section]:
    """The rows under their headings. Opens whom they concern, after the entry that says so."""
    at = {item.pk: start + index for index, item in enumerate(items)}
    shown: list[tuple[str, RowShown]] = []
    for row in open_rows(by=by, items=[*items, *soon]):
        number = at.get(row.item.pk)
        if number is None:
            url = reverse("case", args=[row.case.handle])
        else:
            url = queue.row_address(row.case.handle, number, filters.chosen)
        drawn = present(
            row,
            url=url,
            today=today,
            me=by.member.pk,
            covered=filters.covered,
            advises=by.organisation.gives_advice,
        )
        shown.append((section_of(row.item, today), drawn))
    return [Section(title, [row for _title, row in group]) for title, group in groupby(shown, key=lambda pair: pair[0])]


def _next_up(by: Actor, wanted: Wanted, today: date) -> str:
    """`Next is Tuesday 24 November 2026: 3 letters reach their standard.` Open facts only."""
    first = agenda_coming(by, wanted, after=today).first()
    if first is None:
        return _("No day lies ahead. A clock starts when a letter is logged as sent.")
    kinds = agenda_counted(by, wanted, after=first.day - ONE_DAY, until=first.day)
    what = ", ".join(due.counted(kind, kinds[first.day, kind]) for kind in due.ITEM_KINDS if (first.day, kind) in kinds)
    return _("Next is %(day)s: %(what)s.") % {"day": dates.full(first.day), "what": what}


def _covered(covers: Sequence[Cover], today: date) -> str:
    """For whom a member covers today: their work is among "mine"."""
    said = [f"{one.member.name} ({dates.short(one.until_on, today)})" for one in covers]
    return _("You cover until the day given for: %(names)s.") % {"names": ", ".join(said)} if said else ""


def _first_steps(by: Actor) -> list[Step]:
    """What a new desk needs, each with what it is for."""
    steps = [
        Step(
            _("Bring in the sheet you keep"),
            _("The desk reads a spreadsheet as it is, shows what it understood, and adds nothing until you agree."),
            reverse("imports"),
        ),
        Step(
            _("Add a person"),
            _("A case begins with a person: the name as they give it is enough. Open their first case from there."),
            reverse("person-new"),
        ),
        Step(
            _("Read what is protected"),
            _("What somebody who copies this machine's disk learns, and what they do not."),
            reverse("promise"),
        ),
    ]
    if by.member.is_guardian:
        alone = by.organisation.members.count() == 1
        steps.insert(
            2,
            Step(
                _("Add your colleagues"),
                _("Each has a passphrase of their own, so that the log says who looked, and work goes on without you."),
                reverse("member-new"),
                done=not alone,
            ),
        )
    return steps
