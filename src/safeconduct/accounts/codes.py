"""Codes of six digits that change each half minute (TOTP, RFC 6238), as a second factor.

The secret is sealed to its member's own public key, so the server can check a code only in the moment in which the
passphrase has opened the member's key.
"""

from __future__ import annotations

import base64
import hmac
import os
from datetime import datetime
from functools import cache
from typing import Final

import pyotp

from safeconduct.core.sealing import boxes, members
from safeconduct.core.sealing.faults import SealingFault
from safeconduct.core.sealing.members import KeyPair

SECRET_BYTES: Final = 20
STEP_SECONDS: Final = 30
DIGITS: Final = 6
# One step before and one after: clocks of telephones differ by seconds, people type for seconds.
_AROUND: Final = 1


def new_secret() -> bytes:
    """20 random bytes, as RFC 4226 asks for."""
    return os.urandom(SECRET_BYTES)


def seal(secret: bytes, public: bytes, *, member: str) -> bytes:
    """The secret sealed to a member's public key (1216 bytes), for that member's codes only."""
    return members.send(secret, public, _info(member))


def open_secret(sealed: bytes, pair: KeyPair, *, member: str) -> bytes | None:
    """The secret; None where it does not open."""
    try:
        return pair.open_sent(sealed, _info(member))
    except SealingFault:
        return None


def written(secret: bytes) -> str:
    """The secret as authenticator apps take it: base32, 32 letters and digits."""
    return base64.b32encode(secret).decode("ascii")


def address(secret: bytes, *, account: str) -> str:
    """The otpauth address a QR code carries; ``account`` is what the app calls it."""
    return _totp(secret).provisioning_uri(name=account, issuer_name="Safeconduct")


def step_of(secret: bytes, code: str, *, now: datetime) -> int | None:
    """The time step, at most one from ``now``, whose code this is; None where it is none of them."""
    typed = "".join(code.split())
    if len(typed) != DIGITS or not (typed.isascii() and typed.isdigit()):
        typed = "-" * DIGITS  # none, compared like any other
    here, found = int(now.timestamp()) // STEP_SECONDS, None
    for step in range(here - _AROUND, here + _AROUND + 1):
        if hmac.compare_digest(_totp(secret).generate_otp(step), typed):
            found = step
    return found


@cache
def decoy() -> tuple[KeyPair, bytes]:
    """A pair that is nobody's and a secret sealed to it: opened where there is none to open, at the same cost."""
    pair = KeyPair.generate()
    return pair, members.send(new_secret(), pair.public, _info(""))


def _totp(secret: bytes) -> pyotp.TOTP:
    return pyotp.TOTP(written(secret), digits=DIGITS, interval=STEP_SECONDS)


def _info(member: str) -> bytes:
    return boxes.context("code-factor", member)
