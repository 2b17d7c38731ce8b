"""Looking people up in a generation and the deltas since: who shares most, and what the next generation holds."""

import math
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Final

from . import tally
from .fold import fold
from .index import Delta, Generation
from .kept import read
from .letters import Letters, pairs
from .skeleton import Half
from .tally import Tally

LIKELY: Final = 100
# Of a name of one part, and of two, so many: the fewer parts, the more people share all that tokens tell.
_LIKELY_BY_PARTS: Final = {1: 200, 2: 120}
# What a pair of letters counts beside a token as rare: a part has several, and they are shared by chance.
_PAIR: Final = 0.1
_STEPS = 4  # of rarity in a bit
# Tokens are sorted in so many parts, by their first bits.
_PARTS: Final = 32
_PART_BITS: Final = 32 - 5


class Newest:
    """What a run of deltas, in the order they were written, says last of each person they name."""

    def __init__(self, deltas: Sequence[Delta]) -> None:
        self.tokens: dict[int, frozenset[int] | None] = {}
        self.kept: dict[int, bytes] = {}
        for delta in deltas:
            self.tokens.update(dict.fromkeys(delta.remove))
            self.tokens.update(delta.add)
            for number in (*delta.remove, *delta.add):
                self.kept.pop(number, None)
            self.kept.update(delta.kept)
        self.by_token: dict[int, list[int]] = {}
        for number, own in self.tokens.items():
            for token in own or ():
                self.by_token.setdefault(token, []).append(number)


class Lookup:
    """A generation with what was written since, ready to be asked often.

    Whoever the deltas name stands behind everybody of the generation, where their older place is passed over.
    """

    def __init__(self, generation: Generation, newest: Newest, letters: Letters | None = None) -> None:
        self._generation, self._newest = generation, newest
        self._letters = letters or Letters(generation)
        self._late = sorted(newest.tokens)
        self._place_of = {number: place for place, number in enumerate(self._late, generation.people)}

    def likeliest(self, query: str, groups: Iterable[Iterable[int]]) -> dict[int, float]:
        """As `shares`, of those whose names are worth comparing with a query: by their pairs of letters as well.

        Of few parts more are compared, which takes no longer.
        """
        parts = fold(query)
        return self.shares(groups, _LIKELY_BY_PARTS.get(len(parts), LIKELY), [pairs([part]) for part in parts])

    def shares(
        self, groups: Iterable[Iterable[int]], limit: int, letters: Iterable[Iterable[bytes]] = ()
    ) -> dict[int, float]:
        """Up to `limit` ids that share a token, most telling first, with what part each shares of all that is known.

        See `search`. ``letters``, by part (`letters.pairs`), count for those who share a token. 1.0 is somebody who
        shares the rarest token that anybody has of each set, and every pair.
        """
        sums, most, anybody = Tally(), 0, 0
        for group in groups:
            if known := [one for one in map(self._weighed, group) if one[1]]:
                if isinstance(group, Half):
                    known = [(weight + 1 >> 1, members) for weight, members in known]
                sums.add(known)
                for _, members in known:
                    anybody |= members
                most += max(weight for weight, _ in known)
        for pair in (pair for part in letters for pair in part):
            if members := self._with_pair(pair):
                weight = max(1, round(_PAIR * _weight(self._generation.people, members.bit_count())))
                sums.add([(weight, members & anybody)])  # by letters alone too many are found whom nobody means
                most += weight
        found = sums.likeliest(limit, self._generation.people)
        numbers = map(self._number, found)
        ordered = sorted(zip(sums.of(found), numbers, strict=True), key=lambda one: (-one[0], one[1]))
        return {number: share / most for share, number in ordered[:limit]}

    def having(self, tokens: Iterable[int]) -> frozenset[int]:
        """Every id with one of these tokens, however many there are."""
        found: set[int] = set()
        for token in tokens:
            found.update(one for one in self._generation.ids_of(token) if one not in self._newest.tokens)
            found.update(self._newest.by_token.get(token, ()))
        return frozenset(found)

    def _weighed(self, token: int) -> tuple[int, int]:
        """How rare a token is, and the set of who has it now."""
        people = self._generation.people
        found, members = self._generation.set_of(token)
        if self._late:
            members &= ~self._stale
            if late := self._newest.by_token.get(token):
                members |= tally.of_places([self._place_of[one] for one in late], people + len(self._late))
        return _weight(people, found), members

    def _with_pair(self, pair: bytes) -> int:
        """The set of who has two letters beside each other in a name now."""
        members = self._letters.set_of(pair)
        if self._late:
            members &= ~self._stale
            late = [self._place_of[number] for number in self._late_by_pair.get(pair, ())]
            members |= tally.of_places(late, self._generation.people + len(self._late)) if late else 0
        return members

    @cached_property
    def _late_by_pair(self) -> dict[bytes, list[int]]:
        by_pair: dict[bytes, list[int]] = {}
        for number, kept in self._newest.kept.items():
            names, _ = read(kept)
            for pair in pairs([part for parts in names for part in parts]):
                by_pair.setdefault(pair, []).append(number)
        return by_pair

    def _number(self, place: int) -> int:
        late = place - self._generation.people
        return self._generation.numbers[place] if late < 0 else self._late[late]

    @cached_property
    def _stale(self) -> int:
        return tally.of_places(self._stale_places(), self._generation.people)

    def _stale_places(self) -> Iterator[int]:
        numbers = self._generation.numbers
        for number in self._late:
            at = bisect_left(numbers, number)
            if at < len(numbers) and numbers[at] == number:
                yield at


