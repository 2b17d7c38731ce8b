"""What rooms above this one keep about a subject, so that erasing it reaches them: each registers a holding.

Opening is an act with an entry of its own, committed before anything is read; so a holding first says what it would do
(`Reach`), and does it later, inside the transaction that erases.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from safeconduct.accounts.actor import Actor
from safeconduct.journal.models import Entry

from .facets import Facet
from .keys import Keyed
from .models import Subject
from .records import Opened


class OutOfReach(Exception):
    """Something about the subject is held by teams this member is not in: it cannot be erased whole, so not at all."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A facet of a record that stays, as it was opened, and what makes it speak no more of the subject.

    Several rooms may edit one facet: whoever erases applies all of them and saves once.
    """

    keyed: Keyed
    facet: str
    opened: Opened
    change: Callable[[Any], Facet]


@dataclass(frozen=True, slots=True)
class Reach:
    """What erasing a subject means in one room.

    ``also``: subjects that would be about nobody then, and go with it. ``goes``: how many of what go, by code, for a
    page. ``edits``: to records that stay. ``write`` takes away the room's own rows.
    """

    also: Sequence[Subject] = ()
    goes: Mapping[str, int] = field(default_factory=dict)
    edits: Sequence[Edit] = ()
    write: Callable[[], None] = lambda: None


# (actor, the committed entry of the opening, the subject, handles in hex of all that go) -> Reach
Holding = Callable[[Actor, Entry, Keyed, frozenset[str]], Reach]

_holdings: Final[list[Holding]] = []


def register(holding: Holding) -> None:
    """Say that a room keeps something about subjects. Once, when it starts."""
    if holding not in _holdings:
        _holdings.append(holding)


def reaches(by: Actor, leave: Entry, keyed: Keyed, going: frozenset[str]) -> list[Reach]:
    """What each room would do. Raises `OutOfReach`, `JournalUnavailable`, and what opening raises."""
    return [holding(by, leave, keyed, going) for holding in _holdings]
