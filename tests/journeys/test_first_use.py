"""The first quarter of an hour at a real desk, from the setup code to the first clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.journeys import steps
from tests.journeys.steps import expect
from tests.support.desk import LiveDesk

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_from_the_setup_code_to_the_first_clock(live_desk: LiveDesk, page: Page) -> None:
    steps.go(page, live_desk, "/")
    expect(page).to_have_title("First use · Safeconduct")
    expect(page.get_by_text("does not protect what people open while an attacker")).to_be_visible()

    steps.begin(page, live_desk)
    first = page.get_by_role("main")
    expect(first.get_by_role("heading", name="First steps")).to_be_visible()
    for step in ("Bring in the sheet you keep", "Add a person", "Add your colleagues", "Read what is protected"):
        expect(first.get_by_role("link", name=step)).to_be_visible()

    first.get_by_role("link", name="Add a person").click()
    page.get_by_label("Name", exact=True).fill("ሰላም ተስፋይ")
    page.get_by_label("Safe contact").fill("Text only, after six")
    page.get_by_role("button", name="Add this person").click()
    expect(page.get_by_role("heading", level=1, name="ሰላም ተስፋይ")).to_be_visible()
    expect(page.get_by_role("note").first).to_contain_text("Text only, after six")

    steps.open_case(page, reference="NP/0001")
    expect(page.get_by_role("heading", level=1, name="ሰላም ተስፋይ")).to_be_visible()
    expect(page.get_by_text("Letter to send")).to_be_visible()

    # By keyboard: "e" reaches the form, the first letters choose, Ctrl+Enter saves.
    steps.arrive(page, "Case")
    page.keyboard.press("e")
    expect(page.get_by_role("combobox", name="What happened")).to_be_focused()
    page.keyboard.type("Letter")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("Logged: Letter sent")
    expect(page.get_by_role("heading", name="Reply due")).to_be_visible()
    expect(page.get_by_role("list").filter(has=page.get_by_role("heading", name="Letter sent"))).to_be_visible()

    page.get_by_role("navigation", name="Main").get_by_role("link", name="Today").click()
    expect(page.get_by_role("heading", name="First steps")).to_have_count(0)
    expect(page.get_by_text("Next is")).to_contain_text("1 letter reaches its standard")


def test_a_wrong_setup_code_makes_nothing_and_keeps_what_was_typed(live_desk: LiveDesk, page: Page) -> None:
    steps.go(page, live_desk, "/")
    page.get_by_label("Setup code").fill("0000-0000-0000")
    page.get_by_label("Name of the organisation").fill("Not yours")
    page.get_by_label("Your name").fill("Nobody")
    page.get_by_label("Sign-in name").fill("nobody")
    page.get_by_label("Passphrase", exact=True).fill(steps.PASSPHRASE)
    page.get_by_label("The passphrase again").fill(steps.PASSPHRASE)
    page.get_by_role("button", name="Make the desk").click()
    expect(page).to_have_title("Error: First use · Safeconduct")
    problem = page.get_by_role("alert")
    expect(problem).to_be_focused()
    expect(problem).to_contain_text("not the code the terminal shows")
    expect(page.get_by_label("Name of the organisation")).to_have_value("Not yours")
    expect(page.get_by_label("Passphrase", exact=True)).to_have_value("")
    steps.go(page, live_desk, "/people")
    expect(page).to_have_title("First use · Safeconduct")
