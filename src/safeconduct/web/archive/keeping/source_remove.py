"""Removing a source."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from safeconduct.archive import queries
from safeconduct.archive.actions.remove import remove
from safeconduct.archive.models import Source

from ...access import Request
from .removal import RemovalForm


def view(request: Request, handle: UUID) -> HttpResponse:
    """Ask, then remove it."""
    by = request.actor
    source = queries.source(by, handle)
    form = RemovalForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        remove(by=by, source=source)
        return redirect(f"{reverse('sources')}?done=removed")
    sealed = source.plane == Source.Plane.SEALED
    cited = source.passages.count()
    context = {
        "section": "archive",
        "heading": _("Remove a source"),
        "lede": " ".join(
            [
                _("Its bytes, its text, its stamps and its notes are deleted here and can be brought back by nobody."),
                _("Its key goes first, so that copies in backups open no more once they expire.") if sealed else "",
                _("Passages cited from it go with it: %(count)d.") % {"count": cited} if cited else "",
                _("The log keeps that a source was removed, when, by whom, and the hash it had committed to."),
                "" if sealed else _("What was published may be there no more where it came from."),
            ]
        ),
        "form": form,
        "save": _("Remove it"),
        "destroys": True,
        "cancel_url": reverse("source", args=[handle]),
    }
    return render(request, "desk/form.html", context)
