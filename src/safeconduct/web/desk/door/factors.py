"""Settings, second factors: codes and security keys of one's own, and, for a guardian, taking somebody's away."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any, Final
from uuid import UUID

import segno
from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.accounts import challenges, codes, queries, second_factor
from safeconduct.accounts import security_keys as keys
from safeconduct.accounts.actions import factors as actions
from safeconduct.accounts.actions.factors import Proposed
from safeconduct.accounts.faults import FactorNotAdded, NoSuchFactor, TooSoon, WrongPassphrase

from ... import security_keys
from ...access import Request
from ...forms import CodeField, PassphraseField
from ...words import factors as words
from ...words.dates import day
from .slowed import slowed

PURPOSE: Final = "add"
_YOURS: Final = gettext_lazy("Your passphrase")


class CodeForm(forms.Form):
    """The first code, and the passphrase. The secret goes along sealed to the member."""

    sealed = forms.CharField(widget=forms.HiddenInput(attrs={"data-fresh": ""}), max_length=4000)
    code = CodeField(label=gettext_lazy("The code your app shows now"))
    passphrase = PassphraseField(label=_YOURS)


class KeyForm(forms.Form):
    """The passphrase and whether the key is to unlock the desk too; the page's script fills in the key's answer."""

    unlocks = forms.BooleanField(
        label=gettext_lazy("Let it also unlock the desk, instead of the passphrase"),
        required=False,
        help_text=words.UNLOCKS,
    )
    passphrase = PassphraseField(label=_YOURS)

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        security_keys.add_fields(self, prf=True)


class ConfirmForm(forms.Form):
    """The passphrase."""

    passphrase = PassphraseField(label=_YOURS)


def view(request: Request) -> HttpResponse:
    """What there is, what each protects, and the ways to add and remove."""
    member = request.actor.member
    code = second_factor.code_of(member)
    context = {
        "words": words,
        "code": {"added": day(code.added_on)} if code else None,
        "keys": [
            {
                "label": _("Security key %(number)d") % {"number": one.number},
                "added": day(one.added_on),
                "unlocks": one.kept is not None,
                "remove_url": reverse("key-remove", args=[one.handle]),
            }
            for one in second_factor.keys_of(member)
        ],
        "may_add_key": security_keys.site_of(request) is not None,
    }
    return render(request, "desk/factors.html", context)


def add_code(request: Request) -> HttpResponse:
    """Show a new secret and take it up once a code of it is typed."""
    by, wait = request.actor, 0
    form = CodeForm(request.POST) if request.method == "POST" else None
    proposed = _proposed(request) if form else None
    if form is not None and proposed is None:
        form = None  # not a secret of ours: begin anew
    if form is not None and proposed is not None and form.is_valid():
        typed = form.cleaned_data
        try:
            actions.add_code(by=by, passphrase=typed["passphrase"], sealed=proposed.sealed, code=typed["code"])
        except (FactorNotAdded, WrongPassphrase, TooSoon) as fault:
            wait = _say(form, fault, "code")
        else:
            return redirect("factors")
    if proposed is None:
        proposed = actions.propose_code(by=by)
        form = CodeForm(initial={"sealed": base64.b64encode(proposed.sealed).decode("ascii")})
    context = {
        "form": form,
        "secret": _grouped(codes.written(proposed.secret)),
        "picture": _picture(request, proposed),
        "save": _("Use these codes"),
        "cancel_url": reverse("factors"),
    }
    return slowed(render(request, "desk/factor_code.html", context), wait)


def add_key(request: Request) -> HttpResponse:
    """Have the browser make a key, and take it up."""
    by, site, wait = request.actor, security_keys.site_of(request), 0
    if site is None:
        return redirect("factors")
    about = by.member.handle.hex
    form = KeyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        answer = security_keys.answer_in(request, form, PURPOSE, about)
        prf = security_keys.prf_in(form) if form.cleaned_data["unlocks"] else None
        try:
            if answer is None or (form.cleaned_data["unlocks"] and prf is None):
                raise FactorNotAdded(_no_answer(answered=answer is not None))
            actions.add_key(by=by, passphrase=form.cleaned_data["passphrase"], answer=answer, prf=prf)
        except (FactorNotAdded, WrongPassphrase, TooSoon) as fault:
            wait = _say(form, fault, None)
        else:
            return redirect("factors")
    challenge, token = challenges.issue(PURPOSE, about)
    known = [bytes(one.credential) for one in second_factor.keys_of(by.member)]
    options = keys.options_to_add(
        site,
        challenge,
        account=by.member.sign_in,
        handle=by.member.handle.bytes,
        known=known,
        salt=actions.salt_for(challenge),
    )
    context = {"form": form, "words": words, "options": json.dumps({"token": token, "publicKey": options})}
    return slowed(render(request, "desk/factor_key.html", context), wait)


def remove_code(request: Request) -> HttpResponse:
    """Take one's codes away."""
    return _remove(
        request,
        heading=_("Remove the codes"),
        act=lambda passphrase: actions.remove_code(by=request.actor, passphrase=passphrase),
        back="factors",
    )


