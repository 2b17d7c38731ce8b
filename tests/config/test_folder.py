"""The data folder: who can read it, and what is refused."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from safeconduct.config import folder
from safeconduct.config.folder import DataFolder


def test_only_the_owner_can_read_a_new_folder(tmp_path: Path) -> None:
    before = os.umask(0)  # the loosest an office's machine could be
    try:
        made = DataFolder.create(tmp_path / "deep" / "office", environment={})
    finally:
        os.umask(before)
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o700
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in made.path.iterdir()}
    assert modes == {"safeconduct.toml": 0o600, "secret.key": 0o600, "files": 0o700}
    made.require_private()


def test_two_folders_have_different_keys(tmp_path: Path) -> None:
    keys = {DataFolder.create(tmp_path / name, environment={}).secret_key() for name in ("one", "two")}
    assert len(keys) == 2


def test_a_folder_opens_as_the_kind_it_was_made(tmp_path: Path) -> None:
    DataFolder.create(tmp_path / "demo", "demo", environment={})
    assert DataFolder.open(tmp_path / "demo", environment={}).kind == "demo"


def test_an_empty_folder_may_become_a_data_folder_and_is_closed_to_others(tmp_path: Path) -> None:
    (tmp_path / "office").mkdir(mode=0o755)
    DataFolder.create(tmp_path / "office", environment={}).require_private()


def test_a_folder_in_use_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear")
    with pytest.raises(folder.FolderTaken):
        DataFolder.create(tmp_path, environment={})
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_what_is_no_data_folder_is_not_opened(tmp_path: Path) -> None:
    with pytest.raises(folder.FolderMissing):
        DataFolder.open(tmp_path / "absent", environment={})
    with pytest.raises(folder.NotADataFolder):
        DataFolder.open(tmp_path, environment={})


@pytest.mark.parametrize("name", ["", "secret.key", "files"])
@pytest.mark.parametrize("bits", [0o040, 0o004, 0o020, 0o010])
def test_anything_open_to_others_is_found_and_the_fix_works(data_folder: DataFolder, name: str, bits: int) -> None:
    opened = data_folder.path / name
    opened.chmod(stat.S_IMODE(opened.stat().st_mode) | bits)
    with pytest.raises(folder.FolderOpenToOthers, match="chmod -R go="):
        data_folder.require_private()
    assert data_folder.open_to_others() == [opened]
    for path in [data_folder.path, *data_folder.path.rglob("*")]:
        path.chmod(stat.S_IMODE(path.stat().st_mode) & 0o700)
    data_folder.require_private()


@pytest.mark.parametrize("content", [None, b"", b"short\n", b"\xff" * 64])
def test_a_damaged_secret_is_not_used(data_folder: DataFolder, content: bytes | None) -> None:
    path = data_folder.path / "secret.key"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(folder.FolderIncomplete, match=r"secret\.key"):
        data_folder.secret_key()


def test_a_write_that_fails_leaves_the_old_content(data_folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    data_folder.write("epoch.json", b"old")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        data_folder.write("epoch.json", b"new")
    assert data_folder.epoch_path.read_bytes() == b"old"
    assert {path.name for path in data_folder.path.iterdir()} == {
        "epoch.json",
        "files",
        "safeconduct.toml",
        "secret.key",
    }
