"""A thread as Thread Reader unrolls it, saved as text: numbered posts, who wrote them, and other threads of theirs.

… be changed from within, and as such should we be nicer. 1/
amp.example.org/comment/…                      belongs to the post before it
• • •                                          the thread ends
Keep Current with A Name
More from @a_handle
11 Oct                                         of which year is not said, and is not guessed
Read 18 tweets
"""

import re
from dataclasses import replace
from itertools import pairwise
from typing import Final

from .. import flags, language
from ..bounds import MOST_POSTS, MOST_RAW
from ..pages.split import Piece
from ..pages.text import decoded, links_in, made
from ..shape import Flag, Flagged, Found, Gap, Kind, Lack, Link, NotRead, Post, Reading, Related, Unfit
from ..spans import in_order, within

_MARKS: Final = (
    re.compile(r"^Keep Current with [^\n]+$", re.M),
    re.compile(r"^(?:Did Thread Reader help you today\?|Missing some (?:Tweet|post) in this thread\?)", re.M | re.I),
    re.compile(r"^Try unrolling a thread yourself!$", re.M | re.I),
    re.compile(r"^More from @\w{1,30}\s*$", re.M),
)
_NAME: Final = re.compile(r"^Keep Current with (?P<name>[^\n]{1,200}?)\s*$", re.M)
_HANDLE: Final = re.compile(r"^More from (?P<handle>@\w{1,30})\s*$", re.M)
_END: Final = re.compile(r"^\s*•\s•\s•\s*$", re.M)
_BEHIND: Final = re.compile(r"(?<!\S)(?P<n>\d{1,4})\s?/\s?(?P<of>\d{1,4})?[^\S\n]*(?=\n|\Z)")
_AHEAD: Final = re.compile(r"^[^\S\n]*(?P<n>\d{1,4})\s?/\s?(?P<of>\d{1,4})?(?=\s)", re.M)
_NEXT: Final = re.compile(
    r"^(?P<date>\d{1,2} [A-Z][a-z]{2}(?: \d{2,4})?|[A-Z][a-z]{2} \d{1,2}(?:,? \d{4})?)[^\S\n]*\n(?P<body>.*?)"
    r"^Read (?P<count>\d{1,5}) (?:tweets|posts)[^\S\n]*$",
    re.M | re.S,
)
_LONGEST_OPENING: Final = 500


def is_one(text: str) -> bool:
    """Whether a text is such a save: two of the lines the page puts around a thread."""
    return sum(mark.search(text) is not None for mark in _MARKS) >= 2


def read(data: bytes, *, charset: str | None = None) -> Reading:
    """The thread of a saved page. Raises `NotRead`."""
    raw, more = decoded(data, charset=charset)
    if len(raw) > MOST_RAW:
        raise NotRead(Unfit.TOO_LARGE)
    author = author_in(raw)
    end = thread_end(raw)
    whole = (*flags.in_text(raw), *more)
    links = in_order(links_in(raw))
    pieces, gaps = numbered(raw, 0, end)
    if not pieces:
        begin = len(raw) - len(raw.lstrip())
        pieces = (Piece(begin, begin + len(raw[begin:end].rstrip()), None),)
        whole += (Flag(Flagged.UNNUMBERED, begin),)
    if pieces[0].start >= pieces[0].end:
        raise NotRead(Unfit.NOT_SUCH)
    related, undated = related_in(raw, end)
    whole = in_order((*whole, *undated))
    posts = tuple(_post(number, raw, piece, whole, links, author) for number, piece in enumerate(pieces, start=1))
    return Reading(
        Kind.THREAD_READER, None, author, None, None, raw, posts, related, gaps, whole, links,
        language.of("\n".join(post.text for post in posts[:50])),
    )  # fmt: skip


def author_in(raw: str) -> str | None:
    """Name and handle, as the lines below the thread give them."""
    name, handle = _NAME.search(raw), _HANDLE.search(raw)
    said = [match[group] for match, group in ((name, "name"), (handle, "handle")) if match is not None]
    return " ".join(said) or None


