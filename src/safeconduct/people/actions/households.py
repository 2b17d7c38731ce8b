"""Making a household, and saying who is in it. Each person's own record keeps which households they are in."""

from collections.abc import Sequence

import msgspec
from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.core.policy.facts import Act
from safeconduct.journal.actions import record_writes
from safeconduct.journal.models import Act as Entered

from .. import journaling, policies
from ..facets import Household, InHousehold, Links
from ..households import ROLES, HouseholdRecord
from ..keys import new_subject
from ..models import Envelope, Subject
from ..queries import PersonRecord
from ..records import new_envelope, write_facet
from .add import save_sealed


class AlreadyInHousehold(Exception):
    """Somebody is in this household already."""


class NoSuchRole(Exception):
    """A role in a household that this program does not know."""


def make_household(*, by: Actor, person: PersonRecord, role: str = "other", note: str = "") -> Subject:
    """Make a household with one person in it, held by the team through which their record came.

    Raises:
        Refused, NotHeld: policy. NoSuchRole. Changed: the person's links were changed in between.
    """
    policies.require(by, Act.BRING_IN, policies.of_team(person.keyed.team, by.organisation))
    policies.require(by, Act.CHANGE_PERSON, policies.of_subject(by, person.subject))
    first = _member(person, role, here=True)
    keyed, wrap = new_subject(by, person.keyed.team, Subject.Kind.HOUSEHOLD)
    with transaction.atomic():
        row, written = new_envelope(keyed, Envelope.Facet.HOUSEHOLD, Household(members=(first,), note=note))
        save_sealed([(keyed, wrap, [row])])
        record_writes([journaling.wrote(by, keyed, Entered.ADDED_HOUSEHOLD, [written])])
        links: Links = person.links.content
        _link(by, person, (*links.households, keyed.subject.handle.hex))
    return keyed.subject


def add_to_household(*, by: Actor, record: HouseholdRecord, person: PersonRecord, role: str, here: bool = True) -> None:
    """Put somebody into a household.

    Raises:
        Refused, NotHeld: policy. AlreadyInHousehold, NoSuchRole.
        Changed: the household or the person's links were changed in between.
    """
    policies.require(by, Act.CHANGE_HOUSEHOLD, policies.of_subject(by, record.subject))
    policies.require(by, Act.CHANGE_PERSON, policies.of_subject(by, person.subject))
    content: Household = record.household.content
    if any(one.person == person.subject.handle.hex for one in content.members):
        raise AlreadyInHousehold("They are in this household already. Change their part in it instead.")
    more = msgspec.structs.replace(content, members=(*content.members, _member(person, role, here=here)))
    links: Links = person.links.content
    with transaction.atomic():
        _save(by, record, more, read=record.household.revision)
        _link(by, person, tuple(dict.fromkeys((*links.households, record.subject.handle.hex))))


def change_household(
    *, by: Actor, record: HouseholdRecord, household: Household, read: int, leaving: Sequence[PersonRecord] = ()
) -> None:
    """Save who is what in a household, in which order, and the note, over revision ``read``.

    Args:
        leaving: the records of those who are no longer in it, where the actor's teams hold them.

    Raises:
        Refused, NotHeld: policy. NoSuchRole. Changed: the household or somebody's links were changed in between.
        ValueError: somebody in it was not before; `add_to_household` does that.
    """
    policies.require(by, Act.CHANGE_HOUSEHOLD, policies.of_subject(by, record.subject))
    before = {one.person for one in record.household.content.members}
    if any(one.person not in before for one in household.members):
        raise ValueError("a household is not given new people by a change")
    if any(one.role not in ROLES for one in household.members):
        raise NoSuchRole("Choose what they are in the household from the list.")
    for person in leaving:
        policies.require(by, Act.CHANGE_PERSON, policies.of_subject(by, person.subject))
    with transaction.atomic():
        _save(by, record, household, read=read)
        for person in sorted(leaving, key=lambda one: one.subject.pk):
            stays = tuple(one for one in person.links.content.households if one != record.subject.handle.hex)
            _link(by, person, stays)


def _member(person: PersonRecord, role: str, *, here: bool) -> InHousehold:
    if role not in ROLES:
        raise NoSuchRole("Choose what they are in the household from the list.")
    return InHousehold(person=person.subject.handle.hex, role=role, here=here)


def _save(by: Actor, record: HouseholdRecord, content: Household, *, read: int) -> None:
    written = write_facet(record.keyed, Envelope.Facet.HOUSEHOLD, content, read=read)
    record_writes([journaling.wrote(by, record.keyed, Entered.CHANGED_HOUSEHOLD, written)])


def _link(by: Actor, person: PersonRecord, households: tuple[str, ...]) -> None:
    before: Links = person.links.content
    # What a household was before still names whoever left it, and has to be found when their record is erased.
    left = [one for one in (*before.left_households, *before.households) if one not in households]
    links = msgspec.structs.replace(before, households=households, left_households=tuple(dict.fromkeys(left)))
    written = write_facet(person.keyed, Envelope.Facet.LINKS, links, read=person.links.revision)
    record_writes([journaling.wrote(by, person.keyed, Entered.CHANGED_PERSON, written, {"facet": "links"})])
