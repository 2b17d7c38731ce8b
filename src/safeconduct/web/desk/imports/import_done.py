"""An import that is done: what came of it, what was left out, and taking it back."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from safeconduct.casework import policies
from safeconduct.casework.actions import arrivals
from safeconduct.casework.actions import undo as undoing
from safeconduct.casework.arrivals.listing import Counts, counts
from safeconduct.casework.arrivals.staged import Outcome
from safeconduct.casework.models import Arrival
from safeconduct.core.policy.facts import Act

from ...access import Request
from ...words import dates
from ...words import imports as words
from .import_rows import changed_rows, left_out
from .import_state import about_import, where

_SHOWN: Final = 500


@about_import
def view(request: Request, arrival: Arrival) -> HttpResponse:
    """What came of an import."""
    by = request.actor
    if arrival.done_at is None:
        return redirect(where(arrival))
    now = counts(arrival)
    undone = arrival.state == Arrival.State.UNDONE
    outcome = Outcome() if undone else arrivals.open_outcome(by=by, arrival=arrival)
    faults = left_out(outcome.left_out)
    may_undo = not undone and policies.allows(by, Act.UNDO_BRING_IN, policies.of_arrival(arrival))
    context = {
        "counts": _figures(arrival, now),
        "faults": faults,
        "changes": changed_rows(outcome.changes[:_SHOWN]),
        "gone": outcome.gone[:_SHOWN],
        "gone_text": words.gone(len(outcome.gone)),
        "faults_url": reverse("import-faults", args=[arrival.handle]),
        "at": dates.instant(arrival.done_at),
        "by": arrival.member.name,
        "undo": _offer(arrival, now) if may_undo else None,
        "undone": _undone(now) if undone else "",
    }
    return render(request, "desk/import_done.html", context)


@about_import
def undo(request: Request, arrival: Arrival) -> HttpResponse:
    """Take an import back. What it did shows on its page."""
    undoing.undo(by=request.actor, arrival=arrival)
    return redirect("import-done", arrival.handle)


def _figures(arrival: Arrival, now: Counts) -> list[dict[str, Any]]:
    rows = arrival.rows_in_all
    figures = [
        (rows, ngettext("row brought in", "rows brought in", rows)),
        (now.people, ngettext("new person", "new people", now.people)),
        (now.cases, ngettext("new case", "new cases", now.cases)),
        (now.events, ngettext("event added to cases already here", "events added to cases already here", now.events)),
    ]
    if arrival.state == Arrival.State.UNDONE:
        figures = figures[:1]
    return [{"n": f"{count:,}", "text": text} for count, text in figures if count]


def _offer(arrival: Arrival, now: Counts) -> dict[str, Any]:
    """What goes and what stays, before somebody presses."""
    cases, people = undoing.would_stay(arrival)
    goes = _(
        "Undoing takes back %(people)s and %(cases)s, and whatever was added to records that were here before."
    ) % {
        "people": _people(now.people),
        "cases": _cases(now.cases),
    }
    if cases or people:
        stays = _(
            "%(cases)s and %(people)s were worked on since. They stay, with the people those cases are about and the "
            "cases those people have."
        ) % {"cases": _cases(cases), "people": _people(people)}
    else:
        stays = _("Nobody has worked on any of them since, so nothing of it stays.")
    return {
        "action": reverse("import-undo", args=[arrival.handle]),
        "text": f"{goes} {stays}",
        "after": _("The same sheet can be brought in again afterwards."),
    }


def _undone(now: Counts) -> str:
    if not now.cases and not now.people:
        return _("Everything it brought in was taken back. The same sheet can be brought in again.")
    return _("%(people)s and %(cases)s stayed, because they were worked on. The rest was taken back.") % {
        "people": _people(now.people),
        "cases": _cases(now.cases),
    }


def _people(count: int) -> str:
    return ngettext("%(count)s person", "%(count)s people", count) % {"count": f"{count:,}"}


def _cases(count: int) -> str:
    return ngettext("%(count)s case", "%(count)s cases", count) % {"count": f"{count:,}"}
