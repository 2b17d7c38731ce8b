"""The agenda is a projection of clocks: it can be thrown away and made again, and checked without a key."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safeconduct.accounts.keys import today
from safeconduct.agenda.models import Item
from safeconduct.agenda.queries import Wanted, due, rank_of
from safeconduct.casework import schedule
from safeconduct.casework.actions import deadlines, events
from safeconduct.casework.checks import Difference, agenda_against_clocks, agenda_disagreements
from safeconduct.casework.models import Case
from tests import builders
from tests.builders import Colleague, Office

pytestmark = pytest.mark.django_db


def rows() -> set[tuple[object, ...]]:
    return {
        (one.kind, one.day, one.rule_version, one.team_id, one.worker_id, one.topic, one.handle, one.case, one.rank)
        for one in Item.objects.all()
    }


def days_ago(days: int) -> date:
    return today() - timedelta(days=days)


@pytest.fixture
def place() -> Office:
    return builders.office()


@pytest.fixture
def worker(place: Office) -> Colleague:
    return builders.member(place)


@pytest.fixture
def busy(place: Office, worker: Colleague) -> list[Case]:
    """Cases in every state a clock can be in, one of them closed."""
    about = builders.person(worker)
    made = [
        builders.case(worker, about, reference="IM/0001", came_in_on=days_ago(1)),
        builders.case(worker, about, reference="IM/0002", sent_on=days_ago(60), worker=worker.member),
        builders.case(worker, about, reference="IM/0003", sent_on=days_ago(60), route="migrant_help", kind="family"),
        builders.case(worker, about, reference="IM/0004", sent_on=days_ago(20)),
        builders.case(worker, about, reference="IM/0005", sent_on=days_ago(20)),
        builders.case(worker, about, reference="IM/0006", sent_on=days_ago(40)),
    ]
    builders.event(worker, made[1], "holding_reply", days_ago(50), shape="no_timeframe")
    builders.event(worker, made[2], "chased", days_ago(2))
    builders.event(worker, made[3], "answered", days_ago(2))
    deadlines.set_deadline(
        by=worker.actor, case=made[3], rule="ftt.iac.appeal.in", on=days_ago(2), nation="england-and-wales"
    )
    builders.closed(worker.actor, made[5])
    return made


@pytest.mark.usefixtures("busy")
def test_made_again_it_is_the_same() -> None:
    before = rows()
    assert len(before) == 6
    Item.objects.all().delete()
    assert schedule.rebuild() == 6
    assert rows() == before


@pytest.mark.usefixtures("busy")
def test_nothing_differs_after_acts(place: Office) -> None:
    assert list(agenda_against_clocks(place.organisation)) == []


def test_a_case_read_with_its_events_moves_by_the_one_logged_since(
    place: Office, worker: Colleague, busy: list[Case]
) -> None:
    there = Case.objects.prefetch_related("enquiries", "deadlines", "events", "tasks").get(pk=busy[1].pk)
    assert Item.objects.get(case=there.handle).day < today()
    builders.event(worker, there, "chased", today())
    assert Item.objects.get(case=there.handle).day > today()
    assert agenda_disagreements(place.organisation) == 0


def test_each_way_to_differ_is_found_and_mended(place: Office, busy: list[Case]) -> None:
    before = rows()
    first, second = Item.objects.filter(kind="reply_due").order_by("pk")[:2]
    Item.objects.filter(pk=first.pk).update(day=first.day + timedelta(days=1))
    second.delete()
    Item.objects.create(
        kind="chase", day=today(), team=place.team, topic="asylum", handle=busy[5].enquiries.get().handle,
        case=busy[5].handle, rank=4,
    )  # fmt: skip
    Item.objects.create(
        kind="chase", day=today(), team=place.team, topic="asylum", handle=busy[0].handle, case=busy[0].handle, rank=4
    )
    found = sorted(one.difference for one in agenda_against_clocks(place.organisation))
    assert found == [Difference.LEFT_OVER, Difference.LEFT_OVER, Difference.MISSING, Difference.WRONG]
    assert agenda_disagreements(place.organisation) == 4
    schedule.rebuild()
    assert rows() == before
    assert agenda_disagreements(place.organisation) == 0


def test_a_case_of_an_import_that_is_not_done_is_not_due(place: Office, busy: list[Case]) -> None:
    type(busy[0].subject).objects.filter(pk=busy[0].subject_id).update(waiting=True)
    Item.objects.all().delete()
    assert schedule.rebuild() == 5
    assert agenda_disagreements(place.organisation) == 0


@pytest.mark.usefixtures("busy")
def test_the_most_pressing_comes_first(place: Office) -> None:
    found = due([place.team.pk], Wanted(), by=today() + timedelta(days=400))
    assert [item.rank for item in found] == sorted(item.rank for item in found)
    kinds = [(item.kind, bool(item.rule_version)) for item in found]
    assert kinds[0] == ("act_by", True)
    assert kinds[-1] == ("chase", False)


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (Wanted(), 6),
        (Wanted(topic="family"), 1),
        (Wanted(kind="answer"), 1),
        (Wanted(kind="tell"), 1),
        (Wanted(kind="chase"), 1),
        (Wanted(worker=0), 5),
        (Wanted(team=10**6), 0),
    ],
)
@pytest.mark.usefixtures("busy")
def test_filters_keep_what_they_say(place: Office, wanted: Wanted, count: int) -> None:
    assert due([place.team.pk], wanted, by=today() + timedelta(days=400)).count() == count


def test_another_teams_things_are_never_there(busy: list[Case]) -> None:
    assert due([], Wanted(), by=today() + timedelta(days=400)).count() == 0


@pytest.mark.parametrize(
    ("kind", "version", "rank"),
    [
        ("removal", 0, 0),
        ("act_by", 1, 1),
        ("answer", 0, 2),
        ("tell", 1, 3),
        ("promise", 0, 4),
        ("task", 0, 5),
        ("chase", 1, 6),
        ("reply_due", 1, 7),
        ("chase", 0, 8),
        ("silence", 0, 9),
    ],
)
def test_rank(kind: str, version: int, rank: int) -> None:
    assert rank_of(kind, rule_version=version) == rank


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["sent", "acknowledged", "holding_reply", "chased", "answered", "told_person", "take_back"]),
        st.integers(0, 120),
    ),
    max_size=6,
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_is_logged_and_taken_back_the_agenda_is_the_projection(
    place: Office, worker: Colleague, steps: Sequence[tuple[str, int]]
) -> None:
    case = builders.case(worker, builders.person(worker), came_in_on=days_ago(130))
    logged = []
    for kind, ago in steps:
        if kind == "take_back":
            if logged:
                events.correct_event(by=worker.actor, case=case, event=logged.pop(), note="")
        else:
            logged.append(builders.event(worker, case, kind, days_ago(ago)))
    assert agenda_disagreements(place.organisation) == 0
    before = rows()
    schedule.rebuild()
    assert rows() == before
