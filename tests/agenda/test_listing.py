"""Lists of what is due: in order across teams, workers and kinds, and read no further than they are shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safeconduct.accounts.keys import today
from safeconduct.accounts.models import Member, Team
from safeconduct.agenda import queries
from safeconduct.agenda.models import Item
from safeconduct.agenda.queries import FOLLOW_UP, Wanted, coming, due, rank_of, things
from safeconduct.journal.fields import new_handle
from tests import builders
from tests.builders import Office

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)


@pytest.fixture
def place() -> Office:
    return builders.office()


@pytest.fixture
def teams(place: Office) -> list[Team]:
    return [place.team, builders.team(place), builders.team(place, "Outreach")]


@pytest.fixture
def staff(place: Office) -> list[Member]:
    return [place.guardian.member, builders.member(place).member, builders.member(place, "Nia Other").member]


def put(team: Team, *, kind: str = "task", day: date = DAY, worker: Member | None = None, version: int = 1) -> Item:
    return Item.objects.create(
        kind=kind,
        day=day,
        rule_version=version,
        team=team,
        worker=worker,
        topic="asylum",
        handle=new_handle(),
        case=new_handle(),
        rank=rank_of(kind, rule_version=version),
    )


ROWS = st.lists(
    st.tuples(
        st.integers(0, 2), st.integers(-1, 2), st.sampled_from(Item.Kind.values), st.integers(0, 1), st.integers(-3, 3)
    ),
    max_size=25,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, chosen=st.data())
def test_pages_are_those_of_one_sorted_list(
    teams: list[Team], staff: list[Member], rows: Sequence[tuple[int, int, str, int, int]], chosen: st.DataObject
) -> None:
    """Whatever the parts a list is merged from, it is what sorting everything would give; pages and count agree."""
    Item.objects.all().delete()
    for team, worker, kind, version, days in rows:
        member = staff[worker] if worker >= 0 else None
        put(teams[team], kind=kind, day=DAY + timedelta(days), worker=member, version=version)
    wanted = Wanted(
        worker=chosen.draw(st.sampled_from([None, 0, staff[0].pk])),
        team=chosen.draw(st.sampled_from([None, teams[1].pk])),
        kind=chosen.draw(st.sampled_from(["", "chase", "removal"])),
        besides=chosen.draw(st.sampled_from([(), (staff[1].pk,)])),
    )
    mine = [teams[0].pk, teams[1].pk]
    asked = [item for item in Item.objects.order_by("id") if fits(item, wanted, mine)]
    by_rank = sorted(
        (item for item in asked if item.day <= DAY or item.kind == "removal"), key=lambda x: (x.rank, x.day, x.pk)
    )
    found = due(mine, wanted, by=DAY)
    assert list(found) == by_rank
    assert [*found[:3], *found[3:7], *found[7:30]] == by_rank
    assert found.count() == len(by_rank)
    assert found.count(2) == min(3, len(by_rank))
    assert found.first() == (by_rank[0] if by_rank else None)
    by_day = sorted(
        (item for item in asked if DAY < item.day <= DAY + timedelta(2)), key=lambda x: (x.day, x.rank, x.pk)
    )
    assert list(coming(mine, wanted, after=DAY, until=DAY + timedelta(2))) == by_day
    assert set(things(mine, wanted)) == set(asked)


def fits(item: Item, wanted: Wanted, mine: list[int]) -> bool:
    here = item.team_id in mine and wanted.team in (None, item.team_id)
    if wanted.worker == 0:
        worked = item.worker_id is None
    else:
        worked = wanted.worker is None or item.worker_id in (wanted.worker, *wanted.besides)
    return here and worked and wanted.kind in ("", item.kind)


def test_with_very_many_teams_it_is_the_same(teams: list[Team], monkeypatch: pytest.MonkeyPatch) -> None:
    for number, kind in zip(range(12), Item.Kind.values * 2, strict=False):
        put(teams[number % 3], kind=kind, day=DAY - timedelta(number))
    ids = [team.pk for team in teams]
    merged = list(due(ids, Wanted(), by=DAY))
    monkeypatch.setitem(queries._MOST_PARTS, connection.vendor, 5)  # type: ignore[arg-type]  # a dictionary
    assert list(due(ids, Wanted(), by=DAY)) == merged
    assert len(merged) == 12


def test_a_long_list_is_counted_no_further_than_it_is_told(teams: list[Team], monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(7):
        put(teams[0])
    found = due([teams[0].pk], Wanted(), by=DAY)
    assert (found.count(5), found.count(6), found.count(7)) == (6, 7, 7)


def test_nobodys_teams_hold_nothing() -> None:
    found = due([], Wanted(), by=DAY)
    assert (list(found), found.count(), found.exists(), found[:5]) == ([], 0, False, [])


def test_a_removal_is_due_from_when_it_is_known(teams: list[Team]) -> None:
    put(teams[0], kind="act_by", day=DAY)
    removal = put(teams[0], kind="removal", day=DAY + timedelta(30))
    put(teams[0], kind="act_by", day=DAY + timedelta(1))
    found = due([teams[0].pk], Wanted(), by=DAY)
    assert found[:1] == [removal]
    assert found.count() == 2


def plans(captured: CaptureQueriesContext) -> Iterator[str]:
    for one in list(captured.captured_queries):
        with connection.cursor() as cursor:
            explain = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
            cursor.execute(explain + one["sql"])
            yield "\n".join(str(row) for row in cursor.fetchall())


def test_a_first_page_is_found_by_the_index_alone(teams: list[Team], staff: list[Member]) -> None:
    """No part of it looks through the table, and none of SQLite's sorts what it found."""
    number = count()
    Item.objects.bulk_create(
        Item(
            kind="task",
            day=DAY - timedelta(next(number) % 40),
            team=teams[0],
            worker=staff[0],
            topic="asylum",
            handle=new_handle(),
            case=new_handle(),
            rank=5,
        )
        for _ in range(3000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE agenda_item" if connection.vendor == "postgresql" else "ANALYZE")
        if connection.vendor == "postgresql":  # of so few rows it would read them all: can it do without?
            cursor.execute("SET enable_seqscan = off")
    ids = [team.pk for team in teams[:2]]
    with CaptureQueriesContext(connection) as captured:
        for wanted in (Wanted(), Wanted(worker=staff[0].pk), Wanted(worker=0)):
            found = due(ids, wanted, by=DAY)
            found[:50], found.count()
        coming(ids, Wanted(), after=DAY - timedelta(3))[:20]
    said = list(plans(captured))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("RESET enable_seqscan")
    assert len(said) == 7
    for plan in said:
        assert "SCAN agenda_item" not in plan
        assert "Seq Scan on agenda_item" not in plan
        assert "USE TEMP B-TREE FOR ORDER BY" not in plan, plan


def test_follow_ups_stand_behind_replies() -> None:
    assert rank_of("chase", rule_version=0) == FOLLOW_UP > rank_of("reply_due", rule_version=1)
    assert today() >= DAY
