"""Erasing at the desk: what goes is shown, one asks, another confirms, and a certificate is left that names nobody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from safeconduct.people.models import Erasure, ErasureRequest, Subject
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)
NAME = "Fatima Rahimi"


@pytest.fixture
def office():
    return builders.office()


@pytest.fixture
def worker(office):
    return builders.member(office)


def text(answer) -> str:
    return answer.content.decode()


def test_one_asks_another_confirms_and_the_record_is_gone(office, worker):
    person = builders.person(worker, NAME)
    builders.case(worker, person)
    page = reverse("erase", args=[person.handle])
    browser, guardian = worker.client, office.guardian.client
    shown = text(browser.get(page))
    assert NAME in shown
    assert "Cases that go with it" in shown
    assert "Erase for good" not in shown
    assert browser.post(page, {"do": "ask"}).status_code == 302
    shown = text(browser.get(page))
    assert "A lead of the team" in shown
    assert "Erase for good" not in shown

    shown = text(guardian.get(page))
    assert "Lowri Worker" in shown
    refused = guardian.post(page, {"do": "erase"})
    assert "Tick this" in text(refused)
    assert Subject.objects.exists()
    done = guardian.post(page, {"do": "erase", "sure": "on"})
    certificate = Erasure.objects.get(kind="person")
    assert done.url == reverse("erasure", args=[certificate.handle])
    assert not Subject.objects.exists()
    assert browser.get(page).status_code == 404
    assert browser.get(reverse("person", args=[person.handle])).status_code == 404


def test_a_caseworker_cannot_confirm_and_who_asked_cannot_either(office, worker):
    person = builders.person(worker, NAME)
    builders.member(office, "Lena Lead", role="lead")
    page = reverse("erase", args=[person.handle])
    guardian = office.guardian.client
    guardian.post(page, {"do": "ask"})
    assert worker.client.post(page, {"do": "erase", "sure": "on"}).status_code in {403, 404}
    assert "a colleague has to confirm" in text(guardian.post(page, {"do": "erase", "sure": "on"}))
    assert Subject.objects.exists()


def test_it_can_be_taken_back(office, worker):
    page = reverse("erase", args=[builders.person(worker, NAME).handle])
    browser = worker.client
    browser.post(page, {"do": "ask"})
    assert browser.post(page, {"do": "withdraw"}).status_code == 302
    assert not ErasureRequest.objects.exists()
    assert "took it back already" in text(browser.post(page, {"do": "withdraw"}))


def test_alone_it_says_that_it_waits_a_day(office):
    person = builders.person(office.guardian, NAME)
    page, browser = reverse("erase", args=[person.handle]), office.guardian.client
    browser.post(page, {"do": "ask"})
    assert "it waits a day" in text(browser.get(page))
    ErasureRequest.objects.update(asked_at=datetime.now(UTC) - timedelta(hours=25))
    assert "Erase for good" in text(browser.get(page))


def test_a_certificate_says_until_when_and_names_nobody(office, worker):
    person = builders.person(worker, NAME)
    builders.member(office, "Lena Lead", role="lead").client.post(reverse("erase", args=[person.handle]), {"do": "ask"})
    browser = office.guardian.client
    browser.post(reverse("erase", args=[person.handle]), {"do": "erase", "sure": "on"})
    certificate = Erasure.objects.get()
    page = text(browser.get(reverse("erasure", args=[certificate.handle])))
    assert "The first backup made after" in page
    assert "copies partners took are listed, not recalled" in page
    for word in (*NAME.split(), person.handle.hex, str(person.handle)):
        assert word not in page
    listed = text(worker.client.get(reverse("erasures")))
    assert reverse("erasure", args=[certificate.handle]) in listed
    certificate.destroyed_on = certificate.on
    certificate.save()
    assert "No key that opened it is left" in text(browser.get(reverse("erasure", args=[certificate.handle])))


def test_another_offices_certificate_is_not_here(office, worker):
    far = builders.other_office()
    certificate = Erasure.objects.create(
        organisation=far.organisation,
        kind="case",
        subject=office.team.handle,
        on=office.team.started_on,
        epoch=1,
        unreadable_by=office.team.started_on,
    )
    assert worker.client.get(reverse("erasure", args=[certificate.handle])).status_code == 404
    assert "Nothing has been erased" in text(worker.client.get(reverse("erasures")))
