"""People as a page about something else names them: who they are, how to reach them safely, what they need."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Team
from safeconduct.core.policy.facts import Act
from safeconduct.journal.models import Act as Entered

from . import journaling, policies
from .facets import Contact, Identity, Needs
from .keys import Keyed, held
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
