"""Epochs: a layer around every stored wrap, under a key that never enters the database or its backups.

Dropping a wrap from a database is not erasure: copies keep it. Destroying the epoch it was layered under is.
The file is small JSON: ``{"version": 1, "current": 3, "epochs": {"3": "<base64 of 32 bytes>"}}``.
"""

import base64
import binascii
import contextlib
import functools
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from . import boxes
from .faults import EpochFileUnreadable, EpochMissing


@dataclass(frozen=True, slots=True, repr=False)
class Epochs:
    """The epoch keys at hand: ``keys`` by number, and the number new wraps are layered under."""

    current: int
    keys: Mapping[int, bytes]

    @classmethod
    def begin(cls) -> Self:
        """The first epoch of a new folder."""
        return cls(1, {1: boxes.new_key()})

    @classmethod
    def read(cls, path: Path) -> Self:
        """Raises `EpochFileUnreadable`: without this file nothing in the database opens."""
        try:
            raw = json.loads(path.read_text("ascii"))
            keys = {int(n): base64.b64decode(key, validate=True) for n, key in raw["epochs"].items()}
            current = int(raw["current"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError, binascii.Error):
            raise EpochFileUnreadable("the epoch file cannot be read; put its copy back before starting") from None
        if raw.get("version") != 1 or current not in keys or any(len(key) != boxes.KEY_BYTES for key in keys.values()):
            raise EpochFileUnreadable("the epoch file is damaged or of a later version")
        return cls(current, keys)

    def write(self, path: Path) -> None:
        """Replace the file at once: after a power cut either the old or the new one is there, whole."""
        body = {
            "version": 1,
            "current": self.current,
            "epochs": {str(n): base64.b64encode(key).decode() for n, key in sorted(self.keys.items())},
        }
        new = path.with_suffix(".new")
        with contextlib.suppress(FileNotFoundError):
            new.unlink()
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as out:
            json.dump(body, out, indent=1)
            out.flush()
            os.fsync(out.fileno())
        new.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

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


@functools.cache
def _layer_key(key: bytes) -> bytes:
    return boxes.derive(key, boxes.context("epoch-layer"))
