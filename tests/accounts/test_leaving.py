"""Leave and return, leaving a team and the office, and who is a guardian: each ends what it says within one request."""

import pytest

from safeconduct.accounts.actions import kits, leaving, members, recovery, sessions
from safeconduct.accounts.actor import NotInTeam
from safeconduct.accounts.checks import staff_not_as_logged
from safeconduct.accounts.faults import (
    CannotSignIn,
    LastGuardian,
    LastHolder,
    NoLongerHere,
    NotAMember,
    RecoveryOver,
    WhichGuardians,
)
from safeconduct.accounts.models import Member, Membership, Team
from safeconduct.accounts.policies import Refused
from safeconduct.journal.models import Act, Entry
from tests import builders
from tests.builders import PASSPHRASE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office():
    """An office; whatever a test does to its staff, the log says how they stand."""
    place = builders.office()
    yield place
    assert staff_not_as_logged(place.organisation) is False


def sign_in(colleague):
    return sessions.sign_in(name=colleague.member.sign_in, passphrase=PASSPHRASE)


def test_leave_ends_sessions_keeps_keys_and_lets_nobody_sign_in_until_they_are_back(office):
    worker = builders.member(office)
    signed = sign_in(worker)
    leaving.put_on_leave(by=office.guardian.actor, member=worker.member)
    assert sessions.resume(half=signed.half) is None
    with pytest.raises(CannotSignIn):
        sign_in(worker)
    assert Membership.objects.filter(member=worker.member).exists()
    assert Team.objects.get(pk=office.team.pk).rekey_since is None
    leaving.bring_back(by=office.guardian.actor, member=worker.member)
    assert sign_in(worker).actor.bundle(office.team.pk)
    said = Entry.objects.filter(about=worker.member.handle).values_list("act", flat=True)
    assert {Act.MEMBER_ON_LEAVE, Act.MEMBER_RETURNED} <= set(said)


@pytest.mark.parametrize(
    ("state", "act"), [(Member.State.LEFT, Act.MEMBER_LEFT), (Member.State.DISABLED, Act.MEMBER_DISABLED)]
)
def test_who_goes_loses_sessions_keys_and_part_at_once_and_their_teams_renew_theirs(office, state, act):
    gone = builders.member(office, "Gwen Gone", guardian=True)
    housing = builders.team(office)
    members.add_to_team(by=office.guardian.actor, team=housing, member=gone.member, role="lead")
    other = builders.team(office, "Other")
    signed = sign_in(gone)
    leaving.end_access(by=office.guardian.actor, member=gone.member, state=state)
    row = Member.objects.get(pk=gone.member.pk)
    assert (row.state, row.is_guardian) == (state, False)
    assert sessions.resume(half=signed.half) is None
    assert not Membership.objects.filter(member=row).exists()
    waiting = set(Team.objects.filter(rekey_since__isnull=False).values_list("pk", flat=True))
    assert waiting == {office.team.pk, housing.pk}
    assert other.pk not in waiting
    assert Entry.objects.filter(act=act, about=row.handle).count() == 1
    with pytest.raises(NoLongerHere):
        leaving.end_access(by=office.guardian.actor, member=row, state=state)


def test_the_first_who_left_says_since_when_keys_wait(office):
    two = [builders.member(office, name) for name in ("One Gone", "Two Gone")]
    leaving.end_access(by=office.guardian.actor, member=two[0].member, state=Member.State.LEFT)
    since = Team.objects.get(pk=office.team.pk).rekey_since
    leaving.end_access(by=office.guardian.actor, member=two[1].member, state=Member.State.LEFT)
    assert Team.objects.get(pk=office.team.pk).rekey_since == since


def test_somebody_on_leave_can_leave_and_who_left_does_not_come_back(office):
    worker = builders.member(office)
    leaving.put_on_leave(by=office.guardian.actor, member=worker.member)
    leaving.end_access(by=office.guardian.actor, member=worker.member, state=Member.State.LEFT)
    for act in (leaving.bring_back, leaving.put_on_leave):
        with pytest.raises(NoLongerHere):
            act(by=office.guardian.actor, member=worker.member)


