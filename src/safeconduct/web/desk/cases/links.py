"""Addresses of a case that keep its place in the list it was opened from."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from safeconduct.casework.models import Case

from ..day import queue
from ..day.filters import address


def case_address(request: HttpRequest, case: Case, **query: str) -> str:
    """The case's page. ``query`` says what was just done (codes and handles); the place in the list is carried on."""
    return address(reverse("case", args=[case.handle]), {**query, **queue.stays(request.GET)})
