"""The addresses of the desk: one block a part of it. Each name has its terms in `web/access.py`.

Addresses carry handles and days, never a name, a reference or anything somebody typed.
"""

from __future__ import annotations

from django.urls import URLPattern, path

from . import help as keys
from . import passphrase, promise, session, sign_in, start, unlock

urlpatterns: list[URLPattern] = [
    # Coming in and going out
    path("start", start.view, name="start"),
    path("sign-in", sign_in.view, name="sign-in"),
    path("unlock", unlock.view, name="unlock"),
    path("lock", session.lock, name="lock"),
    path("sign-out", session.sign_out, name="sign-out"),
    path("passphrase", passphrase.view, name="passphrase"),
    path("promise", promise.view, name="promise"),
    path("keys", keys.view, name="keys"),
]
