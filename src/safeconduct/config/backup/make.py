"""Making a backup: a new epoch, a copy, a trial restore, and only then the end of epochs nothing needs any more."""

from __future__ import annotations

import base64
import fcntl
import importlib.metadata
import json
import os
import platform
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec

from safeconduct.accounts import disk
from safeconduct.config import options
from safeconduct.config.folder import FOLDER_MODE, SETTINGS_NAME, DataFolder
from safeconduct.core.sealing import boxes

from . import copying, manifest, places, scratch
from .copying import Ask, Progress
from .manifest import BackupFault, Log, Manifest

LOG_KEY: Final = "log.key.sealed"
TRIAL: Final = "trial"
PLACE_OF_LOG_KEY: Final = boxes.context("backup-log-key")
COUNTED: Final = {
    "people and cases": "people_subject",
    "envelopes": "people_envelope",
    "keys": "people_wrap",
    "papers": "people_paperfile",
    "sources": "archive_source",
    "cases": "casework_case",
    "events": "casework_event",
    "members": "accounts_member",
    "entries": "journal_entry",
}


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made and tried. ``said``: what whoever asked should know. ``destroyed``: epochs that ended."""

    path: Path
    manifest: Manifest
    said: Sequence[str]
    destroyed: Sequence[int]


def make(data: DataFolder, target: Path, *, retain: timedelta, together: bool, progress: Progress) -> Made:
    """Back up the desk, which may be serving, into a new folder inside ``target``.

    Killed at any moment it leaves a folder whose name ends in ``.partial`` and destroys nothing.

    Raises:
        BackupFault: nothing was made. CopyFailed: the second copy of the epoch file could not be written.
        EpochFileUnreadable, JournalUnavailable.
    """
    from safeconduct.accounts.actions import epochs

    said = places.refuse(data, target, together=together)
    if not epochs.organisations():
        raise BackupFault("There is nothing to back up yet: this desk has not been set up.")
    with (
        _one_at_a_time(data),
        manifest.refusals(
            "No backup was made, and what there is of it ends in .partial. See that its disk and the desk's are there"
            " and have room, delete that, and run the command again."
        ),
    ):
        return _make(data, target.absolute(), said, retain, progress)


def _make(data: DataFolder, target: Path, said: list[str], retain: timedelta, progress: Progress) -> Made:
    from safeconduct.accounts import keyring
    from safeconduct.accounts.actions import epochs
    from safeconduct.journal import sequencer

    for left in data.path.glob(f"{TRIAL}*"):  # of a backup that was killed
        shutil.rmtree(left)
    unfinished = sorted(target.glob(f"safeconduct-*{manifest.PARTIAL}"))
    said += [f"An earlier backup was never finished. Delete it: {path}" for path in unfinished]
    begun = epochs.begin(progress=lambda done, of: progress("moving keys to a new epoch", done, of))
    if begun.moved.damaged:
        said.append(f"{begun.moved.damaged} keys are damaged and stay under an old epoch. Run: safeconduct check")
    sequencer.sequence()

    now = datetime.now(UTC)
    name = f"safeconduct-{now:%Y%m%d-%H%M%S}"
    partial = target / f"{name}{manifest.PARTIAL}"
    if (target / name).exists() or partial.exists():
        raise BackupFault("A backup was made this very second. Try again.")
    partial.mkdir(mode=FOLDER_MODE, parents=True)
    made = _filled(data, partial, now, now + retain, progress)
    _try(data, partial, progress)
    # Before the backup counts as one: from here on no later run destroys an epoch that it needs.
    for number in made.epochs:
        keyring.change(
            lambda known, number=number: known.backed_up(number, at=now, needed_until=now + retain)  # type: ignore[misc]  # a bound default
        )
    partial.rename(target / name)
    with manifest.refusals(
        f"The backup is made and tried: {target / name}. Ending the epochs past their time was cut off; the next"
        " backup does it."
    ):
        disk.sync(target)
        epochs.record_backup()
        destroyed = end_past(data, retain=retain, progress=progress)
        sequencer.sequence()
        epochs.remember_logs()
    return Made(target / name, made, said, destroyed)


@contextmanager
def _one_at_a_time(data: DataFolder) -> Iterator[None]:
    handle = os.open(data.path / "backup.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupFault("Another backup of this folder is being made. Wait for it to end.") from None
        yield
    finally:
        os.close(handle)


def end_past(data: DataFolder, *, retain: timedelta, progress: Progress, at: datetime | None = None) -> list[int]:
    """Destroy the epochs that no backup and no record needs any more, and say so on certificates of erasure."""
    from safeconduct.accounts.actions import epochs
    from safeconduct.people.actions import erasures

    now = at or datetime.now(UTC)
    destroyed: list[int] = []
    for number in epochs.past(now, retain=retain):
        serving = is_serving(data)
        if serving and (left := epochs.left_of_grace(number, at=now)):
            progress("waiting for pages under way", 0, 1)
            time.sleep(left.total_seconds())
        epochs.destroy(number)
        destroyed.append(number)
    erasures.settle(retain=retain)
    return destroyed


def is_serving(data: DataFolder) -> bool:
    """Whether a desk runs on the folder."""
    try:
        handle = os.open(data.path / "serving.lock", os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def _filled(data: DataFolder, partial: Path, now: datetime, until: datetime, progress: Progress) -> Manifest:
    from safeconduct.accounts import keyring

    # Twice: a paper is in the copy of the database if it was here before, or came while that was made.
    _copy_files(data, partial, progress)
    with copying.copied(data, partial, progress) as ask:
        logs, layers, counts = _logs(ask), _layers(ask), _counts(ask)
    _copy_files(data, partial, progress)
    _write_settings(data, partial)
    known = keyring.epochs()
    if data.log_key_path.exists():
        _, sealed = known.layer(data.log_key_path.read_bytes(), PLACE_OF_LOG_KEY)
        disk.replace(partial / LOG_KEY, sealed)
    files: dict[str, manifest.Kept] = {}
    found = list(manifest.files_of(partial))
    for number, (name, path) in enumerate(found, start=1):
        files[name] = manifest.digest(path)
        if number % 100 == 0 or number == len(found):
            progress("hashing", number, len(found))
    made = Manifest(
        format=manifest.FORMAT,
        made_at=now.isoformat(),
        needed_until=until.isoformat(),
        database="sqlite" if data.options.database == "sqlite" else "postgresql",
        versions=versions(),
        epoch=known.current,
        epochs=sorted({*layers, known.current}),
        check="",
        logs=logs,
        counts=counts,
        files=files,
    )
    _, check = known.layer(b"safeconduct", made.place)
    made = msgspec.structs.replace(made, check=base64.b64encode(check).decode())
    made.write(partial)
    return made


def _copy_files(data: DataFolder, partial: Path, progress: Progress) -> None:
    copying.copy_papers(data.files_path, partial / "files", progress)
    copying.copy_papers(data.archive_path, partial / "archive", progress)


def versions() -> dict[str, str]:
    """What made the backup."""
    return {
        "safeconduct": importlib.metadata.version("safeconduct"),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
    }


def _logs(ask: Ask) -> dict[str, Log]:
    rows = ask("SELECT organisation, size, root FROM journal_head")
    return {UUID(str(handle)).hex: Log(size, bytes(root).hex()) for handle, size, root in rows}


def _layers(ask: Ask) -> set[int]:
    from safeconduct.accounts import layers

    names = [table.model._meta.db_table for table in layers.tables()]
    return {row[0] for name in names for row in ask(f"SELECT DISTINCT epoch FROM {name} WHERE epoch > 0")}  # noqa: S608 -- our tables


def _counts(ask: Ask) -> dict[str, int]:
    return {name: ask(f"SELECT count(*) FROM {table}")[0][0] for name, table in COUNTED.items()}  # noqa: S608 -- our tables


def _write_settings(data: DataFolder, partial: Path) -> None:
    """The settings of the file, without what is secret or true of this machine alone."""
    read = options.read((data.path / SETTINGS_NAME).read_text("utf-8"), {})
    kept = replace(read, epoch_copy="", database=scratch.without_password(data.options.database))
    values = {setting.name: getattr(kept, setting.name) for setting in options.SETTINGS}
    disk.replace(partial / SETTINGS_NAME, options.render(values).encode())
    if data.kind == "demo" and data.sign_ins_path.exists():
        shutil.copyfile(data.sign_ins_path, partial / data.sign_ins_path.name)


def _try(data: DataFolder, partial: Path, progress: Progress) -> None:
    """Restore it, compare, and take that away again, in a process of its own. Raises `BackupFault`."""
    progress("trying the backup", 0, 1)
    with scratch.empty_database(data.options.database) as address:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("SAFECONDUCT_", "DJANGO_"))}
        if address:
            kept["SAFECONDUCT_DATABASE"] = address
        # In the data folder: the trial holds the epoch keys for a moment, and those never touch the backups' disk.
        tried = str(data.path / TRIAL)
        arguments = ["restore", str(partial), "--epoch", str(data.epoch_path), "--folder", tried, "--trial", "--json"]
        done = subprocess.run(  # noqa: S603 -- this program
            [sys.executable, "-m", "safeconduct.cli.main", *arguments],
            env=kept,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode or not json.loads(done.stdout)["whole"]:
        said = done.stderr.strip().removeprefix("Error: ")
        raise BackupFault(f"The new backup could not be restored, so it does not count: {said} It lies at {partial}.")
    progress("trying the backup", 1, 1)
