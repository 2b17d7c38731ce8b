"""A morning of mail, handled by keyboard alone and counted in keys; dropped and pasted mail; without JavaScript."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from safeconduct.accounts.keys import today
from tests.journeys import steps
from tests.journeys.mails import put_in
from tests.journeys.steps import expect
from tests.support.browser import Profiles
from tests.support.desk import LiveDesk
from tests.support.mails import WRITES, mail

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

HOW_TO = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "a-morning-of-mail.md"
PROMISED: Final = re.compile(r"forty messages take at most \*\*(\d+) keys\*\*")
PLAIN: Final = ("acknowledgement", "holding", "no_timeframe", "outside_standards", "consent_required", "substantive")


@dataclass
class Keys:
    """A keyboard whose presses are counted. A letter typed is a key pressed."""

    page: Page
    pressed: int = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.pressed += len(text)


def forty(references: list[str]) -> list[tuple[str, str, bytes]]:
    """What a morning brings: (what is to be done with it, its subject, the message), in the order it lies in the tray.

    Most say which of the cases of ``references`` they are about, in their order. Some do not, some say nothing that is
    known, one is about somebody else.
    """
    on, out = today() - timedelta(days=1), []
    doing = ["file"] * 40
    for at in (5, 19, 33):
        doing[at] = "aside"
    for at in (11, 27):
        doing[at] = "find"
    doing[15], doing[23] = "say", "about somebody else"
    for number, what in enumerate(doing, start=1):
        subject = f"Reply number {number}"
        says = WRITES[PLAIN[number % len(PLAIN)]]
        reference = references[number - 1]
        if what == "aside":
            says, reference = "You are invited to our newsletter. Opening hours change in December.", ""
        elif what == "find":
            reference = ""
        elif what == "say":
            says = "Please see what is enclosed."
        elif what == "about somebody else":
            says = WRITES["wrong_person"]
        out.append((what, subject, mail(says, on=on, reference=reference, subject=subject, number=number)))
    return out


def open_cases(page: Page, desk: LiveDesk) -> list[str]:
    """The references of forty open cases."""
    found: list[str] = []
    for path in ("/cases", "/cases?page=2"):
        steps.go(page, desk, path)
        found += [one for one in page.locator("main .ref").all_inner_texts() if one.startswith("WM/")]
    assert len(found) >= 40
    return found[:40]


def test_forty_mails_by_keyboard_alone(demo_desk: LiveDesk, page: Page) -> None:
    steps.sign_in(page, demo_desk)
    references = open_cases(page, demo_desk)
    morning = forty(references)
    put_in(page, demo_desk, [one for _, _, one in morning])
    steps.go(page, demo_desk, "/")
    steps.arrive(page, "Today")
    keys = Keys(page)
    keys.press("t")
    steps.arrive(page, "Tray")
    keys.press("j", "Enter")
    for (what, subject, _), reference in zip(morning, references, strict=True):
        expect(page.get_by_role("heading", level=1)).to_have_text(subject)
        steps.arrive(page, "Message")
        handle(keys, what, reference)
    # All forty are dealt with: what comes next is the mail of today that a demo has.
    expect(page.get_by_role("heading", level=1)).to_contain_text("Automatic reply")
    promised = PROMISED.search(" ".join(HOW_TO.read_text("utf-8").split()))
    assert promised, "the how-to says how many keys it takes"
    assert keys.pressed <= int(promised[1])


def handle(keys: Keys, what: str, reference: str) -> None:
    """One message, by keys."""
    page = keys.page
    confirm = page.locator("[data-default]")
    if what == "file":
        expect(confirm).to_be_focused()
        keys.press("Enter")
    elif what == "aside":
        keys.press("s")
    elif what == "find":
        keys.press("c")
        expect(page.get_by_label("Find the case")).to_be_focused()
        keys.type(reference)
        keys.press("Enter")
        expect(confirm).to_be_focused()
        keys.press("Enter")
    elif what == "say":
        keys.press("l", "Space", "f")
    else:
        expect(confirm).to_be_focused()
        keys.press("Enter")
        steps.arrive(page, "It is about somebody else")
        keys.press("Enter")


DROP: Final = """
([files, kind]) => {
  const data = new DataTransfer();
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  for (const [name, text] of files) data.items.add(new File([bytes(text)], name));
  const at = document.querySelector("main");
  for (const name of kind === "paste" ? ["paste"] : ["dragenter", "dragover", "drop"]) {
    const event = kind === "paste" ? new ClipboardEvent(name, { clipboardData: data, bubbles: true, cancelable: true })
      : new DragEvent(name, { dataTransfer: data, bubbles: true, cancelable: true });
    at.dispatchEvent(event);
  }
}
"""


def give(page: Page, kind: str, files: list[tuple[str, bytes]]) -> None:
    """Drop or paste files on the page."""
    page.evaluate(DROP, [[(name, base64.b64encode(data).decode()) for name, data in files], kind])


def test_mail_is_dropped_and_pasted_on_any_page(demo_desk: LiveDesk, profiles: Profiles) -> None:
    page = profiles.new(viewport={"width": 1280, "height": 800}).new_page()
    on = today() - timedelta(days=1)
    steps.sign_in(page, demo_desk, steps.demo_sign_in(demo_desk, "alex"))  # in one team: nothing is asked
    steps.go(page, demo_desk, "/people/new")
    page.get_by_label("Name", exact=True).fill("Half typed")
    first, second = (mail(WRITES["holding"], on=on, subject=f"Dropped {at}", number=900 + at) for at in (1, 2))
    give(page, "drop", [("1.eml", first), ("2.eml", second), ("notes.txt", b"not mail")])
    told = page.get_by_label("Mail for the tray")
    expect(told).to_contain_text("2 messages were put in the tray.")
    expect(told).to_contain_text("File 3")
    assert page.url.endswith("/people/new")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Half typed")
    told.get_by_role("button", name="Go on here").click()
    expect(told).to_be_hidden()
    give(page, "paste", [("1.eml", first)])
    expect(told).to_contain_text("1 was here already.")
    told.get_by_role("button", name="Go on here").click()
    give(page, "paste", [("picture.png", b"\x89PNG")])
    expect(told).to_be_hidden()


def test_whoever_is_in_two_teams_is_asked_for_which(demo_desk: LiveDesk, profiles: Profiles) -> None:
    page = profiles.new(viewport={"width": 360, "height": 720}).new_page()
    steps.sign_in(page, demo_desk)
    one = mail(WRITES["holding"], on=today() - timedelta(days=1), subject="For Outreach", number=950)
    give(page, "drop", [("1.eml", one)])
    told = page.get_by_label("Mail for the tray")
    expect(told.get_by_role("button", name="Outreach")).to_be_focused()
    told.get_by_role("button", name="Outreach").click()
    expect(told).to_contain_text("1 message was put in the tray.")
    told.get_by_role("link", name="Open the tray").click()
    expect(page.get_by_role("link", name="For Outreach")).to_be_visible()


def test_a_file_field_keeps_its_own_drops(demo_desk: LiveDesk, profiles: Profiles) -> None:
    page = profiles.new().new_page()
    steps.sign_in(page, demo_desk, steps.demo_sign_in(demo_desk, "alex"))
    steps.go(page, demo_desk, "/imports")
    page.evaluate(
        DROP.replace('"main"', '"input[type=file]"'), [[("cases.csv", base64.b64encode(b"Name\n").decode())], "drop"]
    )
    expect(page.get_by_label("Mail for the tray")).to_be_hidden()


def test_without_javascript(demo_desk: LiveDesk, profiles: Profiles) -> None:
    options: dict[str, Any] = {"java_script_enabled": False, "viewport": {"width": 1280, "height": 800}}
    page = profiles.new(**options).new_page()
    steps.sign_in(page, demo_desk)
    sent = mail(
        WRITES["no_timeframe"], on=today() - timedelta(days=1), reference="WM/0044", subject="Plain", number=970
    )
    put_in(page, demo_desk, [sent])
    page.get_by_role("link", name="Plain").click()
    expect(page.get_by_role("radio", checked=True)).to_have_count(1)
    page.get_by_role("button", name="File it").first.click()
    expect(page.get_by_text("Filed.")).to_be_visible()
    page.get_by_role("link", name="Look at it again").click()
    expect(page.get_by_role("heading", name="Plain")).to_be_visible()
