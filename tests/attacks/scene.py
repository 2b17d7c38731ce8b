"""What happens at a real desk in a real browser before both are killed: the scene of T1."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import resolve
from django.urls.exceptions import Resolver404

from safeconduct.accounts.keys import today
from safeconduct.web.access import ACCESS
from tests.attacks import identities, sweep
from tests.attacks.identities import Identity
from tests.conftest import CHROMIUM
from tests.journeys import steps
from tests.support.desk import LiveDesk, run

if TYPE_CHECKING:  # Playwright is slow to import, and most runs of one test do without it
    from playwright.sync_api import Browser, BrowserContext, Page

LOOKED_AT = 1  # page of each kind is walked
WAITS = 30_000
DOWNLOADS = frozenset({"import-faults", "passage-record", "collection-record"})


@dataclass
class Scene:
    """What is left after both were killed."""

    folder: Path
    places: list[Path]
    profile: Path
    people: list[Identity]
    member: steps.SignIn
    ask: sweep.Ask
    half: str
    visited: set[str] = field(default_factory=set)


# What somebody does at the desk


def send(page: Page) -> None:
    """Send the form of the page as the keyboard does, and wait for the answer."""
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")


def type_person(page: Page, desk: LiveDesk, scene: Scene, who: Identity) -> None:
    """Add a person with a mistake and a further line first, open a case, log a call; a mistake in each form."""
    steps.go(page, desk, "/people/new")
    page.fill("[name=names-0-text]", who.name)
    with page.expect_navigation():
        page.click("button[name=add][value=names]")
    page.fill("[name=names-1-text]", who.words[0])
    page.fill("[name=births-0-said]", f"not a day {who.words[2]}")
    page.fill("[name=ways-0-value]", who.address)
    page.fill("[name=references-0-value]", who.reference)
    page.fill("[name=nationalities-0-value]", who.nation)
    page.fill("[name=safe_note]", who.note)
    send(page)
    page.fill("[name=births-0-said]", "1987")
    send(page)
    person = page.url
    page.get_by_role("link", name="Open a case").first.click()
    page.fill("[name=exact_kind]", who.exact_kind)
    page.fill("[name=our_reference]", who.our_reference)
    page.fill("[name=subject]", who.subject)
    page.fill("[name=sent_to]", f"{who.words[5]} unit")
    send(page)
    page.select_option("[name=kind]", "asylum")
    page.select_option("[name=route]", "ho_mp")
    page.fill("[name=came_in_on]", "-5d")
    page.fill("[name=sent_on]", "-3d")
    send(page)
    page.fill("[name=note]", f"{who.note} on {who.phone}")
    page.fill("[name=on]", "no day")
    send(page)
    page.select_option("[name=kind]", "phoned")
    page.fill("[name=on]", "today")
    send(page)
    case = page.url.split("?")[0]
    page.goto(f"{case}/decision/new")
    page.select_option("[name=decision]", "asylum_refused")
    page.select_option("[name=how]", "post")
    page.fill("[name=note]", f"{who.note} of {who.phone}")
    page.fill("[name=sent_on]", f"no day, {who.words[4]}")
    send(page)
    page.fill("[name=sent_on]", "-2d")
    send(page)  # the limits are counted
    send(page)  # and logged
    page.wait_for_url("**done=decision*")
    page.goto(f"{case}/limits/new")
    page.select_option("[name=rule]", "ftt.iac.appeal.in")
    page.fill("[name=on]", f"no day, {who.words[3]}")
    send(page)
    page.fill("[name=on]", "-2d")
    send(page)
    page.locator("main a[href*='/met']").first.click()
    page.wait_for_url("**/met*")
    scene.visited.add(resolve(urlsplit(page.url).path).url_name or "")
    for text in (who.name, who.reference):
        steps.search(page, text)
        scene.visited.add(resolve(urlsplit(page.url).path).url_name or "")
    page.goto(f"{person}/contact")
    page.fill("[name=ways-0-value]", f"{who.email} {who.phone}")
    with page.expect_navigation():
        page.click("button[name=add][value=ways]")
    page.fill("[name=safe_note]", f"{who.note}, never by post")
    send(page)


def upload(page: Page, desk: LiveDesk, scene: Scene, sheet: Path) -> None:
    """Bring a sheet in by the pages, one row of it at fault; undo nothing, throw nothing away."""
    steps.go(page, desk, "/imports")
    page.set_input_files("input[type=file]", sheet)
    for button in ("main .acts button", "main .acts button", "button[name=do][value=bring]"):
        with page.expect_navigation():
            page.locator(button).first.click()
        scene.visited.add(resolve(urlsplit(page.url).path).url_name or "")
    page.wait_for_url("**/done")
    answer = page.request.get(page.url.replace("/done", "/faults.csv"))
    assert answer.ok
    assert len(answer.text().splitlines()) == 2
    scene.visited.add("import-faults")


def walk(page: Page, desk: LiveDesk, scene: Scene) -> None:
    """Follow the desk's own links until `LOOKED_AT` pages of each kind were read."""
    waiting = [
        "/",
        "/people",
        "/cases",
        "/imports",
        "/settings",
        "/members",
        "/log",
        "/keys",
        "/promise",
        "/people/new",
    ]
    seen: dict[str, int] = {}
    done: set[str] = set()
    while waiting:
        path = waiting.pop(0)
        try:
            name = resolve(urlsplit(path).path).url_name or ""
        except Resolver404:
            continue
        if path in done or seen.get(name, 0) >= LOOKED_AT or "GET" not in ACCESS[name].methods:
            continue
        done.add(path)
        seen[name] = seen.get(name, 0) + 1
        if name in DOWNLOADS:  # a browser would keep it where its reader says
            continue
        page.goto(urljoin(desk.address, path))
        for link in page.locator("a[href^='/']").evaluate_all("all => all.map(a => a.getAttribute('href'))"):
            waiting.append(link.split("#")[0])
    scene.visited |= set(seen)


