"""When what was found or collected was published, by what it says of itself: never more exactly than it says it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from safeconduct.accounts.actor import Actor
from safeconduct.core.policy.facts import Act

from .. import copies, policies, queries
from ..finding.sealed import find_in_confidence
from ..finding.search import Wanted, public
from ..models import Source
from ..reading.shape import Post, Reading
from . import around
from .around import Item
from .works import opening

MOST: Final = 1000
# Of posts without a title the first words are shown, which are in the copies of their sources.
_MOST_READ: Final = 200


@dataclass(frozen=True, slots=True)
class Dated:
    """A post, a source or a passage (``passage``: its short address) and when it says that it is from.

    ``said`` is an ISO date as exact as it was said, ``first`` and ``last`` the days in London that can mean; all three
    are None where nothing says of when it is. ``found_by`` is a value of `shape.Found`. ``number`` is the post's.
    """

    source: Source
    number: int | None
    title: str
    author: str
    said: str | None
    found_by: str | None
    first: date | None
    last: date | None
    passage: str = ""
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """``count`` of which no more is known than that they are of these days, both counted in."""

    first: date
    last: date
    count: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """``spans`` from the earliest on, a year before its months before its days; ``undated`` say nothing of when.

    ``dated`` are they themselves in the same order, those without a date last; ``total`` says how many there are,
    where not all are shown.
    """

    spans: tuple[Span, ...]
    undated: int
    dated: tuple[Dated, ...]
    total: int


def of_found(by: Actor, wanted: Wanted, *, most: int = MOST) -> Timeline:
    """The posts that are wanted, among public sources and those in confidence of the member's teams.

    Raises `Refused`, `JournalUnavailable`, `ReadingHalted`: nothing was opened. `IndexPutBack`, `SealingFault`.
    """
    policies.require(by, Act.READ_ARCHIVE, policies.of_organisation(by.organisation))
    rows = public(by.organisation.pk, wanted)
    total = rows.count()
    hits = [(hit.source, hit.number) for hit in find_in_confidence(by, wanted).hits]
    found = _sealed(by, hits) if hits else []
    columns = rows.order_by("post__from_on", "post_id").select_related("post__source")
    posts = [row.post for row in columns[:most]]
    untitled = {post.source_id for post in posts if not (post.title or post.source.title)}
    sources = queries.sources(by).filter(pk__in=sorted(untitled)[:_MOST_READ], copy__isnull=False)
    readings = around.read(by, sources) if untitled else {}
    for post in posts:
        title, author = post.title or post.source.title, post.author or post.source.author
        if not title and post.source_id in readings:
            title = _called(readings[post.source_id][1], post.number)
        dates = (post.date, post.date_found_by, post.from_on, post.until_on)
        found.append(Dated(post.source, post.number, title or "", author or "", *dates))
    return _of(found, total + len(hits), most)


def _called(reading: Reading, number: int) -> str:
    """The first words of a post that has no title."""
    return next((opening(one.text) for one in reading.posts if one.number == number), "")


def of_items(items: Sequence[Item]) -> Timeline:
    """What is in a collection: a source by what it says of itself, a passage by its post."""
    return _of([_item(one) for one in items], len(items), MOST)


def _item(one: Item) -> Dated:
    number = one.passage.number if one.passage else None
    post = next((post for post in one.reading.posts if post.number == number), None)
    dated = _dated(one.source, one.reading, post)
    if one.passage is None:
        return dated
    return replace(dated, passage=one.passage.address, quote=one.passage.anchor.quote)


def _dated(source: Source, reading: Reading, post: Post | None) -> Dated:
    if post is None and len(reading.posts) == 1:
        post = reading.posts[0]
    said = post or reading
    title, author = said.title or reading.title, said.author or reading.author
    found_by = said.date_found_by.value if said.date_found_by else None
    number = post.number if post else None
    title = title or opening(post.text if post else reading.raw[:1000])
    return Dated(source, number, title, author or "", said.date, found_by, *copies.days_of(said.date))


def _sealed(by: Actor, hits: Iterable[tuple[object, int]]) -> list[Dated]:
    wanted = list(hits)
    held = around.read(by, queries.sources(by).filter(handle__in={source for source, _ in wanted}))
    by_handle = {source.handle: (source, reading) for source, reading in held.values()}
    out = []
    for handle, number in wanted:
        source, reading = by_handle.get(handle, (None, None))  # None: it was removed at this moment
        post = next((one for one in reading.posts if one.number == number), None) if reading else None
        if source is not None and reading is not None and post is not None:
            out.append(_dated(source, reading, post))
    return out


def _of(found: Iterable[Dated], total: int, most: int) -> Timeline:
    shown = sorted(found, key=_place)[:most]
    counted = Counter((one.first, one.last) for one in shown)
    spans = [Span(first, last, count) for (first, last), count in counted.items() if first and last]
    in_order = tuple(sorted(spans, key=lambda one: (one.first, -one.last.toordinal())))
    return Timeline(in_order, counted[(None, None)], tuple(shown), total)


def _place(one: Dated) -> tuple[bool, int, int, str]:
    first, last = one.first or date.max, one.last or date.max
    return one.first is None, first.toordinal(), -last.toordinal(), one.said or ""
