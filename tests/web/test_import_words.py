"""Every code of the reading of sheets has words."""

from __future__ import annotations

from typing import get_args

import pytest

from safeconduct.casework.importing import errors, faults, plan
from safeconduct.casework.importing.errors import UnreadableSheet
from safeconduct.casework.importing.faults import Fault, FaultCode, Remark
from safeconduct.casework.importing.fields import Field
from safeconduct.casework.importing.sheet import Notice
from safeconduct.core.calendar.written import Problem
from safeconduct.web.words import imports as words

REFUSALS = [one for module in (errors, plan) for one in vars(module).values()
            if isinstance(one, type) and issubclass(one, UnreadableSheet)]  # fmt: skip
NOTICES = (
    *("hidden_sheets", "other_sheets", "title_rows", "hidden_rows"),
    *("merged_filled", "formulas", "cell_errors", "not_utf8"),
)


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda one: one.code)
def test_a_refused_file_says_why(refusal: type[UnreadableSheet]) -> None:
    assert refusal.code in words.UNREADABLE
    assert "%(" not in words.unreadable(refusal())


@pytest.mark.parametrize("code", get_args(FaultCode))
def test_a_fault_says_what_is_wrong_and_what_to_do(code: FaultCode) -> None:
    one = Fault(3, code, "Date sent", other_row=2)
    assert words.fault(one) == one.sentence
    assert words.advice(one)


@pytest.mark.parametrize("why", list(Problem))
def test_a_day_that_is_none_says_how_to_write_it_in_a_sheet(why: Problem) -> None:
    assert "-3d" not in words.advice(Fault(3, "not_a_day", "Date sent", why))


@pytest.mark.parametrize("code", list(faults._REMARKS))
def test_a_remark_has_words(code: str) -> None:
    said = words.remark(Remark(3, code, "Date sent"))
    assert "%(" not in said
    assert ("Date sent" in said) == ("{column}" in faults._REMARKS[code])


@pytest.mark.parametrize("code", NOTICES)
@pytest.mark.parametrize("count", [1, 3])
def test_what_is_noticed_about_a_file_has_words(code: str, count: int) -> None:
    said = words.notice(Notice(code, count))
    assert "%(" not in said
    assert code == "not_utf8" or str(count) in said


def test_every_field_can_be_chosen() -> None:
    assert set(words.FIELDS) == set(Field)
