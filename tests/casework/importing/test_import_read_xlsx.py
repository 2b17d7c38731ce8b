"""Workbooks: what the sheet shows is what is read, and what is hidden, hostile or broken is not opened."""

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from safeconduct.casework.importing import errors, read
from safeconduct.casework.importing import workbook as reader
from safeconduct.casework.importing.read import read_sheet
from safeconduct.casework.importing.sheet import MAX_COLUMNS, MAX_ROWS, MAX_UNPACKED_BYTES, Sheet, cell_text
from tests.support.workbooks import HEADINGS, ROW, plain, repacked, workbook

AT_HALF_PAST_TWO = datetime.fromisoformat("2026-10-02T14:30")  # a cell's time has no zone


def only(sheet: Sheet) -> tuple[object, ...]:
    assert len(sheet.rows) == 1
    return sheet.rows[0].cells


def codes(sheet: Sheet) -> dict[str, int]:
    return {notice.code: notice.count for notice in sheet.notices}


def test_days_times_and_numbers_are_read_as_shown() -> None:
    def fill(book: openpyxl.Workbook, sheet: Worksheet) -> None:
        sheet.append(["Our ref", "Name", "Tel", "Date sent", "Seen", "Score", "Done"])
        sheet.append([7, "A", 7700900001, date(2026, 10, 1), AT_HALF_PAST_TWO, 2.5, True])

    cells = only(read_sheet("a.xlsx", workbook(fill)))
    assert cells == ("7", "A", "7700900001", date(2026, 10, 1), AT_HALF_PAST_TWO, "2.5", "TRUE")
    assert cell_text(cells[4]) == "2026-10-02 14:30"


def test_a_title_row_is_passed_over_and_numbers_are_those_the_sheet_shows() -> None:
    def fill(book: openpyxl.Workbook, sheet: Worksheet) -> None:
        sheet["A1"] = "Casework – exported"
        sheet.merge_cells("A1:E1")
        for column, heading in enumerate(HEADINGS, start=1):
            sheet.cell(3, column, heading)
        sheet.cell(4, 1, "IM/1")
        sheet.cell(7, 1, "IM/2")

    sheet = read_sheet("a.xlsx", workbook(fill))
    assert (sheet.title, sheet.header_number) == (("Casework – exported",), 3)
    assert [(row.number, row.cells[0]) for row in sheet.rows] == [(4, "IM/1"), (7, "IM/2")]


def test_hidden_sheets_are_never_read_and_are_said() -> None:
    def fill(book: openpyxl.Workbook, sheet: Worksheet) -> None:
        plain(book, sheet)
        for title, state in (("old", "hidden"), ("older", "veryHidden")):
            hidden = book.create_sheet(title)
            hidden.append([*HEADINGS, "DOB", "Nationality"])
            hidden.append(["canary"] * 7)
            hidden.append(["canary"] * 7)
            hidden.sheet_state = state

    sheet = read_sheet("a.xlsx", workbook(fill))
    assert sheet.hidden_sheets == ("old", "older")
    assert codes(sheet) == {"hidden_sheets": 2}
    assert "canary" not in only(sheet)


def test_the_sheet_with_the_best_understood_headings_is_read_and_the_others_said() -> None:
    def fill(book: openpyxl.Workbook, sheet: Worksheet) -> None:
        sheet.title = "Rota"
        sheet.append(["Monday", "Tuesday"])
        for _ in range(9):
            sheet.append(["Sian", "Sian"])
        cases = book.create_sheet("Cases")
        cases.append(HEADINGS)
        cases.append(ROW)

    data = workbook(fill)
    sheet = read_sheet("a.xlsx", data)
    assert (sheet.sheet_title, sheet.other_sheets) == ("Cases", ("Rota",))
    assert read_sheet("a.xlsx", data, sheet="Rota").headers == ("Monday", "Tuesday")
    with pytest.raises(errors.NoSuchSheet):
        read_sheet("a.xlsx", data, sheet="Elsewhere")


def test_a_hidden_sheet_cannot_be_asked_for_by_name() -> None:
    def fill(book: openpyxl.Workbook, sheet: Worksheet) -> None:
        plain(book, sheet)
        book.create_sheet("old").sheet_state = "hidden"

    with pytest.raises(errors.NoSuchSheet):
        read_sheet("a.xlsx", workbook(fill), sheet="old")


def test_rows_hidden_by_a_filter_are_read_and_counted() -> None:
    def fill(book: openpyxl.Workbook, sheet: Worksheet) -> None:
        plain(book, sheet)
        sheet.append(ROW)
        sheet.row_dimensions[3].hidden = True

    sheet = read_sheet("a.xlsx", workbook(fill))
    assert [row.number for row in sheet.rows] == [2, 3]
    assert codes(sheet) == {"hidden_rows": 1}


