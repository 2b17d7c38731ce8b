"""A removal, a team's contacts and a case that ends, in the scene of T1."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.urls import resolve

from tests.attacks.identities import Identity
from tests.attacks.scene import Scene, send
from tests.journeys import steps
from tests.support.desk import LiveDesk

if TYPE_CHECKING:  # Playwright is slow to import, and most runs of one test do without it
    from playwright.sync_api import Page


def end_cases(page: Page, desk: LiveDesk, scene: Scene, who: Identity, other: Identity) -> None:
    """Somebody is to be removed, and somebody else's case is closed: a mistake in each form first."""

    def look(path: str) -> None:
        steps.go(page, desk, path)
        scene.visited.add(resolve(urlsplit(page.url).path).url_name or "")

    look("/cases")
    links: list[str] = page.locator("main .row-link").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    removed, ended = links[0].split("?")[0], links[1].split("?")[0]
    look("/urgent")
    page.fill("#id_find", who.name)
    send(page)
    look(f"{removed}/urgent/edit")
    page.fill("[name=removal_on]", f"no day {who.words[3]}")
    page.fill("[name=held_at]", who.address)
    page.fill("[name=held_phone]", who.phone)
    page.fill("[name=reference]", who.reference)
    page.fill("[name=solicitor_name]", other.name)
    page.fill("[name=medical]", who.note)
    send(page)
    page.fill("[name=removal_on]", "+2d")
    send(page)
    scene.visited.add(resolve(urlsplit(page.url).path).url_name or "")
    page.locator("#id_solicitor_who").fill(f"{other.name}: {who.note}")
    send(page)
    look(f"{removed}/urgent/sheet")
    look(f"{removed}/urgent/end")
    look("/directory")
    page.get_by_role("link", name="Write the first").click()
    scene.visited.add("directory-edit")
    page.fill("[name=contacts-0-name]", other.name)
    page.fill("[name=contacts-0-phone]", other.phone)
    page.fill("[name=contacts-0-note]", other.note)
    send(page)
    look(f"{ended}/close")
    page.select_option("[name=outcome]", "lost_touch")
    page.fill("[name=review_on]", f"no day {other.words[2]}")
    page.fill("[name=note]", f"{other.note} of {other.address}")
    send(page)
    page.fill("[name=review_on]", "today")
    send(page)
    look(f"{ended}/keep")
    look("/review")
    look(f"{ended}/reopen")
    page.fill("[name=why]", f"{other.name} wrote again")
    send(page)
