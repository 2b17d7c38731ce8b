"""Rows packed in one place and inserted in another are the rows that would have been inserted where they were made."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import msgspec
import pytest
from django.db import DatabaseError, models, transaction
from django.forms.models import model_to_dict

from safeconduct.journal import actions, bulk, sequencer
from safeconduct.journal.actions import JournalUnavailable, record_packed
from safeconduct.journal.commitments import Written
from safeconduct.journal.fields import new_handle
from safeconduct.journal.models import Act, Alarm, Commitment, Entry
from safeconduct.journal.packed import Packed, insert, pack, pack_entries

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
OFFICE, MEMBER = UUID(int=1), UUID(int=2)


def alarm(number: int) -> Alarm:
    return bulk.make(Alarm, organisation=OFFICE, member=MEMBER, kind=Alarm.Kind.TOLD, at=NOW, count=number)


def entry(**more: object) -> Entry:
    values: dict[str, object] = {"organisation": OFFICE, "act": Act.ADDED_PERSON, "member": MEMBER, "body": b"sealed"}
    return actions.new_entry(**{**values, **more})  # type: ignore[arg-type]


def commitment(to: Entry | None, number: int = 1) -> Commitment:
    return bulk.make(Commitment, entry=to, envelope=new_handle(), revision=number, digest=bytes([number]) * 32)


def sent(packed: list[Packed]) -> list[Packed]:
    """As another process sends them."""
    return msgspec.msgpack.decode(msgspec.msgpack.encode(packed), type=list[Packed])


def rows_of(model: type[models.Model]) -> list[dict[str, object]]:
    found = [model_to_dict(row, exclude=["id"]) for row in model._default_manager.order_by("pk")]
    return [{name: bytes(one) if isinstance(one, memoryview) else one for name, one in row.items()} for row in found]


def test_what_is_packed_and_inserted_is_what_was_made() -> None:
    alarms, entries = [alarm(number) for number in range(3)], [entry(), entry(label=b"1" * 16, about=new_handle())]
    wanted = [[model_to_dict(row, exclude=["id"]) for row in rows] for rows in (alarms, entries)]
    packed = pack(alarms, [], entries)
    assert [one.model for one in packed] == ["journal.Alarm", "journal.Entry"]
    insert(sent(packed))
    assert [rows_of(Alarm), rows_of(Entry)] == wanted
    assert Alarm.objects.create(organisation=OFFICE, member=MEMBER, kind=Alarm.Kind.TOLD, at=NOW, count=9).pk


def test_rows_refer_to_those_packed_before_them_wherever_these_come_to_lie() -> None:
    bulk.insert([entry()])  # so that no row's number is its place
    first, second = entry(), entry()
    insert(sent(pack([first, second], [commitment(second, 1), commitment(first, 2), commitment(second, 3)])))
    found = Commitment.objects.order_by("revision").values_list("entry__handle", flat=True)
    assert list(found) == [second.handle, first.handle, second.handle]


def test_only_what_is_packed_before_is_looked_for_among_what_is_packed() -> None:
    saved = entry()
    bulk.insert([saved])
    assert not pack([alarm(1)], [entry(erased=saved)])[1].within
    [packed] = pack([commitment(saved)])
    assert not packed.within
    assert list(packed.columns["entry_id"]) == [saved.pk]
    insert([packed])
    assert Commitment.objects.get().entry == saved


def test_a_row_that_refers_to_nothing_stays_so_and_one_to_a_saved_row_is_refused() -> None:
    """Some to packed and some to saved rows cannot be told apart by what the column holds."""
    saved = entry()
    bulk.insert([saved])
    packed = pack([entry()], [commitment(None)])
    assert packed[1].within == {"entry_id": "journal.Entry"}
    assert list(packed[1].columns["entry_id"]) == [None]
    insert(sent(pack([entry()], [entry()])))  # neither was erased by the other
    assert list(Entry.objects.values_list("erased", flat=True)) == [None] * 3
    with pytest.raises(ValueError, match=r"journal\.Commitment\.entry refers to rows that are saved"):
        pack([entry()], [commitment(saved)])
    one = entry()
    with pytest.raises(ValueError, match="saved"):
        pack([one], [commitment(one), commitment(saved)])


def test_entries_packed_commit_as_entries_recorded() -> None:
    written = [Written(new_handle(), revision, bytes([revision]) * 32) for revision in (1, 2, 3)]
    made = [(entry(written=written[:2]), written[:2]), (entry(), []), (entry(written=written[2:]), written[2:])]
    record_packed(sent(pack_entries(made)))
    found = Commitment.objects.order_by("pk").values_list("entry__handle", "envelope", "revision", "digest")
    assert [(handle, Written(envelope, revision, bytes(digest))) for handle, envelope, revision, digest in found] == [
        (one.handle, each) for one, of in made for each in of
    ]
    assert [bytes(one) for one in Entry.objects.order_by("pk").values_list("commitment", flat=True)] == [
        bytes(one.commitment) for one, _ in made
    ]


def test_columns_of_different_lengths_are_refused_rather_than_cut_to_the_shortest() -> None:
    [packed] = pack([alarm(number) for number in range(3)])
    for short in packed.columns:
        columns = {name: one[:2] if name == short else one for name, one in packed.columns.items()}
        with pytest.raises(ValueError), transaction.atomic():
            insert([Packed(packed.model, columns, {})])
    assert not Alarm.objects.exists()


def test_entries_that_wrote_nothing_are_packed_too() -> None:
    insert(sent(pack_entries([(entry(), ())])))
    assert Entry.objects.count() == 1
    assert not Commitment.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_packed_is_inserted_in_its_act_s_transaction_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = pack_entries([(entry(), [Written(new_handle(), 1, b"1" * 32)])])
    for put in (insert, record_packed):
        with pytest.raises(RuntimeError, match="in the transaction of their act"):
            put(packed)
    poked: list[bool] = []
    monkeypatch.setattr(sequencer, "poke", lambda: poked.append(True))
    with transaction.atomic():
        record_packed(packed)
        assert not poked
    assert poked

    def refuse(*_: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(bulk.Table, "_write", refuse)
    with pytest.raises(JournalUnavailable), transaction.atomic():
        record_packed(packed)
    assert Entry.objects.count() == 1
