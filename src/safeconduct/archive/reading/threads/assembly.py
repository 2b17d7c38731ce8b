"""Posts of a service put together: one text, numbered in order, each answer tied to what it answers."""

from dataclasses import dataclass, field, replace
from typing import Final

from .. import dates, flags, language
from ..bounds import MOST_LINKS, MOST_POSTS, MOST_RAW_OF_POSTS
from ..shape import (
    DateRole,
    Flag,
    Flagged,
    Found,
    Gap,
    Kind,
    Lack,
    Link,
    NotRead,
    Picture,
    Post,
    Reading,
    SaidDate,
    Unfit,
)
from ..spans import in_order, within

_BETWEEN: Final = "\n\n"


@dataclass(slots=True)
class Draft:
    """A post as its service gives it. ``at`` of links counts in ``text``; ``answers`` is another's identifier."""

    identifier: str
    text: str
    author: str | None = None
    date: SaidDate | None = None
    author_found_by: Found | None = Found.METADATA
    links: list[Link] = field(default_factory=list)
    language: str | None = None
    address: str | None = None
    pictures: list[Picture] = field(default_factory=list)
    answers: str | None = None
    codes: list[Flagged] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Hole:
    """A gap beside posts named by their identifiers."""

    kind: Lack
    after: str | None = None
    before: str | None = None
    about: str = ""


def assembled(kind: Kind, drafts: list[Draft], holes: list[Hole], *, codes: tuple[Flagged, ...] = ()) -> Reading:
    """The reading of some posts, in their order. Raises `NotRead`: there are none, or too many."""
    if not drafts:
        raise NotRead(Unfit.NOT_SUCH)
    if len(drafts) > MOST_POSTS or sum(len(one.text) + 2 for one in drafts) > MOST_RAW_OF_POSTS:
        raise NotRead(Unfit.TOO_MANY)
    raw = _BETWEEN.join(one.text for one in drafts)
    numbers = {one.identifier: number for number, one in reversed(list(enumerate(drafts, start=1)))}
    starts, at = [], 0
    for one in drafts:
        starts.append(at)
        at += len(one.text) + len(_BETWEEN)
    marks = [Flag(code, start) for one, start in zip(drafts, starts, strict=True) for code in one.codes]
    whole = in_order((*flags.in_text(raw), *marks, *(Flag(code) for code in codes)))
    posts: list[Post] = []
    for number, (one, start) in enumerate(zip(drafts, starts, strict=True), start=1):
        answers = numbers.get(one.answers or "")
        before = answers is not None and answers < number
        posts.append(
            _post(number, one, start, whole, answers, posts[answers - 1].depth + 1 if before and answers else 0)
        )
    gaps = [Gap(hole.kind, numbers.get(hole.after or ""), hole.about, numbers.get(hole.before or "")) for hole in holes]
    links = in_order(link for post in posts for link in post.links)[:MOST_LINKS]
    first = posts[0]
    authors = {post.author for post in posts}
    return Reading(
        kind, None, first.author if len(authors) == 1 else None, first.date, first.date_found_by, raw, tuple(posts),
        gaps=tuple(sorted(gaps, key=_place)), flags=whole, links=links, address=first.address,
        language=language.of("\n".join(post.text for post in posts[:50])),
    )  # fmt: skip


def missing_parents(drafts: list[Draft]) -> list[Hole]:
    """A hole for each post that is answered here and is not here."""
    here = {one.identifier for one in drafts}
    order: dict[str, Hole] = {}
    last: str | None = None
    for one in drafts:
        if one.answers and one.answers not in here and one.answers not in order:
            order[one.answers] = Hole(Lack.MISSING, last, one.identifier, one.answers)
        last = one.identifier
    return list(order.values())


def _post(number: int, one: Draft, start: int, whole: tuple[Flag, ...], answers: int | None, depth: int) -> Post:
    end = start + len(one.text)
    found, _ = dates.in_text(one.text, at=start)
    # What a post says in its words are days of other things; when it was written its service says.
    mentioned = tuple(replace(each, role=DateRole.SAID) for each in found)
    return Post(
        number, None, one.author, one.date.value if one.date else None, one.date.found_by if one.date else None,
        one.text, start, end,
        links=in_order(replace(link, at=None if link.at is None else link.at + start) for link in one.links),
        language=one.language or language.of(one.text),
        dates=((one.date,) if one.date else ()) + mentioned,
        author_found_by=one.author_found_by if one.author else None,
        address=one.address, answers=answers, depth=depth, pictures=tuple(one.pictures),
        flags=within(whole, start, max(end, start + 1)),
    )  # fmt: skip


def _place(gap: Gap) -> int:
    return gap.after or 0
