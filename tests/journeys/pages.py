"""The addresses of every page of a demo desk, found as somebody finds them: by following links."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from django.urls import reverse

from safeconduct.web.access import ACCESS
from tests.journeys import mails, pages_archive, sheets, steps
from tests.support.desk import LiveDesk

if TYPE_CHECKING:  # Playwright is slow to import, and most runs of one test do without it
    from playwright.sync_api import Page

# Redirects once somebody is at the desk; looked at apart from the others.
OUTSIDE: Final = frozenset({"start", "sign-in", "unlock"})
# Need a security key: test_second_factors.py looks at them.
ELSEWHERE: Final = frozenset({"key-add", "key-remove"})
# Answer with a file.
FILES: Final = frozenset(
    {
        "import-faults",
        "paper-page",
        "message-html",
        "feed",
        "source-captured-page",
        *("passage-record", "collection-record"),
    }
)
PLAIN: Final = (
    "today", "people", "cases", "imports", "log", "settings", "office-days", "members", "member-new", "team-new",
    "passphrase", "factors", "code-add", "code-remove", "keys", "promise", "person-new", "erasures", "alarms",
    "tripwire", "guardian", "kits-new", "kit", "kit-confirm", "drill", "recovery", "recovery-finish", "urgent",
    "calls", "sitting", "surgery", "surgery-blank", "surgery-list",
    "directory", "review", "tray", "incidents", "week", "load", "assign", "feed-own", "export", "export-cases",
    "sources", "source-take", "quarantine", "receive", "collections",
)  # fmt: skip
_HOLD: Final = "addEventListener('htmx:beforeRequest', it => location.pathname.endsWith('/run') && it.preventDefault())"
_LINKS: Final = {
    "person-edit": r"/people/[0-9a-f-]+/(?:identity|contact|needs|status)$",
    "person-same": r"/people/[0-9a-f-]+/same$",
    "person-unmerge": r"/people/[0-9a-f-]+/unmerge/[0-9a-f-]+$",
    "household-new": r"/people/[0-9a-f-]+/household$",
    "household": r"/households/[0-9a-f-]+$",
    "household-add": r"/households/[0-9a-f-]+/add$",
    "household-edit": r"/households/[0-9a-f-]+/edit$",
    "case-people": r"/cases/[0-9a-f-]+/people(?:\?|$)",
    "case-person-add": r"/cases/[0-9a-f-]+/people/add",
    "case-intake": r"/cases/[0-9a-f-]+/intake",
    "papers": r"/records/[0-9a-f-]+/papers$",
    "paper": r"/records/[0-9a-f-]+/papers/[0-9a-f-]+$",
    "paper-remove": r"/records/[0-9a-f-]+/papers/[0-9a-f-]+/remove$",
    "account": r"/records/[0-9a-f-]+/account$",
    "narrative-new": r"/records/[0-9a-f-]+/account/new$",
    "narrative-change": r"/records/[0-9a-f-]+/account/[0-9a-f]+-[0-9a-f-]+$",
    "history": r"/records/[0-9a-f-]+/history$",
    "history-strike": r"/records/[0-9a-f-]+/history/[0-9a-f-]+/strike$",
    "erase": r"/records/[0-9a-f-]+/erase$",
    "erasure": r"/erasures/[0-9a-f-]+$",
    "case-new": r"/people/[0-9a-f-]+/case$",
    "case-call": r"/cases/[0-9a-f-]+/call",
    "task-new": r"/cases/[0-9a-f-]+/tasks/new",
    "task-done": r"/cases/[0-9a-f-]+/tasks/[0-9a-f-]+/done",
    "task-change": r"/cases/[0-9a-f-]+/tasks/[0-9a-f]+-[0-9a-f-]+(?:\?|$)",
    "case-edit": r"/cases/[0-9a-f-]+/edit",
    "case-close": r"/cases/[0-9a-f-]+/close",
    "case-reopen": r"/cases/[0-9a-f-]+/reopen",
    "case-keep": r"/cases/[0-9a-f-]+/keep",
    "case-urgent-edit": r"/cases/[0-9a-f-]+/urgent/edit",
    "case-urgent-end": r"/cases/[0-9a-f-]+/urgent/end",
    "case-urgent-sheet": r"/cases/[0-9a-f-]+/urgent/sheet",
    "directory-edit": r"/directory/[0-9a-f-]+/edit",
    "event-correct": r"/cases/[0-9a-f-]+/events/[0-9a-f-]+/correct",
    "enquiry-new": r"/cases/[0-9a-f-]+/letters/new",
    "enquiry-clock": r"/cases/[0-9a-f-]+/letters/[0-9a-f-]+/clock",
    "decision-new": r"/cases/[0-9a-f-]+/decision/new",
    "deadline-new": r"/cases/[0-9a-f-]+/limits/new",
    "deadline-met": r"/cases/[0-9a-f-]+/limits/[0-9a-f-]+/met",
    "cover": r"/members/[0-9a-f-]+/cover$",
    "member-change": r"/members/[0-9a-f-]+/left",
    "member-disable": r"/members/[0-9a-f-]+/disable",
    "message-incident": r"/tray/[0-9a-f-]+/incident",
    "team-join": r"/teams/[0-9a-f-]+/join",
    "team-leave": r"/teams/[0-9a-f-]+/leave",
    "source-masks": r"/archive/[0-9a-f-]+/masks$",
    "source-read-anew": r"/archive/[0-9a-f-]+/read-anew$",
    "source-remove": r"/archive/[0-9a-f-]+/remove$",
    "source-captured": r"/archive/[0-9a-f-]+/captured$",
    "source-differences": r"/archive/[0-9a-f-]+/posts/\d+/beside/[0-9a-f-]+$",
    "source-watch": r"/archive/[0-9a-f-]+/watch$",
    "source-hand-over": r"/archive/[0-9a-f-]+/hand-over$",
    "collection-hand-over": r"/archive/collections/[0-9a-f-]+/hand-over$",
    "tag": r"/archive/words/[0-9a-f-]+$",
    "note": r"/archive/notes/[0-9a-f-]+$",
    "passage-remove": r"/p/[0-9A-Z]+/remove$",
    "collection-edit": r"/archive/collections/[0-9a-f-]+/edit$",
    "collection-timeline": r"/archive/collections/[0-9a-f-]+/timeline$",
    "quarantine-discard": r"/archive/refused/[0-9a-f-]+/discard$",
    "recovery-stop": r"/recovery/[0-9a-f-]+/stop",
}


def readable() -> set[str]:
    """The names of all addresses that show a page to a member who is signed in."""
    return {name for name, rule in ACCESS.items() if "GET" in rule.methods} - OUTSIDE - FILES - ELSEWHERE


def every(page: Page, desk: LiveDesk) -> dict[str, str]:
    """An address for each of `readable`, by name. The member must be signed in."""
    found = {name: reverse(name) for name in PLAIN}
    steps.search(page, "mohamad raheemi")
    found["found"] = _path(page)
    page.locator("main .row-link").first.click()
    page.get_by_role("heading", name="Names and birth").wait_for()
    found["person"] = _path(page)
    _gather(page, found)
    for kept in ("papers", "paper", "account", "history"):
        steps.go(page, desk, found[kept])
        _gather(page, found)
    _around(page, desk, found)
    for listed in ("erasures", "members", "directory"):
        steps.go(page, desk, found[listed])
        _gather(page, found)
    found["member-factors"] = found["member-disable"].replace("/disable", "/factors")  # offered where there are any
    found["team-keys"] = found["team-join"].replace("/join", "/keys")  # offered while they are renewed
    _kits(page, desk, found)
    # A row that a limit of the law put into the list: its case has everything a case can have.
    steps.go(page, desk, f"{found['today']}?kind=act_by")
    page.locator("main .row-link").first.click()
    page.get_by_role("heading", name="Log what happened").wait_for()
    found["case"] = _path(page)
    _gather(page, found)
    _mail(page, desk, found)
    _quickly(page, desk, found)
    _ended(page, desk, found)
    _imports(page, desk, found)
    pages_archive.gather(page, desk, found, lambda: _gather(page, found))
    return found


def _mail(page: Page, desk: LiveDesk, found: dict[str, str]) -> None:
    """A message that waits, and an incident made of another."""
    mails.put_in(page, desk, [mails.with_everything("WM/0003"), mails.about_another()])
    steps.go(page, desk, found["tray"])
    page.get_by_role("link", name="RE: WM/0003").first.click()
    page.get_by_role("heading", name="What is it?").wait_for()
    found["message"] = _path(page)
    _gather(page, found)
    steps.go(page, desk, found["tray"])
    page.get_by_role("link", name="Another of yours").first.click()
    page.get_by_role("button", name="It is about somebody else").click()
    page.get_by_role("button", name="Open it and stay there").click()
    page.get_by_role("heading", name="What is done about it").wait_for()
    found["incident"] = _path(page)


def _around(page: Page, desk: LiveDesk, found: dict[str, str]) -> None:
    """Somebody with a household and a second record, and that record beside a third that is not merged with it."""
    first = found["person"]
    steps.search(page, "dilovan barzani")
    page.locator("main .row-link").first.click()
    page.get_by_role("heading", name="Names and birth").wait_for()
    _gather(page, found)
    found["person-merge"] = f"{first}/merge/{_path(page).rsplit('/', 1)[1]}"
    steps.go(page, desk, found["household"])
    _gather(page, found)


def _quickly(page: Page, desk: LiveDesk, found: dict[str, str]) -> None:
    """A task on the case, who was found for a caller, and a surgery that was set."""
    steps.go(page, desk, found["task-new"])
    page.get_by_label("What exactly").fill("The consent form")
    page.get_by_role("button", name="Write it down").click()
    page.get_by_role("heading", name="Log what happened").wait_for()
    _gather(page, found)
    found["calls-found"] = found["found"].replace("/people/", "/calls/")
    steps.go(page, desk, found["surgery"])
    steps.choose_team(page)
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("heading", name="Who is here?").wait_for()
    found["surgery-next"] = _path(page)


def _ended(page: Page, desk: LiveDesk, found: dict[str, str]) -> None:
    """A removal, and a case that was closed."""
    steps.go(page, desk, found["urgent"])
    page.locator("main .row-link").first.click()
    page.get_by_role("heading", name="Whom to turn to, in this order").wait_for()
    found["case-urgent"] = _path(page)
    _gather(page, found)
    steps.go(page, desk, f"{found['cases']}?state=closed")
    page.locator("main .row-link").first.click()
    page.get_by_role("link", name="Keep it for longer").wait_for()
    _gather(page, found)


def _kits(page: Page, desk: LiveDesk, found: dict[str, str]) -> None:
    """Kits, and a recovery of a colleague's keys that waits from now on."""
    words = steps.own_kit(page, desk)
    steps.go(page, desk, found["recovery"])
    page.get_by_label("Sign-in name of who lost").fill("tomasz")
    page.get_by_label("Words of one kit").fill(" ".join(words))
    page.get_by_role("button", name="Ask for it").click()
    page.get_by_role("heading", name="Asked for").wait_for()
    steps.go(page, desk, found["guardian"])
    page.get_by_text("Somebody asked for the keys of").wait_for()
    _gather(page, found)


