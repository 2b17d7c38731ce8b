"""The cookies of the desk. None says who anybody is.

`safeconduct-session` holds a session's half of the key and nothing else: 32 random bytes, for example
`q0b6...` in 43 signs of base64url. It has no expiry, so it ends with the browser.
"""

from __future__ import annotations

import base64
import binascii
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from safeconduct.core.sealing.sessions import HALF_BYTES

SESSION: Final = "safeconduct-session"
SINGLE_KEYS: Final = "safeconduct-keys"
_YEAR: Final = 365 * 24 * 3600


def written(half: bytes) -> str:
    """The session cookie's value for a half."""
    return base64.urlsafe_b64encode(half).rstrip(b"=").decode("ascii")


def half_of(request: HttpRequest) -> bytes | None:
    """The half a browser sent, None where there is none or it has not the canonical form."""
    text = request.COOKIES.get(SESSION, "")
    try:
        half = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError, ValueError):
        return None
    return half if len(half) == HALF_BYTES and written(half) == text else None


def give_session(response: HttpResponse, half: bytes) -> None:
    """Hand the browser the half of a session that was just begun."""
    response.set_cookie(SESSION, written(half), httponly=True, samesite="Strict", secure=_https())


def take_session(response: HttpResponse) -> None:
    """Have the browser forget its half."""
    response.delete_cookie(SESSION, samesite="Strict")


def single_keys(request: HttpRequest) -> bool:
    """Whether the shortcuts of one key act in this browser. They do unless somebody turned them off."""
    return request.COOKIES.get(SINGLE_KEYS) != "off"


def set_single_keys(response: HttpResponse, *, on: bool) -> None:
    """Turn the shortcuts of one key on or off in this browser. The cookie says nothing about anybody."""
    if on:
        response.delete_cookie(SINGLE_KEYS, samesite="Strict")
    else:
        response.set_cookie(SINGLE_KEYS, "off", max_age=_YEAR, httponly=True, samesite="Strict", secure=_https())


def _https() -> bool:
    return bool(settings.OPTIONS.https)
