"""`safeconduct import-mail` on a folder: one object a file, with exactly the keys that were agreed."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from safeconduct.accounts.actor import Actor
from safeconduct.cli import import_mail
from safeconduct.post.models import Message
from tests import builders
from tests.support.mails import WRITES, mail

pytestmark = pytest.mark.django_db(transaction=True)

ON = date(2026, 11, 10)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of mail, and a desk on which the command acts as its first member."""
    by = builders.office().guardian
    builders.case(by, builders.person(by), sent_on=date(2026, 10, 1))

    @contextmanager
    def acting(_folder: Path, _member: str | None, *, role: str) -> Iterator[Actor]:
        assert role == "caseworker"
        yield by.actor

    monkeypatch.setattr(import_mail, "acting", acting)
    folder = tmp_path / "mail"
    (folder / "below").mkdir(parents=True)
    (folder / "a.eml").write_bytes(mail(WRITES["no_timeframe"], on=ON, subject="RE: IM/0001"))
    (folder / "b.zip").write_bytes(b"PK\x03\x04 no mail at all")
    (folder / "below" / "c.eml").write_bytes(mail("The bulletin of this week.", on=ON, number=2, subject="Bulletin"))
    (folder / "empty").write_bytes(b"")
    box = b"".join(
        b"From x Fri Nov 20 09:00:00 2026\n" + mail(says, on=ON, number=number, subject=subject) + b"\n"
        for says, number, subject in ((WRITES["holding"], 3, "RE: IM/0001"), (WRITES["no_timeframe"], 4, "IM/0001"))
    )
    (folder / "z.mbox").write_bytes(box)
    return folder


def run(folder: Path, *options: str) -> Result:
    result = CliRunner().invoke(import_mail.command, [str(folder), "--folder", "unused", *options])
    assert result.exit_code == 0, result.output
    return result


def test_each_file_is_one_object_with_the_agreed_keys(desk: Path) -> None:
    said = {one["file"]: one for one in json.loads(run(desk, "--json").stdout)}
    matched = {"labels": ["no_timeframe"], "candidates": ["IM/0001"], "our_ref": "IM/0001"}
    assert said["a.eml"] == {"file": "a.eml", **matched}
    assert said["below/c.eml"] == {"file": "below/c.eml", "labels": [], "candidates": [], "our_ref": None}
    assert said["z.mbox"] == {
        "file": "z.mbox", "labels": ["holding", "no_timeframe"], "candidates": ["IM/0001"], "our_ref": "IM/0001",
    }  # fmt: skip
    for name in ("b.zip", "empty"):
        assert said[name].keys() == {"file", "labels", "candidates", "our_ref", "error"}
        assert said[name]["error"]
    assert list(said) == ["a.eml", "b.zip", "below/c.eml", "empty", "z.mbox"]
    assert Message.objects.count() == 4


def test_a_dry_run_says_the_same_and_keeps_nothing(desk: Path) -> None:
    tried = json.loads(run(desk, "--dry-run", "--json").stdout)
    assert not Message.objects.exists()
    assert tried == json.loads(run(desk, "--json").stdout)


def test_in_words_it_counts_and_names_what_was_not_taken_in(desk: Path) -> None:
    said = run(desk).stdout
    assert "4 messages read. Took in 4." in said
    assert "3 can mean one letter alone, 0 more than one, 1 none." in said
    assert "b.zip not taken in: It is no mail." in said
    again = run(desk).stdout
    assert "Took in 0." in again
    assert "4 were here already." in again


def test_a_file_nobody_may_read_does_not_stop_the_others(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.open

    def refused(self: Path, *args: object, **options: object) -> object:
        if self.name == "a.eml":
            raise PermissionError
        return real(self, *args, **options)

    monkeypatch.setattr(Path, "open", refused)
    said = {one["file"]: one for one in json.loads(run(desk, "--json").stdout)}
    assert "cannot be opened" in said["a.eml"]["error"]
    assert said["z.mbox"]["our_ref"] == "IM/0001"


def test_what_is_no_file_is_passed_over(desk: Path) -> None:
    os.mkfifo(desk / "pipe")
    assert "pipe" not in {one["file"] for one in json.loads(run(desk, "--json").stdout)}
