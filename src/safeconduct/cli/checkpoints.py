"""Signed checkpoints: the key that signs them, the log's name in them, and the log against one kept elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from safeconduct.cli.main import CommandFault
from safeconduct.core.ledger import checkpoint, compare
from safeconduct.core.ledger.errors import LedgerError
from safeconduct.core.ledger.tiles import CHECKPOINT
from safeconduct.core.ledger.tree import ReadOnlyTree

if TYPE_CHECKING:  # Django must be started before its models are imported
    from safeconduct.config.folder import DataFolder
    from safeconduct.journal.store import DatabaseTiles


@dataclass(frozen=True, slots=True)
class Kept:
    """A checkpoint somebody kept, and the folder of entries it came with, if it did."""

    size: int
    root: bytes
    folder: Path | None


def origin_of(organisation: UUID) -> str:
    """The first line of this log's checkpoints."""
    from safeconduct.accounts import signing  # here: Django must be started first

    return signing.origin_of(organisation)


def key_of(data: DataFolder) -> Ed25519PrivateKey:
    """The key that signs checkpoints, made the first time. Raises `CommandFault`."""
    from safeconduct.accounts import signing  # here and below: Django must be started first

    try:
        return signing.key_at(data.log_key_path)
    except signing.KeyDamaged as fault:
        raise CommandFault(str(fault)) from None


def signed(organisation: UUID, key: Ed25519PrivateKey) -> str:
    """The log's checkpoint as it stands now, signed."""
    from safeconduct.accounts import signing

    return signing.signed(organisation, key)


def read_kept(path: Path, data: DataFolder, organisation: UUID) -> Kept:
    """A checkpoint, or the folder of an export. Raises `CommandFault`: it is neither, or not of this log."""
    file = path / CHECKPOINT if path.is_dir() else path
    vkey = checkpoint.verifier_key(origin_of(organisation), key_of(data).public_key())
    try:
        known = checkpoint.verify(file.read_bytes(), vkey)
        folder = file.parent if (file.parent / "tile" / "entries").is_dir() else None
        if folder is not None:
            compare.require_whole(folder, known.size, known.root)
    except OSError:
        raise CommandFault(f"{file} cannot be read.") from None
    except LedgerError as fault:
        raise CommandFault(f"{path} is no checkpoint of this log to compare with: {fault}.") from None
    return Kept(known.size, known.root, folder)


def differences(organisation: UUID, kept: Sequence[Kept]) -> list[str]:
    """Where the log parts from checkpoints kept elsewhere, as sentences; none where it goes on from all of them."""
    from safeconduct.journal.queries import leaves
    from safeconduct.journal.store import DatabaseTiles

    store = DatabaseTiles(organisation)
    size = store.size()
    agreed, out = 0, []
    for one in sorted(kept, key=lambda each: each.size):
        if one.folder is not None:
            first = compare.first_difference(leaves(organisation, size), compare.exported(one.folder, one.size))
        else:
            first = None if _root(store, size, one.size) == one.root else -1
        if first is None:
            agreed = max(agreed, one.size)
        elif first >= 0:
            out.append(
                f"The log is not the one of {one.size} entries that was kept. The first entry that disagrees is"
                f" {first}."
            )
        elif one.size > size:
            out.append(f"The log has {size} entries, and a checkpoint kept elsewhere had {one.size}: it was put back.")
        else:
            out.append(
                f"The log is not the one of {one.size} entries that was kept. It parts from it somewhere from entry"
                f" {agreed} to {one.size - 1}; an exported folder names the first."
            )
    return out


def _root(store: DatabaseTiles, size: int, at: int) -> bytes | None:
    try:
        return ReadOnlyTree(store, size).root(at)
    except LedgerError:
        return None
