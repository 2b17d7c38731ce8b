"""The organisation's log, for guardians: acts and members of staff, never a person."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from safeconduct.accounts.log import LogPage, open_log
from safeconduct.journal.models import Act, Entry

from .. import paging
from ..access import Request
from ..words.dates import instant
from ..words.log import ACTS

_COUNTED = frozenset({Act.LISTED, Act.IMPORT_STAGED, Act.IMPORT_OPENED, Act.IMPORT_DONE, Act.IMPORT_UNDONE})


def view(request: Request) -> HttpResponse:
    """One page of it, newest first."""
    number = paging.number_of(request)
    page = open_log(by=request.actor, page=number)
    context: dict[str, Any] = {
        "entries": [_row(entry, page) for entry in page.entries],
        "tree": _tree(page),
        "pages": paging.foot(
            number, shown=len(page.entries), first=page.first, in_all=page.in_all, address=lambda to: f"?page={to}"
        ),
    }
    return render(request, "desk/log.html", context)


def _row(entry: Entry, page: LogPage) -> dict[str, Any]:
    team = page.teams.get(entry.team, "") if entry.team else ""
    records = ngettext("%(count)d record", "%(count)d records", entry.count) % {"count": entry.count}
    return {
        "at": instant(entry.at),
        "who": page.members.get(entry.member, _("somebody who is no member here")) if entry.member else _("the desk"),
        "what": ACTS[entry.act],
        "about": " · ".join(part for part in (records if entry.act in _COUNTED else "", team) if part),
        "number": _("not yet in the tree") if entry.position is None else f"{entry.position:,}",
    }


def _tree(page: LogPage) -> dict[str, Any] | None:
    if page.placed_at is None:
        return None
    waiting = page.in_all - page.size
    return {
        "size": ngettext("%(count)s entry", "%(count)s entries", page.size) % {"count": f"{page.size:,}"},
        "text": _("in the tree.")
        if not waiting
        else ngettext(
            "in the tree, %(count)d waits for its place.", "in the tree, %(count)d wait for their place.", waiting
        )
        % {"count": waiting},
        "root": page.root.hex(),
        "checked": instant(page.placed_at),
        "ok": True,
    }
