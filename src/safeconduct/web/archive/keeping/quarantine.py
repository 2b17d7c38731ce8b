"""What was refused: kept apart as it came, with the reason; handed back, or discarded."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.accounts.actor import Actor
from safeconduct.archive import beside, queries
from safeconduct.archive.actions.quarantine import Because
from safeconduct.archive.actions.quarantine import discard as discard_refused
from safeconduct.archive.faults import NoSource
from safeconduct.archive.models import Quarantined
from safeconduct.core.policy.facts import Act

from ...access import Request
from ...desk.pages import ROWS, page_of
from ...words import archive_sources as words
from ...words import dates, papers
from .removal import RemovalForm

_STRICT: Final = "sandbox; default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
DONE: Final = {
    "discarded": gettext_lazy("Discarded. The log says that bytes were refused once, that they went, and why.")
}


class DiscardForm(RemovalForm):
    """Why they go, and a box to tick."""

    because = forms.ChoiceField(
        label=gettext_lazy("Why are they discarded?"),
        choices=[("", gettext_lazy("Choose")), *words.BECAUSE.items()],
        error_messages={"required": gettext_lazy("Choose why. It stands in the log.")},
    )
    field_order = ("because", "sure")


def view(request: Request) -> HttpResponse:
    """The list, newest first. Nothing of the bytes is opened for it."""
    by = request.actor
    rows = queries.quarantined(by)
    pages = page_of(rows.count(), request.GET.get("page", ""), reverse("quarantine"), {})
    done = request.GET.get("done", "")
    context = {
        "rows": [_line(by, one) for one in rows[pages.start : pages.start + ROWS]],
        "pages": pages,
        "notices": [{"text": DONE[done], "kind": "done", "title": ""}] if done in DONE else [],
    }
    return render(request, "archive/quarantine.html", context)


def original(request: Request, handle: UUID) -> HttpResponse:
    """The bytes, for a browser to save and never to show. Of those in confidence the log says that they left."""
    row = _row(request.actor, handle)
    response = HttpResponse(beside.refused_bytes(request.actor, row), content_type="application/octet-stream")
    # No ending that a system would open by itself: these bytes were refused for a reason.
    response.headers["Content-Disposition"] = 'attachment; filename="refused.bin"'
    response.headers["Content-Security-Policy"] = _STRICT
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def discard(request: Request, handle: UUID) -> HttpResponse:
    """Ask, then discard them."""
    row = _row(request.actor, handle)
    form = DiscardForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        discard_refused(by=request.actor, row=row, because=Because(int(form.cleaned_data["because"])))
        return redirect(f"{reverse('quarantine')}?done=discarded")
    context = {
        "section": "archive",
        "heading": _("Discard refused bytes"),
        "eyebrow": dates.instant(row.at).text,
        "lede": _("They were refused: %(why)s They are deleted here and can be brought back by nobody.")
        % {"why": words.UNFIT[row.reason]},
        "form": form,
        "save": _("Discard them"),
        "destroys": True,
        "cancel_url": reverse("quarantine"),
    }
    return render(request, "desk/form.html", context)


def _row(by: Actor, handle: UUID) -> Quarantined:
    row = beside.refused_one(by, handle)
    if row is None:
        raise NoSource("There are no such bytes, or your teams do not hold them.")
    return row


def _line(by: Actor, one: Quarantined) -> dict[str, Any]:
    return {
        "why": words.UNFIT[one.reason],
        "at": dates.instant(one.at),
        "by": one.by.name,
        "size": papers.size(one.stored_bytes),
        "team": one.team.name if one.team else "",
        "original_url": reverse("quarantine-bytes", args=[one.handle]),
        "discard_url": reverse("quarantine-discard", args=[one.handle])
        if beside.may(by, Act.REMOVE_SOURCE, one)
        else "",
    }
