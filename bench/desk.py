"""Opening a folder in this process, as the installed command does, and building one."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

from safeconduct.cli.main import open_desk
from safeconduct.config.folder import DataFolder


def begin(folder: Path, *, unsealed: bool = False) -> None:
    """Start Django on a folder; the database is the environment's, where SAFECONDUCT_DATABASE names one."""
    open_desk(folder)
    if unsealed:
        from bench.twin.plaintext import unseal_this_process  # here: Django must be started first

        unseal_this_process()


def build(folder: Path, *, people: int) -> None:
    """Make a folder with an office of so many people."""
    start = time.perf_counter()
    DataFolder.create(folder, "real")
    os.environ.pop("SAFECONDUCT_DATABASE", None)
    begin(folder)
    from django.core.management import call_command  # here and below: Django must be started first

    from bench import office

    call_command("migrate", verbosity=0)
    lead, workers, everybody = office.staff(-(-people // office.TEAM_SIZE))
    by = office.acting(lead.sign_in, lead.passphrase)
    subjects = office.fill(by, office.acting(everybody.sign_in, everybody.passphrase), people)
    office.Built(
        people=people,
        seconds=time.perf_counter() - start,
        lead=lead,
        workers=tuple(workers),
        everybody=everybody,
        subjects=tuple(subjects),
    ).write(folder)


def copy(source: Path, folder: Path) -> None:
    """A folder like another, which nothing works on meanwhile. It is there whole or not at all."""
    half = folder.with_suffix(".half")
    shutil.rmtree(half, ignore_errors=True)
    shutil.copytree(source, half)
    half.replace(folder)
