"""`{% csrf_token %}` for this desk: Django's token, in a field that makes a browser forget the whole form, and the
form's own number.

Chromium writes what a form sent into its session file on disk, in plain text, whenever the answer is a page rather
than a redirect: a form that comes back with a mistake in it, or with one line more. It leaves out every field of a
form where one is a password. Every form that posts carries this token, so the token is that one. `readonly` and
`hidden`: no password manager takes it for one, and nobody sees it. tests/attacks proves it on a killed browser's files.
"""

from __future__ import annotations

import secrets

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from .. import once

register = template.Library()


@register.simple_tag(takes_context=True)
def csrf_token(context: Context, *, beside_passphrase: bool = False) -> SafeString:
    """The field, empty text where there is no request. A form that asks for a passphrase needs no second such field."""
    token = context.get("csrf_token")
    if not token or token == "NOTPROVIDED":  # noqa: S105 - Django's word for there being none
        return SafeString("")
    number = _number(context)
    if beside_passphrase:
        return number + format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', token)
    kept_from_disk = 'type="password" hidden readonly autocomplete="off" tabindex="-1"'
    return number + format_html('<input name="csrfmiddlewaretoken" value="{}" ' + kept_from_disk + ">", token)


def _number(context: Context) -> SafeString:
    """The form's own number, by which one that is sent twice is known: see `once`. For members at the desk."""
    if not getattr(context.get("request"), "actor", None):
        return SafeString("")
    return format_html('<input type="hidden" name="{}" value="{}" data-fresh>', once.FIELD, secrets.token_urlsafe(12))
