"""Households: people who belong together, in a sealed record of its own key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from safeconduct.accounts.actor import Actor
from safeconduct.core.policy.facts import Act
from safeconduct.journal.models import Act as Entered
from safeconduct.journal.models import Entry

from . import journaling, policies
from .facets import Household
from .keys import Keyed, NotHeld, hold
from .models import Envelope, Subject
from .named import Named, named
from .queries import subject
from .records import Opened, open_facets

ROLES = ("partner", "child", "parent", "other")


@dataclass(frozen=True, slots=True)
class HouseholdRecord:
    """A household, opened, with those of its people whom the member's teams hold, by handle (hex)."""

    subject: Subject
    keyed: Keyed
    leave: Entry
    household: Opened
    people: Mapping[str, Named]


def open_household(*, by: Actor, household: Subject) -> HouseholdRecord:
    """Open a household, after the entry that says so; its people are listed with it, which is an entry of its own.

    Raises:
        NotHeld, Refused: not theirs to open. JournalUnavailable: nothing was opened. PutBack, CannotOpen: damaged.
    """
    keyed = hold(by, household)
    policies.require(by, Act.OPEN_HOUSEHOLD, policies.of_subject(by, household))
    leave = journaling.opening(by, keyed, Entered.OPENED_HOUSEHOLD)
    opened = open_facets(leave, {household.pk: keyed}, [Envelope.Facet.HOUSEHOLD])[household.pk]
    content: Household = opened[Envelope.Facet.HOUSEHOLD].content
    people = named(by=by, handles=[one.person for one in content.members])
    return HouseholdRecord(household, keyed, leave, opened[Envelope.Facet.HOUSEHOLD], people)


def households_of(by: Actor, handles: Sequence[str]) -> list[Subject]:
    """Those of the named households (hex handles, as a person's links keep them) that the actor's teams hold."""
    found = []
    for handle in handles:
        try:
            found.append(subject(by, UUID(handle), Subject.Kind.HOUSEHOLD))
        except NotHeld:
            continue
    return found
