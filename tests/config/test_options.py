"""Settings: read from the file, overridden by the environment, refused where they do not fit."""

from __future__ import annotations

import pytest

from safeconduct.config import options
from safeconduct.config.options import SettingFault


def test_an_empty_file_gives_the_defaults() -> None:
    found = options.read("", {})
    assert {setting.name: getattr(found, setting.name) for setting in options.SETTINGS} == {
        setting.name: setting.default for setting in options.SETTINGS
    }


def test_what_is_rendered_is_read_back() -> None:
    chosen = {"kind": "demo", "port": 0, "https": True, "allowed_hosts": ("desk.example", 'q"uote'), "idle_minutes": 1}
    found = options.read(options.render(chosen), {})
    assert {name: getattr(found, name) for name in chosen} == chosen


def test_the_environment_wins() -> None:
    given = {
        "SAFECONDUCT_PORT": "9000",
        "SAFECONDUCT_HTTPS": "yes",
        "SAFECONDUCT_ALLOWED_HOSTS": "desk.example, 127.0.0.1",
        "SAFECONDUCT_DATABASE": "postgresql:///x",
    }
    found = options.read("port = 8000\nhttps = false\n", given)
    assert (found.port, found.https, found.allowed_hosts) == (9000, True, ("desk.example", "127.0.0.1"))
    assert found.database == "postgresql:///x"


def test_the_environment_cannot_turn_a_demo_folder_into_a_real_one() -> None:
    assert options.read('kind = "demo"\n', {"SAFECONDUCT_KIND": "real"}).kind == "demo"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("port = ", "cannot be read"),
        ("prot = 80\n", "does not exist: prot"),
        ('port = "80"\n', "port must be a whole number"),
        ("port = true\n", "port must be a whole number"),
        ("port = 70000\n", "port must be between 0 and 65535"),
        ("idle_minutes = 0\n", "idle_minutes must be between 1 and 240"),
        ("https = 1\n", "https must be true or false"),
        ('kind = "test"\n', "kind must be one of: real, demo"),
        ('host = ""\n', "host must be text"),
        ('allowed_hosts = "desk.example"\n', "allowed_hosts must be a list"),
        ("allowed_hosts = [1]\n", "allowed_hosts must be a list"),
    ],
)
def test_a_file_that_does_not_fit(text: str, why: str) -> None:
    with pytest.raises(SettingFault, match=why):
        options.read(text, {})


@pytest.mark.parametrize(("name", "value"), [("SAFECONDUCT_PORT", "80 80"), ("SAFECONDUCT_HTTPS", "perhaps")])
def test_an_environment_that_does_not_fit(name: str, value: str) -> None:
    with pytest.raises(SettingFault, match=name):
        options.read("", {name: value})
