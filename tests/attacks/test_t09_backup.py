"""T9: a backup under load restores elsewhere with its log's root and every record; a wrong key fails loudly.

And what erasing promises of backups: once their time is over, no key there is opens a wrap of whom was erased.
"""

from __future__ import annotations

import base64
import json
import secrets
import shutil
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from safeconduct.config.backup import manifest as manifests
from safeconduct.config.backup import places
from safeconduct.config.backup.make import TRIAL
from safeconduct.config.folder import DataFolder
from safeconduct.core.sealing import boxes
from safeconduct.core.sealing.epochs import Epochs
from safeconduct.core.sealing.faults import SealingFault
from tests.attacks import needles
from tests.support import desk
from tests.support.backing_up import (
    act,
    another_key,
    backup,
    contents,
    name_more,
    refusal,
    restore,
    seal_anew,
    with_second_copy,
)
from tests.support.backups import ERASED
from tests.support.postgresql import Cluster

ON_POSTGRESQL = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """An office, and the handle of whom to erase."""
    folder = tmp_path_factory.mktemp("desk") / "office"
    return folder, json.loads(act("make", folder))["erased"]


@pytest.fixture
def office(made: tuple[Path, str], tmp_path: Path) -> Path:
    """A copy of it, with a place for the second copy of the epoch keys."""
    folder = tmp_path / "office"
    shutil.copytree(made[0], folder)
    (tmp_path / "keys").mkdir()
    with_second_copy(folder, tmp_path / "keys", instead_of="")
    return folder


