"""A browser profile that notices what leaves this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:  # Playwright is slow to import, and most runs of one test do without it
    from playwright.sync_api import Browser, BrowserContext, Request

HERE = {"127.0.0.1", "localhost", "[::1]", "::1"}
REMOTE = {"http", "https"}
# No other host has an address for a browser that is started so. To stop requests one by one would turn its cache off.
STAY_HERE = f"--host-resolver-rules=MAP * ~NOTFOUND, {', '.join(f'EXCLUDE {host}' for host in sorted(HERE))}"
TIMEOUT = 60_000  # milliseconds: a bound on a hang, on a busy machine


class Profiles:
    """Makes fresh profiles and keeps a list, `left`, of the hosts elsewhere that their pages asked for."""

    def __init__(self, browser: Browser) -> None:
        self.left: list[str] = []
        self._browser = browser
        self._opened: list[BrowserContext] = []

    def new(self, **options: object) -> BrowserContext:
        """A fresh profile, as an office in Britain has it, with Playwright's `options`."""
        context = self._browser.new_context(**{"locale": "en-GB", "timezone_id": "Europe/London", **options})  # type: ignore[arg-type]  # passed on
        context.set_default_timeout(TIMEOUT)
        context.on("request", self._note)
        self._opened.append(context)
        return context

    def close(self) -> None:
        """Close every profile."""
        while self._opened:
            self._opened.pop().close()

    def _note(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in REMOTE and address.hostname not in HERE:
            self.left.append(address.netloc)
