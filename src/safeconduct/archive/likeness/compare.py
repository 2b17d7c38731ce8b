"""How alike two posts are. Containment says more than Jaccard: an excerpt is in its post whole, and is little of it."""

from dataclasses import dataclass
from typing import Final

SAME: Final = 0.8
"""From this containment on two posts are shown as the same text. Strangers on one subject come to .14."""

LEAST: Final = 8
"""Shingles a post must have to be compared: fewer (ten words) stand in too many texts by chance."""


@dataclass(frozen=True, slots=True)
class Alike:
    """``containment``: the share of the shorter that is in the other; ``jaccard``: of both that is in both."""

    containment: float
    jaccard: float


def compare(one: frozenset[int], other: frozenset[int]) -> Alike:
    """How alike two sets of shingles are. Of an empty one nothing is."""
    if not one or not other:
        return Alike(0.0, 0.0)
    shared = len(one & other)
    return Alike(shared / min(len(one), len(other)), shared / (len(one) + len(other) - shared))
