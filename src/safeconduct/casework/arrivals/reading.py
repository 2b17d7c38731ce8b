"""Reading a staged file, the same way each time it is looked at."""

from dataclasses import dataclass
from datetime import date

from ..importing.columns import ColumnMap, propose
from ..importing.fields import Field
from ..importing.plan import ImportPlan, plan
from ..importing.read import read_sheet
from ..importing.rows import RowReading
from ..importing.sheet import Sheet
from .staged import Staged


@dataclass(frozen=True, slots=True, repr=False)
class Reading:
    """A sheet, what each of its columns is, and every row as understood. ``plan`` is None without a name column."""

    sheet: Sheet
    columns: ColumnMap
    plan: ImportPlan | None

    @property
    def rows(self) -> dict[int, RowReading]:
        """Sound rows by number."""
        return {row.number: row for row in self.plan.sound} if self.plan else {}


def read(staged: Staged, *, as_of: date) -> Reading:
    """Read a staged file as of a day. Raises `UnreadableSheet`."""
    sheet = read_sheet(staged.name, staged.data)
    columns = propose(sheet)
    for index, field in staged.columns.items():
        if index < len(columns.columns):
            columns = columns.choose(index, Field(field))
    return Reading(sheet, columns, None if columns.missing else plan(sheet, columns, as_of=as_of))
