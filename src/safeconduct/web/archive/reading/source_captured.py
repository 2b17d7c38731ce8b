"""A page as it was captured: in a frame that runs nothing, asks for nothing and leads nowhere; and its bytes."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from csp.constants import SELF
from csp.decorators import csp_update
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from safeconduct.archive import capture
from safeconduct.archive.capture import playing

from ...access import Request
from ...words import archive_sources as words
from ...words import dates
from ..installed import takes_in
from ..kept import Kept, opened

_AROUND: Final = {"frame-src": [SELF]}


@csp_update(_AROUND)  # type: ignore[arg-type]  # its stubs know only the whole policy
def view(request: Request, handle: UUID) -> HttpResponse:
    """The page around the frame."""
    kept = opened(request.actor, handle)
    shown, missing = _shown(request, kept), not takes_in()
    context = {
        "title": kept.title,
        "kind": words.KINDS[kept.reading.kind],
        "captured": dates.instant(kept.source.captured_at).text,
        "frame_url": reverse("source-captured-page", args=[handle]) if shown else "",
        "masked": kept.source.masks.exists(),
        "missing": words.NO_PLAYING if missing else "",
        "back_url": reverse("source", args=[handle]),
    }
    return render(request, "archive/source_captured.html", context)


def page(request: Request, handle: UUID) -> HttpResponse:
    """What stands in the frame: the page's own bytes, under a policy by which nothing of it runs or loads."""
    kept = opened(request.actor, handle)
    shown = _shown(request, kept)
    if shown is None:
        raise Http404
    response = HttpResponse(shown.body)
    for name, value in shown.headers:
        response.headers[name] = value
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _shown(request: Request, kept: Kept) -> playing.Shown | None:
    # The frame would show what the reading copy does not.
    if kept.source.masks.exists() or not takes_in():
        return None
    return playing.shown(capture.unpack(kept.package(request.actor)))
