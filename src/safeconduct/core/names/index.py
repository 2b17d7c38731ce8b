"""The search index of one team: a generation, and the deltas written since.

A generation is one sorted array of 64-bit integers, the token in the upper half and the person's number in the lower,
so that loading is a copy and a lookup is a bisection. It is opened for a session's search and forgotten. Changes are
small deltas, each padded to whole kibibytes so that a copy of the disk does not tell how many people, or which common
name, a day's work touched; `compact` folds them into the next generation.

Bytes of a generation, little-endian (here one entry, token 0x0000beef of person 7, padded to 1024):

    53 43 4e 47 01 00 00 00   "SCNG", format 1
    01 00 00 00 00 00 00 00   people
    01 00 00 00 00 00 00 00   entries
    07 00 00 00 ef be 00 00   entry: id, token
    00 00 ...                 zeros to a multiple of 1024

Bytes of a delta: "SCND", format, number of additions, number of removals; for each addition its id, a count and that
many tokens; then the removed ids; all of them 32-bit; zeros to a multiple of 1024.

These bytes are only ever stored sealed. The seal is what shows tampering; the checks here catch a wrong format.
"""

from __future__ import annotations  # array is not subscriptable at run time before Python 3.12

import math
import struct
import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import Self

from .faults import MalformedIndex

PAD = 1024  # bytes; stored sizes are multiples of it
_FORMAT = 1
_GENERATION_HEAD = struct.Struct("<4sIQQ")
_DELTA_HEAD = struct.Struct("<4sIII")
_LIMIT = 1 << 32
_LOW = _LIMIT - 1
_LOW_HALF = 0 if sys.byteorder == "little" else 1


@dataclass(frozen=True, slots=True)
class Generation:
    """A built index: `entries` sorted, each `token << 32 | id`; `people` is how many distinct ids it holds."""

    entries: array[int]
    people: int

    @classmethod
    def build(cls, entries: Iterable[tuple[int, frozenset[int]]]) -> Self:
        """From pairs of a person's number (below 2**32) and tokens. A number given twice keeps all its tokens.

        Raises ValueError for a number or token out of range.
        """
        packed: set[int] = set()
        for number, tokens in entries:
            _check(number, tokens)
            packed.update([token << 32 | number for token in tokens])
        return cls._of(sorted(packed))

    @classmethod
    def _of(cls, packed: list[int]) -> Self:
        entries = array("Q", packed)
        return cls(entries, len({entry & _LOW for entry in packed}))

    def to_bytes(self, pad_to: int = PAD) -> bytes:
        """For sealing; the length is a multiple of `pad_to` bytes, itself a multiple of 1024 (else ValueError)."""
        head = _GENERATION_HEAD.pack(b"SCNG", _FORMAT, self.people, len(self.entries))
        return _padded(head + _little_endian(self.entries).tobytes(), pad_to)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """What `to_bytes` gave. Raises MalformedIndex for anything else."""
        if len(data) < _GENERATION_HEAD.size:
            raise MalformedIndex("cut-short")
        magic, version, people, count = _GENERATION_HEAD.unpack_from(data)
        _check_head(magic, b"SCNG", version)
        end = _GENERATION_HEAD.size + 8 * count
        if people > count or (count and not people):
            raise MalformedIndex("impossible-count")
        _check_padding(data, end)
        entries = array("Q")
        entries.frombytes(memoryview(data)[_GENERATION_HEAD.size : end])
        return cls(_little_endian(entries), people)

    def ids(self, token: int) -> list[int]:
        """The people with this token, in order."""
        start = bisect_left(self.entries, token << 32)
        end = bisect_left(self.entries, (token + 1) << 32, start)
        halves = memoryview(self.entries[start:end]).cast("B").cast("I")
        return halves[_LOW_HALF::2].tolist()


@dataclass(frozen=True, slots=True)
class Delta:
    """Changes since a generation: `add` gives a person's tokens anew (replacing older ones), `remove` takes people out.

    A person in both counts as added.
    """

    add: Mapping[int, frozenset[int]] = field(default_factory=dict)
    remove: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        for number, tokens in self.add.items():
            _check(number, tokens)
        for number in self.remove:
            _check(number, ())
        object.__setattr__(self, "remove", frozenset(self.remove) - self.add.keys())

    def to_bytes(self, pad_to: int = PAD) -> bytes:
        """For sealing; the length is a multiple of `pad_to` bytes, itself a multiple of 1024 (else ValueError)."""
        words: list[int] = []
        for number in sorted(self.add):
            tokens = sorted(self.add[number])
            words += [number, len(tokens), *tokens]
        words += sorted(self.remove)
        head = _DELTA_HEAD.pack(b"SCND", _FORMAT, len(self.add), len(self.remove))
        return _padded(head + struct.pack(f"<{len(words)}I", *words), pad_to)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """What `to_bytes` gave. Raises MalformedIndex for anything else, another order of the same content included."""
        if len(data) < _DELTA_HEAD.size:
            raise MalformedIndex("cut-short")
        magic, version, additions, removals = _DELTA_HEAD.unpack_from(data)
        _check_head(magic, b"SCND", version)
        if len(data) % 4:
            raise MalformedIndex("wrong-length")
        words = struct.unpack_from(f"<{len(data) // 4 - 4}I", data, _DELTA_HEAD.size)
        add: dict[int, frozenset[int]] = {}
        at = 0
        for _ in range(additions):
            if at + 2 > len(words) or at + 2 + words[at + 1] > len(words):
                raise MalformedIndex("cut-short")
            add[words[at]] = frozenset(words[at + 2 : at + 2 + words[at + 1]])
            at += 2 + words[at + 1]
        if at + removals > len(words):
            raise MalformedIndex("cut-short")
        delta = cls(add, frozenset(words[at : at + removals]))
        _check_padding(data, _DELTA_HEAD.size + 4 * (at + removals))
        if delta.to_bytes()[: len(data)].rstrip(b"\0") != data.rstrip(b"\0"):
            raise MalformedIndex("not-canonical")
        return delta


