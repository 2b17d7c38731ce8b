"""What is installed: pinned, hashed, agreeing, from no index in particular; and the two commands of a checkout."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BASE, ALL, BENCH = "requirements.lock", "requirements-all.lock", "requirements-bench.lock"
PLAYERS = "requirements-players.lock"


def lines(name: str) -> list[str]:
    """The lock's requirements, continuation lines joined, comments left out."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def pins(name: str) -> dict[str, str]:
    """Package -> version."""
    found = [re.match(r"([a-z0-9.-]+)(?:\[[a-z,]+\])?==([^\s;]+)", line) for line in lines(name)]
    assert all(found), f"{name} holds something that is no pin"
    return {match[1]: match[2] for match in found if match}


def wanted(group: list[str]) -> set[str]:
    return {re.split(r"[\[<>=]", requirement, maxsplit=1)[0] for requirement in group}


@pytest.mark.parametrize("name", [BASE, ALL, BENCH, PLAYERS])
def test_every_pin_has_its_hashes_and_no_index_is_named(name: str) -> None:
    assert lines(name)
    for line in lines(name):
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", line), line
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"https?://|--index-url|--extra-index-url|--find-links", text)


def test_the_locks_agree() -> None:
    base, everything = pins(BASE), pins(ALL)
    assert base.items() <= everything.items()


def test_the_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    assert wanted(project["dependencies"]) | wanted(extras["build"]) <= set(pins(BASE))
    assert wanted([one for group in extras.values() for one in group]) <= set(pins(ALL))
    assert not wanted(extras["test"]) & set(pins(BASE)), "the desk needs nothing that only tests use"


@pytest.mark.parametrize("script", ["run", ".ci/run"])
def test_the_scripts_can_be_run(script: str) -> None:
    path = ROOT / script
    assert os.access(path, os.X_OK)
    subprocess.run(["bash", "-n", str(path)], check=True)


def test_run_says_what_it_does_and_refuses_what_it_does_not() -> None:
    helped = subprocess.run([str(ROOT / "run"), "help"], capture_output=True, text=True, check=True)
    assert {"setup", "demo", "test", "check"} <= set(re.findall(r"^\./run (\w+)", helped.stdout, flags=re.MULTILINE))
    refused = subprocess.run([str(ROOT / "run"), "explode"], capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "./run demo" in refused.stderr


def test_continuous_integration_requires_every_part() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "SAFECONDUCT_REQUIRE_ALL=1" in script
    assert script.rstrip().endswith("exec ./run test")
