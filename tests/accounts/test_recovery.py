"""Kits, and a member's keys brought back with them: enough words, a wait everybody sees, and a stop for anybody."""

import itertools
from datetime import timedelta

import pytest

from safeconduct.accounts import escrows, recovery_key, rosters
from safeconduct.accounts.actions import kits, leaving, members, passphrase, recovery, sessions
from safeconduct.accounts.actor import NotInTeam
from safeconduct.accounts.checks import (
    escrows_missing,
    keys_not_as_logged,
    recovery_key_not_as_logged,
    staff_not_as_logged,
)
from safeconduct.accounts.faults import (
    CannotSignIn,
    CannotVerifyKey,
    HoursOutOfRange,
    KitNotHere,
    KitsDoNotOpen,
    NobodyToRecover,
    NothingToOpen,
    NotThoseWords,
    NotYet,
    RecoveryOver,
    WhichGuardians,
)
from safeconduct.accounts.models import CodeFactor, Escrow, Member, Organisation, Recovery, RecoveryKit, Session, Team
from safeconduct.accounts.policies import Refused
from safeconduct.accounts.rosters import KeySubstituted
from safeconduct.core.sealing.faults import WeakPassphrase
from safeconduct.core.sealing.members import KeyPair
from safeconduct.core.sealing.shares import KitsDoNotFit, WordsDoNotCheck, WordUnknown
from safeconduct.journal.models import Act, Entry
from safeconduct.people import queries
from safeconduct.people.actions import rekey
from tests import builders
from tests.builders import PASSPHRASE

pytestmark = pytest.mark.django_db(transaction=True)
NEW = "lantern gravel teapot fern"


@pytest.fixture
def office():
    """An office; whatever a test does to its staff, the log says how they stand."""
    place = builders.office()
    yield place
    assert staff_not_as_logged(place.organisation) is False


@pytest.fixture
def guardians(office):
    """Three guardians who share the first team."""
    return [office.guardian, *(builders.member(office, name, guardian=True) for name in ("Bron Second", "Cai Third"))]


def made(guardians, hours=72):
    """A round of kits: the words of each, in the order of the guardians."""
    kits.make(by=guardians[0].actor, guardians=[one.member for one in guardians], hours=hours)
    return [" ".join(kits.open_own(by=one.actor).words) for one in guardians]


def asked(worker, words):
    return recovery.ask(name=worker.member.sign_in, typed=words)


def later(monkeypatch, **ahead):
    at = recovery.now() + timedelta(**ahead)
    monkeypatch.setattr(recovery, "now", lambda: at)


def fresh(office):
    return Organisation.objects.get(pk=office.organisation.pk)


def finish(worker, words, **named):
    return recovery.complete(
        **{"name": worker.member.sign_in, "typed": words, "passphrase": NEW, "lost_factors": False} | named
    )


def test_any_two_of_three_kits_bring_a_members_keys_back_and_one_does_not(office, guardians, monkeypatch):
    person = builders.person(office.guardian, "Fatima Rahimi")
    words = made(guardians)
    for number, pair in enumerate(itertools.combinations(words, 2)):
        worker = builders.member(office, f"W{number} Forgot")
        asked(worker, pair)
        later(monkeypatch, hours=73)
        assert finish(worker, pair).teams == 1
        monkeypatch.undo()
        actor = sessions.sign_in(name=worker.member.sign_in, passphrase=NEW).actor
        assert queries.open_person(by=actor, person=person)
    for one in words:
        with pytest.raises(KitsDoNotFit):
            recovery.ask(name="sian", typed=[one])


def test_in_a_small_office_one_kit_is_enough(office, monkeypatch):
    worker = builders.member(office)
    words = made([office.guardian])
    asked(worker, words)
    later(monkeypatch, hours=73)
    finish(worker, words)
    assert sessions.sign_in(name=worker.member.sign_in, passphrase=NEW)


def test_the_only_member_of_an_office_comes_back_with_the_kit(office, monkeypatch):
    person = builders.person(office.guardian, "Fatima Rahimi")
    words = made([office.guardian])
    asked(office.guardian, words)
    later(monkeypatch, hours=73)
    finish(office.guardian, words)
    actor = sessions.sign_in(name="sian", passphrase=NEW).actor
    assert queries.open_person(by=actor, person=person)
    with pytest.raises(CannotSignIn):
        sessions.sign_in(name="sian", passphrase=PASSPHRASE)


