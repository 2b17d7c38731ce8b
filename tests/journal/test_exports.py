"""Records that leave in one file: told to guardians, written down first, each in its own log."""

import hashlib
import os
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import msgspec
import pytest
from django.db import DatabaseError

from safeconduct.journal import actions, tripwire
from safeconduct.journal.actions import JournalUnavailable, record_each, record_export, record_read
from safeconduct.journal.commitments import Written, commit, facts_digest, facts_handle
from safeconduct.journal.models import Act, Alarm, Commitment, Entry, Head
from safeconduct.journal.queries import labelled, next_written, of_organisation
from safeconduct.journal.store import DatabaseTiles
from safeconduct.journal.tripwire import Bounds, LogDiffers, Reader, ReadingStopped, tally

pytestmark = pytest.mark.django_db(transaction=True)
ORGANISATION, MEMBER, TEAM = uuid4(), uuid4(), uuid4()


@pytest.fixture(autouse=True)
def nothing_counted_before():
    tripwire._months.clear()


def reader():
    return Reader(organisation=ORGANISATION, member=MEMBER, bounds=Bounds(10, 20, 30))


def export(count=7):
    return record_export(reader=reader(), team=TEAM, count=count, body=b"sealed")


def refuse(*_arguments, **_named):
    raise DatabaseError


def test_an_export_is_written_down_and_told_to_guardians():
    leave = export(500)
    kept = Entry.objects.get(act=Act.EXPORTED)
    assert kept == leave
    assert (kept.organisation, kept.member, kept.team, kept.count) == (ORGANISATION, MEMBER, TEAM, 500)
    assert bytes(kept.body) == b"sealed"
    assert len(bytes(kept.label)) == 16
    assert bytes(kept.commitment) == commit(kept, [])
    told = Alarm.objects.get()
    assert (told.kind, told.organisation, told.member, told.count) == (Alarm.Kind.TOLD, ORGANISATION, MEMBER, 500)
    assert told.seen_at is None
    said = Entry.objects.get(act=Act.READING_TOLD)
    assert (said.organisation, said.member, said.about, said.count) == (ORGANISATION, MEMBER, MEMBER, 500)
    assert said.team == TEAM


def test_an_export_counts_towards_no_other_bound():
    export(5000)
    assert tally(MEMBER, since=datetime(2000, 1, 1, tzinfo=UTC)).records == 0


@pytest.mark.parametrize(("kind", "halted"), [(Alarm.Kind.STOPPED, ReadingStopped), (Alarm.Kind.LOG, LogDiffers)])
def test_who_is_stopped_takes_nothing_out(kind, halted):
    Alarm.objects.create(organisation=ORGANISATION, member=MEMBER, kind=kind, at=datetime.now(UTC), count=1)
    with pytest.raises(halted):
        export()
    assert not Entry.objects.exists()


def test_nothing_leaves_where_the_log_cannot_be_written(monkeypatch):
    leave = export()
    monkeypatch.setattr(Entry, "save", refuse)
    with pytest.raises(JournalUnavailable, match="nothing was opened"):
        export()
    monkeypatch.setattr(actions.bulk, "insert", refuse)
    with pytest.raises(JournalUnavailable, match="nothing was opened"):
        record_each(leave, [(TEAM, b"l" * 16, b"body")])
    assert Entry.objects.filter(act=Act.EXPORTED).count() == 1


def test_each_record_that_leaves_has_an_entry_in_its_own_log():
    leave, other = export(2), uuid4()
    record_each(leave, [(TEAM, b"a" * 16, b"one"), (other, b"b" * 16, b"two")])
    rows = Entry.objects.exclude(label=leave.label).filter(act=Act.EXPORTED).order_by("pk")
    assert [(row.team, bytes(row.label), bytes(row.body), row.count) for row in rows] == [
        (TEAM, b"a" * 16, b"one", 0),
        (other, b"b" * 16, b"two", 0),
    ]
    assert {(row.organisation, row.member) for row in rows} == {(ORGANISATION, MEMBER)}
    assert all(bytes(row.commitment) == commit(row, []) for row in rows)
    assert labelled([b"a" * 16, b"b" * 16]) == [(row.member, row.act, row.at) for row in reversed(rows)]
    assert [row.pk for row in of_organisation(ORGANISATION)] == sorted(Entry.objects.values_list("pk", flat=True))[::-1]
    assert not of_organisation(other).exists()


def test_records_leave_under_the_entry_of_an_export_alone():
    opened = record_read(reader=reader(), act=Act.OPENED_CASE)
    for leave in (opened, Entry(act=Act.EXPORTED)):
        with pytest.raises(ValueError, match="under the entry of their export"):
            record_each(leave, [])


def test_both_ways_of_leaving_wake_the_sequencer(monkeypatch):
    woken = []
    monkeypatch.setattr(actions.sequencer, "poke", lambda: woken.append(1))
    leave = export()
    said = len(woken)
    assert said
    record_each(leave, [(TEAM, os.urandom(16), b"")])
    assert len(woken) == said + 1


def test_what_stands_for_facts_is_made_by_hand():
    first, second = uuid4(), uuid4()
    hashed = hashlib.sha256(b"safeconduct/facts/1\0case\0" + first.bytes + second.bytes)
    assert facts_handle("case", first, second) == UUID(bytes=hashed.digest()[:16])
    facts = [["a", None], 7, date(2026, 11, 20)]
    raw = b"safeconduct/facts/1\0" + msgspec.json.encode(facts)
    assert raw.endswith(b'[["a",null],7,"2026-11-20"]')
    assert facts_digest(facts) == hashlib.sha256(raw).digest()


def test_the_next_commitment_is_one_above_the_last():
    handle = uuid4()
    assert next_written(handle, b"d" * 32) == Written(handle, 1, b"d" * 32)
    for revision in (1, 2):
        Commitment.objects.create(
            entry=Entry.objects.create(
                organisation=ORGANISATION, at=datetime.now(UTC), act=Act.CHANGED_CASE, salt=bytes(16),
                commitment=os.urandom(32),
            ),
            envelope=handle, revision=revision, digest=bytes([revision]) * 32,
        )  # fmt: skip
    assert next_written(handle, b"e" * 32) == Written(handle, 3, b"e" * 32)


def test_how_many_entries_have_their_place():
    assert DatabaseTiles(ORGANISATION).size() == 0
    Head.objects.create(organisation=uuid4(), size=3, root=bytes(32), at=datetime.now(UTC))
    Head.objects.create(organisation=ORGANISATION, size=12, root=bytes(32), at=datetime.now(UTC))
    assert DatabaseTiles(ORGANISATION).size() == 12
