"""Restoring a backup into a new folder. Until it is whole it lies under another name, and a fault leaves nothing."""

from __future__ import annotations

import base64
import os
import secrets
import shutil
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from safeconduct.accounts import disk
from safeconduct.config import options
from safeconduct.config.folder import FOLDER_MODE, SECRET_NAME, SETTINGS_NAME
from safeconduct.core.sealing.epochs import Epochs, Root
from safeconduct.core.sealing.faults import EpochFileUnreadable, SealingFault

from . import compare, copying, make
from . import manifest as manifests
from .copying import Progress
from .manifest import BackupFault, Manifest

UNFINISHED: Final = ".restoring-"

Start = Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, and what is to be known besides: what the backup lacks, and what was left behind."""

    manifest: Manifest
    missing: Sequence[str]


def restore(
    backup: Path, epoch_file: Path, folder: Path, *, database: str | None, trial: bool, start: Start, progress: Progress
) -> Restored:
    """Restore ``backup`` into ``folder``, which must not exist or be empty, and start Django on it.

    ``start`` opens a folder in this process and brings its tables up to date. ``database``: the address of an empty
    PostgreSQL, for a backup of one. ``trial``: take everything away again.

    Raises:
        BackupFault: nothing was left behind.
    """
    put = " What was put into the PostgreSQL database may still be there: empty it." if database else ""
    with manifests.refusals(f"Nothing was restored. Mend that, and run the command again.{put}"):
        return _restore(backup, epoch_file, folder, database, progress, start, trial=trial)


def _restore(
    backup: Path,
    epoch_file: Path,
    folder: Path,
    database: str | None,
    progress: Progress,
    start: Start,
    *,
    trial: bool,
) -> Restored:
    backup = manifests.chosen(backup, unfinished=trial)
    manifest = manifests.read(backup)
    epochs = right_epochs(epoch_file, manifest)
    address = _address(manifest, database)
    folder = folder.absolute()
    if folder.is_symlink():
        raise BackupFault(f"{folder} is a symbolic link. Name the folder that it stands for, or another.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BackupFault(f"{folder} already holds something. Choose a folder that does not exist yet.")
    progress("comparing the backup with its manifest", 0, 1)
    manifests.require_whole(backup, manifest)
    progress("comparing the backup with its manifest", 1, 1)
    os.umask(0o077)
    folder.parent.mkdir(parents=True, exist_ok=True)
    started = f"{folder.name}{UNFINISHED}"
    cut_off = sorted(each for each in folder.parent.iterdir() if each.name.startswith(started))
    beside = folder.with_name(f"{folder.name}{UNFINISHED}{secrets.token_hex(4)}")
    beside.mkdir(mode=FOLDER_MODE)
    try:
        _lay_out(backup, manifest, epochs, beside, address, progress)
        missing = _start_and_compare(beside, manifest, epochs, start, progress, trial=trial)
        if not trial:
            if folder.exists():
                folder.rmdir()
            beside.rename(folder)
    finally:
        if beside.exists():
            shutil.rmtree(beside)
    left = [f"A restore was cut off, and left the epoch keys in {each}. Delete that folder." for each in cut_off]
    return Restored(manifest, [*left, *missing])


def right_epochs(epoch_file: Path, manifest: Manifest) -> Epochs:
    """The keys of ``epoch_file``, once they are known to be those this backup needs. Raises `BackupFault`."""
    try:
        epochs = Epochs.read(epoch_file)
    except EpochFileUnreadable:
        raise BackupFault(
            f"{epoch_file} is not an epoch file, or cannot be read. Without the right one this backup opens nothing."
        ) from None
    if gone := [number for number in manifest.epochs if number not in epochs.keys]:
        raise BackupFault(
            f"This epoch file does not hold epoch {gone[0]}, which the backup stands under: it was destroyed when the"
            " backup was past its time, or the file is another desk's. Nothing in the backup can be opened."
        )
    try:
        epochs.peel(manifest.epoch, base64.b64decode(manifest.check), manifest.place)
    except (SealingFault, ValueError):
        raise BackupFault(
            "The key of this epoch file does not open this backup: it is another desk's, or the backup's manifest was"
            " changed. Nothing was restored."
        ) from None
    return epochs


def _address(manifest: Manifest, database: str | None) -> str:
    if manifest.database == "sqlite":
        if database not in {None, "", "sqlite"}:
            raise BackupFault("This is a backup of a desk on SQLite. Leave --database and SAFECONDUCT_DATABASE out.")
        return "sqlite"
    if not database or database == "sqlite":
        raise BackupFault(
            "This is a backup of a desk on PostgreSQL. Make an empty database and give its address with --database, or"
            " as SAFECONDUCT_DATABASE."
        )
    if shutil.which("pg_restore") is None:
        raise BackupFault(
            "pg_restore is not on this machine. Install PostgreSQL's client programs (Debian: apt install"
            " postgresql-client)."
        )
    return database


def _lay_out(backup: Path, manifest: Manifest, epochs: Epochs, folder: Path, address: str, progress: Progress) -> None:
    for number, name in enumerate(manifest.files, start=1):
        if name not in {copying.DUMP, SETTINGS_NAME, make.LOG_KEY}:
            to = folder / name
            to.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
            shutil.copyfile(backup / name, to)
            to.chmod(0o600)
        if number % 100 == 0 or number == len(manifest.files):
            progress("copying files", number, len(manifest.files))
    (folder / "files").mkdir(mode=FOLDER_MODE, exist_ok=True)
    if address != "sqlite":
        arguments = ["pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
        name = copying.database_name(address)
        copying.run_postgresql([*arguments, f"--dbname={name}", str(backup / copying.DUMP)], address, "Not restored")
    else:
        _require_opens(folder / copying.SQLITE)
    kept = options.read((backup / SETTINGS_NAME).read_text("utf-8"), {})
    values = {setting.name: getattr(kept, setting.name) for setting in options.SETTINGS} | {"database": address}
    disk.replace(folder / SECRET_NAME, secrets.token_hex(32).encode("ascii") + b"\n")
    if make.LOG_KEY in manifest.files:
        sealed = (backup / make.LOG_KEY).read_bytes()
        disk.replace(folder / "log.key", epochs.peel(manifest.epoch, sealed, make.PLACE_OF_LOG_KEY))
    # Where the logs stood is true of the log that is restored; the setting names the old machine's second copy.
    replace(epochs, roots={}, copy=None).write(folder / "epoch.json")
    disk.replace(folder / SETTINGS_NAME, options.render(values).encode())


def _require_opens(path: Path) -> None:
    try:
        with closing(sqlite3.connect(path)) as database:
            database.execute("SELECT count(*) FROM journal_entry").fetchone()
    except sqlite3.Error:
        raise BackupFault("The database in the backup cannot be opened. Name another backup.") from None


def _start_and_compare(
    folder: Path, manifest: Manifest, known: Epochs, start: Start, progress: Progress, *, trial: bool
) -> Sequence[str]:
    start(folder)

    from django.db import connections

    from safeconduct.accounts.actions import epochs
    from safeconduct.journal import sequencer
    from safeconduct.people.actions import erasures

    progress("verifying", 0, 1)
    try:
        if found := list(compare.disagreements(manifest)):
            raise BackupFault(f"The restored desk is not whole: {'; '.join(found)}. Name another backup.")
        progress("verifying", 1, 1)
        missing = newer(known.roots, manifest)
        if not trial:
            sequencer.sequence()
            epochs.record_restore()
            sequencer.sequence()
            epochs.remember_logs()
            erasures.settle()
    finally:
        connections.close_all()
    return missing


def newer(roots: Mapping[str, Root], manifest: Manifest) -> list[str]:
    """A sentence for each organisation whose log had grown past the backup when the epoch file was last written."""
    out = []
    for handle, root in roots.items():
        here = manifest.logs[handle].size if handle in manifest.logs else 0
        if root.size > here:
            out.append(
                f"On {root.at:%-d %B %Y at %H:%M} UTC the log had {root.size} entries; this backup has {here}. What"
                " happened in between is not in it."
            )
    return out
