"""Entries come before bytes, have one place each in the tree, and disagree aloud when somebody touches them."""

import threading
from datetime import datetime, timedelta, timezone
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from safeconduct.core.ledger.errors import LedgerError
from safeconduct.journal import actions, queries, sequencer
from safeconduct.journal.actions import JournalUnavailable, record_read, record_write
from safeconduct.journal.commitments import Written
from safeconduct.journal.models import Act, Commitment, Entry, Head, Tile
from safeconduct.journal.queries import labelled, latest_commitments, leaves
from safeconduct.journal.store import DatabaseTiles
from safeconduct.journal.tripwire import Bounds, Reader
from safeconduct.journal.verify import verify

pytestmark = pytest.mark.django_db(transaction=True)
ORGANISATION, MEMBER = uuid4(), uuid4()


def reader():
    return Reader(organisation=ORGANISATION, member=MEMBER, bounds=Bounds(10, 20, 30))


def write(count=1, organisation=ORGANISATION, **more):
    with transaction.atomic():
        return [
            record_write(organisation=organisation, act=Act.CHANGED_CASE, member=MEMBER, **more) for _ in range(count)
        ]


def take_last_out():
    Commitment.objects.all().delete()
    Entry.objects.filter(position=5).delete()


def codes(organisation=ORGANISATION):
    return [one.code for one in verify(organisation)]


def places(organisation=ORGANISATION):
    return [(one.code, one.position) for one in verify(organisation)]


def test_an_entry_that_reads_is_committed_by_itself():
    with transaction.atomic(), pytest.raises(RuntimeError):
        record_read(reader=reader(), act=Act.OPENED_CASE)
    assert not Entry.objects.exists()
    record_read(reader=reader(), act=Act.OPENED_CASE)
    assert Entry.objects.get().act == "opened_case"


def test_an_act_that_writes_is_not_recorded_as_one_that_reads():
    with pytest.raises(ValueError):
        record_read(reader=reader(), act=Act.CHANGED_CASE)


def test_an_entry_that_writes_needs_the_transaction_of_its_change():
    with pytest.raises(RuntimeError):
        record_write(organisation=ORGANISATION, act=Act.CHANGED_CASE, member=MEMBER)


def test_a_log_that_cannot_be_written_says_so(monkeypatch):
    def refuse(*_, **__):
        raise DatabaseError("no")

    monkeypatch.setattr(actions.Entry, "save", refuse)
    with pytest.raises(JournalUnavailable):
        record_read(reader=reader(), act=Act.OPENED_CASE)


def test_an_act_the_log_does_not_know_is_refused_by_the_database():
    write()
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.update(act="peeped")


def test_the_sequencer_gives_each_entry_one_place_in_order():
    entries = write(5)
    assert sequencer.sequence() == 5
    entries += write(3)
    assert sequencer.sequence() == 3
    assert sequencer.sequence() == 0
    placed = list(Entry.objects.order_by("position").values_list("pk", "position"))
    assert placed == [(entry.pk, at) for at, entry in enumerate(entries)]
    assert codes() == []
    assert list(leaves(ORGANISATION, 8)) == [bytes(entry.commitment) for entry in entries]


def test_each_organisation_has_its_own_tree():
    other = uuid4()
    write(2)
    theirs = write(3, organisation=other)
    sequencer.sequence()
    assert list(leaves(other, 2)) == [bytes(entry.commitment) for entry in theirs[:2]]
    assert {head.organisation: head.size for head in Head.objects.all()} == {ORGANISATION: 2, other: 3}


@pytest.mark.parametrize("many", [8, 11])
def test_more_entries_than_one_batch_are_placed(monkeypatch, many):
    monkeypatch.setattr(sequencer, "_AT_ONCE", 4)
    write(many)
    assert sequencer.sequence() == many
    assert codes() == []


