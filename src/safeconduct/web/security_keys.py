"""Security keys between browser and `accounts.security_keys`: the site's name, a form's hidden fields, an answer."""

from __future__ import annotations

import ipaddress
from typing import Any, Final

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.http import urlsafe_base64_decode

from safeconduct.accounts import security_keys
from safeconduct.accounts.security_keys import Answer, Site
from safeconduct.core.sealing.authenticators import PRF_BYTES

TOKEN: Final = "key_token"  # noqa: S105 -- the name of a field
ANSWER: Final = "key_answer"
PRF: Final = "key_prf"


def add_fields(form: forms.Form, *, prf: bool = False) -> None:
    """The hidden fields `security-keys.js` fills."""
    for name in (TOKEN, ANSWER, PRF) if prf else (TOKEN, ANSWER):
        # Never given back to a page: an answer serves once.
        form.fields[name] = forms.CharField(
            required=False,
            max_length=security_keys.LONGEST,
            widget=Emptied(),
        )


class Emptied(forms.HiddenInput):
    """A hidden field that comes back empty."""

    def format_value(self, value: Any) -> str:  # noqa: ARG002 -- Django calls it so
        return ""


def site_of(request: HttpRequest) -> Site | None:
    """The desk as browsers know it; None where they allow no security keys: by number, or without HTTPS.

    The host is one of `allowed_hosts`, exact names all: Django has refused any other before.
    """
    host = request.get_host()
    name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        https = bool(settings.OPTIONS.https)
        return Site(name, f"{'https' if https else 'http'}://{host}") if https or name == "localhost" else None
    return None


def answer_in(request: HttpRequest, form: forms.Form, purpose: str, about: str = "") -> Answer | None:
    """The security key's answer a form carries; None where it carries none. Nothing of it is checked yet."""
    written, site = form.cleaned_data.get(ANSWER, ""), site_of(request)
    if not written or site is None:
        return None
    return Answer(site, security_keys.parse(written), form.cleaned_data.get(TOKEN, ""), purpose, about)


def prf_in(form: forms.Form) -> bytes | None:
    """What the authenticator made of its salt, 32 bytes; None where the form carries nothing of the kind."""
    try:
        made = urlsafe_base64_decode(form.cleaned_data.get(PRF, ""))
    except ValueError:
        return None
    return made if len(made) == PRF_BYTES else None
