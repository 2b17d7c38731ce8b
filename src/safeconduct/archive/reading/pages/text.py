"""Plain text: what it is decoded as, and the post or posts in it."""

import re
from dataclasses import replace
from itertools import islice, pairwise
from typing import Final

from .. import dates, flags, language
from ..bounds import MOST_LINKS, MOST_RAW, MOST_TEXT_BYTES, MOST_TITLE
from ..shape import Flag, Flagged, Found, Kind, Link, NotRead, Post, Reading, Unfit
from ..spans import in_order, within
from . import split

_ADDRESS: Final = re.compile(r"(?:https?://|www\.)[^\s<>\"“”]{2,2000}", re.I)
_MOST_REPEATS: Final = 20
_TRAILING: Final = ".,;:!?)]}'’”»"
_BYLINE: Final = re.compile(r"^(?!more from|follow)(?:by\s+)?([^\W\d_][\w .'’-]{0,60}\s@\w{1,30})$", re.M | re.I)


def decoded(data: bytes, *, charset: str | None = None) -> tuple[str, tuple[Flag, ...]]:
    """The text of some bytes: by their mark, as UTF-8, as they claim, then as Windows has it, which is flagged.

    Raises `NotRead`: it is empty, too long, or no text at all.
    """
    if not data.strip():
        raise NotRead(Unfit.EMPTY)
    if len(data) > MOST_TEXT_BYTES:
        raise NotRead(Unfit.TOO_LARGE)
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return flags.letters(data.decode(name, "replace")), ()
    if b"\0" in data:
        raise NotRead(Unfit.UNKNOWN)
    for name in ("utf-8", charset or ""):
        try:
            return data.decode(name), ()
        except (LookupError, ValueError):
            continue
    return data.decode("cp1252", "replace"), (Flag(Flagged.BADLY_DECODED),)


def read(data: bytes, *, charset: str | None = None) -> Reading:
    """A text: one post, or the posts of a blog's page saved as text. Raises `NotRead`."""
    raw, more = decoded(data, charset=charset)
    if not raw.strip():
        raise NotRead(Unfit.EMPTY)
    if len(raw) > MOST_RAW:
        raise NotRead(Unfit.TOO_LARGE)
    whole = in_order((*flags.in_text(raw), *more))
    known = frozenset(whole)
    links = links_in(raw)
    posts = posts_of(raw, whole, links)
    whole = in_order((*whole, *(one for post in posts for one in post.flags if one not in known)))
    if len(posts) == 1:
        one = posts[0]
        whole = in_order((*whole, *repeated_title(raw, one)))
        return Reading(
            Kind.TEXT, one.title, one.author, one.date, one.date_found_by, raw,
            (replace(one, flags=within(whole, one.start, one.end)),),
            flags=whole, links=links, language=one.language,
        )  # fmt: skip
    return Reading(Kind.TEXT, None, None, None, None, raw, posts, flags=whole, links=links, language=language.of(raw))


def posts_of(
    raw: str, whole: tuple[Flag, ...], links: tuple[Link, ...], *, start: int = 0, end: int | None = None
) -> tuple[Post, ...]:
    """The posts between two offsets of ``raw``: as their closing lines split them, or all of it as one."""
    end = len(raw) if end is None else end
    pieces = split.at_continuations(raw, start, end) or (split.only(raw, start, end),)
    order = dates.order_in(raw)
    return tuple(made(number, raw, piece, whole, links, order=order) for number, piece in enumerate(pieces, start=1))


def made(
    number: int,
    raw: str,
    piece: split.Piece,
    whole: tuple[Flag, ...],
    links: tuple[Link, ...],
    *,
    order: str | None = None,
) -> Post:
    """One post of a stretch of ``raw``, with the dates, the links and the flags that stand in it.

    ``order`` is that of day and month in the whole page, `dates.order_in`.
    """
    text = raw[piece.start : piece.end]
    found, unclear = dates.in_text(text, at=piece.start, order=order)
    chosen = dates.of_post(found)
    bylines = {match[1] for match in _BYLINE.finditer(text)}
    author = bylines.pop() if len(bylines) == 1 else None
    own = (*within(whole, piece.start, piece.end), *unclear)
    if piece.inferred:
        own += (Flag(Flagged.EDGE_INFERRED, piece.start),)
    if piece.cut:
        own += (Flag(Flagged.CUT_TEXT, piece.end),)
    if len({one.value for one in found if one.role is chosen.role} if chosen else ()) > 1:
        own += (Flag(Flagged.DATES_DIFFER, chosen.at if chosen else None),)
    return Post(
        number, piece.title, author, chosen.value if chosen else None, chosen.found_by if chosen else None,
        text, piece.start, piece.end,
        links=within(links, piece.start, piece.end),
        language=language.of(text), dates=dates.chosen_first(found), author_found_by=Found.TEXT if author else None,
        flags=own,
    )  # fmt: skip


def links_in(raw: str) -> tuple[Link, ...]:
    """Addresses written in a text, whole or cut. A cut one is its own target: it leads nowhere, and is flagged."""
    found = [Link(text := one[0].rstrip(_TRAILING), text, one.start()) for one in _ADDRESS.finditer(raw)]
    known = {one.at for one in found}
    found += [Link(text, text, at) for at, text in flags.cut_links(raw) if at not in known]
    return tuple(sorted(found, key=lambda link: link.at or 0)[:MOST_LINKS])


def repeated_title(raw: str, post: Post) -> tuple[Flag, ...]:
    """A flag where a title stands that stood right before it."""
    if not post.title or len(post.title) > MOST_TITLE:
        return ()
    lines = re.compile(rf"^[^\S\n]*{re.escape(post.title)}[^\S\n]*$", re.M)
    stands = [match.start() for match in islice(lines.finditer(raw, post.start, post.end), _MOST_REPEATS)]
    between = [raw[a + len(post.title) : b].strip() for a, b in pairwise(stands)]
    return tuple(Flag(Flagged.REPEATED_TITLE, at) for at, gap in zip(stands[1:], between, strict=True) if not gap)
