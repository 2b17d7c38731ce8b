"""The addresses of the archive: they carry handles and numbers, never what somebody typed or a source says."""

from __future__ import annotations

from django.urls import URLPattern, path, register_converter
from django.urls.converters import StringConverter

from .citing import collected, notes, passage, timeline
from .keeping import (
    quarantine,
    source_masks,
    source_read_anew,
    source_remove,
    source_take,
    source_took,
    source_watch,
    stamps,
)
from .leaving import hand_over, receive
from .reading import source, source_captured, source_differences, source_pdf, sources


class Address(StringConverter):
    """The short address of a passage, as somebody may type it."""

    regex = "[0-9A-Za-z]{12}"


class Record(StringConverter):
    """A file of citations for another program."""

    regex = "|".join(passage.TYPES)


register_converter(Address, "passage")
register_converter(Record, "record")

urlpatterns: list[URLPattern] = [
    # Sources
    path("archive", sources.view, name="sources"),
    path("archive/search", sources.search, name="sources-search"),
    path("archive/found/<uuid:handle>", sources.found, name="sources-found"),
    path("archive/take", source_take.view, name="source-take"),
    path("archive/took/<uuid:handle>", source_took.view, name="source-took"),
    path("archive/refused", quarantine.view, name="quarantine"),
    path("archive/refused/<uuid:handle>/bytes", quarantine.original, name="quarantine-bytes"),
    path("archive/refused/<uuid:handle>/discard", quarantine.discard, name="quarantine-discard"),
    path("archive/<uuid:handle>", source.view, name="source"),
    path("archive/<uuid:handle>/masks", source_masks.view, name="source-masks"),
    path("archive/<uuid:handle>/read-anew", source_read_anew.view, name="source-read-anew"),
    path("archive/<uuid:handle>/remove", source_remove.view, name="source-remove"),
    path("archive/<uuid:handle>/captured", source_captured.view, name="source-captured"),
    path("archive/<uuid:handle>/captured/page", source_captured.page, name="source-captured-page"),
    path("archive/<uuid:handle>/pdf", source_pdf.view, name="source-pdf"),
    path("archive/<uuid:handle>/stamps", stamps.view, name="source-stamp"),
    path(
        "archive/<uuid:handle>/posts/<int:number>/beside/<uuid:other>",
        source_differences.view,
        name="source-differences",
    ),
    # Passages
    path("archive/<uuid:handle>/passages/new", passage.new, name="passage-new"),
    path("p/<passage:address>", passage.view, name="passage"),
    path("p/<passage:address>/remove", passage.remove, name="passage-remove"),
    path("p/<passage:address>/<record:form>", passage.record, name="passage-record"),
    path("archive/<uuid:handle>/notes/new", notes.new, name="note-new"),
    path("archive/notes/<uuid:handle>", notes.view, name="note"),
    path("archive/<uuid:handle>/words", notes.tags, name="source-tags"),
    path("archive/words/<uuid:handle>", collected.tag, name="tag"),
    path("archive/<uuid:handle>/collect", collected.collect, name="collect"),
    path("archive/collections", collected.every, name="collections"),
    path("archive/collections/<uuid:handle>", collected.view, name="collection"),
    path("archive/collections/<uuid:handle>/edit", collected.edit, name="collection-edit"),
    path("archive/collections/<uuid:handle>/items", collected.items, name="collection-items"),
    path("archive/collections/<uuid:handle>/timeline", timeline.of_collection, name="collection-timeline"),
    path("archive/collections/<uuid:handle>/<record:form>", collected.record, name="collection-record"),
    path("archive/found/<uuid:handle>/timeline", timeline.of_search, name="sources-timeline"),
    # Watching and handing over
    path("archive/<uuid:handle>/watch", source_watch.view, name="source-watch"),
    path("archive/<uuid:handle>/hand-over", hand_over.of_source, name="source-hand-over"),
    path("archive/collections/<uuid:handle>/hand-over", hand_over.of_collection, name="collection-hand-over"),
    path("archive/receive", receive.view, name="receive"),
]
