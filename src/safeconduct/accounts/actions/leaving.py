"""Members on leave and back, leaving a team or the office, and who is a guardian. All of it in one request each."""

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Now

from safeconduct.core.policy.facts import Act
from safeconduct.journal.actions import record_write
from safeconduct.journal.models import Act as Entered

from .. import policies
from ..actor import Actor
from ..faults import LastGuardian, LastHolder, NoLongerHere, NotAMember
from ..models import Member, Team

_ENDED = {Member.State.LEFT: Entered.MEMBER_LEFT, Member.State.DISABLED: Entered.MEMBER_DISABLED}


def put_on_leave(*, by: Actor, member: Member) -> None:
    """End a member's sessions and let none begin until they are back. They keep their keys and their teams.

    Raises:
        Refused: policy. LastGuardian: somebody must be able to bring them back. NoLongerHere: not at work now.
    """
    policies.require(by, Act.SET_LEAVE, policies.of_account(member))
    with transaction.atomic():
        _require_another_guardian(by, member)
        stands = _locked(member, Member.State.ACTIVE)
        policies.require_now(by, Act.SET_LEAVE, policies.of_account(member))
        stands.state = Member.State.ON_LEAVE
        stands.save(update_fields=["state"])
        stands.sessions.all().delete()
        _record(by, Entered.MEMBER_ON_LEAVE, stands)


def bring_back(*, by: Actor, member: Member) -> None:
    """A member's leave is over: they sign in as before. Raises `Refused`, `NoLongerHere` for who is not on leave."""
    policies.require(by, Act.SET_LEAVE, policies.of_account(member))
    with transaction.atomic():
        stands = _locked(member, Member.State.ON_LEAVE)
        policies.require_now(by, Act.SET_LEAVE, policies.of_account(member))
        stands.state = Member.State.ACTIVE
        stands.save(update_fields=["state"])
        _record(by, Entered.MEMBER_RETURNED, stands)


def end_access(*, by: Actor, member: Member, state: Member.State) -> None:
    """A member leaves, or is shut out: sessions and copies of team keys end, and each team they were in renews its own.

    Args:
        state: ``LEFT`` or ``DISABLED``.

    Raises:
        Refused: policy. LastGuardian: somebody must be able to add members. LastHolder: a team would lose its keys.
        NoLongerHere: they left before.
    """
    policies.require(by, Act.DISABLE_MEMBER, policies.of_account(member))
    entered = _ENDED[state]
    with transaction.atomic():
        _require_another_guardian(by, member)
        stands = _locked(member, Member.State.ACTIVE, Member.State.ON_LEAVE)
        teams = list(Team.objects.filter(memberships__member=stands).order_by("pk").select_for_update())
        policies.require_now(by, Act.DISABLE_MEMBER, policies.of_account(member))
        for team in teams:
            _require_another_holder(team, stands)
        stands.state, stands.is_guardian = state, False
        stands.save(update_fields=["state", "is_guardian"])
        stands.sessions.all().delete()
        stands.memberships.all().delete()
        _renew_keys_of(teams)
        _record(by, entered, stands)


def leave_team(*, by: Actor, team: Team, member: Member) -> None:
    """Take a member out of a team: their copy of its keys goes, and the team renews them.

    Raises:
        Refused: policy. LastHolder: nobody else holds the team's keys. NotAMember: they are not in it.
    """
    policies.require(by, Act.CHANGE_MEMBERSHIP, policies.of_team(team, team.organisation))
    with transaction.atomic():
        locked = Team.objects.select_for_update().get(pk=team.pk)
        policies.require_now(by, Act.CHANGE_MEMBERSHIP, policies.of_team(team, team.organisation))
        if not locked.memberships.filter(member=member).exists():
            raise NotAMember("That member is not in this team.")
        _require_another_holder(locked, member)
        locked.memberships.filter(member=member).delete()
        _renew_keys_of([locked])
        _record(by, Entered.TEAM_LEFT, member, team=locked)


def set_guardian(*, by: Actor, member: Member, guardian: bool) -> None:
    """Make a member a guardian, or one no longer. Raises `Refused`, `LastGuardian`, `NoLongerHere`."""
    policies.require(by, Act.SET_GUARDIAN, policies.of_account(member))
    with transaction.atomic():
        if not guardian:
            _require_another_guardian(by, member)
        stands = _locked(member, Member.State.ACTIVE)
        policies.require_now(by, Act.SET_GUARDIAN, policies.of_account(member))
        if stands.is_guardian == guardian:
            return
        stands.is_guardian = guardian
        stands.save(update_fields=["is_guardian"])
        _record(by, Entered.GUARDIAN_SET, stands, count=int(guardian))


def _locked(member: Member, *states: Member.State) -> Member:
    stands = Member.objects.select_for_update().get(pk=member.pk)
    if stands.state not in states:
        raise NoLongerHere("Somebody has changed where this member stands. Look at the list of members again.")
    return stands


def _require_another_guardian(by: Actor, member: Member) -> None:
    guardians = by.organisation.members.filter(is_guardian=True, state=Member.State.ACTIVE).order_by("pk")
    # Locked, so that two guardians who end each other's part at one moment do not leave none.
    if [guardian.pk for guardian in guardians.select_for_update()] == [member.pk]:
        raise LastGuardian("This is the only guardian. Make somebody else a guardian first.")


def _require_another_holder(team: Team, member: Member) -> None:
    # Every other copy of a team's keys counts: with the last one gone, nobody could ever open its records again.
    if not team.memberships.exclude(member=member).exists():
        raise LastHolder(
            f"Nobody else holds the keys of {team.name}. Add somebody to that team first: without its keys its"
            " records could never be opened again."
        )


def _renew_keys_of(teams: list[Team]) -> None:
    """Whoever goes may have kept a copy of these teams' keys: the next member to unlock makes new ones."""
    Team.objects.filter(pk__in=[team.pk for team in teams]).update(rekey_since=Coalesce(F("rekey_since"), Now()))


def _record(by: Actor, act: Entered, member: Member, *, team: Team | None = None, count: int = 1) -> None:
    record_write(
        organisation=by.organisation.handle,
        act=act,
        member=by.member.handle,
        about=member.handle,
        team=team.handle if team else None,
        count=count,
    )
