"""The addresses of every page of a demo desk, found as somebody finds them: by following links."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from django.urls import reverse

from safeconduct.web.access import ACCESS
from tests.journeys import steps
from tests.support.desk import LiveDesk

if TYPE_CHECKING:  # Playwright is slow to import, and most runs of one test do without it
    from playwright.sync_api import Page

# Redirects once somebody is at the desk; looked at apart from the others.
OUTSIDE: Final = frozenset({"start", "sign-in", "unlock"})
# Answers with a file.
FILES: Final = frozenset({"import-faults"})
PLAIN: Final = (
    "today", "people", "cases", "imports", "log", "settings", "office-days", "members", "member-new", "team-new",
    "passphrase", "keys", "promise", "person-new",
)  # fmt: skip
_LINKS: Final = {
    "person-edit": r"/people/[0-9a-f-]+/(?:identity|contact|status)$",
    "case-new": r"/people/[0-9a-f-]+/case$",
    "case-edit": r"/cases/[0-9a-f-]+/edit",
    "case-state": r"/cases/[0-9a-f-]+/state",
    "event-correct": r"/cases/[0-9a-f-]+/events/[0-9a-f-]+/correct",
    "enquiry-new": r"/cases/[0-9a-f-]+/letters/new",
    "deadline-new": r"/cases/[0-9a-f-]+/limits/new",
    "deadline-met": r"/cases/[0-9a-f-]+/limits/[0-9a-f-]+/met",
    "member-disable": r"/members/[0-9a-f-]+/disable",
    "team-join": r"/teams/[0-9a-f-]+/join",
}


def readable() -> set[str]:
    """The names of all addresses that show a page to a member who is signed in."""
    return {name for name, rule in ACCESS.items() if "GET" in rule.methods} - OUTSIDE - FILES


def every(page: Page, desk: LiveDesk) -> dict[str, str]:
    """An address for each of `readable`, by name. The member must be signed in."""
    found = {name: reverse(name) for name in PLAIN}
    steps.search(page, "mohamad raheemi")
    found["found"] = _path(page)
    page.locator("main .row-link").first.click()
    page.get_by_role("heading", name="Names and birth").wait_for()
    found["person"] = _path(page)
    _gather(page, found)
    steps.go(page, desk, found["members"])
    _gather(page, found)
    # A row that a limit of the law put into the list: its case has everything a case can have.
    steps.go(page, desk, f"{found['today']}?kind=act_by")
    page.locator("main .row-link").first.click()
    page.get_by_role("heading", name="Log what happened").wait_for()
    found["case"] = _path(page)
    _gather(page, found)
    return found


def _path(page: Page) -> str:
    return re.sub(r"^https?://[^/]+", "", page.url)


def _gather(page: Page, found: dict[str, str]) -> None:
    links: list[str] = page.locator("main a[href]").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    for name, pattern in _LINKS.items():
        for link in links:
            if re.search(pattern, link.split("#")[0]) and name not in found:
                found[name] = link
