"""Sheets as offices keep them, made up for tests. Everybody in them is invented."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

HEADINGS = (
    "Our ref", "Constituent", "DOB", "Nationality", "Tel", "Postcode", "Case type", "HO ref / UAN", "Date sent",
    "Sent to", "Subject", "Last chased", "Reply rec'd", "What HO said", "Worker", "Notes",
)  # fmt: skip

ZEHRA = {
    "Our ref": "T/0001",
    "Constituent": "Zehra Testname",
    "DOB": "03/03/1987",
    "Nationality": "Turkey",
    "Tel": "07700 900001",
    "Postcode": "ZZ1 1AA",
    "Case type": "Asylum",
    "HO ref / UAN": "1111-2222-3333-4444",
    "Date sent": "01/10/2026",
    "Sent to": "MP urgent enquiries",
    "Subject": "Delay",
    "Worker": "Lowri",
}
# The same person in another spelling, with the same reference; and two others.
ZEHRA_AGAIN = {**ZEHRA, "Our ref": "T/0002", "Constituent": "TESTNAME, Zehra", "Subject": "Wrong name on eVisa"}
BEREKET = {
    "Our ref": "T/0003",
    "Constituent": "Bereket Invented",
    "DOB": "1990",
    "Case type": "Spouse visa",
    "Date sent": "12 Oct 2026",
    "Sent to": "minister",
    "Subject": "Family reunion",
    "Notes": "do not write to home address",
    "Worker": "nobody we know",
}
LEILA = {"Our ref": "T/0004", "Constituent": "لیلا آزمایشی", "Case type": "eVisa problem"}
# No sound row: nobody is named, and the day is none.
NAMELESS = {"Our ref": "T/0005", "Constituent": "", "Date sent": "02/10/2026"}
DAYLESS = {"Our ref": "T/0006", "Constituent": "Somebody Else", "Date sent": "soon"}


def sheet(*rows: Mapping[str, str], headings: Iterable[str] = HEADINGS) -> bytes:
    """A CSV file of these rows; a column a row does not name is empty."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, fieldnames=list(headings), restval="", extrasaction="raise")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def many(count: int) -> bytes:
    """A sheet of `count` people who have nothing in common, for work that takes several parts."""
    rows = [
        {
            "Our ref": f"M/{at:05}",
            "Constituent": f"{_letters(at)} Manyfold",
            "Date sent": "01/10/2026",
            "Sent to": "minister",
            "Subject": "Delay",
        }
        for at in range(count)
    ]
    return sheet(*rows)


def _letters(number: int) -> str:
    digits = [chr(ord("a") + int(figure)) for figure in f"{number:05}"]
    return "".join(digits).capitalize()
