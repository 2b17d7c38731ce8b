"""C2SP checkpoints: the size and root of a log, signed. See https://c2sp.org/tlog-checkpoint.

    safeconduct/6f2b…↵                                   origin: which log this is
    70000↵                                               size: how many entries the tree has
    47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=↵        root: base64 of its 32 bytes
    ↵
    — safeconduct/6f2b… AQIDBC…==↵                       the log's signature, then perhaps those of witnesses

Size and root are all a reader needs to hold against the log later: a larger tree that does not begin with this one is
a changed history.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from safeconduct.core.ledger.errors import (
    CheckpointMalformed,
    OriginMalformed,
    OriginMismatch,
    RootMalformed,
    SizeMalformed,
)
from safeconduct.core.ledger.hashing import HASH_SIZE
from safeconduct.core.ledger.note import (
    VerifierKey,
    decode_base64,
    parse_note,
    parse_verifier_key,
    sign_note,
    verifier_key,
    verify_note,
)

__all__ = ["Checkpoint", "parse", "sign", "verifier_key", "verify"]

# Go's verifier, and most others, count in 64 bits with a sign.
_LARGEST: Final = 2**63 - 1
_DECIMAL: Final = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log states: its name, how many entries it has, and the root over them (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        """Return the three lines that are signed, each with its line feed. Raises as ``parse`` does."""
        if not self.origin or self.origin != self.origin.strip() or "\n" in self.origin:
            raise OriginMalformed("the origin is one line, not empty and without space around it")
        if not 0 <= self.size <= _LARGEST:
            raise SizeMalformed("the size is a number from 0 to 2^63 - 1")
        if len(self.root) != HASH_SIZE:
            raise RootMalformed("the root is 32 bytes")
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode('ascii')}\n"


def sign(checkpoint: Checkpoint, key: Ed25519PrivateKey, name: str | None = None) -> str:
    """Return the checkpoint as a signed note. ``name`` is the key's; without it, the origin.

    Whoever signs must have made sure that the tree still begins with every tree signed before.
    Raises ``OriginMalformed``, ``SizeMalformed``, ``RootMalformed``, ``KeyNameMalformed``, ``NoteNotText``.
    """
    return sign_note(str(checkpoint), key, checkpoint.origin if name is None else name)


def parse(note: str | bytes) -> Checkpoint:
    """Read a checkpoint **without verifying** that anyone signed it.

    Raises what ``parse_note`` raises, ``CheckpointMalformed``, ``OriginMalformed``, ``SizeMalformed`` or
    ``RootMalformed``.
    """
    return _read(parse_note(note).text)


def verify(note: str | bytes, key: str | VerifierKey, origin: str | None = None) -> Checkpoint:
    """Return the checkpoint that ``key`` (a verifier key, or its one-line form) signed.

    ``origin`` is the log expected; without it, the name of the key. Raises what ``parse`` and ``verify_note``
    raise, ``VerifierKeyMalformed`` or ``OriginMismatch``.
    """
    if isinstance(key, str):
        key = parse_verifier_key(key)
    checkpoint = _read(verify_note(note, key))
    if checkpoint.origin != (key.name if origin is None else origin):
        raise OriginMismatch("the checkpoint is of another log")
    return checkpoint


def _read(text: str) -> Checkpoint:
    # Extension lines are allowed by the specification and advised against; this log writes none, and a line
    # nobody reads must not be signed for.
    lines = text.split("\n")
    if len(lines) != 4 or lines[3]:
        raise CheckpointMalformed("a checkpoint is three lines: origin, size and root")
    origin, size, root = lines[:3]
    if not _DECIMAL.fullmatch(size):
        raise SizeMalformed("the size is a decimal number without leading zeros")
    try:
        checkpoint = Checkpoint(origin, int(size), decode_base64(root))
    except ValueError as error:
        raise RootMalformed("the root is base64 of 32 bytes") from error
    str(checkpoint)  # what can be read is what would be written
    return checkpoint
