"""Bytes on the disk: written whole and synced before anything else is told of them, or not there at all."""

import contextlib
import os
import secrets
from pathlib import Path
from typing import Final

FOLDER_MODE: Final = 0o700
FILE_MODE: Final = 0o600


def put(target: Path, content: bytes) -> None:
    """Put a file in its place, which is two folders deep in one that is kept. When this returns it is on the disk.

    Raises `OSError`: nothing of it is there.
    """
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        if not target.parent.is_dir():
            target.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
            sync(target.parent.parent)
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
    except OSError:
        with contextlib.suppress(OSError):
            target.unlink(missing_ok=True)
        raise


def sync(folder: Path) -> None:
    """Wait until what is in a folder is on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
