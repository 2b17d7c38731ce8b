"""New keys for a team somebody has left: made once, handed to who is there, and everything opens throughout."""

import pytest

from safeconduct.accounts import keyring, rosters
from safeconduct.accounts.actions import kits, leaving, members, passphrase, sessions
from safeconduct.accounts.actions import rekey as bundles
from safeconduct.accounts.actor import NotInTeam
from safeconduct.accounts.checks import team_keys_not_as_logged
from safeconduct.accounts.models import Escrow, Member, Membership, Organisation, Team
from safeconduct.accounts.policies import Refused
from safeconduct.accounts.rosters import KeySubstituted
from safeconduct.accounts.standing import StaffNotAsLogged
from safeconduct.casework.actions import arrivals
from safeconduct.core.sealing import wraps
from safeconduct.core.sealing.faults import CannotOpen
from safeconduct.core.sealing.members import KeyPair
from safeconduct.journal.models import Act, Entry
from safeconduct.people import index, journaling, queries
from safeconduct.people.actions import rekey
from safeconduct.people.keys import held, new_subject
from safeconduct.people.models import Found, SearchDelta, SearchGeneration, Wrap
from tests import builders
from tests.builders import PASSPHRASE

pytestmark = pytest.mark.django_db(transaction=True)
LONG = 600.0


@pytest.fixture
def office():
    return builders.office()


def leaves(office, name="Gwen Gone"):
    """Somebody who has left the team, with the bundle they knew."""
    gone = builders.member(office, name)
    bundle = gone.actor.bundle(office.team.pk)
    leaving.end_access(by=office.guardian.actor, member=gone.member, state=Member.State.LEFT)
    return bundle


def again(team):
    return Team.objects.get(pk=team.pk)


def opens(bundle, row):
    return wraps.unwrap(
        row.epoch, bytes(row.sealed), bundle, keyring.epochs(),
        team=row.team.handle.hex, subject=row.subject.handle.hex, number=bundle.number,
    )  # fmt: skip


def test_what_somebody_knew_who_left_opens_no_wrap_after_the_renewal(office):
    people = [builders.person(office.guardian, f"Person {n}") for n in "abcde"]
    old = leaves(office)
    assert all(opens(old, row) for row in Wrap.objects.all())
    done = rekey.go_on(by=office.guardian.actor, team=again(office.team), seconds=LONG)
    assert (done.done, done.in_all, done.finished) == (5, 5, True)
    for row in Wrap.objects.all():
        with pytest.raises(CannotOpen):
            opens(old, row)
    assert len(held(office.guardian.actor, [one.pk for one in people])) == 5
    with pytest.raises(CannotOpen):
        rosters.read(again(office.team), old)


def test_everything_the_team_sealed_before_still_opens(office):
    person = builders.person(office.guardian, "Fatima Rahimi", safe_note="Text first")
    case = builders.case(office.guardian, person)
    by = office.guardian.actor
    arrival = arrivals.stage(
        by=by, team=office.team, name="a.csv", data=b"Our ref,Name\r\nA/1,Somebody New\r\n", as_of=case.opened_on
    )
    entry = Entry.objects.filter(act=Act.ADDED_PERSON).get()
    leaves(office)
    rekey.go_on(by=office.guardian.actor, team=again(office.team), seconds=LONG)
    by = office.guardian.actor
    assert queries.open_person(by=by, person=person).identity.content.names[0].text == "Fatima Rahimi"
    assert journaling.read_body(by, again(office.team), entry)["subject"] == person.handle.hex
    assert [row.name for row in arrivals.open_arrival(by=by, arrival=arrival)[1].rows.values()] == ["Somebody New"]
    found = queries.search(by=by, text="fatima rahimi")
    assert queries.found(by=by, handle=found.handle)[1][0].subject == person


def test_the_index_of_names_and_kept_searches_do_not_stay_under_the_old_keys(office):
    builders.person(office.guardian, "Fatima Rahimi")
    index.fold_in(office.guardian.actor, office.team)
    builders.person(office.guardian, "Yonas Tesfaye")
    queries.search(by=office.guardian.actor, text="fatima rahimi")
    old = leaves(office)
    rekey.go_on(by=office.guardian.actor, team=again(office.team), seconds=LONG)
    assert not Found.objects.exists()
    assert not SearchDelta.objects.exists()
    row = SearchGeneration.objects.get()
    place = index._place(office.team, row.number)
    with pytest.raises(CannotOpen):
        old.open_box(bytes(row.body), place, "index", row.number)
    assert queries.search(by=office.guardian.actor, text="yonas tesfaye")


