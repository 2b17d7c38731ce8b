"""Changing one's own passphrase. The one given by somebody else must be changed before anything is opened."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from safeconduct.accounts.actions.passphrase import change
from safeconduct.accounts.faults import TooSoon, WrongPassphrase
from safeconduct.core.sealing.faults import WeakPassphrase

from ...access import Request
from ...cookies import give_session
from ...forms import PassphraseField
from ...words.accounts import TWO_DIFFER
from .slowed import slowed


class PassphraseForm(forms.Form):
    """The present passphrase and the new one twice."""

    current = PassphraseField(label=_("Passphrase you have now"))
    new = PassphraseField(label=_("New passphrase"), help_text=_("At least 12 characters."))
    again = PassphraseField(label=_("New passphrase again"))

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if "new" in typed and "again" in typed and typed["new"] != typed["again"]:
            self.add_error("again", TWO_DIFFER)
        return typed


def view(request: Request) -> HttpResponse:
    """Change it; every other session of the member ends."""
    must, wait = request.actor.member.must_change, 0
    form = PassphraseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            _session, half = change(
                by=request.actor, current=form.cleaned_data["current"], new=form.cleaned_data["new"]
            )
        except (WrongPassphrase, TooSoon) as fault:
            form.add_error("current", str(fault))
            wait = fault.seconds if isinstance(fault, TooSoon) else 0
        except WeakPassphrase as fault:
            form.add_error("new", str(fault))
        else:
            response = redirect("today" if must else "settings")
            give_session(response, half)
            return response
    context = {"form": form, "must": must, "cancel_url": "" if must else reverse("settings")}
    return slowed(render(request, "desk/passphrase.html", context), wait)
