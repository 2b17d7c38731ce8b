"""Pages of a list: `?page=2`, and what the foot of the list says. Its shape is components/pages.html's."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.translation import gettext as _

_MOST = 100_000


def number_of(request: HttpRequest) -> int:
    """The page asked for, from 1; what is no such number is the first page."""
    text = request.GET.get("page", "1")
    return min(max(int(text), 1), _MOST) if text.isascii() and text.isdigit() else 1


def foot(number: int, *, shown: int, first: int, in_all: int, address: Callable[[int], str]) -> dict[str, str]:
    """``shown`` rows from row ``first`` (from 1) of ``in_all``; ``address`` gives the address of another page."""
    last = first + shown - 1
    return {
        "text": _("%(first)s to %(last)s of %(all)s")
        % {"first": f"{first:,}", "last": f"{last:,}", "all": f"{in_all:,}"},
        "previous_url": address(number - 1) if number > 1 else "",
        "next_url": address(number + 1) if shown and last < in_all else "",
    }
