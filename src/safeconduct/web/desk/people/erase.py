"""Erasing a record: what would go, asking for it, taking that back, and confirming what somebody else asked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.accounts.actor import Actor
from safeconduct.people import opening
from safeconduct.people.actions import erase as actions
from safeconduct.people.holdings import OutOfReach
from safeconduct.people.models import ErasureRequest, Subject
from safeconduct.people.records import ALWAYS_THERE

from ...access import Request
from ...words import dates
from ...words import erasures as words
from .whose import address, section, whose


class ConfirmForm(forms.Form):
    """Said once more, because nothing brings it back."""

    sure = forms.BooleanField(
        label=gettext_lazy("Nothing can bring it back, and this is what should go"),
        error_messages={"required": gettext_lazy("Tick this to say that you mean it.")},
    )


def view(request: Request, handle: UUID) -> HttpResponse:
    """Shows what would go. ``do`` is ask, withdraw or erase."""
    by, subject = request.actor, opening.find(request.actor, handle)
    does = request.POST.get("do", "") if request.method == "POST" else ""
    form, problem = ConfirmForm(request.POST if does == "erase" else None), ""
    try:
        if does == "ask":
            actions.ask(by=by, subject=subject)
            return redirect("erase", handle=handle)
        if does == "withdraw":
            actions.withdraw(by=by, subject=subject)
            return redirect("erase", handle=handle)
        if does == "erase" and form.is_valid():
            certificate = actions.erase(by=by, subject=subject)
            return redirect("erasure", handle=certificate.handle)
    except (actions.NotAsked, actions.NotAlone, OutOfReach) as fault:
        problem = str(fault)
    return _draw(request, subject, form, problem)


def _draw(request: Request, subject: Subject, form: ConfirmForm, problem: str) -> HttpResponse:
    by = request.actor
    part = opening.open_part(by=by, subject=subject, facet=min(ALWAYS_THERE[subject.kind]))
    try:
        goes: list[dict[str, Any]] = _goes(by, subject)
    except OutOfReach as fault:
        goes, problem = [], str(fault)
    asked = ErasureRequest.objects.filter(subject=subject).first()
    waits = actions.may_confirm(by, asked) if asked else ""
    context = {
        "section": section(subject),
        "about": whose(part),
        "back_url": address(subject),
        "problem": problem,
        "goes": goes,
        "stays": words.STAYS,
        "asked": _asked(by, asked) if asked else None,
        "waits": words.WAITS[waits] if waits else "",
        "form": form if asked and not waits and goes else None,
        "certificates_url": reverse("erasures"),
    }
    return render(request, "desk/erase.html", context)


def _goes(by: Actor, subject: Subject) -> list[dict[str, Any]]:
    """Rows of a summary: how many of what. Codes a room counts and nothing is there of are left out."""
    goes = actions.plan(by=by, subject=subject).goes
    return [{"label": words.GOES[code], "value": str(goes[code])} for code in words.GOES if goes.get(code)]


def _asked(by: Actor, asked: ErasureRequest) -> dict[str, Any]:
    member = by.organisation.members.filter(handle=asked.asked_by).first()
    return {"who": member.name if member else _("A former member"), "at": dates.instant(asked.asked_at)}
