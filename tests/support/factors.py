"""Second factors in tests: enrolled through the pages, as a browser does."""

from __future__ import annotations

import html
import json
import re
import time
from typing import Any

import pyotp
from django.test import Client
from django.urls import reverse

from tests.builders import PASSPHRASE
from tests.support.authenticator import Authenticator

HOST = "localhost"


def by_name(browser: Client) -> Client:
    """The same browser, at the desk by a name that may have security keys."""
    browser.defaults["HTTP_HOST"] = HOST
    return browser


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, name
    return html.unescape(found[1])


def code(secret: str, steps: int = 0) -> str:
    """The code of a secret now, or some steps of half a minute away."""
    return pyotp.TOTP(secret).generate_otp(int(time.time()) // 30 + steps)


def add_codes(browser: Client) -> str:
    """Set up codes as the signed-in member. Returns the secret."""
    page = browser.get(reverse("code-add")).content.decode()
    found = re.search(r'<span class="once" dir="ltr">([A-Z2-7 ]+)</span>', page)
    assert found
    secret = found[1].replace(" ", "")
    for _ in range(2):  # the half minute may end between the making of the code and its check, once
        # The step before: the present one is left for the test.
        form = {"sealed": hidden(page, "sealed"), "code": code(secret, -1), "passphrase": PASSPHRASE}
        answer = browser.post(reverse("code-add"), form)
        if answer.status_code == 302:
            break
    assert answer.status_code == 302, answer.content.decode()
    return secret


def asked_to_add(browser: Client) -> dict[str, Any]:
    """What the page asks the browser to make."""
    page = by_name(browser).get(reverse("key-add")).content.decode()
    found = re.search(r'data-options="([^"]*)"', page)
    assert found
    return json.loads(html.unescape(found[1]))


def add_key(browser: Client, *, unlocks: bool = False, key: Authenticator | None = None) -> Authenticator:
    """Add a security key as the signed-in member."""
    key = key or Authenticator()
    asked = asked_to_add(browser)
    form = key.create(asked) | {"passphrase": PASSPHRASE} | ({"unlocks": "on"} if unlocks else {})
    answer = browser.post(reverse("key-add"), form)
    assert answer.status_code == 302, answer.content.decode()
    return key


def asked_to_sign_in(browser: Client) -> dict[str, Any]:
    """A challenge for the sign-in page."""
    return by_name(browser).post(reverse("sign-in-key")).json()


def asked_to_unlock(browser: Client) -> dict[str, Any]:
    """A challenge for the page of the lock; empty where no key can unlock."""
    return by_name(browser).post(reverse("unlock-key")).json()
