"""Whoever rings, and somebody new: by keyboard, counted in keys; without a script; from right to left on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.journeys import steps
from tests.journeys.steps import expect
from tests.support.browser import Profiles
from tests.support.desk import LiveDesk

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
KEYS_OF_A_CALL = 10
# Every field is passed once and three choices are made; the words that are typed are not counted.
KEYS_OF_A_SITTING = 60
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Keyboard:
    """A keyboard that counts what is pressed. What is typed as words counts apart."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.pressed = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.pressed += len(key.split("+"))
            self._page.keyboard.press(key)

    def type(self, words: str) -> None:
        self._page.keyboard.type(words)


def test_any_news_by_keyboard_is_ten_keys_at_most(demo_desk: LiveDesk, page: Page) -> None:
    steps.sign_in(page, demo_desk)
    steps.arrive(page, "Today")
    page.keyboard.press("r")
    steps.arrive(page, "Calls")
    expect(page.get_by_role("main").get_by_role("searchbox")).to_be_focused()
    keys = Keyboard(page)
    keys.type("mohamad raheemi")
    keys.press("Enter")
    page.get_by_role("heading", name="Found").wait_for()
    page.wait_for_load_state("load")
    expect(page.get_by_role("main")).to_contain_text("Last:")
    keys.press("j", "Enter")
    steps.arrive(page, "Log a call")
    expect(page.get_by_label("What was said")).to_be_focused()
    keys.type("Any news? None yet.")
    keys.press("Tab", "Tab")
    expect(page.get_by_label("Promised to ring back by")).to_be_focused()
    keys.press("Control+Enter")
    steps.arrive(page, "Calls")
    expect(page.get_by_role("status")).to_have_text("The call is logged.")
    expect(page.get_by_role("main").get_by_role("searchbox")).to_be_focused()
    expect(page.get_by_role("main").get_by_role("searchbox")).to_have_value("")
    assert keys.pressed <= KEYS_OF_A_CALL
    page.get_by_role("link", name="Open the case it was logged on").click()
    expect(page.get_by_text("Any news? None yet.")).to_be_visible()


def test_a_row_of_today_is_told_with_one_key(demo_desk: LiveDesk, page: Page) -> None:
    steps.sign_in(page, demo_desk)
    steps.arrive(page, "Today")
    page.keyboard.press("j")
    page.keyboard.press("o")
    steps.arrive(page, "Case")
    expect(page.get_by_role("combobox", name="What happened")).to_have_value("told_person")
    page.keyboard.press("b")
    steps.arrive(page, "Log a call")


def test_somebody_new_and_the_first_letter_in_one_sitting(demo_desk: LiveDesk, page: Page) -> None:
    steps.sign_in(page, demo_desk, steps.demo_sign_in(demo_desk, "alex"))  # in one team: nothing is asked
    steps.go(page, demo_desk, "/calls")
    steps.arrive(page, "Calls")
    page.keyboard.press("Escape")
    page.keyboard.press("w")
    steps.arrive(page, "Somebody new")
    expect(page.get_by_label("Name, as they give it")).to_be_focused()
    keys = Keyboard(page)
    typed = {
        "name": "ሰናይት ወልደ",
        "also": "Senait Welde",
        "birth": "1991",
        "phone": "01632 960177",
        "kind": "Asylum",
        "route": "Home Office, MPs' e",
        "sent_on": "today",
        "subject": "Delay",
        "questions": "When will she be interviewed?",
    }
    for _at in range(KEYS_OF_A_SITTING):
        name = page.evaluate("() => document.activeElement.name || ''")
        if name in typed:
            keys.type(typed.pop(name))
        if not typed:
            break
        keys.press("Tab")
    assert not typed, f"not reached by the Tab key: {sorted(typed)}"
    keys.press("Control+Enter")
    steps.arrive(page, "Case")
    expect(page.get_by_role("status")).to_contain_text("The case is open.")
    expect(page.get_by_role("heading", level=1)).to_have_text("ሰናይት ወልደ")
    expect(page.get_by_role("main")).to_contain_text("Letter sent")
    assert keys.pressed <= KEYS_OF_A_SITTING


def test_a_surgery_works_without_a_script(demo_desk: LiveDesk, profiles: Profiles) -> None:
    page = profiles.new(java_script_enabled=False).new_page()
    steps.sign_in(page, demo_desk)
    steps.go(page, demo_desk, "/surgery")
    page.get_by_label("Place").fill("The Octagon hall")
    steps.choose_team(page)
    page.get_by_label("Kind of case most come with").select_option(label="Asylum")
    page.get_by_label("Where letters go").select_option(label="Home Office, MPs' enquiries")
    page.get_by_role("button", name="Begin").click()
    page.get_by_label("Name, as they give it").fill("mohamad raheemi")
    page.get_by_role("textbox", name="What they ask").fill("Is there an answer?")
    page.get_by_role("button", name="Are they here already?").click()
    page.get_by_role("heading", name="Somebody like them is here already").wait_for()
    page.get_by_role("radio", name="محمد").first.check()
    page.get_by_role("button", name="Save and the next person").click()
    expect(page.get_by_role("status")).to_contain_text("Saved. The next person.")
    expect(page.get_by_role("region", name="Seen that day")).to_contain_text("محمد ر.")
    expect(page.get_by_label("Name, as they give it")).to_have_value("")


@pytest.mark.parametrize("name", ["calls", "sitting", "surgery", "surgery/sheet", "surgery/list"])
def test_from_right_to_left_on_a_phone(arabic: Page, demo_desk: LiveDesk, name: str) -> None:
    steps.go(arabic, demo_desk, f"/{name}")
    expect(arabic.locator("html")).to_have_attribute("dir", "rtl")
    assert arabic.evaluate(OVERFLOW) <= 0


@pytest.fixture(scope="module")
def arabic(demo_desk: LiveDesk, module_profiles: Profiles) -> Any:
    page = module_profiles.new(viewport={"width": 360, "height": 740}).new_page()
    steps.sign_in(page, demo_desk)
    steps.choose_language(page, demo_desk, "ar")
    yield page
    steps.choose_language(page, demo_desk, "en-gb")
