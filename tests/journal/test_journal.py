"""Entries come before bytes, have one place each in the tree, and disagree aloud when somebody touches them."""

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
    write(3, organisation=other)
    sequencer.sequence()
    assert {head.organisation: head.size for head in Head.objects.all()} == {ORGANISATION: 2, other: 3}


def test_more_entries_than_one_batch_are_placed(monkeypatch):
    monkeypatch.setattr(sequencer, "_AT_ONCE", 4)
    write(11)
    assert sequencer.sequence() == 11
    assert codes() == []


TAMPERINGS = {
    "act": (lambda: Entry.objects.filter(position=2).update(act=Act.LOCKED), "entry_changed"),
    "member": (lambda: Entry.objects.filter(position=2).update(member=uuid4()), "entry_changed"),
    "body": (lambda: Entry.objects.filter(position=2).update(body=b"other"), "entry_changed"),
    "member, and its salt taken": (
        lambda: Entry.objects.filter(position=2).update(member=uuid4(), salt=None, body=None),
        "entry_changed",
    ),
    "commitment": (lambda: Entry.objects.filter(position=2).update(commitment=bytes(32)), "entry_changed"),
    "digest": (lambda: Commitment.objects.update(digest=bytes(32)), "entry_changed"),
    "digest taken out": (lambda: Commitment.objects.all().delete(), "entry_changed"),
    "taken out": (lambda: Entry.objects.filter(position=3).delete(), "size_differs"),
    "moved": (lambda: Entry.objects.filter(position=4).update(position=9), "entry_missing"),
    "last taken out": (take_last_out, "size_differs"),
    "root": (lambda: Head.objects.update(root=bytes(32)), "root_differs"),
    "tile": (lambda: Tile.objects.update(hashes=bytes(192)), "tile_differs"),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_what_was_tampered_with_is_named(name):
    tamper, expected = TAMPERINGS[name]
    write(5, body=b"sealed")
    write(1, written=[Written(uuid4(), 1, bytes(range(32)))])
    sequencer.sequence()
    assert codes() == []
    tamper()
    assert codes()[0] == expected


def test_a_sequencer_outlives_a_tree_that_was_damaged(caplog):
    write(3)
    sequencer.sequence()
    Tile.objects.all().delete()
    write()
    with pytest.raises(LedgerError):
        sequencer.sequence()
    thread = sequencer.start()
    sequencer.stop(thread)
    assert "entries wait" in caplog.text
    assert Entry.objects.filter(position=None).count() == 1
    assert codes() == ["tile_differs"]


def test_the_newest_digest_of_an_envelope_is_found(django_assert_num_queries):
    envelope = uuid4()
    for revision in (1, 2, 3):
        write(written=[Written(envelope, revision, bytes([revision]) * 32)])
    with django_assert_num_queries(1):
        assert latest_commitments([uuid4(), envelope]) == {envelope: (3, b"\3" * 32)}
    with pytest.raises(JournalUnavailable):
        write(written=[Written(envelope, 3, bytes(32))])


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
