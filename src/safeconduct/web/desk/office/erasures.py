"""Certificates of erasure: all of the office's, and one of them, to be printed and given to whom it concerns."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from safeconduct.people.certificates import certificate, certificates
from safeconduct.people.models import Erasure

from ...access import Request
from ...words import dates
from ...words import erasures as words
from ..pages import page_of

_ROWS = 50


def view(request: Request) -> HttpResponse:
    """Newest first."""
    found = certificates(request.actor)
    pages = page_of(found.count(), request.GET.get("page", ""), request.path, {}, rows=_ROWS)
    rows = [
        {
            "what": words.KINDS[one.kind],
            "number": number(one),
            "on": dates.day(one.on),
            "ended": _ended(one),
            "url": reverse("erasure", args=[one.handle]),
        }
        for one in found[pages.start : pages.start + _ROWS]
    ]
    return render(request, "desk/erasures.html", {"rows": rows, "pages": pages})


def one(request: Request, handle: UUID) -> HttpResponse:
    """A certificate names nobody: who it is about knows, and whoever hands it to them."""
    found = certificate(request.actor, handle)
    context = {
        "number": number(found),
        "office": request.actor.organisation.name,
        "rows": _rows(found),
        "promise": words.PROMISE,
        "finished": found.destroyed_on is not None,
    }
    return render(request, "desk/erasure.html", context)


def number(of: Erasure) -> str:
    """What a certificate is called on paper."""
    return str(of.handle.hex[:12]).upper()


def _ended(of: Erasure) -> str:
    if of.destroyed_on:
        return _("key destroyed on %(day)s") % {"day": dates.plain(of.destroyed_on)}
    return _("backups expire by %(day)s") % {"day": dates.plain(of.unreadable_by)}


def _rows(of: Erasure) -> list[dict[str, Any]]:
    waiting = _("Not yet. The first backup made after %(day)s destroys it.") % {"day": dates.plain(of.unreadable_by)}
    return [
        {"label": _("What was erased"), "value": words.KINDS[of.kind]},
        {"label": _("Erased from the desk on"), "value": dates.day(of.on)},
        {"label": _("Backups expire by"), "value": dates.day(of.unreadable_by)},
        {"label": _("Key destroyed on"), "value": dates.day(of.destroyed_on) if of.destroyed_on else waiting},
        {
            "label": _("Copies partners took"),
            "value": _("None: this desk hands nothing on to other organisations."),
        },
    ]
