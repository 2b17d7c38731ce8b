"""CSV we write: no cell of it is ever worked out by the spreadsheet program that opens it.

A text such as `=HYPERLINK("http://example.org","click")` came from somebody's letter or form. Opened as a formula it
could send what stands beside it to whoever wrote it.
"""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

_STARTS: Final = frozenset("=+-@")
_LOOKALIKES: Final = frozenset("−﹣➖➕")  # a minus or plus to whoever types it
# Where a program set to another list separator would begin a new cell, whatever the quotation marks say.
_SEPARATORS: Final = frozenset(";|\t\n\r\x0b\x0c\x85\u2028\u2029")
_UNSEEN: Final = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})

Written = str | int | float | date | None


def neutralise(text: str) -> str:
    """The text with an apostrophe before anything a spreadsheet program would take for a formula; else unchanged.

    A formula may stand behind spaces, tabs, line ends and characters nobody sees (byte order mark, zero-width space,
    marks of direction), and may be written full-width (＝ ＋ － ＠). The reader of this room takes one leading
    apostrophe off again.
    """
    # From the end, so that "what comes next that can be seen" is known at each character: one pass, however long.
    backwards: list[str] = []
    formula_follows = guarded = False
    for character in reversed(text):
        if formula_follows and not guarded and character in _SEPARATORS:
            backwards.append("'")
            guarded = True
        backwards.append(character)
        if unicodedata.category(character) not in _UNSEEN:
            formula_follows = character in _LOOKALIKES or unicodedata.normalize("NFKC", character)[:1] in _STARTS
            guarded = False
    # A leading tab or line end is itself enough for some programs.
    if formula_follows or text[:1] in {"\t", "\r", "\n"}:
        backwards.append("'")
    return "".join(reversed(backwards))


def write_csv(rows: Iterable[Sequence[Written]]) -> bytes:
    """Rows as CSV bytes: UTF-8 with a byte order mark (so that Excel reads every script), every cell quoted.

    Text is neutralised; numbers and days are not text and stay as they are.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in rows:
        writer.writerow([_cell(cell) for cell in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _cell(cell: Written) -> str:
    if cell is None:
        return ""
    return neutralise(cell) if isinstance(cell, str) else str(cell)
