"""Days that a reply names: proposed where somebody says that they will do something by them, and nowhere else."""

from __future__ import annotations

from datetime import date

import pytest

from safeconduct.core.calendar.days import Nation
from safeconduct.post.reading.promises import promises

ON = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("It will be served within 8 weeks of this letter.", date(2027, 1, 15)),
        ("We will write to you within ten working days.", date(2026, 12, 4)),
        ("You will hear from us in the next two months.", date(2027, 1, 20)),
        ("A full reply will be sent by 3 December.", date(2026, 12, 3)),
        ("We expect to decide by Friday 8th January 2027.", date(2027, 1, 8)),
        ("We aim to reply no later than 03/12/2026.", date(2026, 12, 3)),
        ("A decision will be made by the end of January.", date(2027, 1, 31)),
        ("We will respond by the end of next week.", date(2026, 11, 27)),
        ("The passport will be posted by 2026-12-01.", date(2026, 12, 1)),
        ("We should be able to answer by 5 March.", date(2027, 3, 5)),
        ("She will be interviewed within the next 28 (28) days.", date(2026, 12, 18)),
    ],
)
def test_a_day_somebody_promises_is_proposed(text: str, until: date) -> None:
    assert [one.until for one in promises(text, on=ON)] == [until]


@pytest.mark.parametrize(
    "text",
    [
        "Your constituent must return the form within 14 days.",
        "You should appeal by 3 December.",
        "We would normally reply within 20 working days.",
        "Our service standard is that we will reply within 20 working days.",
        "A decision was made by 3 December 2025 and will be served.",
        "Please send the form, and it will be looked at by 3 December.",
        "The applicant has to leave by 3 December.",
        "It will be decided in due course.",
        "We wrote to her on 3 November.",
        "It will be 40/13/2026 by 32 December.",
        "It will take us until 3 December 2199.",
    ],
)
def test_what_nobody_promised_is_not(text: str) -> None:
    assert promises(text, on=ON) == ()


def test_a_month_without_that_day_ends_on_its_last() -> None:
    [one] = promises("We will reply within one month.", on=date(2027, 1, 31))
    assert one.until == date(2027, 2, 28)


def test_working_days_are_those_of_the_nation() -> None:
    text = "We will reply within 7 working days."
    said = {
        nation: promises(text, on=ON, nation=nation)[0].until for nation in (Nation.ENGLAND_AND_WALES, Nation.SCOTLAND)
    }
    # Monday 30 November is a holiday in Scotland.
    assert said == {Nation.ENGLAND_AND_WALES: date(2026, 12, 1), Nation.SCOTLAND: date(2026, 12, 2)}


def test_each_day_is_proposed_once_with_its_words() -> None:
    text = "It will be served by 3 December. We will tell you by 3 December too. We will write by 9 December."
    assert [(one.until.day, one.words) for one in promises(text, on=ON)] == [
        (3, "It will be served by 3 December."),
        (9, "We will write by 9 December."),
    ]