def _imports(page: Page, desk: LiveDesk, found: dict[str, str]) -> None:
    """One import that is done (the demo's own), one that waits to be decided, and one that is running."""
    steps.go(page, desk, found["imports"])
    page.get_by_role("region", name="Earlier imports").get_by_role("link").first.click()
    found["import-done"] = _path(page)
    # A running import goes on by itself; here it has to stand still to be looked at.
    page.add_init_script(_HOLD)
    _stage(page, desk, found["imports"], "Outreach")
    page.get_by_role("button", name="rows in").click()
    page.get_by_role("heading", name="Bringing the rows in").wait_for()
    found["import-run"] = _path(page)
    _stage(page, desk, found["imports"], "Westmere office")
    found["import-preview"] = _path(page)
    found["import-columns"] = found["import-preview"].replace("/preview", "/columns")


def _stage(page: Page, desk: LiveDesk, path: str, team: str) -> None:
    steps.go(page, desk, path)
    page.get_by_label("Team").select_option(label=team)
    page.get_by_label("Spreadsheet").set_input_files(
        [{"name": "letters.csv", "mimeType": "text/csv", "buffer": sheets.as_csv()}]
    )
    page.get_by_role("button", name="Read the sheet").click()
    page.get_by_role("button", name="See how the rows are read").click()
    page.get_by_role("heading", name="How the rows are read").wait_for()


def _path(page: Page) -> str:
    return re.sub(r"^https?://[^/]+", "", page.url)


def _gather(page: Page, found: dict[str, str]) -> None:
    links: list[str] = page.locator("main a[href]").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    for name, pattern in _LINKS.items():
        for link in links:
            if re.search(pattern, link.split("#")[0]) and name not in found:
                found[name] = link
