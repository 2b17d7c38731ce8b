"""The place of a case in the list it was opened from: open facts in its address, found again in the agenda.

`/cases/<handle>?queue=today&at=3&worker=mine` is the fourth row of Today, my own only. The agenda moves while somebody
works through it, so the place is looked for around `at`; when the thing was done and left the list, what stands at `at`
now is what comes next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.http import QueryDict
from django.urls import resolve, reverse
from django.urls.exceptions import Resolver404
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from safeconduct.accounts.actor import Actor
from safeconduct.agenda.models import Item
from safeconduct.casework.due import agenda_due, open_rows
from safeconduct.casework.models import Case

from ...words.due import number
from .filters import Filters, address
from .present_row import RowShown, present

NAME: Final = "queue"
TODAY: Final = "today"
FILTERS: Final = ("worker", "team", "topic", "kind")
_BEFORE: Final = 4
_AFTER: Final = 7
_NEAR: Final = 2  # how far a row may have moved and still be taken for the same


@dataclass(frozen=True, slots=True)
class Queue:
    """The shape of `queue` in desk/case.html, and the address to go on to."""

    label: str
    url: str
    text: str
    previous_url: str
    next_url: str
    rows: list[RowShown]
    go_on: str


def row_address(case: UUID, at: int, chosen: Mapping[str, str]) -> str:
    """The address of a case that stands in row ``at`` of Today, filtered by ``chosen``."""
    return address(reverse("case", args=[case]), {NAME: TODAY, "at": str(at), **chosen})


def place(by: Actor, case: Case, query: QueryDict, *, today: date) -> Queue | None:
    """Where a case stands in the list its address names, with the rows around it; None where it names none.

    Opens whom the rows around it concern, after the entry that says so.
    """
    at_text = query.get("at", "")
    if query.get(NAME) != TODAY or not (at_text.isascii() and at_text.isdigit() and len(at_text) < 8):
        return None
    asked = int(at_text)
    filters = Filters(by, FILTERS, {name: query.get(name, "") for name in FILTERS})
    chosen = filters.chosen
    due = agenda_due(by, filters.wanted(), on=today)
    first = max(0, asked - _BEFORE)
    items = due[first : asked + _AFTER]
    at = _where(items, first, asked, case)

    def link(place: int) -> str:
        if first <= place < first + len(items):
            return row_address(items[place - first].case, place, chosen)
        return ""

    count = due.count()
    back = address(reverse("today"), chosen)
    if at is None:  # done, and gone from the list: what stands here now comes next
        text, before, after = _("%(count)s in the list") % {"count": number(count)}, link(asked - 1), link(asked)
    else:
        text = _("%(at)d of %(count)s") % {"at": at + 1, "count": number(count)}
        before, after = link(at - 1), link(at + 1)
    rows = [
        present(
            row,
            url=link(first + items.index(row.item)),
            today=today,
            advises=by.organisation.gives_advice,
            me=by.member.pk,
            covered=filters.covered,
            current=at is not None and row.item is items[at - first],
        )
        for row in open_rows(by=by, items=items)
    ]
    return Queue(_("Today"), back, text, before, after, rows, after or back)


def stays(query: QueryDict) -> dict[str, str]:
    """What of an address says where its case stands, to carry on to the case's other pages."""
    if query.get(NAME) != TODAY:
        return {}
    return {name: str(query[name]) for name in (NAME, "at", *FILTERS) if query.get(name)}


def our_own(path: str) -> str:
    """``path`` when it is an address of a case or of Today at this desk, else "": nobody is sent elsewhere."""
    if not path.startswith("/") or not url_has_allowed_host_and_scheme(path, allowed_hosts=None):
        return ""
    try:
        found = resolve(path.partition("?")[0])
    except Resolver404:
        return ""
    return path if found.url_name in ("case", "today") else ""


def _where(items: Sequence[Item], first: int, asked: int, case: Case) -> int | None:
    """The row of the case nearest to the one asked for, if it is near."""
    rows = [first + index for index, item in enumerate(items) if item.case == case.handle]
    near = [row for row in rows if abs(row - asked) <= _NEAR]
    return min(near, key=lambda row: abs(row - asked)) if near else None
