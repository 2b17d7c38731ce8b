"""A source as a page shows it: its reading copy, what its posts are like, and its package when that is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.text import Truncator

from safeconduct.accounts.actor import Actor
from safeconduct.archive import beside, queries
from safeconduct.archive.copies import Alike, InConfidence
from safeconduct.archive.models import Source
from safeconduct.archive.reading.shape import Reading
from safeconduct.journal.models import Entry


@dataclass(frozen=True, slots=True)
class Kept:
    """A source somebody opened. ``known`` and ``leave``: what is known of one in confidence, under which entry."""

    source: Source
    reading: Reading
    alike: Sequence[Alike]
    known: InConfidence | None = None
    leave: Entry | None = None

    @property
    def title(self) -> str:
        """What it is called: its title, its first post's, or ""."""
        titles = (self.reading.title, *(post.title for post in self.reading.posts[:1]))
        return next((one for one in titles if one), "")

    @property
    def opening(self) -> str:
        """Its first words, for want of a title."""
        text = " ".join(self.reading.posts[0].text[:400].split()) if self.reading.posts else ""
        return f"“{Truncator(text).chars(90)}”" if text else ""

    @property
    def address(self) -> str:
        """Where it is from, as it may be shown; "" where nobody knows."""
        if self.known is None:
            return self.source.address or ""
        return beside.shown_address(self.source, self.known.address) or ""

    def package(self, by: Actor) -> bytes:
        """Its WACZ. Raises `FileGone`."""
        if self.leave is None:
            return queries.package(by, self.source)
        return queries.package_in_confidence(by, self.source, leave=self.leave)


def opened(by: Actor, handle: UUID) -> Kept:
    """A source; one in confidence is opened under an entry of its own. Raises `NoSource`."""
    source = queries.source(by, handle)
    if source.plane == Source.Plane.PUBLIC:
        return Kept(source, queries.shown(by, source), queries.alike_of(source))
    found = queries.open_sealed(by, source)
    return Kept(source, found.reading, found.alike, found.known, found.leave)


def post_url(source: UUID, number: int) -> str:
    """The address of one post on the page of its source, whichever page of it that is on."""
    return f"{reverse('source', args=[source])}?post={number}#post-{number}"
