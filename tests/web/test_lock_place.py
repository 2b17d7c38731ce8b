"""Whoever locks the desk comes back to where they were, and never elsewhere."""

from __future__ import annotations

import pytest
from django.urls import reverse

from safeconduct.web import held
from tests import builders
from tests.builders import PASSPHRASE

pytestmark = pytest.mark.django_db


def test_unlocking_leads_back_to_the_page_that_was_locked() -> None:
    browser = builders.office().guardian.client
    locked = browser.post(reverse("lock"), headers={"referer": "http://testserver/cases?state=closed"})
    assert locked.headers["Location"] == f"{reverse('unlock')}?{held.TO}=%2Fcases%3Fstate%3Dclosed"
    right = browser.post(reverse("unlock"), {"passphrase": PASSPHRASE, held.TO: "/cases?state=closed"})
    assert right.headers["Location"] == "/cases?state=closed"


@pytest.mark.parametrize(
    "came",
    [
        "",
        "https://example.org/cases",
        "http://testserver.example.org/cases",
        "http://testserver/no-such-page",
        "http://testserver/people/search",  # only ever sent to
    ],
)
def test_what_cannot_be_opened_again_is_not_kept(came: str) -> None:
    browser = builders.office().guardian.client
    headers = {"referer": came} if came else {}
    assert browser.post(reverse("lock"), headers=headers).headers["Location"] == reverse("unlock")


def test_unlocking_never_leads_to_what_is_only_sent_to() -> None:
    browser = builders.office().guardian.client
    browser.post(reverse("lock"))
    right = browser.post(reverse("unlock"), {"passphrase": PASSPHRASE, held.TO: reverse("sign-out")})
    assert right.headers["Location"] == reverse("today")
    assert browser.get(reverse("unlock"), {held.TO: reverse("people-search")}).headers["Location"] == reverse("today")


@pytest.mark.parametrize("number", ["9" * 30, "-" + "9" * 30, "", "one"])
def test_what_is_no_draft_is_told_so(number: str) -> None:
    browser = builders.office().guardian.client
    sent = {"path": "/people/new", "form": number, "fields": "[]"}
    assert browser.post(reverse("draft-keep"), sent).status_code == 400
