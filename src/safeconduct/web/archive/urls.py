"""The addresses of the archive: they carry handles and numbers, never what somebody typed or a source says."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import sources

urlpatterns: list[URLPattern] = [
    # Sources
    path("archive", sources.view, name="sources"),
    # Passages
    # Watching and handing over
]
