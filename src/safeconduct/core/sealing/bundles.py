"""A team's bundle: every secret the team has, sealed to each of its members.

Roles within a team are policy, not cryptography: whoever holds the bundle could open all that the team holds.
"""

from typing import Self

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from . import boxes, members
from .faults import CannotOpen, NotASealedBox


class TeamBundle(msgspec.Struct, frozen=True, array_like=True, repr_omit_defaults=True):
    """``wrap`` (32 bytes) wraps inside the team, ``pair`` (96) takes wraps from outside, ``signing`` (32, Ed25519).

    ``number`` counts the team's bundles from 1. ``former`` are the numbers and wrap secrets before this one: what was
    sealed then still opens for whoever is here now, and nothing new is sealed under them.
    """

    version: int
    wrap: bytes
    pair: bytes
    signing: bytes
    number: int = 1
    former: tuple[tuple[int, bytes], ...] = ()

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

    def next(self) -> Self:
        """Fresh secrets with the next number, which still open what this bundle opens."""
        fresh = type(self).generate()
        return msgspec.structs.replace(fresh, number=self.number + 1, former=((self.number, self.wrap), *self.former))

    def send_to(self, public: bytes, *, organisation: str, team: str, member: str) -> bytes:
        """The bundle sealed to one member's public key, for that member in that team only."""
        info = boxes.context("team-bundle", organisation, team, member)
        return members.send(msgspec.msgpack.encode(self), public, info)

    @classmethod
    def receive(cls, sealed: bytes, pair: members.KeyPair, *, organisation: str, team: str, member: str) -> Self:
        """The bundle this member was sent. Raises `CannotOpen`, `NotASealedBox`."""
        return cls._decode(pair.open_sent(sealed, boxes.context("team-bundle", organisation, team, member)))

    def escrow_to(self, public: bytes, *, organisation: str, team: str, round: int) -> bytes:
        """The bundle sealed to an organisation's recovery key of one round of kits."""
        return members.send(msgspec.msgpack.encode(self), public, _escrow(organisation, team, round))

    @classmethod
    def from_escrow(cls, sealed: bytes, pair: members.KeyPair, *, organisation: str, team: str, round: int) -> Self:
        """The bundle that was sealed to the recovery key. Raises `CannotOpen`, `NotASealedBox`."""
        return cls._decode(pair.open_sent(sealed, _escrow(organisation, team, round)))

    def key_for(self, purpose: str, *parts: str | bytes | int) -> bytes:
        """The team's newest key for one purpose (roster, index of names …): what everything new is sealed under."""
        return _key(self.wrap, purpose, parts)

    def keys_for(self, purpose: str, *parts: str | bytes | int) -> list[bytes]:
        """The team's keys for one purpose, newest first: what was sealed before a re-key opens with a later one."""
        return [_key(secret, purpose, parts) for secret in (self.wrap, *(former for _, former in self.former))]

    def open_box(self, box: bytes, place: bytes, purpose: str, *parts: str | bytes | int) -> bytes:
        """What the team sealed for a purpose, whichever of its bundles it was. Raises `CannotOpen`, `NotASealedBox`."""
        for key in self.keys_for(purpose, *parts):
            try:
                return boxes.open_box(key, box, place)
            except CannotOpen:
                continue
        raise CannotOpen("what the team sealed does not open with any of its keys in this place")

    def key_of(self, number: int, purpose: str, *parts: str | bytes | int) -> bytes:
        """The key for a purpose in the team's bundle of that number. Raises `CannotOpen`: this bundle lacks it."""
        secret = self.wrap if number == self.number else dict(self.former).get(number)
        if secret is None:
            raise CannotOpen("this was sealed under keys of the team that are not in this bundle")
        return _key(secret, purpose, parts)

    @classmethod
    def _decode(cls, raw: bytes) -> Self:
        try:
            return msgspec.msgpack.decode(raw, type=cls)
        except msgspec.DecodeError:
            raise NotASealedBox("the team bundle is not of a form this version can read") from None

    @property
    def public(self) -> bytes:
        """The public key others seal wraps to."""
        return members.KeyPair(self.pair).public

    @property
    def verifying(self) -> bytes:
        """The Ed25519 public key (32 bytes) that the team's signatures verify under."""
        return Ed25519PrivateKey.from_private_bytes(self.signing).public_key().public_bytes_raw()


def _key(secret: bytes, purpose: str, parts: tuple[str | bytes | int, ...]) -> bytes:
    return boxes.derive(secret, boxes.context(f"team-{purpose}", *parts))


def _escrow(organisation: str, team: str, round: int) -> bytes:
    return boxes.context("team-escrow", organisation, team, round)
