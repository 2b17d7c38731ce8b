"""A member's calendar elsewhere: who reads it, what it counts, and when it ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from safeconduct.accounts.keys import today
from safeconduct.accounts.models import Member
from safeconduct.agenda.actions.cover import set_cover
from safeconduct.agenda.actions.feed import end_feed, hashed, make_feed
from safeconduct.agenda.actions.leaving import end_access, put_on_leave
from safeconduct.agenda.feeds import AHEAD, read_feed
from safeconduct.agenda.models import Feed, Item
from safeconduct.journal.fields import new_handle
from safeconduct.journal.models import Act, Entry
from tests import builders
from tests.builders import Colleague, Office

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Office:
    return builders.office()


@pytest.fixture
def worker(place: Office) -> Colleague:
    return builders.member(place)


def thing(place: Office, of: Colleague | None, *, days: int = 0, kind: str = "task") -> Item:
    return Item.objects.create(
        kind=kind,
        day=today() + timedelta(days=days),
        team=place.team,
        worker=of.member if of else None,
        topic="asylum",
        handle=new_handle(),
        case=new_handle(),
        rank=5,
    )


def test_it_counts_its_members_own_things_by_day_and_kind(place: Office, worker: Colleague) -> None:
    thing(place, worker, days=-9)
    thing(place, worker)
    thing(place, worker, days=2)
    thing(place, worker, days=2, kind="promise")
    thing(place, None, days=2)
    thing(place, place.guardian, days=2)
    thing(place, worker, days=AHEAD.days + 1)
    found = read_feed(make_feed(by=worker.actor))
    assert found is not None
    day = today()
    assert dict(found.counts) == {
        (day, "task"): 2,
        (day + timedelta(2), "task"): 1,
        (day + timedelta(2), "promise"): 1,
    }


def test_what_they_cover_for_is_in_it(place: Office, worker: Colleague) -> None:
    away = builders.member(place, "Ada Away")
    thing(place, away)
    secret = make_feed(by=worker.actor)
    assert dict(read_feed(secret).counts) == {}  # type: ignore[union-attr]  # it is read
    set_cover(by=away.actor, member=away.member, colleague=worker.member, from_on=today(), until_on=today())
    assert dict(read_feed(secret).counts) == {(today(), "task"): 1}  # type: ignore[union-attr]  # as above


def test_only_its_hash_is_kept(worker: Colleague) -> None:
    secret = make_feed(by=worker.actor)
    feed = Feed.objects.get()
    assert bytes(feed.secret_hash) == hashed(secret)
    assert secret.encode() not in bytes(feed.secret_hash)
    assert len(secret) == 43


def test_made_again_the_old_address_answers_nothing(worker: Colleague) -> None:
    old = make_feed(by=worker.actor)
    new = make_feed(by=worker.actor)
    assert read_feed(old) is None
    assert read_feed(new) is not None
    end_feed(by=worker.actor)
    assert read_feed(new) is None
    end_feed(by=worker.actor)
    acts = Entry.objects.filter(act__in=[Act.FEED_MADE, Act.FEED_ENDED]).order_by("pk").values_list("act", flat=True)
    assert list(acts) == [Act.FEED_MADE, Act.FEED_MADE, Act.FEED_ENDED]


ENDINGS: dict[str, Callable[[Office, Colleague], None]] = {
    "leave": lambda place, worker: put_on_leave(by=place.guardian.actor, member=worker.member),
    "left": lambda place, worker: end_access(by=place.guardian.actor, member=worker.member, state=Member.State.LEFT),
    "disabled": lambda place, worker: end_access(
        by=place.guardian.actor, member=worker.member, state=Member.State.DISABLED
    ),
}


@pytest.mark.parametrize("how", ENDINGS)
def test_it_ends_with_leave_and_for_good(place: Office, worker: Colleague, how: str) -> None:
    secret = make_feed(by=worker.actor)
    ENDINGS[how](place, worker)
    assert read_feed(secret) is None
    assert not Feed.objects.exists()
    ended = Entry.objects.get(act=Act.FEED_ENDED)
    assert (ended.member, ended.about) == (place.guardian.member.handle, worker.member.handle)


def test_somebody_who_is_not_at_work_is_read_by_nobody(worker: Colleague) -> None:
    """Even where an act other than these put them on leave and left the row."""
    secret = make_feed(by=worker.actor)
    Member.objects.filter(pk=worker.member.pk).update(state=Member.State.ON_LEAVE)
    assert read_feed(secret) is None


def test_reading_writes_its_day_once_and_asks_the_same_of_a_secret_that_is_none(worker: Colleague) -> None:
    secret = make_feed(by=worker.actor)
    asked = []
    for one in (secret, secret, "x" * 43):
        with CaptureQueriesContext(connection) as captured:
            read_feed(one)
        asked.append([query["sql"].split()[0] for query in captured.captured_queries])
    first, again, unknown = asked
    assert first == [*again, "UPDATE"]
    assert unknown == again
    assert Feed.objects.get().read_on == today()
