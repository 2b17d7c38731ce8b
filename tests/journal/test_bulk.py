"""Rows made and inserted by the thousand are the rows that Django would have made and inserted one by one."""

from __future__ import annotations

import gc
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from django.db import connection, models, transaction
from django.db.utils import IntegrityError
from django.forms.models import model_to_dict

from safeconduct.journal import bulk
from safeconduct.journal.fields import new_handle
from safeconduct.journal.models import Act, Alarm, Commitment, Entry

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
OFFICE, MEMBER = UUID(int=1), UUID(int=2)
# Below this many Django inserts them itself; above, so many that several statements and a rest are needed.
FEW, VERY_MANY = 3, 500


@pytest.fixture(autouse=True)
def nothing_is_remembered_of_models(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "_shapes", {})
    monkeypatch.setattr(bulk, "_tables", {})


def alarm(number: int) -> Alarm:
    return bulk.make(Alarm, organisation=OFFICE, member=MEMBER, kind=Alarm.Kind.TOLD, at=NOW, count=number)


def entry() -> Entry:
    values = {"organisation": OFFICE, "at": NOW, "act": Act.LISTED, "member": None, "label": b"1" * 16}
    return bulk.make(Entry, commitment=b"2" * 32, **values)


def test_a_row_is_made_as_its_model_makes_it() -> None:
    handle = new_handle()
    values = {"handle": handle, "organisation": OFFICE, "member": MEMBER, "kind": Alarm.Kind.LOG, "at": NOW, "count": 3}
    assert model_to_dict(bulk.make(Alarm, **values)) == model_to_dict(Alarm(**values))
    assert alarm(1).handle != alarm(1).handle
    assert bulk.make(Entry, erased=None).erased is None
    with pytest.raises(TypeError, match="no colour"):
        bulk.make(Alarm, colour="red")


@pytest.mark.parametrize("many", [FEW, VERY_MANY])
def test_what_is_inserted_is_read_again(many: int) -> None:
    rows = [alarm(number) for number in range(many)]
    bulk.insert(rows)
    assert len({row.pk for row in rows}) == many
    found = Alarm.objects.order_by("pk")
    assert [model_to_dict(row) for row in found] == [model_to_dict(row) for row in rows]
    later = Alarm.objects.create(organisation=OFFICE, member=MEMBER, kind=Alarm.Kind.TOLD, at=NOW, count=1)
    assert later.pk > max(row.pk for row in rows)


@pytest.mark.parametrize("many", [FEW, VERY_MANY])
def test_values_are_inserted_as_rows_are(many: int) -> None:
    one = entry()
    bulk.insert([one])
    values = [(one.pk, new_handle(), number, number.to_bytes(32, "big")) for number in range(1, many + 1)]
    bulk.insert_values(Commitment, ("entry_id", "envelope", "revision", "digest"), values)
    rows = Commitment.objects.order_by("pk").values_list("entry_id", "envelope", "revision", "digest")
    assert [(*row, bytes(digest)) for *row, digest in rows] == [(*row, digest) for *row, digest in values]


@pytest.mark.parametrize("many", [FEW, VERY_MANY])
def test_values_that_do_not_fit_their_columns_are_refused(many: int) -> None:
    columns = ("entry_id", "envelope", "revision", "digest")
    values: list[tuple[object, ...]] = [(1, new_handle(), number, b"3" * 32) for number in range(1, many + 1)]
    for names, given in (((*columns, "colour"), values), (columns, [*values[1:], (*values[0], "red")])):
        with pytest.raises(ValueError):
            bulk.insert_values(Commitment, names, given)
    assert not Commitment.objects.exists()


@pytest.mark.parametrize("many", [FEW, VERY_MANY])
def test_a_row_refers_to_another_and_what_it_leaves_out_is_null(many: int) -> None:
    one = entry()
    bulk.insert([one])
    assert bulk.make(Entry, erased=one).erased_id == one.pk
    others = [entry() for _ in range(many)]
    for other in others:
        other.erased = one
    bulk.insert(others)
    rows = Entry.objects.filter(erased=one).values_list("body", "salt", "member")
    assert list(rows) == [(None, None, None)] * many


def test_a_day_is_written_as_it_is_spelt() -> None:
    turn = bulk._turn(models.DateField())
    if connection.vendor != "sqlite":
        assert turn is None
    else:
        assert turn is not None
        assert [turn(date(2026, 3, 1)), turn(None)] == ["2026-03-01", None]


@pytest.mark.parametrize("many", [FEW, VERY_MANY])
def test_one_row_against_a_rule_of_the_database_keeps_all_of_them_out(many: int) -> None:
    rows = [alarm(number) for number in range(many)]
    rows[-1].handle = rows[0].handle
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert(rows)
    assert not Alarm.objects.exists()


def test_what_is_changed_while_many_are_inserted_is_set_back() -> None:
    def held() -> object:
        if connection.vendor != "sqlite":
            return None
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA cache_size")
            return cursor.fetchone()

    before = gc.get_threshold(), held()
    with bulk.many():
        assert gc.get_threshold()[0] > 50 * before[0][0]
        assert gc.get_threshold()[1:] == before[0][1:]
        assert connection.vendor != "sqlite" or held() != before[1]
    assert (gc.get_threshold(), held()) == before
