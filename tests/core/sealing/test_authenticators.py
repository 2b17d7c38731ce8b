"""A private key kept under what a security key makes opens with that, for its member and credential only."""

from __future__ import annotations

import pytest

from safeconduct.core.sealing import authenticators
from safeconduct.core.sealing.faults import CannotOpen, NotASealedBox
from safeconduct.core.sealing.members import KeyPair

PAIR, PRF = KeyPair.generate(), bytes(range(1, 33))  # fixed: it stands in the names of tests
KEPT = authenticators.keep(PAIR, PRF, member="m", credential=b"c")


def test_what_the_authenticator_made_opens_it() -> None:
    assert authenticators.open_kept(KEPT, PRF, member="m", credential=b"c") == PAIR
    assert PAIR.private not in KEPT
    assert PRF not in KEPT


@pytest.mark.parametrize(
    ("prf", "member", "credential"),
    [(bytes(32), "m", b"c"), (PRF, "n", b"c"), (PRF, "m", b"d"), (PRF, "mc", b"")],
    ids=["another answer", "another member", "another credential", "a place written another way"],
)
def test_nothing_else_does(prf: bytes, member: str, credential: bytes) -> None:
    with pytest.raises(CannotOpen):
        authenticators.open_kept(KEPT, prf, member=member, credential=credential)


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_only_32_bytes_are_taken(length: int) -> None:
    with pytest.raises(NotASealedBox):
        authenticators.keep(PAIR, bytes(length), member="m", credential=b"c")
    with pytest.raises(NotASealedBox):
        authenticators.open_kept(KEPT, bytes(length), member="m", credential=b"c")


def test_two_salts_differ() -> None:
    first, second = authenticators.new_salt(), authenticators.new_salt()
    assert first != second
    assert len(first) == authenticators.SALT_BYTES
