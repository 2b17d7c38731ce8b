"""Locking and signing out. Both are acts of one press, and leave as little as they can in the browser."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode, urlsplit

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse

from safeconduct.accounts.actions import sessions

from ... import held
from ...access import ACCESS, Request
from ...cookies import take_session

# Pages kept for going back, and whatever a browser stored for the desk.
_CLEAR: Final = '"cache", "storage"'


def lock(request: Request) -> HttpResponse:
    """Forget the key; the next page asks for the passphrase, and leads back to where the button was pressed."""
    if request.session_row.kept is not None:
        sessions.lock(session=request.session_row)
    to = _from_where(request)
    response = redirect(f"{reverse('unlock')}?{urlencode({held.TO: to})}" if to else "unlock")
    response.headers["Clear-Site-Data"] = _CLEAR
    return response


def sign_out(request: Request) -> HttpResponse:
    """End the session."""
    sessions.sign_out(session=request.session_row)
    response = redirect("sign-in")
    take_session(response)
    response.headers["Clear-Site-Data"] = _CLEAR
    return response


def _from_where(request: Request) -> str:
    """The page of this desk somebody was on, "" where the browser does not say or it cannot be opened again."""
    came = urlsplit(request.headers.get("Referer", ""))
    if came.netloc != request.get_host():
        return ""
    try:
        rule = ACCESS.get(resolve(came.path).url_name or "")
    except Resolver404:
        return ""
    if rule is None or "GET" not in rule.methods:
        return ""
    return f"{came.path}?{came.query}" if came.query else came.path
