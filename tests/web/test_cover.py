"""When a member is away: the page that sets it, and what it does to Today."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from safeconduct.accounts.keys import today
from safeconduct.agenda.models import Cover
from tests import builders
from tests.builders import Colleague, Office
from tests.support.case_pages import days_ago, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def away(place: Office) -> Colleague:
    return builders.member(place, "Ada Away")


def post(browser: Client, of: Colleague, by: Colleague, first: str = "today", last: str = "") -> int:
    form = {
        "colleague": by.member.handle.hex,
        "from_on": first,
        "until_on": last or (today() + timedelta(days=7)).isoformat(),
    }
    return browser.post(reverse("cover", args=[of.member.handle]), form).status_code


def test_mine_is_theirs_too_and_says_for_whom(place: Office, worker: Colleague, away: Colleague) -> None:
    about = builders.person(worker)
    builders.case(worker, about, reference="IM/1", sent_on=days_ago(60), worker=worker.member)
    builders.case(worker, about, reference="IM/2", sent_on=days_ago(60), worker=away.member)
    builders.case(worker, about, reference="IM/3", sent_on=days_ago(60))
    browser = worker.client
    mine = {"worker": "mine"}
    assert "IM/2" not in browser.get(reverse("today"), mine).content.decode()
    assert post(away.client, away, worker) == 302
    said = text(browser.get(reverse("today"), mine).content)
    assert "IM/1" in said
    assert "IM/2" in said
    assert "IM/3" not in said
    assert "for Ada Away" in said
    assert "You cover until the day given for: Ada Away (" in said
    assert "IM/2" in text(browser.get(reverse("cases"), mine).content)


def test_it_is_ended_there(worker: Colleague, away: Colleague) -> None:
    browser = away.client
    post(browser, away, worker)
    page = browser.get(reverse("cover", args=[away.member.handle])).content.decode()
    assert "Lowri Worker" in page
    end = reverse("cover-end", args=[away.member.handle, Cover.objects.get().handle])
    assert browser.post(end).status_code == 302
    assert not Cover.objects.exists()
    assert browser.post(end).status_code == 409


@pytest.mark.parametrize(("first", "last"), [("today", "-3d"), ("x", "today"), ("", "")])
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    worker: Colleague, away: Colleague, first: str, last: str
) -> None:
    form = {"colleague": worker.member.handle.hex, "from_on": first, "until_on": last}
    page = away.client.post(reverse("cover", args=[away.member.handle]), form).content.decode()
    assert "There is a problem" in page
    assert f'value="{worker.member.handle.hex}" selected' in page
    assert not Cover.objects.exists()


def test_whose_it_is(place: Office, worker: Colleague, away: Colleague) -> None:
    """One's own, and a guardian's for others; nobody reaches into another office, or ends what is another's."""
    lead = builders.member(place, "Lena Lead", role="lead")
    far = builders.other_office().guardian
    assert post(lead.client, away, worker) == 403
    assert post(far.client, away, worker) == 404
    assert post(place.guardian.client, away, worker) == 302
    mine = reverse("cover-end", args=[worker.member.handle, Cover.objects.get().handle])
    assert worker.client.post(mine).status_code == 409  # of another member
    theirs = reverse("cover-end", args=[away.member.handle, Cover.objects.get().handle])
    assert worker.client.post(theirs).status_code == 403
    assert Cover.objects.count() == 1
    assert away.client.post(reverse("cover-end", args=[away.member.handle, uuid4()])).status_code == 409


def test_somebody_of_no_shared_team_is_no_choice(place: Office, away: Colleague) -> None:
    stranger = builders.member(place, "Sara Stranger", team=builders.team(place))
    assert post(away.client, away, stranger) == 200
    assert not Cover.objects.exists()
