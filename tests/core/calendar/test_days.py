"""Working days: the published holidays, the ends of what is known, and what holds for every day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.core.calendar.days import (
    NATIONS,
    BeyondCalendar,
    Holiday,
    Nation,
    WorkingDays,
    calendar_ends,
    day_in_london,
    working_days,
)

YEAR_END = frozenset({(12, day) for day in range(27, 32)})

nations = st.sampled_from(list(Nation))
days = st.dates(min_value=date(2012, 3, 1), max_value=date(2028, 6, 30))
counts = st.integers(min_value=0, max_value=60)
closings = st.sampled_from([frozenset(), YEAR_END])


@pytest.mark.parametrize(
    ("nation", "working"),
    [
        (Nation.ENGLAND_AND_WALES, True),
        (Nation.SCOTLAND, False),
        (Nation.NORTHERN_IRELAND, True),
        (Nation.ANY_UK, False),
    ],
)
def test_st_andrews_day_is_a_holiday_in_scotland_and_so_in_some_part_of_the_uk(nation: Nation, working: bool) -> None:
    assert WorkingDays(nation).is_working(date(2026, 11, 30)) is working


def test_a_holiday_of_one_nation_is_a_holiday_of_any_part_of_the_uk() -> None:
    everywhere = working_days(Nation.ANY_UK)
    for nation in NATIONS:
        own = working_days(nation).holidays_between(date(2012, 1, 1), date(2028, 12, 26))
        assert own
        assert not [holiday for holiday in own if everywhere.is_working(holiday.on)]


def test_a_day_shared_by_nations_is_named_once() -> None:
    found = working_days(Nation.ANY_UK).holidays_between(date(2026, 12, 24), date(2026, 12, 28))
    assert [holiday.on for holiday in found] == [date(2026, 12, 25), date(2026, 12, 28)]


def test_holidays_on_a_weekend_are_left_out_since_they_lengthen_nothing() -> None:
    found = working_days(Nation.ENGLAND_AND_WALES).holidays_between(date(2020, 12, 20), date(2021, 1, 5))
    assert date(2020, 12, 26) not in [holiday.on for holiday in found]  # a Saturday
    assert Holiday(date(2020, 12, 28), found[1].title) == found[1]


def test_days_closed_by_a_reading_are_not_working_days() -> None:
    closed = WorkingDays(Nation.ENGLAND_AND_WALES, closed=YEAR_END)
    assert closed.next_on_or_after(date(2026, 12, 28)) == date(2027, 1, 4)
    assert WorkingDays(Nation.ENGLAND_AND_WALES).next_on_or_after(date(2026, 12, 28)) == date(2026, 12, 29)


@pytest.mark.parametrize("day", [date(2011, 12, 31), date(2028, 12, 27), date(1999, 1, 1), date(2100, 1, 1)])
def test_a_day_without_published_holidays_is_refused(day: date) -> None:
    with pytest.raises(BeyondCalendar) as refused:
        working_days(Nation.ANY_UK).is_working(day)
    assert refused.value.day == day
    assert refused.value.last == calendar_ends()


def test_counting_past_the_published_holidays_is_refused() -> None:
    ends = calendar_ends()
    with pytest.raises(BeyondCalendar):
        working_days(Nation.SCOTLAND).add(ends - timedelta(days=3), 10)
    with pytest.raises(BeyondCalendar):
        working_days(Nation.SCOTLAND).next_on_or_after(ends)  # the last day known is a holiday


def test_the_calendar_ends_on_the_last_day_every_nation_knows() -> None:
    assert calendar_ends() == min(working_days(nation).last_known for nation in NATIONS)


def test_working_days_are_not_counted_backwards() -> None:
    with pytest.raises(ValueError, match="forwards"):
        working_days(Nation.SCOTLAND).add(date(2026, 11, 20), -1)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 7, 20, 23, 30, tzinfo=UTC), date(2026, 7, 21)),  # summer time
        (datetime(2026, 11, 20, 23, 30, tzinfo=UTC), date(2026, 11, 20)),
    ],
)
def test_a_day_is_a_day_in_london(instant: datetime, day: date) -> None:
    assert day_in_london(instant) == day


def test_an_instant_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        day_in_london(datetime(2026, 7, 20, 23, 30))  # noqa: DTZ001 - the case under test


@given(nation=nations, day=days, closed=closings)
def test_the_nearest_working_days_enclose_a_day(nation: Nation, day: date, closed: frozenset[tuple[int, int]]) -> None:
    calendar = WorkingDays(nation, closed=closed)
    before, after = calendar.last_on_or_before(day), calendar.next_on_or_after(day)
    assert before <= day <= after
    assert calendar.is_working(before)
    assert calendar.is_working(after)
    assert (before == day) == (after == day) == calendar.is_working(day)


@given(nation=nations, day=days, count=counts, closed=closings)
def test_adding_lands_on_a_working_day_and_counts_back_to_the_same_number(
    nation: Nation, day: date, count: int, closed: frozenset[tuple[int, int]]
) -> None:
    calendar = WorkingDays(nation, closed=closed)
    end = calendar.add(day, count)
    assert calendar.between(day, end) == count
    assert end == day if count == 0 else calendar.is_working(end)


@given(nation=nations, day=days, first=counts, second=counts)
def test_adding_twice_is_adding_the_sum(nation: Nation, day: date, first: int, second: int) -> None:
    calendar = working_days(nation)
    assert calendar.add(calendar.add(day, first), second) == calendar.add(day, first + second)


@given(nation=nations, day=days, later=st.integers(0, 30), count=counts, more=counts)
def test_a_later_start_or_a_longer_count_never_ends_sooner(
    nation: Nation, day: date, later: int, count: int, more: int
) -> None:
    calendar = working_days(nation)
    assert calendar.add(day, count) <= calendar.add(day + timedelta(days=later), count)
    assert calendar.add(day, count) <= calendar.add(day, count + more)


@given(nation=st.sampled_from(NATIONS), day=days, count=counts)
def test_counting_by_every_nations_holidays_is_never_quicker_than_by_one(nation: Nation, day: date, count: int) -> None:
    assert working_days(nation).add(day, count) <= working_days(Nation.ANY_UK).add(day, count)
