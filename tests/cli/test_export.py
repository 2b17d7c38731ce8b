"""``safeconduct export``, ``--verify``, ``import-export``, and ``import`` of the same sheet again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.conf import settings

from safeconduct.casework.models import Case
from safeconduct.cli import export, import_, import_export
from safeconduct.config.folder import DataFolder
from safeconduct.people.models import Subject
from tests import builders
from tests.builders import PASSPHRASE, Office
from tests.support.whole_office import contents, empty_desk, whole_office

pytestmark = pytest.mark.django_db(transaction=True)
FOLDER = str(settings.DATA_FOLDER.path)
FILE_PASSPHRASE = "lantern orchard pebble quilt"


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
    path.write_text(FILE_PASSPHRASE + "\n")
    return str(path)


def run(command: object, *arguments: str, typed: str = PASSPHRASE + "\n") -> tuple[int, str, str]:
    done = CliRunner().invoke(command, list(arguments), input=typed)  # type: ignore[arg-type]
    return done.exit_code, done.stdout, done.stderr


def test_it_is_made_verified_and_brought_into_another_desk(office: Office, words: str, tmp_path: Path) -> None:
    target = tmp_path / "all.safeconduct"
    # The member's passphrase, then how many people.
    code, out, err = run(
        export.command, "--folder", FOLDER, "--to", str(target), "--member", "sian", "--passphrase-from", words,
        typed=f"{PASSPHRASE}\n3\n",
    )  # fmt: skip
    assert (code, "3 people" in err) == (0, True), err
    assert "Made: 3 people" in out
    assert oct(target.stat().st_mode)[-3:] == "600"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["all.safeconduct", "words"]
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
    again = tmp_path / "again.safeconduct"
    common = ["--folder", FOLDER, "--member", "sian", "--passphrase-from", words, "--people", "3", "--json"]
    code, out, err = run(export.command, "--to", str(again), *common)
    assert code == 0, err
    assert contents(again.read_bytes()) == before
    # What is here already is refused.
    code, _, err = run(import_export.command, *arguments)
    assert (code, "on this desk already" in err) == (2, True)
    assert Subject.objects.filter(kind="person").count() == 3


def test_another_number_makes_nothing(office: Office, words: str, tmp_path: Path) -> None:
    target = tmp_path / "all.safeconduct"
    arguments = ["--folder", FOLDER, "--to", str(target), "--member", "sian", "--passphrase-from", words]
    code, _, err = run(export.command, *arguments, "--people", "4")
    assert (code, "not how many people there are: 3" in err) == (2, True)
    assert not target.exists()
    target.write_text("something of somebody's")
    code, _, err = run(export.command, *arguments, "--people", "3")
    assert (code, "there already" in err) == (2, True)
    assert target.read_text() == "something of somebody's"


def test_a_file_that_is_not_whole_is_said_to_be(office: Office, words: str, tmp_path: Path) -> None:
    target = tmp_path / "all.safeconduct"
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
def test_killed_half_way_there_is_no_file(tmp_path: Path) -> None:
    """A real process, killed after its first sealed pieces were written."""
    folder, target = tmp_path / "demo", tmp_path / "all.safeconduct"
    DataFolder.create(folder, "demo", environment={})
    demo = [sys.executable, "-m", "safeconduct.cli.main", "demo", "--folder", str(folder), "--no-serve"]
    subprocess.run(demo, check=True, capture_output=True)
    words = tmp_path / "words"
    words.write_text(FILE_PASSPHRASE)
    kill = (
        "import os, signal, sys\n"
        "from safeconduct.cli import main\n"
        "from safeconduct.core.sealing import streams\n"
        "streams.PIECE = 4096\n"
        "seal = streams.Sealer._seal\n"
        "def sealed(self, piece, *, last):\n"
        "    seal(self, piece, last=last)\n"
        "    self._number > 3 and os.kill(os.getpid(), signal.SIGKILL)\n"
        "streams.Sealer._seal = sealed\n"
        "main.main()\n"
    )
    people = json.loads(
        subprocess.run([sys.executable, "-c", _COUNT, str(folder)], check=True, capture_output=True, text=True).stdout
    )
    arguments = ["export", "--folder", str(folder), "--to", str(target), "--people", str(people), "--json"]
    done = subprocess.run(
        [sys.executable, "-c", kill, *arguments, "--passphrase-from", str(words)], capture_output=True, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert not target.exists()
    left = [path for path in tmp_path.iterdir() if path.name.endswith(".part")]
    assert all(b"person" not in path.read_bytes() for path in left)
    whole = [sys.executable, "-m", "safeconduct.cli.main", *arguments, "--passphrase-from", str(words)]
    subprocess.run(whole, check=True, capture_output=True, env=os.environ)
    assert target.exists()
    assert not [path for path in tmp_path.iterdir() if path.name.endswith(".part")]


_COUNT = (
    "import sys\nfrom pathlib import Path\nfrom safeconduct.cli.opening import opened\nopened(Path(sys.argv[1]))\n"
    "from safeconduct.people.models import Subject\n"
    "from safeconduct.accounts.models import Team, Membership\n"
    "import json\n"
    "sign = json.loads((Path(sys.argv[1]) / 'sign-ins.json').read_text())\n"
    "lead = next(one['sign_in'] for one in sign if 'lead' in one['roles'])\n"
    "teams = Team.objects.filter(memberships__member__sign_in=lead, memberships__role='lead')\n"
    "print(Subject.objects.filter(kind='person', waiting=False, wraps__team__in=teams).distinct().count())\n"
)


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
