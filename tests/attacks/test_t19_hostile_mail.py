"""T17 to T19 for mail: whatever HTML somebody sends, nothing of it runs, and nothing is asked for on its account.

There are two walls. What is kept was cleaned when the message came; and the frame it is shown in has a policy under
which nothing runs or loads. The second is tried alone, with HTML that nobody cleaned; then both, by way of the desk.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from safeconduct.accounts.keys import today
from safeconduct.web.desk.mail.message_html import WALL
from tests.journeys import steps
from tests.journeys.steps import expect
from tests.support.browser import Profiles
from tests.support.desk import LiveDesk
from tests.support.mails import mail

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

# Each of these asks for `CANARY`, or runs, in a page without a policy.
HOSTILE = """
<base href="CANARY/base/"><meta http-equiv="refresh" content="0; url=CANARY/refresh">
<meta http-equiv="Content-Security-Policy" content="default-src * 'unsafe-inline' data:">
<link rel="stylesheet" href="CANARY/sheet.css"><link rel="preload" as="image" href="CANARY/preload.png">
<link rel="dns-prefetch" href="//canary.example"><link rel="icon" href="CANARY/icon.png">
<style>@import url("CANARY/import.css"); body { background: url(CANARY/ground.png) }
@font-face { font-family: x; src: url(CANARY/font.woff) } p { font-family: x }</style>
<p id="seen">Dear Member, the words of the letter.</p>
<script>fetch("CANARY/script"); document.title = "ran"; parent.postMessage("ran", "*")</script>
<script src="CANARY/script.js"></script>
<img src="CANARY/pixel.gif" onerror="fetch('CANARY/onerror')"><img srcset="CANARY/srcset.png 1x">
<picture><source srcset="CANARY/source.png"><img src="CANARY/in-picture.png"></picture>
<div style="background-image: url('CANARY/style.png')" onmouseover="fetch('CANARY/over')">ground</div>
<table background="CANARY/table.png"><tr><td background="CANARY/cell.png">cell</td></tr></table>
<svg onload="fetch('CANARY/svg')"><image href="CANARY/svg.png"/><use href="CANARY/use.svg#a"/>
<script>fetch('CANARY/svg-script')</script><animate onbegin="fetch('CANARY/begin')" attributeName="x" dur="1s"/></svg>
<math><maction actiontype="statusline" xlink:href="javascript:fetch('CANARY/math')">m</maction></math>
<iframe src="CANARY/frame"></iframe><iframe srcdoc="<script>fetch('CANARY/srcdoc')</script>"></iframe>
<iframe src="data:text/html,<script>fetch('CANARY/data-frame')</script>"></iframe>
<object data="CANARY/object"></object><embed src="CANARY/embed">
<object data="data:text/html,<img src=CANARY/data-object>"></object>
<video src="CANARY/video" poster="CANARY/poster.png" autoplay></video><audio src="CANARY/audio" autoplay></audio>
<form id="f" action="CANARY/form" method="post">
<input name="q" autofocus onfocus="document.getElementById('f').submit()">
<input type="image" src="CANARY/input.png"><button formaction="CANARY/button">Answer</button></form>
<body onload="fetch('CANARY/onload')" background="CANARY/body.png">
<details open ontoggle="fetch('CANARY/toggle')"><summary>more</summary></details>
<a id="out" href="CANARY/link" ping="CANARY/ping" target="_top">a link</a>
<a href="javascript:fetch('CANARY/javascript')">another</a>
<a href="data:text/html,<script>fetch('CANARY/data-link')</script>">a third</a>
"""


class Heard:
    """A server on this machine that writes down what it is asked for, and serves the pages it is given."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.pages: dict[str, tuple[str, dict[str, str]]] = {}
        heard = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                heard.asked.append(self.path)
                body, headers = heard.pages.get(self.path, ("", {}))
                self.send_response(200 if self.path in heard.pages else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body.encode())

            do_POST = do_GET  # noqa: N815 -- the name the server calls

            def handle(self) -> None:
                with suppress(ConnectionError):  # a browser that goes elsewhere reads no further
                    super().handle()

            def log_message(self, *_args: Any) -> None:
                """Nothing is written anywhere."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def heard() -> Iterator[Heard]:
    made = Heard()
    yield made
    made.stop()


def framed(heard: Heard, *, walled: bool) -> None:
    """A page with a frame, as the desk's own is, on HTML that nobody cleaned; or both without any wall."""
    html = HOSTILE.replace("CANARY", heard.address)
    policy = {name: list(value) for name, value in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].items()}
    around = "; ".join(f"{name} {' '.join(value)}" for name, value in (policy | {"frame-src": ["'self'"]}).items())
    box = ' sandbox=""' if walled else ""
    heard.pages["/around"] = (
        f'<title>Around</title><iframe{box} src="/framed"></iframe>',
        {"Content-Security-Policy": around} if walled else {},
    )
    heard.pages["/framed"] = (html, {"Content-Security-Policy": WALL} if walled else {})


