"""Whose members will be able to open what is put in: asked of whoever is in several teams, and never presumed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from safeconduct.accounts.models import Team
from safeconduct.people.models import Subject, Wrap
from tests import builders
from tests.builders import Colleague, Office
from tests.support.case_pages import text

pytestmark = pytest.mark.django_db
PARTS = ("names", "births", "ways", "references", "nationalities")
CHOOSE = "Choose the team it is for."
TYPED: dict[str, dict[str, Any]] = {
    "person-new": {
        **{f"{part}-{count}": "0" for part in PARTS for count in ("TOTAL_FORMS", "INITIAL_FORMS")},
        "names-TOTAL_FORMS": "1", "names-0-text": "Quite Newname", "names-0-by_person": "on",
        "safe_note": "Text before six",
    },
    "sitting": {
        "name": "Quite Newname", "safe_note": "Text before six", "kind": "asylum", "route": "ho_mp",
        "came_in_on": "today",
    },
    "surgery": {"on": "today", "place": "Text before six hall", "kind": "asylum", "route": "ho_mp"},
}  # fmt: skip


@pytest.fixture
def housing(place: Office) -> Team:
    """A second team, which comes first in the alphabet of those the guardian is in."""
    return builders.team(place, "A first team")


def select_of(page: str) -> str:
    found = re.search(r"<select[^>]*name=\"team\".*?</select>", page, re.DOTALL)
    return found[0] if found else ""


@pytest.mark.usefixtures("housing")
@pytest.mark.parametrize("name", TYPED)
def test_no_team_is_chosen_for_a_member_of_several(place: Office, name: str) -> None:
    browser = place.guardian.client
    asked = select_of(browser.get(reverse(name)).content.decode())
    assert re.findall(r'value="(\w*)"( selected)?', asked)[0] == ("", " selected")
    assert asked.count(" selected") == 1
    for team in ("", "f" * 32):
        page = browser.post(reverse(name), {**TYPED[name], "team": team}).content.decode()
        assert (CHOOSE in text(page)) is (team == "")
        assert "Text before six" in page
    assert not Subject.objects.exists()


@pytest.mark.parametrize("name", ["person-new", "sitting"])
def test_the_record_is_of_the_team_that_was_chosen_alone(place: Office, housing: Team, name: str) -> None:
    for team in (housing, place.team):
        before = list(Wrap.objects.values_list("pk", flat=True))
        answer = place.guardian.client.post(reverse(name), {**TYPED[name], "team": team.handle.hex})
        assert answer.status_code == 302
        assert set(Wrap.objects.exclude(pk__in=before).values_list("team", flat=True)) == {team.pk}


def test_a_surgery_keeps_the_team_that_was_chosen(place: Office, housing: Team) -> None:
    browser = place.guardian.client
    assert browser.post(reverse("surgery"), {**TYPED["surgery"], "team": place.team.handle.hex}).status_code == 302
    again = select_of(browser.get(reverse("surgery")).content.decode())
    assert re.search(r'value="(\w+)" selected', again)[1] == place.team.handle.hex  # type: ignore[index]
    assert place.team.name in browser.get(reverse("surgery-next")).content.decode()


@pytest.mark.usefixtures("housing")
@pytest.mark.parametrize("name", TYPED)
def test_nothing_is_asked_of_a_member_of_one_team(worker: Colleague, name: str) -> None:
    page = worker.client.get(reverse(name)).content.decode()
    assert not select_of(page)
    assert f'type="hidden" name="team" value="{worker.actor.teams[0].handle.hex}"' in page
