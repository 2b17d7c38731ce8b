"""Who may be the same person: offered inside one team, dropped once somebody decided."""

from __future__ import annotations

import pytest

from safeconduct.core.names.doubles import Code
from safeconduct.people import actions
from safeconduct.people import queries as people
from safeconduct.people.facets import Birth, Referenced
from safeconduct.people.lookalikes import possible_doubles
from tests import builders

pytestmark = pytest.mark.django_db

UAN = Referenced(kind="uan", value="7209-4056-1125-5762")


def test_a_shared_reference_is_offered_with_its_reason_until_somebody_says_they_are_two() -> None:
    by = builders.office().guardian
    one = builders.person(by, "محمد رحیمی", references=[UAN])
    other = builders.person(by, "Mohammad Rahimi", references=[UAN])
    record = people.open_person(by=by.actor, person=one)
    [found] = possible_doubles(by=by.actor, record=record)
    assert found.subject == other
    assert Code.SAME_REFERENCE in [reason.code for reason in found.likeness.reasons]
    theirs = people.open_person(by=by.actor, person=other)
    actions.say_not_same(by=by.actor, person=one, links=record.links, other=other, other_links=theirs.links)
    for person in (one, other):
        assert possible_doubles(by=by.actor, record=people.open_person(by=by.actor, person=person)) == []


def test_nobody_of_another_team_is_offered() -> None:
    place = builders.office()
    housing = builders.team(place)
    by = place.guardian
    one = builders.person(by, "Mohammad Rahimi", references=[UAN], team=place.team)
    builders.person(by, "Mohammad Rahimi", references=[UAN], team=housing)
    assert possible_doubles(by=by.actor, record=people.open_person(by=by.actor, person=one)) == []


def test_a_name_alone_is_offered_only_while_few_share_it() -> None:
    by = builders.office().guardian
    one = builders.person(by, "Mohammad Rahimi")
    builders.person(by, "Mohammad Rahimi", births=[Birth(year=1987, precision="year")])
    assert len(possible_doubles(by=by.actor, record=people.open_person(by=by.actor, person=one))) == 1
    for _ in range(2):
        builders.person(by, "Mohammad Rahimi")
    assert possible_doubles(by=by.actor, record=people.open_person(by=by.actor, person=one)) == []
