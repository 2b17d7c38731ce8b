"""The organisation's log, for guardians: acts and members of staff, never a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from safeconduct.accounts.log import LogPage, begin_log, open_log
from safeconduct.journal.models import Act, Entry

from ...access import Request
from ...templatetags.small import beside
from ...words.acts import ACTS, KINDS
from ...words.archive_sources import BECAUSE
from ...words.dates import instant
from ..day.filters import Bar, Chip, FilterForm
from ..pages import ROWS, page_of

_ONE: Final[Mapping[str, Promise]] = {
    **dict.fromkeys((Act.OPENED_PERSON, Act.ADDED_PERSON, Act.CHANGED_PERSON), gettext_lazy("a person")),
    **dict.fromkeys((Act.OPENED_HOUSEHOLD, Act.ADDED_HOUSEHOLD, Act.CHANGED_HOUSEHOLD), gettext_lazy("a household")),
    **dict.fromkeys((Act.OPENED_PAPER, Act.ADDED_PAPER, Act.REMOVED_PAPER), gettext_lazy("a paper")),
    **dict.fromkeys((Act.OPENED_CASE, Act.ADDED_CASE, Act.CHANGED_CASE, Act.LOGGED_EVENT), gettext_lazy("a case")),
}
_COUNTED: Final = frozenset(
    {
        *(Act.LISTED, Act.SEARCHED, Act.EXPORTED, Act.READING_SLOWED, Act.READING_STOPPED, Act.READING_TOLD),
        *(Act.IMPORT_STAGED, Act.IMPORT_OPENED, Act.IMPORT_DONE, Act.IMPORT_UNDONE),
    }
)


def view(request: Request) -> HttpResponse:
    """One page of it, newest first."""
    asked = request.GET.get("kind", "")
    chosen = {"kind": asked} if asked in KINDS else {}
    acts = KINDS[asked][1] if chosen else frozenset()
    count = begin_log(by=request.actor, acts=acts)
    pages = page_of(count, request.GET.get("page", ""), reverse("log"), chosen)
    page = open_log(by=request.actor, start=pages.start, rows=ROWS, acts=acts)
    context = {
        "entries": [_row(entry, page) for entry in page.entries],
        "tree": _tree(page),
        "filters": _bar(chosen),
        "pages": pages,
    }
    return render(request, "desk/log.html", context)


def _bar(chosen: Mapping[str, str]) -> Bar:
    choices = [("", _("Everything")), *((name, str(label)) for name, (label, _acts) in KINDS.items())]
    label = _("What")
    chips = [
        Chip(_("%(filter)s: %(chosen)s") % {"filter": label, "chosen": KINDS[name][0]}, reverse("log"))
        for name in chosen.values()
    ]
    return Bar(FilterForm([("kind", label, choices)], chosen, {}), chips, "")


def _row(entry: Entry, page: LogPage) -> dict[str, Any]:
    team = page.teams.get(entry.team, "") if entry.team else ""
    return {
        "at": instant(entry.at),
        "who": _who(entry, page),
        "what": ACTS[entry.act],
        "about": beside([_about(entry), _whom(entry, page), team]),
        "number": _("not yet in the tree") if entry.position is None else f"{entry.position:,}",
    }


def _who(entry: Entry, page: LogPage) -> str:
    if entry.member:
        return page.members.get(entry.member, "") or _("somebody who is no member here")
    # A sign-in name that nobody has is not written down: people type passphrases there.
    return _("somebody under another name") if entry.act == Act.SIGN_IN_REFUSED else _("the desk")


def _whom(entry: Entry, page: LogPage) -> str:
    """The member of staff an act was done to."""
    return page.members.get(entry.about, "") if entry.about else ""


def _about(entry: Entry) -> str:
    """Of what kind and how many; of whom is sealed."""
    if entry.act == Act.GUARDIAN_SET:
        return _("a guardian from now on") if entry.count else _("a guardian no longer")
    if entry.act == Act.DISCARDED_REFUSED:
        return str(BECAUSE.get(entry.count, ""))
    if entry.act in _COUNTED:
        return (
            ""
            if entry.act == Act.SEARCHED and not entry.count
            else ngettext("%(count)d record", "%(count)d records", entry.count) % {"count": entry.count}
        )
    if entry.act in (Act.REFUSED, Act.SIGN_IN_REFUSED) and entry.count > 1:
        return ngettext("%(count)d time", "%(count)d times", entry.count) % {"count": entry.count}
    return str(_ONE.get(entry.act, ""))


def _tree(page: LogPage) -> dict[str, Any] | None:
    if page.placed_at is None:
        return None
    waiting = page.waiting
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