def thread_end(raw: str) -> int:
    """Where the thread ends and what the page says of itself begins."""
    ends = [match.start() for mark in (_END, *_MARKS) if (match := mark.search(raw)) is not None]
    return min(ends, default=len(raw))


def numbered(raw: str, start: int, end: int) -> tuple[tuple[Piece, ...], tuple[Gap, ...]]:
    """The posts by the numbers at their ends or heads, and where the count leaves one out.

    A number that does not go on from the one before is none: 24/7 in a sentence counts nothing.
    """
    behind, ahead = _run(list(_BEHIND.finditer(raw, start, end))), _run(list(_AHEAD.finditer(raw, start, end)))
    run, at_end = (behind, True) if len(behind) >= len(ahead) else (ahead, False)
    if not run or len(run) > MOST_POSTS:
        return (), ()
    edges = [start, *_edges_behind(raw, run, end)] if at_end else [*(match.start() for match in run), end]
    pieces = []
    for a, b in pairwise(edges):
        text = raw[a:b]
        pieces.append(Piece(a + len(text) - len(text.lstrip()), a + len(text.rstrip()), None))
    counts = [int(match["n"]) for match in run]
    gaps = []
    for place, (before, now) in enumerate(zip([0, *counts], counts, strict=False)):
        gaps += [Gap(Lack.MISSING, place or None, f"{number}/") for number in range(before + 1, min(now, before + 200))]
    total = max((int(match["of"]) for match in run if match["of"]), default=0)
    gaps += [Gap(Lack.MISSING, len(run), f"{number}/{total}") for number in range(counts[-1] + 1, min(total, 2000) + 1)]
    return tuple(pieces), tuple(gaps)


def related_in(raw: str, start: int) -> tuple[tuple[Related, ...], tuple[Flag, ...]]:
    """Other threads the page names: how they open, how many posts they have, and their dates as written."""
    heading = _HANDLE.search(raw, start)
    if heading is None:
        return (), ()
    related, undated = [], []
    for match in _NEXT.finditer(raw, heading.end()):
        opening = match["body"].strip().partition("\n")[0][:_LONGEST_OPENING]
        related.append(Related(opening, int(match["count"]), match["date"]))
        if not re.search(r"\d{4}", match["date"]):
            undated.append(Flag(Flagged.DATE_WITHOUT_YEAR, match.start()))
    return tuple(related), tuple(undated)


def _run(found: list[re.Match[str]]) -> list[re.Match[str]]:
    """The numbers that count on from 1, or from a few later. Fewer than two are no count."""
    run: list[re.Match[str]] = []
    for match in found:
        last = int(run[-1]["n"]) if run else 0
        if last < int(match["n"]) <= last + 5:
            run.append(match)
    return run if len(run) >= 2 else []


def _edges_behind(raw: str, run: list[re.Match[str]], end: int) -> list[int]:
    """Where each post ends: behind its number and the lines of links that follow it."""
    edges = []
    for match, until in zip(run, [*(later.start() for later in run[1:]), end], strict=True):
        at = match.end()
        for line in re.finditer(r"\n([^\n]*)", raw[at:until]):
            text = line[1].strip()
            if text and not _is_link(text):
                break
            at = at if not text else match.end() + line.end()
        edges.append(at)
    edges[-1] = max(edges[-1], len(raw[:end].rstrip()))
    return edges


def _is_link(text: str) -> bool:
    return " " not in text and bool(links_in(text)) and links_in(text)[0].at == 0


def _post(
    number: int, raw: str, piece: Piece, whole: tuple[Flag, ...], links: tuple[Link, ...], author: str | None
) -> Post:
    one = made(number, raw, piece, whole, links)
    # A thread's posts name dates of other things; when they were written the text does not say.
    return replace(
        one, title=None, author=author, author_found_by=Found.TEXT if author else None, date=None, date_found_by=None,
        flags=within(whole, piece.start, piece.end),
    )  # fmt: skip
