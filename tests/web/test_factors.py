"""Second factors through the pages: set up, asked for, used once, removed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from safeconduct.accounts import challenges
from safeconduct.accounts.actions import factors
from safeconduct.accounts.models import CodeFactor, SecurityKey, Session
from safeconduct.core.sealing.members import KeyPair
from safeconduct.journal.models import Act, Entry
from safeconduct.web.cookies import SESSION
from tests import builders
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


def sign_in(worker: Colleague, **more: str) -> Client:
    """A browser that tried; it has a session cookie where it succeeded."""
    browser = having.by_name(Client())
    form = {"sign_in": worker.member.sign_in, "passphrase": PASSPHRASE, **more}
    browser.post(reverse("sign-in"), form)
    return browser


def is_in(browser: Client) -> bool:
    return SESSION in browser.cookies and browser.get(reverse("keys")).status_code == 200


def lock(browser: Client, *, days_ago: int = 0) -> Client:
    browser.post(reverse("lock"))
    Session.objects.update(started_at=timezone.now() - timedelta(days=days_ago))
    return browser


def test_codes_are_asked_for_once_they_are_set_up(worker: Colleague) -> None:
    assert is_in(sign_in(worker))
    secret = having.add_codes(worker.client)
    assert not is_in(sign_in(worker))
    assert not is_in(sign_in(worker, code="000000"))
    assert not is_in(sign_in(worker, code=having.code(secret), passphrase="not the passphrase"))
    assert is_in(sign_in(worker, code=having.code(secret)))
    assert Entry.objects.filter(act=Act.FACTOR_ADDED, member=worker.member.handle, about=None).count() == 1


def test_a_code_is_taken_once_and_none_of_before_it(worker: Colleague) -> None:
    secret = having.add_codes(worker.client)
    taken = having.code(secret)
    assert is_in(sign_in(worker, code=taken))
    assert not is_in(sign_in(worker, code=taken))
    assert not is_in(sign_in(worker, code=having.code(secret, -1)))


def test_the_secret_opens_with_the_members_key_only(worker: Colleague) -> None:
    having.add_codes(worker.client)
    sealed = bytes(CodeFactor.objects.get().secret)
    assert factors.proposed_again(by=worker.actor, sealed=sealed) is not None
    other = builders.Colleague(worker.member, KeyPair.generate())
    assert factors.proposed_again(by=other.actor, sealed=sealed) is None


def test_a_wrong_first_code_sets_nothing_up_and_keeps_the_secret(worker: Colleague) -> None:
    browser = worker.client
    page = browser.get(reverse("code-add")).content.decode()
    form = {"sealed": having.hidden(page, "sealed"), "code": "123456", "passphrase": PASSPHRASE}
    again = browser.post(reverse("code-add"), form).content.decode()
    assert "not right for this secret" in again
    assert having.hidden(again, "sealed") == form["sealed"]
    assert "123456" not in again.partition("<svg")[0] + again.partition("</svg>")[2]
    assert not CodeFactor.objects.exists()


def test_a_security_key_signs_in_beside_the_passphrase(worker: Colleague) -> None:
    key = having.add_key(worker.client)
    assert not is_in(sign_in(worker))
    browser = Client()
    answer = key.get(having.asked_to_sign_in(browser))
    assert not is_in(sign_in(worker, **answer, passphrase="not the passphrase"))
    assert is_in(sign_in(worker, **key.get(having.asked_to_sign_in(browser))))
    assert SecurityKey.objects.get().sign_count == key.count


def test_either_factor_will_do(worker: Colleague) -> None:
    browser = worker.client
    key, secret = having.add_key(browser), having.add_codes(browser)
    assert is_in(sign_in(worker, **key.get(having.asked_to_sign_in(Client()))))
    assert is_in(sign_in(worker, code=having.code(secret)))


def test_the_challenge_names_nobody_and_serves_once(worker: Colleague) -> None:
    key = having.add_key(worker.client)
    asked = having.asked_to_sign_in(Client())
    assert asked["publicKey"]["allowCredentials"] == []
    assert asked["publicKey"]["rpId"] == "localhost"
    assert is_in(sign_in(worker, **key.get(asked)))
    assert not is_in(sign_in(worker, **key.get(asked)))


def test_a_challenge_too_old_or_for_something_else_serves_nobody(
    worker: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = having.add_key(worker.client)
    adding = having.asked_to_add(worker_client(worker, key))
    assert not is_in(sign_in(worker, **key.get(adding)))
    asked = having.asked_to_sign_in(Client())
    monkeypatch.setattr(challenges, "SECONDS", -1)
    assert not is_in(sign_in(worker, **key.get(asked)))


def worker_client(worker: Colleague, key: Authenticator) -> Client:
    return sign_in(worker, **key.get(having.asked_to_sign_in(Client())))


@pytest.mark.parametrize(
    "cheat",
    [
        {"origin": "http://localhost.example"},
        {"site": "example.org"},
        {"origin": "https://localhost"},
        {"count": -1},
    ],
    ids=str,
)
def test_an_answer_from_elsewhere_or_of_a_copied_key_holds_not(worker: Colleague, cheat: dict[str, object]) -> None:
    key = having.add_key(worker.client, key=Authenticator(count=5))
    for name, value in cheat.items():
        setattr(key, name, value)
    assert not is_in(sign_in(worker, **key.get(having.asked_to_sign_in(Client()))))


def test_somebody_elses_key_is_no_factor(place: Office, worker: Colleague) -> None:
    having.add_key(worker.client)
    colleague = builders.member(place, "Nona Neighbour")
    theirs = having.add_key(colleague.client)
    assert not is_in(sign_in(worker, **theirs.get(having.asked_to_sign_in(Client()))))
    assert is_in(sign_in(colleague, **theirs.get(having.asked_to_sign_in(Client()))))


def test_a_key_unlocks_on_the_same_day_and_not_on_a_later_one(worker: Colleague) -> None:
    browser = worker.client
    key = having.add_key(browser, unlocks=True)
    lock(browser)
    page = browser.get(reverse("unlock")).content.decode()
    assert "Unlock with a security key" in page
    assert browser.post(reverse("unlock"), key.get(having.asked_to_unlock(browser))).status_code == 302
    assert is_in(browser)
    lock(browser, days_ago=1)
    asked = having.asked_to_unlock(browser)
    assert "extensions" not in asked["publicKey"]
    answer = key.get(asked)
    assert browser.post(reverse("unlock"), answer | {"key_prf": "A" * 43}).status_code == 200
    assert not is_in(browser)
    right = key.get(having.asked_to_unlock(browser)) | {"passphrase": PASSPHRASE}
    assert browser.post(reverse("unlock"), right).status_code == 302
    assert is_in(browser)


def test_a_key_without_its_pin_does_not_unlock(worker: Colleague) -> None:
    browser = worker.client
    key = having.add_key(browser, unlocks=True)
    lock(browser)
    key.verified = False
    assert browser.post(reverse("unlock"), key.get(having.asked_to_unlock(browser))).status_code == 200
    assert not is_in(browser)


def test_a_key_that_was_not_asked_to_unlock_keeps_nothing(worker: Colleague) -> None:
    browser = worker.client
    having.add_key(browser)
    assert SecurityKey.objects.get().kept is None
    lock(browser)
    assert having.asked_to_unlock(browser) == {}
    assert "Unlock with" not in browser.get(reverse("unlock")).content.decode()


def test_the_row_of_a_key_opens_with_what_the_device_makes_and_no_other(worker: Colleague) -> None:
    browser = worker.client
    key = having.add_key(browser, unlocks=True)
    lock(browser)
    key.secret = bytes(32)
    assert browser.post(reverse("unlock"), key.get(having.asked_to_unlock(browser))).status_code == 200
    assert not is_in(browser)


def test_on_a_later_day_the_factor_is_asked_for_and_the_session_begins_anew(worker: Colleague) -> None:
    browser = worker.client
    secret = having.add_codes(browser)
    lock(browser)
    assert browser.post(reverse("unlock"), {"passphrase": PASSPHRASE}).status_code == 302
    before = browser.cookies[SESSION].value
    lock(browser, days_ago=1)
    assert "earlier day" in browser.get(reverse("unlock")).content.decode()
    assert browser.post(reverse("unlock"), {"passphrase": PASSPHRASE}).status_code == 200
    right = {"passphrase": PASSPHRASE, "code": having.code(secret)}
    assert browser.post(reverse("unlock"), right).status_code == 302
    assert browser.cookies[SESSION].value != before
    assert is_in(browser)
    lock(browser)
    assert browser.post(reverse("unlock"), {"passphrase": PASSPHRASE}).status_code == 302


def test_a_new_passphrase_keeps_the_factors_and_stops_the_unlocking(worker: Colleague) -> None:
    browser = worker.client
    secret, key = having.add_codes(browser), having.add_key(browser, unlocks=True)
    typed = {"current": PASSPHRASE, "new": NEW, "again": NEW}
    assert browser.post(reverse("passphrase"), typed).status_code == 302
    assert SecurityKey.objects.get().kept is None
    assert "also unlocks" not in browser.get(reverse("factors")).content.decode()
    assert is_in(sign_in(worker, passphrase=NEW, code=having.code(secret)))
    assert is_in(sign_in(worker, passphrase=NEW, **key.get(having.asked_to_sign_in(Client()))))
    assert not is_in(sign_in(worker, passphrase=NEW))


def test_a_recovered_member_keeps_keys_and_loses_codes(worker: Colleague) -> None:
    browser = worker.client
    having.add_codes(browser)
    having.add_key(browser, unlocks=True)
    factors.carry_over(member=worker.member, before=None, after=KeyPair.generate())
    assert not CodeFactor.objects.exists()
    assert SecurityKey.objects.get().kept is None


def test_removing_one_needs_the_passphrase(worker: Colleague) -> None:
    browser = worker.client
    having.add_codes(browser)
    having.add_key(browser)
    key = SecurityKey.objects.get()
    for address in (reverse("code-remove"), reverse("key-remove", args=[key.handle])):
        assert "Nothing was changed" in browser.post(address, {"passphrase": "somebody's guess"}).content.decode()
        assert browser.post(address, {"passphrase": PASSPHRASE}).status_code == 302
    assert is_in(sign_in(worker))
    assert Entry.objects.filter(act=Act.FACTOR_REMOVED).count() == 2


def test_a_guardian_takes_them_away_and_the_log_says_whose(place: Office, worker: Colleague) -> None:
    having.add_codes(worker.client)
    browser = place.guardian.client
    address = reverse("member-factors", args=[worker.member.handle])
    assert address in browser.get(reverse("members")).content.decode()
    assert browser.post(address, {"passphrase": PASSPHRASE}).status_code == 302
    assert is_in(sign_in(worker))
    entry = Entry.objects.get(act=Act.FACTOR_REMOVED)
    assert (entry.member, entry.about) == (place.guardian.member.handle, worker.member.handle)
    assert address not in browser.get(reverse("members")).content.decode()


def test_the_page_says_what_there_is_and_names_nothing_chosen(worker: Colleague) -> None:
    browser = worker.client
    assert "None set up." in browser.get(reverse("factors")).content.decode()
    having.add_key(browser, unlocks=True)
    page = having.by_name(browser).get(reverse("factors")).content.decode()
    assert "Security key 1" in page
    assert "also unlocks the desk" in page
    assert "not protect a copied disk" in page


def test_by_number_or_without_https_no_key_is_offered(worker: Colleague, settings: object) -> None:
    settings.ALLOWED_HOSTS = ["127.0.0.1", "desk.example"]  # type: ignore[attr-defined]
    browser = worker.client
    for host in ("127.0.0.1", "127.0.0.1:8700", "desk.example"):
        browser.defaults["HTTP_HOST"] = host
        page = browser.get(reverse("factors")).content.decode()
        assert reverse("key-add") not in page
        assert browser.post(reverse("sign-in-key")).json() == {}
