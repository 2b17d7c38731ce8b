"""What is kept with a record, in the scene of T1: papers, accounts, histories, households, merges, drafts, kits."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.urls import resolve

from tests.attacks.identities import Identity
from tests.attacks.scene import Scene, send
from tests.journeys import steps
from tests.support import papers
from tests.support.desk import LiveDesk

if TYPE_CHECKING:  # Playwright is slow to import, and most runs of one test do without it
    from playwright.sync_api import Page


def keep_more(page: Page, desk: LiveDesk, scene: Scene, who: Identity, other: Identity) -> None:
    """Everything that is kept with two people who were typed before, and a form left half typed at the lock."""
    first, second = (_handle(page, scene, one) for one in (who, other))

    def look(path: str) -> None:
        steps.go(page, desk, path)
        scene.visited.add(resolve(urlsplit(page.url).path).url_name or "")

    look(f"/records/{first}/papers")
    letter = {"name": f"{who.name}.txt", "mimeType": "text/plain", "buffer": f"{who.name}, {who.note}".encode()}
    photo = {"name": f"{who.words[2]}.png", "mimeType": "image/png", "buffer": papers.png()}
    page.set_input_files("input[type=file]", [letter, photo])
    page.select_option("[name=kind]", "letter")
    page.fill("[name=title]", who.subject)
    page.fill("[name=note]", who.note)
    send(page)
    for link in page.locator("main a[href*='/papers/']").evaluate_all("all => all.map(a => a.getAttribute('href'))"):
        look(link)
        paper = link
        drawn = page.locator("main img[src*='/pages/']")
        if drawn.count():
            assert drawn.first.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
            scene.visited.add("paper-page")
    look(f"/records/{first}/account/new")
    page.fill("[name=title]", who.words[3])
    page.fill("[name=told_on]", f"no day {who.words[5]}")
    page.fill("[name=text]", f"{who.note} of {who.address}")
    send(page)
    page.fill("[name=told_on]", "")
    send(page)
    page.locator("main details summary").first.click()
    page.locator("main details[open] a[href*='/account/']").first.click()
    scene.visited.add("narrative-change")
    page.fill("[name=text]", f"{who.note} near {other.address}")
    page.select_option("[name=reason]", "mistake")
    send(page)
    look(f"/people/{first}/household")
    page.select_option("[name=role]", "parent")
    page.fill("[name=note]", f"{who.note} with {other.name}")
    send(page)
    household = urlsplit(page.url).path
    scene.visited.add("household")
    look(f"{household}/add")
    page.fill("main [name=q]", other.name)
    page.get_by_role("main").get_by_role("button", name="Find").click()
    page.get_by_role("button", name="Find again").wait_for()
    look(f"{household}/edit")
    look(f"/people/{first}/same")
    page.fill("main [name=q]", other.name)
    page.get_by_role("main").get_by_role("button", name="Find").click()
    page.get_by_role("button", name="Find again").wait_for()
    look(f"/people/{first}/merge/{second}")
    page.fill("[name=reason]", f"{other.note} says so")
    send(page)
    look(f"/people/{first}/unmerge/{second}")
    look(f"/records/{first}/erase")
    look(f"/records/{first}/history")
    strikes = page.locator("main a[href$='/strike']")
    look(str(strikes.first.get_attribute("href")))
    look(f"{paper}/remove")
    look("/people/new")
    page.fill("[name=names-0-text]", f"{who.words[0]} {other.words[1]}")
    page.get_by_role("button", name="Lock").click()
    page.wait_for_url("**/unlock**")
    steps.unlock(page, scene.member)
    page.wait_for_url("**/people/new")
    scene.visited.add("unlock")
    steps.own_kit(page, desk)
    kits = ("/settings/guardian", "/settings/kits/new", "/settings/kits/own", "/settings/kits/own/confirm")
    for path in (*kits, "/settings/kits/try", "/alarms", "/settings/reading", "/erasures", "/factors", "/factors/key"):
        look(path)
    look("/members")
    member, team = (
        str(page.locator(f"main a[href^='/{kind}/']:not([href$='/new'])").first.get_attribute("href")).split("/")[2]
        for kind in ("members", "teams")
    )
    for path in (f"/members/{member}/factors", f"/teams/{team}/leave", f"/teams/{team}/keys", "/recovery"):
        look(path)


def _handle(page: Page, scene: Scene, who: Identity) -> str:
    steps.search(page, who.reference)
    page.locator("main .row-link").first.click()
    page.wait_for_url("**/people/*")
    return urlsplit(page.url).path.rpartition("/")[2]
