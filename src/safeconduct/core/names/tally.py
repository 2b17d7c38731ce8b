"""Adding up weights for very many people at once, a bit of a long number for each of them.

People stand at places 0, 1, 2, …, and a set of them is one whole number with their bits set. Joining two sets of a
hundred thousand is then one operation on 12.5 kB, where a set of Python's takes a step for each member. A sum is kept
the same way, sliced: one such number for each binary figure of it, the ones first, added as one adds on paper.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

_SOMETHING: Final = re.compile(rb"[^\0]")
_FIGURES: Final = tuple(tuple(figure for figure in range(8) if byte >> figure & 1) for byte in range(256))


def of_places(places: Iterable[int], most: int) -> int:
    """The set of these places, each below `most`."""
    data = bytearray(most // 8 + 1)
    for place in places:
        data[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(data, "little")


def places(members: int) -> Iterator[int]:
    """The places in a set, in order."""
    data = _bytes(members)
    for found in _SOMETHING.finditer(data):
        at = found.start()
        for figure in _FIGURES[data[at]]:
            yield 8 * at + figure


class Tally:
    """Sums of weights, of everybody at once."""

    def __init__(self) -> None:
        self._slices: list[int] = []

    def add(self, weighed: Iterable[tuple[int, int]]) -> None:
        """Add to each member of these sets, given as weight (a whole number above 0) and set, its greatest weight."""
        own: list[int] = []
        taken = 0
        for weight, members in sorted(weighed, key=lambda one: -one[0]):
            fresh = members & ~taken if taken else members
            taken |= members
            own += [0] * (weight.bit_length() - len(own))
            for at in range(weight.bit_length()):
                if weight >> at & 1:
                    own[at] |= fresh
        self._slices = _sum(self._slices, own)

    def likeliest(self, limit: int, late: int) -> list[int]:
        """The places, in order, of the `limit` with most, and of those with as much as the last of them.

        Of the latter, who may be very many, the first so many that there are `limit`, and any from the place `late` on.
        Whoever has nothing is not among them.
        """
        open_ = 0  # who may still be among them, all with the same greater figures
        for one in self._slices:
            open_ |= one
        sure, count = 0, 0
        for one in reversed(self._slices):
            more = open_ & one
            if count + (here := more.bit_count()) <= limit:
                sure |= more
                count += here
                open_ &= ~one
            else:
                open_ = more
        if count == limit:
            return sorted(places(sure))
        first = islice(places(open_), limit - count)
        return sorted({*places(sure), *first, *(late + place for place in places(open_ >> late))})

    def of(self, some: Sequence[int]) -> list[int]:
        """The sums of these places."""
        where = [(place >> 3, 1 << (place & 7)) for place in some]
        size = max(some, default=0) // 8 + 1
        sums = [0] * len(some)
        for figure, members in enumerate(self._slices):
            data, value = _bytes(members).ljust(size, b"\0"), 1 << figure
            sums = [
                known + value if data[byte] & mask else known for known, (byte, mask) in zip(sums, where, strict=True)
            ]
        return sums


def _sum(first: list[int], second: list[int]) -> list[int]:
    """Slices of the sums of what is sliced in these."""
    longer, shorter = (first, second) if len(first) >= len(second) else (second, first)
    if not shorter:
        return longer
    out: list[int] = []
    carry = 0
    for at, one in enumerate(longer):
        other = shorter[at] if at < len(shorter) else 0
        apart = one ^ other
        out.append(apart ^ carry)
        carry = (one & other) | (apart & carry)
    return [*out, carry] if carry else out


def _bytes(members: int) -> bytes:
    return members.to_bytes((members.bit_length() + 7) // 8, "little")
