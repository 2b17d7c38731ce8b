"""Small changes to Python code, made and run by mutmut; its settings are in pyproject.toml."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from mutation.survivors import Survivor

_MUTANTS = Path("mutants")
# Tests that come to no end with a change have noticed it.
_NOTICED = {"killed", "timeout"}
_OF_DATABASES = "safeconduct.journal."
_UNCHANGED = ""
_UNTRIED = {"not checked", "check was interrupted by user"}


def survivors(children: int, *, go_on: bool = False) -> tuple[int, list[Survivor]]:
    """How many changes were tried, and those that no test noticed. ``children`` run at once.

    ``go_on``: with what an earlier run left: what it did not reach, what stands in a function changed since, what no
    test noticed then. Raises RuntimeError where some were not tried.
    """
    run = [_mutmut(), "run", "--max-children", str(children)]
    if not go_on:
        shutil.rmtree(_MUTANTS, ignore_errors=True)
    subprocess.run(run, check=False)
    told = _told()
    if go_on and (left := [name for name, result in told.items() if result not in _NOTICED]):
        subprocess.run([*run, *left], check=False)
        told = _told()
    if untried := [name for name, result in told.items() if result in _UNTRIED]:
        raise RuntimeError(f"{len(untried)} of {len(told)} changes were not tried")
    passed = [name for name, result in told.items() if result not in _NOTICED]
    with ThreadPoolExecutor(children) as pool:
        left = dict(zip(passed, pool.map(_shown, passed), strict=True))
    asked = [name for name, one in left.items() if name.startswith(_OF_DATABASES) and not one.is_wording]
    noticed = _noticed_on_postgresql(asked, children)
    return len(told), [one for name, one in left.items() if name not in noticed]


def _noticed_on_postgresql(names: Sequence[str], children: int) -> set[str]:
    """Those of these changes that are noticed by the same tests on PostgreSQL: mutmut asked them on SQLite alone.

    Raises RuntimeError where the tests fail there without any.
    """
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:xdist", "-p", "no:cacheprovider", "tests/journal"]
    path = os.pathsep.join(str((_MUTANTS / name).absolute()) for name in ("src", "."))

    def passes(name: str) -> bool:
        changed = {"MUTANT_UNDER_TEST": name, "SAFECONDUCT_TEST_DATABASE": "postgresql", "PYTHONPATH": path}
        ran = subprocess.run(command, cwd=_MUTANTS, env={**os.environ, **changed}, capture_output=True, check=False)
        return ran.returncode == 0

    if not passes(_UNCHANGED):
        raise RuntimeError("the tests fail on PostgreSQL without any change")
    with ThreadPoolExecutor(children) as pool:
        return {name for name, passed in zip(names, pool.map(passes, names), strict=True) if not passed}


def _told() -> dict[str, str]:
    """What came of each change, by its name."""
    listed = _asked("results", "--all", "true").splitlines()
    return dict(line.strip().rsplit(": ", 1) for line in listed if ": " in line)


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
