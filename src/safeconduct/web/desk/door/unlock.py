"""The locked desk. On the day the session began the passphrase alone opens it, or a security key that keeps the
member's key; on a later day the second factor is asked for again. What was sent meanwhile goes on to where it was sent.
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.accounts import second_factor
from safeconduct.accounts.actions import sessions
from safeconduct.accounts.actions.sessions import SignedIn
from safeconduct.accounts.faults import TooSoon, WrongPassphrase
from safeconduct.accounts.models import Session
from safeconduct.accounts.second_factor import Given

from ... import held, security_keys
from ...access import ACCESS, Request
from ...cookies import give_session, half_of
from ...forms import CodeField, PassphraseField
from .slowed import slowed

PURPOSE: Final = "unlock"


class UnlockForm(forms.Form):
    """The passphrase; a code on a later day; and, hidden, where to go on to, the sealed form that is held and a
    security key's answer."""

    passphrase = PassphraseField(label=gettext_lazy("Passphrase"))
    code = CodeField(label=gettext_lazy("Code from your app"), required=False)

    def __init__(self, *args: Any, needs_factor: bool, **named: Any) -> None:
        super().__init__(*args, **named)
        if not needs_factor:
            del self.fields["code"]
        security_keys.add_fields(self, prf=True)
        self.fields["passphrase"].required = not self.data.get(security_keys.PRF)
        for name in (held.TO, held.FIELD):
            self.fields[name] = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)


def view(request: Request) -> HttpResponse:
    """Ask for the passphrase; on the right one go on to the page that was wanted."""
    if request.method != "POST":
        to = readable(local(request.GET.get(held.TO, "")))
        return HttpResponseRedirect(to) if request.actor else page(request, to=to)
    form = UnlockForm(request.POST, needs_factor=_needs_factor(request.session_row))
    if not form.is_valid():
        return _draw(request, form)
    half = half_of(request)
    assert half is not None  # without it the middleware finds no session
    try:
        opened = _open(request, form, half)
    except (WrongPassphrase, TooSoon) as fault:
        form.add_error("passphrase", str(fault))
        return slowed(_draw(request, form), fault.seconds if isinstance(fault, TooSoon) else 0)
    # 307: the browser sends the same fields again, the sealed form among them, to the address it was meant for.
    again = bool(form.cleaned_data[held.FIELD])
    to = local(form.cleaned_data[held.TO])
    response = HttpResponseRedirect(to if again else readable(to), preserve_request=again)
    if opened.half != half:
        give_session(response, opened.half)
    return response


def page(request: HttpRequest, *, to: str, sealed: str = "", status: int = 200) -> HttpResponse:
    """The page of the lock, going on to ``to`` and carrying a held form if there is one."""
    session: Session = request.session_row  # type: ignore[attr-defined]  # see access.Request
    initial = {held.TO: to, held.FIELD: sealed}
    return _draw(request, UnlockForm(initial=initial, needs_factor=_needs_factor(session)), status=status)


def local(to: str) -> str:
    """An address of this desk to go on to; Today's where ``to`` is none, or leads elsewhere."""
    fits = to.startswith("/") and url_has_allowed_host_and_scheme(to, allowed_hosts=None)
    return to if fits and to != reverse("unlock") else reverse("today")


def readable(to: str) -> str:
    """An address of this desk that can be opened by going there; Today's for one that is only sent to."""
    try:
        rule = ACCESS.get(resolve(urlsplit(to).path).url_name or "")
    except Resolver404:
        return to
    return to if rule is None or "GET" in rule.methods else reverse("today")


def _open(request: Request, form: UnlockForm, half: bytes) -> SignedIn:
    session = request.session_row
    answer = security_keys.answer_in(request, form, PURPOSE, session.handle.hex)
    prf = security_keys.prf_in(form)
    if answer is not None and prf is not None:
        return sessions.unlock_by_key(session=session, half=half, answer=answer, prf=prf)
    given = Given(form.cleaned_data.get("code", ""), answer)
    return sessions.unlock(session=session, half=half, passphrase=form.cleaned_data["passphrase"], given=given)


def _needs_factor(session: Session) -> bool:
    return not sessions.is_of_today(session) and second_factor.has_any(session.member)


def _key_use(request: HttpRequest, session: Session) -> str:
    """What a security key can do here: "alone" unlock, be the factor "beside" the passphrase, or nothing ("")."""
    if security_keys.site_of(request) is None:
        return ""
    keys = second_factor.keys_of(session.member)
    if sessions.is_of_today(session):
        return "alone" if keys.filter(kept__isnull=False).exists() else ""
    return "beside" if keys.exists() else ""


def _draw(request: HttpRequest, form: UnlockForm, *, status: int = 200) -> HttpResponse:
    session: Session = request.session_row  # type: ignore[attr-defined]  # see access.Request
    carried = form[held.FIELD].value()
    context = {
        "form": form,
        "member": {"name": session.member.name},
        "why": _("The server was started again.") if session.kept is not None else "",
        "kept": _("What you sent is kept, sealed to you. It is saved when you unlock.") if carried else "",
        "later": _needs_factor(session),
        "key_use": _key_use(request, session),
        "key_options": reverse("unlock-key"),
    }
    return render(request, "desk/unlock.html", context, status=status)
