"""Filters of Today that a member keeps. Each is named by what it asks: there is no text to type."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.queries import own_of
from safeconduct.agenda.actions.saved import MOST, drop_filter, keep_filter
from safeconduct.agenda.faults import NothingAsked, TooManyKept
from safeconduct.agenda.models import SavedFilter
from safeconduct.people.keys import NotHeld

from ...access import Request
from ...words.cases import TOPICS
from ...words.due import ITEM_KINDS
from . import queue
from .filters import MINE, NOBODY, Filters, address

Whose = SavedFilter.Whose


@dataclass(frozen=True, slots=True)
class Kept:
    """One kept filter: the shape of `components/saved.html`."""

    name: str
    url: str
    remove_url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Saved:
    """The kept filters; ``new`` is what is chosen now, by name and value, where it is not among them."""

    kept: list[Kept]
    new: list[tuple[str, str]]
    full: bool


def shown(by: Actor, filters: Filters, path: str) -> Saved:
    """What a member keeps, over the list at ``path``."""
    rows = by.member.saved_filters.select_related("worker", "team").defer(*own_of("worker")).order_by("id")
    kept = []
    for one in rows:
        query = _query(one)
        remove = reverse("filter-remove", args=[one.handle])
        kept.append(Kept(_name(one), address(path, query), remove, query == filters.chosen))
    new = [] if any(one.current for one in kept) else list(filters.chosen.items())
    return Saved(kept, new if len(kept) < MOST else [], bool(new) and len(kept) >= MOST)


def keep(request: Request) -> HttpResponse:
    """Keep what the form says is chosen, and go back to the list. What nobody knows is left out."""
    filters = Filters(request.actor, queue.FILTERS, request.POST.dict())
    with contextlib.suppress(NothingAsked, TooManyKept):  # the page offers neither
        keep_filter(by=request.actor, **filters.saved())
    return redirect(address(reverse("today"), filters.chosen))


def remove(request: Request, handle: UUID) -> HttpResponse:
    """Keep one no longer. Raises `NotHeld` for what is not the member's own."""
    saved = SavedFilter.objects.filter(member=request.actor.member, handle=handle).first()
    if saved is None:
        raise NotHeld("There is no such filter.")
    drop_filter(by=request.actor, saved=saved)
    return redirect("today")


def _query(one: SavedFilter) -> dict[str, str]:
    whose = {Whose.MINE.value: MINE, Whose.NOBODY.value: NOBODY}.get(one.whose, "")
    query = {
        "worker": one.worker.handle.hex if one.worker else whose,
        "team": one.team.handle.hex if one.team else "",
        "topic": one.topic or "",
        "kind": one.kind or "",
    }
    return {name: value for name, value in query.items() if value}


def _name(one: SavedFilter) -> str:
    """`Me · Letters to chase`."""
    whose = {Whose.MINE.value: _("Me"), Whose.NOBODY.value: _("Nobody yet")}.get(one.whose, "")
    parts = [
        one.worker.name if one.worker else whose,
        one.team.name if one.team else "",
        str(TOPICS[one.topic]) if one.topic else "",
        str(ITEM_KINDS[one.kind]) if one.kind else "",
    ]
    return " \N{MIDDLE DOT} ".join(part for part in parts if part)
