"""T1: two hundred invented people go through a real desk and a real browser; both are killed; nothing is found of them.

The desk is `safeconduct serve` on a real folder that first use set up in the browser, with a temporary folder and a
home of its own. People come in by `safeconduct import` and by typing, mistakes included, because a form that comes back
is kept by a browser in other places than one that is saved. Then every file either process could have written is
searched, by needles.py, and swept for keys, by sweep.py. docs/reference/attacks.md says what this does not show.
"""

from __future__ import annotations

import base64
import csv
import os
import re
import secrets
import shutil
import signal
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import resolve
from django.urls.exceptions import Resolver404

from safeconduct.accounts.keys import today
from safeconduct.cli import demo_office
from safeconduct.core.sealing import boxes
from safeconduct.web.access import ACCESS
from tests.attacks import identities, sweep
from tests.attacks.identities import Identity
from tests.attacks.needles import Needles, everywhere, files, packed, spellings, writings
from tests.conftest import CHROMIUM, ON_POSTGRESQL
from tests.journeys import steps
from tests.support.desk import LiveDesk, run
from tests.support.needs import need

if TYPE_CHECKING:  # Playwright is slow to import, and most runs of one test do without it
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser
TYPED = (3, 5)  # one each of Arabic and Ethiopic script
UPLOADED = range(10, 30)
LOOKED_AT = 2  # pages of each kind that are walked
SWEPT_AT_MOST = 3 * 1024 * 1024  # bytes of the browser's profile whose windows are tried as keys
WAITS = 30_000


@dataclass
class Scene:
    """What is left after both were killed."""

    folder: Path
    places: list[Path]
    profile: Path
    people: list[Identity]
    member: steps.SignIn
    ask: sweep.Ask
    tables: list[Path]
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
        if name == "import-faults":  # a file: a browser would keep it where its reader says
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


# The scene


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


