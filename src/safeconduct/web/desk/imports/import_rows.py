"""Every row of a sheet as it was read, beside what stands in its cells; and the rows that cannot be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar

from django.utils.translation import gettext as _

from safeconduct.casework.arrivals.again import NOTHING, Again
from safeconduct.casework.arrivals.matches import new_events
from safeconduct.casework.arrivals.reading import Reading
from safeconduct.casework.arrivals.staged import Changed, LeftOut, Work
from safeconduct.casework.importing.faults import Fault, Remark
from safeconduct.casework.importing.fields import Field
from safeconduct.casework.importing.rows import EventReading, RowReading
from safeconduct.casework.importing.sheet import SheetRow, cell_text
from safeconduct.casework.models import Case, Event

from ...words import dates
from ...words import imports as words
from ...words.cases import ROUTES, TOPICS
from ...words.events import KINDS, SHAPES
from ...words.people import REFERENCES

Line = dict[str, Any]
_LONGEST: Final = 300
_Said = TypeVar("_Said", Fault, Remark)


class Rows:
    """The sheet's rows with whatever is said about each of them."""

    def __init__(self, reading: Reading, settled: Work, cases: Mapping[str, Case], again: Mapping[int, Again]) -> None:
        assert reading.plan is not None
        self._again = again
        self._reading, self._cases, self._settled = reading, cases, settled
        self._read = {row.number: row for row in reading.plan.rows}
        self._faults = _by_row(reading.plan.faults)
        self._remarks = _by_row(reading.plan.remarks)
        self._units = {number: unit for unit in settled.units for number in unit.rows}

    def line(self, row: SheetRow) -> Line:
        """One row: each cell with how it was read, what becomes of it, and what is doubtful."""
        read = self._read[row.number]
        faults = self._faults.get(row.number, [])
        return {
            "number": row.number,
            "ref": read.our_ref,
            "read": self._cells(row, read),
            "notes": [words.remark(one) for one in self._remarks.get(row.number, [])],
            "fault": " ".join(f"{words.fault(one)}." for one in faults),
            "state": _("Left out.") if faults else self._becomes(read),
        }

    def faults(self, rows: Iterable[SheetRow], *, most: int) -> list[Line]:
        """The rows left out, each fault with what to do and the cell it is about; no more than ``most``."""
        by_number = {row.number: row for row in rows if row.number in self._faults}
        found: list[Line] = []
        for number, faults in self._faults.items():
            for one in faults[: most - len(found)]:
                found.append(
                    {
                        "number": number,
                        "ref": self._read[number].our_ref,
                        "fault": f"{words.fault(one)}. {words.advice(one)}",
                        "cells": self._faulty_cells(by_number[number], one),
                    }
                )
        return found

    def news(self) -> int:
        """How many events the sheet would add to cases that are here already."""
        return sum(len(self._new_events(number)) for number in self._settled.known)

    def _becomes(self, read: RowReading) -> str:
        if read.number in self._settled.known:
            news = self._new_events(read.number)
            said = words.again(self._again.get(read.number, NOTHING))
            if news:
                said.insert(0, _("Adds: %(events)s.") % {"events": "; ".join(_event(one) for one in news)})
            if said:
                return " ".join([_("Already here."), *said])
            case = self._cases.get(self._settled.known[read.number])
            if case is not None and case.state == Case.State.CLOSED:
                return _("Already here, and closed: nothing is added.")
            return _("Already here, and nothing is new.")
        unit = self._units[read.number]
        others = ", ".join(str(number) for number in unit.rows if number != read.number)
        if unit.is_here:
            return _("A new case for somebody on record.")
        if others:
            return _("A new case; the same new person as row %(rows)s.") % {"rows": others}
        return _("A new person and a new case.")

    def _new_events(self, number: int) -> Sequence[EventReading]:
        case = self._cases.get(self._settled.known.get(number, ""))
        return new_events(self._read[number], case, case.events.all()) if case is not None else []

    def _cells(self, row: SheetRow, read: RowReading) -> list[Line]:
        lines: list[Line] = []
        said: set[Field] = set()
        for column in self._reading.columns.columns:
            written = cell_text(row.cells[column.index])
            if not written or column.field in (Field.IGNORE, Field.NOT_MAPPED):
                continue
            value = understood(column.field, read)
            # A field that several columns feed is said once, beside the first of them.
            if column.field in said:
                value = None
            said.add(column.field)
            text = value["text"] if value else written
            lines.append(
                {
                    "label": column.label,
                    "value": value or {"text": _short(written)},
                    "cell": _short(written),
                    "changed": value is not None and _plain(text) != _plain(written),
                }
            )
        return lines

    def _faulty_cells(self, row: SheetRow, fault: Fault) -> list[Line]:
        columns = [one for one in self._reading.columns.columns if one.label in (fault.column, *fault.differs)]
        cells = [{"heading": one.label, "text": _short(cell_text(row.cells[one.index]))} for one in columns]
        return [one for one in cells if one["text"]]


