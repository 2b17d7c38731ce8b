"""One source to read: its text unrolled, what to know where it stands, and what speaks for its bytes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.accounts.actor import Actor
from safeconduct.archive import beside, queries
from safeconduct.archive.copies import Alike
from safeconduct.archive.models import Source
from safeconduct.archive.reading.unroll import unroll
from safeconduct.core.policy.facts import Act

from ...access import Request
from ...desk.day.filters import address as with_query
from ...words import archive_sources as words
from ..keeping.stamps import wants_stamps
from ..kept import Kept, opened
from . import provenance, unrolled
from .beside_source import chosen, cited

DONE: Final = {
    "taken": gettext_lazy("Taken in. Its bytes are kept as they came."),
    "again": gettext_lazy(
        "These bytes were here already, so no second source was made. That they were seen again today is recorded."
    ),
    "masked": gettext_lazy("Masked in the reading copy. The bytes are as they came."),
    "unmasked": gettext_lazy("The masks were taken back."),
    "anew": gettext_lazy("Read anew. Its passages stand where they stood."),
    "orphans": gettext_lazy("Read anew. Passages that no longer match are orphans now; they are marked below."),
    "anew-masked": gettext_lazy(
        "Read anew. What was masked is masked where it stands to the letter: look through it for other spellings."
    ),
    "orphans-masked": gettext_lazy(
        "Read anew. Passages that no longer match are orphans now; they are marked below. What was masked is masked"
        " where it stands to the letter: look through it for other spellings."
    ),
    "same": gettext_lazy("It reads as it did. Nothing was changed."),
    "stamped": gettext_lazy("Asked for time-stamps. What each authority said is below."),
}


def view(request: Request, handle: UUID) -> HttpResponse:
    """The page."""
    by = request.actor
    kept = opened(by, handle)
    done = request.GET.get("done", "")
    done_to_it = [{"text": DONE[done], "kind": "done", "title": ""}] if done in DONE else []
    context = {
        **page(by, kept, page=request.GET.get("page", ""), post=request.GET.get("post", "")),
        "cited": cited(by, kept.source, kept.reading),
        "notices": done_to_it or chosen(done),
    }
    return render(request, "archive/source.html", context)


def page(by: Actor, kept: Kept, *, page: str, post: str) -> dict[str, Any]:
    """The context of `archive/source.html`."""
    source, reading = kept.source, kept.reading
    whole = unroll(reading)
    parts = unrolled.sheets(whole)
    part = unrolled.sheet_of(whole, parts, page=page, post=post)
    like = [*kept.alike, *(beside.alike_later(source) if kept.known is None else ())]
    here = reverse("source", args=[source.handle])
    return {
        "kept": kept,
        "source": source,
        "in_confidence": source.team.name if source.team else "",
        "title": kept.title or kept.opening,
        "kind": words.KINDS[reading.kind],
        "language": reading.language or "",
        "posts_text": words.posts(whole.posts),
        "gaps_text": words.gaps(whole.gaps) if whole.gaps else "",
        "known_flags": [words.FLAGS[code] for code in dict.fromkeys(flag.code for flag in whole.apart)],
        "items": unrolled.items(whole, part, unrolled.alike_lines(source.handle, like, _titles(by, like)), reading),
        "related": whole.related,
        "masks": source.masks.count(),
        "existed_by": provenance.existed_by(kept),
        "about": provenance.about(kept),
        "provenance": provenance.rows(kept),
        "pages": {
            "text": _("Part %(number)d of %(count)d") % {"number": part.number, "count": len(parts)},
            "previous_url": with_query(here, {"page": str(part.number - 1)}) if part.number > 1 else "",
            "next_url": with_query(here, {"page": str(part.number + 1)}) if part.number < len(parts) else "",
        },
        "may_stamp": kept.known is None and wants_stamps(source),
        "may_remove": beside.may(by, Act.REMOVE_SOURCE, source),
        "may_take_out": beside.may(by, Act.HAND_OVER_SOURCE, source),
    }


def _titles(by: Actor, like: Iterable[Alike]) -> dict[UUID, str]:
    """What the public sources these posts are of are called."""
    handles = {one.source for one in like}
    rows = queries.sources(by).filter(handle__in=handles, plane=Source.Plane.PUBLIC)
    return {one.handle: one.title or one.address or str(words.KINDS[one.kind]) for one in rows}
