"""A member's calendar, as the program that reads it sees it: days and kinds, and nobody."""

from __future__ import annotations

import logging
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from safeconduct.accounts.keys import today
from safeconduct.agenda.models import Feed, Item
from safeconduct.config.logs import QuietFormatter
from safeconduct.journal.models import Entry
from tests import builders
from tests.builders import Colleague
from tests.support.case_pages import days_ago

pytestmark = pytest.mark.django_db
UNKNOWN = "/calendar/" + "A" * 43 + ".ics"


@pytest.fixture
def address(worker: Colleague) -> str:
    page = worker.client.post(reverse("feed-own"), {"do": "make"}).content.decode()
    found = re.search(r"http://testserver(/calendar/[A-Za-z0-9_-]{43}\.ics)", page)
    assert found
    return found[1]


def test_one_event_for_each_day_and_kind(worker: Colleague, address: str) -> None:
    about = builders.person(worker, "Fatima Rahimi")
    for reference in ("IM/1", "IM/2"):
        builders.case(worker, about, reference=reference, sent_on=days_ago(60), worker=worker.member)
    builders.case(worker, about, reference="IM/3", came_in_on=today(), worker=worker.member)
    answer = Client().get(address)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "no-store"
    calendar = Calendar.from_ical(answer.content)
    first = Item.objects.get(kind="answer").day
    events = [(one["dtstart"].dt, one["dtend"].dt, str(one["summary"])) for one in calendar.walk("VEVENT")]
    day = timedelta(days=1)
    assert events == [(today(), today() + day, "Replies: 2"), (first, first + day, "Answer: 1")]
    assert {str(one["transp"]) for one in calendar.walk("VEVENT")} == {"TRANSPARENT"}


def test_it_names_nobody_and_no_case(worker: Colleague, address: str) -> None:
    about = builders.person(worker, "Fatima Rahimi")
    case = builders.case(worker, about, reference="IM/1", sent_on=days_ago(60), worker=worker.member)
    said = Client().get(address).content.decode()
    told = ["Fatima", "Rahimi", "IM/1", "Lowri", "Rhian", case.handle.hex, str(case.handle), worker.member.handle.hex]
    told += [enquiry.handle.hex for enquiry in case.enquiries.all()]
    assert [one for one in told if one.lower() in said.lower()] == []
    assert "SUMMARY" in said
    assert "removal" not in said.lower()


def test_the_same_day_is_the_same_event_next_time(worker: Colleague, address: str) -> None:
    builders.case(worker, builders.person(worker), sent_on=days_ago(60), worker=worker.member)
    first, second = (Client().get(address).content for _ in range(2))
    assert first == second
    uids = [str(one["uid"]) for one in Calendar.from_ical(first).walk("VEVENT")]
    assert len(uids) == len(set(uids)) == 1


def test_whoever_has_the_address_needs_no_session_and_gets_none(address: str) -> None:
    browser = Client()
    answer = browser.get(address)
    assert answer.status_code == 200
    assert not browser.cookies


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_it_is_only_read(address: str, method: str) -> None:
    assert getattr(Client(), method)(address).status_code == 405


def test_an_unknown_secret_answers_nothing(worker: Colleague, address: str) -> None:
    worker.client.post(reverse("feed-own"), {"do": "end"})
    for one in (UNKNOWN, address):
        answer = Client().get(one)
        assert (answer.status_code, answer.content) == (404, b"")
        assert answer["Cache-Control"] == "no-store"
    assert Client().get("/calendar/short.ics").status_code == 404


def test_the_page_says_since_when_and_never_the_address_again(worker: Colleague, address: str) -> None:
    browser = worker.client
    page = browser.get(reverse("feed-own")).content.decode()
    assert "No program has read it yet." in page
    assert address not in page
    Client().get(address)
    assert "A program last read it" in browser.get(reverse("feed-own")).content.decode()
    again = browser.post(reverse("feed-own"), {"do": "make"}).content.decode()
    assert address not in again
    assert Feed.objects.count() == 1
    assert Client().get(address).status_code == 404


def test_no_line_of_any_log_and_no_entry_holds_its_address(
    worker: Colleague, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    secret = address.rpartition("/")[2].removesuffix(".ics")
    caplog.set_level(logging.DEBUG)
    Client().get(address)
    worker.client.post(reverse("feed-own"), {"do": "end"})
    Client().get(address)
    Client().post(address)
    formatter = QuietFormatter()
    lines = [formatter.format(record) for record in caplog.records if not record.name.startswith("django.db")]
    assert any(secret in record.getMessage() for record in caplog.records), "nothing was logged, so this shows nothing"
    assert [line for line in lines if secret in line] == []
    kept = [bytes(value) for row in Entry.objects.values_list("body", "label") for value in row if value]
    assert not any(secret.encode() in value for value in kept)
