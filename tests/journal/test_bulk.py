"""Rows made and inserted by the thousand are the rows that Django would have made and inserted one by one."""

from __future__ import annotations

import gc
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, models, transaction
from django.db.utils import IntegrityError
from django.forms.models import model_to_dict

from safeconduct.journal import bulk
from safeconduct.journal.fields import new_handle
from safeconduct.journal.models import Act, Alarm, Commitment, Entry

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 1, 14, 30, tzinfo=UTC)  # in summer, when the office's clock shows another hour
OFFICE, MEMBER = UUID(int=1), UUID(int=2)
# Below this many Django inserts them itself; above, so many that several statements and a rest are needed.
FEW, VERY_MANY = 3, 500


@pytest.fixture(autouse=True)
def nothing_is_remembered_of_models(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "_shapes", {})
    monkeypatch.setattr(bulk, "_tables", {})


def alarm(number: int) -> Alarm:
    return bulk.make(Alarm, organisation=OFFICE, member=MEMBER, kind=Alarm.Kind.TOLD, at=NOW, count=number)


def raw() -> dict[str, Any]:
    values = {"organisation": OFFICE, "at": NOW, "act": Act.LISTED, "member": None, "label": b"1" * 16}
    return {**values, "commitment": b"2" * 32}


def entry() -> Entry:
    return bulk.make(Entry, **raw())


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
    assert {(row._state.adding, row._state.db) for row in rows} == {(False, connection.alias)}
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


@pytest.mark.parametrize("many", [FEW, VERY_MANY])
def test_a_row_takes_the_number_that_the_row_it_refers_to_was_given_since(many: int) -> None:
    one = entry()
    others = [bulk.make(Entry, **raw(), erased=one) for _ in range(many)]
    bulk.insert([one])
    bulk.insert(others)
    assert [row.erased_id for row in others] == [one.pk] * many
    assert Entry.objects.filter(erased=one).count() == many


@pytest.mark.parametrize("many", [FEW, VERY_MANY])
def test_columns_hold_what_saving_each_row_would_have_written(many: int) -> None:
    at, named = NOW.astimezone(timezone(timedelta(hours=5))), new_handle()
    rows = [bulk.make(Entry, **{**raw(), "at": at, "about": named}) for _ in range(many)]
    saved = Entry(**{**raw(), "at": at, "about": named})
    saved.save()
    bulk.insert(rows)
    with connection.cursor() as cursor:
        cursor.execute("SELECT organisation, at, act, member, about, label, count FROM journal_entry ORDER BY id")
        first, *rest = cursor.fetchall()
    assert [tuple(map(plain, row)) for row in rest] == [tuple(map(plain, first))] * many


def plain(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value


def test_rows_of_several_models_are_each_written_to_their_own_table() -> None:
    for _ in range(2):
        bulk.insert([alarm(number) for number in range(30)])
        bulk.insert([entry() for _ in range(30)])
    assert (Alarm.objects.count(), Entry.objects.count()) == (60, 60)


def test_a_text_is_written_as_the_text_it_stands_for() -> None:
    turn = bulk._turn(models.CharField())
    assert turn is not None
    text = "as it is"
    assert turn(text) is text
    assert turn(None) is None
    assert type(turn(Act.LISTED)) is str
    assert turn(Act.LISTED) == "listed"


def test_a_value_of_a_rarer_kind_is_written_as_django_writes_it() -> None:
    field = models.DecimalField(max_digits=5, decimal_places=2)
    turn = bulk._turn(field)
    assert turn is not None
    assert turn(Decimal("1.5")) == field.get_db_prep_save(Decimal("1.5"), connection)


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
