"""Looking people up in a generation and the deltas since: who shares most, and what the next generation holds."""

import heapq
import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final

from .index import Delta, Generation

# So many are compared name by name. Of a hundred thousand, comparing 200 finds one question in 300 more, for twice
# the time.
LIKELY: Final = 100


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


def search(
    generation: Generation,
    deltas: Sequence[Delta] | Newest,
    tokens: Iterable[int] | Sequence[frozenset[int]],
    limit: int = LIKELY,
) -> list[int]:
    """Up to `limit` ids that share a token, most telling first; deltas in the order they were written.

    `tokens` is what `query_tokens` gave, or plain tokens. A shared token counts by its rarity in the generation, so
    that a rare surname outweighs a Mohammad; of each set only the rarest shared token counts, and the sets add up.
    Ties go to the lower id, so that a search repeats exactly.
    """
    if limit < 1:
        return []
    newest = deltas if isinstance(deltas, Newest) else Newest(deltas)
    groups = [_lists(generation, newest, one if isinstance(one, frozenset) else (one,)) for one in tokens]
    likely = _likely(groups, limit)
    totals = dict.fromkeys(likely, 0)
    for lists in groups:
        best: dict[int, int] = {}
        for weight, ids in lists:  # the rarest last, so that it is what stays
            best.update(dict.fromkeys(likely & ids, weight))
        for number, weight in best.items():
            totals[number] += weight
    return heapq.nsmallest(limit, totals, key=lambda number: (-totals[number], number))


_Lists = list[tuple[int, set[int]]]


def _lists(generation: Generation, newest: Newest, group: Iterable[int]) -> _Lists:
    """Weight and ids of each token of a set, the commonest first."""
    lists: _Lists = []
    for token in group:
        ids = set(generation.ids_of(token))
        weight = _weight(generation.people, len(ids))
        if newest.tokens:
            ids -= newest.tokens.keys()
            ids.update(newest.by_token.get(token, ()))
        if ids:
            lists.append((weight, ids))
    return sorted(lists, key=lambda entry: entry[0])


def _likely(groups: Sequence[_Lists], limit: int) -> set[int]:
    """Ids among which the first `limit` are: all that are in two sets or more, and of one set those by rarest tokens.

    Whoever is left out shares one set alone, by a token less rare than that of at least `limit` others. Most of those
    who share a token are so, and adding up each of them would take most of a search's time.
    """
    seen: set[int] = set()
    likely: set[int] = set()
    for lists in groups:
        here: set[int] = set().union(*(ids for _, ids in lists))
        likely |= seen & here
        seen |= here
    rarest: set[int] = set()
    for _, some in groupby(
        sorted((one for lists in groups for one in lists), key=lambda one: -one[0]), lambda one: one[0]
    ):
        if len(rarest) >= limit:
            break
        rarest.update(*(ids for _, ids in some))
    return likely | rarest


def kept_of(generation: Generation, newest: Newest, number: int) -> bytes | None:
    """What is kept of one id now; None where that is not known."""
    return newest.kept.get(number) if number in newest.tokens else generation.kept_of(number)


def having(generation: Generation, deltas: Sequence[Delta] | Newest, tokens: Iterable[int]) -> frozenset[int]:
    """Every id with one of these tokens, however many there are."""
    newest = deltas if isinstance(deltas, Newest) else Newest(deltas)
    return frozenset().union(*(ids for _, ids in _lists(generation, newest, frozenset(tokens))))


def tokens_of(generation: Generation, deltas: Sequence[Delta] | Newest, number: int) -> frozenset[int]:
    """The tokens under which one id is found now."""
    newest = deltas if isinstance(deltas, Newest) else Newest(deltas)
    if number in newest.tokens:
        return newest.tokens[number] or frozenset()
    out: set[int] = set()
    at = -1
    for _ in range(generation.ids.count(number)):
        at = generation.ids.index(number, at + 1)
        out.add(generation.tokens[bisect_right(generation.ends, at)])
    return frozenset(out)


def compact(generation: Generation, deltas: Sequence[Delta]) -> Generation:
    """The generation that answers every search as the old one did with its deltas."""
    newest = Newest(deltas)
    packed: list[int] = []
    start = 0
    for token, end in zip(generation.tokens, generation.ends, strict=True):
        packed += [token << 32 | number for number in generation.ids[start:end] if number not in newest.tokens]
        start = end
    for number, tokens in newest.tokens.items():
        packed += [token << 32 | number for token in tokens or ()]
    packed.sort()
    kept: dict[int, bytes] = {}
    start = 0
    for number, end in zip(generation.kept_ids, generation.kept_ends, strict=True):
        if number not in newest.tokens:
            kept[number] = generation.kept[start:end]
        start = end
    return Generation.of_packed(packed, kept | newest.kept)


def _weight(people: int, found: int) -> int:
    """Rarity in thousandths of a bit, a whole number so that sums do not depend on their order."""
    return 1000 + round(1000 * math.log2((people + 2) / (found + 1)))
