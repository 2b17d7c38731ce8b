"""T21: sessions. Fixation, changed passphrases, members who may no longer come in, factors enrolled for somebody else,
forms sent by another site, and old sessions."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import msgspec
import pytest
from django.test import Client
from django.urls import reverse

from safeconduct.accounts import codes
from safeconduct.accounts.actions import drafts, factors, sessions
from safeconduct.accounts.actions.drafts import Typed
from safeconduct.accounts.faults import FactorNotAdded, WrongPassphrase
from safeconduct.accounts.models import CodeFactor, Draft, Member, SecurityKey, Session
from safeconduct.accounts.policies import Refused
from safeconduct.accounts.rosters import KeySubstituted
from safeconduct.core.sealing import members, padding
from safeconduct.core.sealing.members import KeyPair
from safeconduct.journal.models import Act, Entry
from safeconduct.web.access import ACCESS
from safeconduct.web.cookies import SESSION, written
from safeconduct.web.desk import urls
from tests import builders
from tests.attacks.test_t13_mass_assignment import columns
from tests.builders import PASSPHRASE, Colleague, Office
from tests.support import factors as having
from tests.support.authenticator import Authenticator

pytestmark = pytest.mark.django_db
NEW = "lantern gravel teapot fern"


@pytest.fixture
def place() -> Office:
    return builders.office()


@pytest.fixture
def worker(place: Office) -> Colleague:
    return builders.member(place)


def come_in(worker: Colleague, browser: Client | None = None, words: str = PASSPHRASE, **more: str) -> Client:
    browser = browser or Client()
    browser.post(reverse("sign-in"), {"sign_in": worker.member.sign_in, "passphrase": words, **more})
    return browser


def is_in(browser: Client) -> bool:
    return SESSION in browser.cookies and browser.get(reverse("keys")).status_code == 200


# Fixation


def test_a_cookie_planted_before_signing_in_is_worth_nothing_afterwards(place: Office, worker: Colleague) -> None:
    attacker = come_in(place.guardian)
    planted = attacker.cookies[SESSION].value
    victim = Client()
    victim.cookies[SESSION] = planted
    attacker.post(reverse("lock"))
    come_in(worker, victim)
    assert is_in(victim)
    assert victim.cookies[SESSION].value != planted
    thief = Client()
    thief.cookies[SESSION] = planted
    assert not is_in(thief)


def test_a_made_up_cookie_is_never_taken_up(worker: Colleague) -> None:
    victim = Client()
    victim.cookies[SESSION] = made_up = written(bytes(range(32)))
    come_in(worker, victim)
    other = Client()
    other.cookies[SESSION] = made_up
    assert is_in(victim)
    assert not is_in(other)


def test_unlocking_on_a_later_day_leaves_the_old_cookie_worthless(worker: Colleague) -> None:
    browser = come_in(worker)
    old = Client()
    old.cookies[SESSION] = browser.cookies[SESSION].value
    browser.post(reverse("lock"))
    Session.objects.update(started_at=datetime.now(UTC) - timedelta(days=1))
    assert browser.post(reverse("unlock"), {"passphrase": PASSPHRASE}).status_code == 302
    assert is_in(browser)
    assert not is_in(old)
    assert old.get(reverse("unlock")).headers["Location"] == reverse("sign-in")


# What ends a session


def test_a_changed_passphrase_ends_every_other_session_locked_or_not(worker: Colleague) -> None:
    here, elsewhere, locked = come_in(worker), come_in(worker), come_in(worker)
    locked.post(reverse("lock"))
    typed = {"current": PASSPHRASE, "new": NEW, "again": NEW}
    assert here.post(reverse("passphrase"), typed).status_code == 302
    assert is_in(here)
    assert not is_in(elsewhere)
    for words in (PASSPHRASE, NEW):
        answer = locked.post(reverse("unlock"), {"passphrase": words})
        assert answer.headers["Location"] == reverse("sign-in")
    assert worker.member.sessions.count() == 1


@pytest.mark.parametrize("state", [one for one in Member.State.values if one != Member.State.ACTIVE])
def test_a_member_who_may_no_longer_come_in_is_out_at_the_next_request(worker: Colleague, state: str) -> None:
    """Even where only the row of the member was changed, and the rows of their sessions are still there."""
    browser, locked = come_in(worker), come_in(worker)
    locked.post(reverse("lock"))
    Member.objects.filter(pk=worker.member.pk).update(state=state)
    assert not is_in(browser)
    answer = locked.post(reverse("unlock"), {"passphrase": PASSPHRASE})
    assert answer.headers["Location"] == reverse("sign-in")
    assert not is_in(come_in(worker))
    for name in ("draft-keep", "draft-drop", "unlock-key"):
        assert locked.post(reverse(name)).headers["Location"] == reverse("sign-in")


def test_a_session_that_ends_while_it_is_unlocked_does_not_come_back(worker: Colleague) -> None:
    """The passphrase is being stretched when a guardian ends the session."""
    signed = sessions.sign_in(name=worker.member.sign_in, passphrase=PASSPHRASE)
    sessions.lock(session=signed.session)
    row = Session.objects.select_related("member__organisation").get(pk=signed.session.pk)
    Session.objects.all().delete()
    with pytest.raises(WrongPassphrase):
        sessions.unlock(session=row, half=signed.half, passphrase=PASSPHRASE)
    assert not Session.objects.exists()


def test_a_session_unused_for_thirty_days_has_ended_and_its_row_goes(worker: Colleague) -> None:
    browser = come_in(worker)
    browser.post(reverse("lock"))
    Session.objects.update(seen_at=datetime.now(UTC) - sessions.KEPT_FOR - timedelta(minutes=1))
    assert browser.get(reverse("unlock")).headers["Location"] == reverse("sign-in")
    come_in(worker)
    assert Session.objects.count() == 1


# Factors for somebody else


def as_columns(of: Colleague) -> dict[str, str]:
    """Every column there is, set to what points at another member."""
    ours = {"key_token", "key_answer", "key_prf", "sealed", "code", "passphrase", "unlocks", "draft", "path"}
    return {
        name: str(of.member.pk) if name.endswith(("member", "_id", "by", "actor")) else of.member.handle.hex
        for name in columns()
        if name not in ours
    }


def test_whatever_is_posted_only_ones_own_are_removed(place: Office, worker: Colleague) -> None:
    browser, named = place.guardian.client, {**as_columns(worker), "passphrase": PASSPHRASE}
    for who, theirs in ((place.guardian, browser), (worker, worker.client)):
        having.add_codes(theirs)
        having.add_key(theirs)
        drafts.keep(member=who.member, actor=who.actor, typed=Typed("/", 0, []))
    mine = SecurityKey.objects.get(member=place.guardian.member)
    own_draft, their_draft = (Draft.objects.get(member=one.member).handle.hex for one in (place.guardian, worker))
    for draft in (their_draft, own_draft):
        browser.post(reverse("draft-drop"), {**named, "draft": draft})
    found = browser.post(reverse("draft-open"), {**named, "path": "/"}).json()
    assert found == {"drafts": []}
    assert browser.post(reverse("code-remove"), named).status_code == 302
    assert browser.post(reverse("key-remove", args=[mine.handle]), named).status_code == 302
    for model in (CodeFactor, SecurityKey, Draft):
        assert [one.member for one in model.objects.all()] == [worker.member], model.__name__  # type: ignore[attr-defined]
    third = builders.member(place, "Nona Neighbour")
    having.add_codes(third.client)
    address = reverse("member-factors", args=[third.member.handle])
    assert browser.post(address, named).status_code == 302
    assert [one.member for one in CodeFactor.objects.all()] == [worker.member]


def test_nobody_can_add_a_factor_for_somebody_else(place: Office, worker: Colleague) -> None:
    """There is no page for it; the forms take whoever is signed in, whatever else is posted."""
    guardian = place.guardian.client
    named = as_columns(worker)
    page = guardian.get(reverse("code-add")).content.decode()
    secret = re.search(r'class="once" dir="ltr">([A-Z2-7 ]+)<', page)
    assert secret
    code = having.code(secret[1].replace(" ", ""))
    form = {"sealed": having.hidden(page, "sealed"), "code": code, "passphrase": PASSPHRASE, **named}
    assert guardian.post(reverse("code-add"), form).status_code == 302
    made = Authenticator().create(having.asked_to_add(guardian))
    assert guardian.post(reverse("key-add"), {**made, "passphrase": PASSPHRASE, **named}).status_code == 302
    assert CodeFactor.objects.get().member == place.guardian.member
    assert SecurityKey.objects.get().member == place.guardian.member
    assert is_in(come_in(worker))


def test_a_challenge_of_one_member_enrols_nothing_for_another(place: Office, worker: Colleague) -> None:
    victim = worker.client
    made = Authenticator().create(having.asked_to_add(place.guardian.client))
    answer = having.by_name(victim).post(reverse("key-add"), {**made, "passphrase": PASSPHRASE})
    assert "answer is not right" in answer.content.decode()
    assert not SecurityKey.objects.exists()


def test_a_secret_sealed_to_one_member_enrols_nothing_for_another(place: Office, worker: Colleague) -> None:
    proposed = factors.propose_code(by=place.guardian.actor)
    code = having.code(codes.written(proposed.secret))
    with pytest.raises(FactorNotAdded):
        factors.add_code(by=worker.actor, passphrase=PASSPHRASE, sealed=proposed.sealed, code=code)


def test_whoever_sits_down_at_an_unlocked_screen_can_neither_add_nor_remove_one(worker: Colleague) -> None:
    browser = worker.client
    made = Authenticator().create(having.asked_to_add(browser))
    assert "does not open your key" in browser.post(reverse("key-add"), {**made, "passphrase": NEW}).content.decode()
    assert not SecurityKey.objects.exists()
    having.add_codes(browser)
    browser.post(reverse("code-remove"), {"passphrase": NEW})
    assert CodeFactor.objects.exists()


def test_only_a_guardian_removes_somebody_elses_and_only_in_their_organisation(
    place: Office, worker: Colleague
) -> None:
    having.add_codes(worker.client)
    colleague, far = builders.member(place, "Nona Neighbour"), builders.other_office()
    address = reverse("member-factors", args=[worker.member.handle])
    assert colleague.client.post(address, {"passphrase": PASSPHRASE}).status_code == 403
    assert far.guardian.client.post(address, {"passphrase": PASSPHRASE}).status_code == 404
    for by in (colleague, far.guardian):
        with pytest.raises(Refused):
            factors.remove_all(by=by.actor, member=worker.member, passphrase=PASSPHRASE)
    assert CodeFactor.objects.exists()


def test_somebody_elses_key_is_not_found(place: Office, worker: Colleague) -> None:
    having.add_key(worker.client)
    address = reverse("key-remove", args=[SecurityKey.objects.get().handle])
    for who in (place.guardian, builders.member(place, "Nona Neighbour")):
        assert who.client.post(address, {"passphrase": PASSPHRASE}).status_code == 404
    assert SecurityKey.objects.exists()


def test_one_credential_belongs_to_one_member(place: Office, worker: Colleague) -> None:
    key = having.add_key(worker.client)
    guardian = place.guardian.client
    made = key.create(having.asked_to_add(guardian))
    answer = guardian.post(reverse("key-add"), {**made, "passphrase": PASSPHRASE})
    assert "known to this desk already" in answer.content.decode()


# Another site's forms


# Those whose address names something are sent by T11.
SENT = sorted(
    str(one.name) for one in urls.urlpatterns if "POST" in ACCESS[str(one.name)].methods and not one.pattern.converters
)


@pytest.mark.parametrize("name", SENT)
def test_another_site_can_send_no_form(worker: Colleague, name: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.cookies[SESSION] = worker.client.cookies[SESSION].value
    before = Entry.objects.count()
    answer = browser.post(reverse(name), {"passphrase": PASSPHRASE}, headers={"origin": "https://example.org"})
    assert answer.status_code == 403
    assert Entry.objects.count() == before
    assert is_in(browser)


def test_another_site_sends_no_cookie_along(worker: Colleague) -> None:
    browser = come_in(worker)
    for cookie in browser.cookies.values():
        assert (cookie["samesite"], cookie["httponly"]) == ("Strict", True), cookie.key


# Drafts


def test_a_draft_opens_for_its_member_on_its_page_and_day_only(place: Office, worker: Colleague) -> None:
    typed = Typed("/people/new", 0, [("note", ["half typed"])])
    handle = drafts.keep(member=worker.member, actor=worker.actor, typed=typed)
    assert drafts.opened(by=worker.actor, path="/people/new") == [(handle, typed)]
    assert drafts.opened(by=worker.actor, path="/cases") == []
    assert b"half typed" not in bytes(Draft.objects.get().body)
    Draft.objects.update(member=place.guardian.member)
    assert drafts.opened(by=place.guardian.actor, path="/people/new") == []
    Draft.objects.update(member=worker.member, at=datetime.now(UTC) - timedelta(days=1))
    assert drafts.opened(by=worker.actor, path="/people/new") == []
    assert not drafts.has_any(worker.member)
    come_in(worker)
    assert not Draft.objects.exists()


def test_nothing_is_sealed_to_a_key_slipped_in_while_the_desk_is_locked(worker: Colleague) -> None:
    """Whoever writes to the database puts a key of their own into the member's row, to read what is typed."""
    browser = come_in(worker)
    browser.post(reverse("lock"))
    Member.objects.filter(pk=worker.member.pk).update(public_key=KeyPair.generate().public)
    form = {"path": "/people/new", "form": "0", "fields": '[["note",["half typed"]]]'}
    assert browser.post(reverse("draft-keep"), form).status_code == 409
    assert not Draft.objects.exists()
    answer = browser.post(reverse("passphrase"), {"new": "typed while locked"})
    assert answer.status_code == 409
    assert "held-form" not in answer.content.decode()
    with pytest.raises(KeySubstituted):
        drafts.keep(member=Member.objects.get(pk=worker.member.pk), actor=None, typed=Typed("/", 0, []))