def settle(page: Page) -> None:
    """Wait until nothing more is being asked for."""
    page.wait_for_load_state("networkidle")


def test_the_wall_alone_holds(heard: Heard, profiles: Profiles) -> None:
    framed(heard, walled=True)
    page = profiles.new().new_page()
    ran: list[str] = []
    page.expose_function("told", lambda text: ran.append(text))
    page.goto(f"{heard.address}/around")
    page.evaluate("window.addEventListener('message', (event) => window.told(String(event.data)))")
    frame = page.frame_locator("iframe")
    expect(frame.locator("#seen")).to_have_text("Dear Member, the words of the letter.")
    frame.get_by_text("ground", exact=True).hover()
    for words in ("a link", "another", "a third"):
        frame.get_by_text(words, exact=True).click(no_wait_after=True)
    settle(page)
    assert page.title() == "Around"
    assert page.url.endswith("/around")
    assert set(heard.asked) - {"/around", "/framed", "/favicon.ico"} == set()
    assert ran == []


def test_without_the_wall_it_would_have_been_heard(heard: Heard, profiles: Profiles) -> None:
    """The control: the same HTML in a plain frame runs, and asks for one thing after the other."""
    framed(heard, walled=False)
    page = profiles.new().new_page()
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(urlsplit(request.url).path))
    with page.expect_request(lambda request: request.url.endswith("/onerror")):
        page.goto(f"{heard.address}/around", wait_until="commit")
    settle(page)
    assert {"/script", "/sheet.css", "/pixel.gif", "/onerror"} <= asked
    assert len(asked) > 12


def test_hostile_mail_at_the_desk(heard: Heard, demo_desk: LiveDesk, profiles: Profiles, tmp_path: Path) -> None:
    """Both walls: put in the tray, opened, looked at as it looked, its links pressed."""
    sent = tmp_path / "hostile.eml"
    on = today() - timedelta(days=1)  # before the demo's own mail, which came today
    looks = f"<html>{HOSTILE.replace('CANARY', heard.address)}</html>"
    sent.write_bytes(mail("The words of the letter.", on=on, html=looks))
    page = profiles.new(viewport={"width": 1280, "height": 900}).new_page()
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    steps.sign_in(page, demo_desk)
    steps.go(page, demo_desk, "/tray")
    page.get_by_label("Team").last.select_option(label="Westmere office")
    page.get_by_label("Mail", exact=True).set_input_files(sent)
    page.get_by_role("button", name="Put it in the tray").click()
    expect(page.get_by_text("1 message was put in the tray.")).to_be_visible()
    page.locator("main .row-link").first.click()
    expect(page.get_by_text("The words of the letter.").first).to_be_visible()
    page.get_by_text("As it looked").click()
    frame = page.frame_locator("iframe.framed")
    expect(frame.locator("body")).to_contain_text("Dear Member, the words of the letter.")
    shown = frame.locator("body").inner_html()
    assert not any(
        f"<{tag}" in shown for tag in ("script", "img", "style", "svg", "form", "iframe", "base", "meta", "link", "a ")
    )
    settle(page)
    assert heard.asked == []
    assert dialogs == []
