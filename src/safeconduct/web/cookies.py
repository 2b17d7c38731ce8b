"""The cookies of the desk. None says who anybody is.

`safeconduct-session` holds a session's half of the key and nothing else: 32 random bytes, for example
`q0b6...` in 43 signs of base64url. It has no expiry, so it ends with the browser.

`safeconduct-log` says where the organisation's log stood when this browser last looked: its size, its root and the
time, signed. It outlives the browser, so that an older log put back is noticed.

`safeconduct-device` is how a browser shows that it was signed in with before: a random number and up to eight marks,
base64url with dots between. It opens nothing; wrong tries from such a browser are counted apart.
"""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from safeconduct.accounts.devices import ID_BYTES, MARK_BYTES, MOST_MARKS, Device
from safeconduct.core.sealing.epochs import Root
from safeconduct.core.sealing.sessions import HALF_BYTES

SESSION: Final = "safeconduct-session"
SINGLE_KEYS: Final = "safeconduct-keys"
SURGERY: Final = "safeconduct-surgery"
LOG: Final = "safeconduct-log"
DEVICE: Final = "safeconduct-device"
_YEAR: Final = 365 * 24 * 3600


def written(half: bytes) -> str:
    """A cookie's value for a half, a number or a mark."""
    return base64.urlsafe_b64encode(half).rstrip(b"=").decode("ascii")


def half_of(request: HttpRequest) -> bytes | None:
    """The half a browser sent, None where there is none or it has not the canonical form."""
    return _read(request.COOKIES.get(SESSION, ""), HALF_BYTES)


def device_of(request: HttpRequest) -> Device | None:
    """The browser by its own cookie; None where it has none of ours. Its marks are not checked here."""
    first, *rest = request.COOKIES.get(DEVICE, "").split(".")
    number = _read(first, ID_BYTES)
    marks = [_read(one, MARK_BYTES) for one in rest[:MOST_MARKS]]
    return None if number is None else Device(number, tuple(one for one in marks if one is not None))


def give_device(response: HttpResponse, device: Device) -> None:
    """Have the browser keep that somebody has signed in with it, for a year from now."""
    value = ".".join(written(one) for one in (device.number, *device.marks))
    response.set_cookie(DEVICE, value, max_age=_YEAR, httponly=True, samesite="Strict", secure=_https())


def give_session(response: HttpResponse, half: bytes) -> None:
    """Hand the browser the half of a session that was just begun."""
    response.set_cookie(SESSION, written(half), httponly=True, samesite="Strict", secure=_https())


def take_session(response: HttpResponse) -> None:
    """Have the browser forget its half."""
    response.delete_cookie(SESSION, samesite="Strict")


def log_seen(request: HttpRequest, organisation: UUID) -> Root | None:
    """Where this browser last saw the organisation's log; None where it saw none, or the cookie is not one of ours."""
    try:
        said = signing.loads(request.COOKIES.get(LOG, ""), salt=LOG)
        at = datetime.fromtimestamp(said["at"], UTC)
        return Root(int(said["size"]), bytes.fromhex(said["root"]), at) if said["of"] == organisation.hex else None
    except (signing.BadSignature, KeyError, TypeError, ValueError, OverflowError):
        return None


def set_log_seen(response: HttpResponse, organisation: UUID, seen: Root) -> None:
    """Have the browser remember where the log stands. Signed, so that a made-up one makes nobody doubt the log."""
    said = {"of": organisation.hex, "size": seen.size, "root": seen.root.hex(), "at": int(seen.at.timestamp())}
    text = signing.dumps(said, salt=LOG)
    response.set_cookie(LOG, text, max_age=_YEAR, httponly=True, samesite="Strict", secure=_https())


def single_keys(request: HttpRequest) -> bool:
    """Whether the shortcuts of one key act in this browser. They do unless somebody turned them off."""
    return request.COOKIES.get(SINGLE_KEYS) != "off"


def set_single_keys(response: HttpResponse, *, on: bool) -> None:
    """Turn the shortcuts of one key on or off in this browser. The cookie says nothing about anybody."""
    if on:
        response.delete_cookie(SINGLE_KEYS, samesite="Strict")
    else:
        response.set_cookie(SINGLE_KEYS, "off", max_age=_YEAR, httponly=True, samesite="Strict", secure=_https())


def _read(text: str, length: int) -> bytes | None:
    try:
        raw = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError, ValueError):
        return None
    return raw if len(raw) == length and written(raw) == text else None


def _https() -> bool:
    return bool(settings.OPTIONS.https)
