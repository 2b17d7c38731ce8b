"""Kits and recoveries at the desk, from making the first round to signing in with a passphrase set by two papers."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from safeconduct.accounts.actions import kits as actions
from safeconduct.accounts.actions import recovery
from safeconduct.accounts.models import Member, Organisation, Recovery, RecoveryKit
from safeconduct.core.sealing import shares
from safeconduct.core.sealing.members import KeyPair
from safeconduct.journal.actions import JournalUnavailable
from safeconduct.journal.models import Act, Entry
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)
NEW = "lantern gravel teapot fern"


@pytest.fixture
def place():
    return builders.office()


@pytest.fixture
def guardians(place):
    return [place.guardian, *(builders.member(place, name, guardian=True) for name in ("Bron Second", "Cai Third"))]


def text(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def words_on(page):
    return re.findall(r'<span translate="no">([a-z]+)</span>', page)


def made(guardians):
    actions.make(by=guardians[0].actor, guardians=[one.member for one in guardians], hours=72)
    return [" ".join(actions.open_own(by=one.actor).words) for one in guardians]


def test_staff_changed_in_the_database_is_said_to_guardians_and_no_kits_are_made(place):
    worker = builders.member(place)
    browser = place.guardian.client
    assert "not what the log says" not in text(browser.get(reverse("guardian")))
    Member.objects.filter(pk=worker.member.pk).update(is_guardian=True)
    assert "not what the log says" in text(browser.get(reverse("guardian")))
    chosen = [place.guardian.member.handle.hex]
    assert browser.post(reverse("kits-new"), {"guardians": chosen, "hours": "72"}).status_code == 409
    assert not RecoveryKit.objects.exists()


def test_no_words_are_shown_that_the_log_does_not_say(place, monkeypatch):
    browser = place.guardian.client
    browser.post(reverse("kits-new"), {"guardians": [place.guardian.member.handle.hex], "hours": "72"})

    def refuses(**_said):
        raise JournalUnavailable("no room")

    monkeypatch.setattr(actions, "record_read", refuses)
    answer = browser.post(reverse("kit"))
    assert answer.status_code == 503
    assert not words_on(text(answer))


def test_kits_are_made_opened_printed_and_confirmed_by_each_guardian(place, guardians):
    browser = place.guardian.client
    assert "There are no kits" in text(browser.get(reverse("guardian")))
    chosen = [one.member.handle.hex for one in guardians]
    assert browser.post(reverse("kits-new"), {"guardians": chosen, "hours": "72"}).url == reverse("guardian")
    page = before = text(browser.get(reverse("guardian")))
    assert page.count("Not yet") == 3
    assert not words_on(text(browser.get(reverse("kit"))))
    shown = text(browser.post(reverse("kit")))
    assert [one.member for one in Entry.objects.filter(act=Act.OPENED_KIT)] == [place.guardian.member.handle]
    words = words_on(shown)
    assert len(words) == 20
    assert place.organisation.name in shown
    wrong = browser.post(reverse("kit-confirm"), {"words": " ".join([*words[:-1], "zzyzx"])})
    assert "Word 20 of kit 1" in text(wrong)
    assert browser.post(reverse("kit-confirm"), {"words": " ".join(words)}).url == reverse("guardian")
    page = text(browser.get(reverse("guardian")))
    assert page.count("Not yet") == 2
    assert browser.post(reverse("kit")).status_code == 409
    again = text(browser.get(reverse("kit")))
    assert "No kit of yours waits here" in again
    assert "Show my words" not in again
    assert browser.get(reverse("kit-confirm")).url == reverse("kit")
    # Some words of the list are words of the page as well.
    assert not any(word in page for word in words if word not in before)


def test_two_guardians_are_told_to_choose_one_or_three(place, guardians):
    chosen = [one.member.handle.hex for one in guardians[:2]]
    answer = place.guardian.client.post(reverse("kits-new"), {"guardians": chosen, "hours": "72"})
    assert "Choose one guardian, or three" in text(answer)
    assert not RecoveryKit.objects.exists()


def test_a_lost_passphrase_from_asking_to_signing_in(place, guardians, monkeypatch):
    worker = builders.member(place)
    words = made(guardians)
    outside = Client()
    assert "Lost your passphrase?" in text(outside.get(reverse("sign-in")))
    typed = {"sign_in": worker.member.sign_in, "first": words[0], "second": words[2]}
    asked = text(outside.post(reverse("recovery"), typed))
    assert "Every member is told" in asked
    for who in (*guardians, worker):
        for name in ("today", "settings", "people"):
            assert "with recovery kits" in text(who.client.get(reverse(name)))
    setting = {**typed, "passphrase": NEW, "again": NEW}
    assert "The wait is over and nobody" not in text(outside.get(reverse("recovery-finish")))
    assert "wait is not over" in text(outside.post(reverse("recovery-finish"), setting))
    at = recovery.now() + timedelta(hours=73)
    monkeypatch.setattr(recovery, "now", lambda: at)
    done = text(outside.post(reverse("recovery-finish"), setting))
    monkeypatch.undo()
    assert "The keys are back" in done
    for page in (asked, done):
        assert not any(word in page for word in (*words[0].split(), *words[2].split()) if len(word) > 7)
    signed = outside.post(reverse("sign-in"), {"sign_in": worker.member.sign_in, "passphrase": NEW})
    assert signed.url == reverse("today")
    assert "with recovery kits" not in text(outside.get(reverse("today")))


def test_any_member_stops_a_recovery(place, guardians):
    worker, other = builders.member(place), builders.member(place, "Other Worker")
    waiting = recovery.ask(name=worker.member.sign_in, typed=made(guardians)[:2])
    where = reverse("recovery-stop", args=[waiting.handle])
    browser = other.client
    assert "Ask the member, by voice" in text(browser.get(where))
    assert browser.post(where).url == reverse("today")
    assert Recovery.objects.get().stopped_by == other.member
    assert browser.get(where).status_code == 404
    assert "with recovery kits" not in text(browser.get(reverse("today")))


def test_without_the_words_nobody_is_told_whether_a_name_is_known(place, guardians):
    words = made(guardians)
    pages = {
        re.sub(r'value="[^"]*"', "", text(Client().post(reverse("recovery"), {"sign_in": name, "first": words[0]})))
        for name in ("sian", "nobody")
    }
    assert len(pages) == 1
    assert "do not make a key together" in pages.pop()


def test_what_is_wrong_with_words_is_said_at_their_field(place, guardians):
    words = made(guardians)
    for first, second, field in (("academic zzyzx", words[1], "first"), (words[0], words[1][:-8], "second")):
        answer = Client().post(reverse("recovery"), {"sign_in": "sian", "first": first, "second": second})
        assert f'id="id_{field}-error"' in answer.content.decode()


def test_a_drill_is_tried_and_shown(place, guardians):
    words = made(guardians)
    browser = place.guardian.client
    where = browser.post(reverse("drill"), {"first": words[1], "second": words[2]}).url
    page = text(browser.get(where))
    assert "The kits work" in page
    assert page.count("Never") == 1
    assert "of an older round" in text(browser.post(reverse("drill"), {"first": made_elsewhere(), "second": ""}))


def made_elsewhere():
    return shares.split(shares.new_secret(), 1)[0]


def test_the_guardians_page_says_what_is_amiss(place, guardians):
    made(guardians)
    builders.team(place)
    Organisation.objects.filter(pk=place.organisation.pk).update(recovery_public=KeyPair.generate().public)
    type(guardians[1].member).objects.filter(pk=guardians[1].member.pk).update(public_key=KeyPair.generate().public)
    page = text(place.guardian.client.get(reverse("guardian")))
    assert "not the one in the log" in page
    assert "Another: somebody changed the database" in page


def test_kits_of_somebody_who_is_no_guardian_now_are_named_as_a_reason_for_new_ones(place, guardians):
    made(guardians)
    type(guardians[1].member).objects.filter(pk=guardians[1].member.pk).update(is_guardian=False)
    assert "1 kit is with somebody who is no guardian now" in text(place.guardian.client.get(reverse("guardian")))


def test_no_draft_is_kept_of_a_form_that_takes_words(place, guardians):
    made(guardians)
    for name in ("kit-confirm", "drill"):
        assert "data-guard" not in place.guardian.client.get(reverse(name)).content.decode()


def test_only_guardians_come_here(place):
    browser = builders.member(place).client
    for name in ("guardian", "kits-new", "kit", "kit-confirm", "drill"):
        assert browser.get(reverse(name)).status_code == 403
    assert reverse("guardian") not in browser.get(reverse("settings")).content.decode()
