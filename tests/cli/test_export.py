"""``safeconduct export``, ``--verify``, ``import-export``, and ``import`` of the same sheet again."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.db import connection

from safeconduct.casework.exporting import package
from safeconduct.casework.models import Case
from safeconduct.cli import export, import_, import_export
from safeconduct.people.models import Subject
from tests import builders
from tests.builders import PASSPHRASE, Office
from tests.support import exports
from tests.support.whole_office import contents, empty_desk, whole_office

pytestmark = pytest.mark.django_db(transaction=True)
FOLDER = str(settings.DATA_FOLDER.path)


@pytest.fixture(autouse=True)
def locked_cheaply(monkeypatch: pytest.MonkeyPatch) -> None:
    exports.lock_cheaply(monkeypatch)


def private() -> None:
    # The tests' own database lies in this folder and is made without the program's umask.
    for path in settings.DATA_FOLDER.path.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)


@pytest.fixture
def office() -> Office:
    place = whole_office()
    private()
    return place


@pytest.fixture
def words(tmp_path: Path) -> str:
    path = tmp_path / "words"
    path.write_text(exports.PASSPHRASE + "\n")
    return str(path)


def run(command: object, *arguments: str, typed: str = PASSPHRASE + "\n") -> tuple[int, str, str]:
    done = CliRunner().invoke(command, list(arguments), input=typed)  # type: ignore[arg-type]
    return done.exit_code, done.stdout, done.stderr


def test_it_is_made_verified_and_brought_into_another_desk(office: Office, words: str, tmp_path: Path) -> None:
    target = tmp_path / "all.zip"
    # The member's passphrase, then how many people.
    code, out, err = run(
        export.command, "--folder", FOLDER, "--to", str(target), "--member", "sian", "--passphrase-from", words,
        typed=f"{PASSPHRASE}\n3\n",
    )  # fmt: skip
    assert (code, "3 people" in err) == (0, True), err
    assert "Made: 3 people" in out
    assert oct(target.stat().st_mode)[-3:] == "600"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["all.zip", "words"]
    code, out, _ = run(export.command, "--verify", str(target), "--passphrase-from", words, "--json")
    assert code == 0
    found = json.loads(out)
    assert (found["records"]["people"], found["records"]["papers"]) == (3, 2)
    before = contents(target.read_bytes())
    empty_desk()
    private()
    arguments = [str(target), "--folder", FOLDER, "--member", "sian", "--passphrase-from", words]
    code, out, err = run(import_export.command, *arguments)
    assert (code, "Brought in: 3 people" in out) == (0, True), err
    again = tmp_path / "again.zip"
    common = ["--folder", FOLDER, "--member", "sian", "--passphrase-from", words, "--people", "3", "--json"]
    code, out, err = run(export.command, "--to", str(again), *common)
    assert code == 0, err
    assert contents(again.read_bytes()) == before
    # What is here already is refused.
    code, _, err = run(import_export.command, *arguments)
    assert (code, "on this desk already" in err) == (2, True)
    assert Subject.objects.filter(kind="person").count() == 3


def test_another_number_makes_nothing(office: Office, words: str, tmp_path: Path) -> None:
    target = tmp_path / "all.zip"
    arguments = ["--folder", FOLDER, "--to", str(target), "--member", "sian", "--passphrase-from", words]
    code, _, err = run(export.command, *arguments, "--people", "4")
    assert (code, "not how many people there are: 3" in err) == (2, True)
    assert not target.exists()
    target.write_text("something of somebody's")
    code, _, err = run(export.command, *arguments, "--people", "3")
    assert (code, "there already" in err) == (2, True)
    assert target.read_text() == "something of somebody's"


def test_a_file_that_is_not_whole_is_said_to_be(office: Office, words: str, tmp_path: Path) -> None:
    target = tmp_path / "all.zip"
    arguments = ["--folder", FOLDER, "--to", str(target), "--member", "sian", "--people", "3"]
    assert run(export.command, *arguments, "--passphrase-from", words)[0] == 0
    target.write_bytes(target.read_bytes()[:-40])
    code, _, err = run(export.command, "--verify", str(target), "--passphrase-from", words)
    assert (code, "cut short" in err) == (2, True)
    empty_desk()
    private()
    where = [str(target), "--folder", FOLDER, "--member", "sian", "--passphrase-from", words]
    code, _, err = run(import_export.command, *where)
    assert (code, "Nothing was brought in" in err) == (2, True)
    assert not Subject.objects.exists()


@pytest.mark.skipif(
    settings.DATABASES["default"]["ENGINE"].endswith("postgresql"), reason="a process of its own, SQLite"
)
def test_killed_half_way_there_is_no_file(office: Office, words: str, tmp_path: Path) -> None:
    """A real process on a copy of the desk, killed after the first of the file was written."""
    folder, target = tmp_path / "office", tmp_path / "all.zip"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("*.sqlite3*"))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(folder / "database.sqlite3")])
    (folder / "database.sqlite3").chmod(0o600)
    common = ["--to", str(target), "--member", "sian", "--passphrase-from", words, "--people", "3"]
    line = [sys.executable, "-c", _KILLED, PASSPHRASE, "--folder", str(folder), *common]
    done = subprocess.run(line, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, (done.stdout, done.stderr)
    assert not target.exists()
    [left] = tmp_path.glob(".all.zip.part")
    assert left.stat().st_size > 0
    with left.open("rb") as raw, pytest.raises(package.BadExport, match="cut short"):
        package.Package(raw)
    # The next one is whole, and nothing of the first is left.
    code, _, err = run(export.command, "--folder", FOLDER, *common)
    assert code == 0, err
    assert contents(target.read_bytes())
    assert not list(tmp_path.glob(".*"))


_KILLED = """
import os, signal, sys
from click.testing import CliRunner
from safeconduct.cli import export
from safeconduct.core.sealing.agefiles import FileKey, LockedKey

