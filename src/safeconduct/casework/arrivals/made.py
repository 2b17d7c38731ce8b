"""People and cases of an import made whole, sealed and packed, before a transaction takes them in.

Records are made and inserted in a shuffled order: neighbours in a table, or in time, would tie a case to its person.
"""

import random
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, TypeVar
from uuid import UUID

import msgspec

from safeconduct.accounts import keyring
from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Member
from safeconduct.journal import bulk
from safeconduct.journal.commitments import Written
from safeconduct.journal.fields import new_handle
from safeconduct.journal.models import Act, Entry
from safeconduct.journal.packed import Packed, pack, pack_entries
from safeconduct.people import journaling
from safeconduct.people.actions.add import seal_person
from safeconduct.people.facets import CaseEntry, Facet, Links
from safeconduct.people.keys import Keyed
from safeconduct.people.models import Envelope, Wrap
from safeconduct.people.records import new_envelope

from .. import facts
from ..actions.cases import shape_case
from ..importing.rows import RowReading
from ..models import Arrival, Case, Enquiry, Event
from . import build
from .staged import Unit

_SHAPES: Final = frozenset(Event.Shape.values)
_RANDOM: Final = random.SystemRandom()

T = TypeVar("T")


class Chunk(msgspec.Struct, frozen=True, array_like=True):
    """The rows of some people and their cases, and the entries that say so, to be inserted in this order."""

    rows: list[Packed]
    entries: list[Packed]

    def stands(self) -> bool:
        """Whether the epochs its keys were wrapped under are all still there: one may be destroyed while it waits."""
        wraps = [one for one in self.rows if one.model == Wrap._meta.label]
        return {epoch for one in wraps for epoch in one.columns["epoch"]} <= keyring.epochs().keys.keys()


# Each part of the work, and what is made of it.
Making = Generator[tuple[Sequence[Unit], Chunk], None, None]


@dataclass(frozen=True, slots=True, repr=False)
class _Made:
    """A person or a case: rows not yet saved."""

    keyed: Keyed
    wrap: Wrap
    envelopes: Sequence[Envelope]
    entry: tuple[Entry, Sequence[Written]]
    case: Case | None = None
    enquiries: Sequence[Enquiry] = ()
    events: Sequence[Event] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Maker:
    """Who brings in what: rows by their number, and workers by the text that means them."""

    by: Actor
    arrival: Arrival
    rows: Mapping[int, RowReading]
    workers: Mapping[str, Member | None]

    def make(self, units: Sequence[Unit]) -> Chunk:
        """These people and their cases. Nothing is asked of the database but what the actor knows by now."""
        people: list[_Made] = []
        to_make: list[tuple[Unit, RowReading]] = []
        for unit in _shuffled(units):
            rows = [self.rows[number] for number in unit.rows]
            if not unit.is_here:
                people.append(self._person(unit, rows))
            to_make += [(unit, row) for row in rows]
        # An entry and an event say when they were made: cases made beside their person would be tied to them by that.
        cases = [self._case(unit, row) for unit, row in _shuffled(to_make)]
        made = [*people, *cases]
        return Chunk(
            pack(
                [one.keyed.subject for one in made],
                [one.wrap for one in made],
                [envelope for one in made for envelope in one.envelopes],
                [one.case for one in cases if one.case],
                [enquiry for one in cases for enquiry in one.enquiries],
                [event for one in cases for event in one.events],
            ),
            pack_entries(_shuffled([one.entry for one in made])),
        )

    def _person(self, unit: Unit, rows: Sequence[RowReading]) -> _Made:
        person = seal_person(
            by=self.by,
            team=self.arrival.team,
            identity=build.identity_of(rows),
            contact=build.contact_of(rows),
            status=build.status_of(rows),
            links=Links(),
            handle=UUID(unit.person),
            batch=self.arrival.handle,
        )
        return _Made(person.keyed, person.wrap, person.envelopes, person.entry)

    def _case(self, unit: Unit, row: RowReading) -> _Made:
        by, happened = self.by, row.events()
        opened_on = happened[0].on if happened else self.arrival.as_of
        new = shape_case(
            by=by,
            team=self.arrival.team,
            kind=row.kind,
            worker=self.workers.get(row.worker),
            opened_on=opened_on,
            handle=UUID(unit.cases[row.number]),
            arrival=self.arrival,
        )
        enquiries: list[Enquiry] = []
        if happened:  # a letter that came in and was never sent on has a clock too: it waits for us
            nation = by.organisation.nation
            enquiries.append(bulk.make(Enquiry, handle=new_handle(), case=new.case, route=row.route, nation=nation))
        enquiry = enquiries[0] if enquiries else None
        head = build.head_of(row, person=unit.person, enquiry=enquiry.handle.hex if enquiry else None)
        contents: list[tuple[str, Facet, UUID | None]] = [(Envelope.Facet.HEAD, head, None)]
        events: list[Event] = []
        for one in happened:
            event = bulk.make(
                Event,
                case=new.case,
                enquiry=enquiry,
                kind=one.kind,
                shape=one.shape if one.shape in _SHAPES else None,
                on=one.on,
                at=datetime.now(UTC),
                by=by.member,
            )
            events.append(event)
            if one.note:
                contents.append((Envelope.Facet.ENTRY, CaseEntry(note=one.note), event.handle))
        made = [
            new_envelope(new.keyed, facet, content, item=item) if item else new_envelope(new.keyed, facet, content)
            for facet, content, item in contents
        ]
        stands = facts.first(new.case, enquiries, events)
        entry = journaling.wrote(by, new.keyed, Act.ADDED_CASE, [*(written for _, written in made), stands])
        return _Made(new.keyed, new.wrap, [envelope for envelope, _ in made], entry, new.case, enquiries, events)


def made(maker: Maker, parts: Iterable[Sequence[Unit]]) -> Making:
    """Each part and what is made of it, when it is asked for."""
    for units in parts:
        yield units, maker.make(units)


def _shuffled(values: Sequence[T]) -> list[T]:
    return _RANDOM.sample(values, len(values))
