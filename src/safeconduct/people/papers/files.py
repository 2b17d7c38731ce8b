"""Sealed files on the disk: written whole and synced before anything else is told of them, or not there at all.

A file lies at ``files/<first two figures of its handle>/<handle>``. Nothing unsealed is ever written, under any name.
"""

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError

from safeconduct.accounts import disk

from ..models import PaperFile
from ..records import PutBack


class FileGone(PutBack):
    """The sealed file of a paper is not in the data folder any more."""


class DiskRefused(Exception):
    """The disk took no more: nothing of the paper was kept."""


def path_of(handle: UUID) -> Path:
    """Where a file lies."""
    return folder() / handle.hex[:2] / handle.hex


def folder() -> Path:
    """The folder of sealed files."""
    path: Path = settings.DATA_FOLDER.files_path
    return path


def write(handle: UUID, sealed: bytes) -> None:
    """Put a sealed file in its place. When this returns it is on the disk, under its name. Raises `DiskRefused`."""
    try:
        disk.put(path_of(handle), sealed)
    except OSError:
        raise DiskRefused("The disk of the desk refused the paper. Nothing was kept; see whether it is full.") from None


def read(handle: UUID) -> bytes:
    """The sealed bytes. Raises `FileGone`."""
    try:
        return path_of(handle).read_bytes()
    except OSError:
        raise FileGone("the file of this paper is not in the data folder; put it back from a copy") from None


def remove(handles: Iterable[UUID]) -> None:
    """Take files away. One that is gone already is no fault; one that cannot be removed is left for `check` to find."""
    for handle in handles:
        with contextlib.suppress(OSError):
            path_of(handle).unlink(missing_ok=True)


def remove_unclaimed(handles: Sequence[UUID]) -> None:
    """Take away those no row speaks of; where the database cannot be asked, all are left for `check` to find."""
    with contextlib.suppress(DatabaseError):
        known = _known(handles)
        remove(handle for handle in handles if handle not in known)


def strays(*, now: float | None = None) -> Iterator[Path]:
    """Files nobody's row speaks of: left by a process that was killed, or by a removal the disk refused.

    Those of the last hour are not told, since an upload may be about to write its row. ``now``: seconds since 1970.
    """
    return disk.strays(folder(), handle_of=_handle_of, known=_known, now=now)


def _known(some: Sequence[UUID]) -> set[UUID]:
    return set(PaperFile.objects.filter(handle__in=some).values_list("handle", flat=True))


def _handle_of(path: Path) -> UUID | None:
    try:
        handle = UUID(hex=path.name)
    except ValueError:
        return None
    return handle if path == path_of(handle) else None
