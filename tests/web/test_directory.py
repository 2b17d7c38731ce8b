"""The team's contacts on their page: by what they are for, how far each may be relied on, and one press to check it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from safeconduct.accounts.actions import members
from safeconduct.accounts.keys import today
from safeconduct.casework.actions.directory import save_directory
from safeconduct.casework.directory import open_directory
from safeconduct.people.facets import Reached
from safeconduct.people.records import NEVER_WRITTEN
from tests import builders
from tests.attacks.world import lines
from tests.builders import Colleague, Office
from tests.support.case_pages import followed, text

pytestmark = pytest.mark.django_db
LONG_AGO = today() - timedelta(days=120)
DUTY = Reached(rung="solicitor", name="Duty line", phone="01632 960001", checked_on=LONG_AGO, checked_by="Alys")


@pytest.fixture
def kept(place: Office, worker: Colleague) -> Office:
    save_directory(by=worker.actor, team=place.team, contacts=[DUTY], read=NEVER_WRITTEN)
    return place


def edit(place: Office) -> str:
    return reverse("directory-edit", args=[place.team.handle])


def checked(place: Office) -> str:
    return reverse("directory-checked", args=[place.team.handle])


def contacts(by: Colleague, place: Office) -> list[Reached]:
    return list(open_directory(by=by.actor, team=place.team).contacts)


def test_an_empty_one_says_what_it_is_for(place: Office, worker: Colleague) -> None:
    page = worker.client.get(reverse("directory")).content.decode()
    assert "No contact yet" in page
    assert edit(place) in page


def test_the_first_is_written_down_and_the_next(place: Office, worker: Colleague) -> None:
    browser = worker.client
    first = {"rung": "solicitor", "name": "Duty line", "phone": "01632 960001", "checked": "on"}
    page = followed(browser, browser.post(edit(place), {"revision": "0", **lines("contacts", first)}))
    assert "01632 960001" in page
    assert "by Lowri Worker, today." in text(page)
    second = {"rung": "minister", "name": "Private office"}
    followed(browser, browser.post(edit(place), {"revision": "1", **lines("contacts", first, second)}))
    assert [one.name for one in contacts(worker, place)] == ["Duty line", "Private office"]


def test_one_press_says_that_it_was_checked_today(kept: Office, worker: Colleague) -> None:
    browser = worker.client
    assert "120 days ago. That is long ago: it may have changed." in text(browser.get(reverse("directory")).content)
    page = followed(browser, browser.post(checked(kept), {"contact": "0", "revision": "1"}))
    assert "by Lowri Worker, today." in text(page)
    assert "long ago" not in text(page)


@pytest.mark.parametrize("sent", [{"contact": "7", "revision": "1"}, {"contact": "x", "revision": "1"}])
def test_a_contact_that_is_not_there_is_not_checked(kept: Office, worker: Colleague, sent: dict[str, str]) -> None:
    assert worker.client.post(checked(kept), sent).status_code == 404
    assert contacts(worker, kept) == [DUTY]


def test_checking_over_a_colleagues_change_is_refused(kept: Office, worker: Colleague) -> None:
    assert worker.client.post(checked(kept), {"contact": "0", "revision": "9"}).status_code == 409
    assert contacts(worker, kept) == [DUTY]


def test_a_number_that_changes_is_unchecked_again(kept: Office, worker: Colleague) -> None:
    browser = worker.client
    row = {"rung": "solicitor", "name": "Duty line", "phone": "01632 960001", "hours": "nights"}
    browser.post(edit(kept), {"revision": "1", **lines("contacts", row)})
    assert contacts(worker, kept)[0].checked_on == LONG_AGO
    browser.post(edit(kept), {"revision": "2", **lines("contacts", {**row, "phone": "01632 960009"})})
    assert contacts(worker, kept)[0].checked_on is None


def test_a_colleagues_change_is_not_overwritten(kept: Office, worker: Colleague) -> None:
    answer = worker.client.post(edit(kept), {"revision": "0", **lines("contacts", {"name": "Mine"})})
    assert answer.status_code == 409
    assert 'value="Mine"' in answer.content.decode()
    assert contacts(worker, kept) == [DUTY]


def test_one_more_line_works_without_a_script(kept: Office, worker: Colleague) -> None:
    row = {"rung": "minister", "name": "Half typed"}
    sent = {"revision": "1", "add": "contacts", **lines("contacts", row)}
    page = worker.client.post(edit(kept), sent).content.decode()
    assert 'value="Half typed"' in page
    assert 'name="contacts-1-name"' in page


def test_another_teams_are_not_there(kept: Office, worker: Colleague) -> None:
    housing = builders.team(kept)
    browser = builders.member(kept, "Other Team", team=housing).client
    page = browser.get(reverse("directory"), {"team": kept.team.handle.hex}).content.decode()
    assert "01632 960001" not in page
    assert browser.get(edit(kept)).status_code == 404
    assert browser.post(checked(kept), {"contact": "0", "revision": "1"}).status_code == 404


def test_a_member_of_several_teams_chooses(kept: Office, worker: Colleague) -> None:
    housing = builders.team(kept)
    members.add_to_team(by=kept.guardian.actor, team=housing, member=worker.member, role="caseworker")
    browser = worker.client
    assert "01632 960001" in browser.get(reverse("directory")).content.decode()
    other = browser.get(reverse("directory"), {"team": housing.handle.hex}).content.decode()
    assert "No contact yet" in other


def test_in_no_team_it_says_so(place: Office) -> None:
    alone = builders.member(place, "Nobody's Team")
    alone.member.memberships.all().delete()
    assert "You are in no team yet" in alone.client.get(reverse("directory")).content.decode()
