"""The door of this room: bytes somebody chose to a `Sheet`, or a refusal that says what to do."""

from collections.abc import Sequence
from pathlib import PurePath

from safeconduct.casework.importing.delimited import decode, records, width
from safeconduct.casework.importing.errors import EmptySheet, FileTooBig, NoColumns, NotASpreadsheet, TooManyRows
from safeconduct.casework.importing.fields import from_heading
from safeconduct.casework.importing.sheet import (
    MAX_BYTES,
    MAX_ROWS,
    Cell,
    Notice,
    Sheet,
    SheetRow,
    cell_text,
)
from safeconduct.casework.importing.sniff import sniff
from safeconduct.casework.importing.workbook import Page, read_workbook

_Numbered = Sequence[tuple[int, Sequence[Cell]]]

# Headings are looked for among the first rows with content; a sheet's title, date and blank lines come before them.
_HEADING_WITHIN = 10

# Text that has commas in it and is no table. Any other name, or none, is read by its bytes alone.
_OTHER_TEXT = frozenset({".json", ".eml", ".ics", ".vcf", ".md", ".log", ".py", ".js", ".css", ".sql", ".svg", ".ps"})


def read_sheet(name: str, data: bytes, *, sheet: str | None = None) -> Sheet:
    """Read a CSV or .xlsx file. What it is, its bytes say; `name` (what it was called) only rules out other text files.

    `sheet` picks a visible sheet of a workbook by name; otherwise the one whose headings are best understood.
    Raises a subclass of `errors.UnreadableSheet`, and nothing else.
    """
    if len(data) > MAX_BYTES:
        raise FileTooBig(f"At most {MAX_BYTES // (1024 * 1024)} MB.")
    if not data.strip(b"\xef\xbb\xbf\x00 \t\r\n"):
        raise EmptySheet
    if sniff(data) == "zip":
        return _from_workbook(data, sheet)
    if PurePath(name).suffix.lower() in _OTHER_TEXT:
        raise NotASpreadsheet
    text, encoding = decode(data)
    rows, delimiter = records(text)
    numbered: _Numbered = [(n, r) for n, r in enumerate(rows, start=1) if any(c.strip() for c in r)]
    notices = [Notice("not_utf8")] if encoding == "cp1252" else []
    return _lay_out(numbered, Sheet((), 0, (), "csv", encoding=encoding, delimiter=delimiter, notices=tuple(notices)))


def _from_workbook(data: bytes, only: str | None) -> Sheet:
    book = read_workbook(data, only=only)
    pages = [p for p in book.pages if p.rows]
    if not pages:
        raise EmptySheet
    page = max(pages, key=_merit)
    others = tuple(p.title for p in pages if p is not page)
    counts = {
        "hidden_sheets": len(book.hidden),
        "other_sheets": len(others),
        "hidden_rows": page.hidden_rows,
        "merged_filled": page.merged_filled,
        "formulas": page.formulas,
        "cell_errors": page.cell_errors,
    }
    return _lay_out(
        page.rows,
        Sheet(
            (),
            0,
            (),
            "xlsx",
            sheet_title=page.title,
            other_sheets=others,
            hidden_sheets=tuple(book.hidden),
            notices=tuple(Notice(code, count) for code, count in counts.items() if count),
            epoch=book.epoch,
        ),
    )


def _merit(page: Page) -> tuple[int, int]:
    best = max((_heading_merit(cells) for _, cells in page.rows[:_HEADING_WITHIN]), default=(0, 0))
    return best[0], len(page.rows)


def _heading_merit(cells: Sequence[Cell]) -> tuple[int, int]:
    texts = [cell_text(c) for c in cells if isinstance(c, str)]
    return sum(from_heading(t) is not None for t in texts if t), sum(bool(t) for t in texts)


def _lay_out(rows: _Numbered, blank: Sheet) -> Sheet:
    """Find the headings, pad every row to one width, and complete `blank` with them.

    A column with content and no heading keeps an empty heading: it is shown, not lost.
    """
    if not rows:
        raise EmptySheet
    at = _heading_row(rows)
    header_number, header = rows[at]
    body = rows[at + 1 :]
    if not body:
        raise EmptySheet
    if len(body) > MAX_ROWS:
        raise TooManyRows(f"At most {MAX_ROWS:,} rows.")
    columns = width([header, *(cells for _, cells in body)])
    if columns < 2:
        raise NoColumns
    title = tuple(cell_text(c) for _, cells in rows[:at] for c in cells if cell_text(c))
    notices = (*blank.notices, *((Notice("title_rows", at),) if at else ()))
    return Sheet(
        headers=tuple(cell_text(header[i]) if i < len(header) else "" for i in range(columns)),
        header_number=header_number,
        rows=tuple(SheetRow(n, (*cells, *[""] * (columns - len(cells)))) for n, cells in body),
        format=blank.format,
        title=title,
        sheet_title=blank.sheet_title,
        other_sheets=blank.other_sheets,
        hidden_sheets=blank.hidden_sheets,
        notices=notices,
        encoding=blank.encoding,
        delimiter=blank.delimiter,
        epoch=blank.epoch,
    )


def _heading_row(rows: _Numbered) -> int:
    """The index of the row of headings: the earliest that names at least two fields and as many as any other.

    Where no row does, the first with two or more filled cells: columns can still be named by hand.
    """
    merits = [_heading_merit(cells) for _, cells in rows[:_HEADING_WITHIN]]
    most = max(known for known, _ in merits)
    if most >= 2:
        return next(i for i, (known, _) in enumerate(merits) if known == most)
    return next((i for i, (_, filled) in enumerate(merits) if filled >= 2), 0)
