"""T9, what the disk refuses: a sentence and exit code 2, no backup that passes for one, and left-over keys named."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.support import desk
from tests.support.backing_up import act, backup, refusal, restore, with_second_copy


@pytest.fixture(scope="module")
def backed_up(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """An office and a backup of it."""
    office = tmp_path_factory.mktemp("desk") / "office"
    act("make", office)
    (office.parent / "keys").mkdir()
    with_second_copy(office, office.parent / "keys", instead_of="")
    return office, Path(str(backup(office)["backup"]))


def test_what_the_disk_refuses_is_said_with_what_came_of_it(backed_up: tuple[Path, Path], tmp_path: Path) -> None:
    office, made = backed_up
    (tmp_path / "file").touch()
    said = refusal(made, office / "epoch.json", tmp_path / "file" / "new")
    assert "File exists. Nothing was restored" in said
    (tmp_path / "link").symlink_to(tmp_path)
    assert "is a symbolic link" in refusal(made, office / "epoch.json", tmp_path / "link")

    full = ["sh", "-c", 'trap "" XFSZ; ulimit -f 500; exec "$@"', "-"]  # no file above 250 kB
    done = subprocess.run(
        [*full, *desk.command("backup", str(tmp_path / "second"), "--folder", str(office))],
        env=desk.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "No backup was made" in done.stderr
    assert not list((tmp_path / "second").glob("safeconduct-*[0-9]"))


def test_keys_that_a_killed_restore_left_are_named(backed_up: tuple[Path, Path], tmp_path: Path) -> None:
    office, made = backed_up
    left = tmp_path / "new.restoring-0badc0de"
    left.mkdir()
    done = restore(made, office / "epoch.json", tmp_path / "new", "--trial")
    assert done.returncode == 0, done.stderr
    assert [said for said in json.loads(done.stdout)["missing"] if str(left) in said]
