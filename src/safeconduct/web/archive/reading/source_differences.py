"""Two posts that say much the same, compared word by word."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from safeconduct.archive.faults import NoSource
from safeconduct.archive.likeness import compare, shingles
from safeconduct.archive.likeness.differences import differences
from safeconduct.archive.models import Post as Row
from safeconduct.archive.reading.shape import Post

from ...access import Request
from ...words import archive_sources as words
from ..kept import Kept, opened, post_url


def view(request: Request, handle: UUID, number: int, other: UUID) -> HttpResponse:
    """Post ``number`` of a source beside ``other``, a post of a public source: the earlier one is the first."""
    by = request.actor
    row = Row.objects.filter(handle=other, source__organisation=by.organisation).select_related("source").first()
    if row is None:
        raise NoSource("There is no such post.")
    ours, theirs = opened(by, handle), opened(by, row.source.handle)
    sides = [(ours, _post(ours, number)), (theirs, _post(theirs, row.number))]
    sides.sort(key=lambda side: (side[0].source.at, side[0].source.pk))
    (_first, old), (_second, new) = sides
    how = compare(shingles(old.text), shingles(new.text))
    context = {
        "back_url": post_url(handle, number),
        "sides": [_side(kept, post) for kept, post in sides],
        "changes": [{"what": one.what.value, "text": one.text} for one in differences(old.text, new.text)],
        "same": old.text == new.text,
        "lede": _("%(share)s of the shorter one stands in the other, word for word in runs of three.")
        % {"share": words.share(round(how.containment * 10_000))},
    }
    return render(request, "archive/source_differences.html", context)


def _post(kept: Kept, number: int) -> Post:
    found = next((one for one in kept.reading.posts if one.number == number), None)
    if found is None:
        raise NoSource("There is no such post.")
    return found


def _side(kept: Kept, post: Post) -> dict[str, Any]:
    return {
        "title": kept.title or kept.address,
        "number": post.number,
        "author": post.author or kept.reading.author or "",
        "date": words.said_date(post.date),
        "url": post_url(kept.source.handle, post.number),
    }
