"""The desk from right to left, as somebody chooses it in Settings. That every page fits: `test_every_page`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.journeys import steps
from tests.journeys.steps import expect
from tests.support.browser import Profiles
from tests.support.desk import LiveDesk

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser

# Where the first and the last sign of a text stand on the screen.
ENDS = """(element) => {
    const text = element.firstChild, range = document.createRange();
    const at = (index) => {
        range.setStart(text, index);
        range.setEnd(text, index + 1);
        return range.getBoundingClientRect().left;
    };
    return [at(0), at(text.length - 1)];
}"""


@pytest.fixture(scope="module")
def turned(demo_desk: LiveDesk, at_desk: Page) -> Page:
    """A page at a desk that runs from right to left."""
    steps.choose_language(at_desk, demo_desk, "ar")
    return at_desk


def box(part: Locator) -> tuple[float, float]:
    """The left and right edge of something on the screen, in CSS pixels."""
    found = part.bounding_box()
    assert found
    return found["x"], found["x"] + found["width"]


def test_the_page_is_mirrored(demo_desk: LiveDesk, turned: Page) -> None:
    turned.set_viewport_size({"width": 1280, "height": 800})
    steps.go(turned, demo_desk, "/")
    main, navigation = box(turned.get_by_role("main")), box(turned.get_by_role("navigation", name="Main"))
    assert navigation[0] >= main[1]
    wordmark, menu = box(turned.locator(".wordmark")), box(turned.get_by_text("Sian Williams").first)
    assert wordmark[0] > menu[1]
    row = turned.locator("main [data-row]:has(.worker)").first
    verb, worker = box(row.locator(".verb")), box(row.locator(".worker"))
    assert verb[0] > worker[1]


def test_numbers_and_references_keep_their_order(demo_desk: LiveDesk, turned: Page) -> None:
    steps.search(turned, "mohamad raheemi")
    turned.locator("main .row-link").first.click()
    number = turned.locator("#contact bdi.num").first
    expect(number).to_have_css("direction", "ltr")
    first, last = number.evaluate(ENDS)
    assert first < last
    reference = turned.locator("bdi.ref").first
    first, last = reference.evaluate(ENDS)
    assert first < last


def test_names_run_in_their_own_direction(demo_desk: LiveDesk, turned: Page) -> None:
    steps.search(turned, "hodan warsame")
    turned.locator("main .row-link").first.click()
    latin = turned.get_by_role("heading", level=1).locator("bdi")
    first, last = latin.evaluate(ENDS)
    assert first < last
    steps.search(turned, "محمد رحیمی")
    turned.get_by_role("main").get_by_role("link", name="محمد").first.click()
    arabic = turned.get_by_role("heading", level=1).locator("bdi")
    first, last = arabic.evaluate(ENDS)
    assert first > last


def test_parts_of_a_line_stand_in_the_pages_order(demo_desk: LiveDesk, turned: Page) -> None:
    """What a dot separates goes on to the left, though both parts are of Latin letters."""
    steps.go(turned, demo_desk, "/cases")
    lines = turned.locator("main .case-list .meta, main [data-row] .meta").filter(has_text="·")
    parts = lines.first.locator("bdi")
    assert parts.count() >= 2
    assert box(parts.nth(0))[0] >= box(parts.nth(1))[1]
    first, last = parts.nth(0).evaluate(ENDS)
    assert first < last, "and each runs as its letters do"


def test_a_browser_set_to_arabic_gets_english_until_somebody_chooses(demo_desk: LiveDesk, profiles: Profiles) -> None:
    page = profiles.new(locale="ar").new_page()
    steps.sign_in(page, demo_desk)
    expect(page.locator("html")).to_have_attribute("dir", "ltr")
    steps.choose_language(page, demo_desk, "ar")
    expect(page.locator("html")).to_have_attribute("lang", "en-gb")
    steps.choose_language(page, demo_desk, "en-gb")
