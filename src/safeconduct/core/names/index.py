"""The search index of one team: a generation, and the deltas written since.

A generation is a table of people by number, a table of tokens, each with the places in the first of those who have it,
and beside these what is kept of each person to rank them by (`kept`): so that loading is a copy, a lookup is a
bisection, and nobody's record is opened before it is shown.
Changes are small deltas, each padded to whole kibibytes so that a copy of the disk does not tell how many people, or
which common name, a day's work touched; `lookup.compact` folds them into the next generation.

Bytes of a generation, little-endian (here one entry, token 0x0000beef of person 7, padded to 1024):

    53 43 4e 47 03 00 00 00   "SCNG", format 3
    01 00 00 00 01 00 00 00   people; tokens
    01 00 00 00 01 00 00 00   entries; people of whom something is kept
    06 00 00 00 00 00 00 00   bytes kept of all of them; nothing
    ef be 00 00 01 00 00 00   the tokens, sorted; where the entries of each end
    00 00 00 00               the entries: places among the people, by token
    07 00 00 00 06 00 00 00   the ids of whom something is kept, sorted; where what is kept of each ends
    07 00 00 00               the people: ids, sorted
    61 6c 69 20 62 61         "ali ba"
    00 00 ...                 zeros to a multiple of 1024

Bytes of a delta: "SCND", format, number of additions, number of removals; for each addition its id, how many tokens,
one more than the bytes kept of it (0: it is not known what to keep), the tokens, and what is kept, to a multiple of 4;
then the removed ids; all of them 32-bit; zeros to a multiple of 1024.

A generation of format 2 did not list the people, and had ids for entries. Format 1 kept nothing of anybody: a
generation was sorted 64-bit integers, the token above the id, and an addition of a delta had no third number. All are
still read, and are of the newest format when they are next written; a delta's is 2.

These bytes are only ever stored sealed. The seal is what shows tampering; the checks here catch a wrong format.
"""

from __future__ import annotations  # array is not subscriptable at run time before Python 3.12

import struct
import sys
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final, Self

from . import tally
from .faults import MalformedIndex

PAD = 1024  # bytes; stored sizes are multiples of it
_FORMAT = 3
_DELTA_FORMAT = 2
_GENERATION_HEAD = struct.Struct("<4sI6I")
_FIRST_GENERATION_HEAD = struct.Struct("<4sIQQ")
_DELTA_HEAD = struct.Struct("<4sIII")
_LIMIT = 1 << 32
# Sets of who has a common token that are held ready, each of an eighth of a byte a person.
_MOST_SETS: Final = 600
WORD = "I" if array("I").itemsize == 4 else "L"  # of four bytes


