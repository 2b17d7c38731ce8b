"""Which column is what: proposed from headings and content, changeable by the person who knows the sheet."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

from safeconduct.casework.importing.fields import SEVERAL, Field, from_heading, normal_heading
from safeconduct.casework.importing.sheet import Cell, Sheet, cell_text, column_letter

Confidence = Literal["certain", "likely", "guess", "chosen", "none"]
# heading: the whole heading is a known one. heading_part: some of its words are. content: the cells look like it.
# remembered: the same heading was read so before. chosen: a person said so. taken: another column is surer.
Why = Literal["heading", "heading_part", "content", "remembered", "chosen", "taken", "nothing"]

_SAMPLE: Final = 300
_RANK: Final[dict[Confidence, int]] = {"chosen": 4, "certain": 3, "likely": 2, "guess": 1, "none": 0}


@dataclass(frozen=True, slots=True)
class Column:
    """One column as understood. `looked_like` says what it would have been where another column was surer."""

    index: int
    heading: str
    field: Field
    confidence: Confidence
    why: Why
    filled: int
    looked_like: Field | None = None

    @property
    def label(self) -> str:
        """The heading, or “Column C” where there is none."""
        return self.heading or f"Column {column_letter(self.index)}"


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """What each column of a sheet is. Every column appears exactly once."""

    columns: tuple[Column, ...]

    def indexes(self, field: Field) -> tuple[int, ...]:
        """Positions of the columns that feed `field`, left to right."""
        return tuple(c.index for c in self.columns if c.field is field)

    def label(self, field: Field) -> str:
        """The heading of the first column that feeds `field`, or its plain name where none does."""
        found = next((c.label for c in self.columns if c.field is field), None)
        return found if found is not None else field.value.replace("_", " ").capitalize()

    @property
    def unmapped(self) -> tuple[Column, ...]:
        """Columns with content that nothing reads: to be shown, and kept as notes if a person says so."""
        return tuple(c for c in self.columns if c.field is Field.NOT_MAPPED and c.filled)

    @property
    def missing(self) -> tuple[Field, ...]:
        """Fields without which no row can be read. Only who the person is cannot be done without."""
        names = (Field.NAME, Field.GIVEN_NAME, Field.FAMILY_NAME)
        return () if any(self.indexes(f) for f in names) else (Field.NAME,)

    def choose(self, index: int, field: Field) -> "ColumnMap":
        """The same map with one column changed by a person. A field read from one column leaves the column it had."""
        if not 0 <= index < len(self.columns):
            raise IndexError(index)
        changed = []
        for column in self.columns:
            if column.index == index:
                changed.append(replace(column, field=field, confidence="chosen", why="chosen", looked_like=None))
            elif column.field is field and field not in SEVERAL:
                changed.append(
                    replace(column, field=Field.NOT_MAPPED, confidence="none", why="taken", looked_like=field)
                )
            else:
                changed.append(column)
        return ColumnMap(tuple(changed))

    def keep_unmapped_as_notes(self) -> "ColumnMap":
        """The same map with every unrecognised column that has content read as notes."""
        kept = self
        for column in self.unmapped:
            kept = kept.choose(column.index, Field.NOTES)
        return kept

    def to_remember(self) -> dict[str, str]:
        """Headings (reduced to their words) with the field each fed, for next week's sheet.

        Headings are an office's own words: keep this sealed.
        """
        return {normal_heading(c.heading): c.field.value for c in self.columns if normal_heading(c.heading)}


def propose(sheet: Sheet, remembered: Mapping[str, str] | None = None) -> ColumnMap:
    """Say what each column is. `remembered` is an earlier map's `to_remember()`; it outranks everything here."""
    columns = []
    for index, heading in enumerate(sheet.headers):
        cells = [row.cells[index] for row in sheet.rows]
        filled = [c for c in cells if not isinstance(c, str) or c.strip()]
        known = (remembered or {}).get(normal_heading(heading))
        if known in set(Field) and known is not None:
            columns.append(Column(index, heading, Field(known), "chosen", "remembered", len(filled)))
            continue
        field, confidence, why = _recognise(heading, filled[:_SAMPLE])
        columns.append(Column(index, heading, field, confidence, why, len(filled)))
    return ColumnMap(tuple(_settle(columns)))


