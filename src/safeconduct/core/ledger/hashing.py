"""The hashes of an RFC 6962 tree (section 2.1): SHA-256, with leaves and nodes kept apart by a first byte."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

HASH_SIZE = 32

EMPTY_ROOT = sha256(b"").digest()
"""The root of a tree without entries: e3b0c442 98fc1c14 … 7852b855."""


def leaf_hash(data: bytes) -> bytes:
    """Hash one entry: ``SHA-256(0x00 || data)``, 32 bytes."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees: ``SHA-256(0x01 || left || right)``, 32 bytes."""
    return sha256(b"\x01" + left + right).digest()


def combine(hashes: list[bytes]) -> bytes:
    """Hash a non-empty row of subtree roots into one, as RFC 6962 hashes a row of leaves.

    Pairs are joined from the left, layer by layer, and a hash without a neighbour rises unchanged; that is
    the same tree as splitting at the largest power of two. The last hash may therefore be the root of a
    smaller, ragged tree standing to the right of complete ones.
    """
    row = hashes
    while len(row) > 1:
        odd = row[-1:] if len(row) % 2 else []
        row = [node_hash(row[i], row[i + 1]) for i in range(0, len(row) - 1, 2)] + odd
    return row[0]


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Return the root over a stream of entries, holding no more than one hash for each layer of the tree."""
    peaks: list[tuple[int, bytes]] = []  # (height, root) of complete subtrees, the tallest first
    for data in leaves:
        height, top = 0, leaf_hash(data)
        while peaks and peaks[-1][0] == height:
            top = node_hash(peaks.pop()[1], top)
            height += 1
        peaks.append((height, top))
    if not peaks:
        return EMPTY_ROOT
    root = peaks.pop()[1]
    while peaks:
        root = node_hash(peaks.pop()[1], root)
    return root
