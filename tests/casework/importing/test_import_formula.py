"""No cell of a CSV we write is worked out by the program that opens it."""

import csv
import io
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.casework.importing.formula import neutralise, write_csv
from safeconduct.casework.importing.read import read_sheet
from safeconduct.casework.importing.sheet import cell_text

HIDDEN = ["", " ", "\t", "\r", "\n", "\r\n", "\ufeff", "\u200b", "\u200f", "\u202e", "\u00a0", "\u2060", " \t\u200b "]
SIGNS = ["=", "+", "-", "@", "＝", "＋", "－", "＠", "−", "﹣"]


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("hidden", HIDDEN)
def test_a_formula_is_neutralised_whatever_stands_before_it(hidden: str, sign: str) -> None:
    text = f"{hidden}{sign}HYPERLINK(1)"
    assert neutralise(text).startswith("'")
    assert neutralise(text).replace("'", "") == text


@pytest.mark.parametrize("separator", [";", "\t", "|", "\n", "\r\n"])
def test_a_formula_behind_another_lists_separator_is_neutralised(separator: str) -> None:
    assert neutralise(f"words{separator}=1+1") == f"words{separator}'=1+1"


@pytest.mark.parametrize("text", ["", "Amina Osman", "07700 900001", "a = b", "x-y", "محمد رحیمی", "a, b; c", "'tis"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert neutralise(text) == text


@given(st.text(max_size=40))
def test_only_apostrophes_are_ever_added(text: str) -> None:
    assert neutralise(text).replace("'", "") == text.replace("'", "")


@given(st.text(max_size=40))
def test_the_first_character_that_can_be_seen_never_opens_a_formula(text: str) -> None:
    seen = [c for c in neutralise(text) if unicodedata.category(c) not in {"Cc", "Cf", "Zs", "Zl", "Zp"}]
    assert not seen or unicodedata.normalize("NFKC", seen[0])[:1] not in set("=+-@")


def test_a_long_run_of_line_ends_takes_one_pass() -> None:
    assert len(neutralise("\n" * 200_000 + "x")) == 200_002


def test_csv_is_quoted_marked_as_utf8_and_keeps_numbers_and_days() -> None:
    data = write_csv([["Name", "Days", "On", "Nothing"], ["=1", -3, date(2026, 11, 20), None]])
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows == [["Name", "Days", "On", "Nothing"], ["'=1", "-3", "2026-11-20", ""]]


def test_what_we_wrote_is_read_back_as_it_was() -> None:
    data = write_csv([["Our ref", "Name", "Notes"], ["1", "A", '=HYPERLINK("http://example.org","click")']])
    cells = read_sheet("export.csv", data).rows[0].cells
    assert cell_text(cells[2]) == '=HYPERLINK("http://example.org","click")'