@dataclass(frozen=True, slots=True)
class Generation:
    """A built index. `places` of the token that stands first in `tokens` end where `ends` first says; and so on.

    What is kept is cut up likewise. `numbers` are the distinct ids that have a token, in order, and a place is one
    among these. Places are in order under each token, as ids are in `kept_ids`.
    """

    numbers: array[int]
    tokens: array[int]
    ends: array[int]
    places: array[int]
    kept_ids: array[int]
    kept_ends: array[int]
    kept: bytes
    _sets: dict[int, int] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def build(cls, entries: Iterable[tuple[int, frozenset[int]]], kept: Mapping[int, bytes] | None = None) -> Self:
        """From pairs of a person's number (below 2**32) and tokens. A number given twice keeps all its tokens.

        ``kept``: what to rank them by, by number (see `kept.keep`). Raises ValueError for a number or token out of
        range.
        """
        packed: set[int] = set()
        for number, tokens in entries:
            _check(number, tokens)
            packed.update([token << 32 | number for token in tokens])
        for number in kept or ():
            _check(number, ())
        return cls.of_packed([sorted(packed)], kept or {})

    @classmethod
    def of_packed(cls, parts: Iterable[Sequence[int]], kept: Mapping[int, bytes]) -> Self:
        """From sorted integers, each a token and below it, in 32 bits, an id that has it: in parts, no token in two."""
        tokens, counts, ids = array(WORD), array(WORD), array(WORD)
        for packed in parts:
            found = Counter([entry >> 32 for entry in packed])  # in the order of the tokens
            tokens.extend(found)
            counts.extend(found.values())
            ids.extend([entry & _LIMIT - 1 for entry in packed])
        about = sorted(kept)
        numbers, places = _placed(ids)
        return cls(
            numbers=numbers,
            places=places,
            tokens=tokens,
            ends=array(WORD, accumulate(counts)),
            kept_ids=array(WORD, about),
            kept_ends=array(WORD, accumulate(len(kept[number]) for number in about)),
            kept=b"".join([kept[number] for number in about]),
        )

    def to_bytes(self, pad_to: int = PAD) -> bytes:
        """For sealing; the length is a multiple of `pad_to` bytes, itself a multiple of 1024 (else ValueError)."""
        counts = (self.people, len(self.tokens), len(self.places), len(self.kept_ids), len(self.kept), 0)
        parts = [_GENERATION_HEAD.pack(b"SCNG", _FORMAT, *counts)]
        parts += [_little_endian(part).tobytes() for part in self._parts()]
        return _padded(b"".join([*parts, self.kept]), pad_to)

    @property
    def people(self) -> int:
        """How many distinct ids have a token."""
        return len(self.numbers)

    @property
    def size(self) -> int:
        """How many bytes of memory it takes, about, with the most that searching adds to it."""
        sets = (_MOST_SETS + 27 * 27) * self.people // 7  # of tokens, and of pairs of letters (`letters`)
        return 4 * (sum(map(len, self._parts())) + 2 * len(self.kept_ids)) + 2 * len(self.kept) + sets

    def _parts(self) -> tuple[array[int], ...]:
        return (self.tokens, self.ends, self.places, self.kept_ids, self.kept_ends, self.numbers)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """What `to_bytes` gave, in this format or an older one. Raises MalformedIndex for anything else."""
        if len(data) < _GENERATION_HEAD.size:
            raise MalformedIndex("cut-short")
        magic, version, people, different, entries, about, kept, nothing = _GENERATION_HEAD.unpack_from(data)
        if _check_head(magic, b"SCNG", version, _FORMAT) == 1:
            return cls._from_first(data)
        if nothing or people > entries or (entries and not people):
            raise MalformedIndex("impossible-count")
        counts = (different, different, entries, about, about, people if version > 2 else 0)
        at = _GENERATION_HEAD.size
        end = at + 4 * sum(counts) + kept
        _check_padding(data, end)
        parts = []
        for count in counts:
            part = array(WORD)
            part.frombytes(memoryview(data)[at : at + 4 * count])
            parts.append(_little_endian(part))
            at += 4 * count
        tokens, ends, places, kept_ids, kept_ends, numbers = parts
        if (ends[-1] if ends else 0, kept_ends[-1] if kept_ends else 0) != (entries, kept):
            raise MalformedIndex("impossible-count")
        if version == 2:
            numbers, places = _placed(places)
        return cls(numbers, tokens, ends, places, kept_ids, kept_ends, data[at:end])

    @classmethod
    def _from_first(cls, data: bytes) -> Self:
        _, _, people, count = _FIRST_GENERATION_HEAD.unpack_from(data)
        end = _FIRST_GENERATION_HEAD.size + 8 * count
        if people > count or (count and not people):
            raise MalformedIndex("impossible-count")
        _check_padding(data, end)
        return cls.of_packed([struct.unpack_from(f"<{count}Q", data, _FIRST_GENERATION_HEAD.size)], {})

    def ids_of(self, token: int) -> list[int]:
        """The people with this token, in order."""
        start, end = self._entries(token)
        return [self.numbers[place] for place in self.places[start:end]]

    def set_of(self, token: int) -> tuple[int, int]:
        """How many people have this token, and their places as a set (see `tally`)."""
        start, end = self._entries(token)
        if start == end:
            return 0, 0
        known = self._sets.get(start)
        if known is None:
            known = tally.of_places(self.places[start:end], self.people)
            if end - start > self.people >> 8:  # of rarer ones it is made again as quickly
                if len(self._sets) >= _MOST_SETS:
                    self._sets.clear()
                self._sets[start] = known
        return end - start, known

    def _entries(self, token: int) -> tuple[int, int]:
        at = bisect_left(self.tokens, token)
        if at == len(self.tokens) or self.tokens[at] != token:
            return 0, 0
        return self.ends[at - 1] if at else 0, self.ends[at]

    def kept_of(self, number: int) -> bytes | None:
        """What is kept of one person; None where that is not known."""
        at = bisect_left(self.kept_ids, number)
        if at == len(self.kept_ids) or self.kept_ids[at] != number:
            return None
        return self.kept[self.kept_ends[at - 1] if at else 0 : self.kept_ends[at]]


