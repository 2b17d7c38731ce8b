"""The addresses of the archive: they carry handles and numbers, never what somebody typed or a source says."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import (
    quarantine,
    source,
    source_captured,
    source_differences,
    source_masks,
    source_pdf,
    source_remove,
    source_take,
    sources,
    stamps,
)

urlpatterns: list[URLPattern] = [
    # Sources
    path("archive", sources.view, name="sources"),
    path("archive/search", sources.search, name="sources-search"),
    path("archive/found/<uuid:handle>", sources.found, name="sources-found"),
    path("archive/take", source_take.view, name="source-take"),
    path("archive/took/<uuid:handle>", source_take.took, name="source-took"),
    path("archive/refused", quarantine.view, name="quarantine"),
    path("archive/refused/<uuid:handle>/bytes", quarantine.original, name="quarantine-bytes"),
    path("archive/refused/<uuid:handle>/discard", quarantine.discard, name="quarantine-discard"),
    path("archive/<uuid:handle>", source.view, name="source"),
    path("archive/<uuid:handle>/masks", source_masks.view, name="source-masks"),
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
    # Watching and handing over
]
