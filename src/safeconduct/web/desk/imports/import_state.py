"""Where an import stands, and the page for an act that came too late or too early."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from safeconduct.casework.arrivals.listing import find_arrival
from safeconduct.casework.faults import CaseworkFault
from safeconduct.casework.models import Arrival

from ...access import Request

State = Arrival.State
View = Callable[[Request, Arrival], HttpResponse]


def about_import(view: View) -> Callable[[Request, UUID], HttpResponse]:
    """A view of one import of the member's teams; what its acts refuse becomes the page that says where it stands."""

    @wraps(view)
    def with_import(request: Request, handle: UUID) -> HttpResponse:
        arrival = find_arrival(request.actor, handle)
        try:
            return view(request, arrival)
        except CaseworkFault as fault:
            return moved(request, arrival, fault)

    return with_import


def where(arrival: Arrival) -> str:
    """The address of the page an import is at; one that was thrown away is nowhere, so the list of imports."""
    match arrival.state:
        case State.STAGED:
            return reverse("import-preview", args=[arrival.handle])
        case State.RUNNING:
            return reverse("import-run", args=[arrival.handle])
        case State.DONE:
            return reverse("import-done", args=[arrival.handle])
    return reverse("import-done", args=[arrival.handle]) if arrival.done_at else reverse("imports")


def moved(request: Request, arrival: Arrival, fault: Exception) -> HttpResponse:
    """409: somebody else decided, started, ended or threw away this import. Says so, and where it stands now."""
    arrival.refresh_from_db(fields=["state", "done_at"])
    return render(request, "desk/import_moved.html", {"why": str(fault), "url": where(arrival)}, status=409)
