"""What commands without a member do first: open the folder, start Django, bring the tables up to date."""

from __future__ import annotations

from pathlib import Path

from safeconduct.cli.main import open_desk
from safeconduct.config.folder import DataFolder


def opened(folder: Path) -> DataFolder:
    """The data folder, with Django running on it. Raises `FolderFault`, `CommandFault`."""
    from safeconduct.cli.serve import prepare_database  # here: loading waits until a command is used

    data = DataFolder.open(folder)
    data.require_private()
    open_desk(data.path)
    prepare_database()
    return data


def started(folder: Path) -> None:
    """The same, for a folder that was just restored."""
    opened(folder)
