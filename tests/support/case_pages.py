"""Reading and using a case's page in tests."""

from __future__ import annotations

import re
from datetime import date, timedelta

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from safeconduct.accounts.keys import today
from safeconduct.casework.models import Case


def days_ago(days: int) -> date:
    """A day before today in London."""
    return today() - timedelta(days=days)


def text(page: str | bytes) -> str:
    """The words of a page, without its tags."""
    page = page.decode() if isinstance(page, bytes) else page
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def look(browser: Client, case: Case, **query: str) -> str:
    """A case's page."""
    answer = browser.get(reverse("case", args=[case.handle]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def log(browser: Client, case: Case, place: str = "", **fields: str) -> HttpResponse:
    """What comes of logging an event on a case; `place` is the query of its place in a list."""
    answer = browser.post(reverse("case", args=[case.handle]) + place, {"kind": "chased", "on": "today", **fields})
    assert isinstance(answer, HttpResponse)
    return answer


def followed(browser: Client, answer: HttpResponse) -> str:
    """The page an answer leads to."""
    assert answer.status_code == 302, answer.content.decode()
    return browser.get(answer["Location"]).content.decode()