def test_a_recovery_waits_its_hours_and_is_asked_for_once(office, guardians, monkeypatch):
    worker = builders.member(office)
    words = made(guardians, hours=48)[:2]
    first = asked(worker, words)
    assert asked(worker, words) == first
    assert first.ready_at - first.asked_at == timedelta(hours=48)
    assert Entry.objects.filter(act=Act.RECOVERY_ASKED, about=worker.member.handle).count() == 1
    later(monkeypatch, hours=47)
    with pytest.raises(NotYet):
        finish(worker, words)
    assert sessions.sign_in(name=worker.member.sign_in, passphrase=PASSPHRASE)


def test_anybody_stops_a_recovery_and_then_it_cannot_be_finished(office, guardians, monkeypatch):
    worker, other = builders.member(office), builders.member(office, "Other Worker")
    words = made(guardians)[:2]
    waiting = asked(worker, words)
    assert list(recovery.pending(office.organisation)) == [waiting]
    recovery.stop(by=other.actor, handle=waiting.handle)
    assert not recovery.pending(office.organisation).exists()
    assert Entry.objects.filter(act=Act.RECOVERY_STOPPED, member=other.member.handle).count() == 1
    with pytest.raises(RecoveryOver):
        recovery.stop(by=worker.actor, handle=waiting.handle)
    later(monkeypatch, hours=73)
    with pytest.raises(RecoveryOver):
        finish(worker, words)


def test_a_recovery_of_another_organisation_is_not_stopped(office, guardians):
    waiting = asked(builders.member(office), made(guardians)[:2])
    with pytest.raises(RecoveryOver):
        recovery.stop(by=builders.other_office().guardian.actor, handle=waiting.handle)


def test_finished_once_more_it_says_that_it_is_finished(office, guardians, monkeypatch):
    """Two clicks: the answer that is seen is the second."""
    worker = builders.member(office)
    words = made(guardians)[:2]
    asked(worker, words)
    later(monkeypatch, hours=73)
    finish(worker, words)
    with pytest.raises(RecoveryOver, match="It is finished: the member signs in with the new passphrase"):
        finish(worker, words)


def test_a_recovery_nobody_came_back_for_lapses(office, guardians, monkeypatch):
    worker = builders.member(office)
    words = made(guardians)[:2]
    asked(worker, words)
    later(monkeypatch, hours=72, days=7, minutes=1)
    with pytest.raises(RecoveryOver):
        finish(worker, words)
    assert asked(worker, words).asked_at == recovery.now()


def test_a_name_is_spoken_of_only_to_who_has_the_words(office, guardians):
    words = made(guardians)
    for name in ("sian", "nobody"):
        with pytest.raises(KitsDoNotFit):
            recovery.ask(name=name, typed=words[:1])
    with pytest.raises(NobodyToRecover):
        recovery.ask(name="nobody", typed=words[:2])
    away = builders.member(office, "Away Worker")
    leaving.put_on_leave(by=office.guardian.actor, member=away.member)
    with pytest.raises(NobodyToRecover):
        asked(away, words[:2])
    assert not Recovery.objects.exists()


def test_a_mistyped_word_is_pointed_at_by_its_place(office, guardians):
    words = made(guardians)
    unknown = words[1].split()
    unknown[6] = "zzyzx"
    with pytest.raises(WordUnknown) as fault:
        recovery.ask(name="sian", typed=[words[0], " ".join(unknown)])
    assert (fault.value.kit, fault.value.word) == (2, 7)
    assert "zzyzx" not in str(fault.value)
    swapped = words[1].split()
    swapped[17], swapped[18] = swapped[18], swapped[17]
    with pytest.raises(WordsDoNotCheck) as other:
        recovery.ask(name="sian", typed=[words[0], " ".join(swapped)])
    assert other.value.kit == 2


def test_kits_of_an_older_round_open_nothing(office, guardians):
    old = made(guardians)
    made(guardians)
    with pytest.raises(KitsDoNotOpen):
        recovery.ask(name="sian", typed=old[:2])


def test_a_weak_new_passphrase_is_refused_before_anything_is_changed(office, guardians, monkeypatch):
    worker = builders.member(office)
    words = made(guardians)[:2]
    asked(worker, words)
    later(monkeypatch, hours=73)
    with pytest.raises(WeakPassphrase):
        finish(worker, words, passphrase="short")
    assert recovery.pending(office.organisation).exists()


