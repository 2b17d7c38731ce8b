"""The settings an office may choose: their names, types, defaults and bounds.

One row of `SETTINGS` is one setting. It is read from `safeconduct.toml` in the data folder under `name`, and an
environment variable `SAFECONDUCT_<NAME>` overrides the file. `docs/reference/settings.md` lists the same rows;
a test compares them.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Value = str | int | bool | tuple[str, ...]
Kind = Literal["real", "demo"]


class SettingFault(Exception):
    """A setting is unknown, of the wrong type or out of bounds. The text names the setting and its fix."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: where it is read from, what it may be, and the sentence written beside it in the file."""

    name: str
    default: Value
    meaning: str
    least: int | None = None
    most: int | None = None
    choices: tuple[str, ...] = ()
    fixed: bool = False

    @property
    def variable(self) -> str | None:
        """The environment variable that overrides the file; none for a setting fixed when the folder is made."""
        return None if self.fixed else f"SAFECONDUCT_{self.name.upper()}"


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "kind",
        "real",
        "What the folder holds: real (an office's records) or demo (invented ones).",
        choices=("real", "demo"),
        fixed=True,
    ),
    Setting(
        "database",
        "sqlite",
        "Where open columns and sealed envelopes are kept: sqlite (a file in this folder) or a postgresql:// address.",
    ),
    Setting(
        "database_timeout",
        20,
        "How many seconds a write waits for another write to finish (SQLite).",
        least=1,
        most=300,
    ),
    Setting("host", "127.0.0.1", "The address the desk listens on."),
    Setting("port", 8700, "The port the desk listens on.", least=0, most=65535),
    Setting(
        "https",
        False,
        "True when a proxy in front of the desk speaks HTTPS to the browsers.",
    ),
    Setting(
        "allowed_hosts",
        ("localhost", "127.0.0.1", "[::1]"),
        "The names browsers may call the desk by; a request for any other name is refused.",
    ),
    Setting(
        "idle_minutes",
        15,
        "After how many minutes without a request a session locks.",
        least=1,
        most=240,
    ),
    Setting(
        "epoch_copy",
        "",
        "A folder elsewhere, where the latest epoch file is copied whenever it changes; empty for none.",
    ),
    Setting(
        "retain_days",
        30,
        "For how many days a backup is wanted; after that the keys it needs are destroyed.",
        least=1,
        most=3650,
    ),
)

BY_NAME: Mapping[str, Setting] = {setting.name: setting for setting in SETTINGS}


@dataclass(frozen=True, slots=True)
class Options:
    """The settings in force, file and environment put together."""

    kind: Kind
    database: str
    database_timeout: int
    host: str
    port: int
    https: bool
    allowed_hosts: tuple[str, ...]
    idle_minutes: int
    epoch_copy: str
    retain_days: int


def read(text: str, environment: Mapping[str, str]) -> Options:
    """The settings of a `safeconduct.toml` (`text`) with the overrides of `environment`.

    Raises `SettingFault` for unreadable TOML, an unknown name or a value that does not fit.
    """
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingFault(f"safeconduct.toml cannot be read: {error}.") from error
    unknown = sorted(set(given) - set(BY_NAME))
    if unknown:
        raise SettingFault(
            f"safeconduct.toml has a setting that does not exist: {unknown[0]}. Known settings: {', '.join(BY_NAME)}."
        )
    values: dict[str, Value] = {}
    for setting in SETTINGS:
        raw: object
        if setting.variable is not None and setting.variable in environment:
            raw = _from_environment(setting, environment[setting.variable])
        else:
            raw = given.get(setting.name, setting.default)
        values[setting.name] = _fitted(setting, raw)
    return Options(**values)  # type: ignore[arg-type]  # each value was fitted to its row's type just above


def render(options: Mapping[str, Value]) -> str:
    """A commented `safeconduct.toml` with `options` where given and the defaults elsewhere."""
    blocks = ["# Settings of this data folder."]
    for setting in SETTINGS:
        value = _fitted(setting, options.get(setting.name, setting.default))
        blocks.append(f"# {setting.meaning}\n{setting.name} = {_toml(value)}")
    return "\n\n".join(blocks) + "\n"


def replaced(text: str, name: str, value: Value) -> str:
    """A `safeconduct.toml` (`text`) with one setting changed and everything else, comments too, as it was.

    Raises `SettingFault` where the setting is written in a way this does not follow: then a person must change it.
    """
    line = f"{name} = {_toml(_fitted(BY_NAME[name], value))}"
    changed, found = re.subn(rf"^{re.escape(name)}[ \t]*=[^\n]*$", lambda _: line, text, flags=re.MULTILINE)
    if not found:
        changed = f"{text.rstrip()}\n\n{line}\n"
    try:
        before, after = tomllib.loads(text), tomllib.loads(changed)
    except tomllib.TOMLDecodeError:
        before, after = {}, {}
    if after != {**before, name: value}:
        raise SettingFault(f"safeconduct.toml cannot be changed for you: put {name} on a line of its own at its top.")
    return changed


def _toml(value: Value) -> str:
    # A JSON string, number, boolean or array of strings is also a TOML one.
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)


def _from_environment(setting: Setting, text: str) -> object:
    text = text.strip()
    if isinstance(setting.default, bool):
        if text.lower() in {"1", "true", "yes"}:
            return True
        if text.lower() in {"0", "false", "no", ""}:
            return False
        raise SettingFault(f"{setting.variable} must be true or false.")
    if isinstance(setting.default, int):
        if not text.isascii() or not text.isdigit():
            raise SettingFault(f"{setting.variable} must be a whole number.")
        return int(text)
    if isinstance(setting.default, tuple):
        return [part.strip() for part in text.split(",") if part.strip()]
    return text


def _fitted(setting: Setting, raw: object) -> Value:
    default = setting.default
    if isinstance(default, bool):
        if not isinstance(raw, bool):
            raise SettingFault(f"{setting.name} must be true or false.")
        return raw
    if isinstance(default, int):
        if not isinstance(raw, int) or isinstance(raw, bool):
            raise SettingFault(f"{setting.name} must be a whole number.")
        if (setting.least is not None and raw < setting.least) or (setting.most is not None and raw > setting.most):
            raise SettingFault(f"{setting.name} must be between {setting.least} and {setting.most}.")
        return raw
    if isinstance(default, tuple):
        if not isinstance(raw, list | tuple) or not all(isinstance(part, str) and part for part in raw):
            raise SettingFault(f"{setting.name} must be a list of names.")
        return tuple(raw)
    if not isinstance(raw, str) or not (raw or not default):
        raise SettingFault(f"{setting.name} must be text.")
    if setting.choices and raw not in setting.choices:
        raise SettingFault(f"{setting.name} must be one of: {', '.join(setting.choices)}.")
    return raw
