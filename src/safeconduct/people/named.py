"""People as a page about something else names them: who they are, how to reach them safely, what they need."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from safeconduct.accounts.actor import Actor
from safeconduct.core.policy.facts import Act
from safeconduct.journal.models import Act as Entered

from . import journaling, policies
from .facets import Contact, Identity, Needs
from .keys import held
from .models import Envelope, Subject
from .records import open_facets


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody a page names: who they are, how they may be reached, what they need."""

    subject: Subject
    identity: Identity
    contact: Contact
    needs: Needs


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
    keys = held(by, wanted.values_list("pk", flat=True))
    for team in {keyed.team for keyed in keys.values()}:
        policies.require(by, Act.LIST_PEOPLE, policies.of_team(team, by.organisation))
    names = [Envelope.Facet.IDENTITY, Envelope.Facet.CONTACT, Envelope.Facet.NEEDS]
    out: dict[str, Named] = {}
    leaves = journaling.listing_of(by, Entered.LISTED, keys.values())
    for number, record in open_facets(leaves, keys, names).items():
        found = keys[number].subject
        out[found.handle.hex] = Named(found, *(record[name].content for name in names))
    return out
