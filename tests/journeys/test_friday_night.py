"""Friday night: a cousin rings, the flight is on Sunday. By keyboard alone, and counted in keys.

A key is one press; what is typed into a field counts as one whatever its length, because nobody can be spared the words
themselves. What is counted is what the desk asks for besides.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.journeys import steps
from tests.journeys.steps import expect
from tests.journeys.test_keyboard import COUNT_POINTERS, tab_to
from tests.support.browser import Profiles
from tests.support.desk import LiveDesk

if TYPE_CHECKING:  # Playwright is slow to import, and most runs of one test do without it
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

# From any page: to the ladder of somebody on record whose removal nobody had heard of.
TO_THE_LADDER = 9
# From the ladder: somebody was told, with what they said.
TO_WRITE_DOWN = 3


class Keys:
    """A keyboard that counts."""

    def __init__(self, page: Page) -> None:
        self.count = 0
        self._page = page

    def press(self, key: str) -> None:
        """One key."""
        self.count += 1
        self._page.keyboard.press(key)

    def type(self, text: str) -> None:
        """A field filled in."""
        self.count += 1
        self._page.keyboard.type(text)


def test_from_the_call_to_the_sheet(demo_desk: LiveDesk, page: Page) -> None:
    steps.sign_in(page, demo_desk)
    page.add_init_script(COUNT_POINTERS)
    steps.go(page, demo_desk, "/people")
    steps.arrive(page, "People")
    keys = Keys(page)

    keys.press("u")
    steps.arrive(page, "Removals")
    keys.press("s")
    expect(page.get_by_label("Whom is it about?")).to_be_focused()
    keys.type("hodan warsame")
    keys.press("Enter")
    steps.arrive(page, "Removals")
    expect(page.get_by_role("link", name=re.compile("On this case")).first).to_be_focused()
    keys.press("Enter")
    steps.arrive(page, "The removal")
    expect(page.get_by_label("Day of the removal")).to_be_focused()
    keys.type("+2d")
    keys.press("Tab")
    keys.type("18:40")
    keys.press("Control+Enter")
    steps.arrive(page, "Removal")
    expect(page.get_by_role("heading", level=1, name="Hodan Warsame")).to_be_visible()
    expect(page.get_by_text("Harbour Law Centre (invented), duty line").first).to_be_visible()
    assert keys.count == TO_THE_LADDER

    keys.press("1")
    keys.type("The duty line rings back")
    keys.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("It is written down")
    told = page.locator("#rung-solicitor .told-list")
    expect(told).to_contain_text(re.compile(r"Told at \d\d:\d\d by Sian Williams"))
    expect(told).to_contain_text("The duty line rings back")
    assert keys.count == TO_THE_LADDER + TO_WRITE_DOWN

    keys.press("s")
    steps.arrive(page, "Removal: the sheet")
    expect(page.get_by_role("article")).to_contain_text("18:40")
    # What stands first in Today now, and in the timeline.
    steps.go(page, demo_desk, "/?kind=removal")
    expect(page.get_by_role("main")).to_contain_text("Hodan W.")
    assert page.evaluate("sessionStorage.getItem('pointed')") is None


def test_a_contact_is_checked_by_one_key_on_its_row(demo_desk: LiveDesk, page: Page) -> None:
    steps.sign_in(page, demo_desk)
    steps.go(page, demo_desk, "/directory")
    row = page.locator("main [data-row]").filter(has_text="Helpline (invented)")
    expect(row).to_contain_text("That is long ago")
    for _ in range(page.locator("main [data-row]").count()):
        page.keyboard.press("j")
        if row.evaluate("row => row.contains(document.activeElement)"):
            break
    page.keyboard.press("c")
    expect(page.get_by_role("status")).to_contain_text("Marked as checked today")
    expect(row).to_contain_text("by Sian Williams, today")


def test_the_sheet_is_one_side_of_paper_with_no_navigation(demo_desk: LiveDesk, page: Page) -> None:
    steps.sign_in(page, demo_desk)
    steps.go(page, demo_desk, "/urgent")
    page.get_by_role("main").get_by_role("link", name="Yousef").click()
    page.get_by_role("link", name="The sheet to print").click()
    steps.arrive(page, "Removal: the sheet")
    page.emulate_media(media="print")
    for part in (
        page.get_by_role("navigation", name="Main"),
        page.get_by_role("banner"),
        page.locator(".screen").first,
    ):
        expect(part).to_be_hidden()
    foot = page.locator(".print-line")
    expect(foot).to_be_visible()
    expect(foot).to_contain_text("WM/0014")
    assert re.search(r"\d\d:\d\d", foot.inner_text())
    ruled = page.locator(".ruled dd").filter(has_text="Not written down").first
    expect(ruled).to_have_css("border-bottom-style", "solid")
    pages = re.findall(rb"/Type\s*/Page[^s]", page.pdf(format="A4"))
    assert len(pages) == 1


def test_everything_of_a_night_works_without_a_script(demo_desk: LiveDesk, profiles: Profiles) -> None:
    page = profiles.new(java_script_enabled=False, viewport={"width": 360, "height": 740}).new_page()
    steps.sign_in(page, demo_desk)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Removals").click()
    page.get_by_label("Whom is it about?").fill("zehra karimi")
    page.get_by_role("button", name="Find them").click()
    page.get_by_role("button", name="Open a case for it now").first.click()
    page.get_by_label("Day of the removal").fill("+1d")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1, name="Zehra Karimi")).to_be_visible()
    page.get_by_role("button", name=re.compile(r"Told now\s*: Home Office, MPs' urgent")).click()
    expect(page.locator("#rung-mp_urgent")).to_contain_text("by Sian Williams")
    page.get_by_role("link", name="What became of it").click()
    page.get_by_label("Stopped by a court").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Removal stopped by a court")).to_be_visible()


def test_the_search_can_be_reached_by_tab_alone(demo_desk: LiveDesk, page: Page) -> None:
    steps.sign_in(page, demo_desk)
    steps.go(page, demo_desk, "/urgent")
    tab_to(page, "#id_find", at_most=30)
