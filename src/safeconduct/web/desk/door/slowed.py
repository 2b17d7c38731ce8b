"""The answer to somebody who has to wait before the next try: the same page, with a status that says so."""

from __future__ import annotations

from django.http import HttpResponse


def slowed(response: HttpResponse, seconds: int) -> HttpResponse:
    """``response`` as it is where nobody has to wait, else as 429 with the seconds in its header."""
    if seconds:
        response.status_code = 429
        response.headers["Retry-After"] = str(seconds)
    return response
