"""Two tabs on one desk, and what was typed when something goes wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.journeys import steps
from tests.journeys.steps import expect
from tests.support.browser import Profiles
from tests.support.desk import LiveDesk

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def open_a_case(page: Page) -> None:
    """The first case of the list."""
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Cases").click()
    page.locator("main .row-link").first.click()
    page.get_by_role("heading", name="Log what happened").wait_for()


def test_the_second_of_two_changes_is_told_and_keeps_its_text(demo_desk: LiveDesk, profiles: Profiles) -> None:
    mine, theirs = profiles.new().new_page(), profiles.new().new_page()
    steps.sign_in(mine, demo_desk)
    steps.sign_in(theirs, demo_desk, steps.demo_sign_in(demo_desk, "alex"))
    steps.search(mine, "hodan warsame")
    mine.locator("main .row-link").first.click()
    mine.get_by_role("link", name="Change How to reach them").click()
    theirs.goto(mine.url)
    theirs.get_by_label("Safe contact").fill("Never before noon")
    theirs.get_by_role("button", name="Save").click()
    expect(theirs.get_by_role("note").first).to_contain_text("Never before noon")

    mine.get_by_label("Safe contact").fill("Her sister must not pick up")
    mine.get_by_role("button", name="Save").click()
    problem = mine.get_by_role("alert")
    expect(problem).to_contain_text("Somebody else saved this while you were writing")
    expect(problem).to_be_focused()
    expect(mine.get_by_label("Safe contact")).to_have_value("Her sister must not pick up")
    expect(mine.get_by_text("Never before noon").first).to_be_visible()

    mine.get_by_label("Safe contact").fill("Her sister must not pick up. Never before noon")
    mine.get_by_role("button", name="Save").click()
    expect(mine.get_by_role("note").first).to_contain_text("Her sister must not pick up. Never before noon")


def test_a_lock_locks_every_tab_and_what_was_typed_is_kept(demo_desk: LiveDesk, profiles: Profiles) -> None:
    profile = profiles.new()
    page, other = profile.new_page(), profile.new_page()
    who = steps.sign_in(page, demo_desk)
    open_a_case(page)
    page.get_by_role("combobox", name="What happened").select_option("phoned")
    page.get_by_label("Note").fill("Rang at ten, nobody there")

    steps.go(other, demo_desk, "/")
    steps.arrive(other, "Today")
    other.get_by_role("button", name="Lock").click()
    expect(other).to_have_title("Locked · Safeconduct")
    steps.go(other, demo_desk, "/people")
    expect(other).to_have_title("Locked · Safeconduct")

    # The tab with the case goes to the lock by itself: nobody reads on behind a lock.
    expect(page).to_have_title("Locked · Safeconduct")
    assert "Rang at ten" not in page.content()
    steps.unlock(page, who)
    expect(page.get_by_label("Note")).to_have_value("Rang at ten, nobody there")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Logged: Phoned them")
    expect(page.get_by_text("Rang at ten, nobody there")).to_be_visible()

    # The other tab goes on to the page that was asked for.
    other.reload()
    expect(other).to_have_title("People · Safeconduct")


def test_broken_input_is_explained_and_kept(demo_desk: LiveDesk, page: Page) -> None:
    steps.sign_in(page, demo_desk)
    open_a_case(page)
    page.get_by_role("combobox", name="What happened").select_option("chased")
    page.get_by_label("Day", exact=True).fill("31 february")
    page.get_by_label("Note").fill("Second chase, by post")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page).to_have_title("Error: Case · Safeconduct")
    problem = page.get_by_role("alert")
    expect(problem).to_be_focused()
    expect(problem).to_contain_text("There is a problem")
    expect(page.get_by_label("Day", exact=True)).to_have_value("31 february")
    expect(page.get_by_label("Note")).to_have_value("Second chase, by post")
    expect(page.get_by_role("combobox", name="What happened")).to_have_value("chased")

    # The summary leads to the field, which says the same.
    problem.get_by_role("link").click()
    field = page.get_by_label("Day", exact=True)
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    described = (field.get_attribute("aria-describedby") or "").split()
    told = " ".join(page.locator(f"#{one}").inner_text() for one in described)
    assert problem.get_by_role("link").inner_text() in told

    field.fill("yesterday")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Logged: Chased")


def test_leaving_with_typed_text_asks_first(demo_desk: LiveDesk, page: Page) -> None:
    steps.sign_in(page, demo_desk)
    open_a_case(page)
    # Typed key by key, as a person does: a browser asks only where somebody has touched the page, and `fill` does not.
    page.get_by_label("Note").press_sequentially("Half a sentence")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("navigation", name="Main").get_by_role("link", name="People").click(no_wait_after=True)
    expect(page.get_by_label("Note")).to_have_value("Half a sentence")
    assert asked == ["beforeunload"]


def test_back_after_signing_out_shows_nothing(demo_desk: LiveDesk, page: Page) -> None:
    steps.sign_in(page, demo_desk)
    steps.search(page, "hodan warsame")
    page.locator("main .row-link").first.click()
    page.get_by_role("heading", name="Names and birth").wait_for()
    page.get_by_role("banner").get_by_text("Sian Williams").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_title("Sign in · Safeconduct")
    page.go_back()
    expect(page).to_have_title("Sign in · Safeconduct")
    assert "Hodan" not in page.content()
