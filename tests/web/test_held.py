"""A form that could not be taken is carried, sealed, by the page that says so, and goes on from there."""

from __future__ import annotations

import re
from typing import Any, NoReturn

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from safeconduct.journal.actions import JournalUnavailable
from safeconduct.journal.tripwire import LogDiffers, ReadingSlowed, ReadingStopped
from safeconduct.people.models import Subject
from safeconduct.web import held
from safeconduct.web.desk.people import person_new
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)
NAME = "Quillfeather Marsh"
FAULTS = (ReadingSlowed(7), ReadingStopped("stopped"), LogDiffers("differs"), JournalUnavailable("full"))


@pytest.fixture
def by() -> Any:
    return builders.office().guardian


@pytest.fixture
def typed(by: Any) -> dict[str, str]:
    """A person as the form of a new one sends them."""
    parts = ("births", "ways", "references", "nationalities")
    counts = {f"{part}-{kind}_FORMS": "0" for part in parts for kind in ("TOTAL", "INITIAL")}
    names = {"names-TOTAL_FORMS": "1", "names-INITIAL_FORMS": "0", "names-0-text": NAME}
    return {**counts, **names, "team": by.actor.teams[0].handle.hex, "safe_note": "", "none_of_them": "on"}


def sent_to_nowhere(browser: Client, typed: dict[str, str], fault: Exception, patched: pytest.MonkeyPatch) -> Any:
    def refuse(**_named: object) -> NoReturn:
        raise fault

    patched.setattr(person_new, "add_person", refuse)
    answer = browser.post(reverse("person-new"), typed)
    patched.undo()
    return answer


def carried(answer: Any) -> dict[str, str]:
    found = re.search(rf'name="{held.FIELD}" value="([^"]+)"', answer.content.decode())
    assert found
    return {held.FIELD: found[1]}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda one: type(one).__name__)
def test_what_was_typed_is_sent_again_from_the_page_that_says_not_now(
    by: Any, fault: Exception, typed: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = by.client
    answer = sent_to_nowhere(browser, typed, fault, monkeypatch)
    assert answer.status_code in {409, 429, 503}
    shown = answer.content.decode()
    assert "Send it again" in shown
    assert "Quillfeather" not in shown
    assert f'action="{reverse("person-new")}"' in shown
    assert not Subject.objects.exists()
    assert browser.post(reverse("person-new"), carried(answer)).status_code == 302
    assert Subject.objects.count() == 1


def test_a_form_refused_twice_is_still_whole(by: Any, typed: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    browser = by.client
    once = sent_to_nowhere(browser, typed, OperationalError("read only"), monkeypatch)
    twice = sent_to_nowhere(browser, carried(once), ReadingSlowed(1), monkeypatch)
    assert browser.post(reverse("person-new"), carried(twice)).status_code == 302


def test_a_form_refused_before_it_is_put_back_is_carried_as_it_is(
    by: Any, typed: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = by.client
    once = carried(sent_to_nowhere(browser, typed, ReadingSlowed(1), monkeypatch))

    def differs(*_given: object) -> NoReturn:
        raise LogDiffers("differs")

    monkeypatch.setattr("safeconduct.web.middleware.last_seen.look", differs)
    assert carried(browser.post(reverse("person-new"), once)) == once


def test_a_page_that_was_only_asked_for_carries_nothing(by: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = by.client

    def slow(*_given: object) -> NoReturn:
        raise ReadingSlowed(1)

    monkeypatch.setattr("safeconduct.web.middleware.last_seen.look", slow)
    shown = browser.get(reverse("person-new")).content.decode()
    assert held.FIELD not in shown
    assert "What you sent" not in shown
    assert "Open it" in shown
    assert "What you saved before this is saved." in shown


def test_what_is_too_long_to_carry_is_said_to_be_lost(
    by: Any, typed: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = by.client
    monkeypatch.setattr(held, "_LONGEST", 10)
    shown = sent_to_nowhere(browser, typed, ReadingSlowed(1), monkeypatch).content.decode()
    assert "it has to be typed again" in shown
    assert held.FIELD not in shown


@pytest.mark.parametrize("spoilt", ["", "bm90IHNlYWxlZA==", "é"])
def test_a_held_form_that_does_not_open_is_not_taken_for_an_empty_one(by: Any, spoilt: str) -> None:
    answer = by.client.post(reverse("person-new"), {held.FIELD: spoilt})
    assert answer.status_code == 409
    assert "The form was too old" in answer.content.decode()
    assert not Subject.objects.filter(kind=Subject.Kind.PERSON).exists()
