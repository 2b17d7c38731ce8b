"""Dates as written: nothing guessed, and how each was found."""

from __future__ import annotations

import pytest

from safeconduct.archive.reading import dates
from safeconduct.archive.reading.shape import DateRole, Flagged, Found


@pytest.mark.parametrize(
    ("text", "value", "role"),
    [
        ("28.9.2020: The office", "2020-09-28", DateRole.PUBLISHED),
        ("[Updated 22.9.2020] Many thanks", "2020-09-22", DateRole.UPDATED),
        ("18th September 2020 PRESS RELEASE", "2020-09-18", DateRole.PUBLISHED),
        ("4 December 2020: Lantern: Rooms", "2020-12-04", DateRole.PUBLISHED),
        ("Lantern: 17 November 2020: Exclusive", "2020-11-17", DateRole.PUBLISHED),
        ("2 November 2020 Lantern: Lone", "2020-11-02", DateRole.PUBLISHED),
        ("A finding Published: 25 Nov 2020", "2020-11-25", DateRole.PUBLISHED),
        ("On 15th September 2020, the Minister wrote", "2020-09-15", DateRole.SAID),
        ("18 September 2020 was a Friday", "2020-09-18", DateRole.SAID),
        ("Letter sent from the office, date: 15 September 2020", "2020-09-15", DateRole.QUOTED),
        ("Live! September 21, 2020 – 7pm", "2020-09-21", DateRole.SAID),
        ("Seen 2020-09-18 at noon", "2020-09-18", DateRole.SAID),
        ("on 9/25/2021 and after", "2021-09-25", DateRole.SAID),
    ],
)  # fmt: skip
def test_a_date_in_a_text_is_read_with_what_it_is_of(text: str, value: str, role: DateRole) -> None:
    (found,), flags = dates.in_text(text)
    assert (found.value, found.role, found.found_by) == (value, role, Found.TEXT)
    assert found.written in text
    assert flags == ()


def test_of_a_date_that_reads_two_ways_only_the_year_is_known_unless_the_text_shows_its_order() -> None:
    (found,), flags = dates.in_text("Seen on 3/4/2020.")
    assert (found.value, found.written) == ("2020", "3/4/2020")
    assert [flag.code for flag in flags] == [Flagged.DATE_UNCLEAR]
    assert [one.value for one in dates.in_text("From 3/4/2020 to 28/4/2020.")[0]] == ["2020-04-03", "2020-04-28"]
    assert [one.value for one in dates.in_text("From 3/4/2020 to 4/28/2020.")[0]] == ["2020-03-04", "2020-04-28"]
    assert [one.value for one in dates.in_text("On 5/5/2020.")[0]] == ["2020-05-05"]


def test_a_date_without_a_year_is_none_and_flagged_where_it_stands_alone() -> None:
    found, flags = dates.in_text("11 Oct\nSince 5 November they must sign on.\n")
    assert found == ()
    assert [(flag.code, flag.at) for flag in flags] == [(Flagged.DATE_WITHOUT_YEAR, 0)]


@pytest.mark.parametrize("text", ["31.2.2020", "version 10.12.2020.4", "© 2020", "13.13.2021", "Call 020 7946 2020"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert dates.in_text(text)[0] == ()


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("Sat Aug 12 16:10:37 +0000 2023", "2023-08-12T16:10:37Z"),
        ("Tue, 03 Nov 2020 08:00:00 +0100", "2020-11-03T07:00:00Z"),
        ("2020-11-03T08:00:00.123+01:00", "2020-11-03T07:00:00.123Z"),
        ("2020-11-03T08:00:00", "2020-11-03"),
        ("2020-11", "2020-11"),
        ("2020", "2020"),
        ("3 November 2020", "2020-11-03"),
        ("11 Oct", None),
        ("3/4/2020", None),
        ("9999-12-31T23:59:59-12:00", None),
        ("nonsense", None),
    ],
)  # fmt: skip
def test_a_field_is_no_more_exact_than_it_was_written(written: str, value: str | None) -> None:
    found = dates.said(written, Found.METADATA)
    assert (found.value if found else None) == value


def test_addresses_and_identifiers_hold_dates() -> None:
    assert dates.in_address("https://lantern.example/2020/11/03/cold/").value == "2020-11-03"  # type: ignore[union-attr]
    assert dates.in_address("https://lantern.example/2020/11/cold").value == "2020-11"  # type: ignore[union-attr]
    assert dates.in_address("https://lantern.example/2020/13/cold") is None
    # An example of the service's own pages: created_at 2019-12-31T19:26:16.000Z
    assert dates.of_x_id("1212092628029698048").value.startswith("2019-12-31T19:26:16")  # type: ignore[union-attr]
    assert dates.of_x_id("20") is None, "the first ones were counted"