def test_while_unlocked_a_draft_is_sealed_to_the_key_in_use_whatever_the_row_says(worker: Colleague) -> None:
    browser = come_in(worker)
    Member.objects.filter(pk=worker.member.pk).update(public_key=KeyPair.generate().public)
    form = {"path": "/people/new", "form": "0", "fields": '[["note",["half typed"]]]'}
    assert browser.post(reverse("draft-keep"), form).status_code == 200
    assert drafts.opened(by=worker.actor, path="/people/new")[0][1].fields == [("note", ["half typed"])]


def test_a_draft_put_into_the_database_by_somebody_else_is_given_to_nobody(worker: Colleague) -> None:
    """They have all a row shows: the member's public key, the handle, and how a draft is written."""
    typed = Typed("/people/new", 0, [("safe_note", ["Write to me instead"])])
    place = drafts._place(worker.member, forged := uuid4())
    body = members.send(padding.pad(msgspec.msgpack.encode(typed)), bytes(worker.member.public_key), place)
    Draft.objects.create(member=worker.member, at=datetime.now(UTC), handle=forged, body=body)
    assert drafts.opened(by=worker.actor, path="/people/new") == []


def test_drafts_are_bounded_and_a_colleague_can_take_none_away(place: Office, worker: Colleague) -> None:
    handles = [
        drafts.keep(member=worker.member, actor=worker.actor, typed=Typed(f"/{at}", 0, []))
        for at in range(drafts.MOST + 5)
    ]
    assert worker.member.drafts.count() == drafts.MOST
    place.guardian.client.post(reverse("draft-drop"), {"draft": handles[-1].hex})
    assert worker.member.drafts.count() == drafts.MOST
    browser = worker.client
    browser.post(reverse("draft-drop"), {"draft": handles[-1].hex})
    assert worker.member.drafts.count() == drafts.MOST - 1
    long = {"path": "/", "form": "0", "fields": f'[["note",["{"x" * (drafts.LONGEST + 1)}"]]]'}
    assert browser.post(reverse("draft-keep"), long).status_code == 400
    for form in ({}, {"form": "0", "fields": "{}"}, {"form": "x", "fields": "[]"}):
        assert browser.post(reverse("draft-keep"), form).status_code == 400


