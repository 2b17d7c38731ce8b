"""A day's work in the scene of T1: mail, calls, a surgery, somebody new, things to do, a calendar, an export."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.urls import resolve

from safeconduct.accounts.keys import today
from tests.attacks.identities import Identity
from tests.attacks.scene import Scene, send
from tests.journeys import steps
from tests.support import papers
from tests.support.desk import LiveDesk
from tests.support.mails import WRITES, mail

if TYPE_CHECKING:  # Playwright is slow to import, and most runs of one test do without it
    from playwright.sync_api import Page


def work_a_day(page: Page, desk: LiveDesk, scene: Scene, who: Identity, other: Identity) -> None:
    """Everything of a morning about two people who were typed before, each with something mistyped first."""

    def seen() -> str:
        name = resolve(urlsplit(page.url).path).url_name or ""
        scene.visited.add(name)
        return name

    def look(path: str) -> None:
        steps.go(page, desk, path)
        seen()

    _mail(page, desk, scene, who, other)
    look("/calls")
    page.get_by_role("main").get_by_role("searchbox").fill(who.name)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Found").wait_for()
    seen()
    page.locator("main .row-link").first.click()
    page.get_by_role("heading", name="Log a call").wait_for()
    seen()
    page.get_by_label("What was said").fill(f"{who.note}, says {other.name}")
    page.get_by_label("Promised to ring back by").fill(f"no day {who.words[3]}")
    send(page)
    page.get_by_label("Promised to ring back by").fill("today")
    send(page)
    case = page.locator("main a[href^='/cases/']").first.get_attribute("href") or ""
    look(case)
    for link in page.locator("main a[href*='/tasks/']").evaluate_all("all => all.map(a => a.getAttribute('href'))"):
        look(link)
    look(f"{case.split('?')[0]}/tasks/new")
    page.get_by_label("What exactly").fill(f"ring {who.name} on {who.phone}")
    send(page)
    look("/surgery")
    page.get_by_label("Place").fill(f"{who.words[4]} hall")
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("heading", name="Who is here?").wait_for()
    seen()
    page.get_by_label("Name, as they give it").fill(other.name)
    page.get_by_role("textbox", name="What they ask").fill(other.note)
    page.get_by_role("button", name="Are they here already?").click()
    page.get_by_role("button", name="Save and the next person").wait_for()
    for path in ("/surgery/sheet", "/surgery/list", "/week", "/load", "/assign", "/incidents", "/export/cases"):
        look(path)
    look("/sitting")
    page.get_by_label("Name, as they give it").fill(f"{who.words[1]} {other.words[0]}")
    send(page)
    look("/calendar")
    page.get_by_role("button", name="Make").first.click()
    secret = page.locator(".once").inner_text()
    assert page.request.get(secret[secret.index("http") :].split()[0]).ok
    scene.visited.add("feed")
    look("/export")
    page.locator("[name=people]").fill("1")
    send(page)


def _mail(page: Page, desk: LiveDesk, scene: Scene, who: Identity, other: Identity) -> None:
    """Two messages in the tray: one read with everything it brought, one about somebody else."""
    says = f"{WRITES['no_timeframe']} {who.note} of {who.address}, {who.phone}."
    letter = mail(
        says,
        on=today() - timedelta(days=1),
        reference=who.our_reference,
        subject=f"{who.reference} {who.subject}",
        answers=f"We wrote about {who.name}.",
        html=f"<p>{says}</p><p>{who.name}</p>",
        attached=[(f"{who.words[1]}.txt", who.email.encode()), (f"{who.words[2]}.png", papers.png())],
        number=901,
    )
    astray = mail(f"{WRITES['wrong_person']} {other.name}", on=today(), subject=other.subject, number=902)
    steps.go(page, desk, "/tray")
    page.set_input_files(
        "main input[type=file]",
        [
            {"name": f"{who.name}.eml", "mimeType": "message/rfc822", "buffer": letter},
            {"name": "2.eml", "mimeType": "message/rfc822", "buffer": astray},
        ],
    )
    page.get_by_role("button", name="Put it in the tray").click()
    page.get_by_text("in the tray.").first.wait_for()
    scene.visited.add("tray")
    page.get_by_role("link", name=who.reference).click()
    page.get_by_role("heading", name="What is it?").wait_for()
    scene.visited.add("message")
    framed = page.locator("iframe").first.get_attribute("src") or ""
    assert page.request.get(f"{desk.address.rstrip('/')}{framed}").ok
    scene.visited.add(resolve(framed).url_name or "")
    steps.go(page, desk, "/tray")
    page.get_by_role("link", name=other.subject).click()
    page.get_by_role("button", name="It is about somebody else").click()
    scene.visited.add("message-incident")
    page.get_by_role("button", name="Open it and stay there").click()
    page.get_by_role("heading", name="What is done about it").wait_for()
    scene.visited.add(resolve(urlsplit(page.url).path).url_name or "")