def test_a_cell_merged_down_rows_counts_for_each_of_them() -> None:
    def fill(book: openpyxl.Workbook, sheet: Worksheet) -> None:
        sheet.append(HEADINGS)
        for ref in ("IM/1", "IM/2", "IM/3"):
            sheet.append([ref, None, None, date(2026, 10, 1), "x"])
        sheet["B2"] = "Amina Osman"
        sheet.merge_cells("B2:B3")

    sheet = read_sheet("a.xlsx", workbook(fill))
    assert [row.cells[1] for row in sheet.rows] == ["Amina Osman", "Amina Osman", ""]
    assert codes(sheet) == {"merged_filled": 1}


def test_a_formula_is_read_as_last_shown_or_as_its_text_and_never_worked_out() -> None:
    def fill(book: openpyxl.Workbook, sheet: Worksheet) -> None:
        plain(book, sheet)
        sheet["E2"] = "=1+1"

    data = workbook(fill)
    sheet = read_sheet("a.xlsx", data)
    assert (only(sheet)[4], codes(sheet)) == ("=1+1", {"formulas": 1})

    def shown(name: str, body: bytes) -> bytes:
        return body.replace(b"<v></v>", b"<v>99</v>").replace(b"<v />", b"<v>99</v>") if "sheet1" in name else body

    assert only(read_sheet("a.xlsx", repacked(data, shown)))[4] == "99"


def test_an_error_value_is_an_empty_cell_and_is_counted() -> None:
    def fill(book: openpyxl.Workbook, sheet: Worksheet) -> None:
        plain(book, sheet)
        sheet["E2"] = "#N/A"

    sheet = read_sheet("a.xlsx", workbook(fill))
    assert (only(sheet)[4], codes(sheet)) == ("", {"cell_errors": 1})


def test_a_wrong_stated_size_cuts_nothing_off() -> None:
    def lie(name: str, body: bytes) -> bytes:
        return body.replace(b'<dimension ref="A1:E2"', b'<dimension ref="A1:B1"') if "sheet1" in name else body

    assert only(read_sheet("a.xlsx", repacked(workbook(plain), lie))) == tuple(ROW)


def old_excel() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "Workbook".encode("utf-16-le")


def protected() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")


def word_file() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", "<w/>")
    return out.getvalue()


def open_document() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", "<x/>")
    return out.getvalue()


def same(name: str, body: bytes) -> bytes:
    return body


def macros() -> bytes:
    return repacked(workbook(plain), same, {"xl/vbaProject.bin": b"\0" * 20})


def macro_type() -> bytes:
    def typed(name: str, body: bytes) -> bytes:
        old = b"openxmlformats-officedocument.spreadsheetml.sheet.main"
        return body.replace(old, b"ms-excel.sheet.macroEnabled.main") if name == "[Content_Types].xml" else body

    return repacked(workbook(plain), typed)


def binary_workbook() -> bytes:
    return repacked(workbook(plain), same, {"xl/workbook.bin": b"\0"})


def zip_bomb() -> bytes:
    return repacked(workbook(plain), same, {"xl/media/big.bin": b"\0" * (MAX_UNPACKED_BYTES + 1)})


def mark_bomb() -> bytes:
    def stuffed(name: str, body: bytes) -> bytes:
        return body.replace(b"</sheetData>", b"<c/>" * 7_000_000 + b"</sheetData>") if "sheet1" in name else body

    return repacked(workbook(plain), stuffed)


def too_many_parts() -> bytes:
    return repacked(workbook(plain), same, {f"xl/media/{n}": b"" for n in range(2_001)})


def zip_slip() -> bytes:
    return repacked(workbook(plain), same, {"xl/../../etc/cron.d/x": b"x"})


def entity_bomb() -> bytes:
    def laughing(name: str, body: bytes) -> bytes:
        if "sheet1" not in name:
            return body
        start = body.index(b"<worksheet")
        return b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + body[start:].replace(b">x<", b">&b;<")

    return repacked(workbook(plain), laughing)


def outside_entity() -> bytes:
    def reaching(name: str, body: bytes) -> bytes:
        if name != "xl/workbook.xml":
            return body
        return b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + body[body.index(b"<workbook") :]

    return repacked(workbook(plain), reaching)


def cut_short() -> bytes:
    return workbook(plain)[:-200]


def without_its_middle() -> bytes:
    return repacked(workbook(plain), lambda name, body: None if name == "xl/workbook.xml" else body)


def empty_workbook() -> bytes:
    return workbook(lambda book, sheet: None)


def only_hidden() -> bytes:
    def fill(book: openpyxl.Workbook, sheet: Worksheet) -> None:
        sheet.title = "front"
        hidden = book.create_sheet("old")
        hidden.append(HEADINGS)
        hidden.append(ROW)
        hidden.sheet_state = "hidden"

    return workbook(fill)


