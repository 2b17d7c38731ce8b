"""Households at the desk: made around somebody, added to, changed, and left."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from safeconduct.people import households
from safeconduct.people import queries as people
from safeconduct.people.actions import change_needs
from safeconduct.people.facets import Household, InHousehold, Needs
from safeconduct.people.models import Subject
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return builders.office().guardian


def the_household(by) -> tuple[Subject, Household]:
    subject = Subject.objects.get(kind="household")
    return subject, households.open_household(by=by.actor, household=subject).household.content


def make(by, person, role="parent") -> Subject:
    answer = by.client.post(reverse("household-new", args=[person.handle]), {"role": role, "note": "One flat"})
    subject, _ = the_household(by)
    assert answer.url == reverse("household", args=[subject.handle])
    return subject


def add(by, household, person, *, role="child", here=True) -> None:
    browser, page = by.client, reverse("household-add", args=[household.handle])
    found = browser.post(page, {"q": "Dilovan Karimi", "role": "other"}).content.decode()
    assert f'value="{person.handle.hex}"' in found
    sent = {"q": "Dilovan Karimi", "person": person.handle.hex, "role": role} | ({"here": "on"} if here else {})
    assert browser.post(page, sent).status_code == 302


def test_a_household_is_made_and_added_to_and_read_with_what_must_be_known(by) -> None:
    mother = builders.person(by, "Zehra Karimi", safe_note="Never ring the flat")
    child = builders.person(by, "Dilovan Karimi")
    change_needs(by=by.actor, person=mother, needs=Needs(speaks=("ckb",)), read=0)
    household = make(by, mother)
    add(by, household, child, here=False)
    _, content = the_household(by)
    assert content == Household(
        members=(
            InHousehold(person=mother.handle.hex, role="parent"),
            InHousehold(person=child.handle.hex, role="child", here=False),
        ),
        note="One flat",
    )
    page = by.client.get(reverse("household", args=[household.handle])).content.decode()
    for said in (
        "Zehra Karimi",
        "Dilovan Karimi",
        "Never ring the flat",
        "Kurdish Sorani",
        "Lives elsewhere",
        "One flat",
    ):
        assert said in page
    for person in (mother, child):
        assert (
            reverse("household", args=[household.handle])
            in by.client.get(reverse("person", args=[person.handle])).content.decode()
        )


def test_whoever_is_in_it_is_not_offered_again_and_nobody_found_is_said(by) -> None:
    mother = builders.person(by, "Zehra Karimi")
    household = make(by, mother)
    page = reverse("household-add", args=[household.handle])
    answer = by.client.post(page, {"q": "Zehra Karimi"}).content.decode()
    assert "Nobody like that is on record" in answer
    assert mother.handle.hex not in answer


def test_somebody_who_is_not_held_cannot_be_sent_in(by) -> None:
    household = make(by, builders.person(by, "Zehra Karimi"))
    page = reverse("household-add", args=[household.handle])
    for handle in ("0f" * 16, "nonsense"):
        assert by.client.post(page, {"q": "x", "person": handle, "role": "child"}).status_code == 404


def test_order_part_and_leaving(by) -> None:
    mother, child = builders.person(by, "Zehra Karimi"), builders.person(by, "Dilovan Karimi")
    household = make(by, mother)
    add(by, household, child)
    record = households.open_household(by=by.actor, household=household)
    one, two = mother.handle.hex, child.handle.hex
    sent = {
        "revision": str(record.household.revision),
        "note": "Moved",
        f"role-{one}": "parent",
        f"place-{one}": "2",
        f"here-{one}": "on",
        f"role-{two}": "other",
        f"place-{two}": "1",
    }
    page = reverse("household-edit", args=[household.handle])
    assert "Zehra Karimi" in by.client.get(page).content.decode()
    assert by.client.post(page, sent).status_code == 302
    _, content = the_household(by)
    assert [(member.person, member.role, member.here) for member in content.members] == [
        (two, "other", False),
        (one, "parent", True),
    ]
    overtaken = by.client.post(page, sent)
    assert overtaken.status_code == 409
    assert "Somebody else changed the household" in overtaken.content.decode()
    again = sent | {"revision": str(record.household.revision + 1), f"gone-{two}": "on"}
    assert by.client.post(page, again).status_code == 302
    assert [member.person for member in the_household(by)[1].members] == [one]
    assert people.open_person(by=by.actor, person=child).links.content.households == ()


def test_a_household_is_not_made_before_somebody_says_what_the_person_is_in_it(by) -> None:
    person = builders.person(by, "Zehra Karimi")
    page = reverse("household-new", args=[person.handle])
    shown = by.client.get(page).content.decode()
    assert re.search(r'<option value="" selected>\s*Choose', shown)
    answer = by.client.post(page, {"role": "", "note": "One flat"}).content.decode()
    assert "Choose what this person is in it." in answer
    assert "One flat" in answer
    assert not Subject.objects.filter(kind="household").exists()


def test_a_search_for_nothing_says_what_to_type(by) -> None:
    person = builders.person(by, "Zehra Karimi")
    for page in (
        reverse("household-add", args=[make(by, person).handle]),
        reverse("person-same", args=[person.handle]),
    ):
        assert "Type a name or a reference" not in by.client.get(page).content.decode()
        assert "Type a name or a reference" in by.client.post(page, {"q": "  "}).content.decode()
