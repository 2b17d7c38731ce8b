"""Changing epochs: everything moves, a cut-short move goes on, and nothing that is needed is destroyed."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps

from safeconduct.accounts import keyring, layers
from safeconduct.accounts.actions import epochs
from safeconduct.accounts.actions.epochs import EpochInUse
from safeconduct.core.sealing.epochs import Epochs, Root, Told
from safeconduct.core.sealing.faults import EpochFileUnreadable, EpochMissing
from safeconduct.journal.models import Act, Entry
from safeconduct.people.models import Erasure, Wrap
from safeconduct.people.queries import open_person
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_epoch_file(tmp_path, settings):
    settings.EPOCH_FILE = tmp_path / "epoch.json"
    settings.EPOCH_COPY = ""


@pytest.fixture
def office():
    return builders.office()


def test_everything_is_brought_under_the_new_epoch_and_still_opens(office):
    person = builders.person(office.guardian, "Fatima Rahimi")
    before = layers.counts()
    begun = epochs.begin()
    assert begun.number == 2
    assert begun.moved == layers.Moved(rows=sum(before[1].values()), damaged=0)
    assert layers.counts() == {2: before[1]}
    assert open_person(by=office.guardian.actor, person=person).identity.content.names[0].text == "Fatima Rahimi"
    entry = Entry.objects.get(act=Act.EPOCH_BEGUN)
    assert (entry.member, entry.count) == (None, begun.moved.rows)


def test_every_table_that_is_layered_is_moved_and_counted():
    layered = {
        model
        for model in apps.get_models()
        if {"epoch"} <= {field.name for field in model._meta.get_fields()} and model is not Erasure
    }
    assert {table.model for table in layers.tables()} == layered


def test_what_was_cut_short_goes_on_under_the_same_epoch(office, monkeypatch):
    for number in range(5):
        builders.person(office.guardian, f"Person Made-Up {number}")
    monkeypatch.setattr(layers, "CHUNK", 2)

    def die(done, _in_all):
        if done >= 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        epochs.begin(progress=die)
    assert set(layers.counts()) == {1, 2}
    again = epochs.begin()
    assert (again.number, again.resumed) == (2, True)
    assert set(layers.counts()) == {2}
    assert epochs.begin().number == 3


def test_a_damaged_wrap_is_counted_left_alone_and_keeps_its_epoch(office):
    person = builders.person(office.guardian)
    Wrap.objects.filter(subject=person).update(sealed=b"\x01" + bytes(60))
    begun = epochs.begin()
    assert begun.moved.damaged == 1
    with pytest.raises(EpochInUse, match="1 keys"):
        epochs.destroy(1)


def test_the_current_epoch_and_one_in_use_are_not_destroyed(office):
    builders.person(office.guardian)
    with pytest.raises(EpochInUse, match="current"):
        epochs.destroy(1)
    keyring.change(lambda known: known.next(datetime.now(UTC)))
    with pytest.raises(EpochInUse, match="stand under"):
        epochs.destroy(1)
    assert set(keyring.epochs().keys) == {1, 2}
    assert not Entry.objects.filter(act=Act.EPOCH_DESTROYED).exists()


def test_a_serving_desk_is_given_time_before_the_epoch_it_used_goes(office):
    epochs.begin()
    with pytest.raises(EpochInUse, match="moment ago"):
        epochs.destroy(1, serving=True)
    epochs.destroy(1, serving=True, at=datetime.now(UTC) + epochs.GRACE)
    assert set(keyring.epochs().keys) == {2}


def test_a_destroyed_key_is_in_neither_file_and_the_log_says_so(office, tmp_path, settings):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    settings.EPOCH_COPY = str(elsewhere)
    old = keyring.epochs().keys[1]
    epochs.begin()
    copy = elsewhere / keyring.COPY_NAME
    assert Epochs.read(copy).keys == keyring.epochs().keys
    epochs.destroy(1)
    for path in (settings.EPOCH_FILE, copy):
        assert old not in Epochs.read(path).keys.values()
        assert path.stat().st_mode & 0o777 == 0o600
    assert Entry.objects.filter(act=Act.EPOCH_DESTROYED).count() == 1
    with pytest.raises(EpochMissing):
        epochs.destroy(1)


def test_nothing_is_destroyed_while_the_second_copy_cannot_be_written(office, tmp_path, settings):
    epochs.begin()
    settings.EPOCH_COPY = str(tmp_path / "not-plugged-in")
    with pytest.raises(keyring.CopyFailed):
        epochs.destroy(1)
    assert 1 in keyring.epochs().keys


def test_a_copy_left_behind_in_another_place_stands_in_the_way(office, tmp_path, settings):
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
    settings.EPOCH_COPY = str(tmp_path / "first")
    epochs.begin()
    settings.EPOCH_COPY = str(tmp_path / "second")
    with pytest.raises(EpochInUse, match="older copy"):
        epochs.destroy(1)
    (tmp_path / "first" / keyring.COPY_NAME).unlink()
    epochs.destroy(1)
    assert set(keyring.epochs().keys) == {2}


def test_an_epoch_is_past_once_no_backup_of_it_is_wanted(office):
    builders.person(office.guardian)
    made, month = datetime.now(UTC), timedelta(days=30)
    keyring.change(lambda known: known.backed_up(1, at=made, needed_until=made + month))
    assert epochs.past(made + 2 * month, retain=month) == []  # the current one
    epochs.begin()
    assert epochs.past(made + timedelta(days=29), retain=month) == []
    assert epochs.past(made + timedelta(days=31), retain=month) == [1]


def test_an_epoch_without_a_backup_of_ours_is_kept_for_copies_made_by_hand(office):
    month = timedelta(days=30)
    epochs.begin()
    assert epochs.past(datetime.now(UTC), retain=month) == []
    assert epochs.past(datetime.now(UTC) + month, retain=month) == [1]


def test_a_changed_file_is_read_again_by_whoever_holds_the_old_one(office, settings):
    held = keyring.epochs()
    held.next(datetime.now(UTC)).write(settings.EPOCH_FILE)
    assert keyring.epochs().current == 2


def test_changes_within_one_tick_of_the_clock_are_told_apart(office, settings):
    times = []
    for _ in range(20):
        keyring.change(lambda known: known.next(datetime.now(UTC)))
        times.append(settings.EPOCH_FILE.stat().st_mtime_ns)
        assert keyring.epochs().current == len(times) + 1
    assert times == sorted(set(times))


def test_roots_are_remembered_and_never_taken_back(office):
    now = datetime(2026, 11, 21, tzinfo=UTC)
    keyring.remember_roots({"ab": Root(5, b"r" * 32, now)})
    keyring.remember_roots({"ab": Root(4, b"s" * 32, now)})
    assert keyring.roots() == {"ab": Root(5, b"r" * 32, now)}


def test_a_file_of_the_first_version_is_read_and_written_anew(office, settings):
    key = keyring.epochs().keys[1]
    settings.EPOCH_FILE.write_text(
        json.dumps({"version": 1, "current": 1, "epochs": {"1": base64.b64encode(key).decode()}})
    )
    assert keyring.epochs() == Epochs(1, {1: key}, {1: Told()})
    assert epochs.begin().number == 2
    assert json.loads(settings.EPOCH_FILE.read_text())["version"] == 2
    assert keyring.epochs().keys[1] == key


def test_whoever_reads_the_file_while_it_is_replaced_reads_one_of_the_two(tmp_path):
    path = tmp_path / "epoch.json"
    Epochs.begin().write(path)
    opened = path.open("rb")
    Epochs.read(path).next(datetime.now(UTC)).write(path)
    assert set(opened.read()) == {0}, "what was replaced is overwritten"
    opened.close()
    assert Epochs.read(path).current == 2
    path.write_bytes(bytes(10))
    with pytest.raises(EpochFileUnreadable):
        Epochs.read(path)
