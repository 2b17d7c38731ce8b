"""A text as the set of the three words in a row that are in it, and a sample of that set small enough to keep.

Words are compared without case and marks. In scripts that put no spaces between words each sign is a word.
"""

import re
import unicodedata
from functools import lru_cache
from hashlib import blake2b
from typing import Final

WORDS_IN_A_ROW: Final = 3
ONE_IN: Final = 4
"""Of four shingles one is sampled: the same one in every text, so that samples can be compared like the whole."""

MOST_WORDS: Final = 200_000
_LEAST_SAMPLED: Final = 8

_WORD: Final = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_]+")
_MIX: Final = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)  # odd, so that no bit is lost
_MASK: Final = (1 << 64) - 1
_SAMPLED_BELOW: Final = (1 << 64) // ONE_IN


def words(text: str) -> list[str]:
    """The words of a text as they are compared."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    plain = folded if folded.isascii() else folded.translate(_PLAIN)
    return _WORD.findall(plain)[:MOST_WORDS]


def shingles(text: str) -> frozenset[int]:
    """The set of its shingles, each as 64 bits. Fewer words than three are one shingle."""
    hashed = [_hashed(word) for word in words(text)]
    if not hashed:
        return frozenset()
    if len(hashed) < WORDS_IN_A_ROW:
        return frozenset({_mixed(*hashed, *([0] * (WORDS_IN_A_ROW - len(hashed))))})
    return frozenset(map(_mixed, hashed, hashed[1:], hashed[2:]))


def samples(those: frozenset[int]) -> tuple[int, ...]:
    """The part of some shingles that is kept to find others by, as signed 64 bits, as databases count.

    Those that fall in the lowest quarter, and at least the lowest eight, so that a short post has some.
    """
    low = sorted(one for one in those if one < _SAMPLED_BELOW)
    if len(low) < _LEAST_SAMPLED:
        low = sorted(those)[:_LEAST_SAMPLED]
    return tuple(one - (1 << 64) if one >> 63 else one for one in low)


def everywhere(kept: tuple[int, ...]) -> int:
    """How many of some samples every text that has them would keep, however long it is."""
    return sum(one & _MASK < _SAMPLED_BELOW for one in kept)


# Without combining marks, joiners and the line that only makes a word longer; and one letter where Arabic and Persian,
# or keyboards, have two.
_PLAIN: Final = {
    **{code: None for code in range(0x20000) if unicodedata.combining(chr(code))},
    **dict.fromkeys((0x200C, 0x200D, 0x0640)),
    **{0x064A: 0x06CC, 0x0649: 0x06CC, 0x0643: 0x06A9, 0x06D5: 0x0647},
}


@lru_cache(maxsize=1 << 17)
def _hashed(word: str) -> int:
    return int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def _mixed(first: int, second: int, third: int) -> int:
    mixed = (first * _MIX[0] + second * _MIX[1] + third * _MIX[2]) & _MASK
    mixed ^= mixed >> 31
    return mixed * _MIX[0] & _MASK
