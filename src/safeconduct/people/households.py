"""Households: people who belong together, in a sealed record of its own key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Team
from safeconduct.core.policy.facts import Act
from safeconduct.journal.models import Act as Entered
from safeconduct.journal.models import Entry

from . import journaling, policies
from .facets import Contact, Household, Identity, Needs
from .keys import Keyed, NotHeld, held, hold
from .models import Envelope, Subject
from .queries import subject
from .records import Opened, open_facets

ROLES = ("partner", "child", "parent", "other")


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody a page names: who they are, how they may be reached, what they need."""

    subject: Subject
    identity: Identity
    contact: Contact
    needs: Needs


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


def named(*, by: Actor, handles: Sequence[str]) -> dict[str, Named]:
    """People to name on a page, by handle (hex): one "listed" entry a team. Whom no team holds is left out.

    Raises:
        Refused: policy. JournalUnavailable: nothing was opened.
    """
    wanted = Subject.objects.filter(
        organisation=by.organisation,
        kind=Subject.Kind.PERSON,
        waiting=False,
        handle__in=[UUID(handle) for handle in handles],
    )
    by_team: dict[Team, dict[int, Keyed]] = {}
    for number, keyed in held(by, wanted.values_list("pk", flat=True)).items():
        by_team.setdefault(keyed.team, {})[number] = keyed
    for team in by_team:
        policies.require(by, Act.LIST_PEOPLE, policies.of_team(team, by.organisation))
    out: dict[str, Named] = {}
    for team, here in by_team.items():
        subjects = [keyed.subject.handle.hex for keyed in here.values()]
        leave = journaling.listing(by, team, Entered.LISTED, count=len(here), detail={"subjects": subjects})
        names = [Envelope.Facet.IDENTITY, Envelope.Facet.CONTACT, Envelope.Facet.NEEDS]
        for number, record in open_facets(leave, here, names).items():
            found = here[number].subject
            out[found.handle.hex] = Named(found, *(record[name].content for name in names))
    return out