def kill_browser(profile: Path) -> None:
    """Kill every process of the browser on this profile, and only those."""
    for process in Path("/proc").iterdir():
        try:
            if process.name.isdigit() and f"--user-data-dir={profile}" in (process / "cmdline").read_text():
                os.kill(int(process.name), signal.SIGKILL)
        except (OSError, UnicodeDecodeError):
            continue


def kept_on_disk(page: Page, desk: LiveDesk, profile: Path) -> None:
    """Wait until the browser has written its session down, the pages asked for last included."""
    steps.go(page, desk, "/keys?last")
    for _ in range(240):
        written = b"".join(path.read_bytes() for path in profile.glob("Default/Sessions/*") if path.is_file())
        if b"/keys?last" in written or "/keys?last".encode("utf-16-le") in written:
            return
        page.wait_for_timeout(250)
    pytest.fail("the browser never wrote its session down")


# Before it, and after


def live(address: str) -> sweep.Ask:
    """Ask a PostgreSQL; bytes and handles come as they are."""
    import psycopg

    def ask(statement: str) -> list[tuple[Any, ...]]:
        at = re.sub(r"^postgresql://(\w+)@/(\w+)\?host=(.*)$", r"user=\1 dbname=\2 host=\3", address)
        with psycopg.connect(at) as connection:
            return connection.execute(statement.encode()).fetchall()

    return ask


def copied(folder: Path, aside: Path) -> sweep.Ask:
    """Ask a copy of the SQLite file, as a thief would."""
    shutil.copytree(folder, aside)

    def ask(statement: str) -> list[tuple[Any, ...]]:
        with sqlite3.connect(aside / "database.sqlite3") as connection:
            return connection.execute(statement).fetchall()

    return ask


def open_browser(browser: Browser, profile: Path, home: Path) -> BrowserContext:
    """The real browser, with a profile on disk and without the switches that would keep it from writing one."""
    program = next(found for name in CHROMIUM if (found := shutil.which(name)))
    context = browser.browser_type.launch_persistent_context(
        str(profile),
        executable_path=program,
        args=["--no-sandbox", "--disable-gpu", "--no-first-run"],
        ignore_default_args=["--disable-back-forward-cache"],
        locale="en-GB",
        timezone_id="Europe/London",
        env={**os.environ, "HOME": str(home), "TMPDIR": str(home), "XDG_CACHE_HOME": str(home / "cache")},
    )
    context.set_default_timeout(WAITS)
    return context


def as_(member: steps.SignIn) -> tuple[str, ...]:
    return ("--member", member.name)


def typing(member: steps.SignIn, extra: dict[str, str]) -> dict[str, Any]:
    return {"extra": extra, "typed": f"{member.passphrase}\n"}


def bring_in(desk: LiveDesk, sheets: Path, people: list[Identity], member: steps.SignIn, extra: dict[str, str]) -> None:
    """By the command, half as CSV and half as a workbook, and the office's sheet where there is one."""
    half = len(people) // 2
    (sheets / "first.csv").write_bytes(identities.as_csv(people[:half], today()))
    (sheets / "second.xlsx").write_bytes(identities.as_workbook(people[half:], today()))
    for name in ("first.csv", "second.xlsx"):
        done = run(
            *("import", str(sheets / name), "--folder", str(desk.folder), "--same-person", "reference"),
            *as_(member),
            **typing(member, extra),
        )
        assert done.returncode == 0, done.stderr
        assert f"{half + (len(people) % 2) * (name == 'second.xlsx')} rows read." in done.stdout
