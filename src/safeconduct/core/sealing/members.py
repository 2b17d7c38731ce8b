"""A member's key pair: the post-quantum hybrid ML-KEM-768 + X25519 that HPKE seals to.

Private, 96 bytes: ``ML-KEM seed (64) | X25519 (32)``. Public, 1216 bytes: ``ML-KEM (1184) | X25519 (32)``.
"""

import hashlib
from dataclasses import dataclass
from typing import Final, Self

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from . import boxes, passphrase
from .faults import CannotOpen, NotASealedBox

_SUITE: Final = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_SEED: Final = 64
_MLKEM_PUBLIC: Final = 1184
_X25519: Final = 32


@dataclass(frozen=True, slots=True, repr=False)
class KeyPair:
    """The private half of a member's or a team's key pair, as its 96 stored bytes."""

    private: bytes

    @classmethod
    def generate(cls) -> Self:
        """A fresh pair."""
        seed = MLKEM768PrivateKey.generate().private_bytes_raw()
        return cls(seed + X25519PrivateKey.generate().private_bytes_raw())

    @property
    def public(self) -> bytes:
        """The 1216 public bytes."""
        kem, x25519 = self._halves()
        return kem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()

    def open_sent(self, sealed: bytes, info: bytes) -> bytes:
        """What somebody sealed to this pair with `send`. Raises `CannotOpen`."""
        kem, x25519 = self._halves()
        try:
            return _SUITE.decrypt(sealed, MLKEM768X25519PrivateKey(kem, x25519), info)
        except Exception:  # the library raises ValueError or InvalidTag by what was wrong; neither may be told apart
            raise CannotOpen("what was sealed for this key does not open") from None

    def _halves(self) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
        if len(self.private) != _SEED + _X25519:
            raise NotASealedBox("a private key has 96 bytes")
        return (
            MLKEM768PrivateKey.from_seed_bytes(self.private[:_SEED]),
            X25519PrivateKey.from_private_bytes(self.private[_SEED:]),
        )


def send(plaintext: bytes, public: bytes, info: bytes) -> bytes:
    """Seal to a public key (HPKE base mode, RFC 9180). Anyone could have sent it: pin or sign what matters.

    Raises:
        NotASealedBox: ``public`` is not 1216 bytes.
    """
    if len(public) != _MLKEM_PUBLIC + _X25519:
        raise NotASealedBox("a public key has 1216 bytes")
    key = MLKEM768X25519PublicKey(
        MLKEM768PublicKey.from_public_bytes(public[:_MLKEM_PUBLIC]),
        X25519PublicKey.from_public_bytes(public[_MLKEM_PUBLIC:]),
    )
    return _SUITE.encrypt(plaintext, key, info)


def fingerprint(public: bytes) -> bytes:
    """32 bytes that stand for a public key where it is pinned or logged."""
    return hashlib.sha256(b"safeconduct/public-key\0" + public).digest()


@dataclass(frozen=True, slots=True, repr=False)
class Lock:
    """A private key under a passphrase: what the database keeps of it."""

    salt: bytes
    cost: passphrase.Cost
    sealed: bytes

    @classmethod
    def make(cls, pair: KeyPair, words: str, *, member: str, cost: passphrase.Cost = passphrase.STANDARD) -> Self:
        """Lock ``pair`` for the member with this handle. Raises `WeakPassphrase`."""
        passphrase.check_strength(words)
        salt = passphrase.new_salt()
        key = passphrase.stretch(words, salt, cost)
        return cls(salt, cost, boxes.seal(key, pair.private, boxes.context("member-key", member)))

    def open(self, words: str, *, member: str) -> KeyPair:
        """The pair. Raises `CannotOpen` for a wrong passphrase and for a changed row alike."""
        key = passphrase.stretch(words, self.salt, self.cost)
        return KeyPair(boxes.open_box(key, self.sealed, boxes.context("member-key", member)))
