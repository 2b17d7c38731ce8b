"""The split key of an unlocked session.

The member's private key is stored under HKDF(half in the browser's cookie, boot key in the server's memory): neither
the disk nor the browser's profile nor both are enough, and a restart locks everyone.
"""

import hashlib
import os
from typing import Final

from . import boxes
from .members import KeyPair

HALF_BYTES: Final = 32


def new_half() -> bytes:
    """The half that only the cookie holds."""
    return os.urandom(HALF_BYTES)


def token(half: bytes) -> bytes:
    """What the database keeps to recognise the cookie by: 32 bytes from which the half cannot be had."""
    return hashlib.sha256(b"safeconduct/session\0" + half).digest()


def keep(pair: KeyPair, half: bytes, boot: bytes) -> bytes:
    """The private key as the session's row keeps it."""
    return boxes.seal(_key(half, boot), pair.private, boxes.context("session", token(half)))


def resume(kept: bytes, half: bytes, boot: bytes) -> KeyPair:
    """The member's pair. Raises `CannotOpen` after a restart or with another cookie."""
    return KeyPair(boxes.open_box(_key(half, boot), kept, boxes.context("session", token(half))))


def _key(half: bytes, boot: bytes) -> bytes:
    return boxes.derive(half + boot, boxes.context("session-key"))