@pytest.mark.parametrize("chunks", [0, 1, 2])
def test_a_renewal_that_was_killed_goes_on_where_it_was_and_everything_opens_meanwhile(office, monkeypatch, chunks):
    people = [builders.person(office.guardian, f"Person {n}") for n in "abcde"]
    worker = builders.member(office)
    old = leaves(office)
    monkeypatch.setattr(rekey, "_AT_ONCE", 2)
    chunk, left = rekey._chunk, [chunks]

    def killed(*args):
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        return chunk(*args)

    monkeypatch.setattr(rekey, "_chunk", killed)
    with pytest.raises(KeyboardInterrupt):
        rekey.go_on(by=office.guardian.actor, team=again(office.team), seconds=LONG)
    monkeypatch.setattr(rekey, "_chunk", chunk)
    half = again(office.team)
    assert (half.key_number, half.rekey_since, half.rewrapping) == (2, None, True)
    assert rekey.progress(half).done == chunks * 2
    late = builders.person(worker, "Written Meanwhile")
    for who in (worker, office.guardian):
        assert len(held(who.actor, [one.pk for one in [*people, late]])) == 6
    done = rekey.go_on(by=worker.actor, team=again(office.team), seconds=LONG)
    assert done.finished
    assert again(office.team).key_number == 2
    assert set(Wrap.objects.values_list("key_number", flat=True)) == {2}
    for row in Wrap.objects.all():
        with pytest.raises(CannotOpen):
            opens(old, row)


def test_no_more_is_done_in_a_request_than_its_time(office, monkeypatch):
    for n in "abcde":
        builders.person(office.guardian, f"Person {n}")
    leaves(office)
    monkeypatch.setattr(rekey, "_AT_ONCE", 2)
    counted = [rekey.go_on(by=office.guardian.actor, team=again(office.team), seconds=0) for _ in range(4)]
    assert [(one.done, one.finished) for one in counted] == [(2, False), (4, False), (5, False), (5, True)]


def test_of_two_who_unlock_at_once_the_second_makes_no_further_bundle(office):
    worker = builders.member(office)
    leaves(office)
    team = again(office.team)
    first, second = office.guardian.actor, worker.actor
    assert first.bundle(team.pk) == second.bundle(team.pk)
    assert bundles.renew(by=first, team=team)
    assert not bundles.renew(by=second, team=team)
    assert second.bundle(team.pk, number=2) == first.bundle(team.pk)
    assert Entry.objects.filter(act=Act.TEAM_REKEYED).count() == 1


def test_somebody_leaves_while_keys_are_renewed_and_they_are_renewed_once_more(office, monkeypatch):
    for n in "abc":
        builders.person(office.guardian, f"Person {n}")
    worker = builders.member(office)
    leaves(office)
    monkeypatch.setattr(rekey, "_AT_ONCE", 2)
    rekey.go_on(by=office.guardian.actor, team=again(office.team), seconds=0)
    second = worker.actor.bundle(office.team.pk)
    leaving.leave_team(by=office.guardian.actor, team=office.team, member=worker.member)
    assert rekey.go_on(by=office.guardian.actor, team=again(office.team), seconds=LONG).finished
    for row in Wrap.objects.all():
        assert row.key_number == 3
        with pytest.raises(CannotOpen):
            opens(second, row)


def test_what_a_request_wrote_with_keys_it_had_opened_before_is_found_and_brought_along(office):
    worker = builders.member(office)
    leaves(office)
    slow = worker.actor
    assert slow.bundle(office.team.pk).number == 1
    rekey.go_on(by=office.guardian.actor, team=again(office.team), seconds=LONG)
    keyed, wrap = new_subject(slow, office.team, "person")
    keyed.subject.save()
    wrap.subject = keyed.subject
    wrap.save()
    assert rekey.is_behind(again(office.team))
    assert held(office.guardian.actor, [keyed.subject.pk])
    bundles.begin_again(team=again(office.team))
    assert rekey.go_on(by=office.guardian.actor, team=again(office.team), seconds=LONG).finished
    assert not rekey.is_behind(again(office.team))


def test_a_member_with_a_substituted_key_is_sent_nothing_and_the_old_keys_stay(office):
    worker = builders.member(office)
    leaves(office)
    stranger = KeyPair.generate()
    Member.objects.filter(pk=worker.member.pk).update(public_key=stranger.public)
    with pytest.raises(KeySubstituted):
        rekey.go_on(by=office.guardian.actor, team=again(office.team), seconds=LONG)
    assert (again(office.team).key_number, again(office.team).rekey_since is None) == (1, False)


def test_old_keys_put_back_with_their_roster_and_number_are_noticed_at_the_next_renewal(office):
    worker = builders.member(office)
    before = {row.pk: bytes(row.bundle) for row in Membership.objects.all()}
    roster = bytes(again(office.team).roster)
    leaves(office)
    rekey.go_on(by=office.guardian.actor, team=again(office.team), seconds=LONG)
    for pk, bundle in before.items():
        Membership.objects.filter(pk=pk).update(bundle=bundle)
    Team.objects.filter(pk=office.team.pk).update(roster=roster, key_number=1)
    leaving.leave_team(by=office.guardian.actor, team=office.team, member=worker.member)
    with pytest.raises(KeySubstituted):
        bundles.renew(by=office.guardian.actor, team=again(office.team))


