"""Reading a source anew from its bytes: what may change is said first."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from safeconduct.archive import queries
from safeconduct.archive.actions.read_anew import MasksFall, NotReadAnew, read_anew
from safeconduct.archive.faults import CannotRead

from ...access import Request
from ...words import archive_sources as words


class AnewForm(forms.Form):
    """Nothing to fill in, but where masks would go."""

    fall = forms.BooleanField(
        label=gettext_lazy("These masks may go; I will look through the source afterwards"),
        error_messages={"required": gettext_lazy("Say so, or leave it as it was read.")},
    )

    def __init__(self, *args: Any, falls: bool, **named: Any) -> None:
        super().__init__(*args, **named)
        if not falls:
            del self.fields["fall"]


def view(request: Request, handle: UUID) -> HttpResponse:
    """Say what may change; then read it anew."""
    by, falls, problem = request.actor, "fall" in request.POST, ""
    source = queries.source(by, handle)
    form = AnewForm(request.POST if request.method == "POST" else None, falls=falls)
    there = reverse("source", args=[handle])
    if form.is_bound and form.is_valid():
        try:
            anew = read_anew(by=by, source=source, may_fall=falls)
        except MasksFall as fault:
            form, problem = AnewForm(falls=True), _falls(fault.count)
        except NotReadAnew:
            problem = _("Its bytes read as nothing that is kept, or as something else. It stays as it was read.")
        except CannotRead:
            problem = str(words.NOT_INSTALLED)
        else:
            changed = "orphans" if anew.orphans else "anew"
            masked = "-masked" if source.masks.exists() or anew.fallen else ""
            return redirect(f"{there}?done={changed + masked if anew.changed else 'same'}")
    context = {
        "section": "archive",
        "heading": _("Read it anew"),
        "lede": " ".join(_said(masks=source.masks.count(), passages=source.passages.count())),
        "form": form,
        "problem": problem,
        "save": _("Read it anew"),
        "cancel_url": there,
    }
    return render(request, "desk/form.html", context, status=409 if problem else 200)


def _said(*, masks: int, passages: int) -> list[str]:
    said = [
        _("The desk reads the bytes that are kept once more, as it reads today. The bytes, hash and stamps stay."),
        _("Its text, posts, dates and titles here may be others afterwards."),
    ]
    if masks:
        said.append(_("What is masked is masked again wherever it stands; where it does not, you are asked first."))
    if passages:
        said.append(
            _("A passage whose words or surroundings are not there to the letter any more is an orphan from then on.")
        )
    return said


def _falls(count: int) -> str:
    return ngettext(
        "What %(count)d mask covers does not stand in the new reading letter for letter. It may stand there in other"
        " letters, and would be seen. Nothing was changed yet.",
        "What %(count)d masks cover does not stand in the new reading letter for letter. It may stand there in other"
        " letters, and would be seen. Nothing was changed yet.",
        count,
    ) % {"count": count}
