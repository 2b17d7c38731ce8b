"""Days in spreadsheet cells."""

from __future__ import annotations

import csv
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import MAC_EPOCH, to_excel

from safeconduct.core.calendar.sheets import CellWarning, NotADay, Problem, SheetDay, read_day_cell

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (date(2026, 9, 7), date(2026, 9, 7)),
        (datetime(2026, 9, 7, 14, 5), date(2026, 9, 7)),  # noqa: DTZ001 - as openpyxl gives it
        (datetime(2026, 7, 20, 23, 30, tzinfo=UTC), date(2026, 7, 21)),
        (46272, date(2026, 9, 7)),
        (46272.75, date(2026, 9, 7)),
        ("46272", date(2026, 9, 7)),
        ("46272.0", date(2026, 9, 7)),
        ("31/10/26", date(2026, 10, 31)),
        ("9/9/26", date(2026, 9, 9)),
        ("29/10/2026", date(2026, 10, 29)),
        ("Thursday 15 October 2026", date(2026, 10, 15)),
        ("1 Nov 2026", date(2026, 11, 1)),
        ("01.11.2026", date(2026, 11, 1)),
        ("2026-10-25", date(2026, 10, 25)),
        ("2026-10-25 00:00:00", date(2026, 10, 25)),
        ("2026-10-25T09:30", date(2026, 10, 25)),
        ("25/10/2026 9:30 am", date(2026, 10, 25)),
        ("2026-07-20T23:30:00Z", date(2026, 7, 21)),
        ("2026-07-20T23:30:00-05:00", date(2026, 7, 21)),
        ("2025-12-25", date(2025, 12, 25)),
        ("25/12/2027", date(2027, 12, 25)),  # whether it may be in the future is the importer's question
    ],
)
def test_a_cell_is_read(cell: object, day: date) -> None:
    assert read_day_cell(cell, today=TODAY) == SheetDay(day)


def test_a_workbook_counted_from_1904_is_read_from_its_own_epoch() -> None:
    assert read_day_cell(46272 - 1462, today=TODAY, epoch=MAC_EPOCH).day == date(2026, 9, 7)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (None, Problem.EMPTY),
        ("", Problem.EMPTY),
        (" \u00a0", Problem.EMPTY),
        ("32 Nov 2026", Problem.IMPOSSIBLE),
        ("last Tuesday??", Problem.UNREADABLE),
        ("today", Problem.UNREADABLE),
        ("-3d", Problem.UNREADABLE),
        ("fri", Problem.UNREADABLE),
        ("20 nov", Problem.YEAR_MISSING),
        ("20/11", Problem.YEAR_MISSING),
        ("11/20/2026", Problem.MONTH_FIRST),
        ("20-11-26", Problem.AMBIGUOUS),
        ("31/10/77", Problem.TWO_DIGIT_YEAR),
        ("31/10/28", Problem.TWO_DIGIT_YEAR),
        (True, Problem.UNREADABLE),
        (45, Problem.UNREADABLE),
        (-46272, Problem.UNREADABLE),
        (123456, Problem.UNREADABLE),
        (99999, Problem.UNREADABLE),  # the year 2173
        (float("nan"), Problem.UNREADABLE),
        (float("inf"), Problem.UNREADABLE),
        (time(9, 30), Problem.UNREADABLE),
        ("20261120", Problem.UNREADABLE),
        ("2026-13-20T09:30:00Z", Problem.UNREADABLE),
        ("0001-01-01T00:00:00+14:00", Problem.UNREADABLE),
    ],
)
def test_a_cell_is_refused(cell: object, code: Problem) -> None:
    with pytest.raises(NotADay) as refused:
        read_day_cell(cell, today=TODAY)
    assert refused.value.code is code


def test_a_weekday_that_disagrees_is_a_warning_and_the_date_stands() -> None:
    found = read_day_cell("Friday 15 October 2026", today=TODAY)
    assert found == SheetDay(date(2026, 10, 15), (CellWarning.WEEKDAY_DISAGREES,))


@given(day=st.dates(min_value=date(1928, 1, 1), max_value=date(2099, 12, 31)), part=st.floats(0, 0.99))
def test_excels_own_number_is_read_back_as_number_and_as_text(day: date, part: float) -> None:
    number = to_excel(day)
    assert read_day_cell(number + part, today=TODAY).day == day
    assert read_day_cell(f"{number:.0f}", today=TODAY).day == day


@given(cell=st.one_of(st.text(max_size=24), st.floats(), st.integers(), st.none(), st.booleans(), st.datetimes()))
def test_any_cell_is_a_day_or_a_refusal(cell: object) -> None:
    with suppress(NotADay):
        assert type(read_day_cell(cell, today=TODAY).day) is date


@pytest.mark.shared
def test_every_date_of_a_real_looking_export_is_read_and_only_the_three_bad_ones_are_refused(shared: Path) -> None:
    text = (shared / "data" / "office-export.csv").read_text(encoding="utf-8-sig")
    refused = []
    for number, row in enumerate(csv.DictReader(text.splitlines(keepends=True)), start=1):
        for column in ("Date sent", "Last chased", "Reply rec'd"):
            if row[column]:
                try:
                    found = read_day_cell(row[column], today=TODAY)
                except NotADay as fault:
                    refused.append((number, column, fault.code))
                else:
                    assert not found.warnings
                    assert abs(found.day - TODAY) < timedelta(days=800)
    assert refused == [
        (201, "Date sent", Problem.IMPOSSIBLE),
        (282, "Date sent", Problem.UNREADABLE),
        (307, "Date sent", Problem.UNREADABLE),
    ]
