"""A household has its own key and its own page in the log; people keep which households they are in."""

import pytest

from safeconduct.journal.models import Act, Entry
from safeconduct.people import households, queries
from safeconduct.people.actions import add_to_household, change_household, make_household
from safeconduct.people.actions.households import AlreadyInHousehold, NoSuchRole
from safeconduct.people.facets import Household, InHousehold
from safeconduct.people.keys import NotHeld, hold
from safeconduct.people.models import Envelope, Subject
from safeconduct.people.records import Changed, PutBack
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office():
    return builders.office()


@pytest.fixture
def lowri(office):
    return builders.member(office)


def opened(by, person):
    return queries.open_person(by=by.actor, person=person)


def household_of(by, *people):
    first, *others = people
    made = make_household(by=by.actor, person=opened(by, first), role="parent")
    for other in others:
        record = households.open_household(by=by.actor, household=made)
        add_to_household(by=by.actor, record=record, person=opened(by, other), role="child", here=False)
    return made


def test_people_stand_in_their_order_with_their_part(lowri):
    mother, child = builders.person(lowri, "Zehra Karimi"), builders.person(lowri, "Dilovan Karimi")
    made = household_of(lowri, mother, child)
    record = households.open_household(by=lowri.actor, household=made)
    assert record.household.content.members == (
        InHousehold(person=mother.handle.hex, role="parent"),
        InHousehold(person=child.handle.hex, role="child", here=False),
    )
    assert record.people[child.handle.hex].identity.names[0].text == "Dilovan Karimi"
    for person in (mother, child):
        assert opened(lowri, person).links.content.households == (made.handle.hex,)


def test_it_has_a_key_of_its_own(lowri):
    person = builders.person(lowri)
    made = household_of(lowri, person)
    assert made.kind == Subject.Kind.HOUSEHOLD
    assert hold(lowri.actor, made).key != hold(lowri.actor, person).key


def test_each_opening_is_in_its_log(lowri):
    made = household_of(lowri, builders.person(lowri))
    record = households.open_household(by=lowri.actor, household=made)
    acts = [look.act for look in queries.who_has_looked(by=lowri.actor, record=made, keyed=record.keyed)]
    assert acts == [Act.OPENED_HOUSEHOLD, Act.ADDED_HOUSEHOLD]
    assert Entry.objects.filter(act=Act.OPENED_HOUSEHOLD).count() == 1


def test_nobody_of_another_team_opens_it(office, lowri):
    made = household_of(lowri, builders.person(lowri))
    outsider = builders.member(office, "Gwilym Second", team=builders.team(office))
    with pytest.raises(NotHeld):
        households.open_household(by=outsider.actor, household=made)


def test_somebody_the_team_does_not_hold_is_not_named(office, lowri):
    far = builders.person(office.guardian, "Hagos Tecle", team=builders.team(office))
    near = builders.person(lowri, "Nasrin Karimi")
    made = household_of(office.guardian, near, far)
    record = households.open_household(by=lowri.actor, household=made)
    assert len(record.household.content.members) == 2
    assert set(record.people) == {near.handle.hex}


def test_nobody_is_in_it_twice_or_without_a_part(lowri):
    person = builders.person(lowri)
    made = household_of(lowri, person)
    record = households.open_household(by=lowri.actor, household=made)
    with pytest.raises(AlreadyInHousehold):
        add_to_household(by=lowri.actor, record=record, person=opened(lowri, person), role="child")
    with pytest.raises(NoSuchRole):
        add_to_household(by=lowri.actor, record=record, person=opened(lowri, builders.person(lowri)), role="king")


def test_whoever_leaves_it_is_in_it_no_more_on_either_side(lowri):
    mother, child = builders.person(lowri, "Zehra Karimi"), builders.person(lowri, "Dilovan Karimi")
    made = household_of(lowri, mother, child)
    record = households.open_household(by=lowri.actor, household=made)
    stays = Household(members=(InHousehold(person=mother.handle.hex, role="other"),), note="moved")
    change_household(
        by=lowri.actor,
        record=record,
        household=stays,
        read=record.household.revision,
        leaving=[opened(lowri, child)],
    )
    assert households.open_household(by=lowri.actor, household=made).household.content == stays
    assert opened(lowri, child).links.content.households == ()
    assert opened(lowri, mother).links.content.households == (made.handle.hex,)


def test_a_change_brings_nobody_in(lowri):
    made = household_of(lowri, builders.person(lowri))
    record = households.open_household(by=lowri.actor, household=made)
    slipped = Household(members=(InHousehold(person=builders.person(lowri).handle.hex),))
    with pytest.raises(ValueError):
        change_household(by=lowri.actor, record=record, household=slipped, read=record.household.revision)


def test_two_writers_lose_nothing_and_no_half_is_kept(lowri):
    made = household_of(lowri, builders.person(lowri))
    record = households.open_household(by=lowri.actor, household=made)
    first, second = builders.person(lowri), builders.person(lowri)
    add_to_household(by=lowri.actor, record=record, person=opened(lowri, first), role="child")
    with pytest.raises(Changed):
        add_to_household(by=lowri.actor, record=record, person=opened(lowri, second), role="child")
    assert opened(lowri, second).links.content.households == ()


def test_one_that_was_taken_away_is_noticed(lowri):
    made = household_of(lowri, builders.person(lowri))
    Envelope.objects.get(subject=made, facet="household").delete()
    with pytest.raises(PutBack):
        households.open_household(by=lowri.actor, household=made)
