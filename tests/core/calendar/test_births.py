"""Births as far as they are known."""

from __future__ import annotations

import csv
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.core.calendar.births import Birth, NotADay, Precision, Problem, read_birth

TODAY = date(2026, 11, 20)
DAY, MONTH, YEAR, ESTIMATED = Precision.DAY, Precision.MONTH, Precision.YEAR, Precision.ESTIMATED


@pytest.mark.parametrize(
    ("cell", "birth"),
    [
        ("1 Jan 1977", Birth(1977, 1, 1, DAY)),
        ("2011-02-19", Birth(2011, 2, 19, DAY)),
        ("12/09/2016", Birth(2016, 9, 12, DAY)),
        ("12/09/2016 00:00:00", Birth(2016, 9, 12, DAY)),
        (datetime(1998, 3, 2), Birth(1998, 3, 2, DAY)),  # noqa: DTZ001 - as openpyxl gives it
        (date(1998, 3, 2), Birth(1998, 3, 2, DAY)),
        (36526, Birth(2000, 1, 1, DAY)),
        ("36526", Birth(2000, 1, 1, DAY)),
        ("12/3/05", Birth(2005, 3, 12, DAY)),  # nobody is 121
        ("3/4/56", Birth(1956, 4, 3, DAY)),  # 2056 is to come
        ("Mar 1998", Birth(1998, 3, None, MONTH)),
        ("March 1998", Birth(1998, 3, None, MONTH)),
        ("03/1998", Birth(1998, 3, None, MONTH)),
        ("1998-03", Birth(1998, 3, None, MONTH)),
        ("xx/03/1998", Birth(1998, 3, None, MONTH)),
        ("00/00/1998", Birth(1998, None, None, YEAR)),
        ("1998", Birth(1998, None, None, YEAR)),
        (1998, Birth(1998, None, None, YEAR)),
        (1998.0, Birth(1998, None, None, YEAR)),
        ("۱۹۹۸", Birth(1998, None, None, YEAR)),  # Persian figures
        ("1998?", Birth(1998, None, None, ESTIMATED)),
        ("abt 2001", Birth(2001, None, None, ESTIMATED)),
        ("About 2001", Birth(2001, None, None, ESTIMATED)),
        ("c.1990", Birth(1990, None, None, ESTIMATED)),
        ("circa 1990", Birth(1990, None, None, ESTIMATED)),
        ("~1987", Birth(1987, None, None, ESTIMATED)),
        ("1990 (approx)", Birth(1990, None, None, ESTIMATED)),
        ("approx Mar 1998", Birth(1998, 3, None, ESTIMATED)),
        ("1 Jan 1977?", Birth(1977, 1, 1, ESTIMATED)),
    ],
)
def test_it_is_read_as_far_as_it_is_written(cell: object, birth: Birth) -> None:
    assert read_birth(cell, today=TODAY) == birth


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (None, Problem.EMPTY),
        ("", Problem.EMPTY),
        ("?", Problem.EMPTY),
        ("not known", Problem.UNREADABLE),
        ("aged 34", Problem.UNREADABLE),
        ("1998-2000", Problem.UNREADABLE),
        ("1990s", Problem.UNREADABLE),
        ("32 Nov 1990", Problem.IMPOSSIBLE),
        ("13/1998", Problem.IMPOSSIBLE),
        ("xx/13/1998", Problem.MONTH_FIRST),
        ("02/19/2011", Problem.MONTH_FIRST),
        ("5 May", Problem.YEAR_MISSING),
        ("12/3/12", Problem.TWO_DIGIT_YEAR),  # 14 years old, or 114
        ("Monday 1 January 1977", Problem.WEEKDAY_DISAGREES),
        ("2030", Problem.IN_THE_FUTURE),
        ("21/11/2026", Problem.IN_THE_FUTURE),
        ("1375", Problem.OUT_OF_RANGE),
        (1375, Problem.OUT_OF_RANGE),
        (0, Problem.OUT_OF_RANGE),
        (True, Problem.UNREADABLE),
        (float("nan"), Problem.UNREADABLE),
        (b"1998", Problem.UNREADABLE),
    ],
)
def test_it_is_refused(cell: object, code: Problem) -> None:
    with pytest.raises(NotADay) as refused:
        read_birth(cell, today=TODAY)
    assert refused.value.code is code


@given(day=st.dates(min_value=date(1928, 1, 1), max_value=TODAY))
def test_a_whole_birth_is_read_back_from_every_way_of_writing_it(day: date) -> None:
    whole = Birth(day.year, day.month, day.day, DAY)
    for text in (day.isoformat(), f"{day:%d/%m/%Y}", f"{day.day} {day:%b %Y}"):
        assert read_birth(text, today=TODAY) == whole
    assert read_birth(f"{day:%b %Y}", today=TODAY) == Birth(day.year, day.month, None, MONTH)
    assert read_birth(f"abt {day.year}", today=TODAY) == Birth(day.year, None, None, ESTIMATED)


@given(cell=st.one_of(st.text(max_size=20), st.floats(), st.integers(), st.none(), st.dates(), st.datetimes()))
def test_any_cell_is_a_birth_or_a_refusal(cell: object) -> None:
    with suppress(NotADay):
        birth = read_birth(cell, today=TODAY)
        assert 1900 <= birth.year <= TODAY.year
        assert birth.day is None or birth.month is not None


@pytest.mark.shared
def test_every_birth_of_a_real_looking_export_is_read(shared: Path) -> None:
    text = (shared / "data" / "office-export.csv").read_text(encoding="utf-8-sig")
    written = [row["DOB"] for row in csv.DictReader(text.splitlines(keepends=True)) if row["DOB"]]
    assert len(written) > 300
    found = {read_birth(cell, today=TODAY).precision for cell in written}
    assert found == {DAY, ESTIMATED}
