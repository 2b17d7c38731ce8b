"""T1 for the archive: of what came in confidence, and of what members wrote, no word stands in any file of the folder.

Taken in whole, refused and put in quarantine, searched for, cited, noted, tagged, collected, handed over and masked;
then the desk is killed: in tables, journals, packages and indexes.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.attacks.needles import Needles, everywhere
from tests.support import desk
from tests.support.sources import ADDRESS, SEEN, WORDS, WROTE

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("sources") / "office"
    line = [sys.executable, "-m", "tests.support.sources", "make", str(made)]
    done = subprocess.run(line, cwd=ROOT, env=desk.environment(), capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    return made


def test_no_word_of_what_came_in_confidence_is_in_any_file(folder: Path) -> None:
    assert len([path for path in (folder / "archive").rglob("*") if path.is_file()]) == 3
    found, read = everywhere(Needles([*WORDS, *WROTE, ADDRESS.rpartition("/")[2]]), folder)
    assert found == []
    assert read > 100_000


def test_the_same_search_finds_what_others_published(folder: Path) -> None:
    found, _ = everywhere(Needles([SEEN]), folder)
    where = {Path(hit.where).relative_to(folder).parts[0] for hit in found}
    assert {"archive", "database.sqlite3"} <= where
