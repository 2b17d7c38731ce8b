"""Reading a calendar by the secret of its address. Whoever asks has no session: days, kinds and counts come back."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Count

from safeconduct.accounts.keys import today
from safeconduct.accounts.models import Member, Membership

from .actions.feed import hashed
from .models import Feed
from .queries import Wanted, covered_by, things

AHEAD: Final = timedelta(weeks=12)


@dataclass(frozen=True, slots=True)
class Days:
    """How many things of each kind stand on each day: what was due before today stands on today."""

    feed: UUID
    on: date
    counts: Mapping[tuple[date, str], int]


def read_feed(secret: str) -> Days | None:
    """What a member's calendar shows today; None where the secret opens none, or they are not at work.

    An unknown secret is looked up and counted for as a known one is, so that the time says nothing. The day of the
    last reading is written once a day, and nothing else.
    """
    day = today()
    feed = Feed.objects.select_related("member").filter(secret_hash=hashed(secret)).first()
    member = feed.member if feed is not None else Member(pk=0)
    teams = list(Membership.objects.filter(member=member).values_list("team_id", flat=True))
    wanted = Wanted(worker=member.pk or -1, besides=tuple(one.member_id for one in covered_by(member, day)))
    rows = things(teams or [0], wanted).filter(day__lte=day + AHEAD)
    counts: Counter[tuple[date, str]] = Counter()
    for on, kind, number in rows.order_by().values_list("day", "kind").annotate(number=Count("id")):
        # A removal is due from when it is known, and stands on its own day in a calendar nevertheless.
        counts[max(on, day), kind] += number
    if feed is None or member.state != Member.State.ACTIVE:
        return None
    if feed.read_on != day:
        Feed.objects.filter(pk=feed.pk).update(read_on=day)
    return Days(feed.handle, day, counts)
