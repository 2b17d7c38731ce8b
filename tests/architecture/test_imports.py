"""The import order of the house, as import-linter reads it from pyproject.toml."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def lint(config: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [str(program), "--config", str(config), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_the_rooms_import_one_way() -> None:
    ended = lint(ROOT / "pyproject.toml")
    assert ended.returncode == 0, ended.stdout


def test_every_room_is_in_the_order() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    rooms = {path.name for path in (ROOT / "src" / "safeconduct").iterdir() if (path / "__init__.py").exists()}
    named = {room for layer in layers for room in layer.split(" | ")}
    assert {room.removeprefix("safeconduct.") for room in named} == rooms
    independent = settings["tool"]["importlinter"]["contracts"][1]["modules"]
    core = {path.name for path in (ROOT / "src" / "safeconduct" / "core").iterdir() if (path / "__init__.py").exists()}
    assert {module.removeprefix("safeconduct.core.") for module in independent} == core


def test_no_contract_has_exceptions() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert [one["name"] for one in settings["tool"]["importlinter"]["contracts"] if "ignore_imports" in one] == []


@pytest.mark.parametrize(("upper", "lower"), [("web", "casework"), ("journal", "core")])
def test_an_import_the_wrong_way_is_found(tmp_path: Path, upper: str, lower: str) -> None:
    """The order turned round must break, or the test above would prove nothing."""
    config = tmp_path / "turned.toml"
    config.write_text(
        f"""
        [tool.importlinter]
        root_package = "safeconduct"
        [[tool.importlinter.contracts]]
        name = "turned"
        type = "layers"
        layers = ["safeconduct.{lower}", "safeconduct.{upper}"]
        """,
        encoding="utf-8",
    )
    ended = lint(config)
    assert ended.returncode == 1, ended.stdout
    assert f"safeconduct.{upper}" in ended.stdout
