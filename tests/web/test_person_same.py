"""Two records of one person at the desk: found, seen side by side, shown as one, and apart again."""

from __future__ import annotations

import pytest
from django.urls import reverse

from safeconduct.people import queries as people
from safeconduct.people.facets import Links, Referenced, Way
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return builders.office().guardian


@pytest.fixture
def two(by):
    one = builders.person(by, "Nasrin Karimi", safe_note="Text only", ways=[Way(kind="phone", value="07700 900111")])
    other = builders.person(
        by,
        "نسرین کریمی",
        safe_note="Never write",
        ways=[Way(kind="phone", value="07700 900222")],
        references=[Referenced(kind="uan", value="7209-4056-1125-5762")],
    )
    return one, other


def page(by, person) -> str:
    return by.client.get(reverse("person", args=[person.handle])).content.decode()


def merge(by, one, other, reason="She said so"):
    return by.client.post(reverse("person-merge", args=[one.handle, other.handle]), {"reason": reason})


def test_the_other_record_is_found_and_both_are_seen_before_anything_is_said(by, two) -> None:
    one, other = two
    choose = reverse("person-same", args=[one.handle])
    assert choose in page(by, one)
    found = by.client.post(choose, {"q": "nasreen karimi"}).content.decode()
    assert other.handle.hex in found
    assert f'value="{one.handle.hex}"' not in found
    answer = by.client.post(choose, {"q": "nasreen karimi", "person": other.handle.hex})
    assert answer.url == reverse("person-merge", args=[one.handle, other.handle])
    both = by.client.get(answer.url).content.decode()
    assert "Nasrin Karimi" in both
    assert "نسرین کریمی" in both
    assert people.open_person(by=by.actor, person=one).links.content == Links()


def test_a_reason_is_asked_for(by, two) -> None:
    answer = merge(by, *two, reason="")
    assert answer.status_code == 200
    assert "Write how you know" in answer.content.decode()


def test_opening_either_shows_both_each_part_marked_with_its_record(by, two) -> None:
    one, other = two
    assert merge(by, one, other).status_code == 302
    for person, stranger in ((one, other), (other, one)):
        shown = page(by, person)
        assert "One person, 2 records" in shown
        for said in ("Nasrin Karimi", "نسرین کریمی", "07700 900111", "07700 900222", "7209-4056-1125-5762"):
            assert said in shown
        for note in ("Text only", "Never write"):
            assert note in shown
        assert "Sian Guardian said so on" in shown
        assert "She said so" in shown
        assert reverse("person", args=[stranger.handle]) in shown
        assert "Record added" in shown


def test_it_is_taken_back(by, two) -> None:
    one, other = two
    merge(by, one, other)
    undo = reverse("person-unmerge", args=[other.handle, one.handle])
    assert undo in page(by, one)
    assert "Nothing of either is lost" in by.client.get(undo).content.decode()
    assert by.client.post(undo).status_code == 302
    for person in two:
        assert people.open_person(by=by.actor, person=person).links.content == Links()
        assert "One person, 2 records" not in page(by, person)
    again = by.client.post(undo)
    assert again.status_code == 200
    assert "not merged with one another" in again.content.decode()


def test_a_search_shows_the_person_once_under_every_name(by, two) -> None:
    merge(by, *two)
    found = by.client.post(reverse("people-search"), {"q": "nasrin karimi"}, follow=True).content.decode()
    assert "1 found" in found
    assert "نسرین کریمی" in found


def test_a_possible_double_can_be_said_to_be_the_same(by) -> None:
    one, other = builders.person(by, "Nasrin Karimi"), builders.person(by, "Nasrin Karimi")
    offered = reverse("person-not-same", args=[one.handle, other.handle])
    assert offered in page(by, one)
    answer = by.client.post(offered, {"decision": "one"})
    assert answer.url == reverse("person-merge", args=[one.handle, other.handle])
    merge(by, one, other)
    assert offered not in page(by, one)


def test_a_record_of_another_team_is_counted_and_not_shown(by) -> None:
    place = builders.Office(by.member.organisation, by, by.actor.teams[0])
    lowri = builders.member(place)
    far = builders.person(by, "Hagos Tecle", team=builders.team(place))
    near = builders.person(lowri, "Hagos Tekle")
    merge(by, near, far)
    shown = page(lowri, near)
    assert "One of the records is not held by your teams" in shown
    assert "Hagos Tecle" not in shown


def test_a_case_says_what_either_record_forbids(by, two) -> None:
    one, other = two
    case = builders.case(by, one)
    address = reverse("case", args=[case.handle])
    assert "Never write" not in by.client.get(address).content.decode()
    merge(by, one, other)
    for name in ("case", "case-edit", "case-intake"):
        shown = by.client.get(reverse(name, args=[case.handle])).content.decode()
        assert "Text only" in shown
        assert "Never write" in shown
