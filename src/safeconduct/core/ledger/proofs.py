"""Checking proofs, with nothing but the proof at hand (the algorithms of RFC 9162, 2.1.3.2 and 2.1.4.2)."""

from __future__ import annotations

from collections.abc import Sequence

from safeconduct.core.ledger.errors import (
    ConsistencyMismatch,
    InclusionMismatch,
    IndexOutOfRange,
    ProofWrongLength,
    SizeOutOfRange,
)
from safeconduct.core.ledger.hashing import EMPTY_ROOT, HASH_SIZE, node_hash


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check that the entry with hash ``leaf`` is number ``index`` (from 0) of the tree of ``size`` and ``root``.

    ``leaf`` is the 32-byte leaf hash, not the entry. Returns nothing; raises ``IndexOutOfRange``,
    ``ProofWrongLength`` or ``InclusionMismatch``.
    """
    if not 0 <= index < size:
        raise IndexOutOfRange(f"there is no entry {index} in a tree of {size}")
    _require_hashes(proof)
    place, last, top = index, size - 1, leaf
    for step in proof:
        if last == 0:
            raise ProofWrongLength(f"the proof for entry {index} of {size} is too long")
        if place & 1 or place == last:
            top = node_hash(step, top)
            while not place & 1 and place:  # a hash without a neighbour rose unchanged
                place, last = place >> 1, last >> 1
        else:
            top = node_hash(top, step)
        place, last = place >> 1, last >> 1
    if last:
        raise ProofWrongLength(f"the proof for entry {index} of {size} is too short")
    if top != root:
        raise InclusionMismatch(f"entry {index} is not in the tree of {size} with this root")


def verify_consistency(old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Check that the tree of ``new_size`` begins with the tree of ``old_size``.

    Returns nothing; raises ``SizeOutOfRange``, ``ProofWrongLength`` or ``ConsistencyMismatch``.
    """
    if not 0 <= old_size <= new_size:
        raise SizeOutOfRange(f"a tree of {new_size} cannot begin with one of {old_size}")
    _require_hashes(proof)
    if old_size in (0, new_size):
        if proof:
            raise ProofWrongLength("trees of these sizes need no proof")
        # Every tree begins with the empty one; then only the empty root itself is left to compare.
        expected = EMPTY_ROOT if old_size == 0 else new_root
        if old_root != expected:
            raise ConsistencyMismatch(f"the tree of {new_size} does not begin with that of {old_size}")
        return
    steps = list(proof)
    if old_size & (old_size - 1) == 0:  # the old tree is complete: its root is itself a node of the new one
        steps.insert(0, old_root)
    if not steps:
        raise ProofWrongLength(f"the proof from {old_size} to {new_size} is too short")
    place, last = old_size - 1, new_size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old_top = new_top = steps[0]
    for step in steps[1:]:
        if last == 0:
            raise ProofWrongLength(f"the proof from {old_size} to {new_size} is too long")
        if place & 1 or place == last:
            old_top = node_hash(step, old_top)
            new_top = node_hash(step, new_top)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new_top = node_hash(new_top, step)
        place, last = place >> 1, last >> 1
    if last:
        raise ProofWrongLength(f"the proof from {old_size} to {new_size} is too short")
    if old_top != old_root or new_top != new_root:
        raise ConsistencyMismatch(f"the tree of {new_size} does not begin with that of {old_size}")


def _require_hashes(proof: Sequence[bytes]) -> None:
    if any(len(step) != HASH_SIZE for step in proof):
        raise ProofWrongLength("each step of a proof is a hash of 32 bytes")
