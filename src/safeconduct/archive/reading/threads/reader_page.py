"""A thread as Thread Reader unrolls it, saved as HTML: `div#tweet_N.content-tweet`, its identifier in `data-tweet`.

Older saves do not name the account in `data-screenname`; then the lines below the thread say who wrote it.
"""

import re
from dataclasses import replace
from typing import Final

from .. import dates, flags, language
from ..bounds import MOST_POSTS
from ..pages.html import text_of
from ..pages.layout import Element, Laid, lay, parsed, values
from ..pages.split import Piece
from ..pages.text import made
from ..shape import DateRole, Found, Kind, NotRead, Post, Reading, Unfit
from ..spans import in_order
from .reader import author_in, related_in

_MARK: Final = re.compile(rb"""class\s*=\s*["'][^"']{0,200}\bcontent-tweet\b""", re.I)


def is_one(data: bytes) -> bool:
    """Whether a page holds such posts."""
    return _MARK.search(data) is not None


def read(data: bytes, *, charset: str | None = None) -> Reading:
    """The thread of a saved page. Raises `NotRead`."""
    source, more = text_of(data, charset=charset)
    laid = lay(parsed(source), drop=_is_permalink)
    blocks = laid.top.xpath("//*[contains(concat(' ',normalize-space(@class),' '),' content-tweet ')]")
    if not blocks:
        raise NotRead(Unfit.NOT_SUCH)
    if len(blocks) > MOST_POSTS:
        raise NotRead(Unfit.TOO_MANY)
    whole = in_order((*flags.in_text(laid.raw), *laid.flags, *more))
    named = author_in(laid.raw)
    links = in_order(laid.links)
    posts = []
    for number, block in enumerate(blocks, start=1):
        start, end = laid.spans.get(block, (0, 0))
        piece = laid.raw[start:end]
        span = Piece(start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip()), None)
        posts.append(_post(made(number, laid.raw, span, whole, links), laid, block, named))
    related, undated = related_in(laid.raw, posts[-1].end)
    first = posts[0]
    return Reading(
        Kind.THREAD_READER, None, first.author, first.date, first.date_found_by, laid.raw, tuple(posts), related,
        flags=in_order((*whole, *undated)), links=links,
        address=next(iter(values(laid.top, "//link[@rel='canonical']/@href")), None),
        language=language.of("\n".join(post.text for post in posts[:50])),
    )  # fmt: skip


def _post(post: Post, laid: Laid, block: Element, named: str | None) -> Post:
    identifier, handle = block.get("data-tweet") or "", block.get("data-screenname") or ""
    made_at = dates.of_x_id(identifier)
    author = named if named and (not handle or f"@{handle}" in named) else f"@{handle}" if handle else None
    mentioned = tuple(replace(one, role=DateRole.SAID) for one in post.dates)
    inside = {id(one) for one in block.iter("img")}
    pictures = [one for at, one in laid.pictures if post.start <= at <= post.end] if inside else []
    return replace(
        post, title=None, author=author, dates=((made_at,) if made_at else ()) + mentioned,
        author_found_by=(Found.MARKUP if handle else Found.TEXT) if author else None,
        date=made_at.value if made_at else None, date_found_by=made_at.found_by if made_at else None,
        address=f"https://x.com/i/status/{identifier}" if identifier.isdigit() else None, pictures=tuple(pictures),
    )  # fmt: skip


def _is_permalink(element: Element) -> bool:
    return element.tag == "sup" and "tw-permalink" in (element.get("class") or "")
