"""Sources as lines of a list. Titles of those in confidence are opened for it, under one entry a team."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from safeconduct.accounts.actor import Actor
from safeconduct.archive import copies, queries
from safeconduct.archive.models import Source

from ...words import archive_sources as words
from ...words import dates


def lines(by: Actor, rows: Sequence[Source]) -> list[dict[str, Any]]:
    """A line for each, in their order."""
    sealed = [one for one in rows if one.plane == Source.Plane.SEALED]
    known = queries.listed_in_confidence(by, sealed) if sealed else {}
    out = []
    for one in rows:
        title, author, said, how = one.title, one.author, one.date, one.date_found_by
        if one.pk in known:
            reading = copies.unpack(one.sealed_record.schema, known[one.pk].reading)
            shown = queries.as_shown(one, reading)
            title, author, said, how = shown.title, shown.author, shown.date, shown.date_found_by
            title = title or known[one.pk].name
        out.append(line(one, title=title or "", author=author or "", said=said, how=how))
    return out


def line(source: Source, *, title: str, author: str, said: str | None, how: str | None) -> dict[str, Any]:
    """One line: what it is called, who wrote it, when, and when it was captured."""
    return {
        "url": reverse("source", args=[source.handle]),
        "title": title or source.address or "",
        "author": author,
        "date": words.said_date(said),
        "date_how": words.found_by(how),
        "kind": str(words.KINDS[source.kind]),
        "captured": dates.plain(source.captured_on),
        "team": source.team.name if source.team else "",
        "snippets": [],
        "more": 0,
    }
