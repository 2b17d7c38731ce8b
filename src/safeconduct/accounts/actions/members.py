"""Adding members to the organisation and to teams."""

import contextlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db import IntegrityError, transaction

from safeconduct.core.policy.facts import Act
from safeconduct.core.sealing.members import KeyPair, fingerprint
from safeconduct.journal.actions import record_write
from safeconduct.journal.models import Act as Entered

from .. import escrows, policies, rosters, sign_in_names, team_keys
from ..actor import Actor, seal_bundle
from ..faults import NeedsTeam, NoLongerHere, SignInTaken, TeamNameTaken
from ..keys import commit_key, set_key, today
from ..models import Member, Membership, Team
from . import leaving
from .first_use import new_team

# No letter or digit that is read as another: 30 signs, so five groups of four hold 98 bits.
_SIGNS: Final = "abcdefghjkmnpqrstuvwxyz2345679"


@dataclass(frozen=True, slots=True)
class Added:
    """A new member and the first passphrase to hand to them. It is kept nowhere."""

    member: Member
    first_passphrase: str


def add_member(*, by: Actor, name: str, sign_in: str, is_guardian: bool, roles: Mapping[int, str]) -> Added:
    """Add a member to teams (``roles`` by team id) that ``by`` is in. They change the passphrase at first sign-in.

    Raises:
        Refused: policy. SignInTaken, NeedsTeam: see those.
    """
    policies.require(by, Act.INVITE_MEMBER, policies.of_organisation(by.organisation))
    teams = [team_id for team_id in roles if team_id in by.memberships]
    if not teams or len(teams) != len(roles):
        raise NeedsTeam("Choose at least one team that you are in yourself: only its members can hand on its keys.")
    passphrase = "-".join("".join(secrets.choice(_SIGNS) for _ in range(4)) for _ in range(5))
    member = Member(
        organisation=by.organisation,
        name=name,
        sign_in=sign_in_names.folded(sign_in),
        is_guardian=is_guardian,
        must_change=True,
        joined_on=today(),
    )
    set_key(member, KeyPair.generate(), passphrase)
    try:
        with transaction.atomic():
            # Teams before their organisation, which the entry holds: the order everybody locks them in.
            held = list(Team.objects.filter(pk__in=teams).order_by("pk").select_for_update())
            policies.require_now(by, Act.INVITE_MEMBER, policies.of_organisation(by.organisation))
            if sign_in_names.whose(sign_in, Member.objects.all()) is not None:
                raise IntegrityError  # one an older desk kept, written in other signs
            member.save(force_insert=True)
            record_write(
                organisation=by.organisation.handle,
                act=Entered.MEMBER_ADDED,
                member=by.member.handle,
                about=member.handle,
                written=[commit_key(member)],
            )
            for team in held:
                _join(by, team, member, roles[team.pk])
    except IntegrityError:
        raise SignInTaken("Somebody has that sign-in name already. Choose another.") from None
    return Added(member, passphrase)


def add_to_team(*, by: Actor, team: Team, member: Member, role: str) -> None:
    """Hand a team's keys to a member of the organisation.

    Raises:
        Refused: policy.
        NotInTeam: ``by`` does not hold the team's keys.
        NoLongerHere: the member was disabled.
        CannotVerifyKey: ``by`` shares no team with the member, so cannot tell whether the public key is theirs.
        KeySubstituted: it is not.
    """
    policies.require(by, Act.CHANGE_MEMBERSHIP, policies.of_team(team, team.organisation))
    with transaction.atomic():
        # Held until the end: somebody choosing a new passphrase at this moment must not be sent the keys for the old.
        stands = Member.objects.select_for_update().get(pk=member.pk)
        if stands.state != Member.State.ACTIVE:
            raise NoLongerHere("That member is not at work here now, so no keys were handed to them.")
        # Held before it is asked whether they may: whoever shuts them out holds their teams as well.
        Team.objects.select_for_update().get(pk=team.pk)
        policies.require_now(by, Act.CHANGE_MEMBERSHIP, policies.of_team(team, team.organisation))
        rosters.check(stands, rosters.known(by, stands))
        _join(by, team, stands, role)


def create_team(*, by: Actor, name: str) -> Team:
    """A new team that ``by`` leads. Raises `Refused`, `TeamNameTaken`."""
    policies.require(by, Act.CREATE_TEAM, policies.of_organisation(by.organisation))
    try:
        with transaction.atomic():
            policies.require_now(by, Act.CREATE_TEAM, policies.of_organisation(by.organisation))
            team = new_team(by.organisation, by.member, name)
            by.forget()
            with contextlib.suppress(rosters.KeySubstituted):  # guardians see it on their page
                escrows.keep(by=by, only=team)
            record_write(
                organisation=by.organisation.handle, act=Entered.TEAM_CREATED, member=by.member.handle, team=team.handle
            )
    except IntegrityError:
        raise TeamNameTaken("There is a team of that name already. Choose another.") from None
    return team


def disable_member(*, by: Actor, member: Member) -> None:
    """Shut a member out: see `leaving.end_access`."""
    leaving.end_access(by=by, member=member, state=Member.State.DISABLED)


def _join(by: Actor, team: Team, member: Member, role: str) -> None:
    """Pin a member's key in a team and seal its bundle to it: only a key made or checked in this very request."""
    locked = Team.objects.select_for_update().select_related("organisation").get(pk=team.pk)
    bundle = by.bundle(locked.pk, number=locked.key_number)
    team_keys.check(locked, bundle)
    pins = rosters.read(locked, bundle)
    rosters.write(locked, bundle, pins | {member.handle.hex: fingerprint(bytes(member.public_key))})
    locked.save(update_fields=["roster"])
    epoch, sealed = seal_bundle(bundle, locked, member)
    Membership.objects.update_or_create(
        team=locked, member=member, defaults={"role": role, "epoch": epoch, "bundle": sealed}
    )
    record_write(
        organisation=by.organisation.handle,
        act=Entered.TEAM_JOINED,
        member=by.member.handle,
        about=member.handle,
        team=locked.handle,
    )
