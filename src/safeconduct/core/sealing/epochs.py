"""Epochs: a layer around every stored wrap, under a key that never enters the database or its backups.

Dropping a wrap from a database is not erasure: copies keep it. Destroying the epoch it was layered under is.
The file is small JSON, and beside the keys it remembers what nobody who has only the database can put back::

    {"version": 2, "current": 3,
     "epochs": {"3": {"key": "<base64 of 32 bytes>", "begun": "2026-11-21T09:30:00+00:00",
                      "layered": "2026-11-21T09:30:02+00:00", "backup": "2026-11-21T09:31:00+00:00",
                      "needed_until": "2026-12-21T09:31:00+00:00"}},
     "roots": {"<organisation, hex>": {"size": 812, "root": "<base64 of 32 bytes>", "at": "2026-11-21T09:31:00+00:00"}},
     "copy": "/media/other/epochs/safeconduct-epoch.json"}

Version 1 held a key where ``epochs`` now holds an object, and neither ``roots`` nor ``copy``; it is read, and written
anew at the next change.
"""

import base64
import binascii
import contextlib
import fcntl
import functools
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from . import boxes
from .faults import EpochFileUnreadable, EpochMissing


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of an epoch besides its key; each may be None, where it is not known or has not come about.

    ``begun``: when it became the current one. ``layered``: since when nothing in the database stands under an older
    one. ``backup``: when the last backup that needs it was made. ``needed_until``: when no such backup is wanted more.
    """

    begun: datetime | None = None
    layered: datetime | None = None
    backup: datetime | None = None
    needed_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Root:
    """An organisation's log as it was at an instant: ``size`` entries with this ``root`` (32 bytes)."""

    size: int
    root: bytes
    at: datetime


