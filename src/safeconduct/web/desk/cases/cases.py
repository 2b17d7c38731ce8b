"""The cases of a member's teams, newest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from safeconduct.accounts.keys import today as day_it_is
from safeconduct.agenda.models import Item
from safeconduct.casework.due import next_items
from safeconduct.casework.models import Case
from safeconduct.casework.queries import Listed, list_cases, open_listed, to_review

from ...access import Request
from ...words import cases as words
from ...words import dates
from ...words.closing import ended
from ...words.dates import Day
from ...words.due import PRESSING, TO_COME
from ..day.filters import Filters
from ..day.present_row import section_of, who
from ..pages import ROWS, page_of

FILTERS = ("state", "outcome", "topic", "worker", "team")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseShown:
    """One line: the shape of `components/case_list.html`."""

    url: str
    ref: str
    who: str
    kind: str
    state: str
    due: Day | None
    due_why: str
    needs: bool
    worker: str


def view(request: Request) -> HttpResponse:
    """One page of cases. Opens whom they concern, after the entry that says so."""
    by, today = request.actor, day_it_is()
    filters = Filters(by, FILTERS, request.GET.dict())
    path = reverse("cases")
    found = list_cases(by, filters.wanted(), state=filters.state(), outcome=filters.outcome())
    pages = page_of(found.count(), request.GET.get("page", ""), path, filters.chosen)
    cases = list(found[pages.start : pages.start + ROWS])
    listed = open_listed(by=by, cases=cases)
    context = {
        "cases": lines(listed, next_items(cases), today=today),
        "filters": filters.bar(path) if cases or filters.chosen else None,
        "count_text": _count_text(pages.count, filters.state()) if cases else "",
        "pages": pages,
        "may_add": True,
        "to_review": to_review(by, on=today).count(),
    }
    return render(request, "desk/cases.html", context)


def lines(cases: Sequence[Listed], due: Mapping[UUID, Item], *, today: date, named: bool = True) -> list[CaseShown]:
    """Cases as lines of a list. ``named``: false on the page of the person they concern."""
    return [_line(one, due.get(one.case.handle), today=today, named=named) for one in cases]


def _line(one: Listed, item: Item | None, *, today: date, named: bool) -> CaseShown:
    case = one.case
    on = dates.short(case.opened_on, today)
    state = _("Open since %(day)s") % {"day": on} if case.state == Case.State.OPEN else ended(case)
    return CaseShown(
        url=reverse("case", args=[case.handle]),
        ref=one.head.our_reference,
        who=who(one.concerned) if named else "",
        kind=str(words.TOPICS[case.kind]),
        state=state,
        due=dates.brief(item.day, today) if item else None,
        due_why=due_why(item, today) if item else "",
        needs=item is not None and item.day <= today and item.kind in PRESSING,
        worker=case.worker.name if case.worker else _("Nobody yet"),
    )


def due_why(item: Item, today: date) -> str:
    """What is due of a case, in a word or two beside its day."""
    return section_of(item, today) if item.day <= today else str(TO_COME[item.kind])


def _count_text(count: int, state: str) -> str:
    match state:
        case Case.State.OPEN:
            text = ngettext("%(count)d open case", "%(count)d open cases", count)
        case Case.State.CLOSED:
            text = ngettext("%(count)d closed case", "%(count)d closed cases", count)
        case _:
            text = ngettext("%(count)d case", "%(count)d cases", count)
    return text % {"count": count}
