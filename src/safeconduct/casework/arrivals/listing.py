"""Which imports there are: open facts only."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from safeconduct.accounts.actor import Actor
from safeconduct.core.policy.facts import Act
from safeconduct.people.keys import NotHeld
from safeconduct.people.models import Subject

from .. import policies
from ..models import Arrival, Case, Event


@dataclass(frozen=True, slots=True)
class Counts:
    """What of an import is here now. ``events`` are those it added to cases that were here before."""

    people: int
    cases: int
    events: int


def find_arrival(by: Actor, handle: UUID) -> Arrival:
    """One import of the actor's teams. Raises `NotHeld`, `Refused`."""
    arrival = _theirs(by).filter(handle=handle).first()
    if arrival is None:
        raise NotHeld("There is no such import, or it is another team's.")
    policies.require(by, Act.BRING_IN, policies.of_team(arrival.team, by.organisation))
    return arrival


def earlier(by: Actor) -> QuerySet[Arrival]:
    """Imports that were done, those undone since among them, newest first."""
    return _theirs(by).filter(done_at__isnull=False).order_by("-done_at")


def waiting(by: Actor) -> QuerySet[Arrival]:
    """Imports that wait to be decided about or gone on with, newest first."""
    return _theirs(by).filter(state__in=[Arrival.State.STAGED, Arrival.State.RUNNING]).order_by("-at")


def counts(arrival: Arrival) -> Counts:
    """What of an import is here now."""
    return Counts(
        people=Subject.objects.filter(batch=arrival.handle, kind=Subject.Kind.PERSON).count(),
        cases=Case.objects.filter(arrival=arrival).count(),
        events=Event.objects.filter(arrival=arrival).count(),
    )


def _theirs(by: Actor) -> QuerySet[Arrival]:
    rows = Arrival.objects.filter(organisation=by.organisation, team__in=list(by.memberships))
    return rows.select_related("team", "member", "organisation")
