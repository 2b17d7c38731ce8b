"""Signing in. Unknown member, wrong passphrase and disabled member get one and the same page."""

from __future__ import annotations

import json

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from safeconduct.accounts.actions import sessions
from safeconduct.accounts.faults import CannotSignIn
from safeconduct.accounts.queries import is_set_up

from ..access import Request
from ..cookies import give_session
from ..forms import LineField, PassphraseField


class SignInForm(forms.Form):
    """Who, and the passphrase."""

    sign_in = LineField(label=_("Sign-in name"), max_length=60, widget=forms.TextInput(attrs={"dir": "auto"}))
    passphrase = PassphraseField(label=_("Passphrase"))


def view(request: Request) -> HttpResponse:
    """Ask; on the right answer begin a new session, whatever cookie the browser came with."""
    if not is_set_up():
        return redirect("start")
    if request.actor:
        return redirect("today")
    form = SignInForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            signed = sessions.sign_in(name=form.cleaned_data["sign_in"], passphrase=form.cleaned_data["passphrase"])
        except CannotSignIn as fault:
            form.add_error(None, str(fault))
        else:
            if request.session_row:
                sessions.sign_out(session=request.session_row)
            rotate_token(request)
            response = redirect("today")
            give_session(response, signed.half)
            return response
    return render(request, "desk/sign_in.html", {"form": form, "sign_ins": _demo_sign_ins()})


def _demo_sign_ins() -> list[dict[str, str]]:
    """The invented members' sign-ins, in a demo folder only: they lie open there for anybody to read."""
    path = settings.DATA_FOLDER.sign_ins_path
    if not settings.DEMO or not path.exists():
        return []
    return [
        {"name": one["sign_in"], "passphrase": one["passphrase"], "roles": ", ".join(one["roles"])}
        for one in json.loads(path.read_text("utf-8"))
    ]
