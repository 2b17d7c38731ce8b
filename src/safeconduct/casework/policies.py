"""The facts about cases and imports that policies decide on."""

from safeconduct.core.policy.facts import Import
from safeconduct.people.policies import Refused as Refused
from safeconduct.people.policies import allows as allows
from safeconduct.people.policies import of_subject as of_subject
from safeconduct.people.policies import of_team as of_team
from safeconduct.people.policies import require as require
from safeconduct.people.policies import require_now as require_now

from .models import Arrival


def of_arrival(arrival: Arrival) -> Import:
    """An import as a resource."""
    return Import(
        arrival.handle.hex, arrival.organisation.handle.hex, arrival.team.handle.hex, arrival.member.handle.hex
    )
