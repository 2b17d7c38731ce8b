"""Keyboard help."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from ...access import Request


def view(request: Request) -> HttpResponse:
    """The keys, and the ways a day may be typed."""
    return render(request, "desk/keys.html")
