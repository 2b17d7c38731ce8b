"""Words of what leaves the desk as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from safeconduct.casework.exporting.taking import Counts

_PARTS: Final[Mapping[str, Callable[[int], str]]] = {
    "people": lambda n: ngettext("%(n)s person", "%(n)s people", n),
    "households": lambda n: ngettext("%(n)s household", "%(n)s households", n),
    "cases": lambda n: ngettext("%(n)s case", "%(n)s cases", n),
    "messages": lambda n: ngettext("%(n)s message", "%(n)s messages", n),
    "papers": lambda n: ngettext("%(n)s paper", "%(n)s papers", n),
}


def held(counts: Counts) -> list[str]:
    """`214 people`, `260 cases`, …: only what there is any of, people always."""
    numbers = counts.records | {"papers": counts.papers}
    return [
        _PARTS[name](many) % {"n": f"{many:,}"}
        for name, many in numbers.items()
        if name in _PARTS and (many or name == "people")
    ]


def cases(many: int) -> str:
    """`260 cases`."""
    return _PARTS["cases"](many) % {"n": f"{many:,}"}


def another_number(there: int) -> str:
    """What is said where another number was typed."""
    return _("There are %(there)s. Look again at what you chose, and type that number if it is what should leave.") % {
        "there": f"{there:,}"
    }
