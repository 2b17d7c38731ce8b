"""Pages of a long list, by their number in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from .day.filters import address

ROWS: Final = 50


@dataclass(frozen=True, slots=True)
class Pages:
    """The shape of `components/pages.html`, and where the rows of this page begin."""

    start: int
    count: int
    text: str
    previous_url: str
    next_url: str

    @property
    def last(self) -> bool:
        """Whether nothing comes after this page."""
        return not self.next_url


def page_of(
    count: int,
    asked: str,
    path: str,
    query: Mapping[str, str],
    *,
    rows: int = ROWS,
    name: str = "page",
    most: int | None = None,
) -> Pages:
    """The page somebody asked for; the first for what is no number, the last for what lies beyond it.

    Args:
        name: what the page's number is called in the address, where one page has two lists.
        most: of a list that was counted no further, how far; its pages end there, and filters find the rest.
    """
    shown = count if most is None else min(count, most)
    pages = max(1, -(-shown // rows))
    number = min(max(1, int(asked)), pages) if asked.isascii() and asked.isdigit() else 1
    start = (number - 1) * rows

    def at(page: int) -> str:
        return address(path, {**query, name: str(page)} if page > 1 else query)

    text = (
        _("%(first)d to %(last)d of %(count)s") if shown == count else _("%(first)d to %(last)d of more than %(count)s")
    )
    return Pages(
        start,
        count,
        text % {"first": start + 1, "last": min(start + rows, shown), "count": shown},
        at(number - 1) if number > 1 else "",
        at(number + 1) if number < pages else "",
    )
