"""Masking somebody who could be harmed, in the reading copy and in what is found; never in the bytes."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.archive import queries
from safeconduct.archive.actions.masking import mask_word, unmask
from safeconduct.archive.faults import MaskedAlready, NothingMasked
from safeconduct.archive.models import Mask, Source

from ...access import Request
from ...forms import LineField
from ...words import dates


class MaskForm(forms.Form):
    """What to mask."""

    word = LineField(
        label=gettext_lazy("Name or words to mask"),
        help_text=gettext_lazy(
            "Wherever they stand in this source: its text, its titles, its addresses. They are kept nowhere once you"
            " have sent them."
        ),
        error_messages={"required": gettext_lazy("Type the name or the words.")},
    )
    whole = forms.BooleanField(
        label=gettext_lazy("Whole words only"),
        required=False,
        initial=True,
        help_text=gettext_lazy(
            "Turn this off for Arabic, Hebrew or Chinese, where a name can be written with other words."
        ),
    )


def view(request: Request, handle: UUID) -> HttpResponse:
    """The masks of a source, and the form that adds to them or takes some back."""
    by = request.actor
    source = queries.source(by, handle)
    masks = list(source.masks.select_related("by").order_by("part", "number", "start"))
    form, problem = MaskForm(), ""
    if request.method == "POST" and request.POST.get("do") == "unmask":
        chosen = [one for one in masks if one.handle.hex in request.POST.getlist("mask")]
        if chosen:
            with contextlib.suppress(MaskedAlready):  # somebody else did just that
                unmask(by=by, source=source, masks=chosen)
            return redirect(f"{reverse('source', args=[handle])}?done=unmasked")
        problem = _("Tick the places to show again.")
    elif request.method == "POST":
        form = MaskForm(request.POST)
        if form.is_valid():
            try:
                mask_word(by=by, source=source, word=form.cleaned_data["word"], whole=form.cleaned_data["whole"])
            except NothingMasked:
                form.add_error("word", _("These words stand nowhere in this source. Nothing was masked."))
            except MaskedAlready:
                form.add_error("word", _("They are masked already, wherever they stand."))
            else:
                return redirect(f"{reverse('source', args=[handle])}?done=masked")
    context = {
        "form": form,
        "problem": problem,
        "masks": _lines(source, masks),
        "back_url": reverse("source", args=[handle]),
    }
    return render(request, "archive/source_masks.html", context)


def _lines(source: Source, masks: Sequence[Mask]) -> list[dict[str, Any]]:
    """The masks as lines. What is under one is shown nowhere."""
    # Of one in confidence the rows know no posts.
    posts = [(one.start, one.end, one.number) for one in source.posts.order_by("number")]
    return [
        {
            "handle": one.handle.hex,
            "where": _where(one, posts),
            "length": one.end - one.start,
            "by": one.by.name,
            "at": dates.instant(one.at).text,
        }
        for one in masks
    ]


def _where(mask: Mask, posts: Sequence[tuple[int, int, int]]) -> str:
    if mask.part == Mask.Part.ADDRESS:
        return _("In the address it is from")
    if mask.part == Mask.Part.SAID:
        return _("In a title, an author’s name, a link or a picture’s words")
    number = next((number for start, end, number in posts if start <= mask.start < end), None)
    return _("In the text of post %(number)d") % {"number": number} if number is not None else _("In its text")