def test_what_was_typed_is_back_the_same_day_by_the_passphrase_alone(worker: Colleague) -> None:
    browser = come_in(worker)
    form = {"path": "/people/new", "form": "0", "fields": '[["note",["half typed"]]]'}
    browser.post(reverse("draft-keep"), form)
    browser.post(reverse("lock"))
    assert browser.post(reverse("draft-open"), {"path": "/people/new"}).status_code == 403
    browser.post(reverse("unlock"), {"passphrase": PASSPHRASE})
    assert 'data-drafts="yes"' in browser.get(reverse("person-new")).content.decode()
    found = browser.post(reverse("draft-open"), {"path": "/people/new"}).json()["drafts"]
    assert [(one["form"], one["fields"]) for one in found] == [(0, [["note", ["half typed"]]])]
    browser.post(reverse("draft-drop"), {"draft": found[0]["draft"]})
    assert 'data-drafts="no"' in browser.get(reverse("person-new")).content.decode()


def test_refusals_at_the_lock_are_in_the_log(worker: Colleague) -> None:
    browser = come_in(worker)
    browser.post(reverse("lock"))
    browser.post(reverse("unlock"), {"passphrase": "mistaken words here"})
    assert Entry.objects.filter(act=Act.SIGN_IN_REFUSED, member=worker.member.handle).count() == 1
