"""A member's private key under what a security key makes of a salt (WebAuthn's PRF, 32 bytes).

Whoever has the authenticator, and can make it answer, can open what is kept here: it protects a copied disk as well as
that device is protected, and no better.
"""

import os
from typing import Final

from . import boxes
from .faults import NotASealedBox
from .members import KeyPair

PRF_BYTES: Final = 32
SALT_BYTES: Final = 32


def new_salt() -> bytes:
    """32 random bytes, one salt for each security key."""
    return os.urandom(SALT_BYTES)


def keep(pair: KeyPair, prf: bytes, *, member: str, credential: bytes) -> bytes:
    """The private key as the security key's row keeps it, for that member and credential only.

    Raises:
        NotASealedBox: ``prf`` is not 32 bytes.
    """
    return boxes.seal(_key(prf), pair.private, _place(member, credential))


def open_kept(kept: bytes, prf: bytes, *, member: str, credential: bytes) -> KeyPair:
    """The member's pair. Raises `CannotOpen`, `NotASealedBox`."""
    return KeyPair(boxes.open_box(_key(prf), kept, _place(member, credential)))


def _key(prf: bytes) -> bytes:
    if len(prf) != PRF_BYTES:
        raise NotASealedBox("what an authenticator makes of a salt has 32 bytes")
    return boxes.derive(prf, boxes.context("authenticator-key"))


def _place(member: str, credential: bytes) -> bytes:
    return boxes.context("authenticator", member, credential)
