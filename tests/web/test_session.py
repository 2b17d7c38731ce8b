"""Coming in, locking, unlocking and going out, as a browser sees it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client, RequestFactory
from django.urls import reverse

from safeconduct.accounts import keyring
from safeconduct.accounts.actions import members
from safeconduct.accounts.models import Session
from safeconduct.config.folder import DataFolder
from safeconduct.journal.models import Entry
from safeconduct.web import held
from safeconduct.web.cookies import SESSION, half_of
from tests import builders
from tests.builders import PASSPHRASE

pytestmark = pytest.mark.django_db


def same(page: bytes) -> str:
    """A page without the token that differs in each form."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page.decode())


def hidden(page: bytes, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.decode())
    assert found
    return found[1]


def test_signing_in_begins_a_session_of_its_own_whatever_the_browser_came_with() -> None:
    place = builders.office()
    browser = Client()
    browser.cookies[SESSION] = "A" * 43
    answer = browser.post(reverse("sign-in"), {"sign_in": "Sian ", "passphrase": PASSPHRASE})
    assert answer.status_code == 302
    first = browser.cookies[SESSION]
    assert first.value != "A" * 43
    assert (first["httponly"], first["samesite"], first["max-age"], first["expires"]) == (True, "Strict", "", "")
    again = Client()
    again.cookies[SESSION] = first.value
    again.post(reverse("lock"))
    again.post(reverse("sign-in"), {"sign_in": "sian", "passphrase": PASSPHRASE})
    assert again.cookies[SESSION].value != first.value
    assert place.guardian.member.sessions.count() == 1


def test_unknown_member_wrong_passphrase_and_disabled_member_get_one_page() -> None:
    place = builders.office()
    gone = builders.member(place, "Gone Worker")
    builders.member(place, "Other Worker")
    members.disable_member(by=place.guardian.actor, member=gone.member)
    pages = {
        same(Client().post(reverse("sign-in"), {"sign_in": name, "passphrase": words}).content).replace(name, "NAME")
        for name, words in [
            ("nobody.here", PASSPHRASE),
            (place.guardian.member.sign_in, "not the passphrase"),
            (gone.member.sign_in, PASSPHRASE),
        ]
    }
    assert len(pages) == 1
    assert "do not go together" in pages.pop()


def test_a_wrong_passphrase_keeps_the_sign_in_name_and_never_the_passphrase() -> None:
    builders.office()
    page = Client().post(reverse("sign-in"), {"sign_in": "sian", "passphrase": "not quite right"}).content.decode()
    assert 'value="sian"' in page
    assert "not quite right" not in page
    assert "<title>Error: Sign in" in page


def test_the_lock_holds_with_the_same_cookie_and_the_passphrase_alone_opens_it() -> None:
    browser = builders.office().guardian.client
    assert browser.get(reverse("keys")).status_code == 200
    locked = browser.post(reverse("lock"))
    assert locked.headers["Clear-Site-Data"] == '"cache", "storage"'
    asked = browser.get(reverse("keys"))
    assert asked.status_code == 302
    assert asked.headers["Location"] == f"{reverse('unlock')}?{held.TO}=%2Fkeys"
    page = browser.get(asked.headers["Location"])
    assert "Sian Guardian" in page.content.decode()
    wrong = browser.post(reverse("unlock"), {"passphrase": "something else", held.TO: "/keys"})
    assert wrong.status_code == 200
    assert "does not open your key" in wrong.content.decode()
    right = browser.post(reverse("unlock"), {"passphrase": PASSPHRASE, held.TO: hidden(wrong.content, held.TO)})
    assert (right.status_code, right.headers["Location"]) == (302, "/keys")
    assert browser.get("/keys").status_code == 200


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", "/\\example.org", "javascript:x", ""])
def test_unlocking_never_leads_away_from_the_desk(elsewhere: str) -> None:
    browser = builders.office().guardian.client
    browser.post(reverse("lock"))
    answer = browser.post(reverse("unlock"), {"passphrase": PASSPHRASE, held.TO: elsewhere})
    assert answer.headers["Location"] == reverse("today")