def killed(target, pieces):
    def slices():
        whole = (piece[at : at + 4096] for piece in pieces for at in range(0, len(piece), 4096))
        for number, one in enumerate(whole):
            yield one
            number == 3 and os.kill(os.getpid(), signal.SIGKILL)
    return write(target, slices())

LockedKey.under = lambda passphrase: LockedKey(FileKey.new(), b"nobody opens it")  # or it costs seconds
write, export._write = export._write, killed
done = CliRunner().invoke(export.command, sys.argv[2:], input=sys.argv[1])
sys.exit(f"not killed: {done.output} {done.exception}")
"""


def test_the_same_sheet_again_says_row_by_row_what_it_changed(tmp_path: Path) -> None:
    place = builders.office()
    private()
    sheet = tmp_path / "office.csv"
    common = ["--folder", FOLDER, "--member", "sian", "--same-person", "never", "--as-of", "2026-11-20", "--json"]

    def week(*rows: str) -> dict[str, object]:
        sheet.write_text("\n".join(["Our ref,Name,Date sent,Sent to,Subject", *rows]))
        code, out, err = run(import_.command, str(sheet), *common)
        assert code == 0, err
        return json.loads(out)  # type: ignore[no-any-return]

    assert week("A/1,Zehra Kaplan,01/10/2026,MPAM,Delay", "A/2,Hagos Invented,01/10/2026,MPAM,Delay")["people"] == 2
    found = week("A/1,Zehra Kaplan,01/10/2026,MPAM,Asked again", "A/3,Leila Invented,02/10/2026,MPAM,Delay")
    assert (found["people"], found["already_here"], found["gone"]) == (1, 1, ["A/2"])
    assert found["changed"] == [
        {"row": 2, "our_ref": "A/1", "set": ["subject"], "added_to_person": [], "left_alone": []}
    ]
    assert Case.objects.filter(team=place.team).count() == 3
