"""A member at a demo desk, and the addresses of its pages, shared by the tests of one module."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.journeys import pages, steps
from tests.support.browser import Profiles
from tests.support.desk import LiveDesk

if TYPE_CHECKING:  # Playwright is slow to import, and most runs of one test do without it
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="module")
def module_profiles(browser: Browser) -> Iterator[Profiles]:
    """As `profiles`, for as long as a module's tests."""
    made = Profiles(browser)
    yield made
    made.close()
    assert not made.left, f"the desk asked for something elsewhere: {sorted(set(made.left))}"


@pytest.fixture(scope="module")
def at_desk(demo_desk: LiveDesk, module_profiles: Profiles) -> Page:
    """A page whose member is signed in."""
    page = module_profiles.new(viewport={"width": 1280, "height": 800}).new_page()
    steps.sign_in(page, demo_desk)
    return page


@pytest.fixture(scope="module")
def addresses(demo_desk: LiveDesk, at_desk: Page) -> dict[str, str]:
    """An address for every page of the desk, by the name of its address."""
    found = pages.every(at_desk, demo_desk)
    missing = pages.readable() - set(found)
    assert not missing, f"tests/journeys/pages.py finds no address for {sorted(missing)}"
    return found
