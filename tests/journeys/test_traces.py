"""What a page asks for, says to the browser, and leaves behind; and what of it reaches paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.journeys import steps
from tests.journeys.steps import expect
from tests.support.desk import LiveDesk

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Page, Response

pytestmark = pytest.mark.browser


def test_no_page_is_stored_or_breaks_its_policy(demo_desk: LiveDesk, at_desk: Page, addresses: dict[str, str]) -> None:
    said: list[str] = []
    kept: list[str] = []
    loose: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):  # not the advice Chromium gives about passphrases
            said.append(f"{at_desk.url}: {message.text}")

    def read(response: Response) -> None:
        if "/static/" in response.url:
            return
        if response.headers.get("cache-control") != "no-store":
            kept.append(response.url)
        policy = response.headers.get("content-security-policy", "")
        if "default-src 'none'" not in policy or "unsafe" in policy:
            loose.append(response.url)

    at_desk.on("console", hear)
    at_desk.on("pageerror", lambda error: said.append(f"{at_desk.url}: {error}"))
    at_desk.on("response", read)
    for path in addresses.values():
        steps.go(at_desk, demo_desk, path)
    assert not said
    assert not kept
    assert not loose
    # Chromium does say when a policy is broken.
    at_desk.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\">x</p>')")
    expect(at_desk.locator("body > p").last).to_have_text("x")
    assert any("Content Security Policy" in one for one in said)


def test_titles_and_addresses_name_nobody(demo_desk: LiveDesk, at_desk: Page, addresses: dict[str, str]) -> None:
    shown: set[str] = set()
    traces: list[str] = []
    for path in addresses.values():
        steps.go(at_desk, demo_desk, path)
        shown |= set(at_desk.locator("main bdi.name, main bdi.ref, main bdi.num").all_inner_texts())
        traces += [at_desk.title(), at_desk.url]
    names = {part for one in shown for part in (one, *one.split()) if len(part) > 3}
    assert {"Dilovan", "WM/0003"} <= names, "the pages hold something that could have leaked"
    for trace in traces:
        assert not [one for one in names if one in trace]


def test_the_browser_is_left_with_two_cookies_and_nothing_to_read(demo_desk: LiveDesk, at_desk: Page) -> None:
    steps.go(at_desk, demo_desk, "/")
    cookies = {one["name"]: one for one in at_desk.context.cookies()}
    assert set(cookies) == {"safeconduct-session", "safeconduct-form"}
    for one in cookies.values():
        assert one["httpOnly"]
        assert one["sameSite"] == "Strict"
        assert one["expires"] == -1
    kept = at_desk.evaluate("async () => [Object.keys(localStorage), Object.keys(sessionStorage), await caches.keys()]")
    # htmx notes the address of a running import, which the browser's own history has as well.
    assert kept in ([[], [], []], [[], ["htmx-current-path-for-history"], []])


@pytest.mark.parametrize("name", ["today", "case", "person"])
def test_a_page_goes_on_paper(demo_desk: LiveDesk, at_desk: Page, addresses: dict[str, str], name: str) -> None:
    steps.go(at_desk, demo_desk, addresses[name])
    at_desk.emulate_media(media="print")
    for part in (".top", ".nav", ".foot", ".demo", ".log-event", ".filters", ".queue", ".beside", "form button"):
        for one in at_desk.locator(part).all():
            expect(one).to_be_hidden()
    expect(at_desk.get_by_role("heading", level=1)).to_be_visible()
    expect(at_desk.locator(".print-line")).to_be_visible()
    if name == "case":
        expect(at_desk.locator(".print-line")).to_contain_text("WM/0003")
    assert at_desk.pdf(format="A4").startswith(b"%PDF-")
    at_desk.emulate_media(media="screen")
