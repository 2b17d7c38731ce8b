"""The facts about sources that policies decide on."""

from dataclasses import dataclass
from typing import Final, TypeAlias

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Member, Organisation
from safeconduct.accounts.policies import Refused as Refused
from safeconduct.accounts.policies import allows as allows
from safeconduct.accounts.policies import of_organisation as of_organisation
from safeconduct.accounts.policies import of_team as of_team
from safeconduct.accounts.policies import require as require
from safeconduct.core.policy import engine
from safeconduct.core.policy.facts import Act, Request, SealedSource
from safeconduct.core.policy.facts import Member as MemberFacts
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


@dataclass(frozen=True, slots=True)
class Unattended:
    """A member who is away, for what they asked to be done at set times. There is no key: nothing sealed opens."""

    member: Member

    @property
    def organisation(self) -> Organisation:
        """The member's."""
        return self.member.organisation


By: TypeAlias = Actor | Unattended


def require_due(by: Unattended, source: Source) -> None:
    """Raises `Refused` unless policy allows this member's source to be looked at while they are away."""
    facts = MemberFacts(
        handle=by.member.handle.hex,
        organisation=by.organisation.handle.hex,
        caseworker_in=frozenset(),
        lead_of=frozenset(),
        guardian=False,
        disabled=by.member.state not in (Member.State.ACTIVE, Member.State.ON_LEAVE),
        unlocked=False,
    )
    engine.require(Request(facts, Act.WATCH_DUE, of_source(source)))


def of_source(source: Source | Quarantined) -> SourceFacts | SealedSource:
    """A source, or what was brought as one and refused, as a resource of its plane."""
    organisation = source.organisation.handle.hex
    if source.plane == Source.Plane.PUBLIC:
        return SourceFacts(source.handle.hex, organisation, source.by.handle.hex)
    assert source.team is not None
    return SealedSource(source.handle.hex, organisation, frozenset({source.team.handle.hex}))


def allows_of(by: Actor, act: Act, source: Source) -> bool:
    """Whether policy allows it: for pages that offer an act only to those who may."""
    if source.plane == Source.Plane.SEALED:
        return allows(by, _IN_CONFIDENCE[act], of_source(source))
    return allows(by, act, of_source(source))


def require_of(by: Actor, act: Act, source: Source | Quarantined) -> None:
    """Raises `Refused` unless policy allows the act on this source, asked as its plane has it."""
    if source.plane == Source.Plane.SEALED:
        require(by, _IN_CONFIDENCE[act], of_source(source))
    elif act == Act.READ_ARCHIVE:
        require(by, act, of_organisation(source.organisation))
    else:
        require(by, act, of_source(source))
