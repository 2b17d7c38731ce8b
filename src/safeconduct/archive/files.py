"""Files of sources on the disk, at ``archive/<first two figures of a handle>/<handle>`` and what they are.

``.wacz``: what others published, as it was captured. ``.refused``: bytes in quarantine, as they came; nothing opens
them. Without an ending: sealed. A name says nothing of the source.
"""

import contextlib
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError

from safeconduct.accounts import disk

from .faults import DiskRefused, FileGone
from .models import Quarantined, Source, SourceFile

WACZ: Final = ".wacz"
REFUSED: Final = ".refused"
SEALED: Final = ""


def folder() -> Path:
    """The folder of sources."""
    path: Path = settings.DATA_FOLDER.archive_path
    return path


def path_of(handle: UUID, ending: str) -> Path:
    """Where a file lies."""
    return folder() / handle.hex[:2] / f"{handle.hex}{ending}"


def ending_of(source: Source) -> str:
    """How the name of a source's file ends."""
    return WACZ if source.plane == Source.Plane.PUBLIC else SEALED


def write(handle: UUID, ending: str, content: bytes) -> None:
    """Put a file in its place. When this returns it is on the disk, under its name. Raises `DiskRefused`."""
    try:
        folder().mkdir(mode=disk.FOLDER_MODE, exist_ok=True)
        disk.put(path_of(handle, ending), content)
    except OSError:
        raise DiskRefused("The disk of the desk refused the file. Nothing was kept; see whether it is full.") from None


def read(handle: UUID, ending: str) -> bytes:
    """The bytes of a file. Raises `FileGone`."""
    try:
        return path_of(handle, ending).read_bytes()
    except OSError:
        raise FileGone("The file of this source is not in the data folder; put it back from a backup.") from None


def remove(handles: Iterable[UUID]) -> None:
    """Take files away. One that cannot be removed is left for `check` to find."""
    for handle in handles:
        for ending in (WACZ, REFUSED, SEALED):
            with contextlib.suppress(OSError):
                path_of(handle, ending).unlink(missing_ok=True)


def remove_unclaimed(handle: UUID) -> None:
    """Take a file away if no row speaks of it; where the database cannot be asked, it is left for `check` to find."""
    with contextlib.suppress(DatabaseError):
        if not _known([handle]):
            remove([handle])


def handles() -> Iterator[UUID]:
    """The handles of all files there should be."""
    return chain(
        SourceFile.objects.values_list("handle", flat=True).iterator(),
        Quarantined.objects.values_list("handle", flat=True).iterator(),
    )


def strays(*, now: float | None = None) -> Iterator[Path]:
    """Files nobody's row speaks of, an hour old at least: left by a process that was killed. ``now``: since 1970."""
    return disk.strays(folder(), handle_of=_handle_of, known=_known, now=now)


def _known(some: list[UUID]) -> set[UUID]:
    sources = SourceFile.objects.filter(handle__in=some).values_list("handle", flat=True)
    return set(sources) | set(Quarantined.objects.filter(handle__in=some).values_list("handle", flat=True))


def _handle_of(path: Path) -> UUID | None:
    name, dot, ending = path.name.partition(".")
    try:
        handle = UUID(hex=name)
    except ValueError:
        return None
    return handle if path == path_of(handle, dot + ending) else None
