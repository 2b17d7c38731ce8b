"""Workbooks made for a test, and changed inside their package."""

import io
import zipfile
from collections.abc import Callable
from datetime import date

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

HEADINGS = ["Our ref", "Constituent", "Tel", "Date sent", "Notes"]
ROW = ["IM/1", "Amina Osman", "07700 900001", date(2026, 10, 1), "x"]


def workbook(fill: Callable[[openpyxl.Workbook, Worksheet], None]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    fill(book, sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def plain(book: openpyxl.Workbook, sheet: Worksheet) -> None:
    sheet.append(HEADINGS)
    sheet.append(ROW)


def repacked(data: bytes, change: Callable[[str, bytes], bytes | None], extra: dict[str, bytes] | None = None) -> bytes:
    """The package with each part changed (None drops it) and parts added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            body = change(name, old.read(name))
            if body is not None:
                new.writestr(name, body)
        for name, body in (extra or {}).items():
            new.writestr(name, body)
    return out.getvalue()
