"""The pictures in the documentation are real pages of the demo. `./run screenshots` takes them again."""

from __future__ import annotations

import io
import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.journeys import steps
from tests.support.browser import Profiles
from tests.support.desk import LiveDesk

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs" / "images"
WRITE = os.environ.get("SAFECONDUCT_WRITE_SCREENSHOTS") == "1"
WIDTH, HEIGHT = 1280, 860
# Each picture, and the page of the documentation that shows it.
SHOWN = {
    "today": "README.md",
    "message": "docs/how-to/a-morning-of-mail.md",
    "case": "docs/how-to/when-a-decision-comes.md",
    "removal": "docs/how-to/friday-night.md",
}


def views(page: Page, desk: LiveDesk) -> Iterator[str]:
    """Bring the page to each view in turn, by its name."""
    steps.sign_in(page, desk)
    page.get_by_role("heading", name="Act by today").or_(page.get_by_role("heading", name="Late")).first.wait_for()
    yield "today"
    steps.go(page, desk, "/?kind=act_by")
    page.locator("main .row-link").first.click()
    page.get_by_role("heading", name="Log what happened").wait_for()
    yield "case"
    steps.go(page, desk, "/tray")
    page.get_by_role("link", name="RE: WM/0012").click()
    page.get_by_role("heading", name="What is it?").wait_for()
    yield "message"
    steps.go(page, desk, "/urgent")
    page.locator("main .row-link").first.click()
    page.get_by_role("heading", name="Whom to turn to, in this order").wait_for()
    yield "removal"


def size(picture: bytes) -> tuple[int, int]:
    """Width and height of a PNG file."""
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", picture[16:24])
    return width, height


def write(picture: bytes, path: Path) -> None:
    """Keep a picture in few colours, at a third of its size."""
    from PIL import Image  # here: of the papers' extra, and only needed to write

    few = Image.open(io.BytesIO(picture)).convert("RGB").quantize(96, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


@pytest.mark.browser
def test_the_pages_can_be_shown(demo_desk: LiveDesk, profiles: Profiles) -> None:
    page = profiles.new(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light").new_page()
    taken = set()
    for name in views(page, demo_desk):
        picture = page.screenshot()
        assert size(picture) == (WIDTH, HEIGHT)
        if WRITE:
            write(picture, IMAGES / f"{name}.png")
        taken.add(name)
    assert taken == set(SHOWN)


@pytest.mark.parametrize(("name", "where"), SHOWN.items())
def test_the_documentation_shows_it(name: str, where: str) -> None:
    picture, text = IMAGES / f"{name}.png", ROOT / where
    assert size(picture.read_bytes()) == (WIDTH, HEIGHT)
    assert f"]({os.path.relpath(picture, text.parent)})" in text.read_text("utf-8")
