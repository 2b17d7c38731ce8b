"""Locking and signing out. Both are acts of one press, and leave as little as they can in the browser."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse
from django.shortcuts import redirect

from safeconduct.accounts.actions import sessions

from ..access import Request
from ..cookies import take_session

# Pages kept for going back, and whatever a browser stored for the desk.
_CLEAR: Final = '"cache", "storage"'


def lock(request: Request) -> HttpResponse:
    """Forget the key; the next page asks for the passphrase."""
    if request.session_row.kept is not None:
        sessions.lock(session=request.session_row)
    response = redirect("unlock")
    response.headers["Clear-Site-Data"] = _CLEAR
    return response


def sign_out(request: Request) -> HttpResponse:
    """End the session."""
    sessions.sign_out(session=request.session_row)
    response = redirect("sign-in")
    take_session(response)
    response.headers["Clear-Site-Data"] = _CLEAR
    return response
