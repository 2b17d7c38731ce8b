"""The reference lists every setting and every command with its options, and nothing that does not exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from safeconduct.cli import main
from safeconduct.config import options

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"
ALWAYS = {"--help"}


def walk(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    """Each command that does something, under the name it is called by."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for each in command.list_commands(context):
            found = command.get_command(context, each)
            assert found is not None
            yield from walk(found, f"{name} {each}")
    else:
        yield name, command


COMMANDS = dict(walk(main.group, "safeconduct"))


def sections() -> dict[str, str]:
    """The reference of commands, by heading."""
    text = (REFERENCE / "commands.md").read_text(encoding="utf-8")
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_the_commands_are_those_of_the_reference() -> None:
    assert set(sections()) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_options_are_those_of_the_reference(name: str) -> None:
    given = {each for option in COMMANDS[name].params for each in option.opts if each.startswith("--")}
    rows = re.findall(r"^\| `(--[a-z-]+)", sections().get(name, ""), flags=re.MULTILINE)
    assert set(rows) == given - ALWAYS


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_says_what_it_is_for(name: str) -> None:
    command = COMMANDS[name]
    assert command.help, "the command has no help"
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, f"{option.name} has no help"


@pytest.mark.parametrize("name", main.COMMANDS)
def test_the_line_in_the_list_is_the_commands_own(name: str) -> None:
    command = main.group.get_command(click.Context(main.group), name)
    assert command is not None
    assert command.name == name
    assert command.get_short_help_str(limit=100) == main.COMMANDS[name][1]


def test_the_settings_are_those_of_the_reference() -> None:
    text = (REFERENCE / "settings.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (?:`(\w+)`|none) \| `([^`]+)` \|", text, flags=re.MULTILINE)
    assert {name: (variable, default) for name, variable, default in rows} == {
        setting.name: (setting.variable or "", options._toml(setting.default)) for setting in options.SETTINGS
    }


def test_every_setting_is_explained() -> None:
    text = (REFERENCE / "settings.md").read_text(encoding="utf-8")
    explained = {word for heading in re.findall(r"^## (.+)$", text, flags=re.MULTILINE) for word in heading.split()}
    assert {setting.name for setting in options.SETTINGS} <= explained
