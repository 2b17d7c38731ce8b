""".xlsx bytes to rows of cells. The package is measured before anything in it is parsed, and no formula is worked out.

A cell with a formula is read as the value its spreadsheet program last saved for it (what the sheet shows), or as the
formula's text where no value was saved.
"""

import io
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, Final
from xml.sax import SAXException, handler
from xml.sax.xmlreader import AttributesImpl

import openpyxl
from defusedxml import DefusedXmlException  # type: ignore[import-untyped]  # it ships no types
from defusedxml.sax import parse as safe_parse  # type: ignore[import-untyped]  # it ships no types
from openpyxl.cell.read_only import EMPTY_CELL
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from safeconduct.casework.importing.errors import (
    CorruptFile,
    EncryptedFile,
    MacroFile,
    NoSuchSheet,
    NotASpreadsheet,
    OldExcelFile,
    OpenDocumentFile,
    TooManyColumns,
    TooManyRows,
    UnpacksTooBig,
    UnreadableSheet,
    UnsafeFile,
)
from safeconduct.casework.importing.sheet import (
    MAX_COLUMNS,
    MAX_MARKS,
    MAX_PARTS,
    MAX_ROWS,
    MAX_UNPACKED_BYTES,
    Cell,
)

_LAST_ROW: Final = 1_048_576  # the last row any .xlsx can have
_MAX_MERGES: Final = 5_000
_MAX_FILLS: Final = 100_000  # cells that merges cover


@dataclass(slots=True)
class Page:
    """One visible sheet: its name, and rows as (number shown, cells), blank rows left out."""

    title: str
    rows: list[tuple[int, list[Cell]]] = field(default_factory=list)
    hidden_rows: int = 0
    merged_filled: int = 0
    formulas: int = 0
    cell_errors: int = 0


@dataclass(slots=True)
class Workbook:
    """The visible sheets, and what was left alone."""

    pages: list[Page]
    hidden: list[str]
    epoch: datetime


def check_package(data: bytes) -> None:
    """Refuse what is not a plain .xlsx, by the zip's own directory and sizes, and by how each part of it begins.

    Raises CorruptFile, EncryptedFile, MacroFile, NotASpreadsheet, OldExcelFile, OpenDocumentFile, UnpacksTooBig,
    UnsafeFile.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            names = {part.filename for part in parts}
            _check_names(names)
            # zipfile never unpacks a part past its stated size, so the stated sizes are a bound.
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
                raise UnpacksTooBig
            if len(names) != len(parts) or any(".." in n.split("/") or n.startswith("/") for n in names):
                raise UnsafeFile
            if any(part.flag_bits & 0x1 for part in parts):
                raise EncryptedFile
            if sum(_marks(package, part) for part in parts) > MAX_MARKS:
                raise UnpacksTooBig
            if any(_declares(package, part) for part in parts):
                raise UnsafeFile
            types = package.read("[Content_Types].xml")
    except UnreadableSheet:
        raise
    except Exception:
        # zipfile and its decompressors raise many kinds on damaged input; their texts may quote the file.
        raise CorruptFile from None
    if b"macroEnabled" in types:
        raise MacroFile


def _check_names(names: set[str]) -> None:
    lowered = {n.lower() for n in names}
    if "mimetype" in lowered or "content.xml" in lowered or any(n.endswith(".iwa") for n in lowered):
        raise OpenDocumentFile
    if "[Content_Types].xml" not in names:
        raise NotASpreadsheet
    if any(n.endswith(("vbaproject.bin", "vbadata.xml")) or "/macrosheets/" in n for n in lowered):
        raise MacroFile
    if "xl/workbook.bin" in lowered:
        raise OldExcelFile
    if not any(n.startswith("xl/") for n in lowered):
        raise NotASpreadsheet


def _marks(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    if not part.filename.lower().endswith((".xml", ".rels", ".vml")):
        return 0
    count = 0
    with package.open(part) as stream:
        while piece := stream.read(1 << 20):
            count += piece.count(b"<")
    return count


class _Begun(SAXException):
    """The root element is there: a document type would have stood before it."""


class _Beginning(handler.ContentHandler):
    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802, ARG002 - the SAX interface's
        raise _Begun(name)


def _declares(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether a part declares a document type, which no spreadsheet program writes and entities begin with.

    openpyxl itself is no guard: where lxml is installed it parses some parts with that, and lets declarations pass.
    """
    if not part.filename.lower().endswith((".xml", ".rels")):
        return False
    try:
        with package.open(part) as stream:
            safe_parse(stream, _Beginning(), forbid_dtd=True)
    except DefusedXmlException:
        return True
    except SAXException:  # it began as it should, or is no XML: that is found out when it is read
        return False
    return False


def read_workbook(data: bytes, *, only: str | None = None) -> Workbook:
    """Every visible sheet (or the one named `only`), hidden ones named and never read.

    Raises as `check_package`, and NoSuchSheet, TooManyRows, TooManyColumns.
    """
    check_package(data)
    if not openpyxl.DEFUSEDXML:
        # Set by an environment variable: entities would be expanded.
        raise UnsafeFile("The XML guard is switched off on this machine (OPENPYXL_DEFUSEDXML).")
    try:
        return _read(data, only)
    except UnreadableSheet:
        raise
    except Exception as problem:
        # openpyxl raises whatever its parsing meets (KeyError, ValueError, struct.error …), often quoting cells.
        raise (UnsafeFile if _stopped_by_guard(problem) else CorruptFile) from None


