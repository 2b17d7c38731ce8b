"""The secrets this process holds while it runs: the boot key, and the epoch keys read from their file."""

import logging
import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from django.conf import settings

from safeconduct.core.sealing import epochs as sealing
from safeconduct.core.sealing.epochs import Epochs, Root

# Half of every session's key. It never leaves memory, so a restart locks everyone.
BOOT_KEY: Final = os.urandom(32)
COPY_NAME: Final = "safeconduct-epoch.json"
_log = logging.getLogger("safeconduct.keys")

_epochs: dict[Path, tuple[tuple[int, int], Epochs]] = {}


class CopyFailed(Exception):
    """The epoch file was changed, and its second copy could not be written where the setting says."""


def epochs() -> Epochs:
    """The epoch keys, read again when their file changes. Raises `EpochFileUnreadable`."""
    path = _path()
    try:
        stat = path.stat()
        changed = (stat.st_mtime_ns, stat.st_ino)
    except FileNotFoundError:
        changed = (0, 0)
    held = _epochs.get(path)
    if held is None or held[0] != changed:
        held = _epochs[path] = (changed, Epochs.read(path))
    return held[1]


def begin_epochs() -> None:
    """Write the first epoch of a new folder, unless there is one."""
    path = _path()
    if not path.exists():
        Epochs.begin(datetime.now(UTC)).write(path)
        copy_out()


def change(how: Callable[[Epochs], Epochs]) -> Epochs:
    """Change the epoch file, and its second copy where the office has one (the setting ``epoch_copy``).

    Raises:
        EpochFileUnreadable, or what ``how`` raises: nothing was changed.
        CopyFailed: the file is changed, its copy is not.
    """
    changed = sealing.change(_path(), how)
    return copy_out() or changed


def roots() -> Mapping[str, Root]:
    """Where each log stood when last remembered, by the organisation's handle in hex. Raises `EpochFileUnreadable`."""
    return epochs().roots


def remember_roots(seen: Mapping[str, Root]) -> None:
    """Remember where logs stand now, beside the database and not in it. A smaller log than known changes nothing.

    A second copy that cannot be written now is written at the next change: nobody's work waits for it. Raises
    `EpochFileUnreadable`.
    """
    if epochs().with_roots(seen) == epochs():
        return
    try:
        change(lambda now: now.with_roots(seen))
    except CopyFailed as fault:
        _log.warning("keys: %s", type(fault).__name__)


def copy_out() -> Epochs | None:
    """Write the second copy of the epoch file, over the one before: the latest only. None where there is no setting.

    Raises `CopyFailed`.
    """
    folder: str = getattr(settings, "EPOCH_COPY", "")
    if not folder:
        return None
    target = Path(folder) / COPY_NAME
    try:
        return sealing.change(_path(), lambda known: known.copied_to(str(target)), copy=target)
    except OSError:
        raise CopyFailed(
            f"the second copy of the epoch file could not be written to {folder}. Mend that place (the setting"
            " epoch_copy), then run: safeconduct epochs copy"
        ) from None


def _path() -> Path:
    # The setting's own: it is asked with every record that is sealed, and to make another of it takes longest.
    path: Path = settings.EPOCH_FILE
    return path
