"""A sheet and its reading in a form that can be sealed, so that a file is parsed once and not at every look.

Packed, a cell of text is a string and a day a list of one: `["2026-11-20"]`, with a time `["2026-11-20T14:30:00"]`.
"""

from datetime import date, datetime
from typing import Final, Literal, cast

import msgspec

from ..importing.columns import ColumnMap
from ..importing.plan import ImportPlan
from ..importing.sheet import Cell, Notice, Sheet, SheetRow

_Packed = str | tuple[str]
_TEXT: Final = frozenset({str})


class KeptSheet(msgspec.Struct, frozen=True):
    """Every field of `Sheet`; rows as (number, cells)."""

    headers: tuple[str, ...]
    header_number: int
    rows: tuple[tuple[int, tuple[_Packed, ...]], ...]
    format: Literal["csv", "xlsx"]
    title: tuple[str, ...]
    sheet_title: str
    other_sheets: tuple[str, ...]
    hidden_sheets: tuple[str, ...]
    notices: tuple[Notice, ...]
    encoding: str
    delimiter: str
    epoch: datetime


class KeptReading(msgspec.Struct, frozen=True):
    """A sheet, what each column is, and the rows as understood: ``plan`` is None without a name column.

    The sheet stays packed until somebody looks at its cells: its rows are there a second time, as understood.
    """

    sheet: msgspec.Raw
    columns: ColumnMap
    plan: ImportPlan | None


def pack(sheet: Sheet) -> msgspec.Raw:
    """A sheet to be sealed."""
    kept = KeptSheet(
        headers=sheet.headers,
        header_number=sheet.header_number,
        rows=tuple((row.number, _pack_cells(row.cells)) for row in sheet.rows),
        format=sheet.format,
        title=sheet.title,
        sheet_title=sheet.sheet_title,
        other_sheets=sheet.other_sheets,
        hidden_sheets=sheet.hidden_sheets,
        notices=sheet.notices,
        encoding=sheet.encoding,
        delimiter=sheet.delimiter,
        epoch=sheet.epoch,
    )
    return msgspec.Raw(msgspec.msgpack.encode(kept))


def unpack(packed: msgspec.Raw) -> Sheet:
    """The sheet as it was read."""
    kept = msgspec.msgpack.decode(packed, type=KeptSheet)
    return Sheet(
        headers=kept.headers,
        header_number=kept.header_number,
        rows=tuple(SheetRow(number, _unpack_cells(cells)) for number, cells in kept.rows),
        format=kept.format,
        title=kept.title,
        sheet_title=kept.sheet_title,
        other_sheets=kept.other_sheets,
        hidden_sheets=kept.hidden_sheets,
        notices=kept.notices,
        encoding=kept.encoding,
        delimiter=kept.delimiter,
        epoch=kept.epoch,
    )


def _pack_cells(cells: tuple[Cell, ...]) -> tuple[_Packed, ...]:
    # Most rows are texts alone: of a hundred thousand, no second tuple is made.
    return cast(tuple[str, ...], cells) if _TEXT.issuperset(map(type, cells)) else tuple(map(_pack_cell, cells))


def _unpack_cells(packed: tuple[_Packed, ...]) -> tuple[Cell, ...]:
    return cast(tuple[str, ...], packed) if _TEXT.issuperset(map(type, packed)) else tuple(map(_unpack_cell, packed))


def _pack_cell(cell: Cell) -> _Packed:
    return cell if isinstance(cell, str) else (cell.isoformat(),)


def _unpack_cell(packed: _Packed) -> Cell:
    if isinstance(packed, str):
        return packed
    return datetime.fromisoformat(packed[0]) if "T" in packed[0] else date.fromisoformat(packed[0])
