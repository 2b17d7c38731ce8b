"""Collections: what a team keeps together, in its order, with the bibliography of the whole; and words on sources."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.accounts.actor import Actor
from safeconduct.archive import queries
from safeconduct.archive.actions import notes as acts
from safeconduct.archive.citing import around, lines
from safeconduct.archive.citing.addresses import short
from safeconduct.archive.citing.around import Item
from safeconduct.archive.citing.models import Collected, Collection, Tag
from safeconduct.archive.citing.works import Work
from safeconduct.archive.faults import Changed
from safeconduct.archive.models import Source

from ...access import Request
from ...words import archive_cited as words
from ..reading.beside_source import chosen, source_address
from . import written_anew
from .cited_forms import CollectForm, CollectionForm, NameForm
from .notes import passage_of
from .passage import as_file
from .written_anew import Anew

_ANEW: Final = Anew(
    NameForm,
    heading=gettext_lazy("Rename a collection"),
    save=gettext_lazy("Rename"),
    remove=gettext_lazy("Remove this collection"),
    remove_text=gettext_lazy("The collection goes for good. The sources and passages in it stay in the archive."),
    done="renamed",
    removed="collection-removed",
)


def every(request: Request) -> HttpResponse:
    """The collections of the member's teams, the words on sources, and the form that begins a collection."""
    by = request.actor
    form = CollectionForm(request.POST or None, teams=by.teams)
    if form.is_bound and form.is_valid():
        try:
            row = acts.add_collection(by=by, team=form.of_team(), name=form.cleaned_data["name"])
        except acts.NotWritten:
            form.add_error("name", str(words.NOT_WRITTEN))
        else:
            return redirect(f"{_address(row)}?done=begun")
    several = len(by.teams) > 1
    counts = dict(Collected.objects.values_list("collection_id").annotate(count=Count("pk")))
    on = dict(Tag.sources.through.objects.values_list("tag_id").annotate(count=Count("pk")))
    context = {
        "collections": [
            {
                "name": one.text,
                "team": one.row.team.name if several else "",
                "count": words.items(counts.get(one.row.pk, 0)),
                "url": reverse("collection", args=[one.row.handle]),
            }
            for one in around.collections(by)
        ],
        "tags": [
            {
                "text": one.text,
                "count": words.sources(on.get(one.row.pk, 0)),
                "url": reverse("tag", args=[one.row.handle]),
            }
            for one in around.tags(by)
        ],
        "form": form,
        "in_a_team": bool(by.teams),
        "notices": chosen(request.GET.get("done", "")),
    }
    return render(request, "archive/collections.html", context)


def view(request: Request, handle: UUID) -> HttpResponse:
    """What is in a collection, in its order, and the bibliography of the whole."""
    by = request.actor
    row = around.collection(by, handle)
    name = around.words_of(by, row)
    items = around.items(by, row)
    style = request.GET.get("style", "")
    chosen_style = lines.Style(style) if style in set(lines.Style) else lines.Style.OSCOLA
    here = _address(row)
    context = {
        "name": name,
        "team": row.team.name,
        "items": [_item(one) for one in items],
        "items_url": reverse("collection-items", args=[row.handle]),
        "styles": [
            {"name": named, "url": f"{here}?style={one}", "current": one == chosen_style}
            for one, named in words.STYLES.items()
        ],
        "bibliography": bibliography([one.work for one in items], chosen_style),
        "records": [
            {"name": named, "url": reverse("collection-record", args=[row.handle, form])}
            for form, named in words.RECORDS.items()
        ],
        "kept_back": any(one.source.plane == Source.Plane.SEALED for one in items),
        "edit_url": reverse("collection-edit", args=[row.handle]),
        "timeline_url": reverse("collection-timeline", args=[row.handle]),
        "collection": row,
        "notices": chosen(request.GET.get("done", "")),
    }
    return render(request, "archive/collection.html", context)


def edit(request: Request, handle: UUID) -> HttpResponse:
    """Rename a collection, or remove it."""
    row = around.collection(request.actor, handle)
    return written_anew.page(request, row, _ANEW, there=_address(row), after=reverse("collections"))


