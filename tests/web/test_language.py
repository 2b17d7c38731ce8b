"""Direction and language change only where somebody chose them."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db(transaction=True)
HTML = re.compile(r'<html lang="([^"]*)" dir="([^"]*)"')


def shown(browser: Client, **headers: str) -> tuple[str, str]:
    """The language and direction of the first page."""
    found = HTML.search(browser.get(reverse("start"), headers=headers).content.decode())
    assert found
    return found[1], found[2]


def test_a_browser_that_asks_for_arabic_gets_english_from_left_to_right() -> None:
    assert shown(Client(), **{"accept-language": "ar,en;q=0.1"}) == ("en-gb", "ltr")


def test_the_trial_runs_from_right_to_left_and_says_that_its_words_are_english() -> None:
    browser = Client()
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "ar"
    assert shown(browser) == ("en-gb", "rtl")
    wrong = browser.post(reverse("start"), {})
    assert wrong.headers["Content-Language"] == "en-gb"
    assert "This field is required." in wrong.content.decode()


@pytest.mark.parametrize("value", ["", "xx", "en", "AR", "ar<script>"])
def test_a_cookie_nobody_could_have_chosen_is_passed_over(value: str) -> None:
    browser = Client()
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = value
    assert shown(browser) == ("en-gb", "ltr")