def remove_key(request: Request, handle: UUID) -> HttpResponse:
    """Take one of one's security keys away."""
    key = second_factor.key_of(request.actor.member, handle)
    return _remove(
        request,
        heading=_("Remove security key %(number)d") % {"number": key.number},
        act=lambda passphrase: actions.remove_key(by=request.actor, key=key, passphrase=passphrase),
        back="factors",
    )


def remove_of_member(request: Request, handle: UUID) -> HttpResponse:
    """A guardian takes a member's second factors away."""
    member = queries.member(request.actor, handle)
    return _remove(
        request,
        heading=_("Remove a member's second factors"),
        eyebrow=member.name,
        lede=_("For somebody who has lost them. Their passphrase alone then signs them in, until they add another."),
        act=lambda passphrase: actions.remove_all(by=request.actor, member=member, passphrase=passphrase),
        back="members",
    )


def _remove(request: Request, *, heading: str, act: Any, back: str, eyebrow: str = "", lede: str = "") -> HttpResponse:
    form, wait = ConfirmForm(request.POST if request.method == "POST" else None), 0
    if form.is_valid():
        try:
            act(form.cleaned_data["passphrase"])
        except (WrongPassphrase, TooSoon, NoSuchFactor) as fault:
            wait = _say(form, fault, None)
        else:
            return redirect(back)
    context = {
        "section": "settings",
        "heading": heading,
        "eyebrow": eyebrow,
        "lede": lede or _("From now on you are not asked for it when you sign in."),
        "form": form,
        "destroys": True,
        "save": _("Remove"),
        "cancel_url": reverse(back),
    }
    return slowed(render(request, "desk/form.html", context), wait)


def _say(form: forms.Form, fault: Exception, field: str | None) -> int:
    """Put a fault on the form; returns the seconds to wait, 0 for none."""
    form.add_error("passphrase" if isinstance(fault, WrongPassphrase | TooSoon) else field, str(fault))
    return fault.seconds if isinstance(fault, TooSoon) else 0


def _no_answer(*, answered: bool) -> str:
    if answered:
        return _("This security key or browser cannot keep a key. Add it without unlocking the desk.")
    return _("No security key answered. Press the button once more; the browser then asks for it.")


def _proposed(request: Request) -> Proposed | None:
    try:
        sealed = base64.b64decode(request.POST.get("sealed", ""), validate=True)
    except (binascii.Error, ValueError):
        return None
    return actions.proposed_again(by=request.actor, sealed=sealed)


def _grouped(secret: str) -> str:
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def _picture(request: Request, proposed: Proposed) -> str:
    """The QR code as an inline drawing, black on white in either theme. It carries no text but the secret's own."""
    made = segno.make(codes.address(proposed.secret, account=request.actor.member.sign_in), micro=False)
    drawn = made.svg_inline(scale=5, dark="#000", light="#fff", svgclass=None, lineclass=None, omitsize=False)
    return mark_safe(drawn)  # noqa: S308 -- drawn by segno: numbers and paths, none of the text
