"""Small changes to the policy files, each of which the policies' tests must notice."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mutation.survivors import Survivor

POLICIES = Path("src/safeconduct/core/policy/policies")
TESTS = ("tests/core/policy",)
_POLICY = re.compile(r'@id\("(?P<name>[^"]+)"\)\s*(?P<body>(?:permit|forbid)[^;]*;)')
_ACTION = re.compile(r'Action::"\w+",?\s*')
_SWAPS = (("||", "&&"), ("&&", "||"), ("unless", "when"), ("when", "unless"), ("==", "!="))


@dataclass(frozen=True)
class Mutant:
    """One policy file with one change: what stood there and what stands there now."""

    file: str
    policy: str
    was: str
    now: str
    text: str


def mutants() -> Iterator[Mutant]:
    """Every policy taken out, its effect turned, each condition dropped or turned, each act of a list taken out."""
    for file in sorted(POLICIES.glob("*.cedar")):
        text = file.read_text("utf-8")
        for found in _POLICY.finditer(text):
            body = found["body"]
            for was, now in _changes(body):
                changed = text[: found.start("body")] + body.replace(was, now, 1) + text[found.end("body") :]
                if was == body:
                    changed = text[: found.start()] + text[found.end() :]
                yield Mutant(file.name, found["name"], _line(was), _line(now), changed)


def _changes(body: str) -> Iterator[tuple[str, str]]:
    yield body, ""
    effect = body[:6]
    yield effect, "forbid" if effect == "permit" else "permit"
    for condition in re.findall(r"(?:when|unless)\s*\{[^}]*\}", body):
        yield condition, ""
        inside = condition[condition.index("{") + 1 : -1].strip()
        for joint in ("||", "&&"):
            for part in inside.split(joint) if joint in inside else ():
                yield inside, part.strip()
    for was, now in _SWAPS:
        if was in body:
            yield was, now
    acts = _ACTION.findall(body)
    if len(acts) > 1:
        for act in acts:
            yield act, ""


def survivors() -> tuple[int, list[Survivor]]:
    """How many changes were tried, and those that no test noticed. Works on a copy: the checkout is left alone."""
    tried, left = 0, []
    with tempfile.TemporaryDirectory(prefix="safeconduct-mutation-") as kept:
        copy = Path(kept)
        for name in ("src", "tests", "docs", "pyproject.toml"):
            (shutil.copytree if Path(name).is_dir() else shutil.copy)(name, copy / name)
        for mutant in mutants():
            file = copy / POLICIES / mutant.file
            file.write_text(mutant.text, "utf-8")
            if _tests_pass(copy):
                left.append(Survivor(f"{mutant.file}:{mutant.policy}", mutant.was, mutant.now))
            shutil.copy(POLICIES / mutant.file, file)
            tried += 1
    return tried, left


def _tests_pass(copy: Path) -> bool:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-n0", "-p", "no:cacheprovider", *TESTS]
    environment = {**os.environ, "PYTHONPATH": str(copy / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd=copy, env=environment, capture_output=True, check=False).returncode == 0


def _line(text: str) -> str:
    return " ".join(text.split())
