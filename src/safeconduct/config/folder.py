"""The data folder: everything one desk keeps, in one place that only its owner may read.

    safeconduct.toml    settings (options.py)
    secret.key          Django's signing key; signs CSRF tokens, opens no envelope
    database.sqlite3    open columns and sealed envelopes (absent when the database is PostgreSQL)
    epoch.json          epoch keys: without them no stored wrap opens
    log.key             signs checkpoints of the journal
    files/              sealed papers
    archive/            sources: packages of what others published, and sealed ones
    authorities/        whom the office asks for time-stamps: authorities.toml, and their certificates beside it

The folder is 0700 and its files 0600. Names and paths in errors are those of the folder, never of a record.
"""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from safeconduct.accounts import disk
from safeconduct.config import options as settings_file
from safeconduct.config.options import Kind, Options, Value

SETTINGS_NAME = "safeconduct.toml"
SECRET_NAME = "secret.key"  # noqa: S105 - the name of a file, not a secret
FOLDER_MODE = 0o700
FILE_MODE = 0o600


class FolderFault(Exception):
    """The data folder cannot be used as asked. The text says what to do."""


class FolderMissing(FolderFault):
    """There is no folder at the path."""


class FolderTaken(FolderFault):
    """A new data folder was asked for where something already is."""


class NotADataFolder(FolderFault):
    """The folder exists but was not made by Safeconduct."""


class FolderOpenToOthers(FolderFault):
    """Another account of this computer can read or write the folder or a file in it."""


class FolderIncomplete(FolderFault):
    """A file the folder must hold is missing or damaged."""


@dataclass(frozen=True)
class DataFolder:
    """An opened data folder. `options` are its settings with the environment's overrides."""

    path: Path
    options: Options = field(repr=False)

    @classmethod
    def create(
        cls,
        path: Path,
        kind: Kind = "real",
        *,
        environment: Mapping[str, str] | None = None,
        **values: Value,
    ) -> DataFolder:
        """Make a new data folder at `path`, which must be absent or empty, and open it.

        `values` are settings other than their defaults. Raises `FolderTaken`, `SettingFault`, or `OSError` when
        the disk refuses.
        """
        path = path.absolute()
        text = settings_file.render({"kind": kind, **values})
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise FolderTaken(f"{path} already holds something. Choose a folder that does not exist yet.")
        path.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        path.chmod(FOLDER_MODE)
        (path / "files").mkdir(mode=FOLDER_MODE)
        disk.replace(path / SECRET_NAME, secrets.token_hex(32).encode("ascii") + b"\n")
        # The settings come last: a folder without them is visibly unfinished and is refused by `open`.
        disk.replace(path / SETTINGS_NAME, text.encode("utf-8"))
        return cls.open(path, environment=environment)

    @classmethod
    def open(cls, path: Path, *, environment: Mapping[str, str] | None = None) -> DataFolder:
        """Open the data folder at `path`.

        `environment` defaults to the process's own. Raises `FolderMissing`, `NotADataFolder`, `SettingFault`.
        Permissions are a separate question: see `require_private`.
        """
        path = path.absolute()
        if not path.is_dir():
            raise FolderMissing(f"There is no data folder at {path}.")
        try:
            text = (path / SETTINGS_NAME).read_text(encoding="utf-8")
        except FileNotFoundError:
            raise NotADataFolder(f"{path} has no {SETTINGS_NAME}, so it is not a Safeconduct data folder.") from None
        except UnicodeDecodeError:
            raise FolderIncomplete(f"{path / SETTINGS_NAME} is not UTF-8 text.") from None
        given = os.environ if environment is None else environment
        return cls(path, settings_file.read(text, given))

    @property
    def kind(self) -> Kind:
        """`real` or `demo`."""
        return self.options.kind

    @property
    def database_path(self) -> Path:
        """The SQLite file, whether or not it exists."""
        return self.path / "database.sqlite3"

    @property
    def epoch_path(self) -> Path:
        """The epoch keys."""
        return self.path / "epoch.json"

    @property
    def log_key_path(self) -> Path:
        """The key that signs checkpoints."""
        return self.path / "log.key"

    @property
    def files_path(self) -> Path:
        """The folder of sealed papers."""
        return self.path / "files"

    @property
    def archive_path(self) -> Path:
        """The folder of sources. It is made when the first is taken in."""
        return self.path / "archive"

    @property
    def authorities_path(self) -> Path:
        """Whom the office asks for time-stamps, where somebody wrote that."""
        return self.path / "authorities" / "authorities.toml"

    @property
    def sign_ins_path(self) -> Path:
        """The invented members' passphrases; exists in a demo folder only."""
        return self.path / "sign-ins.json"

    def secret_key(self) -> str:
        """Django's signing key. Raises `FolderIncomplete` when it is missing or too short."""
        try:
            key = (self.path / SECRET_NAME).read_text(encoding="ascii").strip()
        except (FileNotFoundError, UnicodeDecodeError):
            key = ""
        if len(key) < 50:
            raise FolderIncomplete(
                f"{self.path / SECRET_NAME} is missing or damaged. Delete what is left of it, then write a new"
                " one: it signs forms only, and no record depends on it."
            )
        return key

    def write(self, name: str, content: bytes) -> Path:
        """Put `content` at `name` in the folder, 0600, all of it or nothing, replacing what was there."""
        target = self.path / name
        disk.replace(target, content)
        return target

    def change(self, name: str, value: Value) -> None:
        """Change one setting in the file, all of it or nothing; `options` stays as read. Raises `SettingFault`."""
        text = (self.path / SETTINGS_NAME).read_text(encoding="utf-8")
        self.write(SETTINGS_NAME, settings_file.replaced(text, name, value).encode("utf-8"))

    def open_to_others(self) -> list[Path]:
        """Paths in the folder that another account could read or write, the folder itself first."""
        found = [self.path] if _others_may(self.path) else []
        for root, folders, files in os.walk(self.path):
            found += [path for name in sorted([*folders, *files]) if _others_may(path := Path(root) / name)]
        return found

    def require_private(self) -> None:
        """Raise `FolderOpenToOthers`, with the command that mends it, unless only the owner can read the folder."""
        if os.name != "posix":
            return
        if found := self.open_to_others():
            raise FolderOpenToOthers(
                f"Other accounts of this computer can read {found[0]}"
                + (f" and {len(found) - 1} more" if len(found) > 1 else "")
                + f". Close it with: chmod -R go= '{self.path}'"
            )
        owner = self.path.stat().st_uid
        if owner != os.geteuid() and os.geteuid() != 0:
            raise FolderOpenToOthers(f"{self.path} belongs to another account. Run as its owner.")


def _others_may(path: Path) -> bool:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return False  # a database's journal may vanish between listing and looking
    return not stat.S_ISLNK(mode) and bool(mode & (stat.S_IRWXG | stat.S_IRWXO))
