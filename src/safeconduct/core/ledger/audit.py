"""Hashing the entries again, and comparing every stored tile with what they hash to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from safeconduct.core.ledger.errors import EntriesLeftOver, EntriesMissing, TileDiffers, TileMissing
from safeconduct.core.ledger.tree import TILE_WIDTH, HashReader, Tree


class ComparedTiles:
    """A store for hashing a log again: takes tiles as they come, and holds each against the tile in ``stored``.

    ``Tree(ComparedTiles(stored), 0)`` fed with the entries raises ``TileDiffers`` or ``TileMissing`` at the first
    tile that is not theirs. It keeps no more than the last tile of each level, however long the log.
    """

    def __init__(self, stored: HashReader) -> None:
        self._stored = stored
        self._edge: dict[int, tuple[int, bytes]] = {}

    def get(self, level: int, index: int) -> bytes | None:
        held = self._edge.get(level)
        return held[1] if held is not None and held[0] == index else None

    def put(self, level: int, index: int, hashes: bytes) -> None:
        stored = self._stored.get(level, index)
        if stored is None:
            raise TileMissing(f"tile {index} of level {level} is missing")
        # The stored tile may already be longer: entries come in pieces.
        if stored[: len(hashes)] != hashes:
            raise TileDiffers(f"tile {index} of level {level} is not what the entries hash to")
        self._edge[level] = (index, hashes)


def audit(stored: HashReader, leaves: Iterable[bytes], size: int) -> bytes:
    """Return the root over exactly ``size`` entries, having compared every stored tile with them.

    Raises ``EntriesMissing``, ``EntriesLeftOver``, ``TileDiffers`` or ``TileMissing``.
    """
    tree = Tree(ComparedTiles(stored))
    for bundle in bundles(leaves, size):
        tree.append_many(bundle)
    return tree.root()


def bundles(leaves: Iterable[bytes], size: int) -> Iterator[list[bytes]]:
    """Yield exactly ``size`` entries, 256 at a time and then the rest.

    Raises ``EntriesMissing`` or ``EntriesLeftOver`` (after the last bundle).
    """
    entries, left = iter(leaves), size
    while left:
        bundle = list(islice(entries, min(left, TILE_WIDTH)))
        left -= len(bundle)
        if len(bundle) < TILE_WIDTH and left:
            raise EntriesMissing(f"there are {size - left} entries for a tree of {size}")
        yield bundle
    if next(entries, None) is not None:
        raise EntriesLeftOver(f"there are more entries than the {size} of the tree")
