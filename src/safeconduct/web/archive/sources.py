"""The sources that are kept."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from ..access import Request


def view(request: Request) -> HttpResponse:
    """The list."""
    return render(request, "archive/sources.html", {"sources": []})
