"""What is shown of a post that was found: a stretch of it as published, with what was found marked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from .normal import Normal, mapped
from .terms import Term

AROUND: Final = 90
_MOST_MARKED: Final = 12
# A page can be megabytes long: of one, only the surroundings of what was found are mapped.
_MAPPED_AT_ONCE: Final = 200_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a snippet: text as published, and whether it is what was looked for."""

    text: str
    hit: bool = False


@dataclass(frozen=True, slots=True)
class Snippet:
    """``pieces`` in order, from ``at`` on in the post. ``before`` and ``after`` say that the post goes on there."""

    pieces: tuple[Piece, ...]
    at: int = 0
    before: bool = False
    after: bool = False


def snippet(raw: str, asked: Sequence[Term], *, around: int = AROUND) -> Snippet:
    """The stretch of a post's raw text around what was found first; its beginning where only its title was found."""
    raw = raw[:_MAPPED_AT_ONCE]
    marked = sorted(_merged(spans(mapped(raw), asked)))
    if not marked:
        end = _cut(raw, min(len(raw), 2 * around), forward=True)
        return Snippet((Piece(raw[:end]),) if end else (), after=end < len(raw))
    start = _cut(raw, max(0, marked[0][0] - around), forward=False)
    end = _cut(raw, min(len(raw), marked[0][1] + around), forward=True)
    inside = [span for span in marked if span[0] >= start and span[1] <= end][:_MOST_MARKED]
    edges = [start, *(edge for span in inside for edge in span), end]
    pieces = tuple(
        Piece(raw[left:right], hit=at % 2 == 1) for at, (left, right) in enumerate(pairwise(edges)) if left < right
    )
    return Snippet(pieces, start, start > 0, end < len(raw))


def spans(text: Normal, asked: Sequence[Term]) -> Iterator[tuple[int, int]]:
    """Where terms stand in the raw text, at the best grade that each is found at."""
    for term in asked:
        grade = term.grade(text.text)
        if grade is None:
            continue
        for pattern in term.patterns[grade]:
            yield from _of(text, pattern)


def _of(text: Normal, pattern: str) -> Iterator[tuple[int, int]]:
    wanted = pattern.strip()
    at = text.text.find(pattern)
    while at >= 0:
        first = at + (len(pattern) - len(pattern.lstrip()))
        yield text.span(first, first + len(wanted))
        # The space that ends one word begins the next.
        at = text.text.find(pattern, at + max(1, len(pattern) - 1))


def _merged(found: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if out and start < out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out


def _cut(raw: str, at: int, *, forward: bool) -> int:
    """The nearest edge of a word to ``at``, no more than a word away."""
    if at in (0, len(raw)):
        return at
    for step in range(24):
        here = at + step if forward else at - step
        if not 0 < here < len(raw):
            return min(max(here, 0), len(raw))
        if raw[here - 1].isspace() or (forward and raw[here].isspace()):
            return here
    return at
