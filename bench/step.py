"""One step of the measurements in a process of its own: `python -m bench.step NAME FOLDER OUT [JSON]`.

A process works on one folder and one database, and is the desk or its twin, never both.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import desk


def _build(folder: Path, *, people: int) -> dict[str, Any]:
    desk.build(folder, people=people)
    from bench import office  # here and below: Django must be started first

    return {"seconds": office.Built.read(folder).seconds, **_size(folder)}


def _twin(folder: Path, *, source: str) -> dict[str, Any]:
    desk.copy(Path(source), folder)
    desk.begin(folder)
    from bench.twin import unseal

    unseal.unseal_folder(folder)
    return _size(folder)


def _size(folder: Path) -> dict[str, Any]:
    return {"bytes": (folder / "database.sqlite3").stat().st_size}


def _migrate(folder: Path) -> None:
    desk.begin(folder)
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def _pages(folder: Path, *, unsealed: bool, seed: int) -> None:
    desk.begin(folder, unsealed=unsealed)
    from bench import office, pages

    pages.take_turns(office.Built.read(folder), seed=seed)


def _search(folder: Path, **named: Any) -> dict[str, Any]:
    desk.begin(folder)
    from bench import office, search

    return search.sealed(office.Built.read(folder), **named)


def _parts(folder: Path, **named: Any) -> dict[str, Any]:
    desk.begin(folder)
    from bench import office, parts

    return parts.measure(office.Built.read(folder), **named)


def _bring_in(folder: Path, *, recorded: bool, **named: Any) -> dict[str, Any]:
    desk.begin(folder)
    from bench import crowd, office

    if not recorded:
        crowd.without_journal()
    return crowd.bring_in(office.Built.read(folder), **named)


def _staff(folder: Path) -> None:
    from safeconduct.config.folder import DataFolder

    DataFolder.create(folder, "real")
    desk.begin(folder)
    from bench import signin

    signin.prepare(folder)


def _serve(folder: Path, *, recorded: bool) -> None:
    desk.begin(folder)
    from bench import crowd
    from safeconduct.cli import serve
    from safeconduct.config.folder import DataFolder

    if not recorded:
        crowd.without_journal()
    serve.run(DataFolder.open(folder), port=0)


STEPS: dict[str, Callable[..., dict[str, Any] | None]] = {
    "build": _build,
    "twin": _twin,
    "migrate": _migrate,
    "pages": _pages,
    "search": _search,
    "parts": _parts,
    "bring-in": _bring_in,
    "staff": _staff,
    "serve": _serve,
}


def main(name: str, folder: str, out: str, options: str = "{}") -> None:
    """Run a step and write what it returns."""
    result = STEPS[name](Path(folder), **json.loads(options))
    whole = Path(out).with_suffix(".part")
    whole.write_text(json.dumps(result), "utf-8")
    whole.replace(out)


if __name__ == "__main__":
    main(*sys.argv[1:])
