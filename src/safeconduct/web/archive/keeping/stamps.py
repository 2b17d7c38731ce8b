"""Time-stamps of a source: asked of the authorities that the office chose."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from safeconduct.accounts.actor import Actor
from safeconduct.archive import queries
from safeconduct.archive.actions.stamping import stamp_source
from safeconduct.archive.capture.captured import MissingExtra
from safeconduct.archive.capture.stamps import Authority, read_authorities
from safeconduct.archive.models import Source, Stamp

from ...access import Request


def view(request: Request, handle: UUID) -> HttpResponse:
    """Ask each authority that has not stamped this source yet."""
    source = queries.source(request.actor, handle)
    here = reverse("source", args=[handle])
    if source.plane != Source.Plane.PUBLIC:
        return redirect(here)  # its hash goes to nobody, and its page does not offer it
    ask(request.actor, source)
    return redirect(f"{here}?done=stamped")


def authorities() -> tuple[Authority, ...]:
    """Those the office chose; none where it chose none or its file cannot be used (`check` says so)."""
    try:
        return read_authorities(settings.DATA_FOLDER.authorities_path)
    except (ValueError, OSError):
        return ()


def ask(by: Actor, source: Source) -> None:
    """Ask for the stamps a public source lacks. What an authority did not give is kept as wanting."""
    chosen = authorities()
    if chosen and source.plane == Source.Plane.PUBLIC:
        try:
            stamp_source(by=by, source=source, authorities=chosen)
        except MissingExtra:
            return


def wants_stamps(source: Source) -> bool:
    """Whether an authority the office chose has not stamped this public source yet."""
    had = set(source.stamps.filter(state=Stamp.State.HAD).values_list("authority", flat=True))
    return any(one.name not in had for one in authorities())
