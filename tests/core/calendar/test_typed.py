"""Days as people type them: what is read, what is filled in, and what is refused rather than guessed."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.core.calendar.typed import NotADay, Problem, parse_day

FRIDAY = date(2026, 11, 20)

todays = st.dates(min_value=date(2015, 1, 1), max_value=date(2040, 12, 31))
days = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", FRIDAY),
        ("Today", FRIDAY),
        ("yesterday", date(2026, 11, 19)),
        ("tomorrow", date(2026, 11, 21)),
        ("-3d", date(2026, 11, 17)),
        ("−3d", date(2026, 11, 17)),  # a typographic minus
        ("+2w", date(2026, 12, 4)),
        ("- 1w", date(2026, 11, 13)),
        ("3 days ago", date(2026, 11, 17)),
        ("1 week ago", date(2026, 11, 13)),
        ("in 2 weeks", date(2026, 12, 4)),
        ("fri", FRIDAY),
        ("thu", date(2026, 11, 19)),
        ("Saturday", date(2026, 11, 14)),
        ("20 nov", FRIDAY),
        ("20nov", FRIDAY),
        ("20/11", FRIDAY),
        ("20/11/26", FRIDAY),
        ("20/11/2026", FRIDAY),
        ("20.11.2026", FRIDAY),
        ("20.11.26", FRIDAY),
        ("20-11-2026", FRIDAY),
        ("2026-11-20", FRIDAY),
        ("2026/11/20", FRIDAY),
        ("20-Nov-26", FRIDAY),
        ("20 Nov '26", FRIDAY),
        ("20th of November, 2026", FRIDAY),
        ("Nov 20", FRIDAY),
        ("November 20, 2026", FRIDAY),
        ("Friday 20 November 2026", FRIDAY),
        ("Fri, 20 Nov", FRIDAY),
        ("  20   NOV  2026 ", FRIDAY),
        ("٢٠/١١/٢٠٢٦", FRIDAY),  # Arabic-Indic figures
        ("۲۰/۱۱/۲۰۲۶", FRIDAY),  # Persian figures
        ("29/2/28", date(2028, 2, 29)),
        ("1 sept", date(2026, 9, 1)),
    ],
)
def test_it_is_read(text: str, day: date) -> None:
    assert parse_day(text, today=FRIDAY) == day


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", Problem.EMPTY),
        ("   ", Problem.EMPTY),
        ("last Tuesday??", Problem.UNREADABLE),
        ("soon", Problem.UNREADABLE),
        ("20", Problem.UNREADABLE),
        ("20 novembre 2026", Problem.UNREADABLE),
        ("Frisday 20 November 2026", Problem.UNREADABLE),
        ("20/11/026", Problem.UNREADABLE),
        ("20/11-2026", Problem.UNREADABLE),
        ("46272", Problem.UNREADABLE),
        ("20112026", Problem.UNREADABLE),
        ("-3", Problem.UNREADABLE),
        ("32 Nov 2026", Problem.IMPOSSIBLE),
        ("31 Nov 2026", Problem.IMPOSSIBLE),
        ("29 Feb 2026", Problem.IMPOSSIBLE),
        ("30 feb", Problem.IMPOSSIBLE),
        ("0/11/2026", Problem.IMPOSSIBLE),
        ("20/0/2026", Problem.IMPOSSIBLE),
        ("2026-13-40", Problem.IMPOSSIBLE),
        ("11/20/2026", Problem.MONTH_FIRST),
        ("11/20", Problem.MONTH_FIRST),
        ("20-11-26", Problem.AMBIGUOUS),
        ("20-11", Problem.AMBIGUOUS),
        ("next fri", Problem.AMBIGUOUS),
        ("last friday", Problem.AMBIGUOUS),
        ("20/11/77", Problem.TWO_DIGIT_YEAR),
        ("Thursday 20 November 2026", Problem.WEEKDAY_DISAGREES),
        ("thu 20 nov", Problem.WEEKDAY_DISAGREES),
        ("20/11/1026", Problem.OUT_OF_RANGE),
        ("29/08/1405", Problem.OUT_OF_RANGE),  # a Solar Hijri year is not taken for ours
    ],
)
def test_it_is_refused(text: str, code: Problem) -> None:
    with pytest.raises(NotADay) as refused:
        parse_day(text, today=FRIDAY)
    assert refused.value.code is code


@pytest.mark.parametrize("text", ["Rahimi 20 nov", "A1234567"])
def test_a_refusal_never_repeats_what_was_typed(text: str) -> None:
    with pytest.raises(NotADay) as refused:
        parse_day(text, today=FRIDAY)
    assert text not in str(refused.value)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize(
    ("text", "today", "past", "coming"),
    [
        ("5 jan", date(2026, 12, 20), date(2027, 1, 5), date(2027, 1, 5)),  # within 31 days
        ("5 jan", date(2026, 11, 20), date(2026, 1, 5), date(2027, 1, 5)),
        ("21 dec", FRIDAY, date(2026, 12, 21), date(2026, 12, 21)),  # 31 days ahead
        ("22 dec", FRIDAY, date(2025, 12, 22), date(2026, 12, 22)),  # 32 days ahead
        ("19 nov", FRIDAY, date(2026, 11, 19), date(2027, 11, 19)),
        ("29 feb", FRIDAY, date(2024, 2, 29), date(2028, 2, 29)),
        ("sat", FRIDAY, date(2026, 11, 14), date(2026, 11, 21)),
        ("fri", FRIDAY, FRIDAY, FRIDAY),
    ],
)
def test_what_is_left_out_is_filled_in_from_the_past_or_when_asked_from_what_comes(
    text: str, today: date, past: date, coming: date
) -> None:
    assert parse_day(text, today=today) == past
    assert parse_day(text, today=today, ahead=True) == coming


@given(day=days, today=todays)
def test_a_day_written_in_full_is_read_back(day: date, today: date) -> None:
    for text in (
        day.isoformat(),
        f"{day.day}/{day.month}/{day.year}",
        f"{day:%d.%m.%Y}",
        f"{day.day} {day:%b %Y}",
        f"{day:%A} {day.day} {day:%B %Y}",
        f"{day:%B} {day.day}, {day.year}",
    ):
        assert parse_day(text, today=today) == day


@given(today=todays, count=st.integers(0, 9999))
def test_a_shift_and_its_opposite_cancel(today: date, count: int) -> None:
    assert parse_day(f"+{count}d", today=parse_day(f"-{count}d", today=today)) == today


def test_a_shift_out_of_range_is_refused() -> None:
    with pytest.raises(NotADay) as refused:
        parse_day("+9999w", today=FRIDAY)
    assert refused.value.code is Problem.OUT_OF_RANGE


@given(today=todays, day=st.dates(min_value=date(2015, 1, 1), max_value=date(2040, 12, 31)))
def test_a_day_without_a_year_is_at_most_31_days_ahead(today: date, day: date) -> None:
    found = parse_day(f"{day.day}/{day.month}", today=today)
    assert (found.day, found.month) == (day.day, day.month)
    assert found <= today + timedelta(days=31)
    assert parse_day(f"{day.day}/{day.month}", today=today, ahead=True) >= today


@given(text=st.text(max_size=24), today=todays)
def test_any_text_is_a_day_or_a_refusal(text: str, today: date) -> None:
    with suppress(NotADay):
        assert isinstance(parse_day(text, today=today), date)


@given(text=st.from_regex(r"[0-9]{1,4}[-/. ][0-9a-z]{1,4}([-/. ][0-9]{1,4})?", fullmatch=True), today=todays)
def test_what_is_nearly_a_date_is_a_day_or_a_refusal(text: str, today: date) -> None:
    with suppress(NotADay):
        assert str(parse_day(text, today=today).day) in text
