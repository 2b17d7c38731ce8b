"""A team's keys are renewed by whoever unlocks next, a little with each page, and no page fails over it."""

import logging
import re

import pytest
from django.urls import reverse

from safeconduct.accounts import escrows, keyring
from safeconduct.accounts.actions import kits, leaving
from safeconduct.accounts.models import Escrow, Member, Organisation, Team
from safeconduct.core.sealing import wraps
from safeconduct.core.sealing.members import KeyPair
from safeconduct.people.actions import rekey
from safeconduct.people.models import Wrap
from safeconduct.web import upkeep
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place():
    return builders.office()


def leaves(place, name="Gwen Gone"):
    gone = builders.member(place, name)
    leaving.end_access(by=place.guardian.actor, member=gone.member, state=Member.State.LEFT)


def team(place):
    return Team.objects.get(pk=place.team.pk)


def test_the_next_of_the_team_to_open_a_page_renews_its_keys(place):
    builders.person(place.guardian)
    worker = builders.member(place)
    leaves(place)
    assert worker.client.get(reverse("today")).status_code == 200
    assert (team(place).key_number, team(place).rekey_since, team(place).rewrapping) == (2, None, False)
    assert set(Wrap.objects.values_list("key_number", flat=True)) == {2}


def test_somebody_of_another_team_renews_nothing(place):
    housing = builders.team(place)
    other = builders.member(place, "Other Worker", team=housing)
    leaves(place)
    assert other.client.get(reverse("today")).status_code == 200
    assert team(place).rekey_since


def test_each_page_does_a_little_until_all_is_done_and_the_team_is_told_how_far_it_is(place, monkeypatch):
    for n in "abcde":
        builders.person(place.guardian, f"Person {n}")
    leaves(place)
    monkeypatch.setattr(rekey, "_AT_ONCE", 2)
    monkeypatch.setattr(upkeep, "SECONDS", 0)
    browser = place.guardian.client
    pages = [browser.get(reverse("settings")).content.decode() for _ in range(5)]
    assert "2 of 5" in pages[1]
    assert "4 of 5" in pages[2]
    assert not team(place).rewrapping
    assert "being renewed" not in browser.get(reverse("settings")).content.decode()


def test_guardians_read_since_when_keys_wait_or_are_renewed(place, monkeypatch):
    for n in "abc":
        builders.person(place.guardian, f"Person {n}")
    leaves(place)
    monkeypatch.setattr(rekey, "_AT_ONCE", 2)
    monkeypatch.setattr(upkeep, "SECONDS", 0)
    browser = place.guardian.client
    for said in (r"since somebody left\.", r"2 of 3 records\."):
        page = browser.get(reverse("guardian")).content.decode()
        assert re.search(said + r' <span class="note">\s*<time', page), said
    assert team(place).rekey_since is None


def test_a_page_is_shown_though_keys_cannot_be_renewed(place, caplog):
    worker = builders.member(place)
    leaves(place)
    Member.objects.filter(pk=worker.member.pk).update(public_key=KeyPair.generate().public)
    with caplog.at_level(logging.ERROR, "safeconduct.web"):
        assert place.guardian.client.get(reverse("settings")).status_code == 200
    assert "could not be kept up" in caplog.text
    assert team(place).key_number == 1


def test_an_escrow_that_is_missing_is_put_there_at_the_next_unlock(place):
    kits.make(by=place.guardian.actor, guardians=[place.guardian.member], hours=72)
    Escrow.objects.all().delete()
    browser = place.guardian.client
    browser.get(reverse("today"))
    office = Organisation.objects.get(pk=place.organisation.pk)
    assert escrows.is_current(team(place), office)
    Escrow.objects.all().delete()
    browser.get(reverse("today"))
    assert not Escrow.objects.exists()  # once an unlock is enough


def test_what_was_written_under_former_keys_meanwhile_is_found_at_the_next_unlock(place):
    builders.person(place.guardian)
    leaves(place)
    place.guardian.client.get(reverse("today"))
    row = Wrap.objects.get()
    bundle = place.guardian.actor.bundle(place.team.pk)
    named = {"team": place.team.handle.hex, "subject": row.subject.handle.hex}
    key = wraps.unwrap(row.epoch, bytes(row.sealed), bundle, keyring.epochs(), **named)
    row.epoch, row.sealed = wraps.wrap_under(wraps.team_key(bundle, 1), key, keyring.epochs(), **named)
    row.key_number = 1
    row.save()
    builders.member(place).client.get(reverse("today"))
    assert Wrap.objects.get().key_number == 2
