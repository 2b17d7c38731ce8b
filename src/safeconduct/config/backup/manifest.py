"""What a backup says of itself: `manifest.json`, written last. Without it, a backup is unfinished.

    safeconduct-20261121-093000/
        manifest.json         this
        database.sqlite3      or database.dump (pg_dump's custom format)
        safeconduct.toml      the settings, without a password and without the place of the epoch copy
        log.key.sealed        the key that signs checkpoints, layered under the epoch
        files/                sealed papers
        archive/              sources
        sign-ins.json         a demo folder's only

Never in it: epoch.json (whoever has both has a whole copy), secret.key (signs forms; a restored folder gets its own).
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from safeconduct.accounts import disk
from safeconduct.core.sealing import boxes

NAME: Final = "manifest.json"
PARTIAL: Final = ".partial"
FORMAT: Final = 1


class BackupFault(Exception):
    """A backup cannot be made, or cannot be restored. The text is a sentence with the fix."""


@contextmanager
def refusals(left: str) -> Iterator[None]:
    """Make of what a disk or a database refuses a `BackupFault`, which ends with ``left``: what came of it."""
    from django.db import DatabaseError  # here: `--help` does without

    try:
        yield
    except OSError as fault:
        # The system's own words and no path: a path below the folders holds handles.
        said = fault.strerror or "some files could not be copied"
        raise BackupFault(f"A file or folder could not be read or written: {said}. {left}") from None
    except (sqlite3.Error, DatabaseError):
        raise BackupFault(
            f"A database could not be read or written. Its disk may be full, or its server has stopped. {left}"
        ) from None


class Kept(msgspec.Struct, frozen=True):
    """A file of the backup: its size in bytes and its SHA-256 in hex."""

    bytes: int
    sha256: str


class Log(msgspec.Struct, frozen=True):
    """Where an organisation's log stood in the copy: entries with a place in the tree, and the root in hex."""

    size: int
    root: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """One backup. Instants are ISO 8601 in UTC, ``logs`` by the organisation's handle in hex.

    ``epochs`` are the numbers the copy's keys stand under, ``epoch`` the newest; ``check`` (base64) opens under that
    one and nothing else, and only beside what else is said here: so that a wrong epoch file, or a manifest that
    somebody without the keys has changed, is known before anything is restored.
    """

    format: int
    made_at: str
    needed_until: str
    database: str
    versions: dict[str, str]
    epoch: int
    epochs: list[int]
    check: str
    logs: dict[str, Log]
    counts: dict[str, int]
    files: dict[str, Kept]

    @property
    def place(self) -> bytes:
        """The place ``check`` is sealed for: all that is said here beside it."""
        said = msgspec.json.encode(msgspec.structs.replace(self, check=""), order="sorted")
        return boxes.context("backup-check", hashlib.sha256(said).hexdigest())

    def write(self, folder: Path) -> None:
        """Put it into the backup's folder, synced."""
        disk.replace(folder / NAME, msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n")


def read(folder: Path) -> Manifest:
    """The manifest of a backup. Raises `BackupFault`."""
    try:
        raw = (folder / NAME).read_bytes()
    except OSError:
        raise BackupFault(
            f"{folder} has no {NAME}: it is not a backup, or one that was never finished. Name another."
        ) from None
    try:
        if msgspec.json.decode(raw).get("format") != FORMAT:
            raise BackupFault(f"The backup in {folder} was made by a later version. Restore it with that version.")
        return msgspec.json.decode(raw, type=Manifest)
    except (msgspec.DecodeError, AttributeError):
        raise BackupFault(f"{folder / NAME} is damaged, so the backup cannot be trusted. Name another.") from None


def chosen(path: Path, *, unfinished: bool = False) -> Path:
    """The backup meant by ``path``: itself, or the only finished one in it. Raises `BackupFault`."""
    path = path.absolute()
    if path.name.endswith(PARTIAL) and not unfinished:
        raise BackupFault(f"{path} was never finished. Name another backup.")
    if (path / NAME).exists() or not path.is_dir():
        return path
    inside = sorted(each.parent for each in path.glob(f"*/{NAME}") if not each.parent.name.endswith(PARTIAL))
    if len(inside) > 1:
        raise BackupFault(f"{path} holds {len(inside)} backups. Name one of them; the newest is {inside[-1]}.")
    return inside[0] if inside else path


def files_of(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every file of a backup but the manifest, by its name from the folder with ``/``, in order."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path != folder / NAME:
            yield path.relative_to(folder).as_posix(), path


def digest(path: Path) -> Kept:
    """A file's size and SHA-256."""
    with path.open("rb") as file:
        hashed = hashlib.file_digest(file, "sha256").hexdigest()
    return Kept(path.stat().st_size, hashed)


def require_whole(folder: Path, manifest: Manifest) -> None:
    """Raises `BackupFault` unless every file is there as the manifest says."""
    for name, kept in manifest.files.items():
        path = folder / name
        # The same name is then one from the new folder, so it may not go up on its way, even to come back.
        if ".." in path.parts or not path.resolve().is_relative_to(folder.resolve()):
            raise BackupFault(f"{folder / NAME} names a file outside the backup, so it cannot be trusted.")
        if not path.is_file():
            raise BackupFault(f"The backup lacks {name}. Nothing was restored; name another backup.")
        if digest(path) != kept:
            raise BackupFault(f"{name} of the backup was changed or is damaged. Nothing was restored; name another.")
