"""Everything works with scripts turned off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.journeys import steps
from tests.journeys.steps import expect
from tests.support.browser import Profiles
from tests.support.desk import LiveDesk

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

pytestmark = pytest.mark.browser


@pytest.fixture
def plain(profiles: Profiles) -> BrowserContext:
    """A profile that runs no script."""
    return profiles.new(java_script_enabled=False, viewport={"width": 1280, "height": 800})


def test_search_log_lock_and_unlock(demo_desk: LiveDesk, plain: BrowserContext) -> None:
    page = plain.new_page()
    who = steps.sign_in(page, demo_desk)
    steps.search(page, "mohamad raheemi")
    page.get_by_role("main").get_by_role("link", name="محمد").first.click()
    expect(page.get_by_role("heading", level=1, name="محمد رحیمی")).to_be_visible()
    page.locator("main .row-link").first.click()
    page.get_by_role("combobox", name="What happened").select_option("phoned")
    page.get_by_label("Day", exact=True).fill("yesterday")
    page.get_by_label("Note").fill("Without a script")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Logged: Phoned them")

    page.get_by_label("Note").fill("Typed before the lock")
    page.get_by_role("combobox", name="What happened").select_option("phoned")
    other = plain.new_page()
    steps.go(other, demo_desk, "/")
    other.get_by_role("button", name="Lock").click()
    expect(other).to_have_title("Locked · Safeconduct")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("What you sent is kept, sealed to you.")).to_be_visible()
    steps.unlock(page, steps.SignIn(who.name, "not the passphrase at all"))
    expect(page).to_have_title("Error: Locked · Safeconduct")
    steps.unlock(page, who)
    expect(page.get_by_role("status")).to_contain_text("Logged: Phoned them")
    expect(page.get_by_text("Typed before the lock")).to_be_visible()


def test_one_more_line_of_a_form_is_a_press_of_a_button(demo_desk: LiveDesk, plain: BrowserContext) -> None:
    page = plain.new_page()
    steps.sign_in(page, demo_desk)
    steps.go(page, demo_desk, "/people/new")
    page.get_by_label("Name", exact=True).fill("Yohannes Testname")
    page.get_by_role("button", name="Add another spelling").click()
    names = page.get_by_label("Name", exact=True)
    expect(names).to_have_count(2)
    expect(names.first).to_have_value("Yohannes Testname")
    names.nth(1).fill("ዮሃንስ")
    steps.choose_team(page)
    page.get_by_role("button", name="Add this person").click()
    expect(page.get_by_role("heading", level=1, name="Yohannes Testname")).to_be_visible()
    expect(page.get_by_text("ዮሃንስ").first).to_be_visible()


def test_a_date_explains_itself(demo_desk: LiveDesk, plain: BrowserContext) -> None:
    page = plain.new_page()
    steps.sign_in(page, demo_desk)
    row = page.locator("main [data-row]").filter(has=page.get_by_text("Why?")).first
    explained = row.locator(".explain")
    expect(explained).to_be_hidden()
    row.get_by_text("Why?").click()
    expect(explained).to_be_visible()
