"""The secrets this process holds while it runs: the boot key, and the epoch keys read from their file."""

import os
from pathlib import Path
from typing import Final

from django.conf import settings

from safeconduct.core.sealing.epochs import Epochs

# Half of every session's key. It never leaves memory, so a restart locks everyone.
BOOT_KEY: Final = os.urandom(32)

_epochs: dict[Path, tuple[int, Epochs]] = {}


def epochs() -> Epochs:
    """The epoch keys, read again when their file changes. Raises `EpochFileUnreadable`."""
    path = Path(settings.EPOCH_FILE)
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        changed = 0
    held = _epochs.get(path)
    if held is None or held[0] != changed:
        held = _epochs[path] = (changed, Epochs.read(path))
    return held[1]


def begin_epochs() -> None:
    """Write the first epoch of a new folder, unless there is one."""
    path = Path(settings.EPOCH_FILE)
    if not path.exists():
        Epochs.begin().write(path)