def test_who_left_and_was_put_back_in_the_database_is_not_sent_the_new_keys(office):
    gone = builders.member(office, "Gwen Gone")
    row = Membership.objects.get(member=gone.member)
    leaving.end_access(by=office.guardian.actor, member=gone.member, state=Member.State.LEFT)
    row.pk = None
    row.save(force_insert=True)
    for state in (Member.State.LEFT, Member.State.ACTIVE):
        Member.objects.filter(pk=gone.member.pk).update(state=state)
        builders.team(office, f"Another {state}")  # with which the log says anew how the staff stands
        with pytest.raises(StaffNotAsLogged):
            bundles.renew(by=office.guardian.actor, team=again(office.team))
        assert gone.actor.bundle(office.team.pk).number == 1
    row.delete()
    Member.objects.filter(pk=gone.member.pk).update(state=Member.State.LEFT)
    assert bundles.renew(by=office.guardian.actor, team=again(office.team))


def test_only_who_holds_the_keys_renews_them(office):
    housing = builders.team(office)
    worker = builders.member(office)
    Team.objects.filter(pk=housing.pk).update(rekey_since="2026-11-01T00:00Z")
    with pytest.raises(Refused):
        rekey.go_on(by=worker.actor, team=housing, seconds=LONG)
    with pytest.raises(NotInTeam):
        worker.actor.bundle(housing.pk)


def test_who_is_on_leave_finds_the_new_keys_when_they_are_back(office):
    away = builders.member(office, "Away Worker")
    person = builders.person(office.guardian, "Fatima Rahimi")
    leaving.put_on_leave(by=office.guardian.actor, member=away.member)
    leaves(office)
    rekey.go_on(by=office.guardian.actor, team=again(office.team), seconds=LONG)
    leaving.bring_back(by=office.guardian.actor, member=away.member)
    assert held(away.actor, [person.pk])


def test_a_passphrase_changed_after_a_renewal_takes_the_newest_keys_along(office):
    worker = builders.member(office)
    signed = sessions.sign_in(name=worker.member.sign_in, passphrase=PASSPHRASE)
    assert signed.actor.bundle(office.team.pk).number == 1
    leaves(office)
    rekey.go_on(by=office.guardian.actor, team=again(office.team), seconds=LONG)
    _, half = passphrase.change(by=signed.actor, current=PASSPHRASE, new="lantern gravel teapot fern")
    assert sessions.resume(half=half)[1].bundle(office.team.pk).number == 2


def test_a_request_that_began_before_a_renewal_can_still_add_a_member(office):
    by = office.guardian.actor
    assert by.bundle(office.team.pk).number == 1
    leaves(office)
    rekey.go_on(by=office.guardian.actor, team=again(office.team), seconds=LONG)
    added = members.add_member(
        by=by, name="New Worker", sign_in="newworker", is_guardian=False, roles={office.team.pk: "caseworker"}
    )
    pair = added.member.lock.open(added.first_passphrase, member=added.member.handle.hex)
    assert builders.Colleague(added.member, pair).actor.bundle(office.team.pk).number == 2


def test_keys_that_were_put_back_are_handed_to_nobody(office):
    worker = builders.member(office)
    before = {row.pk: bytes(row.bundle) for row in Membership.objects.all()}
    roster = bytes(again(office.team).roster)
    leaves(office)
    rekey.go_on(by=office.guardian.actor, team=again(office.team), seconds=LONG)
    for pk, bundle in before.items():
        Membership.objects.filter(pk=pk).update(bundle=bundle)
    Team.objects.filter(pk=office.team.pk).update(roster=roster, key_number=1)
    with pytest.raises(KeySubstituted):
        builders.member(office, "New Worker")
    assert [one.pk for one in team_keys_not_as_logged(office.organisation)] == [office.team.pk]
    assert worker.actor.bundle(office.team.pk).number == 1


def test_a_substituted_recovery_key_holds_no_renewal_up_and_is_sent_nothing(office):
    kits.make(by=office.guardian.actor, guardians=[office.guardian.member], hours=72)
    escrow = bytes(Escrow.objects.get().bundle)
    leaves(office)
    Organisation.objects.filter(pk=office.organisation.pk).update(recovery_public=KeyPair.generate().public)
    assert rekey.go_on(by=office.guardian.actor, team=again(office.team), seconds=LONG).finished
    assert bytes(Escrow.objects.get().bundle) == escrow


def test_a_damaged_wrap_stays_as_it_is_and_holds_nothing_up(office, caplog):
    builders.person(office.guardian, "Fatima Rahimi")
    broken = builders.person(office.guardian, "Yonas Tesfaye")
    Wrap.objects.filter(subject=broken).update(sealed=b"\x01" + bytes(200))
    leaves(office)
    assert rekey.go_on(by=office.guardian.actor, team=again(office.team), seconds=LONG).finished
    assert "1 wraps of a team do not open" in caplog.text
    assert sorted(Wrap.objects.values_list("key_number", flat=True)) == [1, 2]