def _stopped_by_guard(problem: BaseException | None) -> bool:
    """Whether the XML guard (entities, document types, outside references) is what stopped the reading."""
    while problem is not None:
        if isinstance(problem, DefusedXmlException):
            return True
        problem = problem.__cause__ or problem.__context__
    return False


def _read(data: bytes, only: str | None) -> Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions that do not concern the cells
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        try:
            visible = [ws for ws in book.worksheets if ws.sheet_state == "visible"]
            hidden = [ws.title for ws in book.worksheets if ws.sheet_state != "visible"]
            if only is not None:
                visible = [ws for ws in visible if ws.title == only]
                if not visible:
                    raise NoSuchSheet
            pages = [_read_page(data, ws) for ws in visible]
        finally:
            book.close()
    return Workbook(pages, hidden, book.epoch)


def _read_page(data: bytes, worksheet: Any) -> Page:
    page = Page(worksheet.title)
    layout = _layout(data, worksheet._worksheet_path)  # openpyxl offers no merges or hidden rows in this mode
    saved = _saved_values(data, page.title) if layout.formulas else None
    fills = dict(islice((fill for merge in layout.merges for fill in _fills(merge)), _MAX_FILLS))
    tops = set(fills.values())
    values: dict[tuple[int, int], Cell] = {}
    filled_rows = 0
    filler: tuple[Any, ...] | None = None
    for number, row in enumerate(_rows(worksheet), start=1):
        last = next(saved, ()) if saved is not None else ()
        # Sheets formatted down to their last row are common: blank rows must cost next to nothing.
        if row is filler:
            continue
        if all(raw is EMPTY_CELL for raw in row):
            filler = row  # one and the same object stands for every row the file leaves out
            continue
        cells: list[Cell] = []
        for index, raw in enumerate(row):
            if raw is EMPTY_CELL and not fills:
                cells.append("")
                continue
            value, kind = raw.value, raw.data_type
            if kind == "f":
                page.formulas += 1
                shown = last[index] if index < len(last) else None
                value, kind = (shown.value, shown.data_type) if shown is not None else (value, kind)
                if value is None:
                    value = raw.value
            if kind == "e":
                page.cell_errors += 1
                value = None
            cell = _cell(value)
            if (number, index) in tops:
                values[number, index] = cell
            elif cell == "" and (number, index) in fills:
                cell = values.get(fills[number, index], "")
                page.merged_filled += cell != ""
            cells.append(cell)
        while cells and (cells[-1] == "" or (isinstance(cells[-1], str) and not cells[-1].strip())):
            cells.pop()
        if not cells:
            continue
        if len(cells) > MAX_COLUMNS:
            raise TooManyColumns(f"At most {MAX_COLUMNS} columns.")
        filled_rows += 1
        if filled_rows > MAX_ROWS + 10:
            raise TooManyRows(f"At most {MAX_ROWS:,} rows.")
        page.hidden_rows += number in layout.hidden_rows
        page.rows.append((number, cells))
    return page


def _rows(worksheet: Any) -> Iterator[tuple[Any, ...]]:
    # The stated dimension is often wrong and would cut rows off; the limits here are ours.
    worksheet.reset_dimensions()
    rows: Iterator[tuple[Any, ...]] = worksheet.iter_rows(max_row=_LAST_ROW, max_col=MAX_COLUMNS + 1)
    return rows


def _saved_values(data: bytes, title: str) -> Iterator[tuple[Any, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    return _rows(book[title])


def _cell(value: object) -> Cell:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else value
    if isinstance(value, date):
        return value
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    if isinstance(value, ArrayFormula):
        return str(value.text or "")
    if isinstance(value, DataTableFormula):
        return ""
    return str(value)


@dataclass(slots=True)
class _Layout(handler.ContentHandler):
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    formulas: bool = False
    _row: int = 0

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - the SAX interface's name
        match name.rpartition(":")[2]:
            case "row":
                self._row = int(attrs.get("r") or self._row + 1)
                if attrs.get("hidden") in {"1", "true"}:
                    self.hidden_rows.add(self._row)
            case "f":
                self.formulas = True
            case "mergeCell" if len(self.merges) < _MAX_MERGES:
                left, top, right, bottom = range_boundaries(attrs["ref"])
                if left and top and right and bottom:
                    self.merges.append((left, top, right, bottom))


def _layout(data: bytes, path: str) -> _Layout:
    found = _Layout()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package, package.open(path) as part:
            safe_parse(part, found, forbid_dtd=True)
    except SAXException:
        raise CorruptFile from None
    return found


def _fills(merge: tuple[int, int, int, int]) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Cells a merge down one column covers, each with the cell whose value it shows (row number, column index).

    A merge across columns is decoration (a title); one down a column says the same thing for each of its rows.
    """
    left, top, right, bottom = merge
    if left == right and top < bottom <= top + MAX_ROWS:
        for number in range(top + 1, bottom + 1):
            yield (number, left - 1), (top, left - 1)
