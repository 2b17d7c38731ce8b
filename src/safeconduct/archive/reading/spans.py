"""What stands between two offsets of a text, found without looking at all of it for every post."""

import sys
from bisect import bisect_left
from collections.abc import Iterable
from typing import Final, TypeVar

from .shape import Flag, Link

One = TypeVar("One", Flag, Link)
_LAST: Final = sys.maxsize


def in_order(those: Iterable[One]) -> tuple[One, ...]:
    """By where they stand, those of the whole text last; each once."""
    return tuple(sorted(dict.fromkeys(those), key=_at))


def within(those: tuple[One, ...], start: int, end: int) -> tuple[One, ...]:
    """Those of a tuple that is `in_order` which stand from ``start`` to before ``end``."""
    return those[bisect_left(those, start, key=_at) : bisect_left(those, end, key=_at)]


def _at(one: Flag | Link) -> int:
    return _LAST if one.at is None else one.at