@pytest.fixture(scope="module")
def backed_up_once(made: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place with the office, its keys' second copy and a backup of it."""
    place = tmp_path_factory.mktemp("backed-up")
    shutil.copytree(made[0], place / "office")
    (place / "keys").mkdir()
    with_second_copy(place / "office", place / "keys", instead_of="")
    backup(place / "office")
    return place


@pytest.fixture
def backed_up(backed_up_once: Path, tmp_path: Path) -> tuple[Path, Path]:
    """The office and its backup, copied: what most tests begin with."""
    for name in ("office", "keys", "backups"):
        shutil.copytree(backed_up_once / name, tmp_path / name)
    with_second_copy(tmp_path / "office", tmp_path / "keys", instead_of=backed_up_once / "keys")
    [backup] = (tmp_path / "backups").iterdir()
    return tmp_path / "office", backup


def test_a_backup_under_load_restores_elsewhere_and_every_record_opens(office: Path, tmp_path: Path) -> None:
    writing = subprocess.Popen(
        [sys.executable, "-m", "tests.support.backups", "add", str(office)],
        env=desk.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert writing.stdout is not None
    before = [writing.stdout.readline().strip() for _ in range(6)]
    made = backup(office)
    after = writing.stdout.readline()  # they went on meanwhile
    assert writing.stdin is not None
    writing.stdin.close()
    rest = writing.stdout.read()
    writing.stdout.close()
    assert writing.wait() == 0
    assert after
    handles = {*before, after.strip(), *rest.split()}
    manifest = json.loads((Path(str(made["backup"])) / "manifest.json").read_text())

    done = restore(str(made["backup"]), tmp_path / "keys" / "safeconduct-epoch.json", tmp_path / "elsewhere")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["logs"] == made["logs"] == manifest["logs"]
    assert said["missing"], "the epoch file was written after the copy was made"
    checked = desk.run("check", "--folder", str(tmp_path / "elsewhere"))
    assert checked.returncode == 0, checked.stdout
    opened = json.loads(act("open", tmp_path / "elsewhere"))
    assert len(opened["people"]) + opened["cases"] == manifest["counts"]["people and cases"]
    with sqlite3.connect(tmp_path / "elsewhere" / "database.sqlite3") as database:
        held = {row[0] for row in database.execute("SELECT handle FROM people_subject")}
        acts = [
            row[0] for row in database.execute("SELECT act FROM journal_entry WHERE act IN ('restored', 'backed_up')")
        ]
        assert database.execute("SELECT count(*) FROM accounts_session").fetchone() == (0,)
    assert set(before) <= held
    assert len(held) < len(handles) + 16, "the copy is of one moment, not of the end"
    assert acts == ["restored"]
    still = json.loads(act("open", office))
    assert len(still["people"]) == 12 + len(handles)


@pytest.mark.parametrize("by", ["thief", "insider"])
def test_a_manifest_cannot_have_files_written_outside_the_new_folder(
    backed_up: tuple[Path, Path], tmp_path: Path, by: str
) -> None:
    office, made = backed_up
    hidden, epoch = made.rename(made.with_name(".settings")), office / "epoch.json"
    name_more(hidden, "../.settings/put_there", b"anything")
    if by == "insider":
        seal_anew(hidden, epoch)
    said = refusal(hidden, epoch, tmp_path / "home" / "restored")
    assert "cannot be trusted" in said or "manifest was changed" in said
    assert not list((tmp_path / "home").rglob("*"))


def test_settings_slipped_into_a_backup_do_not_take_the_epoch_keys_with_them(
    backed_up: tuple[Path, Path], tmp_path: Path
) -> None:
    (office, made), stolen = backed_up, tmp_path / "stick"
    stolen.mkdir()
    text = (made / "safeconduct.toml").read_text().replace('epoch_copy = ""', f'epoch_copy = "{stolen}"')
    (made / "safeconduct.toml").unlink()
    name_more(made, "safeconduct.toml", text.encode())
    restore(made, office / "epoch.json", tmp_path / "restored")
    assert list(stolen.iterdir()) == []


@pytest.mark.parametrize(
    "wrong", ["key", "number", "missing", "nonsense", "file", "changed", "manifest", "root", "partial"]
)
def test_what_does_not_belong_together_fails_loudly_and_leaves_nothing(
    backed_up: tuple[Path, Path], tmp_path: Path, wrong: str
) -> None:
    (_, made), epoch = backed_up, tmp_path / "keys" / "safeconduct-epoch.json"
    says = "does not open this backup"
    if wrong == "key":
        epoch = another_key(epoch, tmp_path / "other.json")
    elif wrong == "number":
        Epochs.begin().write(tmp_path / "first.json")
        epoch, says = tmp_path / "first.json", "does not hold epoch 2"
    elif wrong == "missing":
        epoch, says = tmp_path / "nowhere.json", "is not an epoch file"
    elif wrong == "nonsense":
        epoch.write_text("{}")
        says = "is not an epoch file"
    elif wrong == "file":
        (made / "database.sqlite3").unlink()
        says = "lacks database.sqlite3"
    elif wrong == "changed":
        with (made / "database.sqlite3").open("r+b") as file:
            file.seek(5000)
            file.write(b"\0\1\2\3")
        says = "was changed or is damaged"
    elif wrong in {"manifest", "root"}:
        raw = json.loads((made / "manifest.json").read_text())
        (raw["logs"][next(iter(raw["logs"]))])["root"] = "00" * 32
        (made / "manifest.json").write_text(json.dumps(raw))
        says = "manifest was changed"
        if wrong == "root":
            seal_anew(made, epoch)
            says = "root is not the manifest's"
    else:
        made = made.rename(made.with_name(f"{made.name}.partial"))
        says = "never finished"
    if wrong == "root":  # found by opening the folder, in a process of its own
        done = restore(made, epoch, tmp_path / "restored")
        assert (done.returncode, done.stdout) == (2, "")
        assert says in done.stderr
    else:
        assert says in refusal(made, epoch, tmp_path / "restored")
    assert not [path.name for path in tmp_path.iterdir() if "restor" in path.name]


@pytest.mark.parametrize("at", ["moving keys", "copying the database", "hashing", "trying the backup"])
def test_killed_at_any_step_it_is_visibly_unfinished_and_no_epoch_is_gone(
    backed_up: tuple[Path, Path], tmp_path: Path, at: str
) -> None:
    office, first = backed_up
    before, files = set(Epochs.read(office / "epoch.json").keys), contents(first)
    running = subprocess.Popen(
        desk.command("backup", str(tmp_path / "backups"), "--folder", str(office)),
        env=desk.environment(),
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    assert running.stderr is not None
    for line in running.stderr:
        if line.startswith(at):
            running.kill()
            break
    running.wait()
    running.stderr.close()
    finished = [path for path in (tmp_path / "backups").iterdir() if not path.name.endswith(".partial")]
    assert finished == [first]
    assert contents(first) == files
    assert before <= set(Epochs.read(office / "epoch.json").keys)
    if at == "moving keys":  # where records stand under two epochs
        done = restore(first, office / "epoch.json", tmp_path / "restored", "--trial")
        assert done.returncode == 0, done.stderr
        assert json.loads(act("open", office))["cases"] == 4
    time.sleep(1)  # a backup is named after its second
    again = backup(office)  # which moves every key, so each opens
    assert any("never finished" in sentence for sentence in again["said"]) == (at != "moving keys")  # type: ignore[attr-defined]
    assert not any("damaged" in sentence for sentence in again["said"])  # type: ignore[attr-defined]
    assert not list(office.glob(f"{TRIAL}*"))


def test_keys_and_backups_are_kept_apart_unless_somebody_says_together(office: Path, tmp_path: Path) -> None:
    data = DataFolder.open(office, environment={})
    for target in (tmp_path / "keys", tmp_path / "keys" / "backups", office, tmp_path):
        with pytest.raises(manifests.BackupFault, match=r"lost with it|--together"):
            places.refuse(data, target, together=False)
    done = desk.run("backup", str(tmp_path / "keys" / "backups"), "--folder", str(office))
    assert done.returncode == 2
    assert not list(tmp_path.rglob("manifest.json"))
    done = desk.run("backup", str(tmp_path / "keys"), "--folder", str(office), "--together")
    assert done.returncode == 0
    assert "whoever takes that place has both" in done.stdout


def test_no_key_of_the_epochs_and_no_secret_is_in_a_backup(backed_up: tuple[Path, Path]) -> None:
    office, made = backed_up
    known = Epochs.read(office / "epoch.json")
    secret = (office / "secret.key").read_bytes().strip()
    wanted = [*known.keys.values(), *(base64.b64encode(key) for key in known.keys.values()), secret]
    for path in made.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0
        if path.is_file():
            data = path.read_bytes()
            assert not any(one in data for one in wanted)
    assert not (made / "epoch.json").exists()


def a_month_goes_by(office: Path) -> None:
    """Every epoch's backups are past their time."""
    path = office / "epoch.json"
    known = Epochs.read(path)
    long_ago = datetime.now(UTC) - timedelta(days=31)
    told = {
        number: replace(one, begun=long_ago, backup=long_ago, needed_until=long_ago + timedelta(days=30))
        for number, one in known.told.items()
    }
    replace(known, told=told).write(path)


def wraps(database: Path) -> list[tuple[bytes, int, bytes]]:
    """The place, epoch and bytes of every wrap in a copy."""
    with sqlite3.connect(database) as copy:
        rows = copy.execute(
            "SELECT t.handle, s.handle, w.epoch, w.sealed FROM people_wrap w"
            " JOIN accounts_team t ON t.id = w.team_id JOIN people_subject s ON s.id = w.subject_id"
        ).fetchall()
    return [(boxes.context("wrap", team, subject), epoch, sealed) for team, subject, epoch, sealed in rows]


def secrets_of_indexes(database: Path) -> list[tuple[bytes, int, bytes]]:
    """The place, epoch and bytes of the secret of every part of an index of names in a copy."""
    with sqlite3.connect(database) as copy:
        rows = [
            *copy.execute(
                "SELECT t.handle, p.number, p.epoch, p.secret FROM people_searchgeneration p"
                " JOIN accounts_team t ON t.id = p.team_id"
            ),
            *copy.execute(
                "SELECT t.handle, p.handle, p.epoch, p.secret FROM people_searchdelta p"
                " JOIN accounts_team t ON t.id = p.team_id"
            ),
        ]
    return [(boxes.context("index-secret", team, which), epoch, secret) for team, which, epoch, secret in rows]


def test_after_erasing_and_a_month_no_copy_opens_with_any_key_there_is(
    backed_up: tuple[Path, Path], made: tuple[Path, str], tmp_path: Path
) -> None:
    (office, old), (_, subject) = backed_up, made
    now = Epochs.read(office / "epoch.json")
    indexes = secrets_of_indexes(old / "database.sqlite3")
    assert all(len(now.peel(epoch, secret, place)) == boxes.KEY_BYTES for place, epoch, secret in indexes)
    assert indexes
    assert any(subject.encode() in place for place, _, _ in wraps(old / "database.sqlite3"))
    told = json.loads(act("erase", office, subject))
    a_month_goes_by(office)
    ended = backup(office)
    assert 2 in ended["destroyed"]  # type: ignore[operator]

    for file in (office / "epoch.json", tmp_path / "keys" / "safeconduct-epoch.json"):
        left = Epochs.read(file)
        # The index of names, too: its keys come from the team's, which are the same as then.
        for place, _, sealed in [*wraps(old / "database.sqlite3"), *indexes]:
            for number in left.keys:
                with pytest.raises(SealingFault):
                    left.peel(number, sealed, place)
        assert "does not hold epoch 2" in refusal(old, file, tmp_path / "restored")

    shutil.rmtree(old)
    words = [ERASED, *ERASED.split(), "Quillfeather", "CANARY/7781"]
    keys = {f"label {n}": bytes.fromhex(label) for n, label in enumerate(told["labels"])}
    keys["their key"] = bytes.fromhex(told["key"])
    hits, files = needles.everywhere(needles.Needles(words, keys), office, tmp_path / "backups", tmp_path / "keys")
    assert files > 5
    assert hits == []
    with sqlite3.connect(office / "database.sqlite3") as database:
        finished = database.execute("SELECT destroyed_on FROM people_erasure").fetchall()
    assert finished
    assert all(day is not None for (day,) in finished)
    checked = desk.run("check", "--folder", str(office))
    assert checked.returncode == 0, checked.stdout


def test_epochs_can_be_listed_begun_and_destroyed_by_hand(office: Path) -> None:
    begun = desk.run("epochs", "begin", "--folder", str(office), "--json")
    assert json.loads(begun.stdout)["epoch"] == 2
    refused = desk.run("epochs", "destroy", "2", "--folder", str(office), "--yes")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "current epoch" in refused.stderr
    asked = desk.run("epochs", "destroy", "1", "--folder", str(office), typed="n\n")
    assert asked.returncode == 130
    done = desk.run("epochs", "destroy", "1", "--folder", str(office), "--yes", "--json")
    assert json.loads(done.stdout) == {"destroyed": 1, "erasures_finished": 0}
    listed = json.loads(desk.run("epochs", "--folder", str(office), "--json").stdout)
    assert [one["number"] for one in listed["epochs"]] == [2]
    assert listed["copy"] == str(office.parent / "keys" / "safeconduct-epoch.json")


@pytest.mark.postgresql
@pytest.mark.skipif(not ON_POSTGRESQL, reason="the tests on PostgreSQL run it, and once is enough")
def test_a_desk_on_postgresql_is_backed_up_tried_and_restored_to_another_database(
    cluster: Cluster, tmp_path: Path
) -> None:
    here, there = (cluster.create(f"{name}_{secrets.token_hex(6)}") for name in ("here", "there"))
    office, backups = tmp_path / "office", tmp_path / "backups"
    on, elsewhere = {"SAFECONDUCT_DATABASE": here}, {"SAFECONDUCT_DATABASE": there}
    subject = json.loads(act("make", office, extra=on))["erased"]
    done = desk.run("backup", str(backups), "--folder", str(office), "--json", extra=on)
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    act("erase", office, subject, extra=on)
    assert "PostgreSQL" in refusal(made["backup"], office / "epoch.json", tmp_path / "restored")
    arguments = [
        "restore",
        made["backup"],
        "--epoch",
        str(office / "epoch.json"),
        "--folder",
        str(tmp_path / "restored"),
    ]
    restored = desk.run(*arguments, "--json", extra=elsewhere)
    assert restored.returncode == 0, restored.stderr
    assert json.loads(restored.stdout)["logs"] == made["logs"]
    opened = json.loads(act("open", tmp_path / "restored", extra=elsewhere))
    assert (len(opened["people"]), opened["cases"]) == (12, 4)
    assert ERASED in opened["people"], "what was erased since is back, as the guide says"
    left = json.loads(act("open", office, extra=on))
    assert (len(left["people"]), left["cases"]) == (11, 3)
    begun = desk.run("epochs", "begin", "--folder", str(office), "--json", extra=on)
    assert json.loads(begun.stdout)["damaged"] == 0
