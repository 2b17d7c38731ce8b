"""Settings, members, teams and the organisation's log."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from safeconduct.accounts.models import Member, Membership, Organisation, Team
from safeconduct.agenda.models import Item
from safeconduct.journal import sequencer
from safeconduct.journal.models import Entry
from safeconduct.web.cookies import SESSION, SINGLE_KEYS
from tests import builders
from tests.builders import PASSPHRASE

pytestmark = pytest.mark.django_db

FIRST = {
    "organisation": "Office of Rhian Made-Up MP",
    "nation": "england-and-wales",
    "team": "Immigration",
    "name": "Sian Guardian",
    "sign_in": "Sian",
    "passphrase": PASSPHRASE,
    "again": PASSPHRASE,
}


def test_first_use_asks_for_the_code_and_ends_at_the_desk() -> None:
    browser = Client()
    assert browser.get(reverse("keys")).headers["Location"] == reverse("start")
    assert browser.get(reverse("sign-in")).headers["Location"] == reverse("start")
    code = settings.SETUP_CODE.offer()
    wrong = browser.post(reverse("start"), {**FIRST, "code": "0000-0000-0000"})
    assert "That is not the code the terminal shows" in wrong.content.decode()
    assert 'value="Sian Guardian"' in wrong.content.decode()
    assert PASSPHRASE not in wrong.content.decode()
    assert not Organisation.objects.exists()
    differ = browser.post(reverse("start"), {**FIRST, "code": code, "again": "something else entirely"})
    assert "The two are not the same" in differ.content.decode()
    weak = browser.post(reverse("start"), {**FIRST, "code": code, "passphrase": "short", "again": "short"})
    assert "at least 12" in weak.content.decode()
    assert not Organisation.objects.exists()
    done = browser.post(reverse("start"), {**FIRST, "code": code})
    assert done.headers["Location"] == reverse("today")
    assert SESSION in done.cookies
    assert not settings.SETUP_CODE.accepts(code)
    assert browser.get(reverse("keys")).status_code == 200
    assert Client().post(reverse("start"), {**FIRST, "code": code}).headers["Location"] == reverse("sign-in")
    assert Organisation.objects.count() == 1


def test_a_guardian_adds_a_member_whose_first_passphrase_is_shown_once() -> None:
    place = builders.office()
    browser = place.guardian.client
    typed = {
        "name": "Lowri Worker",
        "sign_in": "Lowri",
        "role": "caseworker",
        "teams": [place.team.handle.hex],
    }
    missing = browser.post(reverse("member-new"), {**typed, "teams": []})
    assert "Choose at least one team" in missing.content.decode()
    taken = browser.post(reverse("member-new"), {**typed, "sign_in": "sian"})
    assert "Somebody has that sign-in name already" in taken.content.decode()
    page = browser.post(reverse("member-new"), typed).content.decode()
    found = re.search(r'class="once" dir="ltr">([a-z0-9-]+)<', page)
    assert found
    assert found[1] not in browser.get(reverse("members")).content.decode()
    newcomer = Client()
    newcomer.post(reverse("sign-in"), {"sign_in": "lowri", "passphrase": found[1]})
    assert newcomer.get(reverse("settings")).headers["Location"] == reverse("passphrase")


def test_what_only_guardians_may_is_refused_to_others_by_page_and_by_act() -> None:
    place = builders.office()
    worker = builders.member(place)
    browser = worker.client
    addresses = [
        reverse("member-new"),
        reverse("team-new"),
        reverse("office-days"),
        reverse("log"),
        reverse("member-disable", args=[place.guardian.member.handle]),
        reverse("team-join", args=[place.team.handle]),
    ]
    for address in addresses:
        page = browser.get(address)
        assert page.status_code == 403, address
        assert "Not yours to open" in page.content.decode()
    browser.post(reverse("member-disable", args=[place.guardian.member.handle]))
    place.guardian.member.refresh_from_db()
    assert place.guardian.member.state == Member.State.ACTIVE
    listed = browser.get(reverse("members")).content.decode()
    assert "Sian Guardian" in listed
    assert reverse("member-new") not in listed
    assert "Disable" not in listed
    assert reverse("log") not in listed


def test_a_member_of_another_organisation_is_not_there() -> None:
    place, elsewhere = builders.office(), builders.other_office()
    browser = place.guardian.client
    for address in (
        reverse("member-disable", args=[elsewhere.guardian.member.handle]),
        reverse("team-join", args=[elsewhere.team.handle]),
    ):
        assert browser.get(address).status_code == 404
        assert browser.post(address, {}).status_code == 404
    assert "Elsewhere Guardian" not in browser.get(reverse("members")).content.decode()


def test_disabling_asks_first_and_keeps_the_last_guardian() -> None:
    place = builders.office()
    worker = builders.member(place)
    browser = place.guardian.client
    address = reverse("member-disable", args=[worker.member.handle])
    assert "Disable this member" in browser.get(address).content.decode()
    assert browser.post(address).headers["Location"] == reverse("members")
    assert "Disabled" in browser.get(reverse("members")).content.decode()
    last = browser.post(reverse("member-disable", args=[place.guardian.member.handle]))
    assert last.status_code == 409
    assert "This is the only guardian" in last.content.decode()


def test_a_team_is_made_and_joined() -> None:
    place = builders.office()
    worker = builders.member(place)
    browser = place.guardian.client
    taken = browser.post(reverse("team-new"), {"name": "Immigration"})
    assert "There is a team of that name already" in taken.content.decode()
    browser.post(reverse("team-new"), {"name": "Housing"})
    housing = Team.objects.get(name="Housing")
    address = reverse("team-join", args=[housing.handle])
    assert "Lowri Worker" in browser.get(address).content.decode()
    browser.post(address, {"member": worker.member.handle.hex, "role": "lead"})
    assert Membership.objects.get(team=housing, member=worker.member).role == "lead"
    assert worker.client.get(address).status_code == 200
    assert [team.name for team in worker.actor.teams] == ["Housing", "Immigration"]


def test_a_guardian_outside_a_team_cannot_hand_on_its_keys() -> None:
    place = builders.office()
    second = builders.member(place, "Second Guardian", guardian=True)
    housing = builders.team(place)
    assert second.client.get(reverse("team-join", args=[housing.handle])).status_code == 404


def test_a_member_whose_key_nobody_here_knows_is_not_given_keys() -> None:
    place = builders.office()
    housing = builders.team(place)
    second = builders.member(place, "Second Guardian", guardian=True)
    worker = builders.member(place, team=housing)
    browser = second.client
    page = browser.post(
        reverse("team-join", args=[place.team.handle]), {"member": worker.member.handle.hex, "role": "lead"}
    )
    assert "You share no team with this member" in page.content.decode()


def test_the_offices_days_are_set_and_what_is_due_follows() -> None:
    place = builders.office()
    builders.case(place.guardian, builders.person(place.guardian), route="other")
    before = Item.objects.get().day
    browser = place.guardian.client
    typed = {"first_letter": "9", "follow_up": "15", "chase": "5", "tell": "2", "silence": "20"}
    wrong = browser.post(reverse("office-days"), {**typed, "chase": "0"})
    assert wrong.status_code == 200
    assert "<title>Error:" in wrong.content.decode()
    assert 'value="15"' in wrong.content.decode()
    assert browser.post(reverse("office-days"), typed).headers["Location"] == reverse("settings")
    assert "15 working days" in browser.get(reverse("settings")).content.decode()
    assert Item.objects.get().day > before


def test_silence_keeping_and_advice_are_a_guardians_to_set() -> None:
    place = builders.office()
    browser = place.guardian.client
    typed = {"first_letter": "2", "follow_up": "10", "chase": "5", "tell": "2", "silence": "30", "keep_months": "18"}
    stands = browser.get(reverse("settings")).content.decode()
    assert "No: limits of the law say" in stands
    assert "Not chosen" in stands
    entries = Entry.objects.count()
    for field, value in (("silence", "0"), ("silence", ""), ("keep_months", "0"), ("keep_months", "241")):
        wrong = browser.post(reverse("office-days"), {**typed, field: value}).content.decode()
        assert "<title>Error:" in wrong
        assert f'id="id_{field}-error"' in wrong
    office = Organisation.objects.get(pk=place.organisation.pk)
    assert (office.silence_days, office.keep_months, office.gives_advice) == (20, None, False)
    assert Entry.objects.count() == entries
    assert browser.post(reverse("office-days"), {**typed, "gives_advice": "on"}).status_code == 302
    office.refresh_from_db()
    assert (office.silence_days, office.keep_months, office.gives_advice) == (30, 18, True)
    assert Entry.objects.filter(act="office_days_set").count() == 1
    page = browser.get(reverse("settings")).content.decode()
    assert "18 months" in page
    assert "30 working days" in page
    assert "Yes: limits of the law say" in page
    worker = builders.member(place)
    assert worker.client.post(reverse("office-days"), typed).status_code == 403
    office.refresh_from_db()
    assert office.gives_advice


def test_shortcuts_and_language_are_kept_in_the_browser_without_meaning() -> None:
    browser = builders.office().guardian.client
    assert 'data-keys="on"' in browser.get(reverse("settings")).content.decode()
    browser.post(reverse("settings"), {"language": "ar"})
    assert browser.cookies[SINGLE_KEYS].value == "off"
    page = browser.get(reverse("settings")).content.decode()
    assert 'data-keys="off"' in page
    assert 'dir="rtl"' in page
    browser.post(reverse("settings"), {"language": "en-gb", "single_keys": "on"})
    assert 'data-keys="on"' in browser.get(reverse("settings")).content.decode()


def test_the_log_names_staff_and_nobody_else() -> None:
    place = builders.office()
    worker = builders.member(place)
    somebody = builders.person(worker, "Zehra Testname", safe_note="Never by post")
    builders.case(worker, somebody, reference="IM/9944")
    sequencer.sequence()
    browser = place.guardian.client
    page = browser.get(reverse("log")).content.decode()
    assert "Lowri Worker" in page
    assert "added the case" in page
    assert "in the tree" in page
    for secret in ("Zehra", "Testname", "IM/9944", "Never by post", somebody.handle.hex):
        assert secret not in page
    assert Entry.objects.filter(act="log_read").count() == 1


def test_the_log_has_pages() -> None:
    place = builders.office()
    browser = place.guardian.client
    for _ in range(60):
        browser.get(reverse("log"))
    first = browser.get(reverse("log")).content.decode()
    assert "?page=2" in first
    assert first.count("data-row") == 50
    assert 'rel="prev"' in browser.get(reverse("log"), {"page": "2"}).content.decode()
    assert browser.get(reverse("log"), {"page": "no number"}).status_code == 200
    assert 'rel="next"' not in browser.get(reverse("log"), {"page": "9999"}).content.decode()


def test_the_log_that_cannot_be_written_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    browser = builders.office().guardian.client

    def full(*_args: object, **_named: object) -> None:
        raise OperationalError("disk full")

    monkeypatch.setattr(Entry, "save", full)
    page = browser.get(reverse("log"))
    assert page.status_code == 503
    assert "Nothing can be opened just now" in page.content.decode()
    assert "set the desk up" not in page.content.decode()


def test_what_is_promised_can_be_read_by_anybody() -> None:
    for browser in (Client(), builders.office().guardian.client):
        page = browser.get(reverse("promise")).content.decode()
        assert "It does not protect what people open while an attacker controls the running server." in page
        assert "Not independently audited" in page
        for never in ("zero-knowledge", "end-to-end", "tamper-proof", "anonymised", "securely deleted"):
            assert never not in page.lower()
