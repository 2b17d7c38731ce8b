"""The leave to read: an entry for each, which says what is opened, counted before it is written."""

from __future__ import annotations

import dataclasses
import os
from uuid import uuid4

import pytest
from django.db import transaction

from safeconduct.journal import actions, tripwire
from safeconduct.journal.actions import Read, record_each, record_export, record_read, record_reads, record_write
from safeconduct.journal.commitments import Written, commit
from safeconduct.journal.models import Act, Commitment, Entry
from safeconduct.journal.tripwire import ROWS_A_RECORD, Bounds, Reader, ReadingStopped

pytestmark = pytest.mark.django_db(transaction=True)
ORGANISATION, MEMBER, TEAM, OTHER = uuid4(), uuid4(), uuid4(), uuid4()
MANY = Bounds(1000, 1000, 1000)
TWO = Bounds(2, 2, 1000)
LABEL = b"l" * 16


@pytest.fixture(autouse=True)
def nothing_counted_before() -> None:
    tripwire._months.clear()


def reader(bounds: Bounds = MANY) -> Reader:
    return Reader(organisation=ORGANISATION, member=MEMBER, bounds=bounds)


def said(entry: Entry) -> Read:
    label, body = (bytes(one) if one else None for one in (entry.label, entry.body))
    return Read(entry.team, label, body, entry.count)


READS = [Read(TEAM, LABEL, b"sealed", 3), Read(OTHER, None, None, 7), Read()]


def test_each_entry_says_what_is_read_and_by_whom() -> None:
    given = record_reads(reader=reader(), act=Act.LISTED, reads=READS)
    kept = list(Entry.objects.order_by("pk"))
    assert kept == given
    assert [said(one) for one in kept] == READS
    assert {(one.organisation, one.member, one.act) for one in kept} == {(ORGANISATION, MEMBER, Act.LISTED)}
    assert [bytes(one.commitment) for one in kept] == [commit(one, ()) for one in kept]
    assert record_reads(reader=reader(), act=Act.LISTED, reads=[]) == []


@pytest.mark.parametrize("read", READS)
def test_one_by_itself_says_as_much(read: Read) -> None:
    asked = {field.name: getattr(read, field.name) for field in dataclasses.fields(read)} if read != Read() else {}
    given = record_read(reader=reader(), act=Act.OPENED_CASE, **asked)
    assert said(Entry.objects.get(pk=given.pk)) == read


ROWS = 3 * ROWS_A_RECORD


@pytest.mark.parametrize(
    ("act", "read"),
    [
        pytest.param(Act.LISTED, Read(TEAM, count=ROWS), id="a list"),
        pytest.param(Act.EXPORTED, Read(TEAM, LABEL, count=3), id="papers"),
        pytest.param(Act.SEARCHED, Read(TEAM, LABEL, count=ROWS), id="a search with a label"),
    ],
)
def test_what_is_read_is_counted_before_it_is_written(act: Act, read: Read) -> None:
    with pytest.raises(ReadingStopped):
        record_reads(reader=reader(TWO if act != Act.SEARCHED else Bounds(1, 1, 1000)), act=act, reads=[read])
    assert not Entry.objects.filter(act=act).exists()


def test_reads_of_several_teams_are_counted_together() -> None:
    one = Read(TEAM, count=ROWS - ROWS_A_RECORD)
    record_reads(reader=reader(TWO), act=Act.LISTED, reads=[one])
    with pytest.raises(ReadingStopped):
        record_reads(reader=reader(TWO), act=Act.LISTED, reads=[one, Read(OTHER, count=ROWS_A_RECORD)])
    assert Entry.objects.filter(act=Act.LISTED).count() == 1


def test_a_list_with_a_label_shows_hardly_anybody_new() -> None:
    none_at_all = Bounds(0, 0, 0)
    record_reads(reader=reader(none_at_all), act=Act.LISTED, reads=[Read(TEAM, LABEL, count=ROWS)] * ROWS_A_RECORD)
    assert Entry.objects.filter(act=Act.LISTED).count() == ROWS_A_RECORD


def test_no_leave_is_given_in_a_transaction_that_may_yet_fail() -> None:
    leave = record_export(reader=reader(), team=TEAM, count=1, body=b"")
    before = Entry.objects.count()
    for ask in (
        lambda: record_reads(reader=reader(), act=Act.LISTED, reads=[Read()]),
        lambda: record_each(leave, [(TEAM, os.urandom(16), b"")]),
    ):
        with transaction.atomic(), pytest.raises(RuntimeError):
            ask()
    assert Entry.objects.count() == before


def test_what_stands_besides_is_committed_to_in_the_leaf(monkeypatch: pytest.MonkeyPatch) -> None:
    given, standing = Written(uuid4(), 1, b"1" * 32), Written(uuid4(), 4, b"2" * 32)
    asked = []

    def stands(organisation: object) -> list[Written]:
        asked.append(organisation)
        return [standing]

    monkeypatch.setattr(actions, "_besides", {})
    actions.commit_besides(frozenset({Act.TEAM_CREATED}), stands)
    with transaction.atomic():
        plain = record_write(organisation=ORGANISATION, act=Act.CHANGED_CASE, member=MEMBER)
        entry = record_write(organisation=ORGANISATION, act=Act.TEAM_CREATED, member=MEMBER, written=[given])
    assert asked == [ORGANISATION]
    assert plain.count == 1
    assert bytes(plain.commitment) == commit(plain, [])
    assert bytes(entry.commitment) == commit(entry, [given, standing])
    kept = Commitment.objects.filter(entry=entry).values_list("envelope", "revision", "digest")
    assert {Written(envelope, revision, bytes(digest)) for envelope, revision, digest in kept} == {given, standing}
