"""Limits of the law on a case: the safe day stands in the agenda until it is said that it was met."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from safeconduct.accounts.keys import today
from safeconduct.agenda.models import Item
from safeconduct.casework.actions import deadlines
from safeconduct.casework.checks import agenda_disagreements, facts_against_log
from safeconduct.casework.faults import NotOnThisCase, NotYet, RuleHasNoSuchDay
from safeconduct.casework.models import Case, Deadline
from safeconduct.casework.rules import limits_to_choose, rules_against_the_person
from safeconduct.casework.schedule import limit_of
from safeconduct.core.calendar.rules import Kind, get
from tests import builders
from tests.builders import Colleague

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker() -> Colleague:
    return builders.member(builders.office())


@pytest.fixture
def case(worker: Colleague) -> Case:
    return builders.case(worker, builders.person(worker))


def limit(
    by: Colleague, case: Case, rule: str = "ftt.iac.appeal.in", on: date | None = None, **more: object
) -> Deadline:
    return deadlines.set_deadline(
        by=by.actor,
        case=case,
        rule=rule,
        on=on or today() - timedelta(days=3),
        nation="england-and-wales",
        **more,  # type: ignore[arg-type]  # abroad or letter_on
    )


def item(of: Deadline) -> Item | None:
    return Item.objects.filter(handle=of.handle).first()


def test_the_agenda_holds_the_safe_day_and_not_the_last(worker: Colleague, case: Case) -> None:
    made = limit(worker, case)
    row, counted = item(made), limit_of(made)
    assert row is not None
    assert counted.act_by is not None
    assert (row.kind, row.day, row.rule_version) == ("act_by", counted.act_by, counted.rule.version)
    assert row.day <= counted.last_day <= counted.rolled_last_day


def test_an_ending_stands_on_the_day_it_ends(worker: Colleague, case: Case) -> None:
    on = today() - timedelta(days=3)
    made = limit(worker, case, "moveon.42", on, letter_on=on + timedelta(days=20))
    row = item(made)
    assert row is not None
    assert row.day == on + timedelta(days=48)


def test_abroad_another_row_of_the_rules_answers(worker: Colleague, case: Case) -> None:
    assert limit_of(limit(worker, case, abroad=True)).rule.id == "ftt.iac.appeal.out"


def test_what_was_met_is_due_no_more(worker: Colleague, case: Case) -> None:
    made = limit(worker, case)
    deadlines.meet_deadline(by=worker.actor, case=case, deadline=made, on=today())
    assert item(made) is None
    made.refresh_from_db()
    assert made.met_on == timezone.localdate()


def test_it_is_not_met_in_days_to_come(worker: Colleague, case: Case) -> None:
    made = limit(worker, case)
    with pytest.raises(NotYet):
        deadlines.meet_deadline(by=worker.actor, case=case, deadline=made, on=today() + timedelta(days=1))


def test_it_is_met_on_its_own_case_only(worker: Colleague, case: Case) -> None:
    other = builders.case(worker, builders.person(worker, "Tesfay Haile"))
    made = limit(worker, other)
    with pytest.raises(NotOnThisCase):
        deadlines.meet_deadline(by=worker.actor, case=case, deadline=made, on=today())
    with pytest.raises(NotOnThisCase):
        deadlines.drop_deadline(by=worker.actor, case=case, deadline=made)
    assert item(made) is not None


def test_one_that_is_a_mistake_is_taken_away_and_the_log_knows(worker: Colleague, case: Case) -> None:
    stays, goes = limit(worker, case), limit(worker, case, on=today() - timedelta(days=1))
    deadlines.drop_deadline(by=worker.actor, case=case, deadline=goes)
    assert list(case.deadlines.all()) == [stays]
    assert item(goes) is None
    assert item(stays) is not None
    organisation = worker.actor.organisation
    assert (*facts_against_log(organisation), agenda_disagreements(organisation)) == (0, 0, 0)


@pytest.mark.parametrize(
    ("rule", "on", "more"),
    [
        ("moveon.42", date(2026, 3, 8), {}),
        ("ftt.iac.appeal.in", date(2014, 10, 19), {}),
        ("ftt.iac.appeal.in", date(2026, 11, 2), {"letter_on": date(2026, 11, 3)}),
    ],
    ids=["before it was in force", "before there was such a rule", "a second clock it does not have"],
)
def test_a_rule_that_has_no_such_day_is_refused(
    worker: Colleague, case: Case, rule: str, on: date, more: dict[str, date]
) -> None:
    with pytest.raises(RuleHasNoSuchDay):
        limit(worker, case, rule, on, **more)
    assert not Deadline.objects.exists()


def test_the_limits_to_choose_are_in_force_and_lead_to_the_others() -> None:
    on = date(2026, 11, 20)
    chosen = limits_to_choose(on)
    ids = [rule.id for rule in chosen]
    assert len(ids) == len(set(ids))
    assert set(ids) <= {rule_id for rule_id, _title in rules_against_the_person()}
    assert {"ftt.iac.appeal.in", "ast.appeal", "moveon.42", "neg.21", "jr.ut"} <= set(ids)
    assert not {"ftt.iac.appeal.out", "jr.scot", "moveon.28", "ho.mp.written"} & set(ids)
    for rule in chosen:
        assert rule.kind in (Kind.ACT, Kind.ENDING)
        for target in (rule.abroad, *rule.elsewhere.values()):
            if target:
                assert get(target, on).kind in (Kind.ACT, Kind.ENDING)