def understood(field: Field, read: RowReading) -> Line | None:
    """What a field was understood as; None where it is kept as it stands."""
    match field:
        case Field.BIRTH:
            text = _birth(read)
            return {"text": text} if text else None
        case Field.KIND:
            return {"text": str(TOPICS[read.kind])}
        case Field.SENT_TO:
            return {"text": str(ROUTES[read.route])}
        case Field.CAME_IN_ON:
            return _day([read.came_in_on] if read.came_in_on else [])
        case Field.SENT_ON:
            return _day([read.sent_on] if read.sent_on else [])
        case Field.CHASED_ON:
            return _day(list(read.chased_on))
        case Field.REPLIED_ON:
            return _day([read.replied_on] if read.replied_on else [])
        case Field.REPLY_SAID:
            return _reply(read)
        case Field.REFERENCES if read.references:
            kinds = ", ".join(str(REFERENCES[one.kind]) for one in read.references)
            return {"text": ", ".join(one.value for one in read.references), "kind": "ref", "note": kinds}
        case Field.PHONE if read.phones:
            return {"text": ", ".join(read.phones), "kind": "phone"}
        case Field.POSTCODE if read.postcode:
            return {"text": read.postcode}
        case Field.NAME:
            return {"text": read.name, "kind": "name"}
        case Field.NATIONALITY if not read.nationality:
            return {"text": _("not known")}
        case Field.WORKER if not read.worker:
            return {"text": _("nobody")}
    return None


def left_out(rows: Iterable[LeftOut]) -> list[Line]:
    """The rows an import that is done left out."""
    return [
        {"number": one.fault.row, "ref": one.our_ref, "fault": f"{words.fault(one.fault)}. {words.advice(one.fault)}"}
        for one in rows
    ]


def for_the_sheet(faults: Iterable[Fault]) -> list[tuple[str | int, ...]]:
    """Rows of the CSV of faults: no cell of the office's sheet is in it, only numbers, headings and what is wrong."""
    heading = (_("Row"), _("Column"), _("What is wrong"), _("What to do"))
    return [heading, *((one.row, one.column, words.fault(one), words.advice(one)) for one in faults)]


def changed_rows(changes: Iterable[Changed]) -> list[Line]:
    """The rows of an import that is done whose case was here and of which it said something else."""
    return [{"number": one.row, "ref": one.our_ref, "text": " ".join(words.again(one.again))} for one in changes]


def known_cases(handles: Sequence[Any]) -> dict[str, Case]:
    """Cases on record with their events, by handle (hex): open facts only."""
    found: dict[str, Case] = {}
    for start in range(0, len(handles), 500):
        rows = Case.objects.filter(handle__in=handles[start : start + 500]).prefetch_related("events")
        found |= {case.handle.hex: case for case in rows}
    return found


def _event(one: EventReading) -> str:
    shape = SHAPES[one.shape] if one.shape in Event.Shape.values else ""
    said = f"{KINDS[one.kind]}: {shape}" if shape else str(KINDS[one.kind])
    return _("%(event)s, %(day)s") % {"event": said, "day": dates.plain(one.on)}


def _birth(read: RowReading) -> str:
    birth = read.birth
    if birth.year is None:
        return ""
    if birth.full:
        return dates.plain(birth.full)
    if birth.month:
        return f"{birth.month:02}/{birth.year}"
    return _("about %(when)s") % {"when": birth.year} if birth.precision == "estimated" else str(birth.year)


def _day(days: Sequence[Any]) -> Line | None:
    return {"text": ", ".join(dates.plain(one) for one in days)} if days else None


def _reply(read: RowReading) -> Line | None:
    if read.replied_on is None:
        return None
    reply = next((one for one in read.events() if one.on == read.replied_on and one.shape == read.reply_shape), None)
    if reply is None:
        return None
    shape = SHAPES[reply.shape] if reply.shape in Event.Shape.values else ""
    return {"text": f"{KINDS[reply.kind]}: {shape}" if shape else str(KINDS[reply.kind])}


def _by_row(found: Iterable[_Said]) -> dict[int, list[_Said]]:
    by_row: dict[int, list[_Said]] = {}
    for one in found:
        by_row.setdefault(one.row, []).append(one)
    return by_row


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
