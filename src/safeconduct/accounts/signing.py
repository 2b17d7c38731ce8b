"""Signed checkpoints of a log: its name in them, the key that signs them, and the log as it stands."""

import base64
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from safeconduct.core.ledger import checkpoint
from safeconduct.core.ledger.tree import ReadOnlyTree
from safeconduct.journal.store import DatabaseTiles

from . import disk


class KeyDamaged(Exception):
    """The file of the key that signs checkpoints holds no key."""


def origin_of(organisation: UUID) -> str:
    """The first line of this log's checkpoints."""
    return f"safeconduct.invalid/log/{organisation.hex}"


def key_at(path: Path) -> Ed25519PrivateKey:
    """The key that signs checkpoints, made the first time. It lies beside the database, not in it.

    Raises `KeyDamaged`, `OSError`.
    """
    if not path.exists():
        disk.replace(path, base64.b64encode(Ed25519PrivateKey.generate().private_bytes_raw()) + b"\n")
    try:
        return Ed25519PrivateKey.from_private_bytes(base64.b64decode(path.read_bytes(), validate=False))
    except ValueError:
        raise KeyDamaged(f"{path} is damaged. Put its copy back; a new key would look like another log.") from None


def signed(organisation: UUID, key: Ed25519PrivateKey) -> str:
    """The log's checkpoint as it stands now, signed."""
    store = DatabaseTiles(organisation)
    size = store.size()
    return checkpoint.sign(checkpoint.Checkpoint(origin_of(organisation), size, ReadOnlyTree(store, size).root()), key)


def signed_with_key(organisation: UUID, path: Path) -> tuple[str, str]:
    """The same, with the key at ``path``, and the log's verifier key as one line. Raises `KeyDamaged`, `OSError`."""
    key = key_at(path)
    return signed(organisation, key), checkpoint.verifier_key(origin_of(organisation), key.public_key())
