"""From rows to records: what a person's facets and a case's head say, row by row."""

from collections.abc import Sequence

import msgspec

from safeconduct.core.names.references import Kind
from safeconduct.people.facets import (
    Assertion,
    Birth,
    CaseHead,
    Concerns,
    Contact,
    EnquiryHead,
    Identity,
    Referenced,
    SpelledName,
    Status,
    Way,
)

from ..importing.rows import RowReading


def identity_of(rows: Sequence[RowReading], before: Identity | None = None) -> Identity:
    """Every spelling and every birth of the rows, those on record first."""
    before = before or Identity()
    names = {name.text: name for name in before.names}
    births = {_key(birth): birth for birth in before.births}
    for row in rows:
        if row.name:
            names.setdefault(row.name, SpelledName(text=row.name, source=_source(row), seen_on=row.sent_on))
        if row.birth.year is not None:
            birth = Birth(
                year=row.birth.year,
                month=row.birth.month,
                day=row.birth.day,
                precision=row.birth.precision,
                source=_source(row),
            )
            births.setdefault(_key(birth), birth)
    return Identity(names=tuple(names.values()), births=tuple(births.values()))


def contact_of(rows: Sequence[RowReading], before: Contact | None = None) -> Contact:
    """Every way to reach the person, and every sentence about what is not safe."""
    before = before or Contact()
    ways = {(way.kind, way.value): way for way in before.ways}
    notes = dict.fromkeys(line for line in before.safe_note.splitlines() if line.strip())
    for row in rows:
        found = [("phone", one) for one in row.phones] + [("email", one) for one in row.emails]
        found += [("address", row.address), ("postcode", row.postcode)]
        for kind, value in found:
            if value:
                ways.setdefault((kind, value), Way(kind=kind, value=value))
        if row.safe_contact:
            notes.setdefault(row.safe_contact.note)
    return msgspec.structs.replace(before, ways=tuple(ways.values()), safe_note="\n".join(notes))


def status_of(rows: Sequence[RowReading], before: Status | None = None) -> Status:
    """Nationalities and references as the office wrote them."""
    before = before or Status()
    nationalities = {one.value.casefold(): one for one in before.nationalities}
    references = {(one.kind, one.value): one for one in before.references}
    for row in rows:
        if row.nationality:
            nationalities.setdefault(row.nationality.casefold(), Assertion(value=row.nationality, source=_source(row)))
        for one in row.references:
            if one.kind is not Kind.OWN:
                referenced = Referenced(kind=one.kind.value, value=one.value, source=_source(row))
                references.setdefault((referenced.kind, referenced.value), referenced)
    return Status(
        nationalities=tuple(nationalities.values()), references=tuple(references.values()), history=before.history
    )


def head_of(row: RowReading, *, person: str, enquiry: str | None) -> CaseHead:
    """The sealed head of a row's case. ``enquiry`` is the handle (hex) of its letter, None where nothing was sent."""
    about = EnquiryHead(subject=row.subject, sent_to=row.sent_to)
    return CaseHead(
        our_reference=row.our_ref,
        exact_kind=row.kind_written,
        note=notes_of(row),
        concerns=(Concerns(person=person),),
        enquiries={enquiry: about} if enquiry else {},
    )


def notes_of(row: RowReading) -> str:
    """What the office wrote beside a row, each under the heading it stood under."""
    return "\n".join(f"{note.label}: {note.text}" if note.label else note.text for note in row.notes)


def _key(birth: Birth) -> tuple[int | None, int | None, int | None, str]:
    return birth.year, birth.month, birth.day, birth.precision


def _source(row: RowReading) -> str:
    return f"office sheet, {row.our_ref}" if row.our_ref else "office sheet"
