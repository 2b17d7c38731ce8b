"""CSV files as offices save them: encodings, delimiters, record numbers, and refusals instead of guesses."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.casework.importing import errors
from safeconduct.casework.importing.read import read_sheet
from safeconduct.casework.importing.sheet import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, Sheet

HEADINGS = ["Our ref", "Constituent", "Date sent", "Notes"]


def as_csv(rows: list[list[str]], *, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


def cells(sheet: Sheet) -> list[list[object]]:
    return [list(row.cells) for row in sheet.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_script_survives_every_unicode_encoding(encoding: str) -> None:
    row = ["IM/1", "محمد رحیمی", "1/10/2026", "ሙሉጌታ – hotel"]
    sheet = read_sheet("export.csv", as_csv([HEADINGS, row], encoding=encoding))
    assert sheet.headers == tuple(HEADINGS)
    assert cells(sheet) == [row]


def test_windows_text_is_read_and_said() -> None:
    sheet = read_sheet("export.csv", as_csv([HEADINGS, ["1", "Zoë", "1/10/2026", "£5 – “so”"]], encoding="cp1252"))
    assert cells(sheet)[0][1:] == ["Zoë", "1/10/2026", "£5 – “so”"]
    assert [notice.code for notice in sheet.notices] == ["not_utf8"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_even_where_cells_hold_the_others(delimiter: str) -> None:
    row = ["IM/1", "OSMAN, Amina", "1/10/2026", "text; only, a | b"]
    sheet = read_sheet("export.csv", as_csv([HEADINGS, row], delimiter=delimiter))
    assert (sheet.delimiter, cells(sheet)) == (delimiter, [row])


def test_excels_own_separator_line_is_obeyed_and_is_no_record() -> None:
    data = b"sep=;\r\n" + as_csv([HEADINGS, ["IM/1", "A B", "1/10/2026", ""]], delimiter=";")
    sheet = read_sheet("export.csv", data)
    assert sheet.header_number == 1
    assert [row.number for row in sheet.rows] == [2]


def test_numbers_are_those_of_records_not_of_lines() -> None:
    rows = [HEADINGS, ["1", "A", "", "line one\nline two\r\nline three"], ["2", "B", "", ""]]
    sheet = read_sheet("export.csv", as_csv(rows))
    assert [(row.number, row.cells[0]) for row in sheet.rows] == [(2, "1"), (3, "2")]
    assert sheet.rows[0].cells[3] == "line one\nline two\r\nline three"


def test_blank_records_are_left_out_and_still_counted() -> None:
    sheet = read_sheet("export.csv", b"Our ref,Name\n1,A\n\n,\n2,B\n")
    assert [(row.number, row.cells[0]) for row in sheet.rows] == [(2, "1"), (5, "2")]


def test_a_title_above_the_headings_is_passed_over_and_kept() -> None:
    sheet = read_sheet("export.csv", b"Casework of the office,,\nprinted 1 October,,\nOur ref,Name,Notes\n1,A,x\n")
    assert sheet.sheet_title_skipped
    assert sheet.title == ("Casework of the office", "printed 1 October")
    assert (sheet.header_number, sheet.rows[0].number) == (3, 4)


def test_content_beyond_the_headings_is_not_lost() -> None:
    sheet = read_sheet("export.csv", b"Our ref,Name\n1,A,extra\n2,B\n")
    assert sheet.headers == ("Our ref", "Name", "")
    assert cells(sheet) == [["1", "A", "extra"], ["2", "B", ""]]


def test_a_formula_is_text() -> None:
    formula = '=HYPERLINK("http://example.org","click")'
    sheet = read_sheet("export.csv", as_csv([HEADINGS, ["1", "A", "", formula]]))
    assert sheet.rows[0].cells[3] == formula


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", errors.EmptySheet),
        (b"\xef\xbb\xbf\r\n \n", errors.EmptySheet),
        (b"Our ref,Name\n", errors.EmptySheet),
        (b"only one column\nof text\n", errors.NoColumns),
        (b"%PDF-1.7 something", errors.NotASpreadsheet),
        (b"\x89PNG\r\n\x1a\n....", errors.NotASpreadsheet),
        (b"<html><table><tr><td>x</td></tr></table>", errors.NotASpreadsheet),
        (b"a,b\n\x00\x01\x02,c\n", errors.NotASpreadsheet),
        (b"\xff\xfea", errors.UnknownText),
        (b"a,b\n\x81\x8d,c\n", errors.UnknownText),
        (b'Our ref,Name\n1,"A\n2,B\n3,C\n', errors.BrokenQuotes),
        (b'Our ref,Name\n1,"A" B\n', errors.BrokenQuotes),
        (b"x" * (MAX_BYTES + 1), errors.FileTooBig),
        (b"a,b\n" + b"1,2\n" * (MAX_ROWS + 1), errors.TooManyRows),
        (b"a,b\n" + b",".join([b"1"] * (MAX_COLUMNS + 1)) + b"\n", errors.TooManyColumns),
        (b"a,b\n" + b"\n" * (MAX_ROWS * 5) + b"1,2\n", errors.TooManyRows),
    ],
)
def test_what_is_no_table_is_refused_with_its_own_fault(data: bytes, fault: type[errors.UnreadableSheet]) -> None:
    with pytest.raises(fault) as caught:
        read_sheet("export.csv", data)
    assert type(caught.value) is fault
    assert str(caught.value).endswith(".")


def test_as_many_rows_as_allowed_are_read() -> None:
    assert len(read_sheet("export.csv", b"Our ref,Name\n" + b"1,2\n" * MAX_ROWS).rows) == MAX_ROWS


def test_other_text_files_are_told_by_their_name() -> None:
    with pytest.raises(errors.NotASpreadsheet):
        read_sheet("letters.json", b'{"name": "A", "notes": "x"}\n{"a": 1, "b": 2}\n')


def test_no_refusal_repeats_what_the_file_holds() -> None:
    data = b'Our ref,Name\n1,"Zubaida Example\n'
    with pytest.raises(errors.BrokenQuotes) as caught:
        read_sheet("Zubaida.csv", data)
    assert "Zubaida" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_sheet_and_its_rows_keep_cells_out_of_their_repr() -> None:
    sheet = read_sheet("export.csv", b"Our ref,Name\n1,Zubaida\n")
    assert "Zubaida" not in repr(sheet)
    assert "Zubaida" not in repr(sheet.rows[0])


# Cells as people fill them: any script, quotes, delimiters, line ends. Control characters are refused, tested above.
texts = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from('\n\t",;|'), max_size=20)


@given(st.lists(st.lists(texts, min_size=4, max_size=4), min_size=1, max_size=8))
def test_what_was_written_as_csv_is_what_is_read(rows: list[list[str]]) -> None:
    numbered = [[str(at), *row[1:]] for at, row in enumerate(rows)]
    sheet = read_sheet("export.csv", as_csv([HEADINGS, *numbered]))
    assert cells(sheet) == numbered
    assert [row.number for row in sheet.rows] == list(range(2, len(rows) + 2))


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_and_nothing_else(data: bytes) -> None:
    for name in ("export.csv", "export.xlsx", ""):
        try:
            sheet = read_sheet(name, data)
        except errors.UnreadableSheet:
            continue
        assert all(len(row.cells) == len(sheet.headers) for row in sheet.rows)
