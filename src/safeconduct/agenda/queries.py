"""Reading what is due. No page and no count looks at more rows than it shows, however many there are."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Final

from django.db import connection
from django.db.models import Q, QuerySet

from safeconduct.accounts.models import Member

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

MOST_COUNTED: Final = 1000
"""A longer list is "more than" that: counting a million rows would cost more than showing fifty."""

# What is asked about all ranks, teams and workers one by one; past it, teams are asked about together.
_MOST_PARTS: Final = 300


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


class Listing:
    """Things due in an order, read page by page.

    Rows are found for each rank, team and worker apart and merged, for then an index gives each part in its order and
    no more of it is read than the page shows.
    """

    def __init__(self, parts: Sequence[QuerySet[Item]], order: tuple[str, ...]) -> None:
        self._parts, self._order = parts, order

    def __getitem__(self, rows: slice) -> list[Item]:
        return list(self._upto(rows.stop)[rows])

    def __iter__(self) -> Iterator[Item]:
        return iter(self._upto(None))

    def count(self, most: int = MOST_COUNTED) -> int:
        """How many there are; ``most + 1`` where there are more than ``most``."""
        if not self._parts:
            return 0
        first, *others = (part.order_by().values("pk") for part in self._parts)
        return (first.union(*others, all=True) if others else first)[: most + 1].count()

    def first(self) -> Item | None:
        """The first of them, if there is any."""
        return next(iter(self[:1]), None)

    def exists(self) -> bool:
        """Whether there is any."""
        return self.first() is not None

    def _upto(self, stop: int | None) -> QuerySet[Item]:
        if not self._parts:
            return Item.objects.none()
        if len(self._parts) == 1:
            return self._parts[0].order_by(*self._order)
        parts = list(self._parts)
        # SQLite merges the parts in their order by itself; PostgreSQL has to be told that each part is one page.
        if stop is not None and connection.features.supports_slicing_ordering_in_compound:
            parts = [part.order_by(*self._order)[:stop] for part in parts]
        return parts[0].union(*parts[1:], all=True).order_by(*self._order)


def due(teams: Collection[int], wanted: Wanted, *, by: date) -> Listing:
    """What is due on or before a day, most pressing first. A removal is due from when it is known."""
    parts = [
        part.filter(rank=rank) if rank == _RANK[Item.Kind.REMOVAL] else part.filter(rank=rank, day__lte=by)
        for rank in _ranks(wanted.kind)
        for part in _parts(teams, wanted, times=len(_RANKS))
    ]
    return Listing(parts, ("rank", "day", "id"))


def coming(teams: Collection[int], wanted: Wanted, *, after: date, until: date | None = None) -> Listing:
    """What comes after a day and, where one is given, on or before another, soonest first."""
    days = Q(day__gt=after) if until is None else Q(day__gt=after, day__lte=until)
    return Listing([part.filter(days) for part in _parts(teams, wanted)], ("day", "rank", "id"))


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
    return list(rows.order_by("until_on", "id"))


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


def _parts(teams: Collection[int], wanted: Wanted, *, times: int = 1) -> list[QuerySet[Item]]:
    """Everything that is asked for, in parts that an index gives in order; each is asked about ``times`` times."""
    here, workers = _teams(teams, wanted), _workers(wanted)
    if len(here) * max(1, len(workers)) * times > _MOST_PARTS:
        return [things(teams, wanted)] if here else []
    rows: list[QuerySet[Item]]
    if workers:
        rows = [Item.objects.filter(team=team, worker=worker) for team, worker in product(here, workers)]
    elif wanted.worker == 0:
        rows = [Item.objects.filter(team=team, worker=None) for team in here]
    else:
        rows = [Item.objects.filter(team=team) for team in here]
    return [_of_kind(part, wanted) for part in rows]


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
