"""Reading what is due."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from .models import Item

# Most pressing first: a limit of the law, then those who wait for us, then those we wait for.
RANK: dict[str, int] = {
    Item.Kind.ACT_BY: 0,
    Item.Kind.ANSWER: 1,
    Item.Kind.REPLY_DUE: 2,
    Item.Kind.CHASE: 2,
}


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
