"""The addresses of the archive's pages, on a demo desk, for `pages.every`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.journeys import steps
from tests.support.desk import LiveDesk

if TYPE_CHECKING:  # Playwright is slow to import, and most runs of one test do without it
    from playwright.sync_api import Page

LETTER = "Open letter on the Tidewell Road hotel"


def take_in(page: Page, desk: LiveDesk, *files: tuple[str, bytes]) -> None:
    """Take in files of these names by the page."""
    steps.go(page, desk, "/archive/take")
    sent = [{"name": name, "mimeType": "application/octet-stream", "buffer": data} for name, data in files]
    page.locator("main [name=file]").set_input_files(sent)
    page.get_by_role("button", name="Take it in").click()


def gather(page: Page, desk: LiveDesk, found: dict[str, str], links: Callable[[], None]) -> None:
    """A source that was copied elsewhere, what a search found, what was taken in, and what was refused."""
    take_in(page, desk, ("one.txt", b"A statement of somebody invented.\n"), ("two.txt", b"PK\x03\x04 cut"))
    page.get_by_role("heading", name="What was taken in").wait_for()
    found["source-took"] = _path(page)
    steps.go(page, desk, found["quarantine"])
    links()
    steps.go(page, desk, found["sources"])
    page.locator("main [name=q]").fill("twenty minutes")
    page.locator("main").get_by_role("button", name="Search").click()
    page.get_by_role("heading", name="Found").wait_for()
    found["sources-found"] = _path(page)
    page.locator("main .row-link", has_text=LETTER).click()
    page.get_by_role("heading", name=LETTER, level=1).wait_for()
    found["source"] = _path(page)
    links()
    _cited(page, desk, found, links)


def _cited(page: Page, desk: LiveDesk, found: dict[str, str], links: Callable[[], None]) -> None:
    """The demo's collection, a passage in it with a note, and the forms beside a source."""
    source = found["source"].partition("?")[0]
    forms = {"passage-new": "passages/new", "note-new": "notes/new", "source-tags": "words", "collect": "collect"}
    found |= {name: f"{source}/{path}" for name, path in forms.items()}
    found["sources-timeline"] = f"{found['sources-found']}/timeline"
    steps.go(page, desk, found["collections"])
    links()
    page.get_by_role("link", name="The night of the coaches").click()
    page.get_by_role("heading", name="Bibliography").wait_for()
    found["collection"] = _path(page)
    links()
    page.locator("main .row-link", has_text="eleven of them children").click()
    page.get_by_role("heading", name="How to cite it").wait_for()
    found["passage"] = _path(page)
    links()


def _path(page: Page) -> str:
    return re.sub(r"^https?://[^/]+", "", page.url)
