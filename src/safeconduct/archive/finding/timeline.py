"""When what was found was published, by what it says of itself: how many posts of each day, month or year."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from .search import Wanted, public


@dataclass(frozen=True, slots=True)
class Span:
    """``count`` posts of which no more is known than that they are of these days, both counted in."""

    first: date
    last: date
    count: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """``spans`` from the earliest on, a year before its months before its days. ``undated`` say nothing of when."""

    spans: tuple[Span, ...]
    undated: int


def timeline(organisation: int, wanted: Wanted) -> Timeline:
    """The timeline of an organisation's public posts that are wanted."""
    rows = public(organisation, wanted).order_by().values_list("post__from_on", "post__until_on")
    return _of(rows.annotate(count=Count("pk")))


def _of(rows: Iterable[tuple[date | None, date | None, int]]) -> Timeline:
    spans, undated = [], 0
    for first, last, count in rows:
        if first is None or last is None:
            undated += count
        else:
            spans.append(Span(first, last, count))
    return Timeline(tuple(sorted(spans, key=lambda one: (one.first, -one.last.toordinal()))), undated)
