"""CSV bytes to records: which encoding, which delimiter, and no record that swallowed its neighbours."""

import csv
import io
import unicodedata
from collections.abc import Sequence
from typing import Final

from safeconduct.casework.importing.errors import (
    BrokenQuotes,
    NotASpreadsheet,
    TooManyColumns,
    TooManyRows,
    UnknownText,
)
from safeconduct.casework.importing.fields import from_heading
from safeconduct.casework.importing.sheet import MAX_COLUMNS, MAX_ROWS

DELIMITERS: Final = (",", ";", "\t", "|")
# Blank records are passed over but still numbered; this bounds a file of blank lines only.
_MAX_RECORDS: Final = 4 * MAX_ROWS
_SAMPLE: Final = 40


def decode(data: bytes) -> tuple[str, str]:
    """The text and the encoding it was read as. Never guesses past Windows-1252, which the preview then says.

    Raises NotASpreadsheet for bytes that are no text, UnknownText for text in none of the encodings.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif data.startswith(b"\xef\xbb\xbf"):
        encodings = ["utf-8-sig"]
    elif data[:200].count(b"\x00") > len(data[:200]) // 4:
        # Half of UTF-16 text in Latin letters is zero bytes: even places when the high byte comes first.
        first_is_zero = data[:200:2].count(b"\x00") > data[1:200:2].count(b"\x00")
        encodings = ["utf-16-be" if first_is_zero else "utf-16-le"]
    else:
        encodings = ["utf-8", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _has_control_characters(text):
            raise NotASpreadsheet
        return text, encoding
    raise UnknownText


def _has_control_characters(text: str) -> bool:
    """Whether the text holds characters no spreadsheet writes (zero bytes, escape and so on)."""
    suspects = {c for c in set(text) if c < " " or c == "\x7f"} - set("\t\n\r\x0b\x0c\x1c\x1d\x1e\x1f")
    return any(unicodedata.category(c) == "Cc" for c in suspects)


def records(text: str) -> tuple[list[list[str]], str]:
    """All records, and the delimiter. A blank line is an empty record: positions are the numbers a spreadsheet shows.

    Excel's own first line `sep=;` is obeyed and is not a record, as in Excel.
    Raises BrokenQuotes, TooManyRows, TooManyColumns.
    """
    first_line, _, rest = text.partition("\n")
    hint = first_line.strip()
    if hint.lower().startswith("sep=") and len(hint) == 5:
        delimiter = hint[4]
        return _parse(rest, delimiter, limit=_MAX_RECORDS), delimiter
    if first_line.rstrip("\r") == "sep=\t":
        return _parse(rest, "\t", limit=_MAX_RECORDS), "\t"
    delimiter = _likeliest_delimiter(text)
    return _parse(text, delimiter, limit=_MAX_RECORDS), delimiter


def _likeliest_delimiter(text: str) -> str:
    def merit(delimiter: str) -> tuple[int, int, int]:
        try:
            sample = _parse(text, delimiter, limit=_SAMPLE, stop_quietly=True)
        except (BrokenQuotes, TooManyColumns):
            return (0, 0, 0)
        filled = [r for r in sample if any(cell.strip() for cell in r)]
        headings = max((sum(from_heading(c) is not None for c in r) for r in filled[:10]), default=0)
        widths = [len(r) for r in filled if len(r) > 1]
        usual = max((widths.count(w) for w in set(widths)), default=0)
        return (headings if widths else 0, usual, max(widths, default=0))

    # The earliest of equals wins: a comma before a semicolon.
    return max(DELIMITERS, key=merit)


def _parse(text: str, delimiter: str, *, limit: int, stop_quietly: bool = False) -> list[list[str]]:
    found: list[list[str]] = []
    filled = 0
    try:
        # `strict` refuses a quote left open: reading on would put many people's rows into one cell.
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            if len(found) >= limit:
                if stop_quietly:
                    break
                raise TooManyRows(f"At most {MAX_ROWS:,} rows.")
            if len(record) > MAX_COLUMNS and any(c.strip() for c in record[MAX_COLUMNS:]):
                raise TooManyColumns(f"At most {MAX_COLUMNS} columns.")
            found.append(record[:MAX_COLUMNS])
            filled += any(cell.strip() for cell in record)
            if filled > MAX_ROWS + 10 and not stop_quietly:
                raise TooManyRows(f"At most {MAX_ROWS:,} rows.")
    except csv.Error:
        raise BrokenQuotes(f"Look at record {len(found) + 1}.") from None
    return found


def width(rows: Sequence[Sequence[object]]) -> int:
    """The number of columns of the widest row."""
    return max((len(r) for r in rows), default=0)