def test_recovering_ends_sessions_moves_the_pin_and_is_in_the_log(office, guardians, monkeypatch):
    worker = builders.member(office)
    CodeFactor.objects.create(member=worker.member, secret=b"x", added_on=worker.member.joined_on)
    signed = sessions.begin(worker.member, worker.pair)
    words = made(guardians)[:2]
    asked(worker, words)
    later(monkeypatch, hours=73)
    finish(worker, words)
    assert not Session.objects.filter(pk=signed[0].pk).exists()
    assert list(keys_not_as_logged(office.organisation)) == []
    fresh = Member.objects.get(pk=worker.member.pk)
    pins = rosters.read(Team.objects.get(pk=office.team.pk), office.guardian.actor.bundle(office.team.pk))
    rosters.check(fresh, pins)
    assert not CodeFactor.objects.filter(member=fresh).exists()
    about = Entry.objects.filter(about=worker.member.handle)
    assert about.filter(act=Act.RECOVERED).count() == about.filter(act=Act.FACTOR_REMOVED).count() == 1


def test_a_team_without_its_keys_in_escrow_is_left_and_the_others_come_back(office, guardians, monkeypatch):
    second = guardians[1]
    words = made(guardians)[:2]
    apart = members.create_team(by=second.actor, name="Apart")
    worker = builders.member(office)
    members.add_to_team(by=second.actor, team=apart, member=worker.member, role="caseworker")
    Escrow.objects.filter(team=apart).delete()
    asked(worker, words)
    later(monkeypatch, hours=73)
    done = finish(worker, words)
    assert (done.teams, done.lost) == (1, 1)
    actor = sessions.sign_in(name=worker.member.sign_in, passphrase=NEW).actor
    with pytest.raises(NotInTeam):
        actor.bundle(apart.pk)


def test_with_nothing_in_escrow_nothing_is_changed(office, guardians, monkeypatch):
    worker = builders.member(office)
    words = made(guardians)[:2]
    asked(worker, words)
    Escrow.objects.all().delete()
    later(monkeypatch, hours=73)
    with pytest.raises(NothingToOpen):
        finish(worker, words)
    assert sessions.sign_in(name=worker.member.sign_in, passphrase=PASSPHRASE).actor.bundle(office.team.pk)


def test_each_guardian_confirms_their_own_kit_and_the_sealed_copy_goes(office, guardians):
    words = made(guardians)
    with pytest.raises(NotThoseWords):
        kits.confirm(by=guardians[0].actor, typed=words[1])
    with pytest.raises(WordsDoNotCheck):
        kits.confirm(by=guardians[0].actor, typed=" ".join(words[0].split()[:-1]))
    numbered = "\n".join(f"{at}. {word.upper()}" for at, word in enumerate(words[0].split(), start=1))
    kits.confirm(by=guardians[0].actor, typed=numbered)
    kit = RecoveryKit.objects.get(guardian=guardians[0].member)
    assert kit.sealed is None
    assert kit.confirmed_on
    assert Entry.objects.filter(act=Act.KIT_CONFIRMED).count() == 1
    for again in (kits.open_own, lambda by: kits.confirm(by=by, typed=words[0])):
        with pytest.raises(KitNotHere):
            again(by=guardians[0].actor)


def test_nobody_opens_anothers_kit(office):
    guardians = [office.guardian, builders.member(office, "Bron Second", guardian=True)]
    words = made(guardians[:1])
    worker = builders.member(office)
    with pytest.raises(Refused):
        kits.open_own(by=worker.actor)
    with pytest.raises(KitNotHere):
        kits.open_own(by=guardians[1].actor)
    moved = RecoveryKit.objects.get(guardian=guardians[0].member)
    moved.pk, moved.guardian = None, guardians[1].member
    moved.save(force_insert=True)
    with pytest.raises(KitNotHere):
        kits.open_own(by=guardians[1].actor)
    assert len(words[0].split()) == 20


def test_a_kit_follows_its_guardian_to_a_new_passphrase(office, guardians):
    words = made(guardians)
    signed = sessions.sign_in(name=guardians[1].member.sign_in, passphrase=PASSPHRASE)
    _, half = passphrase.change(by=signed.actor, current=PASSPHRASE, new=NEW)
    actor = sessions.resume(half=half)[1]
    assert " ".join(kits.open_own(by=actor).words) == words[1]


@pytest.mark.parametrize("hours", [23, 337])
def test_kits_are_for_one_or_three_guardians_with_a_wait_within_bounds(office, guardians, hours):
    by = office.guardian.actor
    with pytest.raises(WhichGuardians):
        kits.make(by=by, guardians=[one.member for one in guardians[:2]], hours=72)
    worker = builders.member(office)
    with pytest.raises(WhichGuardians):
        kits.make(by=by, guardians=[worker.member], hours=72)
    with pytest.raises(HoursOutOfRange):
        kits.make(by=by, guardians=[office.guardian.member], hours=hours)
    with pytest.raises(Refused):
        kits.make(by=worker.actor, guardians=[office.guardian.member], hours=72)
    assert Organisation.objects.get(pk=office.organisation.pk).recovery_round == 0


