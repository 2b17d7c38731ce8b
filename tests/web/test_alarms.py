"""Alarms, the tripwire's numbers, refusals in the log, and the log told apart by kind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from safeconduct.accounts.actions import log as refusals
from safeconduct.accounts.models import Organisation
from safeconduct.journal.models import Act, Alarm, Entry
from safeconduct.people import queries
from tests import builders
from tests.builders import Colleague, Office

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office() -> Office:
    refusals._unsaid.clear()
    return builders.office()


def alarm(office: Office, about: Colleague, kind: str) -> Alarm:
    return Alarm.objects.create(
        organisation=office.organisation.handle,
        member=about.member.handle,
        kind=kind,
        at=datetime.now(UTC),
        count=61,
    )


def test_guardians_see_that_there_is_an_alarm_and_others_do_not(office: Office) -> None:
    lowri = builders.member(office)
    assert "1 alarm" not in office.guardian.client.get("/").content.decode()
    alarm(office, lowri, "slowed")
    assert "1 alarm" in office.guardian.client.get("/").content.decode()
    assert "1 alarm" not in lowri.client.get("/").content.decode()
    assert lowri.client.get(reverse("alarms")).status_code == 403
    assert lowri.client.get(reverse("tripwire")).status_code == 403


def test_an_alarm_that_was_answered_says_by_whom(office: Office) -> None:
    lowri = builders.member(office)
    told = alarm(office, lowri, "told")
    desk = office.guardian.client
    desk.post(reverse("alarm-answer", args=[told.handle]))
    shown = desk.get(reverse("alarms")).content.decode()
    assert "Answered by" in shown
    assert "61 records within thirty days" in shown
    assert "1 alarm" not in desk.get("/").content.decode()


def test_ones_own_alarm_is_for_another_guardian(office: Office) -> None:
    mine = alarm(office, office.guardian, "stopped")
    builders.member(office, "Second Guardian", guardian=True)
    answer = office.guardian.client.post(reverse("alarm-answer", args=[mine.handle]))
    assert answer.status_code == 409
    assert "another guardian answers it" in answer.content.decode()
    mine.refresh_from_db()
    assert mine.seen_at is None


def test_the_numbers_are_set_within_bounds(office: Office) -> None:
    desk = office.guardian.client
    wrong = desk.post(reverse("tripwire"), {"slow_from": "100", "stop_from": "90", "tell_from": "1500"})
    assert wrong.status_code == 200
    assert "larger one" in wrong.content.decode()
    right = desk.post(reverse("tripwire"), {"slow_from": "100", "stop_from": "150", "tell_from": "2000"})
    assert right.status_code == 302
    stands = Organisation.objects.get(pk=office.organisation.pk)
    assert (stands.slow_from, stands.stop_from, stands.tell_from) == (100, 150, 2000)
    assert Entry.objects.filter(act=Act.TRIPWIRE_SET).count() == 1


def test_a_flood_of_refusals_is_no_flood_of_entries(office: Office) -> None:
    lowri = builders.member(office)
    browser = lowri.client
    for _ in range(7):
        assert browser.get(reverse("log")).status_code == 403
    [first] = Entry.objects.filter(act=Act.REFUSED)
    assert (first.member, first.count) == (lowri.member.handle, 1)
    Entry.objects.filter(pk=first.pk).update(at=first.at - timedelta(minutes=2))
    browser.get(reverse("log"))
    assert list(Entry.objects.filter(act=Act.REFUSED).order_by("id").values_list("count", flat=True)) == [1, 7]
    assert "7 times" in office.guardian.client.get(reverse("log")).content.decode()


def test_the_log_tells_openings_lists_and_files_apart(office: Office) -> None:
    lowri = builders.member(office)
    person = builders.person(lowri, "Ann Quillfeather")
    queries.open_person(by=lowri.actor, person=person)
    queries.found(by=lowri.actor, handle=queries.search(by=lowri.actor, text="quillfeather").handle)
    desk = office.guardian.client
    opened = desk.get(reverse("log"), {"kind": "opened"}).content.decode()
    listed = desk.get(reverse("log"), {"kind": "listed"}).content.decode()
    assert "opened the record" in opened
    assert "<td>searched</td>" not in opened
    assert "<td>searched</td>" in listed
    assert "opened the record" not in listed
    assert desk.get(reverse("log"), {"kind": "nonsense"}).status_code == 200
