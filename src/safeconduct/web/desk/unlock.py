"""The locked desk: the passphrase alone opens it, and what was sent meanwhile goes on to where it was sent."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.accounts.actions import sessions
from safeconduct.accounts.faults import WrongPassphrase

from .. import held
from ..access import Request
from ..cookies import half_of
from ..forms import PassphraseField


class UnlockForm(forms.Form):
    """The passphrase, and, hidden, where to go on to and the sealed form that is held."""

    passphrase = PassphraseField(label=gettext_lazy("Passphrase"))

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        for name in (held.TO, held.FIELD):
            self.fields[name] = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)


def view(request: Request) -> HttpResponse:
    """Ask for the passphrase; on the right one go on to the page that was wanted."""
    if request.method != "POST":
        to = local(request.GET.get(held.TO, ""))
        return HttpResponseRedirect(to) if request.actor else page(request, to=to)
    form = UnlockForm(request.POST)
    if not form.is_valid():
        return _draw(request, form)
    half = half_of(request)
    assert half is not None  # without it the middleware finds no session
    try:
        sessions.unlock(session=request.session_row, half=half, passphrase=form.cleaned_data["passphrase"])
    except WrongPassphrase as fault:
        form.add_error("passphrase", str(fault))
        return _draw(request, form)
    # 307: the browser sends the same fields again, the sealed form among them, to the address it was meant for.
    again = bool(form.cleaned_data[held.FIELD])
    return HttpResponseRedirect(local(form.cleaned_data[held.TO]), preserve_request=again)


def page(request: HttpRequest, *, to: str, sealed: str = "", status: int = 200) -> HttpResponse:
    """The page of the lock, going on to ``to`` and carrying a held form if there is one."""
    return _draw(request, UnlockForm(initial={held.TO: to, held.FIELD: sealed}), status=status)


def local(to: str) -> str:
    """An address of this desk to go on to; Today's where ``to`` is none, or leads elsewhere."""
    fits = to.startswith("/") and url_has_allowed_host_and_scheme(to, allowed_hosts=None)
    return to if fits and to != reverse("unlock") else reverse("today")


def _draw(request: HttpRequest, form: UnlockForm, *, status: int = 200) -> HttpResponse:
    session = request.session_row  # type: ignore[attr-defined]  # see access.Request
    carried = form[held.FIELD].value()
    context = {
        "form": form,
        "member": {"name": session.member.name},
        "why": _("The server was started again.") if session.kept is not None else "",
        "kept": _("What you sent is kept, sealed to you. It is saved when you unlock.") if carried else "",
    }
    return render(request, "desk/unlock.html", context, status=status)
