"""Who has looked at a record, newest first, what came together told once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from safeconduct.journal.models import READING_ACTS
from safeconduct.people.queries import Look

from ...words import acts, dates
from ...words.dates import Day

ROWS: Final = 60


@dataclass(frozen=True, slots=True)
class LookShown:
    """One line: who, what, when; `why` says how often, where it was more than once that day."""

    who: str
    what: str
    at: Day
    why: str


@dataclass(frozen=True, slots=True)
class Looked:
    """The shape of `components/looked.html`."""

    rows: list[LookShown]
    more_url: str = ""
    more_text: str = ""


def present(looks: Sequence[Look], *, me: str, rows: int = ROWS) -> Looked:
    """The newest ``rows`` of ``looks``; this reading itself, ``me`` being its reader's name, is left out."""
    own = next((one for one in looks if one.member == me and one.act in READING_ACTS), None)
    others = [replace(one, times=one.times - 1) if one is own else one for one in looks]
    shown = [
        LookShown(
            one.member or _("A former member"),
            str(acts.ACTS[one.act]),
            dates.instant(one.at),
            ngettext("%(times)d time", "%(times)d times", one.times) % {"times": one.times} if one.times > 1 else "",
        )
        for one in others
        if one.times
    ]
    return Looked(shown[:rows])
