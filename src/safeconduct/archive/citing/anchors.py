"""Where a quotation stands in a source's raw text, and whether it still stands there.

A passage keeps its words, what stands before and behind them, and its offsets. It is found again only where all three
texts are exactly the same once written one way for quoting (`normal.Form.QUOTING`): spaces, joiners and typographic
marks may differ, a letter may not. One that is not found, or that could be one of several, is an orphan. Nothing is
ever attached to what is merely like it.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from ..finding.normal import Form, Normal, mapped, quoted

AROUND: Final = 64
MOST_LETTERS: Final = 5000
_MOST_PLACES: Final = 100


class NoQuotation(ValueError):
    """There is no letter in it, or it is longer than a passage may be."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """``quote`` is ``raw[start:end]``, ``prefix`` and ``suffix`` what stands before and behind it, all as published."""

    quote: str
    prefix: str
    suffix: str
    start: int
    end: int


def anchor(raw: str, start: int, end: int) -> Anchor:
    """The anchor of a stretch of raw text, less the spaces at its ends. Raises `NoQuotation`."""
    if not 0 <= start < end <= len(raw):
        raise NoQuotation("there is no such stretch in the text")
    while start < end and raw[start].isspace():
        start += 1
    while start < end and raw[end - 1].isspace():
        end -= 1
    # A mark that stands on the last letter belongs to the quotation.
    while end < len(raw) and unicodedata.combining(raw[end]):
        end += 1
    quote = raw[start:end]
    if len(quote) > MOST_LETTERS or not any(one.isalnum() for one in quote):
        raise NoQuotation("a quotation has at least one letter or digit, and is no longer than a page")
    return at(raw, start, end)


def at(raw: str, start: int, end: int) -> Anchor:
    """The anchor of exactly this stretch."""
    return Anchor(raw[start:end], raw[max(0, start - AROUND) : start], raw[end : end + AROUND], start, end)


def places(raw: str, quote: str, *, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Where somebody's quotation stands in ``raw[start:end]``, in the raw text's own offsets. Raises `NoQuotation`."""
    wanted = quoted(quote)
    if len(quote) > MOST_LETTERS or not any(one.isalnum() for one in wanted):
        raise NoQuotation("a quotation has at least one letter or digit, and is no longer than a page")
    text = mapped(raw[start:end], Form.QUOTING)
    return [(start + left, start + right) for left, right in (text.span(*one) for one in _each(text, wanted))]


def place(raw: str, kept: Anchor) -> tuple[int, int] | None:
    """Where a passage stands now; None where it is an orphan.

    Words that stand in more than a hundred places, and moved, are an orphan too: looking at each would never end.
    """
    if stands(raw, kept):
        return kept.start, kept.end
    text = mapped(raw, Form.QUOTING)
    found = {text.span(*one) for one in islice(_each(text, quoted(kept.quote)), _MOST_PLACES + 1)}
    if len(found) > _MOST_PLACES:
        return None
    same = [one for one in found if _between(raw, *one, kept)]
    return same[0] if len(same) == 1 else None


def stands(raw: str, kept: Anchor) -> bool:
    """Whether a passage stands where it stood, to the letter."""
    return raw[kept.start : kept.end] == kept.quote and _between(raw, kept.start, kept.end, kept)


def _between(raw: str, start: int, end: int, kept: Anchor) -> bool:
    """Whether what was before and behind the passage is so here. Before the first word of a text stands nothing."""
    ahead, after = _reach(kept.prefix), _reach(kept.suffix)
    first, last = len(kept.prefix) < AROUND, len(kept.suffix) < AROUND
    if (first and start > ahead) or (last and len(raw) - end > after):
        return False  # more stands there than could be the same words; nothing is written one way for it
    before, behind = quoted(raw[max(0, start - ahead) : start]), quoted(raw[end : end + after])
    prefix, suffix = quoted(kept.prefix), quoted(kept.suffix)
    if (first and before != prefix) or (last and behind != suffix):
        return False
    return before.endswith(prefix) and behind.startswith(suffix)


def _reach(context: str) -> int:
    # Spaces and joiners that came since make the same words longer.
    return 4 * len(context) + AROUND


def _each(text: Normal, wanted: str) -> Iterator[tuple[int, int]]:
    start = text.text.find(wanted) if wanted else -1
    while start >= 0:
        end = start + len(wanted)
        # Not where a mark follows that would make the last letter another.
        if end == len(text.text) or not unicodedata.combining(text.text[end]):
            yield start, end
        start = text.text.find(wanted, start + 1)
