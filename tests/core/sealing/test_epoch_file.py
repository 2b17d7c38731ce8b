"""What the epoch file remembers besides its keys, and that two who change it at once lose nothing."""

import base64
import json
import os
import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from safeconduct.core.sealing import epochs
from safeconduct.core.sealing.epochs import Epochs, Root, Told
from safeconduct.core.sealing.faults import EpochFileUnreadable, EpochMissing

AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
LATER = AT + timedelta(days=30)
KEY, OTHER = bytes(range(32)), bytes(range(32, 64))


def encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


FULL = Epochs(
    3,
    {2: KEY, 3: OTHER},
    {2: Told(begun=AT), 3: Told(begun=AT, layered=AT, backup=AT, needed_until=LATER)},
    {"aa": Root(5, KEY, AT)},
    "elsewhere/epoch.json",
)


def test_the_file_says_what_its_description_says(tmp_path: Path) -> None:
    FULL.write(tmp_path / "epoch.json")
    assert json.loads((tmp_path / "epoch.json").read_text("ascii")) == {
        "version": 2,
        "current": 3,
        "epochs": {
            "2": {"key": encoded(KEY), "begun": AT.isoformat()},
            "3": {
                "key": encoded(OTHER), "begun": AT.isoformat(), "layered": AT.isoformat(), "backup": AT.isoformat(),
                "needed_until": LATER.isoformat(),
            },
        },
        "roots": {"aa": {"size": 5, "root": encoded(KEY), "at": AT.isoformat()}},
        "copy": "elsewhere/epoch.json",
    }  # fmt: skip
    assert Epochs.read(tmp_path / "epoch.json") == FULL
    assert stat.S_IMODE((tmp_path / "epoch.json").stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["epoch.json"]


def test_a_file_of_the_first_version_is_read(tmp_path: Path) -> None:
    file = tmp_path / "epoch.json"
    file.write_text(json.dumps({"version": 1, "current": 1, "epochs": {"1": encoded(KEY)}}), "ascii")
    assert Epochs.read(file) == Epochs(1, {1: KEY}, {1: Told()})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"version": 2}',
        json.dumps({"version": 3, "current": 1, "epochs": {"1": {"key": encoded(KEY)}}}),
        json.dumps({"version": 2, "current": 2, "epochs": {"1": {"key": encoded(KEY)}}}),
        json.dumps({"version": 2, "current": 1, "epochs": {"1": {"key": encoded(KEY[:31])}}}),
        json.dumps({"version": 2, "current": 1, "epochs": {"1": {"key": encoded(KEY)}, "2": {"key": encoded(b"")}}}),
        json.dumps({"version": 2, "current": 1, "epochs": {"1": {"key": f"!{encoded(KEY)}"}}}),
        json.dumps({"version": 2, "current": 1, "epochs": {"1": {"key": encoded(KEY), "begun": "yesterday"}}}),
    ],
)
def test_a_damaged_file_is_refused_aloud(text: str, tmp_path: Path) -> None:
    (tmp_path / "epoch.json").write_text(text, "ascii")
    with pytest.raises(EpochFileUnreadable, match="epoch file"):
        Epochs.read(tmp_path / "epoch.json")


def test_there_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(EpochFileUnreadable):
        Epochs.read(tmp_path / "epoch.json")
    (tmp_path / "epoch.json").mkdir()
    with pytest.raises(EpochFileUnreadable):
        Epochs.read(tmp_path / "epoch.json")


def test_who_opened_what_was_then_replaced_reads_the_new_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, after, loads = tmp_path / "epoch.json", FULL.next(LATER), json.loads
    FULL.write(file)

    def replaced_by_now(text: bytes) -> object:
        monkeypatch.setattr(json, "loads", loads)
        after.write(file)
        return loads(bytes(len(text)))

    monkeypatch.setattr(json, "loads", replaced_by_now)
    assert Epochs.read(file) == after


def test_the_first_epoch_has_everything_under_it() -> None:
    first = Epochs.begin(AT)
    assert (first.current, set(first.keys), first.told) == (1, {1}, {1: Told(begun=AT, layered=AT)})
    assert len(first.keys[1]) == 32


def test_the_next_epoch_has_a_key_of_its_own_and_the_next_number() -> None:
    after = FULL.next(LATER)
    assert (after.current, set(after.keys)) == (4, {2, 3, 4})
    assert after.keys[4] not in (KEY, OTHER)
    assert after.told == {**FULL.told, 4: Told(begun=LATER)}
    assert (after.roots, after.copy) == (FULL.roots, FULL.copy)
    assert Epochs(2, {2: KEY, 9: OTHER}).next(AT).current == 10


