"""A recovery where the kits do not open every team of the member's."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from safeconduct.accounts.actions import kits, leaving, members, recovery, sessions
from safeconduct.accounts.faults import CannotVerifyKey, HeldAlone
from safeconduct.accounts.models import Escrow
from tests import builders
from tests.builders import PASSPHRASE

pytestmark = pytest.mark.django_db(transaction=True)
NEW = "lantern gravel teapot fern"


@pytest.fixture
def office():
    return builders.office()


@pytest.fixture
def words(office):
    kits.make(by=office.guardian.actor, guardians=[office.guardian.member], hours=24)
    return " ".join(kits.open_own(by=office.guardian.actor).words)


def waited(worker, team, words, monkeypatch):
    """A recovery that is asked for and ready, with a team that is not in escrow."""
    Escrow.objects.filter(team=team).delete()
    recovery.ask(name=worker.member.sign_in, typed=[words])
    at = recovery.now() + timedelta(hours=25)
    monkeypatch.setattr(recovery, "now", lambda: at)
    return {"name": worker.member.sign_in, "typed": [words], "passphrase": NEW, "lost_factors": False}


def test_a_team_only_they_hold_is_not_lost_unasked(office, words, monkeypatch):
    worker = builders.member(office, guardian=True)
    apart = members.create_team(by=worker.actor, name="Apart")
    asked = waited(worker, apart, words, monkeypatch)
    with pytest.raises(HeldAlone):
        recovery.complete(**asked)
    assert sessions.sign_in(name=worker.member.sign_in, passphrase=PASSPHRASE).actor.bundle(apart.pk)
    typed = {"sign_in": worker.member.sign_in, "first": words, "passphrase": NEW, "again": NEW}
    where = reverse("recovery-finish")
    assert "without_teams" not in Client().get(where).content.decode()
    assert 'name="without_teams"' in Client().post(where, typed).content.decode()
    done = Client().post(where, {**typed, "without_teams": "on"}).content.decode()
    assert "Nobody holds the keys of 1 team any more" in done
    assert "add the member again" not in done
    assert sessions.sign_in(name=worker.member.sign_in, passphrase=NEW).actor.bundle(office.team.pk)


def test_a_former_key_in_a_roster_is_not_taken_for_a_substituted_one(office, words, monkeypatch):
    """The team that could not be brought back still pins the key before: somebody who shares no other cannot tell."""
    guardian, lone, worker = office.guardian, builders.member(office, "Lone Lead"), builders.member(office)
    apart = members.create_team(by=guardian.actor, name="Apart")
    for one in (lone, worker):
        members.add_to_team(by=guardian.actor, team=apart, member=one.member, role="lead")
    leaving.leave_team(by=guardian.actor, team=office.team, member=lone.member)
    done = recovery.complete(**waited(worker, apart, words, monkeypatch))
    assert (done.lost, done.gone) == (1, 0)
    with pytest.raises(CannotVerifyKey):
        members.add_to_team(by=lone.actor, team=apart, member=worker.member, role="caseworker")
    members.add_to_team(by=guardian.actor, team=apart, member=worker.member, role="caseworker")
