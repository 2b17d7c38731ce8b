"""Who has looked at a record, newest first, what came together told once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from safeconduct.core.calendar.days import LONDON
from safeconduct.journal.models import READING_ACTS
from safeconduct.people.queries import Look

from ..words import acts, dates
from ..words.dates import Day

ROWS: Final = 12


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
    own = next((at for at, one in enumerate(looks) if one.member == me and one.act in READING_ACTS), None)
    others = [one for at, one in enumerate(looks) if at != own]
    shown: list[LookShown] = []
    for (member, act, _on), group in groupby(others, key=lambda one: (one.member, one.act, _day(one.at))):
        newest, *earlier = group
        times = 1 + len(earlier)
        often = ngettext("%(times)d time", "%(times)d times", times) % {"times": times} if earlier else ""
        shown.append(LookShown(member or _("A former member"), str(acts.ACTS[act]), dates.instant(newest.at), often))
        if len(shown) == rows:
            break
    return Looked(shown)


def _day(at: datetime) -> str:
    return at.astimezone(LONDON).date().isoformat()
