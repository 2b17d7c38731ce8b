"""What somebody does at a desk again and again, by the words they see."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, overload
from urllib.parse import urljoin

from tests.support.desk import LiveDesk

if TYPE_CHECKING:  # Playwright is slow to import, and most runs of one test do without it
    from playwright.sync_api import Locator, LocatorAssertions, Page, PageAssertions

PATIENCE = 30_000  # milliseconds: a bound on a hang, on a busy machine
PASSPHRASE = "seven quiet herons wade"


@dataclass(frozen=True)
class SignIn:
    """A member's sign-in name and passphrase."""

    name: str
    passphrase: str


@overload
def expect(what: Page) -> PageAssertions: ...
@overload
def expect(what: Locator) -> LocatorAssertions: ...
def expect(what: Page | Locator) -> PageAssertions | LocatorAssertions:
    """Playwright's `expect`: waits until what is expected is so."""
    from playwright.sync_api import expect as waits  # here: see above

    waits.set_options(timeout=PATIENCE)
    return waits(what)


def arrive(page: Page, title: str) -> None:
    """Wait until the page of that title is there with its script, so that keys pressed now are heard."""
    expect(page).to_have_title(f"{title} · Safeconduct")
    page.wait_for_load_state("load")


def demo_sign_in(desk: LiveDesk, name: str = "sian") -> SignIn:
    """An invented member of a demo folder, as its `sign-ins.json` has them."""
    listed = json.loads((desk.folder / "sign-ins.json").read_text("utf-8"))
    return next(SignIn(one["sign_in"], one["passphrase"]) for one in listed if one["sign_in"] == name)


def go(page: Page, desk: LiveDesk, path: str) -> None:
    """Open a path of the desk."""
    page.goto(urljoin(desk.address, path))


def begin(page: Page, desk: LiveDesk, *, name: str = "Nia Pugh", sign_in: str = "nia") -> SignIn:
    """First use: the setup code of the terminal, the organisation, the first member. Ends at Today."""
    go(page, desk, "/")
    page.get_by_label("Setup code").fill(desk.setup_code or "")
    page.get_by_label("Name of the organisation").fill("Office of an invented member")
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Sign-in name").fill(sign_in)
    page.get_by_label("Passphrase", exact=True).fill(PASSPHRASE)
    page.get_by_label("The passphrase again").fill(PASSPHRASE)
    page.get_by_role("button", name="Make the desk").click()
    page.wait_for_url(desk.address)
    return SignIn(sign_in, PASSPHRASE)


def sign_in(page: Page, desk: LiveDesk, who: SignIn | None = None) -> SignIn:
    """Sign in, on a demo as its first member. Ends at Today."""
    who = who or demo_sign_in(desk)
    go(page, desk, "/sign-in")
    page.get_by_label("Sign-in name").fill(who.name)
    page.get_by_label("Passphrase", exact=True).fill(who.passphrase)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(desk.address)
    return who


def unlock(page: Page, who: SignIn) -> None:
    """Give the passphrase on the page of the lock."""
    page.get_by_label("Passphrase", exact=True).fill(who.passphrase)
    page.get_by_role("button", name="Unlock").click()


def search(page: Page, text: str) -> None:
    """Search from the header, by keyboard."""
    box = page.get_by_role("banner").get_by_role("searchbox")
    box.fill(text)
    box.press("Enter")
    page.get_by_role("heading", name="Found").wait_for()


def choose_team(page: Page, name: str = "Westmere office") -> None:
    """Say whose members it is for, as a member of several teams has to."""
    page.get_by_label("Team", exact=True).select_option(label=name)


def add_person(page: Page, desk: LiveDesk, name: str, **more: str) -> None:
    """Add a person with a name, and fields by their label. Ends on their page."""
    go(page, desk, "/people/new")
    page.get_by_label("Name", exact=True).fill(name)
    for label, text in more.items():
        page.get_by_label(label).fill(text)
    page.get_by_role("button", name="Add this person").click()
    page.get_by_role("heading", level=1, name=name).wait_for()


def open_case(
    page: Page, *, kind: str = "Asylum", route: str = "Home Office, MPs' enquiries", reference: str = ""
) -> None:
    """Open a case from a person's page. Ends on the case."""
    page.get_by_role("link", name="Open a case").first.click()
    page.get_by_label("Kind of case").select_option(label=kind)
    page.get_by_label("Our reference").fill(reference)
    page.get_by_label("Where the letter goes").select_option(label=route)
    page.get_by_role("button", name="Open the case").click()
    page.get_by_role("heading", name="Log what happened").wait_for()


def own_kit(page: Page, desk: LiveDesk) -> list[str]:
    """Make recovery kits as the only guardian and open the one there is. Ends on it; returns its words."""
    go(page, desk, "/settings/kits/new")
    page.get_by_role("button", name="Make the kits").click()
    page.get_by_role("link", name="Open and confirm your own kit").click()
    page.get_by_role("button", name="Show my words").click()
    page.get_by_role("heading", level=1, name="Recovery kit", exact=True).wait_for()
    return page.locator("ol.kit li span").all_inner_texts()


def choose_language(page: Page, desk: LiveDesk, language: str) -> None:
    """Choose a language in Settings."""
    go(page, desk, "/settings")
    page.get_by_label("Language of the desk").select_option(language)
    page.get_by_role("main").get_by_role("button", name="Save").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
