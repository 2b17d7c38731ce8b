"""The whole sheet read: every row, each fault by row, nothing written anywhere."""

from dataclasses import dataclass
from datetime import date

from safeconduct.casework.importing.columns import ColumnMap
from safeconduct.casework.importing.errors import UnreadableSheet
from safeconduct.casework.importing.faults import Fault, Remark
from safeconduct.casework.importing.fields import Field
from safeconduct.casework.importing.rows import RowReading
from safeconduct.casework.importing.sheet import Sheet, SheetRow, cell_text
from safeconduct.casework.importing.values import Layout, read_row


class NoNameColumn(UnreadableSheet):
    code = "no_name_column"
    sentence = "No column says who the people are. Say which one does, or give that column the heading “Name”."


@dataclass(frozen=True, slots=True, repr=False)
class ImportPlan:
    """What bringing in a sheet would do. `rows` holds every row, faulty ones too; `sound` those without a fault."""

    rows: tuple[RowReading, ...]
    faults: tuple[Fault, ...]
    remarks: tuple[Remark, ...]

    @property
    def sound(self) -> tuple[RowReading, ...]:
        """The rows that can be brought in, in the order of the sheet."""
        faulty = {fault.row for fault in self.faults}
        return tuple(row for row in self.rows if row.number not in faulty)

    @property
    def enquiries(self) -> int:
        """How many letters the sound rows record: a row that nothing was sent for has none."""
        return sum(row.sent_on is not None for row in self.sound)


def plan(sheet: Sheet, columns: ColumnMap, *, as_of: date) -> ImportPlan:
    """Read every row as of a day. A row may have several faults; they come in the order of the rows.

    A row is a duplicate when an earlier sound row has the same reference of the office's own, or, where neither has
    one, says the same about the same person, letter and day. An earlier faulty row is no original: the later one may
    be its correction. Raises NoNameColumn when no column says who anybody is.
    """
    if columns.missing:
        raise NoNameColumn
    rows: list[RowReading] = []
    faults: list[Fault] = []
    remarks: list[Remark] = []
    originals: dict[str, SheetRow] = {}
    layout = Layout(columns, today=as_of, epoch=sheet.epoch)
    for row in sheet.rows:
        reading, wrong, doubtful = read_row(row, layout)
        own = reading.own_key
        key = f"own:{own}" if own else f"content:{reading.content_key}"
        original = originals.get(key)
        if original is not None:
            differs = _differences(original, row, columns)
            faults.append(Fault(row.number, "duplicate", columns.label(Field.OUR_REF), "", original.number, differs))
        faults += wrong
        if original is None and not wrong:
            originals[key] = row
        rows.append(reading)
        remarks += doubtful
    return ImportPlan(tuple(rows), tuple(faults), tuple(remarks))


def _differences(one: SheetRow, other: SheetRow, columns: ColumnMap) -> tuple[str, ...]:
    return tuple(
        column.label
        for column in columns.columns
        if cell_text(one.cells[column.index]) != cell_text(other.cells[column.index])
    )
