"""Small changes to Python code, made and run by mutmut; its settings are in pyproject.toml."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from mutation.survivors import Survivor

_MUTANTS = Path("mutants")


def survivors(children: int) -> tuple[int, list[Survivor]]:
    """How many changes were tried, and those that no test noticed. ``children`` run at once."""
    shutil.rmtree(_MUTANTS, ignore_errors=True)
    subprocess.run([_mutmut(), "run", "--max-children", str(children)], check=False)
    listed = _asked("results", "--all", "true").splitlines()
    told = dict(line.strip().rsplit(": ", 1) for line in listed if ": " in line)
    left = [_shown(name) for name, result in told.items() if result in {"survived", "no tests", "suspicious"}]
    return len(told), left


def _shown(name: str) -> Survivor:
    diff = [line for line in _asked("show", name).splitlines() if not line.startswith(("---", "+++", "@@"))]
    was = " ".join(line[1:].strip() for line in diff if line.startswith("-"))
    now = " ".join(line[1:].strip() for line in diff if line.startswith("+"))
    place = name.rpartition("__mutmut_")[0].removeprefix("safeconduct.").replace("xǁ", "").replace("ǁ", ".")
    return Survivor(place.replace(".x_", "."), was, now)


def _asked(*words: str) -> str:
    return subprocess.run([_mutmut(), *words], capture_output=True, text=True, check=True).stdout


def _mutmut() -> str:
    return str(Path(sys.executable).with_name("mutmut"))
