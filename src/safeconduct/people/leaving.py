"""What each room holds of a team's records, so that an export takes all of it along: each registers its parts.

A part is one file of lines. Most are of one kind of record: the line then has the record's facets, items, history and
papers, which this room takes out by itself, and what the part's room ``says`` beside: its open facts. A part without a
kind has lines of its own alone.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import UUID

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Member, Team
from safeconduct.journal.commitments import Written
from safeconduct.journal.models import Act

from . import tokens
from .keys import Keyed
from .models import Envelope, Subject

# What a line says beside its record: plain structures that msgspec writes as JSON.
Says = Any


@dataclass(frozen=True, slots=True)
class Arriving:
    """An export on its way in: by whom, into which team, as which import, and whom its handles of members mean."""

    by: Actor
    team: Team
    batch: UUID
    staff: Callable[[str], Member]


@dataclass(frozen=True, slots=True)
class Arrived:
    """A record that was just saved, waiting, and what its line says of it."""

    keyed: Keyed
    says: Says

    @property
    def subject(self) -> Subject:
        return self.keyed.subject


class FoundBy(NamedTuple):
    """By what a record is found, and what the index keeps of a person to rank them by."""

    tokens: frozenset[int]
    kept: bytes | None = None


def _says_nothing(subjects: Sequence[int]) -> Mapping[int, Says]:
    return dict.fromkeys(subjects, None)


def _no_rows(_team: Team) -> Iterable[Says]:
    return ()


def _nothing_more(_arriving: Arriving, _records: Sequence[Arrived]) -> Mapping[int, Sequence[Written]]:
    return {}


@dataclass(frozen=True, slots=True)
class Part:
    """One file of an export.

    Attributes:
        name: what the file is called, and what its records are counted as.
        kind: of which records it is, "" for lines that are of none.
        type: of what a line says beside the record.
        entered: what the log calls a record that arrives.
        says: the open facts of records, by the subject's id.
        rows: the lines of a part that is of no kind of record.
        arrive: saves the room's rows of records that arrive, in one transaction with them, and returns what the log
            commits to besides their envelopes, by the subject's id.
        arrive_rows: the same for a part that is of no kind of record: saves what its lines say.
        found_by: by what a record is found in the team's index, from its facets.
        late: it arrives at the very end, with everything that then shows: where nothing hides its rows.
    """

    name: str
    kind: str = ""
    type: Any = None
    entered: Act | None = None
    says: Callable[[Sequence[int]], Mapping[int, Says]] = _says_nothing
    rows: Callable[[Team], Iterable[Says]] = _no_rows
    arrive: Callable[[Arriving, Sequence[Arrived]], Mapping[int, Sequence[Written]]] = _nothing_more
    arrive_rows: Callable[[Arriving, Sequence[Says]], None] = lambda _arriving, _rows: None
    late: bool = False
    found_by: Callable[[Mapping[str, Any]], FoundBy] | None = None


def _person_found_by(facets: Mapping[str, Any]) -> FoundBy:
    identity, status = facets[Envelope.Facet.IDENTITY], facets[Envelope.Facet.STATUS]
    return FoundBy(tokens.of_person(identity, status), tokens.kept(identity))


PEOPLE: Final = Part("people", Subject.Kind.PERSON, entered=Act.ADDED_PERSON, found_by=_person_found_by)
HOUSEHOLDS: Final = Part("households", Subject.Kind.HOUSEHOLD, entered=Act.ADDED_HOUSEHOLD)

_parts: Final[list[Part]] = [PEOPLE, HOUSEHOLDS]


def register(part: Part) -> None:
    """Say that a room holds something. Once, when it starts; a part may refer to those registered before it."""
    if all(one.name != part.name for one in _parts):
        _parts.append(part)


def parts() -> Sequence[Part]:
    """Every part, in the order in which they leave and arrive."""
    return tuple(_parts)