@pytest.fixture(scope="module")
def scene(
    browser: Browser,
    _desks: Callable[..., LiveDesk],
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Scene:
    """Everything happens; then both are killed."""
    at = tmp_path_factory.mktemp("t01")
    own = {name: at / name for name in ("temporary", "home", "browser-home", "profile", "export", "sheets")}
    for path in own.values():
        path.mkdir()
    extra = {"TMPDIR": str(own["temporary"]), "HOME": str(own["home"])}
    if ON_POSTGRESQL:
        cluster = request.getfixturevalue("cluster")
        extra["SAFECONDUCT_DATABASE"] = cluster.create(f"t01_{secrets.token_hex(4)}")
    desk = _desks(at / "office", **extra)
    people = identities.people()
    context = open_browser(browser, own["profile"], own["browser-home"])
    try:
        page = context.pages[0]
        member = steps.begin(page, desk)
        scene = Scene(desk.folder, [], own["profile"], people, member, lambda _: [], [], "")
        for number in TYPED:
            type_person(page, desk, scene, people[number])
        broken = Identity(**{**vars(people[9]), "our_reference": "ZQX/fault", "name": ""})
        sheet = own["sheets"] / "third.csv"
        sheet.write_bytes(identities.as_csv([*(people[number] for number in UPLOADED), broken], today()))
        upload(page, desk, scene, sheet)
        rest = [one for number, one in enumerate(people) if number not in {*TYPED, *UPLOADED}]
        bring_in(desk, own["sheets"], rest, member, extra)
        walk(page, desk, scene)
        scene.half = next(one["value"] for one in context.cookies() if one["name"] == "safeconduct-session")
        target = ("log", "export", str(own["export"] / "log"), "--folder", str(desk.folder))
        exported = run(*target, *as_(member), **typing(member, extra))
        assert exported.returncode == 0, exported.stderr
        kept_on_disk(page, desk, own["profile"])
    finally:
        kill_browser(own["profile"])
    desk.kill()
    said = at / "said.txt"
    said.write_text(desk.said(), encoding="utf-8")
    scene.places = [desk.folder, own["temporary"], own["home"], own["browser-home"], own["profile"], own["export"]]
    scene.places += [said, desk.log]
    if ON_POSTGRESQL:
        scene.ask = live(extra["SAFECONDUCT_DATABASE"])
        scene.ask("SELECT pg_switch_wal()")
        scene.places.append(cluster.folder / "cluster")
        scene.tables = [
            cluster.folder / "cluster" / path
            for [path] in scene.ask(
                "SELECT pg_relation_filepath(oid) FROM pg_class WHERE relkind IN ('r', 't') AND relnamespace IN"
                " ('public'::regnamespace, 'pg_toast'::regnamespace) AND oid >= 16384"
            )
        ]
    else:
        scene.ask = copied(desk.folder, at / "copy")
    return scene


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


# What was left


def words(scene: Scene) -> list[str]:
    return [text for one in scene.people for text in one.strings] + [scene.member.passphrase]


def test_nothing_of_anybody_is_in_any_file(scene: Scene) -> None:
    needles = Needles(words(scene))
    assert needles.count > 50_000
    found, read = everywhere(needles, *scene.places)
    assert read > 1_000_000
    assert not found, found[:20]


def test_the_search_reaches_what_the_desk_and_the_browser_wrote(scene: Scene) -> None:
    """The control on the same files: what is kept in the open is found in them."""
    found, _ = everywhere(Needles(["Nia Pugh", "/keys?last"]), *scene.places)
    assert any(one.word == "Nia Pugh" for one in found), "the name of a member of staff stands in the open"
    assert any(one.word == "/keys?last" and str(scene.profile) in one.where for one in found)


def test_every_page_was_read(scene: Scene) -> None:
    readable = {name for name, rule in ACCESS.items() if "GET" in rule.methods}
    before_and_between = {"start", "sign-in", "unlock", "import-run"}
    assert readable - scene.visited - before_and_between == set()


def test_no_key_of_the_chain_lies_anywhere(scene: Scene) -> None:
    """The true keys, which the passphrase leads to: raw, in hex and in base64."""
    true = sweep.secrets(scene.ask, scene.folder / "epoch.json", scene.member.name, scene.member.passphrase)
    assert len(true) > 2 * len(scene.people)
    found, _ = everywhere(Needles([], true), *scene.places)
    assert not found, found[:20]


def test_no_32_bytes_of_what_was_left_open_anything(scene: Scene) -> None:
    """Every window of the folder; of the profile as many bytes as `SWEPT_AT_MOST` says, smallest files first."""
    locks = sweep.locks(scene.ask, scene.folder / "epoch.json")
    assert {one.name for one in locks} == {"a wrap", "a member's key", "an envelope", "a session"}
    kept = [*files(scene.folder), *scene.tables]
    opened, tried = sweep.sweep(kept, locks)
    assert not opened, opened
    assert tried > 1_000_000 or ON_POSTGRESQL
    profile, room = [], SWEPT_AT_MOST
    for path in sorted(files(scene.profile), key=lambda path: path.stat().st_size):
        if (room := room - path.stat().st_size) > 0:
            profile.append(path)
    opened, _ = sweep.sweep(profile, [replace(one, derived=False) for one in locks if one.name != "an envelope"])
    assert not opened, opened
    half = boxes.derive(sweep.half(scene.half), boxes.context("session-key"))
    assert sweep.tried(sweep.half(scene.half) + half, locks) == []


# Controls: each can fail


CANARY = "Qorvanti Zembrano"
SCRIPTED = ("Ẵoắỗ Thị Ợrứ", "زمبرانو قورفانتي", "ሐመሠረሰ ቀበተቸኀ", "Цемьрано Ёрванти")


@pytest.mark.parametrize("word", [CANARY, *SCRIPTED])
def test_a_word_is_found_in_every_spelling_and_writing(word: str, tmp_path: Path) -> None:
    needles = Needles([word])
    for spelled, text in spellings(word).items():
        for written, raw in writings(text):
            (tmp_path / "file").write_bytes(b"\x00\xff before " + raw + b" after \xfe")
            found, _ = everywhere(needles, tmp_path)
            assert [one.word for one in found][:1] == [word], (spelled, written)
            for how, data in packed(raw):
                assert needles.search(data, how), (spelled, written, how)


@pytest.mark.parametrize("before", [b"", b"x", b"xy", b"xyz"])
def test_base64_is_found_whatever_stands_around_it(before: bytes) -> None:
    for after in (b"", b"1", b"12"):
        whole = base64.b64encode(before + CANARY.encode() + after)
        assert Needles([CANARY]).search(whole, "here")


def test_a_word_in_the_name_of_a_file_is_found(tmp_path: Path) -> None:
    (tmp_path / f"letter for {CANARY}.txt").touch()
    assert everywhere(Needles([CANARY]), tmp_path)[0]


def test_the_sweep_finds_a_key_left_lying(scene: Scene, tmp_path: Path) -> None:
    """Each key that opens one of the boxes, planted at an odd place of a file that looks like any other."""
    locks = sweep.locks(scene.ask, scene.folder / "epoch.json")
    true = sweep.secrets(scene.ask, scene.folder / "epoch.json", scene.member.name, scene.member.passphrase)
    planted = {
        "the key of wraps": "a wrap",
        "the team's secret": "a wrap, derived",
        "the stretched passphrase": "a member's key",
    }
    for number, (name, opens) in enumerate(planted.items()):
        (tmp_path / "noise").write_bytes(os.urandom(5000 + number) + true[name] + os.urandom(3000))
        opened, _ = sweep.sweep([tmp_path / "noise"], locks)
        assert opened == [f"{opens} opens with the bytes at {5000 + number} of noise"]
    facet = next(key for name, key in true.items() if name.startswith("the facet key"))
    assert sweep.tried(b"x" + facet, locks) == [(1, "an envelope")]


def test_a_demo_folder_holds_no_name_either(
    start_desk: Callable[..., LiveDesk], tmp_path: Path, shared: Path, request: pytest.FixtureRequest
) -> None:
    """The demo's own people, and the office's sample sheet where it is there: both come in by import."""
    need("the sample sheet", (shared / "data" / "office-export.csv").exists())
    extra = {}
    if ON_POSTGRESQL:
        extra["SAFECONDUCT_DATABASE"] = request.getfixturevalue("cluster").create(f"t01_{secrets.token_hex(4)}")
    desk = start_desk(tmp_path / "demo", name="demo", TMPDIR=str(tmp_path), **extra)
    sample = shared / "data" / "office-export.csv"
    done = run(
        *("import", str(sample), "--folder", str(desk.folder), "--same-person", "reference", "--as-of", "2026-11-20"),
        extra=extra,
    )
    assert done.returncode == 0, done.stderr
    desk.kill()
    with sample.open(encoding="utf-8-sig", newline="") as lines:
        cells = [cell.strip() for row in csv.reader(lines) for cell in row[1:]]
    telling = [cell for cell in cells if len(cell) > 10 and re.search(r"\d{4}|[^\x00-\x7f]|[A-Z]\w+ [A-Z]\w+", cell)]
    invented = [name for name, _, _ in demo_office._PEOPLE]
    found, _ = everywhere(Needles([*invented, *telling]), desk.folder)
    assert not found, found[:20]
