"""Bringing the rows in: a part of a second or two at each request, so that it stops when the desk locks."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from safeconduct.casework import policies
from safeconduct.casework.actions import arrivals, bring_in
from safeconduct.casework.faults import CaseworkFault
from safeconduct.casework.models import Arrival
from safeconduct.core.policy.facts import Act
from safeconduct.people.records import Changed

from ...access import Request
from .import_state import about_import, where

_SECONDS: Final = 1.5


@about_import
def view(request: Request, arrival: Arrival) -> HttpResponse:
    """Show how far it is; a form sent here does one more part."""
    alone = bool(request.htmx)  # type: ignore[attr-defined]  # set by django_htmx: then only the progress is wanted
    problem = ""
    if arrival.state == Arrival.State.RUNNING and request.method == "POST":
        try:
            bring_in.go_on(by=request.actor, arrival=arrival, seconds=_SECONDS)
        except (CaseworkFault, Changed) as fault:
            # It stops here until somebody presses Continue: going on by itself could meet the same again and again.
            problem = str(fault)
            arrival.refresh_from_db(fields=["state", "rows_done", "rows_in_all", "done_at"])
        if not alone and not problem:
            return redirect(where(arrival))
    if arrival.state != Arrival.State.RUNNING:
        return HttpResponseClientRedirect(where(arrival)) if alone else redirect(where(arrival))
    context = {
        "run": run(arrival, problem=problem),
        "stop_url": reverse("imports"),
        "cancel_action": reverse("import-cancel", args=[arrival.handle])
        if policies.allows(request.actor, Act.UNDO_BRING_IN, policies.of_arrival(arrival))
        else "",
    }
    template = "components/import_progress.html" if alone else "desk/import_run.html"
    # htmx draws no answer that says it failed.
    return render(request, template, context, status=409 if problem and not alone else 200)


@about_import
def cancel(request: Request, arrival: Arrival) -> HttpResponse:
    """Throw away an import that is not done, with whatever was built of it."""
    arrivals.cancel(by=request.actor, arrival=arrival)
    return redirect(f"{reverse('imports')}?done=thrown-away")


def run(arrival: Arrival, *, problem: str = "") -> dict[str, Any]:
    """How far an import is: the shape of components/import_progress.html."""
    return {
        "label": _("Sealing the rows"),
        "done": arrival.rows_done,
        "total": arrival.rows_in_all,
        "text": _("%(done)s of %(all)s rows") % {"done": f"{arrival.rows_done:,}", "all": f"{arrival.rows_in_all:,}"},
        "action": reverse("import-run", args=[arrival.handle]),
        "problem": problem,
    }