def test_a_restart_locks_everyone(monkeypatch: pytest.MonkeyPatch) -> None:
    browser = builders.office().guardian.client
    assert browser.get(reverse("keys")).status_code == 200
    monkeypatch.setattr(keyring, "BOOT_KEY", bytes(32))
    asked = browser.get(reverse("keys"))
    assert asked.headers["Location"].startswith(reverse("unlock"))
    assert "The server was started again." in browser.get(reverse("unlock")).content.decode()
    browser.post(reverse("unlock"), {"passphrase": PASSPHRASE})
    assert browser.get(reverse("keys")).status_code == 200


def test_a_form_sent_while_locked_is_held_sealed_and_goes_on_when_unlocked() -> None:
    browser = builders.office().guardian.client
    browser.post(reverse("lock"))
    typed = {"current": PASSPHRASE, "new": "lantern gravel otter plum", "again": "lantern gravel otter plum"}
    answer = browser.post(reverse("passphrase"), typed)
    assert answer.status_code == 403
    assert "lantern" not in answer.content.decode()
    assert "is kept, sealed to you" in answer.content.decode()
    carried = {held.TO: hidden(answer.content, held.TO), held.FIELD: hidden(answer.content, held.FIELD)}
    wrong = browser.post(reverse("unlock"), {**carried, "passphrase": "not it at all"})
    assert hidden(wrong.content, held.FIELD) == carried[held.FIELD]
    right = browser.post(reverse("unlock"), {**carried, "passphrase": PASSPHRASE})
    assert (right.status_code, right.headers["Location"]) == (307, reverse("passphrase"))
    done = browser.post(right.headers["Location"], {**carried, "passphrase": PASSPHRASE})
    assert done.status_code == 302
    assert (
        Client().post(reverse("sign-in"), {"sign_in": "sian", "passphrase": "lantern gravel otter plum"}).status_code
        == 302
    )


def test_a_held_form_opens_for_its_member_at_its_address_only() -> None:
    place = builders.office()
    other = builders.member(place)
    browser = place.guardian.client
    browser.post(reverse("lock"))
    typed = {"current": PASSPHRASE, "new": "lantern gravel otter plum", "again": "lantern gravel otter plum"}
    sealed = hidden(browser.post(reverse("passphrase"), typed).content, held.FIELD)
    answer = other.client.post(reverse("passphrase"), {held.FIELD: sealed, **typed})
    assert answer.status_code == 409
    assert "The form was too old" in answer.content.decode()


def test_a_form_from_elsewhere_is_refused_before_it_is_held() -> None:
    place = builders.office()
    browser = Client(enforce_csrf_checks=True)
    browser.cookies[SESSION] = place.guardian.client.cookies[SESSION].value
    Session.objects.update(kept=None)
    answer = browser.post(reverse("passphrase"), {"new": "chosen by a stranger"})
    assert answer.status_code == 403
    assert held.FIELD not in answer.content.decode()
    assert "The form was too old" in answer.content.decode()


def test_signing_out_ends_the_session_and_another_site_cannot_do_it() -> None:
    place = builders.office()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies[SESSION] = place.guardian.client.cookies[SESSION].value
    assert strict.post(reverse("sign-out")).status_code == 403
    assert place.guardian.member.sessions.count() == 1
    browser = Client()
    browser.cookies[SESSION] = strict.cookies[SESSION].value
    answer = browser.post(reverse("sign-out"))
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert browser.cookies[SESSION].value == ""
    assert place.guardian.member.sessions.count() == 0
    old = Client()
    old.cookies[SESSION] = strict.cookies[SESSION].value
    assert old.get(reverse("keys")).headers["Location"] == reverse("sign-in")


def test_a_disabled_member_is_out_within_one_request() -> None:
    place = builders.office()
    worker = builders.member(place)
    browser = worker.client
    assert browser.get(reverse("keys")).status_code == 200
    members.disable_member(by=place.guardian.actor, member=worker.member)
    assert browser.get(reverse("keys")).headers["Location"] == reverse("sign-in")


