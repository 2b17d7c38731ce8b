"""An invented office's spreadsheet, in the shape offices keep: one row a letter, with a title above the headings."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from openpyxl import Workbook

HEADINGS: Final = (
    "Our ref", "Constituent", "DOB", "Nationality", "Tel", "Postcode", "Case type", "HO ref / UAN", "Date sent",
    "Sent to", "Subject", "Last chased", "Reply rec'd", "What HO said", "Worker", "Notes", "Shelf",
)  # fmt: skip
# The number a spreadsheet program shows beside the first row below the headings, which stand in row 3.
FIRST: Final = 4
UNNAMED, NO_SUCH_DAY = FIRST + 4, FIRST + 5

Row = Sequence[str]


def rows() -> list[Row]:
    """Eight letters: two to one person in two scripts, two that may be one person, two that cannot be read."""
    london = datetime.now(ZoneInfo("Europe/London")).date()

    def ago(days: int) -> str:
        return (london - timedelta(days=days)).strftime("%d/%m/%Y")

    uan = "1234-5678-9012-3456"
    return [
        _row("SO/0001", "محمد رحیمی", "03/04/1994", "Afghanistan", "07700 900101", uan, ago(60), "No decision yet"),
        _row("SO/0002", "Mohammad Rahimi", "03/04/1994", "Afghanistan", "07700 900101", uan, ago(9), "Lost documents"),
        _row("SO/0003", "Оксана Мельник", "12/11/1988", "Ukraine", "07700 900102", "", ago(50), "eVisa name wrong"),
        _row("SO/0004", "ተስፋይ ሃይለ", "1998", "Eritrea", "07700 900103", "", ago(45), "Hotel, no school"),
        _row("SO/0005", "", "", "", "07700 900104", "", ago(40), "Who is this?"),
        _row("SO/0006", "Blessing Adeyemi", "1984", "Nigeria", "07700 900105", "", "32 Nov 2026", "Passport"),
        _row("SO/0007", "Gulalai", "", "Afghanistan", "07700 900106", "", ago(35), "Family reunion"),
        _row("SO/0008", "Gulalai", "", "Afghanistan", "07700 900106", "", ago(34), "Asylum support"),
    ]


def workbook() -> bytes:
    """The sheet as .xlsx, with a title in row 1 and a hidden sheet beside it."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Letters"
    sheet.append(["Letters out, weekly"])
    sheet.append([])
    for row in (HEADINGS, *rows()):
        sheet.append(list(row))
    hidden = book.create_sheet("Old")
    hidden.append(["nobody reads this"])
    hidden.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_csv(*, many: int = 0) -> bytes:
    """The sheet as CSV with its headings in row 1; with ``many``, that many further letters about as many people."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerows([HEADINGS, *rows()])
    for number in range(many):
        letters = "".join("abcdefghijklmnop"[int(digit, 16)] for digit in f"{number * 7919 % 65536:04x}")
        writer.writerow(
            _row(f"MA/{number:04}", f"Testname {letters.title()}", "", "", "", "", "1 October 2026", "Delay")
        )
    return out.getvalue().encode()


def _row(ref: str, name: str, birth: str, nation: str, phone: str, uan: str, sent: str, subject: str) -> Row:
    return (
        ref, name, birth, nation, phone, "ZZ1 1AA", "Asylum - delay", uan, sent,
        "MPAM", subject, "", "", "", "Nia", "", "B2",
    )  # fmt: skip