def items(request: Request, handle: UUID) -> HttpResponse:
    """Move something up or down in a collection, or take it out."""
    by = request.actor
    row = around.collection(by, handle)
    do, named = request.POST.get("do", ""), request.POST.get("item", "")
    item = row.items.filter(pk=int(named)).first() if named.isascii() and named.isdigit() else None
    if item is None:
        raise Changed("This was taken out by now.")
    if do == "out":
        acts.take_out(by=by, item=item)
        return redirect(f"{_address(row)}?done=taken-out")
    acts.move(by=by, item=item, up=do == "up")
    return redirect(f"{_address(row)}?done=moved#item-{item.pk}")


def record(request: Request, handle: UUID, form: str) -> HttpResponse:
    """The bibliography as a file for another program: of public sources alone."""
    row = around.collection(request.actor, handle)
    public = [one.work for one in around.items(request.actor, row) if one.source.plane == Source.Plane.PUBLIC]
    return as_file(list({work.key: work for work in public}.values()), form, "bibliography")


def collect(request: Request, handle: UUID) -> HttpResponse:
    """Add a source, or a passage of it, to a collection that is there or that begins with it."""
    by = request.actor
    source = queries.source(by, handle)
    passage = passage_of(by, source, request.GET.get("passage", ""))
    there = reverse("passage", args=[short(passage.handle)]) if passage else source_address(source)
    teams = around.teams_for(by, source)
    offered = {one.row.handle.hex: one for one in around.collections(by, teams)}
    choices = [(key, one.text) for key, one in offered.items()]
    form = CollectForm(request.POST or None, collections=choices, teams=teams)
    if form.is_bound and form.is_valid():
        try:
            row = _chosen(by, form, {key: one.row for key, one in offered.items()})
            acts.collect(by=by, collection=row, source=source, passage=passage)
        except acts.NotWritten:
            form.add_error("name", str(words.NOT_WRITTEN))
        else:
            return redirect(f"{_address(row)}?done=collected")
    context = {
        "section": "archive",
        "heading": _("Add this passage to a collection") if passage else _("Add this source to a collection"),
        "lede": _("It keeps sources and passages together, in an order, with one bibliography. Its name is sealed."),
        "form": form,
        "save": _("Add"),
        "cancel_url": there,
    }
    return render(request, "desk/form.html", context)


def tag(request: Request, handle: UUID) -> HttpResponse:
    """The sources a word was put on."""
    by = request.actor
    row = around.tag(by, handle)
    word = around.words_of(by, row)
    found = around.read(by, around.sources_of(by, row)).values()
    context = {
        "word": word,
        "team": row.team.name,
        "sources": [
            {
                "url": source_address(source),
                "title": reading.title or reading.posts[0].title or _opening(reading.raw) if reading.posts else "",
                "author": reading.author or "",
                "date": words.when(source.from_on, source.until_on) if source.from_on else "",
                "in_confidence": source.plane == Source.Plane.SEALED,
            }
            for source, reading in found
        ],
    }
    return render(request, "archive/tag.html", context)


def bibliography(works: Sequence[Work], style: lines.Style) -> list[str]:
    """The citations of works in a style, each once, in the order of their letters as these styles have it."""
    return sorted({lines.line(work, style) for work in works}, key=lambda one: one.casefold().lstrip("‘“\u2068"))


def _item(one: Item) -> dict[str, Any]:
    passage = one.passage
    return {
        "pk": one.row.pk,
        "quote": " ".join(passage.anchor.quote.split()) if passage else "",
        "orphan": bool(passage and passage.is_orphan),
        "url": reverse("passage", args=[passage.address]) if passage else source_address(one.source),
        "title": one.work.title or one.work.opening,
        "author": one.work.author or "",
        "in_confidence": one.source.plane == Source.Plane.SEALED,
    }


def _chosen(by: Actor, form: CollectForm, offered: dict[str, Any]) -> Collection:
    named = form.cleaned_data.get("collection")
    if named and not form.cleaned_data["name"].strip():
        row: Collection = offered[named]
        return row
    return acts.add_collection(by=by, team=form.of_team(), name=form.cleaned_data["name"])


def _opening(raw: str) -> str:
    return " ".join(raw[:200].split())


def _address(row: Collection) -> str:
    return reverse("collection", args=[row.handle])
