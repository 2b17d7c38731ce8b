"""Pages outside, pages that say no, and a desk with nothing in it, by axe's rules; every other: test_every_page.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.journeys import steps
from tests.support.axe import look_at, violations
from tests.support.browser import Profiles
from tests.support.desk import LiveDesk

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_a_page_that_is_wrong_is_noticed(page: Page) -> None:
    page.set_content("<html><head><title></title></head><body><img src=x><p style='color:#ccc'>faint</p></body></html>")
    found = {one.split(":", 1)[0] for one in violations(page)}
    assert {"document-title", "html-has-lang", "image-alt", "color-contrast"} <= found
    of_the_look = {one.split(":", 1)[0] for one in violations(page, look_alone=True)}
    assert "color-contrast" in of_the_look
    assert "image-alt" not in of_the_look


def test_the_pages_outside_and_those_that_say_no(demo_desk: LiveDesk, profiles: Profiles) -> None:
    page = profiles.new().new_page()
    wrong: list[str] = []
    for name, path in {"sign-in": "/sign-in", "promise": "/promise", "not found": "/no-such-page"}.items():
        steps.go(page, demo_desk, path)
        wrong += look_at(page, name)
    steps.go(page, demo_desk, "/sign-in")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    steps.arrive(page, "Error: Sign in")
    wrong += look_at(page, "sign-in with faults")
    who = steps.sign_in(page, demo_desk, steps.demo_sign_in(demo_desk, "alex"))
    page.get_by_role("banner").get_by_text("Alex Brown").click()
    wrong += [f"the member's menu: {one}" for one in violations(page)]
    for name, path in {"not allowed": "/log", "not held": "/people/00000000-0000-4000-8000-000000000000"}.items():
        steps.go(page, demo_desk, path)
        wrong += look_at(page, name)
    steps.go(page, demo_desk, "/people/new")
    page.get_by_role("button", name="Add this person").click()
    steps.arrive(page, "Error: Add a person")
    wrong += look_at(page, "a form with faults")
    steps.search(page, "qqqq nobody xxxx")
    wrong += look_at(page, "nobody found")
    page.get_by_role("button", name="Lock").click()
    steps.arrive(page, "Locked")
    wrong += look_at(page, "unlock")
    steps.unlock(page, who)
    assert not wrong, "\n".join(wrong)


def test_first_use_and_a_desk_with_nothing_in_it(live_desk: LiveDesk, page: Page) -> None:
    steps.go(page, live_desk, "/")
    wrong = look_at(page, "start")
    page.get_by_role("button", name="Make the desk").click()
    steps.arrive(page, "Error: First use")
    wrong += look_at(page, "start with faults")
    steps.begin(page, live_desk)
    for path in ("/", "/people", "/cases", "/imports", "/members", "/log"):
        steps.go(page, live_desk, path)
        wrong += look_at(page, f"{path} with nothing in it")
    steps.add_person(page, live_desk, "እልሳ ታደሰ")
    wrong += look_at(page, "a person without a case")
    steps.open_case(page)
    wrong += look_at(page, "a case without a letter")
    assert not wrong, "\n".join(wrong)