def test_a_kit_is_not_sealed_to_a_guardian_whose_key_nobody_here_can_tell(office):
    housing = builders.team(office)
    elsewhere = builders.member(office, "Bron Second", team=housing, guardian=True)
    third = builders.member(office, "Cai Third", guardian=True)
    made_by = third.actor
    with pytest.raises(CannotVerifyKey):
        kits.make(by=made_by, guardians=[office.guardian.member, elsewhere.member, third.member], hours=72)
    Member.objects.filter(pk=third.member.pk).update(public_key=KeyPair.generate().public)
    with pytest.raises(KeySubstituted):
        kits.make(
            by=office.guardian.actor, guardians=[office.guardian.member, elsewhere.member, third.member], hours=72
        )


def test_a_drill_says_that_the_kits_work_and_changes_nothing_else(office, guardians):
    words = made(guardians)
    before = bytes(Escrow.objects.get().bundle), bytes(Team.objects.get().roster)
    kits.try_out(by=guardians[1].actor, typed=[words[0], words[2]])
    tried = RecoveryKit.objects.filter(tried_on__isnull=False).values_list("guardian", flat=True)
    assert set(tried) == {guardians[0].member.pk, guardians[2].member.pk}
    assert (bytes(Escrow.objects.get().bundle), bytes(Team.objects.get().roster)) == before
    assert Entry.objects.filter(act=Act.KIT_TRIED).count() == 1
    assert not Recovery.objects.exists()
    with pytest.raises(Refused):
        kits.try_out(by=builders.member(office).actor, typed=words[:2])
    Escrow.objects.all().delete()
    with pytest.raises(NothingToOpen):
        kits.try_out(by=guardians[1].actor, typed=words[:2])


def test_the_escrow_follows_a_renewal_of_a_teams_keys(office, guardians, monkeypatch):
    person = builders.person(office.guardian, "Fatima Rahimi")
    worker = builders.member(office)
    words = made(guardians)[:2]
    gone = builders.member(office, "Gwen Gone")
    leaving.end_access(by=office.guardian.actor, member=gone.member, state=Member.State.LEFT)
    rekey.go_on(by=office.guardian.actor, team=Team.objects.get(pk=office.team.pk), seconds=600)
    assert Escrow.objects.get(team=office.team).key_number == 2
    asked(worker, words)
    later(monkeypatch, hours=73)
    finish(worker, words)
    actor = sessions.sign_in(name=worker.member.sign_in, passphrase=NEW).actor
    assert queries.open_person(by=actor, person=person)


def test_a_team_its_maker_is_not_in_takes_the_key_from_who_is_in_both(office, guardians):
    second = guardians[1]
    apart = members.create_team(by=second.actor, name="Apart")
    made(guardians)
    assert [one.pk for one in escrows_missing(fresh(office))] == [apart.pk]
    escrows.keep(by=second.actor)
    assert list(escrows_missing(fresh(office))) == []


def test_a_substituted_recovery_key_is_noticed_and_nothing_is_sealed_to_it(office, guardians):
    words = made(guardians)
    true = recovery_key.public(Organisation.objects.get(pk=office.organisation.pk))
    assert not recovery_key_not_as_logged(fresh(office))
    Organisation.objects.filter(pk=office.organisation.pk).update(recovery_public=KeyPair.generate().public)
    changed = Organisation.objects.get(pk=office.organisation.pk)
    assert recovery_key_not_as_logged(changed)
    Escrow.objects.all().delete()
    with pytest.raises(KeySubstituted):
        escrows.keep(by=office.guardian.actor)
    assert not Escrow.objects.exists()
    # With an entry of its own in the log it is still none that a roster pins.
    Organisation.objects.filter(pk=office.organisation.pk).update(recovery_round=2)
    escrows.keep(by=office.guardian.actor)
    assert not Escrow.objects.exists()
    with pytest.raises(KitsDoNotOpen):
        recovery.ask(name="sian", typed=words[:2])
    Organisation.objects.filter(pk=office.organisation.pk).update(recovery_round=1, recovery_public=true)
    escrows.keep(by=office.guardian.actor)
    assert Escrow.objects.exists()