def search(
    generation: Generation,
    deltas: Sequence[Delta],
    tokens: Iterable[int] | Sequence[frozenset[int]],
    limit: int = 200,
) -> list[int]:
    """Up to `limit` ids that share a token, most telling first; deltas in the order they were written.

    `tokens` is what `query_tokens` gave, or plain tokens. A shared token counts by its rarity in the generation, so
    that a rare surname outweighs a Mohammad; of each set only the rarest shared token counts, and the sets add up.
    Ties go to the lower id, so that a search repeats exactly.
    """
    if limit < 1:
        return []
    newest = _newest(deltas)
    totals: dict[int, int] = {}
    for one in tokens:
        group = one if isinstance(one, frozenset) else frozenset((one,))
        found = sorted(
            ((token, generation.ids(token)) for token in group), key=lambda entry: (-len(entry[1]), entry[0])
        )
        best: dict[int, int] = {}
        for _, ids in found:  # the rarest last, so that it is what stays
            best.update(dict.fromkeys(ids, _weight(generation.people, len(ids))))
        for number in newest.keys() & best.keys():
            del best[number]
        for number, own in newest.items():
            if own and not own.isdisjoint(group):
                best[number] = max(_weight(generation.people, len(ids)) for token, ids in found if token in own)
        both = {number: totals[number] + best[number] for number in totals.keys() & best.keys()}
        totals.update(best)
        totals.update(both)
    if len(totals) > limit:
        least = sorted(totals.values(), reverse=True)[limit - 1]
        totals = dict(compress(totals.items(), map(least.__le__, totals.values())))
    return sorted(totals, key=lambda number: (-totals[number], number))[:limit]


def having(generation: Generation, deltas: Sequence[Delta], tokens: Iterable[int]) -> frozenset[int]:
    """Every id with one of these tokens, however many there are."""
    wanted, newest = frozenset(tokens), _newest(deltas)
    found = {number for token in wanted for number in generation.ids(token) if number not in newest}
    return frozenset(found | {number for number, own in newest.items() if own and not own.isdisjoint(wanted)})


def tokens_of(generation: Generation, deltas: Sequence[Delta], number: int) -> frozenset[int]:
    """The tokens under which one id is found now."""
    newest = _newest(deltas)
    if number in newest:
        return newest[number] or frozenset()
    return frozenset(entry >> 32 for entry in generation.entries if entry & _LOW == number)


def compact(generation: Generation, deltas: Sequence[Delta]) -> Generation:
    """The generation that answers every search as the old one did with its deltas."""
    newest = _newest(deltas)
    packed = [entry for entry in generation.entries if entry & _LOW not in newest]
    for number, tokens in newest.items():
        packed += [token << 32 | number for token in tokens or ()]
    packed.sort()
    return Generation._of(packed)


def _newest(deltas: Sequence[Delta]) -> dict[int, frozenset[int] | None]:
    newest: dict[int, frozenset[int] | None] = {}
    for delta in deltas:
        newest.update(dict.fromkeys(delta.remove))
        newest.update(delta.add)
    return newest


def _weight(people: int, found: int) -> int:
    """Rarity in thousandths of a bit, a whole number so that sums do not depend on their order."""
    return 1000 + round(1000 * math.log2((people + 2) / (found + 1)))


def _check(number: int, tokens: Iterable[int]) -> None:
    if not 0 <= number < _LIMIT or any(not 0 <= token < _LIMIT for token in tokens):
        raise ValueError("Ids and tokens of a name index are whole numbers from 0 to 2**32 - 1.")


def _check_head(magic: bytes, expected: bytes, version: int) -> None:
    if magic != expected:
        raise MalformedIndex("not-an-index")
    if version != _FORMAT:
        raise MalformedIndex("unknown-format")


def _check_padding(data: bytes, end: int) -> None:
    if end > len(data):
        raise MalformedIndex("cut-short")
    if len(data) % PAD:
        raise MalformedIndex("wrong-length")
    if data[end:].strip(b"\0"):
        raise MalformedIndex("padding-not-empty")


def _padded(data: bytes, pad_to: int) -> bytes:
    if pad_to <= 0 or pad_to % PAD:
        raise ValueError("An index is padded to a multiple of 1024 bytes.")
    return data + bytes(-len(data) % pad_to)


def _little_endian(entries: array[int]) -> array[int]:
    if sys.byteorder == "little":
        return entries
    swapped = array("Q", entries)
    swapped.byteswap()
    return swapped
