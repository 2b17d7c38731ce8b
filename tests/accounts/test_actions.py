"""Members, teams and their keys: who is handed what, and what ends when."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from safeconduct.accounts import rosters
from safeconduct.accounts.actions import first_use, members, passphrase, sessions
from safeconduct.accounts.actor import NotInTeam
from safeconduct.accounts.checks import keys_not_as_logged
from safeconduct.accounts.faults import (
    AlreadySetUp,
    CannotSignIn,
    CannotVerifyKey,
    LastGuardian,
    LastHolder,
    NeedsTeam,
    NoLongerHere,
    SignInTaken,
    TeamNameTaken,
    WrongPassphrase,
)
from safeconduct.accounts.models import Member, Membership, Session, Team
from safeconduct.accounts.policies import Refused
from safeconduct.accounts.rosters import KeySubstituted
from safeconduct.core.calendar.days import Nation
from safeconduct.core.sealing.faults import CannotOpen, WeakPassphrase
from safeconduct.core.sealing.members import KeyPair
from safeconduct.journal.models import Act, Entry
from tests import builders
from tests.builders import PASSPHRASE

pytestmark = pytest.mark.django_db
NEW = "lantern gravel teapot fern"


def sign_in(colleague, words=PASSPHRASE):
    return sessions.sign_in(name=colleague.member.sign_in, passphrase=words)


def test_first_use_happens_once():
    builders.office()
    with pytest.raises(AlreadySetUp):
        first_use.set_up(
            organisation="Second", nation=Nation.SCOTLAND, team="T", name="N", sign_in="n", passphrase=PASSPHRASE
        )


def test_unknown_wrong_and_disabled_get_one_answer():
    office = builders.office()
    left = builders.member(office, "Gwen Gone")
    members.disable_member(by=office.guardian.actor, member=left.member)
    answers = set()
    for name, words in (("nobody", PASSPHRASE), ("sian", "wrong words here"), (left.member.sign_in, PASSPHRASE)):
        with pytest.raises(CannotSignIn) as refused:
            sessions.sign_in(name=name, passphrase=words)
        answers.add(str(refused.value))
    assert len(answers) == 1


def test_a_refused_sign_in_is_in_the_log_and_makes_no_session():
    builders.office()
    with pytest.raises(CannotSignIn):
        sessions.sign_in(name="sian", passphrase="wrong words here")
    assert Entry.objects.filter(act=Act.SIGN_IN_REFUSED).count() == 1
    assert not Session.objects.exists()


def test_the_row_of_a_session_alone_opens_nothing():
    office = builders.office()
    signed = sign_in(office.guardian)
    assert sessions.resume(half=signed.half)[1].bundle(office.team.pk)
    assert sessions.resume(half=bytes(32)) is None
    stored = bytes(signed.session.token) + bytes(signed.session.kept)
    assert signed.half not in stored
    assert signed.actor.pair.private not in stored


def test_lock_forgets_the_key_and_the_passphrase_brings_it_back():
    office = builders.office()
    signed = sign_in(office.guardian)
    sessions.lock(session=signed.session)
    session, actor = sessions.resume(half=signed.half)
    assert actor is None
    with pytest.raises(WrongPassphrase):
        sessions.unlock(session=session, half=signed.half, passphrase="not this one at all")
    sessions.unlock(session=session, half=signed.half, passphrase=PASSPHRASE)
    assert sessions.resume(half=signed.half)[1] is not None


def test_two_tabs_that_lock_at_once_are_one_lock_and_a_sign_out_between_them_is_no_fault():
    office = builders.office()
    signed = sign_in(office.guardian)
    tabs = [Session.objects.select_related("member__organisation").get() for _ in range(3)]
    for tab in tabs[:2]:
        sessions.lock(session=tab)
    assert Entry.objects.filter(act=Act.LOCKED).count() == 1
    sessions.sign_out(session=signed.session)
    sessions.lock(session=tabs[2])
    assert Entry.objects.filter(act=Act.LOCKED).count() == 1


def test_a_restart_locks_everyone(monkeypatch):
    office = builders.office()
    signed = sign_in(office.guardian)
    monkeypatch.setattr("safeconduct.accounts.keyring.BOOT_KEY", bytes(32))
    session, actor = sessions.resume(half=signed.half)
    assert (session.pk, actor) == (signed.session.pk, None)


def test_idle_too_long_counts_as_locked(settings):
    office = builders.office()
    signed = sign_in(office.guardian)
    settings.IDLE_MINUTES = -1
    assert sessions.resume(half=signed.half)[1] is None
    assert Session.objects.get().kept is None


def test_a_new_passphrase_makes_a_new_pair_and_ends_every_session():
    office = builders.office()
    lowri = builders.member(office)
    elsewhere, here = sign_in(lowri), sign_in(lowri)
    before = here.actor.bundle(office.team.pk)
    old_public = bytes(here.actor.member.public_key)
    _, half = passphrase.change(by=here.actor, current=PASSPHRASE, new=NEW)
    assert sessions.resume(half=elsewhere.half) is None
    assert sessions.resume(half=here.half) is None
    actor = sessions.resume(half=half)[1]
    assert actor.bundle(office.team.pk) == before
    assert bytes(actor.member.public_key) != old_public
    with pytest.raises(CannotSignIn):
        sign_in(lowri)
    assert sign_in(lowri, NEW)


def test_the_old_pair_opens_nothing_after_a_change():
    office = builders.office()
    lowri = builders.member(office)
    signed = sign_in(lowri)
    passphrase.change(by=signed.actor, current=PASSPHRASE, new=NEW)
    with pytest.raises(CannotOpen):
        lowri.actor.bundle(office.team.pk)


@pytest.mark.parametrize(
    ("current", "new", "fault"),
    [
        ("wrong", NEW, WrongPassphrase),
        (PASSPHRASE, "short", WeakPassphrase),
        (PASSPHRASE, PASSPHRASE, WeakPassphrase),
        (PASSPHRASE, f" {PASSPHRASE} ", WeakPassphrase),
    ],
)
def test_a_change_that_is_refused_changes_nothing(current, new, fault):
    office = builders.office()
    signed = sign_in(office.guardian)
    with pytest.raises(fault):
        passphrase.change(by=signed.actor, current=current, new=new)
    assert sign_in(office.guardian).actor.bundle(office.team.pk)
    assert sessions.resume(half=signed.half)[1]


def test_teams_are_held_before_their_organisation_when_a_member_is_added():
    """As everybody holds them: on a server two who went about it the other way round would wait for one another."""
    office = builders.office()
    by = office.guardian.actor
    with CaptureQueriesContext(connection) as asked:
        members.add_member(by=by, name="New", sign_in="new", is_guardian=False, roles={office.team.pk: "lead"})
    said = [one["sql"] for one in asked]
    team, organisation = (
        next(at for at, sql in enumerate(said) if sql.startswith(f'SELECT "accounts_{one}"."id"'))
        for one in ("team", "organisation")
    )
    assert team < organisation


def test_an_added_member_holds_the_keys_of_their_teams_only():
    office = builders.office()
    housing = builders.team(office)
    lowri = builders.member(office)
    assert lowri.actor.bundle(office.team.pk) == office.guardian.actor.bundle(office.team.pk)
    with pytest.raises(NotInTeam):
        lowri.actor.bundle(housing.pk)


def test_only_a_guardian_adds_members_and_only_to_their_own_teams():
    office = builders.office()
    lowri = builders.member(office)
    with pytest.raises(Refused):
        members.add_member(
            by=lowri.actor, name="X", sign_in="x", is_guardian=False, roles={office.team.pk: "caseworker"}
        )
    other = builders.member(office, "Gwilym Second", guardian=True)
    housing = builders.team(office)
    for roles in ({}, {housing.pk: "caseworker"}):
        with pytest.raises(NeedsTeam):
            members.add_member(by=other.actor, name="X", sign_in="x", is_guardian=False, roles=roles)
    assert not Member.objects.filter(sign_in="x").exists()


def test_names_in_use_are_refused():
    office = builders.office()
    with pytest.raises(SignInTaken):
        members.add_member(
            by=office.guardian.actor, name="S", sign_in="SIAN", is_guardian=False, roles={office.team.pk: "lead"}
        )
    with pytest.raises(TeamNameTaken):
        members.create_team(by=office.guardian.actor, name=office.team.name)


def test_a_substituted_public_key_is_noticed_before_anything_is_sealed_to_it():
    office = builders.office()
    lowri = builders.member(office)
    housing = builders.team(office)
    stranger = KeyPair.generate()
    Member.objects.filter(pk=lowri.member.pk).update(public_key=stranger.public)
    changed = Member.objects.get(pk=lowri.member.pk)
    with pytest.raises(KeySubstituted):
        members.add_to_team(by=office.guardian.actor, team=housing, member=changed, role="caseworker")
    assert not Membership.objects.filter(team=housing, member=changed).exists()


def test_a_key_nobody_can_vouch_for_is_not_sealed_to():
    office = builders.office()
    housing = builders.team(office)
    lowri = builders.member(office, team=housing)
    other = builders.member(office, "Gwilym Second", guardian=True)
    third = members.create_team(by=other.actor, name="Third")
    with pytest.raises(CannotVerifyKey):
        members.add_to_team(by=other.actor, team=third, member=lowri.member, role="caseworker")


def test_a_changed_passphrase_moves_the_pin_in_every_team():
    office = builders.office()
    lowri = builders.member(office)
    housing = builders.team(office)
    passphrase.change(by=sign_in(lowri).actor, current=PASSPHRASE, new=NEW)
    fresh = Member.objects.get(pk=lowri.member.pk)
    members.add_to_team(by=office.guardian.actor, team=housing, member=fresh, role="caseworker")
    assert sign_in(lowri, NEW).actor.bundle(housing.pk)
    pins = rosters.read(
        office.team.__class__.objects.get(pk=office.team.pk), office.guardian.actor.bundle(office.team.pk)
    )
    rosters.check(fresh, pins)


def test_a_team_joined_while_a_new_passphrase_was_chosen_opens_with_it(monkeypatch):
    office = builders.office()
    lowri = builders.member(office)
    housing = builders.team(office)
    generate = KeyPair.generate

    def join_meanwhile():
        members.add_to_team(by=office.guardian.actor, team=housing, member=lowri.member, role="caseworker")
        return generate()

    signed = sign_in(lowri)
    assert signed.actor.bundle(office.team.pk)
    monkeypatch.setattr(passphrase.KeyPair, "generate", join_meanwhile)
    passphrase.change(by=signed.actor, current=PASSPHRASE, new=NEW)
    assert sign_in(lowri, NEW).actor.bundle(housing.pk) == office.guardian.actor.bundle(housing.pk)


def test_keys_are_sealed_to_the_pair_a_member_has_now_not_when_the_page_was_opened():
    office = builders.office()
    lowri = builders.member(office)
    housing = builders.team(office)
    by, row = office.guardian.actor, Member.objects.get(pk=lowri.member.pk)
    assert by.memberships
    passphrase.change(by=sign_in(lowri).actor, current=PASSPHRASE, new=NEW)
    members.add_to_team(by=by, team=housing, member=row, role="caseworker")
    assert sign_in(lowri, NEW).actor.bundle(housing.pk) == by.bundle(housing.pk)


def test_a_passphrase_chosen_while_being_disabled_brings_nobody_back():
    office = builders.office()
    left = builders.member(office, "Gwen Gone")
    actor = sign_in(left).actor
    members.disable_member(by=office.guardian.actor, member=left.member)
    with pytest.raises(WrongPassphrase):
        passphrase.change(by=actor, current=PASSPHRASE, new=NEW)
    assert Member.objects.get(pk=left.member.pk).state == Member.State.DISABLED
    assert not Session.objects.filter(member=left.member).exists()


def test_a_passphrase_chosen_in_two_windows_is_the_first_ones():
    office = builders.office()
    first, second = sign_in(office.guardian).actor, sign_in(office.guardian).actor
    passphrase.change(by=first, current=PASSPHRASE, new=NEW)
    with pytest.raises(WrongPassphrase):
        passphrase.change(by=second, current=PASSPHRASE, new="copper bramble sixpence tide")
    assert sign_in(office.guardian, NEW).actor.bundle(office.team.pk)


def test_nothing_is_handed_to_a_disabled_member():
    office = builders.office()
    left = builders.member(office, "Gwen Gone")
    members.disable_member(by=office.guardian.actor, member=left.member)
    with pytest.raises(NoLongerHere):
        members.add_to_team(by=office.guardian.actor, team=office.team, member=left.member, role="caseworker")
    assert not Membership.objects.filter(member=left.member).exists()


def test_a_disabled_member_loses_sessions_and_bundles_at_once():
    office = builders.office()
    lowri = builders.member(office)
    signed = sign_in(lowri)
    members.disable_member(by=office.guardian.actor, member=lowri.member)
    assert sessions.resume(half=signed.half) is None
    assert not Membership.objects.filter(member=lowri.member).exists()


def test_the_last_guardian_stays():
    office = builders.office()
    with pytest.raises(LastGuardian):
        members.disable_member(by=office.guardian.actor, member=office.guardian.member)


def test_a_member_of_another_organisation_is_out_of_reach():
    office, other = builders.office(), builders.other_office()
    with pytest.raises(Refused):
        members.disable_member(by=office.guardian.actor, member=other.guardian.member)
    with pytest.raises(Refused):
        members.add_to_team(by=office.guardian.actor, team=other.team, member=office.guardian.member, role="lead")


def test_the_only_holder_of_a_teams_keys_is_not_disabled():
    office = builders.office()
    second = builders.member(office, "Gwilym Second", guardian=True)
    alone = members.create_team(by=second.actor, name="Alone")
    with pytest.raises(LastHolder):
        members.disable_member(by=office.guardian.actor, member=second.member)
    assert Membership.objects.get(team=alone).member_id == second.member.pk
    assert sign_in(second)


def test_a_key_and_a_roster_put_back_together_are_noticed():
    office = builders.office()
    lowri = builders.member(office)
    housing = builders.team(office)
    old_key = Member.objects.values_list("public_key", flat=True).get(pk=lowri.member.pk)
    old_roster = Team.objects.values_list("roster", flat=True).get(pk=office.team.pk)
    passphrase.change(by=sign_in(lowri).actor, current=PASSPHRASE, new=NEW)
    assert list(keys_not_as_logged(office.organisation)) == []
    Member.objects.filter(pk=lowri.member.pk).update(public_key=old_key)
    Team.objects.filter(pk=office.team.pk).update(roster=old_roster)
    put_back = Member.objects.get(pk=lowri.member.pk)
    with pytest.raises(KeySubstituted):
        members.add_to_team(by=office.guardian.actor, team=housing, member=put_back, role="caseworker")
    assert list(keys_not_as_logged(office.organisation)) == [put_back]


def test_the_log_says_to_whom_an_act_was_done():
    office = builders.office()
    lowri = builders.member(office)
    members.disable_member(by=office.guardian.actor, member=lowri.member)
    done = Entry.objects.filter(act__in=[Act.MEMBER_ADDED, Act.TEAM_JOINED, Act.MEMBER_DISABLED])
    assert set(done.values_list("about", flat=True)) == {lowri.member.handle}