@dataclass(frozen=True, slots=True, repr=False)
class Epochs:
    """The epoch keys at hand: ``keys`` by number, and the number new wraps are layered under.

    ``told`` has a row for each key; ``roots`` is by the organisation's handle in hex; ``copy`` is where the second
    copy of the file was last written.
    """

    current: int
    keys: Mapping[int, bytes]
    told: Mapping[int, Told] = field(default_factory=dict)
    roots: Mapping[str, Root] = field(default_factory=dict)
    copy: str | None = None

    @classmethod
    def begin(cls, at: datetime | None = None) -> Self:
        """The first epoch of a new folder."""
        return cls(1, {1: boxes.new_key()}, {1: Told(begun=at, layered=at)})

    @classmethod
    def read(cls, path: Path) -> Self:
        """Raises `EpochFileUnreadable`: without this file nothing in the database opens."""
        while True:
            opened = None
            try:
                with path.open("rb") as file:
                    opened = os.fstat(file.fileno())
                    return cls._of(json.loads(file.read()))
            except (OSError, ValueError, KeyError, TypeError, AttributeError, binascii.Error):
                # What is replaced is overwritten: whoever had just opened it reads the new one instead.
                if opened is not None and path.exists() and not os.path.samestat(opened, path.stat()):
                    continue
                raise EpochFileUnreadable("the epoch file cannot be read; put its copy back before starting") from None

    @classmethod
    def _of(cls, raw: Any) -> Self:
        if raw["version"] not in (1, 2):
            raise EpochFileUnreadable("the epoch file is of a later version")
        rows = {int(n): {"key": row} if raw["version"] == 1 else row for n, row in raw["epochs"].items()}
        keys = {n: _bytes(row["key"]) for n, row in rows.items()}
        told = {n: Told(*(_instant(row.get(name)) for name in Told.__slots__)) for n, row in rows.items()}
        roots = {
            handle: Root(int(row["size"]), _bytes(row["root"]), datetime.fromisoformat(row["at"]))
            for handle, row in raw.get("roots", {}).items()
        }
        current, copy = int(raw["current"]), raw.get("copy")
        if current not in keys or any(len(key) != boxes.KEY_BYTES for key in keys.values()):
            raise EpochFileUnreadable("the epoch file is damaged")
        return cls(current, keys, told, roots, None if copy is None else str(copy))

    def write(self, path: Path) -> None:
        """Replace the file at once: after a power cut either the old or the new one is there, whole."""
        new = path.with_suffix(".new")
        with contextlib.suppress(FileNotFoundError):
            new.unlink()
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as out:
            json.dump(self._as_json(), out, indent=1)
            out.flush()
            os.fsync(out.fileno())
        _replace(new, path)

    def _as_json(self) -> dict[str, Any]:
        told = {n: self.told.get(n, Told()) for n in self.keys}
        return {
            "version": 2,
            "current": self.current,
            "epochs": {
                str(n): {"key": base64.b64encode(key).decode()}
                | {name: at.isoformat() for name in Told.__slots__ if (at := getattr(told[n], name)) is not None}
                for n, key in sorted(self.keys.items())
            },
            "roots": {
                handle: {"size": one.size, "root": base64.b64encode(one.root).decode(), "at": one.at.isoformat()}
                for handle, one in sorted(self.roots.items())
            },
            "copy": self.copy,
        }

    def next(self, at: datetime) -> Self:
        """With one more epoch, which is current from now on."""
        number = max(self.keys) + 1
        keys = {**self.keys, number: boxes.new_key()}
        return replace(self, current=number, keys=keys, told={**self.told, number: Told(begun=at)})

    def layered(self, at: datetime) -> Self:
        """Remembering that everything stands under the current epoch."""
        one = replace(self.told.get(self.current, Told()), layered=at)
        return replace(self, told={**self.told, self.current: one})

    def without(self, number: int) -> Self:
        """Without an epoch's key. Raises `EpochMissing`; ValueError for the current one."""
        if number == self.current:
            raise ValueError("the current epoch cannot be destroyed")
        if number not in self.keys:
            raise EpochMissing("there is no such epoch, or it is destroyed already")
        keys = {n: key for n, key in self.keys.items() if n != number}
        return replace(self, keys=keys, told={n: one for n, one in self.told.items() if n in keys})

    def backed_up(self, number: int, *, at: datetime, needed_until: datetime) -> Self:
        """Remembering that a backup made ``at`` needs an epoch ``needed_until``; an earlier one may need it longer."""
        one = self.told.get(number, Told())
        kept = max(needed_until, one.needed_until) if one.needed_until else needed_until
        return replace(self, told={**self.told, number: replace(one, backup=at, needed_until=kept)})

    def with_roots(self, roots: Mapping[str, Root]) -> Self:
        """Remembering where these logs stand, by the organisation's handle in hex. A smaller one is passed over."""
        known = {handle: one.size for handle, one in self.roots.items()}
        newer = {handle: one for handle, one in roots.items() if one.size > known.get(handle, 0)}
        return replace(self, roots={**self.roots, **newer})

    def copied_to(self, where: str) -> Self:
        """Remembering where the second copy of the file is written."""
        return replace(self, copy=where)

    def layer(self, wrap: bytes, place: bytes) -> tuple[int, bytes]:
        """``wrap`` under the current epoch: the epoch's number and the bytes to store."""
        return self.current, boxes.seal(self._layer_key(self.current), wrap, place)

    def peel(self, epoch: int, layered: bytes, place: bytes) -> bytes:
        """The wrap. Raises `EpochMissing`, `CannotOpen`."""
        return boxes.open_box(self._layer_key(epoch), layered, place)

    def _layer_key(self, epoch: int) -> bytes:
        # One HKDF a process would do; the key differs from the stored one so that the file's bytes alone seal nothing.
        try:
            return _layer_key(self.keys[epoch])
        except KeyError:
            raise EpochMissing("the epoch this was layered under has been destroyed or is not at hand") from None


def change(path: Path, how: Callable[[Epochs], Epochs], *, copy: Path | None = None) -> Epochs:
    """Read the file, change it and write it, with nobody in between: a server and a command may both be at it.

    ``copy`` is written as well, whether or not there was a change.

    Raises:
        EpochFileUnreadable, and whatever ``how`` raises: the file is as it was.
        OSError: the copy could not be written; the file is.
    """
    lock = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        before = Epochs.read(path)
        after = how(before)
        if after != before:
            after.write(path)
        if copy is not None:
            after.write(copy)
        return after
    finally:
        os.close(lock)


def _replace(new: Path, path: Path) -> None:
    """Put ``new`` in the place of ``path``; what was there is overwritten first, so that a freed block tells no key.

    A medium that writes elsewhere (a solid-state disk, a copying file system) keeps it nevertheless.
    """
    old: int | None = None
    with contextlib.suppress(FileNotFoundError):
        old = os.open(path, os.O_WRONLY)
    try:
        if old is not None:
            # Who holds the old one knows a new one by its time: two within one tick of the clock must differ as well.
            before, now = os.fstat(old).st_mtime_ns, new.stat()
            os.utime(new, ns=(now.st_atime_ns, max(now.st_mtime_ns, before + 1)))
        new.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        if old is not None:  # only now: until the new one is in place on the disk, the old one is the only one
            os.pwrite(old, bytes(os.fstat(old).st_size), 0)
            os.fsync(old)
    finally:
        if old is not None:
            os.close(old)


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


@functools.cache
def _layer_key(key: bytes) -> bytes:
    return boxes.derive(key, boxes.context("epoch-layer"))
