"""Notes on sources and passages, and words on sources: each sealed for one team."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.accounts.actor import Actor
from safeconduct.archive import queries
from safeconduct.archive.actions import notes as acts
from safeconduct.archive.citing import around
from safeconduct.archive.citing.addresses import NoAddress, short
from safeconduct.archive.citing.models import Passage, Tag
from safeconduct.archive.citing.shown import find
from safeconduct.archive.faults import NoSource
from safeconduct.archive.models import Source

from ...access import Request
from ...words import archive_cited as words
from ..reading.beside_source import source_address
from . import written_anew
from .cited_forms import NoteForm, NoteTextForm, TagForm
from .written_anew import Anew

_ANEW: Final = Anew(
    NoteTextForm,
    heading=gettext_lazy("Change a note"),
    save=gettext_lazy("Save"),
    remove=gettext_lazy("Remove this note"),
    remove_text=gettext_lazy("The note goes for good: its key goes with it."),
    done="note-changed",
    removed="note-removed",
)


def new(request: Request, handle: UUID) -> HttpResponse:
    """Write a note on a source, or on a passage of it."""
    by = request.actor
    source = queries.source(by, handle)
    named = request.POST.get("passage", "") or request.GET.get("passage", "")
    passage = passage_of(by, source, named)
    there = reverse("passage", args=[short(passage.handle)]) if passage else source_address(source)
    teams = around.teams_for(by, source)
    form = NoteForm(request.POST or None, teams=teams, initial={"passage": named})
    if form.is_bound and form.is_valid():
        try:
            text = form.cleaned_data["text"]
            acts.add_note(by=by, team=form.of_team(), source=source, text=text, passage=passage)
        except acts.NotWritten:
            form.add_error("text", str(words.NOT_WRITTEN))
        else:
            return redirect(f"{there}?done=noted")
    context = {
        "section": "archive",
        "heading": _("Write a note"),
        "lede": _("Sealed: only the team it is for can read it."),
        "form": form,
        "cancel_url": there,
    }
    return render(request, "desk/form.html", context)


def view(request: Request, handle: UUID) -> HttpResponse:
    """A note: written anew, or removed."""
    by = request.actor
    row = around.note(by, handle)
    source = queries.source(by, row.source.handle)
    there = reverse("passage", args=[short(row.passage.handle)]) if row.passage else source_address(source)
    return written_anew.page(request, row, _ANEW, there=there)


def tags(request: Request, handle: UUID) -> HttpResponse:
    """Put a word on a source, or take one off."""
    by = request.actor
    source = queries.source(by, handle)
    there = source_address(source)
    teams = around.teams_for(by, source)
    taken = request.POST.get("take", "")
    if taken:
        acts.take_tag(by=by, tag=_tag(by, taken), source=source)
        return redirect(f"{there}?done=untagged")
    form = TagForm(request.POST or None, teams=teams)
    if form.is_bound and form.is_valid():
        try:
            acts.add_tag(by=by, team=form.of_team(), source=source, word=form.cleaned_data["word"])
        except acts.NotWritten:
            form.add_error("word", str(words.NOT_WRITTEN))
        else:
            return redirect(f"{there}?done=tagged")
    context = {
        "section": "archive",
        "heading": _("Put a word on a source"),
        "lede": _("Sources with the same word are found together. Sealed: only the team it is for can read it."),
        "form": form,
        "cancel_url": there,
    }
    return render(request, "desk/form.html", context)


def passage_of(by: Actor, source: Source, address: str) -> Passage | None:
    """The passage of a source by its short address; None for no address. Raises `NoSource`: it is not of it."""
    if not address:
        return None
    try:
        found = find(by, address)
    except NoAddress:
        raise NoSource("There is no such passage.") from None
    if found.source != source:
        raise NoSource("There is no such passage of this source.")
    return found.row


def _tag(by: Actor, handle: str) -> Tag:
    try:
        return around.tag(by, UUID(hex=handle))
    except ValueError:
        raise NoSource("There is no such word.") from None
