"""What the desk protects and what it does not, for anybody to read."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def view(request: HttpRequest) -> HttpResponse:
    """The threat model's own words."""
    return render(request, "desk/promises.html")
