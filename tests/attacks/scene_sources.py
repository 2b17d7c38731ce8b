"""Sources in the scene of T1: what was supplied in confidence, what is written about it, and what was refused."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from django.urls import resolve

from tests.attacks.identities import Identity
from tests.attacks.scene import DOWNLOADS, Scene, send
from tests.journeys import steps
from tests.support.desk import LiveDesk

if TYPE_CHECKING:  # Playwright is slow to import, and most runs of one test do without it
    from playwright.sync_api import FilePayload, Page

PUBLIC = "Two coaches came to the invented hotel at nine. Nobody there had been told where they would go. "
# A link to a source that was taken in: to no page that has a name.
TAKEN = "main a[href^='/archive/']:not([href='/archive/take']):not([href='/archive/refused'])"


def keep_sources(page: Page, desk: LiveDesk, scene: Scene, who: Identity, other: Identity) -> None:
    """A statement in confidence, cited, noted, collected, masked and searched; two public pages; a file that is cut."""

    def look(path: str) -> None:
        steps.go(page, desk, path)
        here()

    def here() -> str:
        path = urlsplit(page.url).path
        scene.visited.add(resolve(path).url_name or "")
        return path

    def choose(*files: tuple[str, bytes], confided: bool) -> None:
        sent: list[FilePayload] = [
            {"name": name, "mimeType": "application/octet-stream", "buffer": data} for name, data in files
        ]
        page.set_input_files("main [name=file]", sent)
        if confided:
            page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
            page.check("[name=in_confidence]")
            page.fill("[name=note]", f"{who.name}: {who.note}")

    statement = f"{who.name} of {who.address} says: {who.note}.\n\n{other.name} was there, too, on {other.phone}.\n"
    look("/archive/take")
    page.fill("[name=addresses]", f"https://pages.example/{who.words[0]}")
    choose((f"{who.name}.txt", statement.encode()), confided=True)
    send(page)  # an address is public
    page.fill("[name=addresses]", "")
    cut = b"PK\x03\x04" + who.note.encode()
    choose((f"{who.name}.txt", statement.encode()), (f"{other.name}.zip", cut), confided=True)
    send(page)
    here()
    page.locator(TAKEN).first.click()
    source = here()
    look(f"{source}/passages/new")
    page.fill("[name=quote]", f"{other.note} is not in it")
    send(page)
    page.fill("[name=quote]", f"of {who.address} says: {who.note}")
    send(page)
    passage = here()
    look(f"{source}/notes/new")
    page.fill("[name=text]", f"{who.name}: {other.note}")
    send(page)
    look(f"{source}/words")
    page.fill("main [name=word]", other.words[0])
    send(page)
    look(f"{source}/collect")
    page.fill("main [name=name]", who.subject)
    send(page)
    look(f"{source}/masks")
    for word in (f"nobody {other.reference}", other.name):  # the first is not in it
        page.fill("main [name=word]", word)
        send(page)
    for path in (f"{source}/captured", f"{source}/remove", f"{source}/hand-over", f"{passage}/remove"):
        look(path)
    look(source)
    page.locator("main a[href^='/archive/notes/']").first.click()
    here()
    look("/archive")
    page.fill("main [name=q]", who.name)
    send(page)
    here()
    page.locator("main a[href$='/timeline']").first.click()
    here()

    look("/archive/take")
    page.fill("main [name=address]", "https://pages.example/coaches")
    choose(("one.html", _page(PUBLIC)), ("two.html", _page(PUBLIC * 3)), confided=False)
    send(page)
    here()
    page.locator(TAKEN).last.click()
    public = here()
    look(f"{public}/captured")
    assert page.locator("main iframe").count() == 1
    scene.visited.add("source-captured-page")
    look(f"{public}/passages/new")
    page.fill("[name=quote]", "Two coaches came to the invented hotel")
    send(page)
    if page.locator("main [name=place]").count():  # it stands there three times
        page.locator("main [name=place]").first.check()
        send(page)
    cited = here()
    look("/archive/collections")
    page.locator("main .row-link").first.click()
    collection = here()
    for path in (f"{cited}/bibtex", f"{collection}/bibtex"):
        page.request.get(urljoin(desk.address, path))
    scene.visited |= DOWNLOADS


def _page(text: str) -> bytes:
    body = f"<article><h1>The night of the coaches</h1><p>{text}</p><p>{text}</p></article>"
    return f"<!doctype html><html><head><title>Coaches</title></head><body>{body}</body></html>".encode()
