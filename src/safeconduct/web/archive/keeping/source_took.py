"""What came of each file and address that was sent, and how far those are that are still being fetched."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from ...access import Request
from .. import once_told
from .errand import Errand
from .source_take import fetched, told

# Asked for by a page that cannot send a form by itself, for want of JavaScript.
GO: Final = "go"


def view(request: Request, handle: UUID) -> HttpResponse:
    """Show it. A form sent here fetches the next address, and so does the page that comes back by itself."""
    errand = once_told.of(request, handle)
    if not isinstance(errand, Errand):
        return redirect(f"{reverse('sources')}?done=told-gone")
    alone = bool(request.htmx)  # type: ignore[attr-defined]  # set by django_htmx: then only the progress is wanted
    here = reverse("source-took", args=[handle])
    went = False
    if request.method == "POST" or (request.method == "GET" and GO in request.GET):
        went = errand.go_on(lambda address: told(fetched(request.actor, address)))
    if not errand.left:
        return HttpResponseClientRedirect(here) if alone else _page(request, errand, here)
    if request.method == "POST" and went and not alone:
        return redirect(here)
    return render(request, "archive/_took.html", _context(errand, here)) if alone else _page(request, errand, here)


def _page(request: Request, errand: Errand, here: str) -> HttpResponse:
    return render(request, "archive/source_took.html", _context(errand, here))


def _context(errand: Errand, here: str) -> dict[str, Any]:
    done, waiting = len(errand.lines), list(errand.waiting)
    now = errand.now or (waiting.pop(0) if waiting else "")
    return {
        "came": list(errand.lines),
        "taken": sum(bool(one["url"]) for one in errand.lines),
        "refused": any(one["kept_apart"] for one in errand.lines),
        "now": now,
        "waiting": waiting,
        "go_url": f"{here}?{GO}" if errand.left else "",
        "run": {
            "label": _("Fetching the addresses"),
            "done": done,
            "total": done + errand.left,
            "text": _("%(done)d of %(all)d") % {"done": done, "all": done + errand.left},
            "action": here,
            # A second page of the same errand looks now and then, and leaves the work to the first.
            "wait": "2s" if errand.now else "150ms",
        },
    }
