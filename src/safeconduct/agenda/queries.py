"""Reading what is due. No page and no count looks at more rows than it shows, however many there are."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Final

from django.db import connection
from django.db.models import QuerySet

from safeconduct.accounts.models import Member
from safeconduct.accounts.queries import own_of

from .listing import MOST_COUNTED as MOST_COUNTED
from .listing import Listing, Parts
from .models import Cover, Item

# Most pressing first: a removal, a limit of the law, then those who wait for us, whom to tell, what was promised and
# what we mean to do; then letters whose standard has passed, replies whose standard is running, what only the office's
# own days make due, and last the cases on which nothing happens.
_RANK: Final[Mapping[str, int]] = {
    Item.Kind.REMOVAL: 0,
    Item.Kind.ACT_BY: 1,
    Item.Kind.ANSWER: 2,
    Item.Kind.TELL: 3,
    Item.Kind.PROMISE: 4,
    Item.Kind.TASK: 5,
    Item.Kind.CHASE: 6,
    Item.Kind.REPLY_DUE: 7,
    Item.Kind.SILENCE: 9,
}
FOLLOW_UP: Final = 8
_RANKS: Final = range(10)

# What is asked about all ranks, teams and workers one by one. Past it teams are asked about together: SQLite merges no
# more than 500 parts.
_MOST_PARTS: Final[Mapping[str, int]] = {"sqlite": 300, "postgresql": 10_000}


def rank_of(kind: str, *, rule_version: int) -> int:
    """Where a thing due stands among those of other kinds. ``rule_version`` is 0 where no standard is published."""
    if kind == Item.Kind.CHASE and rule_version == 0:
        return FOLLOW_UP
    return _RANK[kind]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Filters: open facts only. ``worker``: a member's row id, 0 for nobody's, None for everybody's.

    ``besides``: members whose things are asked for together with the worker's, who sees to them for a while.
    """

    worker: int | None = None
    team: int | None = None
    topic: str = ""
    kind: str = ""
    besides: tuple[int, ...] = ()


def due(teams: Collection[int], wanted: Wanted, *, by: date) -> Listing:
    """What is due on or before a day, most pressing first. A removal is due from when it is known."""
    days = {rank: date.max if rank == _RANK[Item.Kind.REMOVAL] else by for rank in _ranks(wanted.kind)}
    parts = _parts(teams, wanted, times=len(days))
    return Listing(
        Parts(
            (*parts.columns, ("rank", "="), ("day", "<=")),
            [(*one, rank, day) for rank, day in sorted(days.items()) for one in parts.each],
            parts.conditions,
        ),
        ("rank", "day", "id"),
    )


def coming(teams: Collection[int], wanted: Wanted, *, after: date, until: date | None = None) -> Listing:
    """What comes after a day and, where one is given, on or before another, soonest first."""
    parts = _parts(teams, wanted)
    days = [('"day" > %s', [after]), *([('"day" <= %s', [until])] if until is not None else [])]
    return Listing(Parts(parts.columns, parts.each, [*parts.conditions, *days]), ("day", "rank", "id"))


def things(teams: Collection[int], wanted: Wanted) -> QuerySet[Item]:
    """Everything that is asked for, whenever it is due, in no order: to count by day, kind or worker."""
    rows = Item.objects.filter(team__in=_teams(teams, wanted))
    workers = _workers(wanted)
    if workers:
        rows = rows.filter(worker__in=workers)
    elif wanted.worker == 0:
        rows = rows.filter(worker=None)
    return _of_kind(rows, wanted)


def covered_by(member: Member, day: date) -> list[Cover]:
    """Those whose work a member sees to on a day, soonest back first."""
    rows = Cover.objects.filter(by=member, from_on__lte=day, until_on__gte=day).select_related("member")
    return list(rows.defer(*own_of("member")).order_by("until_on", "id"))


def covers_on(members: Collection[int], day: date) -> dict[int, list[Cover]]:
    """Who covers for each of these members on a day, by the member's row id."""
    found: dict[int, list[Cover]] = {}
    rows = Cover.objects.filter(member__in=members, from_on__lte=day, until_on__gte=day).select_related("by")
    for cover in rows.order_by("until_on", "id"):
        found.setdefault(cover.member_id, []).append(cover)
    return found


def covers_of(member: Member, *, after: date) -> QuerySet[Cover]:
    """The covers for a member that have not ended before a day, soonest first."""
    return (
        Cover.objects.filter(member=member, until_on__gte=after)
        .select_related("by", "member")
        .order_by("from_on", "id")
    )


def _parts(teams: Collection[int], wanted: Wanted, *, times: int = 1) -> Parts:
    """Everything that is asked for, in parts that an index gives in order; each is asked about ``times`` times."""
    here, workers = _teams(teams, wanted), _workers(wanted)
    conditions: list[tuple[str, Sequence[object]]] = []
    if wanted.topic:
        conditions.append(('"topic" = %s', [wanted.topic]))
    if wanted.kind:
        conditions.append(('"kind" = %s', [wanted.kind]))
    if wanted.worker == 0:
        conditions.append(('"worker_id" IS NULL', []))
    if len(here) * max(1, len(workers)) * times > _MOST_PARTS[connection.vendor]:
        conditions.append((_among("team_id", here), here))
        if workers:
            conditions.append((_among("worker_id", workers), workers))
        return Parts((), [()], conditions)
    if workers:
        return Parts((("team_id", "="), ("worker_id", "=")), list(product(here, workers)), conditions)
    return Parts((("team_id", "="),), [(team,) for team in here], conditions)


def _among(column: str, values: Sequence[int]) -> str:
    return f'"{column}" IN ({", ".join(["%s"] * len(values))})'


def _teams(teams: Collection[int], wanted: Wanted) -> list[int]:
    return sorted(team for team in teams if wanted.team in (None, team))


def _workers(wanted: Wanted) -> list[int]:
    return sorted({wanted.worker, *wanted.besides}) if wanted.worker else []


def _of_kind(rows: QuerySet[Item], wanted: Wanted) -> QuerySet[Item]:
    if wanted.topic:
        rows = rows.filter(topic=wanted.topic)
    return rows.filter(kind=wanted.kind) if wanted.kind else rows


def _ranks(kind: str) -> Collection[int]:
    """The ranks in which things of a kind stand; all of them for any kind."""
    if not kind:
        return _RANKS
    return {_RANK[kind], FOLLOW_UP} if kind == Item.Kind.CHASE else {_RANK[kind]}
