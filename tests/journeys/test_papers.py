"""A paper kept, read page by page, taken out and removed in a browser; something told, closed until it is opened."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.journeys import steps
from tests.journeys.steps import expect
from tests.support import papers as made
from tests.support.desk import LiveDesk

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload, Page

pytestmark = pytest.mark.browser


def payload(name: str, data: bytes, kind: str = "application/pdf") -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": data}


def to_papers(page: Page, desk: LiveDesk) -> None:
    steps.sign_in(page, desk)
    steps.search(page, "Gulalai")
    page.locator("main .row-link").first.click()
    steps.arrive(page, "Person")
    page.get_by_role("link", name="Papers").click()
    steps.arrive(page, "Papers")


def test_a_paper_is_kept_read_taken_out_and_removed(demo_desk: LiveDesk, page: Page) -> None:
    to_papers(page, demo_desk)
    data = made.pdf(2)
    page.get_by_label("Files").set_input_files([payload("Gulalai refusal.pdf", data)])
    page.get_by_label("What it is").select_option(label="Refusal")
    page.get_by_label("Title").fill("The second one")
    page.get_by_role("button", name="Keep it").click()
    page.get_by_role("link", name="Refusal: The second one").click()
    picture = page.get_by_role("img", name="Page 1 of 2")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1200
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_role("img", name="Page 2 of 2")).to_be_visible()
    with page.expect_download() as taken:
        page.get_by_role("button", name="Take out the original").click()
    assert taken.value.suggested_filename == "paper.pdf"
    assert Path(taken.value.path()).read_bytes() == data
    page.get_by_role("link", name="Remove this paper").click()
    page.get_by_label("Why is it removed?").fill("Of somebody else")
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_text("The paper was removed.")).to_be_visible()
    expect(page.get_by_text("No paper yet")).to_be_visible()


def test_a_file_that_is_too_large_is_told_before_it_is_sent(demo_desk: LiveDesk, page: Page) -> None:
    to_papers(page, demo_desk)
    page.get_by_label("Title").fill("Typed before")
    page.get_by_label("Files").set_input_files([payload("large.pdf", bytes(21 * 1024 * 1024))])
    expect(page.get_by_role("alert")).to_have_text(re.compile("at most 20 MB"))
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_label("Files")).to_be_focused()
    expect(page.get_by_label("Title")).to_have_value("Typed before")
    assert "POST" not in sent
    page.get_by_label("Files").set_input_files([payload("small.txt", b"A note", "text/plain")])
    expect(page.get_by_role("alert")).to_have_count(0)


def test_what_somebody_told_is_closed_and_not_printed(demo_desk: LiveDesk, page: Page) -> None:
    steps.sign_in(page, demo_desk)
    steps.search(page, "mohamad raheemi")
    page.locator("main .row-link").first.click()
    page.get_by_role("link", name="What they told").click()
    told = page.get_by_text("They came to the house")
    expect(told).to_be_hidden()
    page.emulate_media(media="print")
    expect(told).to_be_hidden()
    page.emulate_media(media="screen")
    page.get_by_text("How they left", exact=True).click()
    expect(told).to_be_visible()
