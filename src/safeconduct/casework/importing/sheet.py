"""A sheet as read: headings, rows, and what was noticed on the way. A cell is text or a day; nothing is worked out."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from openpyxl.utils.datetime import WINDOWS_EPOCH

from safeconduct.casework.importing.silent import Silent

# A `datetime` is kept only where the cell holds a time of day as well; a plain day is a `date`.
Cell = str | date

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED_BYTES = 64 * 1024 * 1024  # all parts of a workbook together, before any is parsed
MAX_MARKS = 6_000_000  # "<" in all parts together: bounds the memory a parser needs
MAX_PARTS = 2_000
MAX_ROWS = 100_000
MAX_COLUMNS = 200


@dataclass(frozen=True, slots=True)
class Notice:
    """Something about the whole file a person should know; `code` is worded elsewhere.

    Codes: hidden_sheets, other_sheets, title_rows, hidden_rows, merged_filled, formulas, cell_errors, not_utf8.
    """

    code: str
    count: int = 1


class SheetRow(Silent, frozen=True, gc=False):
    """`number` is what the spreadsheet program shows beside the row (in a CSV: the record, not the line)."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Sheet:
    """`headers` and every row's `cells` have the same length. Rows without any content are left out.

    `title` holds the text of rows above the headings; `sheet_title`, `other_sheets` and `hidden_sheets` are sheet
    names as the office wrote them, so treat all of these like cells: shown to the member, never logged.
    `epoch`: the day bare day numbers count from (1904 in old Macintosh workbooks).
    """

    headers: tuple[str, ...]
    header_number: int
    rows: tuple[SheetRow, ...]
    format: Literal["csv", "xlsx"]
    title: tuple[str, ...] = ()
    sheet_title: str = ""
    other_sheets: tuple[str, ...] = ()
    hidden_sheets: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    encoding: str = ""
    delimiter: str = ""
    epoch: datetime = WINDOWS_EPOCH

    @property
    def sheet_title_skipped(self) -> bool:
        """Whether rows above the headings were passed over."""
        return bool(self.title)


def cell_text(cell: Cell) -> str:
    """The cell as text, edges trimmed: a day as 2026-11-20, a day with a time as 2026-11-20 14:30."""
    if isinstance(cell, str):
        text = cell.strip()
        if not text.isascii():
            text = text.strip("\ufeff\u200b").strip()
        # An apostrophe in front of a formula's first character is how programs and our own exports say "only text".
        return text[1:] if text[:1] == "'" and text[1:2] in {"=", "+", "-", "@"} else text
    return cell.strftime("%Y-%m-%d %H:%M") if isinstance(cell, datetime) else cell.isoformat()


def column_letter(index: int) -> str:
    """A, B, … Z, AA for a column index counted from 0, as a spreadsheet program labels it."""
    letters = ""
    rest = index + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters
