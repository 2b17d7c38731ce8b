"""The README's screenshot is a real page of the demo. `./run screenshots` takes it again."""

from __future__ import annotations

import os
import struct
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.journeys import steps
from tests.support.browser import Profiles
from tests.support.desk import LiveDesk

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
TODAY = ROOT / "docs" / "images" / "today.png"
WRITE = os.environ.get("SAFECONDUCT_WRITE_SCREENSHOTS") == "1"
WIDTH, HEIGHT = 1280, 860


def take(page: Page, desk: LiveDesk) -> bytes:
    """Today at a demo desk, as wide as a laptop."""
    steps.sign_in(page, desk)
    page.get_by_role("heading", name="Act by today").or_(page.get_by_role("heading", name="Late")).first.wait_for()
    return page.screenshot()


def size(picture: bytes) -> tuple[int, int]:
    """Width and height of a PNG file."""
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", picture[16:24])
    return width, height


@pytest.mark.browser
def test_today_can_be_shown(demo_desk: LiveDesk, profiles: Profiles) -> None:
    page = profiles.new(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light").new_page()
    picture = take(page, demo_desk)
    assert size(picture) == (WIDTH, HEIGHT)
    if WRITE:
        TODAY.parent.mkdir(exist_ok=True)
        TODAY.write_bytes(picture)


def test_the_readme_shows_it() -> None:
    assert size(TODAY.read_bytes()) == (WIDTH, HEIGHT)
    assert f"]({TODAY.relative_to(ROOT)})" in (ROOT / "README.md").read_text("utf-8")
