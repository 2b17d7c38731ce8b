"""A security key in a real browser, made by its developer tools: added, asked for, and unlocking."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import pytest

from tests.journeys import steps
from tests.journeys.steps import SignIn, expect
from tests.support.axe import look_at
from tests.support.browser import Profiles
from tests.support.desk import LiveDesk
from tests.support.factors import code

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def by_name(desk: LiveDesk) -> str:
    """The desk's address by a name: browsers give security keys to no number."""
    return desk.address.replace("127.0.0.1", "localhost")


def plug_in(page: Page) -> None:
    """A security key with a PIN and with PRF, in this page's browser."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "ctap2Version": "ctap2_1",
        "transport": "usb",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "hasPrf": True,
        "automaticPresenceSimulation": True,
    }
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def fill(page: Page, desk: LiveDesk, who: SignIn) -> None:
    page.goto(urljoin(by_name(desk), "/sign-in"))
    page.get_by_label("Sign-in name").fill(who.name)
    page.get_by_label("Passphrase", exact=True).fill(who.passphrase)


def press_sign_in(page: Page) -> None:
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()


def test_a_security_key_is_added_signs_in_and_unlocks(live_desk: LiveDesk, profiles: Profiles) -> None:
    page = profiles.new().new_page()
    plug_in(page)
    who = steps.begin(page, live_desk)
    fill(page, live_desk, who)
    press_sign_in(page)
    page.wait_for_url(by_name(live_desk))

    page.goto(urljoin(by_name(live_desk), "/factors/key"))
    wrong = look_at(page, "key-add")
    page.get_by_label("Let it also unlock the desk").check()
    page.get_by_label("Your passphrase").fill(who.passphrase)
    page.get_by_role("button", name="Add a security key").click()
    expect(page).to_have_title("Second factors · Safeconduct")
    expect(page.get_by_text("Security key 1", exact=True).first).to_be_visible()
    expect(page.get_by_text("also unlocks the desk")).to_be_visible()
    wrong += look_at(page, "factors")

    page.get_by_role("button", name="Lock").click()
    expect(page).to_have_title("Locked · Safeconduct")
    wrong += look_at(page, "unlock with a key")
    page.get_by_role("button", name="Unlock with a security key").click()
    expect(page).to_have_title("Second factors · Safeconduct")

    page.get_by_role("banner").get_by_text("Nia Pugh").click()
    page.get_by_role("button", name="Sign out").click()
    fill(page, live_desk, who)
    press_sign_in(page)
    expect(page.get_by_role("alert")).to_contain_text("do not go together")
    fill(page, live_desk, who)
    page.get_by_role("button", name="Sign in with a security key").click()
    page.wait_for_url(by_name(live_desk))

    page.goto(urljoin(by_name(live_desk), "/factors"))
    page.get_by_role("link", name="Remove Security key 1").click()
    wrong += look_at(page, "key-remove")
    page.get_by_label("Your passphrase").fill(who.passphrase)
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("None added.")).to_be_visible()
    assert not wrong, "\n".join(wrong)


def test_codes_are_set_up_and_asked_for(live_desk: LiveDesk, page: Page) -> None:
    who = steps.begin(page, live_desk)
    steps.go(page, live_desk, "/factors")
    page.get_by_role("link", name="Set up codes").click()
    secret = re.sub(r"\s", "", page.locator(".once").inner_text())
    # This one now and the next one later: both stay good when the half minute ends in between.
    page.get_by_label("The code your app shows now").fill(code(secret))
    page.get_by_label("Your passphrase").fill(who.passphrase)
    page.get_by_role("button", name="Use these codes").click()
    expect(page.get_by_role("link", name="Set up anew")).to_be_visible()
    page.get_by_role("banner").get_by_text("Nia Pugh").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Sign-in name").fill(who.name)
    page.get_by_label("Passphrase", exact=True).fill(who.passphrase)
    page.get_by_label("Code from your app").fill(code(secret, 1))
    press_sign_in(page)
    page.wait_for_url(live_desk.address)
