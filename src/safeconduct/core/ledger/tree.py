"""An append-only RFC 6962 tree whose hashes are stored as C2SP tiles.

A tile of level L, number N, is up to 256 hashes of 32 bytes, one after another. Its i-th hash is the root of
the complete subtree over the entries from ``(256 N + i) * 256^L`` up to the next: level 0 holds the leaf
hashes, level 1 the roots of whole level-0 tiles, and so on. A tree of 70,000 entries is

    level 0   tiles 0 … 272 full, tile 273 with 112 hashes     (70000 = 273 * 256 + 112)
    level 1   tile 0 full, tile 1 with 17 hashes               (  273 =   1 * 256 +  17)
    level 2   tile 0 with 1 hash

Only the last tile of each level is ever rewritten, and only to become longer. Everything else (roots, proofs,
also of earlier sizes) is hashed from tiles when asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from safeconduct.core.ledger.errors import (
    IndexOutOfRange,
    SizeOutOfRange,
    TileMalformed,
    TileMissing,
)
from safeconduct.core.ledger.hashing import EMPTY_ROOT, HASH_SIZE, combine, leaf_hash, node_hash
from safeconduct.core.ledger.proofs import verify_consistency, verify_inclusion

__all__ = [
    "TILE_WIDTH",
    "HashReader",
    "HashStore",
    "MemoryStore",
    "ReadOnlyTree",
    "Tree",
    "leaf_hash",
    "node_hash",
    "read_tile",
    "verify_consistency",
    "verify_inclusion",
]

TILE_BITS = 8
TILE_WIDTH = 1 << TILE_BITS


class HashReader(Protocol):
    """Where tiles are read from."""

    def get(self, level: int, index: int) -> bytes | None:
        """Return the whole stored tile (32 to 8,192 bytes, a multiple of 32), or None if there is none."""
        ...


class HashStore(HashReader, Protocol):
    """Where tiles are kept."""

    def put(self, level: int, index: int, hashes: bytes) -> None:
        """Store a tile, replacing a shorter one under the same level and index."""
        ...


class MemoryStore:
    """Tiles in a dictionary: for tests, and for hashing a list of entries again."""

    def __init__(self) -> None:
        self.tiles: dict[tuple[int, int], bytes] = {}

    def get(self, level: int, index: int) -> bytes | None:
        return self.tiles.get((level, index))

    def put(self, level: int, index: int, hashes: bytes) -> None:
        self.tiles[level, index] = hashes


def read_tile(store: HashReader, level: int, index: int, width: int) -> list[bytes]:
    """Return the first ``width`` (0 to 256) hashes of a tile; the stored tile may be longer.

    Raises ``TileMissing`` or ``TileMalformed``.
    """
    if width == 0:
        return []
    stored = store.get(level, index)
    if stored is None:
        raise TileMissing(f"tile {index} of level {level} is missing")
    if len(stored) % HASH_SIZE or len(stored) > TILE_WIDTH * HASH_SIZE:
        raise TileMalformed(f"tile {index} of level {level} is {len(stored)} bytes long")
    if len(stored) < width * HASH_SIZE:
        raise TileMissing(f"tile {index} of level {level} has fewer than {width} hashes")
    return [stored[i : i + HASH_SIZE] for i in range(0, width * HASH_SIZE, HASH_SIZE)]


class ReadOnlyTree:
    """The tree over ``size`` entries whose tiles ``store`` has: roots and proofs, nothing that writes."""

    def __init__(self, store: HashReader, size: int) -> None:
        if size < 0:
            raise SizeOutOfRange("a tree cannot have fewer than no entries")
        self._tiles = store
        self.size = size

    def root(self, size: int | None = None) -> bytes:
        """Return the root of the tree, or of the tree as it was at an earlier ``size``: 32 bytes.

        Raises ``SizeOutOfRange``, ``TileMissing``, ``TileMalformed``.
        """
        size = self._known(size)
        return self._subtree(0, size) if size else EMPTY_ROOT

    def leaf(self, index: int) -> bytes:
        """Return the hash of entry ``index`` (from 0), as ``verify_inclusion`` takes it."""
        if not 0 <= index < self.size:
            raise IndexOutOfRange(f"there is no entry {index} in a tree of {self.size}")
        return self._hashes(0, index, index + 1)[0]

    def inclusion_proof(self, index: int, size: int | None = None) -> list[bytes]:
        """Return the hashes proving that entry ``index`` is in the tree of ``size``, the lowest first.

        RFC 6962, 2.1.1: at most one hash for each layer of the tree. Raises ``IndexOutOfRange``,
        ``SizeOutOfRange``, ``TileMissing``, ``TileMalformed``.
        """
        size = self._known(size)
        if not 0 <= index < size:
            raise IndexOutOfRange(f"there is no entry {index} in a tree of {size}")
        proof: list[bytes] = []
        start, end = 0, size
        while end - start > 1:
            middle = start + _split(end - start)
            if index < middle:
                proof.append(self._subtree(middle, end))
                end = middle
            else:
                proof.append(self._subtree(start, middle))
                start = middle
        return proof[::-1]

    def consistency_proof(self, old_size: int, size: int | None = None) -> list[bytes]:
        """Return the hashes proving that the tree of ``size`` begins with the tree of ``old_size``.

        RFC 6962, 2.1.2. Empty when the old tree is empty or the sizes are equal: there is nothing to prove.
        Raises ``SizeOutOfRange``, ``TileMissing``, ``TileMalformed``.
        """
        size = self._known(size)
        if not 0 <= old_size <= size:
            raise SizeOutOfRange(f"a tree of {size} cannot begin with one of {old_size}")
        if old_size in (0, size):
            return []
        proof: list[bytes] = []
        start, end = 0, size
        while end != old_size:
            middle = start + _split(end - start)
            if old_size <= middle:
                proof.append(self._subtree(middle, end))
                end = middle
            else:
                proof.append(self._subtree(start, middle))
                start = middle
        if start:  # a complete old tree is the verifier's own starting point
            proof.append(self._subtree(start, end))
        return proof[::-1]

    def _known(self, size: int | None) -> int:
        if size is None:
            return self.size
        if not 0 <= size <= self.size:
            raise SizeOutOfRange(f"the log has {self.size} entries, not {size}")
        return size

    def _subtree(self, start: int, end: int) -> bytes:
        """Hash the entries from ``start`` to ``end``, which RFC 6962 makes one subtree.

        So ``start`` is a multiple of a power of two no smaller than the number of entries, and only the right
        edge is ragged: climb the levels, and carry what is ragged below as one more hash at the right.
        """
        level, ragged = 0, list[bytes]()
        while end - start >= TILE_WIDTH:
            width = end % TILE_WIDTH
            edge = self._hashes(level, end - width, end) + ragged
            ragged = [combine(edge)] if edge else []
            level, start, end = level + 1, start >> TILE_BITS, end >> TILE_BITS
        return combine(self._hashes(level, start, end) + ragged)

    def _hashes(self, level: int, start: int, end: int) -> list[bytes]:
        """Return hashes ``start`` to ``end`` of a level; they lie in one tile."""
        if start == end:
            return []
        index = start // TILE_WIDTH
        tile = read_tile(self._tiles, level, index, end - index * TILE_WIDTH)
        return tile[start - index * TILE_WIDTH :]


class Tree(ReadOnlyTree):
    """The tree over ``size`` entries whose tiles are in ``store``, to append to.

    The tree itself remembers nothing but its size. The caller keeps ``size`` in the same transaction as the
    tiles. Hashes the store has beyond ``size`` (an append that was never confirmed) are ignored and, at the
    next append, replaced. One writer at a time: that is the caller's to ensure.
    """

    def __init__(self, store: HashStore, size: int = 0) -> None:
        super().__init__(store, size)
        self.store = store

    def append(self, data: bytes) -> int:
        """Append one entry and return its index (from 0)."""
        self.append_many([data])
        return self.size - 1

    def append_many(self, leaves: Iterable[bytes]) -> int:
        """Append entries in order and return the new size. Each changed tile is written once.

        If the store or the iterable raises, ``size`` stays as it was and the tree is as before.
        """
        new = [leaf_hash(data) for data in leaves]
        added = len(new)
        level, old = 0, self.size
        while new:
            new = self._extend(level, old, new)
            level, old = level + 1, old >> TILE_BITS
        self.size += added
        return self.size

    def _extend(self, level: int, old: int, new: list[bytes]) -> list[bytes]:
        """Add hashes to a level that had ``old`` of them; return the roots of the tiles this filled."""
        index, width = divmod(old, TILE_WIDTH)
        row = read_tile(self.store, level, index, width) + new
        filled: list[bytes] = []
        for start in range(0, len(row), TILE_WIDTH):
            tile = row[start : start + TILE_WIDTH]
            self.store.put(level, index, b"".join(tile))
            index += 1
            if len(tile) == TILE_WIDTH:
                filled.append(combine(tile))
        return filled


def _split(count: int) -> int:
    """Return the largest power of two below ``count`` (which is 2 or more)."""
    return 1 << ((count - 1).bit_length() - 1)
