"""From a thread that may vanish to a cited passage, as the how-to has it: its own words are what is pressed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.journeys import steps
from tests.journeys.steps import expect
from tests.support.desk import LiveDesk

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

HOW_TO = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "from-a-thread-to-a-citation.md"
THREAD = """Here is what we saw at the Lantern Street hotel on Friday 🧡. All of it was told to us there. 1/
Two coaches came at nine. Nobody had been told, and nobody had been told where to. 2/
The doors were locked behind them at ten. 4/4

• • •

Keep Current with Orla Invented

This Thread may be Removed Anytime!

More from @orla_invented

Did Thread Reader help you today?
"""
SELECT = """words => {
    for (const piece of document.querySelectorAll('.unrolled [data-at]')) {
        const at = piece.textContent.lastIndexOf(words);
        if (at < 0) continue;
        const range = document.createRange();
        range.setStart(piece.firstChild, at);
        range.setEnd(piece.firstChild, at + words.length);
        getSelection().removeAllRanges();
        getSelection().addRange(range);
    }
}"""


def test_a_newcomer_gets_from_a_thread_to_a_cited_passage(demo_desk: LiveDesk, page: Page) -> None:
    pressed = ["Archive", "Take in a source", "Files", "Where the file is from", "Take it in", "Cite a passage", "Cite"]
    pressed += ["Copy", "Add to a collection", "Add", "Timeline"]
    assert re.findall(r"\*([^*]+)\*", HOW_TO.read_text("utf-8")) == pressed
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    steps.sign_in(page, demo_desk)
    page.get_by_role("link", name="Archive", exact=True).click()
    page.get_by_role("link", name="Take in a source").first.click()
    steps.arrive(page, "Take in a source")
    page.get_by_label(re.compile("^Files")).set_input_files(
        [{"name": "thread.txt", "mimeType": "text/plain", "buffer": THREAD.encode()}]
    )
    page.get_by_label("Where the file is from").fill("https://threads.example/lantern")
    page.get_by_role("button", name="Take it in").click()
    steps.arrive(page, "A source")
    expect(page.locator(".gap")).to_have_count(1)

    # Words that stand twice: where they were selected says which is meant, though an emoji is two signs to a script.
    page.evaluate(SELECT, "nobody had been told")
    page.keyboard.press("c")
    steps.arrive(page, "A passage")
    expect(page.locator("main mark")).to_have_text("nobody had been told")
    expect(page.locator(".in-context")).to_contain_text("Nobody had been told, and nobody had been told where to.")
    page.get_by_role("link", name="In the source").click()
    steps.arrive(page, "A source")
    page.get_by_text("Cite a passage", exact=True).click()
    page.get_by_label("The words to cite").fill("The doors were locked behind  them at ten")
    page.get_by_role("button", name="Cite", exact=True).click()
    steps.arrive(page, "A passage")
    page.get_by_role("button", name="Copy: APA").click()
    expect(page.get_by_text("Copied", exact=True)).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").startswith("Orla Invented")

    page.get_by_role("link", name="Add to a collection").click()
    page.get_by_label("Or begin a new one, called").fill("Lantern Street")
    page.get_by_label("For which team").select_option(label="Westmere office")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("Added to the collection.")).to_be_visible()
    page.get_by_role("link", name="Timeline").click()
    steps.arrive(page, "Timeline")
    expect(page.get_by_role("link", name="The doors were locked")).to_be_visible()
