"""Reading a staged file: once when it comes or its columns change, and from what was kept at every look after that."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import msgspec

from ..importing.columns import ColumnMap, propose
from ..importing.fields import Field
from ..importing.plan import ImportPlan, plan
from ..importing.read import read_sheet
from ..importing.rows import RowReading
from ..importing.sheet import Sheet
from .kept import KeptReading, pack, unpack
from .staged import Staged


@dataclass(frozen=True, repr=False)
class Reading:
    """A sheet, what each of its columns is, and every row as understood. ``plan`` is None without a name column."""

    whole: Sheet | msgspec.Raw
    columns: ColumnMap
    plan: ImportPlan | None

    @cached_property
    def sheet(self) -> Sheet:
        """The sheet, unpacked when it is asked for."""
        return unpack(self.whole) if isinstance(self.whole, msgspec.Raw) else self.whole

    @property
    def rows(self) -> dict[int, RowReading]:
        """Sound rows by number."""
        return {row.number: row for row in self.plan.sound} if self.plan else {}


def read(staged: Staged, *, as_of: date) -> Reading:
    """A staged file as of a day: as it was kept, or read afresh where nothing was. Raises `UnreadableSheet`."""
    kept = staged.reading
    if kept is not None:
        return Reading(kept.sheet, kept.columns, kept.plan)
    return _understand(read_sheet(staged.name, staged.data, sheet=staged.sheet or None), staged, as_of=as_of)


def read_again(staged: Staged, sheet: Sheet, *, as_of: date) -> tuple[Staged, Reading]:
    """The same sheet with the columns that ``staged`` now names, kept with what it gives."""
    return keep(staged, _understand(sheet, staged, as_of=as_of))


def read_and_keep(staged: Staged, *, as_of: date) -> tuple[Staged, Reading]:
    """Read a file that just came, or another sheet of it, and keep what it gives. Raises `UnreadableSheet`."""
    return keep(staged, read(msgspec.structs.replace(staged, reading=None), as_of=as_of))


def _understand(sheet: Sheet, staged: Staged, *, as_of: date) -> Reading:
    columns = propose(sheet, staged.remembered)
    for index, field in staged.columns.items():
        if index < len(columns.columns):
            columns = columns.choose(index, Field(field))
    return Reading(sheet, columns, None if columns.missing else plan(sheet, columns, as_of=as_of))


def keep(staged: Staged, reading: Reading) -> tuple[Staged, Reading]:
    """Keep a reading with the file it is of."""
    kept = KeptReading(pack(reading.sheet), reading.columns, reading.plan)
    # What was found was found of other rows.
    return msgspec.structs.replace(staged, reading=kept, found=None), reading
