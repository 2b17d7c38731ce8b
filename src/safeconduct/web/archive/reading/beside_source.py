"""What stands beside a source on its page: its passages, and what the member's teams wrote about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from safeconduct.accounts.actor import Actor
from safeconduct.archive.citing import around
from safeconduct.archive.citing.around import Wrote
from safeconduct.archive.citing.models import Collected
from safeconduct.archive.citing.shown import Shown, of_source
from safeconduct.archive.models import Source
from safeconduct.archive.reading.shape import Reading
from safeconduct.journal.actions import JournalUnavailable

from ...words import archive_cited as words
from ...words import dates
from ..citing.cited_forms import CiteForm, NoteForm, TagForm

_SHORT = 160


@dataclass(frozen=True, slots=True)
class Line:
    """A passage in a list: the shape of `archive/_passages.html`."""

    address: str
    url: str
    quote: str
    number: int
    orphan: bool


def cited(by: Actor, source: Source, reading: Reading) -> dict[str, Any]:
    """The context of `archive/_cite.html`, `_passages.html`, `_notes.html`, `_tags.html` and `_collections.html`.

    ``reading`` is the copy as it may be shown, opened already. Where the log cannot be written, what a team wrote about
    a public source stays closed, and ``unlogged`` says so. Raises what opening notes raises.
    """
    teams = around.teams_for(by, source)
    here = [source.handle]
    unlogged = False
    wrote: dict[str, list[dict[str, Any]]] = {"notes": [], "tags": [], "collections": []}
    try:
        wrote = {
            "notes": [note_line(one) for one in around.notes_of(by, source)],
            "tags": [tag_line(one) for one in around.tags_of(by, source)],
            "collections": kept_in(by, source),
        }
    except JournalUnavailable:
        if source.plane != Source.Plane.PUBLIC:
            raise
        unlogged = True
    return {
        **wrote,
        "unlogged": unlogged,
        "cite_form": CiteForm(auto_id="cite-%s"),
        "cite_url": reverse("passage-new", args=here),
        "passages": [line(one) for one in of_source(by, source, reading)],
        "note_form": NoteForm(teams=teams, auto_id="note-%s") if teams else None,
        "note_url": reverse("note-new", args=here),
        "tag_form": TagForm(teams=teams, auto_id="tag-%s") if teams else None,
        "tags_url": reverse("source-tags", args=here),
        "collect_url": reverse("collect", args=here) if teams else "",
    }


def line(one: Shown) -> Line:
    """One passage."""
    quote = " ".join(one.anchor.quote.split())
    short = quote if len(quote) <= _SHORT else quote[:_SHORT].rpartition(" ")[0] + " …"
    return Line(one.address, reverse("passage", args=[one.address]), short, one.number, one.is_orphan)


def note_line(one: Wrote) -> dict[str, Any]:
    """One note: the shape of `archive/_note.html`."""
    return {
        "text": one.text,
        "by": one.row.by.name,
        "team": one.row.team.name,
        "at": dates.instant(one.row.at),
        "passage": one.passage,
        "passage_url": reverse("passage", args=[one.passage]) if one.passage else "",
        "url": reverse("note", args=[one.row.handle]),
    }


def tag_line(one: Wrote) -> dict[str, Any]:
    """One word."""
    return {"text": one.text, "handle": one.row.handle.hex, "url": reverse("tag", args=[one.row.handle])}


def kept_in(by: Actor, source: Source, passage: int | None = None) -> list[dict[str, Any]]:
    """The collections of the member's teams that a source, or one passage of it (a row's id), is in."""
    rows = Collected.objects.filter(source=source, collection__team__in=by.teams)
    rows = rows if passage is None else rows.filter(passage=passage)
    ids = set(rows.values_list("collection_id", flat=True))
    return [collection_line(one) for one in around.collections(by, only=ids)] if ids else []


def collection_line(one: Wrote) -> dict[str, Any]:
    """One collection."""
    return {"name": one.text, "team": one.row.team.name, "url": reverse("collection", args=[one.row.handle])}


def source_address(source: Source, number: int | None = None) -> str:
    """A source's page, at one of its posts."""
    there = reverse("source", args=[source.handle])
    return f"{there}?post={number}#post-{number}" if number else there


def chosen(done: str) -> list[dict[str, Any]]:
    """The notice that something was done, by its code in the address."""
    return [{"text": str(words.DONE[done]), "kind": "done", "title": ""}] if done in words.DONE else []