def test_that_everything_stands_under_the_current_epoch_is_remembered() -> None:
    assert FULL.layered(LATER).told == {2: Told(begun=AT), 3: Told(AT, LATER, AT, LATER)}
    assert Epochs(1, {1: KEY}).layered(AT).told == {1: Told(layered=AT)}


def test_an_epoch_that_is_taken_out_opens_nothing_more() -> None:
    epoch, stored = Epochs(2, {2: KEY}).layer(b"wrap", b"place")
    without = FULL.without(2)
    assert (without.keys, without.told, without.current) == ({3: OTHER}, {3: FULL.told[3]}, 3)
    assert FULL.peel(epoch, stored, b"place") == b"wrap"
    with pytest.raises(EpochMissing):
        without.peel(epoch, stored, b"place")
    with pytest.raises(EpochMissing):
        without.without(2)
    with pytest.raises(ValueError, match="current"):
        FULL.without(3)


def test_a_backup_never_shortens_how_long_an_epoch_is_needed() -> None:
    earlier = FULL.backed_up(3, at=LATER, needed_until=AT)
    assert earlier.told[3] == Told(AT, AT, LATER, LATER)
    longer = FULL.backed_up(3, at=LATER, needed_until=LATER + timedelta(days=1))
    assert longer.told[3] == Told(AT, AT, LATER, LATER + timedelta(days=1))
    first = FULL.backed_up(2, at=LATER, needed_until=LATER)
    assert first.told == {2: Told(AT, None, LATER, LATER), 3: FULL.told[3]}
    assert Epochs(1, {1: KEY}).backed_up(1, at=AT, needed_until=AT).told == {1: Told(backup=AT, needed_until=AT)}


def test_a_log_is_remembered_at_its_largest() -> None:
    smaller, same, larger = Root(4, OTHER, LATER), Root(5, OTHER, LATER), Root(6, OTHER, LATER)
    assert FULL.with_roots({"aa": smaller}).roots == FULL.roots
    assert FULL.with_roots({"aa": same}).roots == FULL.roots
    assert FULL.with_roots({"aa": larger, "bb": smaller}).roots == {"aa": larger, "bb": smaller}
    first = Root(1, OTHER, LATER)
    assert Epochs.begin(AT).with_roots({"bb": first, "cc": Root(0, OTHER, LATER)}).roots == {"bb": first}


def test_where_the_copy_is_is_remembered() -> None:
    assert FULL.copied_to("there").copy == "there"


def test_a_change_is_written_to_the_file_and_its_copy(tmp_path: Path) -> None:
    file, copy = tmp_path / "epoch.json", tmp_path / "copy.json"
    FULL.write(file)
    after = epochs.change(file, lambda one: one.next(LATER), copy=copy)
    assert after == Epochs.read(file) == Epochs.read(copy)
    assert after.current == 4
    assert stat.S_IMODE((tmp_path / "epoch.lock").stat().st_mode) == 0o600


def test_without_a_change_only_the_copy_is_written(tmp_path: Path) -> None:
    file, copy = tmp_path / "epoch.json", tmp_path / "copy.json"
    FULL.write(file)
    before = file.stat()
    assert epochs.change(file, lambda one: one, copy=copy) == FULL
    assert os.path.samestat(before, file.stat())
    assert Epochs.read(copy) == FULL


def test_a_change_that_fails_leaves_the_file_and_lets_the_next_one_in(tmp_path: Path) -> None:
    file = tmp_path / "epoch.json"
    FULL.write(file)
    with pytest.raises(EpochMissing):
        epochs.change(file, lambda one: one.without(7))
    assert Epochs.read(file) == FULL
    assert epochs.change(file, lambda one: one.without(2)).keys == {3: OTHER}


def test_of_changes_at_one_moment_none_is_lost(tmp_path: Path) -> None:
    file = tmp_path / "epoch.json"
    FULL.write(file)

    def ten() -> None:
        for _ in range(10):
            epochs.change(file, lambda one: one.next(AT))

    threads = [threading.Thread(target=ten) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Epochs.read(file).current == 33


def test_what_is_replaced_is_overwritten_and_the_new_file_is_known_by_its_time(tmp_path: Path) -> None:
    file = tmp_path / "epoch.json"
    FULL.write(file)
    later = 2_000_000_000 * 10**9  # as if the clock had been set back since
    os.utime(file, ns=(later, later))
    with file.open("rb") as old:
        FULL.next(LATER).write(file)
        assert set(old.read()) == {0}
    assert file.stat().st_mtime_ns > later


def test_a_file_that_was_not_finished_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / "epoch.new").write_bytes(b"{")
    Epochs(1, {1: KEY}).write(tmp_path / "epoch.json")
    assert Epochs.read(tmp_path / "epoch.json") == Epochs(1, {1: KEY}, {1: Told()})
    assert [file.name for file in tmp_path.iterdir()] == ["epoch.json"]
