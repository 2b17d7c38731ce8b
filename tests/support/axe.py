"""What axe finds wrong with a page by its rules for WCAG 2.2 AA, and whether the page is wider than the screen."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import axe_playwright_python

if TYPE_CHECKING:
    from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# The rules whose answer changes with the theme or the width alone.
OF_THE_LOOK = ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"]
PHONE, WIDE = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
# A laptop's 1280 pixels at 400 per cent, which is also half of a phone's at 200: WCAG 1.4.10.
NARROW = {"width": 320, "height": 640}
LIGHT_PHONE, DARK_WIDE = (PHONE, "light"), (WIDE, "dark")
ALL_FOUR = (LIGHT_PHONE, (PHONE, "dark"), (WIDE, "light"), DARK_WIDE)
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Of a long list the rows beyond these are like them: axe would take seconds to say the same of each.
ROWS = 12
SHORTEN = """rows => {
    for (const list of document.querySelectorAll('main ul, main ol, main tbody, main dl, main select'))
        [...list.children].slice(rows).forEach(one => one.contains(document.activeElement) || one.remove())
}"""
# A letter's frame runs no script, so axe cannot look into it. Styles fetched again would be for one rule, of turning.
RUN = """([rules, values]) => axe.run(document, {
    runOnly: {type: rules, values}, resultTypes: ['violations'], iframes: false, preload: false
})"""


@functools.cache
def _axe() -> str:
    """The script that axe-playwright-python carries."""
    return next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text("utf-8")


def violations(page: Page, *, look_alone: bool = False) -> list[str]:
    """What axe finds wrong on the page as it now is: rule, element. ``look_alone``: by the rules of the look only."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_axe())
    chosen = ["rule", OF_THE_LOOK] if look_alone else ["tag", TAGS]
    found: dict[str, Any] = page.evaluate(RUN, chosen)
    return [f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]]


def look_at(page: Page, name: str, ways: Sequence[tuple[dict[str, int], str]] = (LIGHT_PHONE, DARK_WIDE)) -> list[str]:
    """Everything wrong with the page: by every rule at the first of ``ways``, by those of the look at the others.

    Long lists are shortened on the page before axe looks, and stay so.
    """
    wrong = [f"{name} at {width}: wider than the screen" for width in wider(page)]
    page.evaluate(SHORTEN, ROWS)
    for number, (size, theme) in enumerate(ways):
        page.set_viewport_size(size)  # type: ignore[arg-type]  # a plain dictionary will do
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # as above
        found = violations(page, look_alone=number > 0)
        wrong += [f"{name} at {size['width']}, {theme}: {one}" for one in found]
    return wrong


def wider(page: Page) -> list[int]:
    """The widths at which something of the page lies beside the screen."""
    out: list[int] = []
    for size in (PHONE, NARROW, WIDE):
        page.set_viewport_size(size)  # type: ignore[arg-type]  # as above
        if page.evaluate(OVERFLOW) > 0:
            out.append(size["width"])
    return out
