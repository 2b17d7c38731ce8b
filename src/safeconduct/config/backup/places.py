"""Where a backup may lie: not where the epoch keys do, unless somebody says so knowing what it means."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from safeconduct.config.folder import DataFolder

from .manifest import BackupFault

WEAKER: Final = (
    "Backups and epoch keys lie in one place: whoever takes that place has both, and then only the members' passphrases"
    " stand between them and every record, erased ones included."
)
NO_COPY: Final = (
    "There is no second copy of the epoch file. If this disk is lost, no backup opens. Set epoch_copy to a folder on"
    " another disk."
)


def refuse(data: DataFolder, target: Path, *, together: bool) -> list[str]:
    """What is to be said about ``target`` as a place for backups. Raises `BackupFault` where it may not be used."""
    target = target.absolute().resolve()
    if not target.parent.is_dir():
        raise BackupFault(f"There is no folder {target.parent}. Is the disk for backups mounted, and the name right?")
    if target == data.path.resolve() or target.is_relative_to(data.path.resolve()):
        raise BackupFault("A backup inside the data folder is lost with it. Name a folder on another disk.")
    copy = Path(data.options.epoch_copy).resolve() if data.options.epoch_copy else None
    shared = [place for place in (data.path.resolve(), copy) if place and _one_tree(place, target)]
    if copy and _one_medium(copy, target, data.path):
        shared.append(copy)
    if shared and not together:
        raise BackupFault(
            f"The epoch keys lie in {shared[0]}, in the same place as these backups. {WEAKER} Name another folder, or"
            " accept that with --together."
        )
    return ([WEAKER] if shared else []) + ([] if copy else [NO_COPY])


def _one_tree(one: Path, other: Path) -> bool:
    return one == other or one.is_relative_to(other) or other.is_relative_to(one)


def _one_medium(copy: Path, target: Path, home: Path) -> bool:
    """Whether both are on one disk that is not the desk's own: a stick is taken whole."""
    try:
        on = copy.stat().st_dev
        return on == _device(target) != home.stat().st_dev
    except OSError:
        return False


def _device(path: Path) -> int:
    while not path.exists():
        path = path.parent
    return path.stat().st_dev
