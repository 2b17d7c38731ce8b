"""The mark by which a browser shows that somebody has signed in with it before, without saying who.

A browser's cookie holds a random number and, for each member who signed in there, a mark that only this desk can make
from number and sign-in name. Tries from a browser with the right mark are counted apart, so whoever hammers a name from
elsewhere slows nobody who comes from a browser of their own.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from safeconduct.core.sealing import boxes

ID_BYTES: Final = 16
MARK_BYTES: Final = 16
# Colleagues who share a machine; the one who signed in longest ago is forgotten first.
MOST_MARKS: Final = 8


@dataclass(frozen=True, slots=True)
class Device:
    """A browser: its random number, and the marks of who signed in with it, newest last."""

    number: bytes
    marks: tuple[bytes, ...]


def is_known(device: Device | None, name: str) -> bool:
    """Whether the member of that sign-in name has signed in with this browser before."""
    return device is not None and any(hmac.compare_digest(_mark(device.number, name), one) for one in device.marks)


def remember(device: Device | None, name: str) -> Device:
    """The browser's mark once that member has signed in with it."""
    number = device.number if device else os.urandom(ID_BYTES)
    mark = _mark(number, name)
    others = [one for one in (device.marks if device else ()) if one != mark]
    return Device(number, tuple([*others, mark][-MOST_MARKS:]))


def _mark(number: bytes, name: str) -> bytes:
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, boxes.context("device", number, name), hashlib.sha256).digest()[:MARK_BYTES]