TAMPERINGS = {
    "act": (lambda: Entry.objects.filter(position=2).update(act=Act.LOCKED), "entry_changed", 2),
    "member": (lambda: Entry.objects.filter(position=2).update(member=uuid4()), "entry_changed", 2),
    "body": (lambda: Entry.objects.filter(position=2).update(body=b"other"), "entry_changed", 2),
    "member, and its salt taken": (
        lambda: Entry.objects.filter(position=2).update(member=uuid4(), salt=None, body=None),
        "entry_changed",
        2,
    ),
    "commitment": (lambda: Entry.objects.filter(position=2).update(commitment=bytes(32)), "entry_changed", 2),
    "digest": (lambda: Commitment.objects.update(digest=bytes(32)), "entry_changed", 5),
    "digest taken out": (lambda: Commitment.objects.all().delete(), "entry_changed", 5),
    "taken out": (lambda: Entry.objects.filter(position=3).delete(), "size_differs", 6),
    "moved": (lambda: Entry.objects.filter(position=4).update(position=9), "entry_missing", 4),
    "last taken out": (take_last_out, "size_differs", 6),
    "root": (lambda: Head.objects.update(root=bytes(32)), "root_differs", None),
    "head taken out": (lambda: Head.objects.all().delete(), "size_differs", 0),
    "tile": (lambda: Tile.objects.update(hashes=bytes(192)), "tile_differs", 0),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_what_was_tampered_with_is_named(name):
    tamper, *expected = TAMPERINGS[name]
    write(5, body=b"sealed")
    write(1, written=[Written(uuid4(), 1, bytes(range(32)))])
    sequencer.sequence()
    assert codes() == []
    tamper()
    assert places()[0] == tuple(expected)


def test_a_log_without_entries_disagrees_with_nothing():
    assert places(uuid4()) == []


def test_a_log_is_checked_in_as_many_questions_however_long_it_is(django_assert_num_queries):
    for _ in range(2):
        write(3, body=b"sealed")
        sequencer.sequence()
        with django_assert_num_queries(5):
            assert places() == []


def test_a_sequencer_outlives_a_tree_that_was_damaged(caplog):
    write(3)
    sequencer.sequence()
    Tile.objects.all().delete()
    write()
    with pytest.raises(LedgerError):
        sequencer.sequence()
    thread = sequencer.start()
    sequencer.stop(thread)
    assert (thread.name, thread.daemon) == ("sequencer", True)
    assert "sequencer: TileMissing, entries wait" in caplog.messages
    assert Entry.objects.filter(position=None).count() == 1
    assert codes() == ["tile_differs"]


def test_a_sequencer_that_nobody_wakes_looks_by_itself(monkeypatch):
    waited = []

    class Watched(threading.Event):
        def wait(self, timeout=None):
            waited.append(timeout)

    stopping = Watched()
    stopping.set()
    monkeypatch.setattr(sequencer, "_poked", Watched())
    monkeypatch.setattr(sequencer, "_stopping", stopping)
    write(2)
    sequencer._run()
    assert waited == [30, sequencer._GATHER_SECONDS]
    assert codes() == []
    assert Head.objects.get().size == 2


def test_the_newest_digest_of_an_envelope_is_found(django_assert_num_queries):
    envelope = uuid4()
    for revision in (1, 2, 3):
        write(written=[Written(envelope, revision, bytes([revision]) * 32)])
    with django_assert_num_queries(1):
        assert latest_commitments([uuid4(), envelope]) == {envelope: (3, b"\3" * 32)}
    with pytest.raises(JournalUnavailable):
        write(written=[Written(envelope, 3, bytes(32))])


def test_the_highest_revision_is_found_whatever_order_the_database_gives(monkeypatch):
    envelope, other = uuid4(), uuid4()
    rows = [(envelope, 3, b"c"), (other, 1, b"d"), (envelope, 1, b"a"), (envelope, 2, b"b")]
    monkeypatch.setattr(queries, "_among", lambda *_: rows)
    assert latest_commitments([envelope, other]) == {envelope: (3, b"c"), other: (1, b"d")}


def test_a_tile_is_found_by_its_level_its_index_and_its_organisation():
    mine, theirs = DatabaseTiles(ORGANISATION), DatabaseTiles(uuid4())
    kept = {(0, 0): b"a" * 32, (0, 1): b"b" * 32, (1, 0): b"c" * 32, (1, 1): b"d" * 32}
    for (level, index), hashes in kept.items():
        mine.put(level, index, hashes)
        theirs.put(level, index, b"e" * 32)
    mine.flush(), theirs.flush()
    assert {place: DatabaseTiles(ORGANISATION).get(*place) for place in kept} == kept
    assert DatabaseTiles(ORGANISATION).get(2, 0) is None


def test_an_entry_is_kept_or_lost_with_its_change():
    def change():
        with transaction.atomic():
            record_write(organisation=ORGANISATION, act=Act.CHANGED_CASE, member=MEMBER)
            raise KeyError

    with pytest.raises(KeyError):
        change()
    assert not Entry.objects.exists()
    assert not connection.in_atomic_block


def test_what_was_done_with_one_record_is_found_by_its_labels_newest_first():
    labels = [b"a" * 16, b"b" * 16]
    first = write(label=labels[0])[0]
    write(label=b"c" * 16)
    with transaction.atomic():
        by_nobody = record_write(organisation=ORGANISATION, act=Act.CHANGED_CASE, member=None, label=labels[1])
    assert labelled(labels) == [(None, "changed_case", by_nobody.at), (MEMBER, "changed_case", first.at)]
    assert labelled([b"d" * 16]) == []


def test_an_instant_that_comes_with_a_zone_keeps_it():
    there = datetime(2026, 7, 1, 10, tzinfo=timezone(timedelta(hours=2)))
    assert queries._instant(there).isoformat() == "2026-07-01T10:00:00+02:00"
    assert queries._instant(datetime(2026, 7, 1, 10)).isoformat() == "2026-07-01T10:00:00+00:00"  # noqa: DTZ001 - none
