"""How much each member has: counts and days, of open facts alone. Nobody's record is opened for it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Member, Team
from safeconduct.accounts.queries import OWN
from safeconduct.agenda.models import Item
from safeconduct.agenda.queries import FOLLOW_UP, Wanted, things
from safeconduct.core.calendar.days import Nation, working_days
from safeconduct.core.policy.facts import Act

from . import policies
from .models import Case

SOON_WORKING_DAYS: Final = 5


@dataclass(frozen=True, slots=True)
class Load:
    """What one member has, or nobody (None): due by today, late by a standard, limits of the law soon, open cases."""

    member: Member | None
    due: int
    late: int
    act_by: int
    cases: int


def led(by: Actor) -> list[Team]:
    """The teams whose load the actor may see, by name."""
    return [team for team in by.teams if policies.allows(by, Act.SEE_LOAD, policies.of_team(team, by.organisation))]


def load_of(*, by: Actor, teams: Sequence[Team], on: date) -> list[Load]:
    """What everybody in these teams has, and whoever else still has some of it; most first. Raises `Refused`."""
    for team in teams:
        policies.require(by, Act.SEE_LOAD, policies.of_team(team, by.organisation))
    ids = [team.pk for team in teams]
    soon = working_days(Nation(by.organisation.nation)).add(on, SOON_WORKING_DAYS)
    due: Counter[int | None] = Counter()
    late: Counter[int | None] = Counter()
    act_by: Counter[int | None] = Counter()
    rows = things(ids, Wanted()).filter(day__lte=soon).order_by().values_list("worker", "kind", "rank")
    counted = rows.annotate(
        soon=Count("id"), now=Count("id", filter=Q(day__lte=on)), before=Count("id", filter=Q(day__lt=on))
    )
    for worker, kind, rank, coming, now, before in counted:
        due[worker] += coming if kind == Item.Kind.REMOVAL else now
        if kind == Item.Kind.REPLY_DUE:
            late[worker] += before
        elif kind == Item.Kind.CHASE and rank != FOLLOW_UP:
            late[worker] += now
        elif kind in (Item.Kind.ACT_BY, Item.Kind.REMOVAL):
            act_by[worker] += coming
    opened = Case.objects.filter(subject__waiting=False, team__in=ids, state=Case.State.OPEN).order_by()
    cases = dict(opened.values_list("worker").annotate(number=Count("id")))
    here = Member.objects.filter(memberships__team__in=ids)
    others = Member.objects.filter(pk__in=[worker for worker in {*due, *cases} if worker is not None])
    everybody = [*{one.pk: one for one in [*here, *others]}.values(), None]
    loads = [
        Load(member, due[key], late[key], act_by[key], cases.get(key, 0))
        for member in everybody
        for key in [member.pk if member else None]
    ]
    return sorted(loads, key=lambda one: (-one.due, -one.cases, one.member.name if one.member else ""))


def away_with_cases(by: Actor) -> QuerySet[Member]:
    """Members who are not at work now, for a while or for good, and still have open cases of the actor's teams."""
    theirs = Case.objects.filter(worker=OuterRef("pk"), state=Case.State.OPEN, team__in=list(by.memberships))
    away = by.organisation.members.exclude(state=Member.State.ACTIVE)
    return away.filter(Exists(theirs)).defer(*OWN).order_by("name")
