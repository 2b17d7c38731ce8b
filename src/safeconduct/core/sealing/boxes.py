"""The one authenticated box: AES-256-GCM with a nonce that nobody outside this module can choose.

A box is ``01 | nonce (12 bytes) | ciphertext and tag``. The context is not stored: whoever opens must name the same
place, so a box moved elsewhere does not open.
"""

import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from .faults import CannotOpen, NotASealedBox

KEY_BYTES: Final = 32
_VERSION: Final = b"\x01"
_NONCE_BYTES: Final = 12
_TAG_BYTES: Final = 16
_SHA256: Final = SHA256()
_LENGTHS: Final = tuple(length.to_bytes(4, "big") for length in range(65))


def new_key() -> bytes:
    """32 random bytes."""
    return os.urandom(KEY_BYTES)


def context(label: str, *parts: str | bytes | int) -> bytes:
    """The place a box belongs to, as bytes no other place can share.

    Each part is preceded by its length, so ``("ab", "c")`` and ``("a", "bc")`` differ.
    """
    out = [b"safeconduct/", label.encode()]
    for part in parts:
        raw = part.encode() if isinstance(part, str) else b"%d" % part if isinstance(part, int) else part
        length = len(raw)
        out.append(_LENGTHS[length] if length < len(_LENGTHS) else length.to_bytes(4, "big"))
        out.append(raw)
    return b"".join(out)


def derive(key: bytes, purpose: bytes) -> bytes:
    """A 32-byte key for one purpose (HKDF-SHA256, no salt: ``key`` is uniformly random)."""
    return HKDF(algorithm=_SHA256, length=KEY_BYTES, salt=None, info=purpose).derive(key)


def seal(key: bytes, plaintext: bytes, place: bytes) -> bytes:
    """Seal ``plaintext`` under ``key``, bound to ``place``. 29 bytes longer than what went in."""
    nonce = os.urandom(_NONCE_BYTES)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, plaintext, place)


def open_box(key: bytes, box: bytes, place: bytes) -> bytes:
    """The plaintext.

    Raises:
        NotASealedBox: too short, or of another version.
        CannotOpen: wrong key, changed bytes, or another place than it was sealed for.
    """
    box = bytes(box)
    if len(box) < len(_VERSION) + _NONCE_BYTES + _TAG_BYTES or box[:1] != _VERSION:
        raise NotASealedBox("these bytes are not a sealed box of this version")
    nonce, ciphertext = box[1 : 1 + _NONCE_BYTES], box[1 + _NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, ciphertext, place)
    except InvalidTag:
        raise CannotOpen("the sealed value does not open with this key in this place") from None
