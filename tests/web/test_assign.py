"""Giving out cases from a list: by ticks or by filters, to others or to oneself."""

from __future__ import annotations

import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from safeconduct.casework.actions import assign as acts
from safeconduct.casework.models import Case
from safeconduct.journal.models import Act, Entry
from tests import builders
from tests.builders import Colleague, Office
from tests.support.case_pages import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(place: Office) -> Colleague:
    return builders.member(place, "Lena Lead", role="lead")


@pytest.fixture
def three(worker: Colleague) -> list[Case]:
    about = builders.person(worker)
    kinds = ("asylum", "family", "asylum")
    return [builders.case(worker, about, reference=f"IM/{at}", kind=kind) for at, kind in enumerate(kinds)]


def give(browser: Client, to: str, *cases: Case, which: str = "ticked", query: str = "") -> HttpResponse:
    form = {"which": which, "to": to, "case": [case.handle.hex for case in cases]}
    return browser.post(reverse("assign") + query, form)


def workers(cases: list[Case]) -> list[str]:
    names = [Case.objects.select_related("worker").get(pk=case.pk).worker for case in cases]
    return [one.name if one else "" for one in names]


def test_those_that_are_ticked(lead: Colleague, worker: Colleague, three: list[Case]) -> None:
    browser = lead.client
    answer = give(browser, worker.member.handle.hex, three[0], three[2])
    assert answer.status_code == 302
    assert workers(three) == ["Lowri Worker", "", "Lowri Worker"]
    assert "2 cases changed hands." in text(browser.get(answer["Location"]).content)


def test_all_that_the_filters_find(lead: Colleague, worker: Colleague, three: list[Case]) -> None:
    give(lead.client, worker.member.handle.hex, which="every", query="?topic=asylum")
    assert workers(three) == ["Lowri Worker", "", "Lowri Worker"]


def test_back_to_nobody_and_to_oneself(lead: Colleague, three: list[Case]) -> None:
    browser = lead.client
    give(browser, "mine", *three)
    give(browser, "nobody", three[1])
    assert workers(three) == ["Lena Lead", "", "Lena Lead"]


def test_a_caseworker_is_offered_themselves_alone(worker: Colleague, lead: Colleague, three: list[Case]) -> None:
    browser = worker.client
    page = browser.get(reverse("assign")).content.decode()
    assert "Take cases" in page
    assert lead.member.handle.hex not in re.sub(r'name="worker".*?</select>', "", page, flags=re.DOTALL)
    for answer in (
        give(browser, lead.member.handle.hex, three[0]),
        give(browser, "nobody", three[0]),
        give(browser, "mine", which="every"),
    ):
        assert answer.status_code == 200
    assert workers(three) == ["", "", ""]
    assert not Entry.objects.filter(act=Act.ASSIGNED).exists()
    give(browser, "mine", three[1])
    assert workers(three) == ["", "Lowri Worker", ""]


def test_nothing_ticked_is_said_and_what_was_chosen_stays(
    lead: Colleague, worker: Colleague, three: list[Case]
) -> None:
    page = give(lead.client, worker.member.handle.hex).content.decode()
    assert "Tick at least one case." in page
    assert f'value="{worker.member.handle.hex}" selected' in page
    assert workers(three) == ["", "", ""]


def test_ticks_stay_when_it_could_not_be_done(place: Office, lead: Colleague, three: list[Case]) -> None:
    shared = builders.team(place, "Outreach")
    also = builders.member(place, "Nia Elsewhere", team=shared)
    from safeconduct.accounts.actions.members import add_to_team

    add_to_team(by=place.guardian.actor, team=shared, member=lead.member, role="lead")
    page = give(lead.client, also.member.handle.hex, three[1]).content.decode()
    assert "not in the case&#x27;s team" in page
    assert f'value="{three[1].handle.hex}" checked' in page


def test_a_case_that_the_page_did_not_offer_is_refused(place: Office, lead: Colleague, three: list[Case]) -> None:
    housing = builders.team(place)
    about = builders.person(place.guardian, "Omar Elsewhere", team=housing)
    other = builders.case(place.guardian, about)
    assert give(lead.client, "mine", other, three[0]).status_code == 200
    assert workers([*three, other]) == ["", "", "", ""]


def test_too_many_are_not_given_at_once(lead: Colleague, three: list[Case], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acts, "MOST", 2)
    assert "no more than 2 cases" in give(lead.client, "mine", which="every").content.decode()
    assert workers(three) == ["", "", ""]


def test_cases_of_somebody_who_has_left_are_found(place: Office, lead: Colleague, three: list[Case]) -> None:
    gone = builders.member(place, "Gwen Gone")
    give(lead.client, gone.member.handle.hex, *three[:2])
    builders.members.disable_member(by=place.guardian.actor, member=gone.member)
    page = lead.client.get(reverse("assign"), {"worker": gone.member.handle.hex}).content.decode()
    assert set(re.findall(r"IM/\d", page)) == {"IM/0", "IM/1"}
