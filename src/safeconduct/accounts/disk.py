"""Bytes on the disk: written whole and synced before anything else is told of them, or not there at all."""

import contextlib
import os
import secrets
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final
from uuid import UUID

FOLDER_MODE: Final = 0o700
FILE_MODE: Final = 0o600
# What was written has its file for a moment before it has its row: nothing younger than this is a stray.
_SETTLED_SECONDS: Final = 3600
_AT_ONCE: Final = 500


def put(target: Path, content: bytes) -> None:
    """Put a new file in its place, which is two folders deep in one that is kept. When this returns it is on the disk.

    Raises `OSError`: nothing of it is there.
    """
    try:
        if not target.parent.is_dir():
            target.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
            sync(target.parent.parent)
        replace(target, content)
    except OSError:
        with contextlib.suppress(OSError):
            target.unlink(missing_ok=True)
        raise


def replace(target: Path, content: bytes) -> None:
    """Write a file as 0600, over the one that is there: a new one beside it, synced, then renamed.

    A crash leaves the old content or the new, never a mixture. Raises `OSError`.
    """
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    sync(target.parent)


def sync(folder: Path) -> None:
    """Wait until what is in a folder is on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def strays(
    folder: Path,
    *,
    handle_of: Callable[[Path], UUID | None],
    known: Callable[[list[UUID]], set[UUID]],
    now: float | None = None,
) -> Iterator[Path]:
    """Files two folders deep that no row speaks of, an hour old at least. ``now``: seconds since 1970.

    ``handle_of`` a path is what its row is asked by, None where no row could mean it; ``known`` are those with a row.
    """
    before = (time.time() if now is None else now) - _SETTLED_SECONDS
    settled: list[Path] = []
    for path in sorted(folder.glob("*/*")):
        with contextlib.suppress(FileNotFoundError):
            if path.is_file() and path.stat().st_mtime <= before:
                settled.append(path)
    for start in range(0, len(settled), _AT_ONCE):
        named = {path: handle_of(path) for path in settled[start : start + _AT_ONCE]}
        there = known([handle for handle in named.values() if handle is not None])
        yield from (path for path, handle in named.items() if handle not in there)
