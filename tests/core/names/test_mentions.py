"""References mentioned in running text: whatever could be one is looked up, and little else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.core.names.mentions import MOST_KEYS, key_of, keys, theirs


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("RE: IM/0345", "IM0345"),
        ("Our ref:IM/0345.", "IM0345"),
        ("(your ref. im/0345)", "IM0345"),
        ("Our ref 5142-1291-4290-1013", "5142129142901013"),
        ("UAN 5142 1291 4290 1013 refers", "5142129142901013"),
        ("UAN: ٥١٤٢-١٢٩١-٤٢٩٠-١٠١٣", "5142129142901013"),
        ("MP correspondence – T5136701", "T5136701"),
        ("her file S2424708/2", "S24247082"),
        ("S7089061/7209-4056-1125-5762", "S7089061"),
        ("GWF 012345678", "GWF012345678"),
        ("visa GWF012345678,", "GWF012345678"),
        ("MPAM/0903139/26", "MPAM090313926"),
        ("Ref 214", "214"),
        ("Home Office reference 000123456", "123456"),
        ("IM 0214", "IM0214"),
        ("asylum support 20/11/12345", "201112345"),
    ],
)
def test_what_could_be_a_reference_is_looked_up(text: str, key: str) -> None:
    assert key in keys(text)


@pytest.mark.parametrize(
    "text",
    [
        "on 20/11/2026 and 2026-11-20",
        "within 20 working days, in 2026, at 16:43",
        "write to mp12345678@ho.example or https://www.gov.uk/12345678",
        "no reference at all",
        "rooms 12 and 14",
    ],
)
def test_days_times_and_addresses_are_none(text: str) -> None:
    assert keys(text) == ()


def test_the_home_office_s_own_references_are_told() -> None:
    found = theirs("Ref MPAM/0903139/26 (and COMP/0000123/25); our IM/0345; MPAM/0903139/26 again")
    assert [one.normal for one in found] == ["MPAM/0903139/26", "COMP/0000123/25"]


def test_a_key_is_one_however_it_is_written() -> None:
    assert key_of("im / 0345") == key_of("IM/0345") == key_of("IM‑0345")


def test_a_long_text_asks_for_no_more_than_the_bound() -> None:
    assert len(keys(" ".join(f"A{n:07}" for n in range(5000)))) == MOST_KEYS


@given(st.text(max_size=200))
def test_no_text_raises(text: str) -> None:
    for key in keys(text):
        assert key
        assert key == key.upper()
        assert key.isalnum()


@pytest.mark.parametrize("text", ["1" * 400_000, "a/" * 200_000, "A1 " * 130_000, "x@" * 200_000, "ref " * 90_000])
def test_a_text_made_to_keep_a_reader_busy_is_read_to_its_bound(text: str) -> None:
    assert len(keys(text)) <= MOST_KEYS
    assert theirs(text) == ()
