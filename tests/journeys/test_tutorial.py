"""The tutorial, followed step by step: a step that no longer works, or that nobody can follow, fails here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.journeys import steps
from tests.journeys.steps import expect
from tests.support.desk import LiveDesk

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

TUTORIAL = Path(__file__).resolve().parents[2] / "docs" / "tutorial" / "first-day.md"
CODE = re.compile(r"Type the terminal's code into \*\*(?P<label>.+)\*\*\.")
TYPE = re.compile(r"Type `(?P<text>.+)` into \*\*(?P<label>.+?)\*\*(?P<enter> and press Enter)?\.")
CHOOSE = re.compile(r"Choose `(?P<text>.+)` in \*\*(?P<label>.+)\*\*\.")
PRESS = re.compile(r"Press \*\*(?P<label>.+)\*\*\.")
FOLLOW = re.compile(r"Follow \*\*(?P<label>.+)\*\*\.")
OPEN = re.compile(r"Open \*\*(?P<label>.+)\*\*\.")
SEE = re.compile(r'You see "(?P<text>.+)"\.')


def numbered() -> Iterator[str]:
    """The numbered steps of the page, in order."""
    for line in TUTORIAL.read_text("utf-8").splitlines():
        if found := re.match(r"\d+\. (.+)$", line):
            yield found[1]


def follow(step: str, page: Page, desk: LiveDesk) -> None:
    """Do what one step says, or look for what it says is seen."""
    if found := CODE.fullmatch(step):
        page.get_by_label(found["label"]).fill(desk.setup_code or "")
    elif found := TYPE.fullmatch(step):
        label = re.compile(rf"^\s*{re.escape(found['label'])}(\s+\(optional\))?\s*$")
        field = page.get_by_label(label).and_(page.locator("input, textarea")).first
        field.fill(found["text"])
        if found["enter"]:
            field.press("Enter")
            steps.arrive(page, "People")
    elif found := CHOOSE.fullmatch(step):
        names = re.compile(rf"^{re.escape(found['label'])}")
        page.get_by_role("combobox", name=names).select_option(label=found["text"])
    elif found := PRESS.fullmatch(step):
        page.get_by_role("button", name=found["label"], exact=True).first.click()
    elif found := FOLLOW.fullmatch(step):
        page.get_by_role("link", name=re.compile(rf"^{re.escape(found['label'])}\b")).first.click()
    elif found := OPEN.fullmatch(step):
        page.get_by_role("main").get_by_text(found["label"]).first.click()
    elif found := SEE.fullmatch(step):
        expect(page.get_by_role("main").get_by_text(found["text"]).first).to_be_visible()
    else:
        pytest.fail(f"nobody can follow this step: {step}")


def test_every_step_of_the_first_day_can_be_followed(live_desk: LiveDesk, page: Page) -> None:
    steps.go(page, live_desk, "/")
    followed = 0
    for step in numbered():
        follow(step, page, live_desk)
        followed += 1
    assert followed > 30
