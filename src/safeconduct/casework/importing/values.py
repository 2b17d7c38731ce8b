"""Reads one row under a column map into a `RowReading`, with its faults and remarks."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from openpyxl.utils.datetime import WINDOWS_EPOCH

from safeconduct.casework.importing.births import read_birth
from safeconduct.casework.importing.columns import ColumnMap
from safeconduct.casework.importing.contact import read_emails, read_phones, read_postcode, safe_contact
from safeconduct.casework.importing.faults import Fault, FaultCode, Remark
from safeconduct.casework.importing.fields import Field, normal_heading
from safeconduct.casework.importing.phrases import Reading, read_kind, read_reply, read_route, words
from safeconduct.casework.importing.rows import NoteReading, RowReading
from safeconduct.casework.importing.sheet import Cell, SheetRow, cell_text
from safeconduct.core.calendar.days import Nation, working_days
from safeconduct.core.calendar.sheets import NotADay, SheetDay, read_day_cell
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


class Layout:
    """What every row of a sheet is read by: worked out once, since a hundred thousand rows ask for it."""

    def __init__(self, columns: ColumnMap, *, today: date, epoch: datetime = WINDOWS_EPOCH) -> None:
        self.today, self.epoch = today, epoch
        self.labels = {field: columns.label(field) for field in Field}
        mapped = [column for column in columns.columns if column.field is not Field.NOT_MAPPED]
        self.mapped = [(column.index, column.field, column.label) for column in mapped]
        wanted = (f for f in (Field.NAME, Field.FAMILY_NAME) if columns.indexes(f))
        self.named_by = next(wanted, Field.GIVEN_NAME)
        self.ages = "age" in normal_heading(self.labels[Field.BIRTH]).split()
        # A sheet says the same few days, kinds and recipients over and over.
        self.days: dict[Cell, SheetDay] = {}
        self.closed: dict[tuple[Field, str], Reading] = {}


class _Reader:
    """The row being read, and what is found wrong on the way."""

    __slots__ = ("faults", "filled", "kept", "labels", "layout", "remarks", "row", "too_long")

    def __init__(self, row: SheetRow, layout: Layout) -> None:
        self.row, self.layout, self.labels = row, layout, layout.labels
        self.faults: list[Fault] = []
        self.remarks: list[Remark] = []
        self.kept: list[NoteReading] = []
        # Once a row, not once a question: of each filled column that feeds a field its heading, its cell and its text.
        self.filled: dict[Field, list[tuple[str, Cell, str]]] = {}
        self.too_long: list[str] = []
        for index, field, label in layout.mapped:
            cell = row.cells[index]
            if text := cell_text(cell):
                self.filled.setdefault(field, []).append((label, cell, text))
            if isinstance(cell, str) and len(cell) > LONGEST_TEXT and field is not Field.IGNORE:
                self.too_long.append(label)

    def cells(self, wanted: Field) -> Sequence[tuple[str, Cell, str]]:
        """Heading, cell and text of every filled column that feeds the field."""
        return self.filled.get(wanted, ())

    def text(self, wanted: Field) -> str:
        found = self.filled.get(wanted)
        return found[0][2] if found else ""

    def known(self, wanted: Field, nothing: frozenset[str]) -> str:
        text = self.text(wanted)
        if not text.isascii() and any(c.isalnum() and not c.isascii() for c in text):
            return text
        return "" if words(text) in nothing else text

    def fault(self, code: FaultCode, wanted: Field, why: str = "") -> None:
        self.faults.append(Fault(self.row.number, code, self.labels[wanted], why))

    def remark(self, code: str, column: str = "") -> None:
        self.remarks.append(Remark(self.row.number, code, column))

    def keep(self, label: str, text: str) -> None:
        self.kept.append(NoteReading(label, text))

    def day(self, label: str, cell: Cell) -> date:
        layout = self.layout
        found = layout.days.get(cell)
        if found is None:
            found = layout.days[cell] = read_day_cell(cell, today=layout.today, epoch=layout.epoch)
        for warning in found.warnings:
            self.remark(warning.value, label)
        return found.day

    def day_or_fault(self, wanted: Field) -> date | None:
        for label, cell, _ in self.cells(wanted):
            try:
                day = self.day(label, cell)
            except NotADay as problem:
                self.fault("not_a_day", wanted, problem.code)
                return None
            if day > self.layout.today:
                self.fault("in_future", wanted)
            elif day < FIRST_DAY:
                self.fault("too_long_ago", wanted)
            return day
        return None

    def days_or_remarks(self, wanted: Field, *, not_before: date | None) -> list[date]:
        """Days of something that may have happened; what cannot have is kept as a note with a remark."""
        days: list[date] = []
        for label, cell, _ in self.cells(wanted):
            for piece in _pieces(cell):
                code = ""
                try:
                    day = self.day(label, piece)
                except NotADay:
                    if words(cell_text(piece)) in _NOTHING:
                        continue
                    code = "not_a_day"
                else:
                    if day > self.layout.today:
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


def read_row(row: SheetRow, layout: Layout) -> tuple[RowReading, Sequence[Fault], Sequence[Remark]]:
    """Read one row. What a cell holds never raises: it comes back as faults and remarks."""
    reader = _Reader(row, layout)
    labels = layout.labels
    name = _name(reader)
    sent_on = reader.day_or_fault(Field.SENT_ON)
    came_in = reader.days_or_remarks(Field.CAME_IN_ON, not_before=None)
    chased_on = reader.days_or_remarks(Field.CHASED_ON, not_before=sent_on)
    replied = reader.days_or_remarks(Field.REPLIED_ON, not_before=sent_on)
    if not reader.cells(Field.SENT_ON):
        if chased_on or replied:
            reader.fault("empty", Field.SENT_ON)
        else:
            reader.remark("nothing_sent", labels[Field.SENT_ON])
    reply_said = reader.text(Field.REPLY_SAID)
    reply_shape = _reply(reader, reply_said, replied=bool(replied))
    born = next((cell for _, cell, _ in reader.cells(Field.BIRTH)), "")
    birth = read_birth(born, today=layout.today, ages=layout.ages)
    if birth.doubt:
        reader.remark(f"birth_{birth.doubt}", labels[Field.BIRTH])
        reader.keep(labels[Field.BIRTH], birth.as_written)
    phones = _phones(reader)
    emails = _emails(reader)
    address = ", ".join(dict.fromkeys(text for _, _, text in reader.cells(Field.ADDRESS)))
    kind = _closed(reader, Field.KIND, "kind_not_recognised")
    route = _closed(reader, Field.SENT_TO, "route_not_recognised")
    notes = [NoteReading(label, text) for label, _, text in reader.cells(Field.NOTES)]
    postcode = reader.text(Field.POSTCODE)
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
        postcode=read_postcode(postcode) or postcode or read_postcode(address),
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
    return reading, reader.faults, reader.remarks


def _name(reader: _Reader) -> str:
    whole = reader.known(Field.NAME, _NOTHING)
    parts = [reader.known(f, _NOTHING) for f in (Field.GIVEN_NAME, Field.FAMILY_NAME)]
    name = whole or " ".join(filter(None, parts))
    wanted = reader.layout.named_by
    if not any(map(str.isalpha, name)):
        reader.fault("empty", wanted)
    if len(name) > LONGEST_NAME:
        reader.fault("too_long", wanted)
    reader.faults += [Fault(reader.row.number, "too_long", label) for label in reader.too_long]
    return name


def _reply(reader: _Reader, said: str, *, replied: bool) -> str:
    """The shape of the reply. Words without a day beside them are no event: they are kept as a note."""
    label = reader.labels[Field.REPLY_SAID]
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
    text, closed = reader.text(wanted), reader.layout.closed
    reading = closed.get((wanted, text))
    if reading is None:
        reading = closed[wanted, text] = read_kind(text) if wanted is Field.KIND else read_route(text)
    if text and not reading.sure:
        reader.remark(unknown, reader.labels[wanted])
    return reading.value


def _phones(reader: _Reader) -> tuple[str, ...]:
    numbers: dict[str, None] = {}
    for label, _, text in reader.cells(Field.PHONE):
        found = read_phones(text)
        numbers.update(dict.fromkeys(found.numbers))
        if found.zero_restored:
            reader.remark("zero_restored", label)
        if found.rest and words(found.rest) not in _NOTHING:
            reader.remark("phone_not_read", label)
            reader.keep(label, text)
    return tuple(numbers)


def _emails(reader: _Reader) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for label, _, text in reader.cells(Field.EMAIL):
        addresses = read_emails(text)
        found.update(dict.fromkeys(addresses))
        if not addresses and words(text) not in _NOTHING:
            reader.remark("email_not_read", label)
            reader.keep(label, text)
    return tuple(found)


def _references(reader: _Reader) -> tuple[Reference, ...]:
    found: dict[tuple[str, str], Reference] = {}
    for label, _, text in reader.cells(Field.REFERENCES):
        recognised = recognise(text)
        for reference in recognised:
            found.setdefault((reference.kind, reference.normal), reference)
        if not recognised and words(text) not in _NOTHING:
            reader.keep(label, text)
    return tuple(found.values())


def _about_contact(reader: _Reader) -> tuple[str, ...]:
    """Cells in which offices write how somebody may be reached: notes, and beside the number or address itself."""
    places = (Field.NOTES, Field.PHONE, Field.EMAIL, Field.ADDRESS, Field.POSTCODE, Field.NAME, Field.SUBJECT)
    return tuple(text for place in places for _, _, text in reader.cells(place))


def _look_for_formulas(reader: _Reader) -> None:
    for field, cells in reader.filled.items():
        for _, cell, text in cells:
            if "(" not in text or not text.startswith(_FORMULA_STARTS):
                continue
            if isinstance(cell, str) and field not in {Field.IGNORE, Field.PHONE} and any(map(str.isalpha, text)):
                reader.remark("looks_like_formula")
                return


def _pieces(cell: Cell) -> list[Cell]:
    """A cell with several days (“1/10/26; 20/10/26”, or one a line) as one cell each."""
    if not isinstance(cell, str):
        return [cell]
    pieces = [piece.strip() for piece in cell.replace(";", "\n").replace("&", "\n").splitlines()]
    return [piece for piece in pieces if piece]
