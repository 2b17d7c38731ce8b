"""Leave, leaving, guardians and teams at the desk: each asked once more, each refused with its reason on the page."""

import pytest
from django.urls import reverse

from safeconduct.accounts.actions import leaving
from safeconduct.accounts.models import Member, Membership, Team
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place():
    return builders.office()


def change(browser, member, what):
    return browser.post(reverse("member-change", args=[member.handle, what]))


def state(colleague):
    return Member.objects.get(pk=colleague.member.pk).state


def test_a_guardian_puts_a_member_on_leave_and_brings_them_back(place):
    worker, browser = builders.member(place), place.guardian.client
    theirs = worker.client
    asks = browser.get(reverse("member-change", args=[worker.member.handle, "on-leave"])).content.decode()
    assert "They keep their keys" in asks
    assert change(browser, worker.member, "on-leave").url == reverse("members")
    assert state(worker) == Member.State.ON_LEAVE
    assert theirs.get(reverse("today")).url == reverse("sign-in")
    listed = browser.get(reverse("members")).content.decode()
    assert "On leave" in listed
    assert "Bring back" in listed
    change(browser, worker.member, "back")
    assert state(worker) == Member.State.ACTIVE
    assert worker.client.get(reverse("today")).status_code == 200


def test_what_cannot_be_done_is_said_on_the_page(place):
    browser = place.guardian.client
    answer = change(browser, place.guardian.member, "not-guardian")
    assert answer.status_code == 409
    assert "only guardian" in answer.content.decode()
    second = builders.member(place, "Bron Second", guardian=True)
    leaving.leave_team(by=place.guardian.actor, team=place.team, member=second.member)
    answer = change(browser, place.guardian.member, "left")
    assert answer.status_code == 409
    assert "Nobody else holds the keys" in answer.content.decode()


def test_somebody_leaves_and_the_page_says_that_keys_wait_until_they_are_renewed(place):
    worker = builders.member(place)
    other = builders.member(place, "Other Worker")
    housing = builders.team(place)
    browser = place.guardian.client
    change(browser, worker.member, "left")
    assert state(worker) == Member.State.LEFT
    listed = browser.get(reverse("members")).content.decode()
    assert "keys are to be renewed" in listed
    assert "keys are to be renewed" not in browser.get(reverse("members")).content.decode()
    assert reverse("team-leave", args=[place.team.handle]) in listed
    assert reverse("team-leave", args=[housing.handle]) not in listed
    assert other.client.get(reverse("today")).status_code == 200


def test_a_member_is_taken_out_of_a_team(place):
    worker, browser = builders.member(place), place.guardian.client
    where = reverse("team-leave", args=[place.team.handle])
    assert "Lowri Worker" in browser.get(where).content.decode()
    assert browser.post(where, {"member": worker.member.handle.hex}).url == reverse("members")
    assert not Membership.objects.filter(member=worker.member).exists()
    alone = browser.post(where, {"member": place.guardian.member.handle.hex})
    assert "Nobody else holds the keys" in alone.content.decode()


def test_who_is_in_the_team_can_finish_the_renewal_at_once_and_nobody_else_sees_it(place):
    worker = builders.member(place)
    housing = builders.team(place)
    stranger = builders.member(place, "Other Worker", team=housing)
    builders.person(worker)
    browser = worker.client
    Team.objects.filter(pk=place.team.pk).update(rekey_since="2026-11-01T00:00Z")
    where = reverse("team-keys", args=[place.team.handle])
    assert "0 of 1 records" in browser.get(where).content.decode()
    Team.objects.filter(pk=place.team.pk).update(rekey_since="2026-11-01T00:00Z")
    assert browser.post(where).url == reverse("members")
    assert not Team.objects.get(pk=place.team.pk).rekey_since
    assert "under its newest keys" in browser.get(where).content.decode()
    assert stranger.client.get(where).status_code == 404


def test_none_of_it_is_offered_to_or_done_for_who_is_no_guardian(place):
    worker = builders.member(place)
    browser = worker.client
    for what in ("on-leave", "left", "guardian"):
        assert change(browser, worker.member, what).status_code == 403
    assert "Put on leave" not in browser.get(reverse("members")).content.decode()


def test_the_log_says_who_became_a_guardian_and_who_is_none_any_more(place):
    worker, browser = builders.member(place), place.guardian.client
    change(browser, worker.member, "guardian")
    change(browser, worker.member, "not-guardian")
    page = browser.get(reverse("log")).content.decode()
    assert "<bdi>a guardian from now on</bdi> · <bdi>Lowri Worker</bdi>" in page
    assert "<bdi>a guardian no longer</bdi> · <bdi>Lowri Worker</bdi>" in page
