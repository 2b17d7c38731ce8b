"""A timeline of a collection, or of what was found: drawn, and as a list that says the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from safeconduct.archive.citing import around
from safeconduct.archive.citing.timeline import Dated, Span, Timeline, of_found, of_items
from safeconduct.archive.models import Source

from ...access import Request
from ...language import right_to_left
from ...words import archive_cited as words
from ...words import dates
from ...words.archive_sources import FOUND
from .. import once_told
from ..reading.beside_source import source_address
from ..reading.sources import Asked

_TICKS: Final = 5
_YEARS_FROM: Final = 4 * 366
_MONTHS_FROM: Final = 93
_LEAST_WIDTH: Final = 0.8  # of a hundred: a day in ten years is still seen
_HEIGHT: Final = 96  # pixels: of the tallest bar


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of the drawing: ``x`` and ``width`` in hundredths of its width, ``y`` and ``height`` in pixels."""

    x: str
    width: str
    y: int
    height: int
    exact: bool
    text: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A year, a month or a day under the drawing."""

    x: str
    text: str


def of_collection(request: Request, handle: UUID) -> HttpResponse:
    """The timeline of a collection."""
    by = request.actor
    row = around.collection(by, handle)
    name = around.words_of(by, row)
    back = reverse("collection", args=[row.handle])
    return page(request, of_items(around.items(by, row)), back=back, about=name)


def of_search(request: Request, handle: UUID) -> HttpResponse:
    """The timeline of what a search of this member's finds now."""
    by = request.actor
    asked = once_told.of(request, handle)
    if not isinstance(asked, Asked):
        return redirect(f"{reverse('sources')}?done=gone")
    back = reverse("sources-found", args=[handle])
    return page(request, of_found(by, asked.wanted()), back=back, about=asked.q)


def page(request: Request, timeline: Timeline, *, back: str, about: str) -> HttpResponse:
    """The page of a timeline. ``about`` is a collection's name, or what was asked for; it stands in no title."""
    turned = right_to_left(request)
    spans = timeline.spans
    context = {
        "about": about,
        "back_url": back,
        "total": timeline.total,
        "more": timeline.total - len(timeline.dated),
        "bars": bars(spans, turned=turned),
        "ticks": ticks(spans, turned=turned),
        "drawn": words.drawn(len(spans), _words(spans[0]), _words(_latest(spans))) if spans else "",
        "days": groups(timeline.dated),
    }
    return render(request, "archive/timeline.html", context)


def groups(dated: Sequence[Dated]) -> list[dict[str, Any]]:
    """What is dated, by the days its date can mean, in order; what has no date last."""
    out: list[dict[str, Any]] = []
    last: object = ()
    for one in dated:
        days = (one.first, one.last)
        if days != last:
            iso = one.said[:10] if one.said and one.first == one.last else ""
            out.append({"when": words.when(*days), "iso": iso, "exact": one.first == one.last, "items": []})
            last = days
        out[-1]["items"].append(_line(one))
    return out


def bars(spans: Sequence[Span], *, turned: bool = False) -> list[Bar]:
    """The bars of a drawing: what is known to a day is solid, what may be of any day of a month or a year is pale.

    Widest first, so that a day stands before its year.
    """
    if not spans:
        return []
    first, whole = _range(spans)
    most = max(one.count for one in spans)
    out = []
    for one in sorted(spans, key=lambda span: span.first.toordinal() - span.last.toordinal()):
        width = max(_LEAST_WIDTH, 100 * (one.last.toordinal() - one.first.toordinal() + 1) / whole)
        x = min(100 - width, 100 * (one.first.toordinal() - first) / whole)
        height = max(8, round(_HEIGHT * one.count / most))
        x = 100 - x - width if turned else x
        text = f"{_words(one)}: {one.count}"
        out.append(Bar(f"{x:.2f}%", f"{width:.2f}%", _HEIGHT - height, height, one.first == one.last, text))
    return out


def ticks(spans: Sequence[Span], *, turned: bool = False) -> list[Tick]:
    """The years, months or days under a drawing, no more than fit on a phone."""
    if not spans:
        return []
    first, whole = _range(spans)
    out = []
    for on, text in _named(date.fromordinal(first), date.fromordinal(first + whole - 1)):
        x = max(0.0, 100 * (on.toordinal() - first) / whole)
        if x <= 88:
            out.append(Tick(f"{100 - x if turned else x:.2f}%", text))
    return out


def _named(first: date, last: date) -> Iterator[tuple[date, str]]:
    """Days to name from ``first`` to ``last``: the beginnings of years or of months, or single days."""
    days = (last - first).days + 1
    if days > _YEARS_FROM:
        years = range(first.year, last.year + 1)
        yield from ((date(year, 1, 1), str(year)) for year in years[:: -(-len(years) // _TICKS)])
    elif days > _MONTHS_FROM:
        months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
        starts = [date(one // 12, one % 12 + 1, 1) for one in months[:: -(-len(months) // (_TICKS - 1))]]
        yield from ((one, dates.month(one)) for one in starts)
    else:
        for one in range(first.toordinal(), last.toordinal() + 1, -(-days // 2)):
            yield date.fromordinal(one), dates.plain(date.fromordinal(one))


def _range(spans: Sequence[Span]) -> tuple[int, int]:
    """The first day drawn, and how many are: never less than a month, so that a single day is no wall."""
    first = spans[0].first.toordinal()
    return first, max(31, _latest(spans).last.toordinal() - first + 1)


def _latest(spans: Sequence[Span]) -> Span:
    return max(spans, key=lambda one: one.last)


def _words(one: Span) -> str:
    return words.span(one.first, one.last)


def _line(one: Dated) -> dict[str, Any]:
    return {
        "url": reverse("passage", args=[one.passage]) if one.passage else source_address(one.source, one.number),
        "quote": " ".join(one.quote.split()),
        "title": one.title,
        "author": one.author,
        "number": one.number,
        "found_by": FOUND.get(one.found_by, "") if one.found_by else "",
        "in_confidence": one.source.plane == Source.Plane.SEALED,
    }
