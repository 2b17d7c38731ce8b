"""Answers as a page or a command shows them: whose words they are, of when, and where in them it was found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from safeconduct.accounts.actor import Actor
from safeconduct.core.policy.facts import Act

from .. import copies, policies, queries
from ..models import Source
from ..reading.shape import Post, Reading
from .sealed import find_in_confidence
from .search import Found, Hit, Wanted, find_public, joined
from .snippets import Snippet, snippet

PAGE = 50


@dataclass(frozen=True, slots=True)
class Answer:
    """A post that was found, as its reading copy shows it, with the stretch where what was asked stands."""

    hit: Hit
    source: Source
    post: Post
    title: str | None
    author: str | None
    snippet: Snippet


@dataclass(frozen=True, slots=True)
class Answers:
    """One page of answers in order; ``total`` says how many there are in all."""

    shown: tuple[Answer, ...]
    total: int


def find(*, by: Actor, wanted: Wanted, first: int = 0, most: int = PAGE) -> Answers:
    """One page of answers among public sources and those in confidence of the member's teams.

    Raises:
        Refused, JournalUnavailable, ReadingHalted: nothing was opened. IndexPutBack, SealingFault: damaged.
    """
    policies.require(by, Act.READ_ARCHIVE, policies.of_organisation(by.organisation))
    public = find_public(by.organisation.pk, wanted, most=first + most)
    found = joined([public, find_in_confidence(by, wanted)], first=first, most=most)
    return Answers(tuple(_shown(by, found, wanted)), found.total)


def _shown(by: Actor, found: Found, wanted: Wanted) -> Iterable[Answer]:
    handles = {hit.source for hit in found.hits}
    sources = {one.handle: one for one in queries.sources(by).filter(handle__in=handles).select_related("copy")}
    readings = _readings(by, sources.values())
    for hit in found.hits:
        reading = readings.get(hit.source)
        post = next((one for one in reading.posts if one.number == hit.number), None) if reading else None
        if reading is not None and post is not None:  # else it was removed since
            text = snippet(post.text, wanted.terms)
            title, author = post.title or reading.title, post.author or reading.author
            yield Answer(hit, sources[hit.source], post, title, author, text)


def _readings(by: Actor, sources: Iterable[Source]) -> dict[UUID, Reading]:
    public = [one for one in sources if one.plane == Source.Plane.PUBLIC]
    others = [one for one in sources if one.plane != Source.Plane.PUBLIC]
    out = {one.handle: queries.as_shown(one, queries.reading_of(one)) for one in public}
    known = queries.listed_in_confidence(by, others) if others else {}
    for one in others:
        if one.pk in known:
            reading = copies.unpack(one.sealed_record.schema, known[one.pk].reading)
            out[one.handle] = queries.as_shown(one, reading)
    return out


def texts(answer: Answer) -> Sequence[tuple[str, bool]]:
    """The runs of an answer's snippet, and whether each is what was asked for: for a program to read."""
    return [(piece.text, piece.hit) for piece in answer.snippet.pieces]
