"""The people on record whom a sheet's rows may concern, opened to be put beside those rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Team
from safeconduct.core.policy.facts import Act
from safeconduct.journal.models import Act as Entered
from safeconduct.people import journaling
from safeconduct.people.facets import Contact, Identity, Status
from safeconduct.people.keys import held
from safeconduct.people.models import Envelope, Subject
from safeconduct.people.records import open_facets

from .. import policies

_FACETS = (Envelope.Facet.IDENTITY, Envelope.Facet.CONTACT, Envelope.Facet.STATUS)


@dataclass(frozen=True, slots=True, repr=False)
class Compared:
    """Somebody on record as far as comparing them with a row needs it."""

    subject: Subject
    identity: Identity
    contact: Contact
    status: Status


def open_compared(*, by: Actor, team: Team, handles: Sequence[str]) -> dict[str, Compared]:
    """Those of one page of proposals, by handle (hex). Who is not held any more is left out.

    Raises `Refused`, `JournalUnavailable`: nothing was opened.
    """
    policies.require(by, Act.LIST_PEOPLE, policies.of_team(team, by.organisation))
    wanted = Subject.objects.filter(handle__in=[UUID(handle) for handle in handles], waiting=False)
    keyed = held(by, list(wanted.values_list("pk", flat=True)))
    if not keyed:
        return {}
    named = [one.subject.handle.hex for one in keyed.values()]
    leave = journaling.listing(by, team, Entered.LISTED, count=len(named), detail={"subjects": named})
    return {
        keyed[number].subject.handle.hex: Compared(keyed[number].subject, *(record[facet].content for facet in _FACETS))
        for number, record in open_facets(leave, keyed, _FACETS).items()
    }
