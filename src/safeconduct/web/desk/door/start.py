"""First use: the organisation, its first team and its first member, once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from safeconduct.accounts import devices
from safeconduct.accounts.actions import first_use, sessions
from safeconduct.accounts.faults import AlreadySetUp
from safeconduct.accounts.queries import is_set_up
from safeconduct.core.calendar.days import Nation
from safeconduct.core.sealing.faults import WeakPassphrase

from ...access import Request
from ...cookies import device_of, give_device, give_session
from ...forms import LineField, PassphraseField, SignInField
from ...words.accounts import NATIONS, TWO_DIFFER


class StartForm(forms.Form):
    """Everything first use asks for."""

    code = LineField(
        label=_("Setup code"),
        max_length=40,
        help_text=_("The terminal that started the desk shows it, for example 7K3M-Q9RT-0VXE."),
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    organisation = LineField(label=_("Name of the organisation"), max_length=120)
    nation = forms.ChoiceField(
        label=_("Where it works"), choices=[(nation.value, NATIONS[nation]) for nation in Nation]
    )
    team = LineField(
        label=_("First team"),
        max_length=120,
        initial=_("Casework"),
        help_text=_("Those who share records. What one team seals, another cannot open."),
    )
    name = LineField(label=_("Your name"), max_length=120, help_text=_("As colleagues know you."))
    sign_in = SignInField(label=_("Sign-in name"), help_text=_("Short; you type it each time."))
    passphrase = PassphraseField(
        label=_("Passphrase"),
        help_text=_("At least 12 characters. Four or five words that do not belong together."),
    )
    again = PassphraseField(label=_("The passphrase again"))

    sections = (
        {"legend": _("Your organisation"), "fields": ("code", "organisation", "nation", "team")},
        {"legend": _("You"), "fields": ("name", "sign_in"), "why": _("You will be a guardian: you may add members.")},
        {"legend": _("Your passphrase"), "fields": ("passphrase", "again")},
    )

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["nation"].desk_why = _("It decides which bank holidays count.")  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if not settings.SETUP_CODE.accepts(code):
            raise forms.ValidationError(
                _("That is not the code the terminal shows. Starting the desk again makes a new one.")
            )
        return code

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if "passphrase" in typed and "again" in typed and typed["passphrase"] != typed["again"]:
            self.add_error("again", TWO_DIFFER)
        return typed


def view(request: Request) -> HttpResponse:
    """Ask for everything at once; then the desk is there and its first member signed in."""
    if is_set_up():
        return redirect("sign-in")
    form = StartForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            made = first_use.set_up(
                organisation=typed["organisation"],
                nation=Nation(typed["nation"]),
                team=typed["team"],
                name=typed["name"],
                sign_in=typed["sign_in"],
                passphrase=typed["passphrase"],
            )
        except AlreadySetUp:
            return redirect("sign-in")
        except WeakPassphrase as fault:
            form.add_error("passphrase", str(fault))
        else:
            settings.SETUP_CODE.withdraw()
            signed = sessions.sign_in(name=made.member.sign_in, passphrase=typed["passphrase"])
            rotate_token(request)
            response = redirect("today")
            give_session(response, signed.half)
            give_device(response, devices.remember(device_of(request), made.member.sign_in))
            return response
    return render(request, "desk/start.html", {"form": form})
