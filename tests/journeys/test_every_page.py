"""Every page, walked through once: by axe's rules, at every width, both ways; what it says, and what it leaves behind.

Axe takes seconds for a long list. What has a colour of its own at one width only (the navigation, the column beside,
tables that stack) is on a few pages: those are looked at in both themes at both widths, the others in turn on a light
phone or on a wide dark screen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from tests.journeys import steps
from tests.journeys.steps import expect
from tests.support.axe import ALL_FOUR, DARK_WIDE, LIGHT_PHONE, WIDE, look_at, wider
from tests.support.desk import LiveDesk

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Error, Page, Response

pytestmark = pytest.mark.browser

SHAPES = {"today", "person", "case", "members", "import-preview", "paper", "household", "guardian"}
IN_TURN = ((LIGHT_PHONE,), (DARK_WIDE,))
UNFOLD = "() => [...document.querySelectorAll('main details')].slice(0, 3).forEach(one => { one.open = true })"
TURN = "dir => { document.documentElement.dir = dir }"
TELLING = """() => ['main bdi.name', 'main bdi.ref, main bdi.num']
    .map(which => [...document.querySelectorAll(which)].map(one => one.textContent.trim()))"""


@dataclass
class Walk:
    """What was heard and seen on the way through every page."""

    said: list[str] = field(default_factory=list)  # in the console: no advice about passphrases, which Chromium gives
    kept: list[str] = field(default_factory=list)  # addresses whose answers a cache may keep
    loose: list[str] = field(default_factory=list)  # addresses whose policy allows too much
    traces: list[str] = field(default_factory=list)  # titles and addresses
    names: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)  # by axe's rules, or wider than the screen
    turned: list[str] = field(default_factory=list)  # wider than the screen from right to left


@pytest.fixture(scope="module")
def walk(demo_desk: LiveDesk, at_desk: Page, addresses: dict[str, str]) -> Iterator[Walk]:
    """Every page once; afterwards the console is still heard."""
    walked = Walk()

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            walked.said.append(f"{at_desk.url}: {message.text}")

    def fail(error: Error) -> None:
        walked.said.append(f"{at_desk.url}: {error}")

    def read(response: Response) -> None:
        if "/static/" in response.url:
            return
        if response.headers.get("cache-control") != "no-store":
            walked.kept.append(response.url)
        policy = response.headers.get("content-security-policy", "")
        if response.url.endswith("/captured/page"):  # in a frame without scripts, its own styles alone may stand
            policy = policy.replace("style-src 'unsafe-inline'", "")
        if "default-src 'none'" not in policy or "unsafe" in policy:
            walked.loose.append(response.url)

    listeners: dict[str, Callable[..., None]] = {"console": hear, "pageerror": fail, "response": read}
    for name, listener in listeners.items():
        at_desk.on(name, listener)  # type: ignore[call-overload]  # each by its name
    for number, (name, path) in enumerate(addresses.items()):
        steps.go(at_desk, demo_desk, path)
        names, numbers = at_desk.evaluate(TELLING)
        walked.names |= set(names)
        walked.numbers |= set(numbers)
        walked.traces += [at_desk.title(), at_desk.url]
        at_desk.evaluate(UNFOLD)  # what unfolds is looked at too
        at_desk.evaluate(TURN, "rtl")
        walked.turned += [f"{name} at {width}" for width in wider(at_desk)]
        at_desk.evaluate(TURN, "ltr")
        walked.wrong += look_at(at_desk, name, ALL_FOUR if name in SHAPES else IN_TURN[number % 2])
    at_desk.set_viewport_size(WIDE)  # type: ignore[arg-type]  # a plain dictionary will do
    at_desk.emulate_media(color_scheme="light")
    yield walked
    for name, listener in listeners.items():
        at_desk.remove_listener(name, listener)


def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(walk: Walk) -> None:
    assert not walk.wrong, "\n".join(walk.wrong)


def test_nothing_is_wider_than_the_screen_from_right_to_left(at_desk: Page, walk: Walk) -> None:
    assert not walk.turned
    at_desk.evaluate("document.body.insertAdjacentHTML('beforeend', '<pre>' + 'wide '.repeat(900) + '</pre>')")
    assert wider(at_desk), "a page that is too wide is noticed"


def test_no_page_is_stored_or_breaks_its_policy(at_desk: Page, walk: Walk) -> None:
    assert not walk.said
    assert not walk.kept
    assert not walk.loose
    # Chromium does say when a policy is broken.
    at_desk.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\">x</p>')")
    expect(at_desk.locator("body > p").last).to_have_text("x")
    assert any("Content Security Policy" in one for one in walk.said)


def test_titles_and_addresses_name_nobody(walk: Walk) -> None:
    # Names by their parts, too. Not so numbers: four figures of a key's fingerprint are in some handle by chance.
    shown = {*walk.numbers, *(part for name in walk.names for part in (name, *name.split()))}
    # The short address of a passage is drawn like a reference; it is random, and leads to it.
    telling = {one for one in shown if len(one) > 3 and not any(trace.endswith(f"/p/{one}") for trace in walk.traces)}
    assert {"Dilovan", "WM/0003"} <= telling, "the pages hold something that could have leaked"
    assert len(walk.traces) > 100
    for trace in walk.traces:
        assert not [one for one in telling if one in trace]


@pytest.mark.usefixtures("walk")  # on which a surgery began
def test_the_browser_is_left_with_five_cookies_and_nothing_to_read(demo_desk: LiveDesk, at_desk: Page) -> None:
    steps.go(at_desk, demo_desk, "/")
    cookies = {one["name"]: one for one in at_desk.context.cookies()}
    of_session = {"safeconduct-session", "safeconduct-form", "safeconduct-surgery"}
    of_browser = {"safeconduct-log", "safeconduct-device"}
    assert set(cookies) == of_session | of_browser
    for name, one in cookies.items():
        assert one["httpOnly"]
        assert one["sameSite"] == "Strict"
        assert (one["expires"] == -1) is (name in of_session)
        assert "sian" not in one["value"].lower()
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