def test_the_first_passphrase_opens_nothing_but_the_page_that_replaces_it() -> None:
    place = builders.office()
    added = members.add_member(
        by=place.guardian.actor,
        name="New Worker",
        sign_in="new",
        is_guardian=False,
        roles={place.team.pk: "caseworker"},
    )
    browser = Client()
    browser.post(reverse("sign-in"), {"sign_in": "new", "passphrase": added.first_passphrase})
    assert browser.get(reverse("keys")).headers["Location"] == reverse("passphrase")
    page = browser.get(reverse("passphrase"))
    assert "for the first time only" in page.content.decode()
    before = browser.cookies[SESSION].value
    typed = {"current": added.first_passphrase, "new": "too short", "again": "too short"}
    assert "at least 12" in browser.post(reverse("passphrase"), typed).content.decode()
    typed |= {"new": "granite willow tin echo", "again": "granite willow tin echo"}
    assert browser.post(reverse("passphrase"), typed).headers["Location"] == reverse("today")
    assert browser.cookies[SESSION].value != before
    assert browser.get(reverse("keys")).status_code == 200


def test_a_new_passphrase_ends_every_other_session() -> None:
    place = builders.office()
    here, elsewhere = place.guardian.client, place.guardian.client
    typed = {"current": PASSPHRASE, "new": "granite willow tin echo", "again": "granite willow tin echo"}
    wrong = here.post(reverse("passphrase"), {**typed, "current": "mistaken words here"})
    assert "Nothing was changed" in wrong.content.decode()
    differ = here.post(reverse("passphrase"), {**typed, "again": "granite willow tin ech"})
    assert "The two are not the same" in differ.content.decode()
    assert here.post(reverse("passphrase"), typed).status_code == 302
    assert here.get(reverse("keys")).status_code == 200
    assert elsewhere.get(reverse("keys")).headers["Location"] == reverse("sign-in")


def test_a_cookie_that_is_not_one_of_ours_is_no_cookie(rf: RequestFactory) -> None:
    for text in ("", "A", "A" * 44, "=" * 43, "é" * 43, "A" * 42 + "B"):
        request = rf.get("/")
        request.COOKIES[SESSION] = text
        assert half_of(request) is None


def test_without_a_session_every_page_leads_to_signing_in() -> None:
    builders.office()
    assert Client().get(reverse("keys")).headers["Location"] == reverse("sign-in")
    assert Client().post(reverse("lock")).headers["Location"] == reverse("sign-in")


def test_nothing_may_be_kept_by_a_browser() -> None:
    browser = builders.office().guardian.client
    for address in (reverse("keys"), reverse("sign-in"), reverse("promise"), "/nowhere"):
        assert browser.get(address).headers["Cache-Control"] == "no-store"


def test_the_log_that_cannot_be_written_stops_the_lock_and_the_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    builders.office()

    def full(*_args: object, **_named: object) -> None:
        raise OperationalError("disk full")

    monkeypatch.setattr(Entry.objects, "bulk_create", full)
    answer = Client().post(reverse("sign-in"), {"sign_in": "sian", "passphrase": PASSPHRASE})
    assert answer.status_code == 503
    assert SESSION not in answer.cookies


def test_a_file_sent_while_locked_cannot_be_held_and_the_page_says_so() -> None:
    browser = builders.office().guardian.client
    browser.post(reverse("lock"))
    answer = browser.post(reverse("passphrase"), {"file": SimpleUploadedFile("sheet.csv", b"Name\nZehra")})
    assert answer.status_code == 403
    assert "choose the file again" in answer.content.decode()
    assert "Zehra" not in answer.content.decode()


def test_a_part_of_a_page_that_is_fetched_while_locked_leads_the_whole_page_to_the_lock() -> None:
    browser = builders.office().guardian.client
    browser.post(reverse("lock"))
    answer = browser.get(reverse("keys"), headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"].startswith(reverse("unlock"))


def test_the_demo_shows_its_sign_ins_and_a_real_desk_never(settings: Any, tmp_path: Path) -> None:
    builders.office()
    folder = DataFolder.create(tmp_path / "demo", "demo", environment={})
    lines = [{"sign_in": "hannah", "passphrase": "open to anybody", "roles": ["lead", "guardian"]}]
    folder.sign_ins_path.write_text(json.dumps(lines), encoding="utf-8")
    settings.DATA_FOLDER = folder
    assert "open to anybody" not in Client().get(reverse("sign-in")).content.decode()
    settings.DEMO = True
    page = Client().get(reverse("sign-in")).content.decode()
    assert "open to anybody" in page
    assert "Every person here is invented" in page
