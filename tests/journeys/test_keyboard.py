"""A day's work without touching a mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.journeys import steps
from tests.journeys.steps import expect
from tests.support.desk import LiveDesk

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

# A key press on a link or a button makes a click without a pointer: its detail is 0.
COUNT_POINTERS = """
window.addEventListener("pointerdown", () => sessionStorage.setItem("pointed", "yes"), true);
window.addEventListener("click", (event) => { if (event.detail) sessionStorage.setItem("pointed", "yes"); }, true);
"""


def tab_to(page: Page, selector: str, *, at_most: int = 12) -> None:
    """Press Tab until the element has the focus."""
    for _ in range(at_most):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"{selector} is not within {at_most} steps of the Tab key")


def test_sign_in_search_open_log_and_lock(demo_desk: LiveDesk, page: Page) -> None:
    page.add_init_script(COUNT_POINTERS)
    who = steps.demo_sign_in(demo_desk)
    steps.go(page, demo_desk, "/sign-in")
    tab_to(page, "#id_sign_in")
    page.keyboard.type(who.name)
    tab_to(page, "#id_passphrase")
    page.keyboard.type(who.passphrase)
    page.keyboard.press("Enter")
    steps.arrive(page, "Today")

    page.keyboard.press("/")
    expect(page.get_by_role("banner").get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("mohamad raheemi")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Found")).to_be_visible()
    steps.arrive(page, "People")

    page.keyboard.press("j")
    expect(page.locator("main [data-row] .row-link").first).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator("main [data-row] .row-link").nth(1)).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    steps.arrive(page, "Person")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    steps.arrive(page, "Case")

    page.keyboard.press("e")
    kind = page.get_by_role("combobox", name="What happened")
    expect(kind).to_be_focused()
    page.keyboard.type("Phoned")
    expect(kind).to_have_value("phoned")
    tab_to(page, "#id_on", at_most=3)
    page.keyboard.press("Control+a")
    page.keyboard.type("-1d")
    tab_to(page, "#id_note", at_most=4)
    page.keyboard.type("They will ring back. e / j k do nothing here.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("Logged: Phoned them")
    expect(page.get_by_text("They will ring back. e / j k do nothing here.")).to_be_visible()
    steps.arrive(page, "Case")

    page.keyboard.press("?")
    expect(page.get_by_role("heading", level=1, name="By keyboard")).to_be_visible()
    tab_to(page, "form[action='/lock'] button")
    page.keyboard.press("Enter")
    expect(page).to_have_title("Locked · Safeconduct")
    assert page.evaluate("sessionStorage.getItem('pointed')") is None


def test_the_skip_link_leads_past_the_navigation(demo_desk: LiveDesk, page: Page) -> None:
    steps.sign_in(page, demo_desk)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def test_single_keys_can_be_turned_off(demo_desk: LiveDesk, page: Page) -> None:
    steps.sign_in(page, demo_desk)
    steps.go(page, demo_desk, "/settings")
    page.get_by_label("Shortcuts of one key").uncheck()
    page.get_by_role("main").get_by_role("button", name="Save").click()
    expect(page.get_by_label("Shortcuts of one key")).not_to_be_checked()
    steps.go(page, demo_desk, "/")
    page.keyboard.press("/")
    expect(page.get_by_role("banner").get_by_role("searchbox")).not_to_be_focused()
    page.keyboard.press("?")
    expect(page).to_have_title("Today · Safeconduct")


def test_a_promise_and_a_decision_without_a_mouse(demo_desk: LiveDesk, page: Page) -> None:
    page.add_init_script(COUNT_POINTERS)
    steps.sign_in(page, demo_desk)
    steps.go(page, demo_desk, "/?kind=act_by")
    page.evaluate("sessionStorage.removeItem('pointed')")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Log what happened").wait_for()
    steps.go(page, demo_desk, page.url)  # where `j` begins at the top

    tab_to(page, "a[href$='/clock']", at_most=40)
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name="The clock of a letter").wait_for()
    expect(page.get_by_label("What they did")).to_be_focused()
    page.keyboard.type("Promised")
    tab_to(page, "#id_until")
    page.keyboard.type("in 8 weeks")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Log what happened")).to_be_visible()

    tab_to(page, "a[href$='/decision/new']", at_most=60)
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name="A decision came").wait_for()
    expect(page.get_by_label("What was decided")).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    tab_to(page, "#id_decision")
    page.keyboard.type("Asylum refused")
    tab_to(page, "#id_how")
    page.keyboard.type("By post")
    tab_to(page, "#id_sent_on")
    page.keyboard.type("-3d")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Time limits that run from it")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("input[name=rules]").first).to_be_focused()
    assert page.evaluate("sessionStorage.getItem('pointed')") is None
