"""Whom cases concern. A case's head names them by handle alone; who they are is opened from their own records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from uuid import UUID

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Team
from safeconduct.core.policy.facts import Act
from safeconduct.journal.models import Act as Entered
from safeconduct.journal.models import Entry

from . import journaling, policies
from .facets import CaseHead, Contact, Identity, Needs, Role
from .keys import held_people
from .links import linked
from .models import Envelope
from .records import Opened, open_facets

NOTHING_YET: Final[Mapping[Team, Entry]] = MappingProxyType({})
_WHO: Final = Envelope.Facet.IDENTITY
# What was opened of people, by handle (hex) and facet.
Records = dict[str, dict[str, Opened]]
_TO_REACH: Final = (Envelope.Facet.CONTACT, Envelope.Facet.NEEDS)


@dataclass(frozen=True, slots=True, repr=False)
class Concerned:
    """Somebody a case concerns (``person``: their handle, hex), and in which role.

    ``identity`` is None where no team of the actor's holds their record; ``contact`` and ``needs`` where they were not
    asked for, too.
    """

    person: str
    role: Role
    identity: Identity | None = None
    contact: Contact | None = None
    needs: Needs | None = None
    # Of the other records that are said to be of the same person: what one of them forbids holds for all.
    merged: tuple[Contact, ...] = ()

    @property
    def name(self) -> str:
        """The name to show, as they give it; empty where none can be opened."""
        return self.identity.names[0].text if self.identity and self.identity.names else ""

    @property
    def safe_note(self) -> str:
        """What has to be read before anybody reaches them."""
        return self.contact.safe_note if self.contact else ""


def open_concerned(
    *,
    by: Actor,
    heads: Sequence[CaseHead],
    with_contact: bool = False,
    compared: bool = False,
    under: Mapping[Team, Entry] = NOTHING_YET,
) -> list[tuple[Concerned, ...]]:
    """For each head, everybody it concerns, in its order: as many questions for one case as for a page of them.

    ``compared``: the program alone looks at the names, to tell cases apart, so the entry says "searched".

    ``under``: the entries, by team, under which a list opened these heads. A list of cases names whom they concern on
    the same page, so that is one entry; a team that has none yet gets one.

    Elsewhere it is one entry for each team that holds somebody of them. It carries no label: beside the entry of a case
    it says that the case concerns people, not which.

    Raises:
        Refused: policy. JournalUnavailable: nothing was opened. PutBack, CannotOpen: damaged.
    """
    names = [_WHO, *((*_TO_REACH, Envelope.Facet.LINKS) if with_contact else ())]
    handles = sorted({UUID(one.person) for head in heads for one in head.concerns})
    records = _open(by, handles, names, Entered.SEARCHED if compared else Entered.LISTED, under)
    if with_contact:
        records |= _merged(by, records, names)
    nobody: dict[str, Opened] = {}
    out: list[tuple[Concerned, ...]] = []
    for head in heads:
        everybody = []
        for one in head.concerns:
            record = {facet: opened.content for facet, opened in records.get(one.person, nobody).items()}
            identity, contact, needs = (record.get(facet) for facet in (_WHO, *_TO_REACH))
            beside = _contacts_beside(one.person, records)
            everybody.append(Concerned(one.person, one.role, identity, contact, needs, beside))
        out.append(tuple(everybody))
    return out


def _merged(by: Actor, records: Records, names: Sequence[str]) -> Records:
    """The other records of the same people that the actor's teams hold; where there are none, nothing is asked."""
    out: Records = {}
    looked = set(records)
    wanted = {one for record in records.values() for one in linked(record[Envelope.Facet.LINKS].content)} - looked
    while wanted:
        looked |= wanted
        found = _open(by, sorted(UUID(one) for one in wanted), names, Entered.LISTED)
        out |= found
        wanted = {one for record in found.values() for one in linked(record[Envelope.Facet.LINKS].content)} - looked
    return out


def _contacts_beside(person: str, records: Records) -> tuple[Contact, ...]:
    """How the other records of one person say that they may be reached."""
    seen, waiting = {person}, [person]
    while waiting:
        record = records.get(waiting.pop(), {})
        links = record.get(Envelope.Facet.LINKS)
        more = [one for one in (linked(links.content) if links else ()) if one not in seen]
        seen.update(more)
        waiting += more
    return tuple(records[one][Envelope.Facet.CONTACT].content for one in sorted(seen - {person}) if one in records)


def _open(
    by: Actor,
    handles: Sequence[UUID],
    names: Sequence[str],
    entered: Entered,
    under: Mapping[Team, Entry] = NOTHING_YET,
) -> Records:
    keys = held_people(by, handles)
    for team in {keyed.team for keyed in keys.values()}:
        policies.require(by, Act.LIST_PEOPLE, policies.of_team(team, by.organisation))
    leaves = {**under, **journaling.listing_of(by, entered, (one for one in keys.values() if one.team not in under))}
    opened = open_facets(leaves, keys, names)
    return {keys[number].subject.handle.hex: record for number, record in opened.items()}
