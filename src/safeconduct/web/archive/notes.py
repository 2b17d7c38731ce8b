"""Notes on sources and passages, and words on sources: each sealed for one team."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from safeconduct.accounts.actor import Actor
from safeconduct.archive import queries
from safeconduct.archive.actions import notes as acts
from safeconduct.archive.citing import around
from safeconduct.archive.citing.addresses import NoAddress, short
from safeconduct.archive.citing.models import Note, Passage, Tag
from safeconduct.archive.citing.shown import find
from safeconduct.archive.faults import Changed, NoSource
from safeconduct.archive.models import Source

from ..access import Request
from ..words import archive_cited as words
from .beside_source import source_address
from .cited_forms import NoteForm, NoteTextForm, TagForm


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
    if request.method == "POST" and request.POST.get("then") == "remove":
        acts.remove(by=by, row=row)
        return redirect(f"{there}?done=note-removed")
    form = NoteTextForm(request.POST or None, initial={"revision": row.revision})
    problem = ""
    if not form.is_bound:
        form.initial["text"] = around.words_of(by, row)
    elif form.is_valid():
        try:
            acts.rewrite(by=by, row=row, text=form.cleaned_data["text"], read=form.cleaned_data["revision"])
        except acts.NotWritten:
            form.add_error("text", str(words.NOT_WRITTEN))
        except Changed:
            form, problem = _again(request, row), overtaken()
        else:
            return redirect(f"{there}?done=note-changed")
    context = {
        "heading": _("Change a note"),
        "form": form,
        "problem": problem,
        "save": _("Save"),
        "cancel_url": there,
        "remove_text": _("The note goes for good: its key goes with it."),
        "remove": _("Remove this note"),
    }
    return render(request, "archive/written.html", context, status=409 if problem else 200)


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


def overtaken() -> str:
    """What to do where somebody else saved first."""
    return _(
        "Somebody else saved this while you were writing. Nothing of theirs was overwritten, and what you typed is"
        " below. Look at theirs in another tab, then save again."
    )


def _again(request: Request, row: Note) -> NoteTextForm:
    fresh = around.note(request.actor, row.handle)
    data = request.POST.copy()
    data["revision"] = str(fresh.revision)
    return NoteTextForm(data)


def _tag(by: Actor, handle: str) -> Tag:
    try:
        return around.tag(by, UUID(hex=handle))
    except ValueError:
        raise NoSource("There is no such word.") from None