def search(
    generation: Generation,
    deltas: Sequence[Delta] | Newest,
    tokens: Iterable[int] | Sequence[frozenset[int]],
    limit: int = LIKELY,
) -> list[int]:
    """Up to `limit` ids that share a token, most telling first; deltas in the order they were written.

    `tokens` is what `query_tokens` gave, or plain tokens. A shared token counts by its rarity in the generation, so
    that a rare surname outweighs a Mohammad; of each set only the rarest shared token counts, and the sets add up,
    some (`Half`) by half. Ties go to the lower id, so that a search repeats exactly.
    """
    newest = deltas if isinstance(deltas, Newest) else Newest(deltas)
    groups = [one if isinstance(one, frozenset) else (one,) for one in tokens]
    return list(Lookup(generation, newest).shares(groups, limit))


def kept_of(generation: Generation, newest: Newest, number: int) -> bytes | None:
    """What is kept of one id now; None where that is not known."""
    return newest.kept.get(number) if number in newest.tokens else generation.kept_of(number)


def tokens_of(generation: Generation, deltas: Sequence[Delta] | Newest, number: int) -> frozenset[int]:
    """The tokens under which one id is found now."""
    newest = deltas if isinstance(deltas, Newest) else Newest(deltas)
    if number in newest.tokens:
        return newest.tokens[number] or frozenset()
    place = bisect_left(generation.numbers, number)
    if place == len(generation.numbers) or generation.numbers[place] != number:
        return frozenset()
    out: set[int] = set()
    at = -1
    for _ in range(generation.places.count(place)):
        at = generation.places.index(place, at + 1)
        out.add(generation.tokens[bisect_right(generation.ends, at)])
    return frozenset(out)


def compact(generation: Generation, newest_first: Iterable[Delta]) -> Generation:
    """The generation that answers every search as the old one did with its deltas, given from the newest back.

    One delta is looked at after the other, and entries are sorted in parts: of a hundred thousand people at once they
    would take a gigabyte.
    """
    said: set[int] = set()
    kept: dict[int, bytes] = {}
    parts = [array("Q") for _ in range(_PARTS)]
    for delta in newest_first:
        for number, tokens in delta.add.items():
            if number not in said:
                for token in tokens:
                    parts[token >> _PART_BITS].append(token << 32 | number)
                if (own := delta.kept.get(number)) is not None:
                    kept[number] = own
        said.update(delta.add, delta.remove)
    numbers = [None if number in said else number for number in generation.numbers]
    start = 0
    for token, end in zip(generation.tokens, generation.ends, strict=True):
        those = map(numbers.__getitem__, generation.places[start:end])
        parts[token >> _PART_BITS].extend([token << 32 | number for number in those if number is not None])
        start = end
    start = 0
    for number, end in zip(generation.kept_ids, generation.kept_ends, strict=True):
        if number not in said:
            kept[number] = generation.kept[start:end]
        start = end
    return Generation.of_packed(map(sorted, parts), kept)


def _weight(people: int, found: int) -> int:
    """Rarity in quarters of a bit: a whole number, so that sums do not depend on their order."""
    return _STEPS + round(_STEPS * math.log2((people + 2) / (found + 1)))
