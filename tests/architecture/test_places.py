"""Every file a desk leaves (in its folder, a backup, an exported log) and every cookie is in the inventory."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from safeconduct.web import cookies
from tests.architecture import places
from tests.builders import PASSPHRASE
from tests.support import desk


@pytest.fixture(scope="module")
def worked_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which people, papers and imports were kept; with an exported log and a backup beside it."""
    place = tmp_path_factory.mktemp("places")
    folder = place / "office"
    for what in (["make", str(folder), "TRUNCATE"], ["record", str(folder), "TRUNCATE", str(place / "acks")]):
        line = [sys.executable, "-m", "tests.support.crashing", *what]
        done = subprocess.run(
            line, cwd=Path(__file__).parents[2], env=desk.environment(), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    (folder / "people.json").unlink()  # the tests' own note
    export = ["log", "export", str(place / "export"), "--folder", str(folder), "--member", "sian"]
    for line in (export, ["backup", str(place / "backups"), "--folder", str(folder), "--together", "--json"]):
        done = desk.run(*line, typed=PASSPHRASE + "\n")
        assert done.returncode == 0, done.stderr
    return place


def test_every_file_of_a_data_folder_is_listed(worked_in: Path) -> None:
    folder = worked_in / "office"
    assert list(places.unlisted(folder, places.FOLDER)) == []
    there = {path.name for path in folder.iterdir()}
    assert {"epoch.json", "secret.key", "log.key", "safeconduct.toml", "database.sqlite3", "files"} <= there
    assert any(path.is_file() for path in (folder / "files").rglob("*")), "a paper is among them"
    kept = {path.suffix for path in (folder / "archive").rglob("*") if path.is_file()}
    assert kept == {".wacz", ""}, "both kinds of source are among them"


def test_every_file_of_a_backup_and_of_an_export_is_listed(worked_in: Path) -> None:
    [backup] = (worked_in / "backups").iterdir()
    assert list(places.unlisted(backup, places.BACKUP)) == []
    assert json.loads((backup / "manifest.json").read_text("utf-8"))["counts"]
    assert list(places.unlisted(worked_in / "export", places.EXPORT)) == []


def test_every_table_of_the_file_is_of_a_model(worked_in: Path) -> None:
    with sqlite3.connect(worked_in / "office" / "database.sqlite3") as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert all(
        re.match(r"(journal|accounts|agenda|archive|people|casework|post|web)_", name) for name in tables - PASSED
    ), tables


PASSED = {"django_migrations", "sqlite_sequence"}


@pytest.mark.parametrize("name", ["notes.txt", "database.sqlite3.bak", "files/ab/passport.jpg", "epoch.json~", "a/b"])
def test_a_file_nobody_placed_is_found(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_bytes(b"")
    assert name in list(places.unlisted(tmp_path, places.FOLDER))


def test_every_cookie_is_listed() -> None:
    ours = {value for name, value in vars(cookies).items() if name.isupper() and str(value).startswith("safeconduct-")}
    ours |= {settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME}
    assert ours == {one.name for one in places.COOKIES}