def _settle(columns: list[Column]) -> list[Column]:
    """Leave each single-column field to its surest column, then the fullest, then the leftmost."""
    best: dict[Field, Column] = {}
    for column in columns:
        rival = best.get(column.field)
        if rival is None or (_RANK[column.confidence], column.filled) > (_RANK[rival.confidence], rival.filled):
            best[column.field] = column
    settled = []
    for column in columns:
        if column.field in SEVERAL or best[column.field] is column:
            settled.append(column)
        else:
            settled.append(
                replace(column, field=Field.NOT_MAPPED, confidence="none", why="taken", looked_like=column.field)
            )
    # A whole-name column is enough: a surname column beside it would only repeat it.
    if any(c.field is Field.NAME for c in settled):
        parts = {Field.GIVEN_NAME, Field.FAMILY_NAME}
        has_both = parts <= {c.field for c in settled}
        name_is_sure = any(c.field is Field.NAME and c.confidence in {"certain", "chosen"} for c in settled)
        for i, column in enumerate(settled):
            if column.field in parts and (name_is_sure or not has_both):
                settled[i] = replace(
                    column, field=Field.NOT_MAPPED, confidence="none", why="taken", looked_like=column.field
                )
    return settled


def _recognise(heading: str, filled: Sequence[Cell]) -> tuple[Field, Confidence, Why]:
    named = from_heading(heading)
    content = _from_content(filled)
    if named is None:
        return (content, "guess", "content") if content is not None else (Field.NOT_MAPPED, "none", "nothing")
    field, how = named
    better = _content_decides(field, heading, filled, content)
    if better is not field:
        return better, "none" if better is Field.NOT_MAPPED else "likely", "content"
    return (field, "certain", "heading") if how == "whole" else (field, "likely", "heading_part")


def _content_decides(field: Field, heading: str, filled: Sequence[Cell], content: Field | None) -> Field:
    """Headings that mean two things are settled by what stands below them."""
    if not filled:
        return field
    if field is Field.OUR_REF and content is Field.REFERENCES:
        return Field.REFERENCES
    if field is Field.REPLIED_ON and _share(filled, is_dayish) < 0.5:
        return Field.REPLY_SAID
    if field is Field.REPLY_SAID and _share(filled, is_dayish) > 0.8:
        return Field.REPLIED_ON
    # “Raised” or “Received” may head anything; a heading that says “date” means one, whatever was typed below it.
    days_expected = "date" in normal_heading(heading).split()
    if field in {Field.SENT_ON, Field.CAME_IN_ON} and not days_expected and _share(filled, is_dayish) < 0.3:
        return Field.NOT_MAPPED
    if field is Field.SENT_TO and _share(filled, is_dayish) > 0.8:
        return Field.SENT_ON
    return field


_UAN = re.compile(r"\b\d{4}-\d{4}-\d{4}-\d{4}\b")
_HO_FILE = re.compile(r"\b(?:[A-Z]\d{7}|GWF\d{9}|IHS\d{9}|[A-Z0-9]+/\d{7}/\d{2})\b", re.IGNORECASE)
_PHONE = re.compile(r"^[+()\d][\d\s()./+-]{8,20}$")
_POSTCODE = re.compile(r"^[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}$", re.IGNORECASE)
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_DAYISH = re.compile(
    r"^(?:[a-z]{3,9},?\s+)?(?:\d{1,2}(?:st|nd|rd|th)?[\s./-]+(?:\d{1,2}|[a-z]{3,9})[\s./-]+(?:\d{4}|\d{2})"
    r"|\d{4}-\d{1,2}-\d{1,2}|[3-4]\d{4})$",
    re.IGNORECASE,
)


def is_dayish(cell: Cell) -> bool:
    """Whether a cell has the shape of a full day, however typed (46304, a spreadsheet's day number, counts)."""
    return isinstance(cell, date) or bool(_DAYISH.match(cell.strip()))


def _matches(pattern: re.Pattern[str]) -> Callable[[Cell], bool]:
    return lambda cell: bool(pattern.search(cell_text(cell)))


def _share(filled: Sequence[Cell], test: Callable[[Cell], bool]) -> float:
    return sum(map(test, filled)) / len(filled) if filled else 0.0


_BY_CONTENT: Final[tuple[tuple[Field, Callable[[Cell], bool]], ...]] = (
    (Field.EMAIL, _matches(_EMAIL)),
    (Field.REFERENCES, lambda c: _matches(_UAN)(c) or _matches(_HO_FILE)(c)),
    (Field.POSTCODE, _matches(_POSTCODE)),
    (Field.PHONE, lambda c: not is_dayish(c) and _matches(_PHONE)(c) and sum(map(str.isdigit, cell_text(c))) >= 10),
)


def _from_content(filled: Sequence[Cell]) -> Field | None:
    """Only shapes that nothing else has. A column of days is never guessed: it could be any event, or births."""
    if len(filled) < 3:
        return None
    return next((field for field, test in _BY_CONTENT if _share(filled, test) >= 0.7), None)
