"""Filters of Today that a member keeps: named by what they ask, theirs alone."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from safeconduct.agenda.actions import saved
from safeconduct.agenda.models import SavedFilter
from tests import builders
from tests.builders import Colleague, Office
from tests.support.case_pages import days_ago

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_case(worker: Colleague) -> None:
    builders.case(worker, builders.person(worker), sent_on=days_ago(60))


def keep(browser: Client, **chosen: str) -> str:
    answer = browser.post(reverse("filters"), chosen)
    assert answer.status_code == 302
    return answer["Location"]


def chips(browser: Client, **query: str) -> dict[str, str]:
    page = browser.get(reverse("today"), query).content.decode()
    part = re.search(r'aria-label="Filters you keep">(.*?)</ul>', page, re.DOTALL)
    found = re.findall(r'href="([^"]+)"[^>]*><bdi>(.*?)</bdi>', part[1]) if part else []
    return {name: url.replace("&amp;", "&") for url, name in found}


def test_it_is_kept_opened_and_removed(worker: Colleague) -> None:
    browser = worker.client
    page = browser.get(reverse("today"), {"worker": "mine", "kind": "chase"}).content.decode()
    assert "Keep this filter" in page
    assert re.search(r'name="kind" value="chase"', page)
    assert keep(browser, worker="mine", kind="chase") == "/?worker=mine&kind=chase"
    assert chips(browser) == {"Me · Letters to chase": "/?worker=mine&kind=chase"}
    page = browser.get("/?worker=mine&kind=chase").content.decode()
    assert "Keep this filter" not in page
    [remove] = re.findall(r'action="(/filters/[^"]+/remove)"', page)
    assert browser.post(remove).status_code == 302
    assert chips(browser) == {}


def test_a_colleagues_by_name_and_the_same_once(place: Office, worker: Colleague) -> None:
    browser, other = worker.client, place.guardian.member
    for _ in range(2):
        keep(browser, worker=other.handle.hex, topic="asylum")
    assert chips(browser) == {"Sian Guardian · Asylum": f"/?worker={other.handle.hex}&topic=asylum"}


@pytest.mark.parametrize(
    "chosen",
    [{}, {"worker": "", "kind": ""}, {"worker": "f" * 32}, {"kind": "<b>"}, {"topic": "nothing"}, {"team": "x"}],
)
def test_what_asks_nothing_that_is_known_is_not_kept(worker: Colleague, chosen: dict[str, str]) -> None:
    keep(worker.client, **chosen)
    assert not SavedFilter.objects.exists()


def test_nobody_elses(place: Office, worker: Colleague) -> None:
    keep(worker.client, kind="chase")
    other = place.guardian.client
    assert chips(other) == {}
    theirs = reverse("filter-remove", args=[SavedFilter.objects.get().handle])
    assert other.post(theirs).status_code == 404
    assert SavedFilter.objects.count() == 1


def test_there_is_a_most_and_the_page_says_so(worker: Colleague, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved, "MOST", 1)
    monkeypatch.setattr("safeconduct.web.desk.day.saved.MOST", 1)
    browser = worker.client
    keep(browser, kind="chase")
    keep(browser, kind="tell")
    assert SavedFilter.objects.count() == 1
    page = browser.get(reverse("today"), {"kind": "tell"}).content.decode()
    assert "You keep as many filters as there can be." in page
    assert "Keep this filter" not in page
