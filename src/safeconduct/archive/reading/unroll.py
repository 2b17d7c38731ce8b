"""A source as one page: every post in its place, every gap in its place, and what to know about each.

A plain structure that a page or a paper is drawn from. Nothing is left out and nothing joined: the text of the runs of
a post, put together with what stood between its paragraphs, is the post's text.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter
from typing import Final

from .shape import Flag, Flagged, Gap, Link, Post, Reading, Related
from .spans import in_order, within

_PARAGRAPH: Final = re.compile(r"\n[^\S\n]*\n\s*")
_LEADS_SOMEWHERE: Final = re.compile(r"https?://[^\s<>\"]+", re.I)


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a post from ``start`` in raw. ``target`` is an http address or None; ``codes`` flag what is here."""

    start: int
    text: str
    target: str | None = None
    codes: tuple[Flagged, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """A post on the page. ``paragraphs`` are its runs; ``between`` is the white space that stood behind each."""

    post: Post
    paragraphs: tuple[tuple[Run, ...], ...]
    between: tuple[str, ...]
    codes: tuple[Flagged, ...]  # of the post as a whole, each once


@dataclass(frozen=True, slots=True)
class Lacking:
    """A gap on the page. ``depth`` is that of the posts around it."""

    gap: Gap
    depth: int


@dataclass(frozen=True, slots=True)
class Unrolled:
    """The page: its items in order, flags that are of no post, other threads, and how much of it there is."""

    items: tuple[Shown | Lacking, ...]
    apart: tuple[Flag, ...]
    related: tuple[Related, ...]
    posts: int
    gaps: int


def unroll(reading: Reading) -> Unrolled:
    """The page of a reading."""
    ahead: dict[int, list[Gap]] = {}
    behind: dict[int, list[Gap]] = {}
    for gap in reading.gaps:
        if gap.before is not None:
            ahead.setdefault(gap.before, []).append(gap)
        else:
            behind.setdefault(gap.after or 0, []).append(gap)
    items: list[Shown | Lacking] = [Lacking(gap, 0) for gap in behind.pop(0, ())]
    for post in reading.posts:
        items += [Lacking(gap, post.depth) for gap in ahead.pop(post.number, ())]
        items.append(_shown(post))
        items += [Lacking(gap, post.depth + 1 if gap.after else 0) for gap in behind.pop(post.number, ())]
    # One that names a post which is not here still has to be seen.
    items += [Lacking(gap, 0) for gaps in (*ahead.values(), *behind.values()) for gap in gaps]
    starts = [post.start for post in reading.posts]
    in_posts = {flag for post in reading.posts for flag in post.flags}
    apart = tuple(flag for flag in reading.flags if flag not in in_posts and not _inside(flag, reading.posts, starts))
    return Unrolled(tuple(items), apart, reading.related, len(reading.posts), len(reading.gaps))


def _shown(post: Post) -> Shown:
    marks, flags = _marks(post), in_order(post.flags)
    paragraphs, between, at = [], [], 0
    for gap in [*_PARAGRAPH.finditer(post.text), None]:
        end = len(post.text) if gap is None else gap.start()
        paragraphs.append(tuple(_runs(post, marks, flags, at, end)))
        between.append("" if gap is None else gap[0])
        at = len(post.text) if gap is None else gap.end()
    return Shown(post, tuple(paragraphs), tuple(between), tuple(dict.fromkeys(flag.code for flag in post.flags)))


def _marks(post: Post) -> list[tuple[int, int, Link]]:
    """Where links stand in the post's text, none over another."""
    found, last = [], 0
    for link in sorted((one for one in post.links if one.at is not None and one.text), key=lambda one: one.at or 0):
        start = (link.at or 0) - post.start
        if start >= last and post.text.startswith(link.text, start):
            last = start + len(link.text)
            found.append((start, last, link))
    return found


def _runs(
    post: Post, marks: list[tuple[int, int, Link]], flags: tuple[Flag, ...], start: int, end: int
) -> Iterator[Run]:
    flagged: dict[int, list[Flagged]] = {}
    for flag in within(flags, post.start + start, post.start + end):
        flagged.setdefault((flag.at or 0) - post.start, []).append(flag.code)
    near = marks[bisect_right(marks, start, key=itemgetter(1)) : bisect_left(marks, end, key=itemgetter(0))]
    cuts = {start, end, *flagged, *(max(one[0], start) for one in near), *(min(one[1], end) for one in near)}
    edges = sorted(cuts)
    for a, b in pairwise(edges):
        link = next((one[2] for one in near if one[0] <= a < one[1]), None)
        target = link.target if link and _LEADS_SOMEWHERE.fullmatch(link.target) else None
        yield Run(post.start + a, post.text[a:b], target, tuple(flagged.get(a, ())))


def _inside(flag: Flag, posts: tuple[Post, ...], starts: list[int]) -> bool:
    place = bisect_right(starts, flag.at) - 1 if flag.at is not None else -1
    return place >= 0 and flag.at is not None and flag.at < posts[place].end
