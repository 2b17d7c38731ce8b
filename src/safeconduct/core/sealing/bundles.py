"""A team's bundle: every secret the team has, sealed to each of its members.

Roles within a team are policy, not cryptography: whoever holds the bundle could open all that the team holds.
"""

from typing import Self

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from . import boxes, members
from .faults import NotASealedBox


class TeamBundle(msgspec.Struct, frozen=True, array_like=True, repr_omit_defaults=True):
    """``wrap`` (32 bytes) wraps inside the team, ``pair`` (96) takes wraps from outside, ``signing`` (32, Ed25519)."""

    version: int
    wrap: bytes
    pair: bytes
    signing: bytes

    def __repr__(self) -> str:
        return "TeamBundle(…)"

    @classmethod
    def generate(cls) -> Self:
        """Fresh secrets for a new team, or for a team that re-keys."""
        return cls(
            1,
            boxes.new_key(),
            members.KeyPair.generate().private,
            Ed25519PrivateKey.generate().private_bytes_raw(),
        )

    def send_to(self, public: bytes, *, organisation: str, team: str, member: str) -> bytes:
        """The bundle sealed to one member's public key, for that member in that team only."""
        info = boxes.context("team-bundle", organisation, team, member)
        return members.send(msgspec.msgpack.encode(self), public, info)

    @classmethod
    def receive(cls, sealed: bytes, pair: members.KeyPair, *, organisation: str, team: str, member: str) -> Self:
        """The bundle this member was sent. Raises `CannotOpen`, `NotASealedBox`."""
        raw = pair.open_sent(sealed, boxes.context("team-bundle", organisation, team, member))
        try:
            return msgspec.msgpack.decode(raw, type=cls)
        except msgspec.DecodeError:
            raise NotASealedBox("the team bundle is not of a form this version can read") from None

    def key_for(self, purpose: str, *parts: str | bytes | int) -> bytes:
        """A key of the team for one purpose (roster, index of names, an import's staging …)."""
        return boxes.derive(self.wrap, boxes.context(f"team-{purpose}", *parts))

    @property
    def public(self) -> bytes:
        """The public key others seal wraps to."""
        return members.KeyPair(self.pair).public

    @property
    def verifying(self) -> bytes:
        """The Ed25519 public key (32 bytes) that the team's signatures verify under."""
        return Ed25519PrivateKey.from_private_bytes(self.signing).public_key().public_bytes_raw()
