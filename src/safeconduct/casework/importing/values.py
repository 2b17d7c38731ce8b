"""Reads one row under a column map into a `RowReading`, with its faults and remarks."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from openpyxl.utils.datetime import WINDOWS_EPOCH

from safeconduct.casework.importing.births import read_birth
from safeconduct.casework.importing.columns import ColumnMap
from safeconduct.casework.importing.contact import read_emails, read_phones, read_postcode, safe_contact
from safeconduct.casework.importing.faults import Fault, FaultCode, Remark
from safeconduct.casework.importing.fields import Field, normal_heading
from safeconduct.casework.importing.phrases import read_kind, read_reply, read_route, words
from safeconduct.casework.importing.rows import NoteReading, RowReading
from safeconduct.casework.importing.sheet import Cell, SheetRow, cell_text
from safeconduct.core.calendar.days import Nation, working_days
from safeconduct.core.calendar.sheets import NotADay, read_day_cell
from safeconduct.core.names.references import Reference, recognise

# Working days are counted from here on: bank holidays before it are not in the calendar.
FIRST_DAY: Final = working_days(Nation.ANY_UK).first_known
LONGEST_NAME: Final = 300
LONGEST_TEXT: Final = 40_000  # a spreadsheet cell holds at most 32,767 characters

# Compared after `words`: what people put where they have nothing to put.
_NOTHING: Final = frozenset(
    {"", "na", "n a", "nk", "n k", "none", "nil", "null", "tbc", "tba", "not known", "unknown", "not given", "x", "xx"}
)
_UNSURE: Final = _NOTHING | {"not sure", "unsure", "unclear", "dont know", "do not know", "to check", "check", "ask"}
_NOBODY: Final = _NOTHING | {"unassigned", "not assigned", "unallocated", "not allocated", "nobody", "no one", "vacant"}
_INTERPRETER: Final = ("interpreter", "translator", "no english", "little english", "limited english")
_FORMULA_STARTS: Final = ("=", "+", "-", "@")


@dataclass(slots=True)
class _Reader:
    """The row being read, and what is found wrong on the way."""

    row: SheetRow
    columns: ColumnMap
    today: date
    epoch: datetime
    faults: list[Fault] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    kept: list[NoteReading] = field(default_factory=list)
    filled: dict[Field, list[tuple[str, Cell]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # Once a row, not once a question: reading ten thousand rows asks for the same cells many times.
        for column in self.columns.columns:
            cell = self.row.cells[column.index]
            if column.field is not Field.NOT_MAPPED and cell_text(cell):
                self.filled.setdefault(column.field, []).append((column.label, cell))

    def cells(self, wanted: Field) -> list[tuple[str, Cell]]:
        """Heading and cell of every filled column that feeds the field."""
        return self.filled.get(wanted, [])

    def text(self, wanted: Field) -> str:
        return next((cell_text(cell) for _, cell in self.cells(wanted)), "")

    def known(self, wanted: Field, nothing: frozenset[str]) -> str:
        text = self.text(wanted)
        return "" if words(text) in nothing and not any(c.isalnum() and not c.isascii() for c in text) else text

    def fault(self, code: FaultCode, wanted: Field, why: str = "") -> None:
        self.faults.append(Fault(self.row.number, code, self.columns.label(wanted), why))

    def remark(self, code: str, column: str = "") -> None:
        self.remarks.append(Remark(self.row.number, code, column))

    def keep(self, label: str, text: str) -> None:
        self.kept.append(NoteReading(label, text))

    def day(self, label: str, cell: Cell) -> date:
        found = read_day_cell(cell, today=self.today, epoch=self.epoch)
        for warning in found.warnings:
            self.remark(warning.value, label)
        return found.day

    def day_or_fault(self, wanted: Field) -> date | None:
        for label, cell in self.cells(wanted):
            try:
                day = self.day(label, cell)
            except NotADay as problem:
                self.fault("not_a_day", wanted, problem.code)
                return None
            if day > self.today:
                self.fault("in_future", wanted)
            elif day < FIRST_DAY:
                self.fault("too_long_ago", wanted)
            return day
        return None

    def days_or_remarks(self, wanted: Field, *, not_before: date | None) -> list[date]:
        """Days of something that may have happened; what cannot have is kept as a note with a remark."""
        days: list[date] = []
        for label, cell in self.cells(wanted):
            for piece in _pieces(cell):
                code = ""
                try:
                    day = self.day(label, piece)
                except NotADay:
                    if words(cell_text(piece)) in _NOTHING:
                        continue
                    code = "not_a_day"
                else:
                    if day > self.today:
                        code = "in_future"
                    elif day < FIRST_DAY:
                        code = "too_long_ago"
                    elif not_before is not None and day < not_before:
                        code = "before_sent"
                if code:
                    self.remark(code, label)
                    self.keep(label, cell_text(piece))
                elif day not in days:
                    days.append(day)
        return days


def read_row(
    row: SheetRow, columns: ColumnMap, *, today: date, epoch: datetime = WINDOWS_EPOCH
) -> tuple[RowReading, tuple[Fault, ...], tuple[Remark, ...]]:
    """Read one row as of `today`. What a cell holds never raises: it comes back as faults and remarks."""
    reader = _Reader(row, columns, today, epoch)
    name = _name(reader)
    sent_on = reader.day_or_fault(Field.SENT_ON)
    came_in = reader.days_or_remarks(Field.CAME_IN_ON, not_before=None)
    chased_on = reader.days_or_remarks(Field.CHASED_ON, not_before=sent_on)
    replied = reader.days_or_remarks(Field.REPLIED_ON, not_before=sent_on)
    if not reader.cells(Field.SENT_ON):
        if chased_on or replied:
            reader.fault("empty", Field.SENT_ON)
        else:
            reader.remark("nothing_sent", columns.label(Field.SENT_ON))
    reply_said = reader.text(Field.REPLY_SAID)
    reply_shape = _reply(reader, reply_said, replied=bool(replied))
    birth = read_birth(
        next((cell for _, cell in reader.cells(Field.BIRTH)), ""),
        today=today,
        ages="age" in normal_heading(columns.label(Field.BIRTH)).split(),
    )
    if birth.doubt:
        reader.remark(f"birth_{birth.doubt}", columns.label(Field.BIRTH))
        reader.keep(columns.label(Field.BIRTH), birth.as_written)
    phones = _phones(reader)
    emails = _emails(reader)
    address = ", ".join(dict.fromkeys(cell_text(cell) for _, cell in reader.cells(Field.ADDRESS)))
    kind = _closed(reader, Field.KIND, "kind_not_recognised")
    route = _closed(reader, Field.SENT_TO, "route_not_recognised")
    notes = [NoteReading(label, cell_text(cell)) for label, cell in reader.cells(Field.NOTES)]
    _look_for_formulas(reader)
    reading = RowReading(
        number=row.number,
        our_ref=reader.text(Field.OUR_REF),
        name=name,
        birth=birth,
        nationality=reader.known(Field.NATIONALITY, _UNSURE),
        phones=phones,
        emails=emails,
        address=address,
        postcode=read_postcode(reader.text(Field.POSTCODE)) or reader.text(Field.POSTCODE) or read_postcode(address),
        safe_contact=safe_contact(_about_contact(reader)),
        kind=kind,
        kind_written=reader.text(Field.KIND),
        references=_references(reader),
        came_in_on=came_in[0] if came_in else None,
        sent_on=sent_on,
        route=route,
        sent_to=reader.text(Field.SENT_TO),
        subject=reader.text(Field.SUBJECT),
        chased_on=tuple(sorted(chased_on)),
        replied_on=replied[0] if replied else None,
        reply_shape=reply_shape,
        reply_said=reply_said if replied else "",
        worker=reader.known(Field.WORKER, _NOBODY),
        notes=(*notes, *reader.kept),
        wants_interpreter=any(mark in words(note.text) for note in notes for mark in _INTERPRETER),
    )
    if not reading.own_key:
        reader.remark("no_own_reference")
    return reading, tuple(reader.faults), tuple(reader.remarks)


def _name(reader: _Reader) -> str:
    whole = reader.known(Field.NAME, _NOTHING)
    parts = [reader.known(f, _NOTHING) for f in (Field.GIVEN_NAME, Field.FAMILY_NAME)]
    name = whole or " ".join(filter(None, parts))
    wanted = next((f for f in (Field.NAME, Field.FAMILY_NAME) if reader.columns.indexes(f)), Field.GIVEN_NAME)
    if not any(c.isalpha() for c in name):
        reader.fault("empty", wanted)
    if len(name) > LONGEST_NAME:
        reader.fault("too_long", wanted)
    for column in reader.columns.columns:
        if column.field not in {Field.IGNORE, Field.NOT_MAPPED}:
            cell = reader.row.cells[column.index]
            if isinstance(cell, str) and len(cell) > LONGEST_TEXT:
                reader.faults.append(Fault(reader.row.number, "too_long", column.label))
    return name


def _reply(reader: _Reader, said: str, *, replied: bool) -> str:
    """The shape of the reply. Words without a day beside them are no event: they are kept as a note."""
    label = reader.columns.label(Field.REPLY_SAID)
    if not replied:
        if said:
            reader.remark("reply_without_date", label)
            reader.keep(label, said)
        return ""
    reading = read_reply(said)
    if not reading.sure:
        reader.remark("reply_not_described" if not said else "reply_not_sure", label)
    return reading.value


def _closed(reader: _Reader, wanted: Field, unknown: str) -> str:
    text = reader.text(wanted)
    reading = read_kind(text) if wanted is Field.KIND else read_route(text)
    if text and not reading.sure:
        reader.remark(unknown, reader.columns.label(wanted))
    return reading.value


def _phones(reader: _Reader) -> tuple[str, ...]:
    numbers: dict[str, None] = {}
    for label, cell in reader.cells(Field.PHONE):
        found = read_phones(cell_text(cell))
        numbers.update(dict.fromkeys(found.numbers))
        if found.zero_restored:
            reader.remark("zero_restored", label)
        if found.rest and words(found.rest) not in _NOTHING:
            reader.remark("phone_not_read", label)
            reader.keep(label, cell_text(cell))
    return tuple(numbers)


def _emails(reader: _Reader) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for label, cell in reader.cells(Field.EMAIL):
        addresses = read_emails(cell_text(cell))
        found.update(dict.fromkeys(addresses))
        if not addresses and words(cell_text(cell)) not in _NOTHING:
            reader.remark("email_not_read", label)
            reader.keep(label, cell_text(cell))
    return tuple(found)


def _references(reader: _Reader) -> tuple[Reference, ...]:
    found: dict[tuple[str, str], Reference] = {}
    for label, cell in reader.cells(Field.REFERENCES):
        recognised = recognise(cell_text(cell))
        for reference in recognised:
            found.setdefault((reference.kind, reference.normal), reference)
        if not recognised and words(cell_text(cell)) not in _NOTHING:
            reader.keep(label, cell_text(cell))
    return tuple(found.values())


def _about_contact(reader: _Reader) -> tuple[str, ...]:
    """Cells in which offices write how somebody may be reached: notes, and beside the number or address itself."""
    places = (Field.NOTES, Field.PHONE, Field.EMAIL, Field.ADDRESS, Field.POSTCODE, Field.NAME, Field.SUBJECT)
    return tuple(cell_text(cell) for place in places for _, cell in reader.cells(place))


def _look_for_formulas(reader: _Reader) -> None:
    mapped = (c for c in reader.columns.columns if c.field not in {Field.IGNORE, Field.NOT_MAPPED, Field.PHONE})
    cells: Iterable[Cell] = (reader.row.cells[c.index] for c in mapped)
    texts = (cell_text(cell) for cell in cells if isinstance(cell, str) and "(" in cell)
    if any(text.startswith(_FORMULA_STARTS) and any(c.isalpha() for c in text) for text in texts):
        reader.remark("looks_like_formula")


def _pieces(cell: Cell) -> list[Cell]:
    """A cell with several days (“1/10/26; 20/10/26”, or one a line) as one cell each."""
    if not isinstance(cell, str):
        return [cell]
    pieces = [piece.strip() for piece in cell.replace(";", "\n").replace("&", "\n").splitlines()]
    return [piece for piece in pieces if piece]
