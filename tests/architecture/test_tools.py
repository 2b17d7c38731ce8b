"""The tools the other tests stand on: the network is off, and the browser notices what leaves the machine."""

from __future__ import annotations

import os
import socket

import pytest
from django.conf import settings
from playwright.sync_api import Browser
from pytest_socket import SocketConnectBlockedError

from tests.support.browser import Profiles
from tests.support.needs import REQUIRED, need


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("2001:db8::1", 443, 0, 0)])
def test_the_network_is_off(address: tuple[object, ...]) -> None:
    family = socket.AF_INET if len(address) == 2 else socket.AF_INET6
    # The blocking error warns as well, and warnings are errors: either says that the connection was not made.
    with socket.socket(family) as outside, pytest.raises((SocketConnectBlockedError, UserWarning), match="connect"):
        outside.connect(address)


@pytest.mark.browser
def test_a_request_that_leaves_the_machine_is_noticed(browser: Browser) -> None:
    profiles = Profiles(browser)
    page = profiles.new().new_page()
    page.set_content('<img src="https://tracker.example/pixel.png"><img src="data:image/gif;base64,R0lGODlh">')
    profiles.close()
    assert profiles.left == ["tracker.example"]


def test_a_missing_part_is_skipped_here_and_fails_where_all_are_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(REQUIRED, raising=False)
    need("Something", True)
    with pytest.raises(pytest.skip.Exception, match="Something is missing"):
        need("Something", None)
    monkeypatch.setenv(REQUIRED, "1")
    need("Something", True)
    with pytest.raises(pytest.fail.Exception, match="Something is required"):
        need("Something", None)


def test_tests_never_work_on_a_folder_named_by_the_environment() -> None:
    assert os.environ.get("SAFECONDUCT_FOLDER") != str(settings.DATA_FOLDER.path)
    assert settings.DATA_FOLDER.path.parent.name.startswith("safeconduct-")
