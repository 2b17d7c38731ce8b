"""What a browser asks a security key, fetched at the press of a button: a challenge made long ago would be too old."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse

from safeconduct.accounts import challenges, second_factor, security_keys
from safeconduct.accounts.actions.sessions import is_of_today

from ...access import Request
from ...security_keys import site_of
from . import sign_in, unlock


def for_sign_in(request: Request) -> HttpResponse:
    """The same for everybody: no member, no list of keys, so it tells nothing of who there is."""
    site = site_of(request)
    if site is None:
        return JsonResponse({})
    challenge, token = challenges.issue(sign_in.PURPOSE)
    return JsonResponse({"token": token, "publicKey": security_keys.options_to_answer(site, challenge)})


def for_unlock(request: Request) -> HttpResponse:
    """For the member of this locked session: their keys that unlock, or any of them on a later day."""
    site, session = site_of(request), request.session_row
    if site is None:
        return JsonResponse({})
    keys = list(second_factor.keys_of(session.member))
    salts = {}
    if is_of_today(session):
        keys = [one for one in keys if one.kept is not None]
        salts = {bytes(one.credential): bytes(one.prf_salt) for one in keys}
    if not keys:
        return JsonResponse({})
    challenge, token = challenges.issue(unlock.PURPOSE, session.handle.hex)
    known = [bytes(one.credential) for one in keys]
    options = security_keys.options_to_answer(site, challenge, known=known, salts=salts)
    return JsonResponse({"token": token, "publicKey": options})
