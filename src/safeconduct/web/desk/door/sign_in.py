"""Signing in, all in one form. Whatever does not go together gets one and the same page, and whoever it is."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from safeconduct.accounts import devices
from safeconduct.accounts.actions import sessions
from safeconduct.accounts.actions.sessions import SignedIn
from safeconduct.accounts.faults import CannotSignIn, TooSoon
from safeconduct.accounts.queries import is_set_up
from safeconduct.accounts.second_factor import Given

from ... import security_keys
from ...access import Request
from ...cookies import device_of, give_device, give_session
from ...forms import CodeField, LineField, PassphraseField
from .slowed import slowed

PURPOSE = "sign-in"


class SignInForm(forms.Form):
    """Who, the passphrase, and a code or, filled in by the page's script, a security key's answer."""

    sign_in = LineField(label=_("Sign-in name"), max_length=60, widget=forms.TextInput(attrs={"dir": "auto"}))
    passphrase = PassphraseField(label=_("Passphrase"))
    code = CodeField(label=_("Code from your app"), required=False, help_text=_("Only if you have set one up."))

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        security_keys.add_fields(self)


def view(request: Request) -> HttpResponse:
    """Ask; on the right answer begin a new session, whatever cookie the browser came with."""
    if not is_set_up():
        return redirect("start")
    if request.actor:
        return redirect("today")
    form = SignInForm(request.POST if request.method == "POST" else None)
    wait = 0
    if form.is_valid():
        try:
            return _begin(request, _sign_in(request, form))
        except (CannotSignIn, TooSoon) as fault:
            form.add_error(None, str(fault))
            wait = fault.seconds if isinstance(fault, TooSoon) else 0
    context = {
        "form": form,
        "sign_ins": _demo_sign_ins(),
        "key_options": reverse("sign-in-key") if security_keys.site_of(request) else "",
    }
    return slowed(render(request, "desk/sign_in.html", context), wait)


def _sign_in(request: Request, form: SignInForm) -> SignedIn:
    given = Given(form.cleaned_data["code"], security_keys.answer_in(request, form, PURPOSE))
    return sessions.sign_in(
        name=form.cleaned_data["sign_in"],
        passphrase=form.cleaned_data["passphrase"],
        given=given,
        device=device_of(request),
    )


def _begin(request: Request, signed: SignedIn) -> HttpResponse:
    if request.session_row:
        sessions.sign_out(session=request.session_row)
    rotate_token(request)
    response = redirect("today")
    give_session(response, signed.half)
    give_device(response, devices.remember(device_of(request), signed.actor.member.sign_in))
    return response


def _demo_sign_ins() -> list[dict[str, str]]:
    """The invented members' sign-ins, in a demo folder only: they lie open there for anybody to read."""
    path = settings.DATA_FOLDER.sign_ins_path
    if not settings.DEMO or not path.exists():
        return []
    return [
        {"name": one["sign_in"], "passphrase": one["passphrase"], "roles": ", ".join(one["roles"])}
        for one in json.loads(path.read_text("utf-8"))
    ]
