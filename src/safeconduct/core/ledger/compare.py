"""A log against what somebody kept of it: an exported folder, or a checkpoint alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from safeconduct.core.ledger.errors import BundleMalformed, CheckpointNotOfTree, TileMissing
from safeconduct.core.ledger.tiles import decode_bundle, entries_path
from safeconduct.core.ledger.tree import TILE_WIDTH, MemoryStore, Tree


def exported(folder: Path, size: int) -> Iterator[bytes]:
    """The first ``size`` entries of an exported folder. Raises ``TileMissing`` or ``BundleMalformed``."""
    for start in range(0, size, TILE_WIDTH):
        width = min(TILE_WIDTH, size - start)
        file = folder / entries_path(start // TILE_WIDTH, width)
        if not file.is_file():
            raise TileMissing(f"the export has no entries from {start} on")
        bundle = decode_bundle(file.read_bytes())
        if len(bundle) != width:
            raise BundleMalformed(f"the export has {len(bundle)} entries from {start} on, not {width}")
        yield from bundle


def require_whole(folder: Path, size: int, root: bytes) -> None:
    """Raise ``CheckpointNotOfTree`` unless the entries of an export hash to its checkpoint's root.

    So a difference that is found is the log's, and not a damaged copy's. Raises as `exported` does.
    """
    tree = Tree(MemoryStore())
    entries = exported(folder, size)
    while bundle := list(islice(entries, TILE_WIDTH)):
        tree.append_many(bundle)
    if tree.root() != root:
        raise CheckpointNotOfTree("the entries of the export are not those of its checkpoint")


def first_difference(leaves: Iterable[bytes], kept: Iterable[bytes]) -> int | None:
    """The first entry (from 0) of ``kept`` that ``leaves`` lacks or has otherwise; None where they begin alike."""
    ours = iter(leaves)
    for position, theirs in enumerate(kept):
        if next(ours, None) != theirs:
            return position
    return None
