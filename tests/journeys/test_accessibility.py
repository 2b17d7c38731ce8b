"""Every page by axe's rules for WCAG 2.2 AA: on a phone and a wide screen, in light and dark, and enlarged.

Axe takes seconds for a long list. What has a colour of its own at one width only (the navigation, the column beside,
tables that stack) is on a few pages: those are looked at in both themes at both widths, the others on a light phone and
on a wide dark screen.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import axe_playwright_python
import pytest

from tests.journeys import steps
from tests.support.browser import Profiles
from tests.support.desk import LiveDesk

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE, WIDE = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
# A laptop's 1280 pixels at 400 per cent, which is also half of a phone's at 200: WCAG 1.4.10.
NARROW = {"width": 320, "height": 640}
UNFOLD = "() => [...document.querySelectorAll('main details')].slice(0, 3).forEach(one => { one.open = true })"
LIGHT_PHONE, DARK_WIDE = (PHONE, "light"), (WIDE, "dark")
ALL_FOUR = (LIGHT_PHONE, (PHONE, "dark"), (WIDE, "light"), DARK_WIDE)
SHAPES = {"today", "person", "case", "members", "import-preview", "paper", "household", "guardian"}
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@functools.cache
def axe() -> str:
    """The script that axe-playwright-python carries."""
    return next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text("utf-8")


def violations(page: Page) -> list[str]:
    """What axe finds wrong on the page as it now is: rule, element."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(axe())
    found: dict[str, Any] = page.evaluate(
        "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", TAGS
    )
    return [f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]]


def look_at(page: Page, name: str, ways: Sequence[tuple[dict[str, int], str]] = (LIGHT_PHONE, DARK_WIDE)) -> list[str]:
    """Everything wrong with the page, at each width and theme of `ways`, and whether it overflows at any width."""
    wrong: list[str] = []
    for size, theme in ways:
        page.set_viewport_size(size)  # type: ignore[arg-type]  # a plain dictionary will do
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # as above
        wrong += [f"{name} at {size['width']}, {theme}: {one}" for one in violations(page)]
    for size in (PHONE, NARROW, WIDE):
        page.set_viewport_size(size)  # type: ignore[arg-type]  # as above
        if page.evaluate(OVERFLOW) > 0:
            wrong.append(f"{name} at {size['width']}: wider than the screen")
    return wrong


def test_the_pages_of_the_desk(demo_desk: LiveDesk, at_desk: Page, addresses: dict[str, str]) -> None:
    wrong: list[str] = []
    for name, path in addresses.items():
        steps.go(at_desk, demo_desk, path)
        at_desk.evaluate(UNFOLD)  # what unfolds is looked at too
        wrong += look_at(at_desk, name, ALL_FOUR if name in SHAPES else (LIGHT_PHONE, DARK_WIDE))
    assert not wrong, "\n".join(wrong)


def test_a_page_that_is_wrong_is_noticed(page: Page) -> None:
    page.set_content("<html><head><title></title></head><body><img src=x><p style='color:#ccc'>faint</p></body></html>")
    found = {one.split(":", 1)[0] for one in violations(page)}
    assert {"document-title", "html-has-lang", "image-alt", "color-contrast"} <= found


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


def test_no_page_is_wider_than_the_screen_from_right_to_left(
    demo_desk: LiveDesk, at_desk: Page, addresses: dict[str, str]
) -> None:
    steps.choose_language(at_desk, demo_desk, "ar")
    wide: list[str] = []
    for name, path in addresses.items():
        steps.go(at_desk, demo_desk, path)
        steps.expect(at_desk.locator("html")).to_have_attribute("dir", "rtl")
        for size in (PHONE, WIDE):
            at_desk.set_viewport_size(size)  # type: ignore[arg-type]  # as above
            if at_desk.evaluate(OVERFLOW) > 0:
                wide.append(f"{name} at {size['width']}")
    assert not wide
