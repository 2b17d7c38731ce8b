"""The page of reference names every kind, flag and reason there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from safeconduct.archive.reading.shape import Flagged, Found, Kind, Unfit

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "sources.md"


@pytest.mark.parametrize("those", [Kind, Flagged, Unfit], ids=lambda those: those.__name__)
def test_the_page_has_a_row_for_each(those: type[Kind | Flagged | Unfit]) -> None:
    rows = re.findall(r"^\| `(\w+)` \|", PAGE.read_text("utf-8"), flags=re.MULTILINE)
    assert {one.value for one in those} <= set(rows)
    assert set(rows) == {one.value for each in (Kind, Flagged, Unfit) for one in each}


def test_the_page_says_every_way_a_date_is_found() -> None:
    text = PAGE.read_text("utf-8")
    assert all(f"`{one.value}`" in text for one in Found)
