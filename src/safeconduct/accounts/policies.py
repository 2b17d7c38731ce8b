"""The facts about members, teams and organisations that policies decide on, and the asking itself."""

from collections.abc import Iterable

from safeconduct.core.policy import engine
from safeconduct.core.policy.engine import Refused as Refused
from safeconduct.core.policy.facts import Account, Act, Request, Resource
from safeconduct.core.policy.facts import Member as MemberFacts
from safeconduct.core.policy.facts import Organisation as OrganisationFacts
from safeconduct.core.policy.facts import Team as TeamFacts

from .actor import Actor
from .models import Member, Membership, Organisation, Team


def facts_of(actor: Actor) -> MemberFacts:
    """What policies may know of the member who acts. An actor exists only while unlocked."""
    memberships = actor.memberships.values()
    return MemberFacts(
        handle=actor.member.handle.hex,
        organisation=actor.organisation.handle.hex,
        caseworker_in=_teams(memberships, Membership.Role.CASEWORKER),
        lead_of=_teams(memberships, Membership.Role.LEAD),
        guardian=actor.member.is_guardian,
        disabled=actor.member.state != Member.State.ACTIVE,
        unlocked=True,
    )


def of_team(team: Team, organisation: Organisation) -> TeamFacts:
    """A team as a resource; ``organisation`` is the one the team belongs to."""
    return TeamFacts(team.handle.hex, organisation.handle.hex)


def of_organisation(organisation: Organisation) -> OrganisationFacts:
    """An organisation as a resource."""
    return OrganisationFacts(organisation.handle.hex)


def of_account(member: Member) -> Account:
    """What is kept about a member, as a resource."""
    return Account(member.handle.hex, member.organisation.handle.hex)


def require(by: Actor, act: Act, resource: Resource) -> None:
    """Raises `Refused` unless policy allows ``by`` this act on this resource."""
    engine.require(Request(facts_of(by), act, resource))


def require_now(by: Actor, act: Act, resource: Resource) -> None:
    """The same once more, of how the member stands at this moment, inside the transaction of their act.

    Their request may have begun before they were shut out, or lost their part: stretching a passphrase, or waiting for
    another act, takes long enough for that. Asked once the rows that the act is about are held.

    Raises `Refused`; `NotInTeam` follows where they have left a team whose keys the act goes on with.
    """
    stands = Member.objects.only("state", "is_guardian").get(pk=by.member.pk)
    by.member.state, by.member.is_guardian = stands.state, stands.is_guardian
    by.forget()
    require(by, act, resource)


def allows(by: Actor, act: Act, resource: Resource) -> bool:
    """Whether policy allows it: for pages that offer an act only to those who may."""
    return engine.decide(Request(facts_of(by), act, resource)).allowed


def _teams(memberships: Iterable[Membership], role: Membership.Role) -> frozenset[str]:
    return frozenset(one.team.handle.hex for one in memberships if one.role == role)
