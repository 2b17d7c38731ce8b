"""The facts about sources that policies decide on."""

from typing import Final

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.policies import Refused as Refused
from safeconduct.accounts.policies import allows as allows
from safeconduct.accounts.policies import of_organisation as of_organisation
from safeconduct.accounts.policies import of_team as of_team
from safeconduct.accounts.policies import require as require
from safeconduct.core.policy.facts import Act, SealedSource
from safeconduct.core.policy.facts import Source as SourceFacts

from .models import Quarantined, Source

# What is asked of a public source, and what of one in confidence for the same.
_IN_CONFIDENCE: Final = {
    Act.MASK_SOURCE: Act.CHANGE_SEALED_SOURCE,
    Act.CITE_SOURCE: Act.CHANGE_SEALED_SOURCE,
    Act.HAND_OVER_SOURCE: Act.HAND_OVER_SEALED_SOURCE,
    Act.REMOVE_SOURCE: Act.REMOVE_SEALED_SOURCE,
    Act.READ_ARCHIVE: Act.OPEN_SEALED_SOURCE,
}


def of_source(source: Source | Quarantined) -> SourceFacts | SealedSource:
    """A source, or what was brought as one and refused, as a resource of its plane."""
    organisation = source.organisation.handle.hex
    if source.plane == Source.Plane.PUBLIC:
        return SourceFacts(source.handle.hex, organisation, source.by.handle.hex)
    assert source.team is not None
    return SealedSource(source.handle.hex, organisation, frozenset({source.team.handle.hex}))


def require_of(by: Actor, act: Act, source: Source | Quarantined) -> None:
    """Raises `Refused` unless policy allows the act on this source, asked as its plane has it."""
    if source.plane == Source.Plane.SEALED:
        require(by, _IN_CONFIDENCE[act], of_source(source))
    elif act == Act.READ_ARCHIVE:
        require(by, act, of_organisation(source.organisation))
    else:
        require(by, act, of_source(source))
