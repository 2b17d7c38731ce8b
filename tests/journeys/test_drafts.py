"""What is typed outlives the lock: by itself after idle minutes, by the button, and in another tab."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.journeys import steps
from tests.journeys.steps import expect
from tests.support.browser import Profiles
from tests.support.desk import LiveDesk

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
BACK = "What you had typed is back. It is not saved yet."


def begin_typing(page: Page, desk: LiveDesk, text: str) -> None:
    steps.go(page, desk, "/people/new")
    page.get_by_label("Name", exact=True).press_sequentially(text)


def test_typed_text_is_back_after_the_idle_lock_and_gone_once_it_is_saved(
    demo_desk: LiveDesk, profiles: Profiles
) -> None:
    page = profiles.new().new_page()
    page.clock.install()
    who = steps.sign_in(page, demo_desk)
    begin_typing(page, demo_desk, "Quillfeather Oatsworth")
    page.clock.fast_forward("14:40")
    page.clock.run_for(6000)
    expect(page).to_have_title("Locked · Safeconduct")
    assert "Quillfeather" not in page.content()
    steps.unlock(page, who)
    expect(page.get_by_text(BACK)).to_be_visible()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Quillfeather Oatsworth")

    steps.choose_team(page)
    page.get_by_role("button", name="Add this person").click()
    page.get_by_role("heading", level=1, name="Quillfeather Oatsworth").wait_for()
    steps.go(page, demo_desk, "/people/new")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text(BACK)).to_have_count(0)
    expect(page.get_by_label("Name", exact=True)).to_have_value("")


def test_the_lock_button_keeps_it_too_and_takes_other_tabs_along(demo_desk: LiveDesk, profiles: Profiles) -> None:
    profile = profiles.new()
    page, other = profile.new_page(), profile.new_page()
    who = steps.sign_in(page, demo_desk)
    begin_typing(page, demo_desk, "Vrambolt Dunskiraj")
    steps.go(other, demo_desk, "/cases")
    steps.arrive(other, "Cases")
    other.get_by_role("button", name="Lock").click()
    expect(other).to_have_title("Locked · Safeconduct")
    expect(page).to_have_title("Locked · Safeconduct")
    steps.unlock(page, who)
    expect(page.get_by_text(BACK)).to_be_visible()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Vrambolt Dunskiraj")


def test_what_cannot_be_kept_is_told_and_a_second_press_locks_all_the_same(
    demo_desk: LiveDesk, profiles: Profiles
) -> None:
    page = profiles.new().new_page()
    steps.sign_in(page, demo_desk)
    begin_typing(page, demo_desk, "Ottersby")
    page.route("**/draft", lambda route: route.abort())
    page.get_by_role("button", name="Lock").click()
    expect(page.get_by_text("Press Lock once more")).to_be_visible()
    expect(page.get_by_label("Name", exact=True)).to_have_value(re.compile("Ottersby"))
    page.get_by_role("button", name="Lock").click()
    expect(page).to_have_title("Locked · Safeconduct")
    assert "Ottersby" not in page.content()
