"""A page that was captured, played back at the desk: nothing of it runs, and nothing is asked for anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.archive.capture.servers import page as answer
from tests.archive.capture.servers import serving
from tests.archive.capture.test_players import HOSTILE
from tests.journeys import pages_archive, steps
from tests.support.desk import LiveDesk

if TYPE_CHECKING:  # Playwright is slow to import, and most runs of one test do without it
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_a_page_as_it_was_captured_runs_nothing_and_asks_for_nothing(demo_desk: LiveDesk, page: Page) -> None:
    steps.sign_in(page, demo_desk)
    answered: list[str] = []
    with serving(answer(b"seen you"), host="127.0.0.1") as outside:
        # What it asks the desk itself for would be asked with the member's cookie.
        hostile = HOSTILE.replace("ADDRESS/img", f"{demo_desk.address}log").replace("ADDRESS", outside.address)
        pages_archive.take_in(page, demo_desk, ("acts.html", hostile.encode()))
        page.get_by_role("link", name="See the page as it was captured").wait_for()
        page.on("response", lambda one: answered.append(one.url))
        page.get_by_role("link", name="See the page as it was captured").click()
        shown = page.frame_locator("iframe.captured-frame")
        shown.get_by_text("What the minister wrote.").wait_for()
        page.wait_for_timeout(500)  # what it would do by itself
        assert page.title().startswith("As it was captured")
        frame = next(one for one in page.frames if one.url.endswith("/captured/page"))
        assert "EXECUTED" not in frame.title()
        assert outside.came == 0  # not even a line was opened
    there = [url for url in answered if "/static/" not in url]
    assert [url.rsplit("/", 1)[1] for url in there] == ["captured", "page"], there