def test_a_move_is_joining_one_team_and_leaving_the_other(office):
    worker = builders.member(office)
    housing = builders.team(office)
    members.add_to_team(by=office.guardian.actor, team=housing, member=worker.member, role="caseworker")
    leaving.leave_team(by=office.guardian.actor, team=office.team, member=worker.member)
    assert worker.actor.bundle(housing.pk)
    with pytest.raises(NotInTeam):
        worker.actor.bundle(office.team.pk)
    assert Team.objects.get(pk=office.team.pk).rekey_since
    assert Team.objects.get(pk=housing.pk).rekey_since is None
    assert Entry.objects.filter(act=Act.TEAM_LEFT, team=office.team.handle, about=worker.member.handle).exists()
    with pytest.raises(NotAMember):
        leaving.leave_team(by=office.guardian.actor, team=office.team, member=worker.member)


def test_the_only_holder_of_a_teams_keys_stays_in_it(office):
    with pytest.raises(LastHolder):
        leaving.leave_team(by=office.guardian.actor, team=office.team, member=office.guardian.member)


def test_a_guardian_is_made_and_unmade_and_the_log_says_which(office):
    worker = builders.member(office)
    leaving.set_guardian(by=office.guardian.actor, member=worker.member, guardian=True)
    assert Member.objects.get(pk=worker.member.pk).is_guardian
    leaving.set_guardian(by=worker.actor, member=office.guardian.member, guardian=False)
    said = Entry.objects.filter(act=Act.GUARDIAN_SET).order_by("id").values_list("about", "count")
    assert list(said) == [(worker.member.handle, 1), (office.guardian.member.handle, 0)]
    with pytest.raises(LastGuardian):
        leaving.set_guardian(by=worker.actor, member=worker.member, guardian=False)


def test_the_last_guardian_at_work_neither_goes_on_leave_nor_goes(office):
    other = builders.member(office, "Bron Second", guardian=True)
    leaving.put_on_leave(by=office.guardian.actor, member=other.member)
    with pytest.raises(LastGuardian):
        leaving.put_on_leave(by=office.guardian.actor, member=office.guardian.member)
    with pytest.raises(LastGuardian):
        leaving.end_access(by=office.guardian.actor, member=office.guardian.member, state=Member.State.LEFT)


def test_only_guardians_do_any_of_it_and_not_in_another_organisation(office):
    worker, other = builders.member(office), builders.other_office()
    for by, member in ((worker.actor, office.guardian.member), (office.guardian.actor, other.guardian.member)):
        for act, named in (
            (leaving.put_on_leave, {}),
            (leaving.bring_back, {}),
            (leaving.end_access, {"state": Member.State.LEFT}),
            (leaving.set_guardian, {"guardian": False}),
        ):
            with pytest.raises(Refused):
                act(by=by, member=member, **named)
    with pytest.raises(Refused):
        leaving.leave_team(by=worker.actor, team=office.team, member=office.guardian.member)


def test_a_recovery_is_told_while_its_member_is_on_leave_and_over_once_they_have_gone(office):
    worker = builders.member(office)
    kits.make(by=office.guardian.actor, guardians=[office.guardian.member], hours=72)
    words = " ".join(kits.open_own(by=office.guardian.actor).words)
    waiting = recovery.ask(name=worker.member.sign_in, typed=[words])
    leaving.put_on_leave(by=office.guardian.actor, member=worker.member)
    assert list(recovery.pending(office.organisation)) == [waiting]
    leaving.end_access(by=office.guardian.actor, member=worker.member, state=Member.State.LEFT)
    assert not recovery.pending(office.organisation)
    with pytest.raises(RecoveryOver):
        recovery.stop(by=office.guardian.actor, handle=waiting.handle)


def test_a_guardian_among_three_makes_no_kit_that_is_enough_by_itself(office):
    three = [office.guardian, *(builders.member(office, name, guardian=True) for name in ("Bron Second", "Cai Third"))]
    for one in three:
        with pytest.raises(WhichGuardians):
            kits.make(by=office.guardian.actor, guardians=[one.member], hours=72)
    leaving.set_guardian(by=office.guardian.actor, member=three[2].member, guardian=False)
    assert kits.make(by=office.guardian.actor, guardians=[office.guardian.member], hours=72) == 1