@dataclass(frozen=True, slots=True)
class Delta:
    """Changes since a generation: `add` gives a person's tokens anew (replacing older ones), `remove` takes people out.

    A person in both counts as added. `kept` is what to rank those added by, where that is known.
    """

    add: Mapping[int, frozenset[int]] = field(default_factory=dict)
    remove: frozenset[int] = frozenset()
    kept: Mapping[int, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for number, tokens in self.add.items():
            _check(number, tokens)
        for number in self.remove:
            _check(number, ())
        if not self.kept.keys() <= self.add.keys():
            raise ValueError("A delta keeps something only of those it adds.")
        object.__setattr__(self, "remove", frozenset(self.remove) - self.add.keys())

    def to_bytes(self, pad_to: int = PAD) -> bytes:
        """For sealing; the length is a multiple of `pad_to` bytes, itself a multiple of 1024 (else ValueError)."""
        return _padded(self._written(_DELTA_FORMAT), pad_to)

    def _written(self, version: int) -> bytes:
        parts = [_DELTA_HEAD.pack(b"SCND", version, len(self.add), len(self.remove))]
        for number in sorted(self.add):
            tokens, kept = sorted(self.add[number]), self.kept.get(number)
            words = [number, len(tokens), *([] if version == 1 else [0 if kept is None else len(kept) + 1]), *tokens]
            parts.append(struct.pack(f"<{len(words)}I", *words))
            if kept:
                parts.append(kept + bytes(-len(kept) % 4))
        parts.append(struct.pack(f"<{len(self.remove)}I", *sorted(self.remove)))
        return b"".join(parts)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """What `to_bytes` gave, in this format or the first. Raises MalformedIndex for anything else, another order of
        the same content included.
        """
        if len(data) < _DELTA_HEAD.size:
            raise MalformedIndex("cut-short")
        magic, version, additions, removals = _DELTA_HEAD.unpack_from(data)
        _check_head(magic, b"SCND", version, _DELTA_FORMAT)
        if len(data) % 4:
            raise MalformedIndex("wrong-length")
        words = struct.unpack_from(f"<{len(data) // 4 - 4}I", data, _DELTA_HEAD.size)
        add: dict[int, frozenset[int]] = {}
        about: dict[int, bytes] = {}
        head = 2 if version == 1 else 3
        at = 0
        for _ in range(additions):
            if at + head > len(words):
                raise MalformedIndex("cut-short")
            number, count, kept = words[at], words[at + 1], words[at + 2] if head > 2 else 0
            at += head
            text = _DELTA_HEAD.size + 4 * (at + count)
            if at + count > len(words) or text + max(0, kept - 1) > len(data):
                raise MalformedIndex("cut-short")
            add[number] = frozenset(words[at : at + count])
            if kept:
                about[number] = data[text : text + kept - 1]
            at += count + (max(0, kept - 1) + 3) // 4
        if at + removals > len(words):
            raise MalformedIndex("cut-short")
        delta = cls(add, frozenset(words[at : at + removals]), about)
        end = _DELTA_HEAD.size + 4 * (at + removals)
        _check_padding(data, end)
        if delta._written(version) != data[:end]:
            raise MalformedIndex("not-canonical")
        return delta


def _check(number: int, tokens: Collection[int]) -> None:
    if not 0 <= number < _LIMIT or (tokens and not 0 <= min(tokens) <= max(tokens) < _LIMIT):
        raise ValueError("Ids and tokens of a name index are whole numbers from 0 to 2**32 - 1.")


def _check_head(magic: bytes, expected: bytes, version: int, newest: int) -> int:
    if magic != expected:
        raise MalformedIndex("not-an-index")
    if not 1 <= version <= newest:
        raise MalformedIndex("unknown-format")
    return version


def _placed(ids: Sequence[int]) -> tuple[array[int], array[int]]:
    """The distinct ids in order, and the place among these of each given."""
    numbers = array(WORD, sorted(set(ids)))
    place_of = {number: place for place, number in enumerate(numbers)}
    return numbers, array(WORD, map(place_of.__getitem__, ids))


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
    swapped = array(WORD, entries)
    swapped.byteswap()
    return swapped
