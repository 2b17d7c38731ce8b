"""Who has which two letters beside each other, found in the names an index keeps when somebody asks.

Skeletons bring spellings of one sound together, and pass over a short name whose consonants differ in two places
(Semba, Senba). Pairs of letters do not. They are worked out of what is kept, so no index is longer for them.
"""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import accumulate

from . import tally
from .index import WORD, Generation

_BETWEEN = bytes.maketrans(b"|;", b"  ")


def pairs(parts: Iterable[str]) -> frozenset[bytes]:
    """The pairs of letters in parts of names as folded; before the first letter and after the last stands a space."""
    text = f" {' '.join(parts)} ".encode("ascii")
    return frozenset([text[at : at + 2] for at in range(len(text) - 1)])


class Letters:
    """The pairs of letters in what one generation keeps. Nothing is worked out before it is first asked for."""

    def __init__(self, generation: Generation) -> None:
        self._generation = generation
        self._text = b""
        self._ends: array[int] = array(WORD)
        self._place_of: array[int] = array(WORD)
        self._sets: dict[bytes, int] = {}

    def set_of(self, pair: bytes) -> int:
        """The places of those with this pair in a name, as a set."""
        known = self._sets.get(pair)
        if known is None:
            if not self._text:
                self._read()
            # Each person's text ends with a space, so no pair reaches from one into the next.
            ends, people = self._ends, self._generation.people
            found = {bisect_right(ends, one.start()) for one in re.finditer(re.escape(pair), self._text)}
            known = tally.of_places(map(self._place_of.__getitem__, found), people)
            known = self._sets[pair] = known & ((1 << people) - 1)
        return known

    def _read(self) -> None:
        one = self._generation
        start, texts = 0, []
        for end in one.kept_ends:
            # Years stay in it: they are no letters, and nobody asks for them.
            texts.append(b" " + one.kept[start:end].translate(_BETWEEN) + b" ")
            start = end
        self._ends = array(WORD, accumulate(map(len, texts)))
        self._place_of = array(WORD, [self._place(number) for number in one.kept_ids])
        self._text = b"".join(texts) or b" "

    def _place(self, number: int) -> int:
        """The place of somebody; one behind everybody for who has no token."""
        numbers = self._generation.numbers
        at = bisect_left(numbers, number)
        return at if at < len(numbers) and numbers[at] == number else len(numbers)
