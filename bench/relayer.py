"""Bringing many wraps under a new epoch: `python -m bench.relayer [--wraps 100000] [--json]`.

The wraps are of subjects without a record, since no envelope is touched; the database is the desk's own, on disk and
synced as it is there.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

from bench import desk
from bench.timing import once


def measure(folder: Path, *, wraps: int) -> dict[str, Any]:
    """Figures by name: seconds to move everything, and how many wraps that is a second."""
    from safeconduct.accounts import keyring, layers  # here and below: Django must be started first
    from safeconduct.accounts.actions import epochs
    from safeconduct.people.models import Wrap

    _fill(wraps)
    moved: list[epochs.Begun] = []
    milliseconds = once(lambda: moved.append(epochs.begin()))
    assert set(layers.counts()) == {keyring.epochs().current}
    assert Wrap.objects.count() == wraps
    return {
        "wraps": wraps,
        "seconds": round(milliseconds / 1000, 2),
        "a second": round(moved[0].moved.rows / (milliseconds / 1000)),
        "rows in a transaction": layers.CHUNK,
        "database, MB": round((folder / "database.sqlite3").stat().st_size / 1e6, 1),
    }


def _fill(wraps: int) -> None:
    from safeconduct.accounts import keyring
    from safeconduct.accounts.actions import first_use
    from safeconduct.accounts.keys import today
    from safeconduct.core.calendar.days import Nation
    from safeconduct.core.sealing import boxes
    from safeconduct.people.keys import place_of_wrap
    from safeconduct.people.models import Subject, Wrap

    made = first_use.set_up(
        organisation="Figures only",
        nation=Nation.ENGLAND_AND_WALES,
        team="Figures",
        name="Nobody Here",
        sign_in="nobody",
        passphrase="figures only, nobody here",
    )
    epochs, key = keyring.epochs(), boxes.new_key()
    for start in range(0, wraps, 5000):
        subjects = Subject.objects.bulk_create(
            Subject(organisation=made.organisation, kind=Subject.Kind.PERSON, started_on=today())
            for _ in range(min(5000, wraps - start))
        )
        rows = []
        for subject in subjects:
            place = place_of_wrap(made.team.handle, subject.handle)
            epoch, sealed = epochs.layer(boxes.seal(key, key, place), place)
            rows.append(Wrap(subject=subject, team=made.team, epoch=epoch, sealed=sealed))
        Wrap.objects.bulk_create(rows)


def main() -> None:
    """In a folder of its own, taken away afterwards."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--wraps", type=int, default=100_000)
    given.add_argument("--json", action="store_true")
    options = given.parse_args()
    from safeconduct.config.folder import DataFolder

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "office"
        DataFolder.create(folder, "real", environment={})
        desk.begin(folder)
        from safeconduct.cli.serve import prepare_database

        prepare_database()
        figures = measure(folder, wraps=options.wraps)
    if options.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:24}{value:>12,}")


if __name__ == "__main__":
    main()