def many_columns() -> bytes:
    def fill(book: openpyxl.Workbook, sheet: Worksheet) -> None:
        sheet.append(["Our ref", "Name"])
        sheet.append(["1"] * (MAX_COLUMNS + 1))

    return workbook(fill)


def a_row_far_away() -> bytes:
    def far(name: str, body: bytes) -> bytes:
        row = b'<row r="999999999"><c r="A999999999"><v>1</v></c></row></sheetData>'
        return body.replace(b"</sheetData>", row) if "sheet1" in name else body

    return repacked(workbook(plain), far)


@pytest.mark.parametrize(
    ("make", "fault"),
    [
        (old_excel, errors.OldExcelFile),
        (binary_workbook, errors.OldExcelFile),
        (protected, errors.EncryptedFile),
        (word_file, errors.NotASpreadsheet),
        (open_document, errors.OpenDocumentFile),
        (macros, errors.MacroFile),
        (macro_type, errors.MacroFile),
        (zip_bomb, errors.UnpacksTooBig),
        (mark_bomb, errors.UnpacksTooBig),
        (too_many_parts, errors.UnpacksTooBig),
        (zip_slip, errors.UnsafeFile),
        (entity_bomb, errors.UnsafeFile),
        (outside_entity, errors.UnsafeFile),
        (cut_short, errors.CorruptFile),
        (without_its_middle, errors.CorruptFile),
        (empty_workbook, errors.EmptySheet),
        (only_hidden, errors.EmptySheet),
        (many_columns, errors.TooManyColumns),
    ],
)
def test_what_is_no_plain_workbook_is_refused_with_its_own_fault(
    make: Callable[[], bytes], fault: type[errors.UnreadableSheet]
) -> None:
    with pytest.raises(errors.UnreadableSheet) as caught:
        read_sheet("export.xlsx", make())
    assert type(caught.value) is fault


FEW = 30


@pytest.fixture
def _at_most_few_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """A limit that is reached in no time; that the real one is the same of both formats is asserted beside it."""
    assert vars(read)["MAX_ROWS"] == vars(reader)["MAX_ROWS"] == MAX_ROWS == 100_000
    monkeypatch.setattr(read, "MAX_ROWS", FEW)
    monkeypatch.setattr(reader, "MAX_ROWS", FEW)


def rows_in(many: int) -> bytes:
    def fill(book: openpyxl.Workbook, sheet: Worksheet) -> None:
        for row in [["Our ref", "Name"], *[["1", "A"]] * many]:
            sheet.append(row)

    return workbook(fill)


@pytest.mark.usefixtures("_at_most_few_rows")
def test_as_many_rows_as_allowed_are_read_and_one_more_is_refused() -> None:
    assert len(read_sheet("a.xlsx", rows_in(FEW)).rows) == FEW
    with pytest.raises(errors.TooManyRows):
        read_sheet("a.xlsx", rows_in(FEW + 1))


@pytest.mark.usefixtures("_at_most_few_rows")
def test_a_workbook_of_far_too_many_rows_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[object] = []
    rows = reader._rows

    def counted(sheet: Worksheet) -> Iterator[object]:
        for row in rows(sheet):
            taken.append(row)
            yield row

    monkeypatch.setattr(reader, "_rows", counted)
    with pytest.raises(errors.TooManyRows):
        read_sheet("a.xlsx", rows_in(10 * FEW))
    assert FEW < len(taken) < 2 * FEW


def test_a_row_numbered_beyond_any_sheet_ends_the_reading_there() -> None:
    assert only(read_sheet("a.xlsx", a_row_far_away())) == tuple(ROW)


WHOLE = workbook(plain)


def refusal_of(data: bytes) -> str:
    """The text of the refusal, or "" where the file is read; any other exception fails the test."""
    try:
        read_sheet("a.xlsx", data)
    except errors.UnreadableSheet as refused:
        return str(refused)
    return ""


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=12))
def test_damaged_workbooks_are_read_or_refused_and_nothing_else(changes: list[tuple[int, int]]) -> None:
    data = bytearray(WHOLE)
    for at, value in changes:
        data[at] = value
    assert "Amina" not in refusal_of(bytes(data))


@settings(max_examples=60)
@given(st.integers(0, 10_000), st.binary(max_size=30), st.sampled_from(["xl/worksheets/sheet1.xml", "xl/workbook.xml"]))
def test_damaged_parts_are_read_or_refused_and_nothing_else(at: int, junk: bytes, part: str) -> None:
    def damage(name: str, body: bytes) -> bytes:
        if name != part:
            return body
        place = at % len(body)
        return body[:place] + junk + body[place + len(junk) :]

    assert "Amina" not in refusal_of(repacked(WHOLE, damage))
