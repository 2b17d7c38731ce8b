"""Reading what is due."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import QuerySet

from .models import Item

# Most pressing first: a limit of the law, then those who wait for us, then those we wait for: letters whose standard
# has passed, replies whose standard is running, and last what only the office's own days make due.
_RANK: Final[Mapping[str, int]] = {Item.Kind.ACT_BY: 0, Item.Kind.ANSWER: 1, Item.Kind.CHASE: 2, Item.Kind.REPLY_DUE: 3}
FOLLOW_UP: Final = 4


def rank_of(kind: str, *, rule_version: int) -> int:
    """Where a thing due stands among those of other kinds. ``rule_version`` is 0 where no standard is published."""
    if kind == Item.Kind.CHASE and rule_version == 0:
        return FOLLOW_UP
    return _RANK[kind]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Filters: open facts only. ``worker``: a member's row id, 0 for nobody's, None for everybody's."""

    worker: int | None = None
    team: int | None = None
    topic: str = ""
    kind: str = ""


def due(teams: Collection[int], wanted: Wanted, *, by: date) -> QuerySet[Item]:
    """What is due on or before a day, most pressing first."""
    return _of(teams, wanted).filter(day__lte=by).order_by("rank", "day", "id")


def coming(teams: Collection[int], wanted: Wanted, *, after: date) -> QuerySet[Item]:
    """What comes after a day, soonest first."""
    return _of(teams, wanted).filter(day__gt=after).order_by("day", "rank", "id")


def _of(teams: Collection[int], wanted: Wanted) -> QuerySet[Item]:
    rows = Item.objects.filter(team__in=list(teams))
    if wanted.team is not None:
        rows = rows.filter(team=wanted.team)
    if wanted.worker is not None:
        rows = rows.filter(worker=wanted.worker or None)
    if wanted.topic:
        rows = rows.filter(topic=wanted.topic)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    return rows
