"""What somebody needs and how they may be reached: typed, kept, and read before anybody calls."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from safeconduct.people.facets import Needs, Never, Rules, Way
from tests import builders
from tests.web.test_person_edit import edit, lines, record_of

pytestmark = pytest.mark.django_db


def person_page(by, person) -> str:
    return by.client.get(reverse("person", args=[person.handle])).content.decode()


def test_languages_and_needs_are_kept_and_read_first() -> None:
    by = builders.office().guardian
    person = builders.person(by)
    assert "Before you call or write" not in person_page(by, person)
    sent = {
        "revision": "0",
        "other_language": "",
        "reads_none": "on",
        "audio": "on",
        "interpreter": "ckb",
        "dialect": "Sulaymaniyah",
        "gender": "woman",
        "access": "No stairs",
        **lines("languages", {"language": "ckb", "speaks": "on"}, {"language": "ar"}, {"language": "", "speaks": "on"}),
    }
    assert edit(by.client, person, "needs", sent).status_code == 302
    assert record_of(by, person).needs.content == Needs(
        speaks=("ckb", "ar"),
        reads_none=True,
        audio=True,
        interpreter="ckb",
        dialect="Sulaymaniyah",
        gender="woman",
        access="No stairs",
    )
    page = person_page(by, person)
    strip = page.partition("Before you call or write")[2].partition("</ul>")[0]
    for said in ("Kurdish Sorani, Arabic", "Cannot read any language", "(Sulaymaniyah), a woman", "No stairs"):
        assert said in strip
    again = by.client.get(reverse("person-edit", args=[person.handle, "needs"])).content.decode()
    assert 'value="ckb" selected' in again


def test_a_second_first_save_is_told_of_the_first() -> None:
    by = builders.office().guardian
    person = builders.person(by)
    browser = by.client
    sent = {"revision": "0", "access": "No stairs", **lines("languages")}
    assert edit(browser, person, "needs", sent).status_code == 302
    answer = edit(browser, person, "needs", sent | {"access": "A lift"})
    assert answer.status_code == 409
    assert "No stairs" in answer.content.decode()
    assert record_of(by, person).needs.content.access == "No stairs"


def test_contact_rules_are_kept_way_by_way_and_shown_where_the_contact_is() -> None:
    by = builders.office().guardian
    person = builders.person(by)
    sent = {
        "revision": "1",
        "safe_note": "Her brother listens",
        "voicemail": "no",
        "post": "ask",
        "when": "weekdays after 6",
        "code_word": "kettle",
        "since": "20/11/2026",
        "said_by": "herself",
        **lines(
            "ways",
            {"kind": "phone", "value": "07700 900123", "may": "no", "text": "yes", "answered_by": "her sister"},
            {"kind": "email", "value": "someone@example.org", "may": "yes"},
        ),
        **lines("never", {"kind": "person", "who": "Ahmad Karimi"}, {"kind": "embassy"}),
    }
    assert edit(by.client, person, "contact", sent).status_code == 302
    contact = record_of(by, person).contact.content
    assert contact.ways == (
        Way(
            kind="phone",
            value="07700 900123",
            rules=Rules(phone="no", text="yes", answered_by="her sister"),
        ),
        Way(kind="email", value="someone@example.org", rules=Rules(email="yes")),
    )
    assert contact.rules == Rules(voicemail="no", post="ask", when="weekdays after 6")
    assert contact.never == (Never(kind="person", who="Ahmad Karimi"), Never(kind="embassy"))
    assert (contact.code_word, contact.since, contact.said_by) == ("kettle", date(2026, 11, 20), "herself")
    page = person_page(by, person)
    safe = page.partition("Safe contact")[2].partition("</div>")[0]
    for said in (
        "Her brother listens",
        "Ahmad Karimi, an embassy",
        "never leave a voicemail",
        "sk before sending post",
    ):
        assert said in safe
    assert "kettle" not in safe
    assert "never ring, may be texted, her sister may answer" in page
    again = by.client.get(reverse("person-edit", args=[person.handle, "contact"])).content.decode()
    assert 'value="20/11/2026"' in again
    assert 'name="ways-1-voicemail"' not in again
    saved_again = record_of(by, person).contact.content
    assert saved_again == contact


def test_somebody_who_must_hear_nothing_needs_a_name() -> None:
    by = builders.office().guardian
    person = builders.person(by)
    sent = {"revision": "1", "safe_note": "", **lines("ways"), **lines("never", {"kind": "person", "who": ""})}
    answer = edit(by.client, person, "contact", sent)
    assert answer.status_code == 200
    assert "Write who it is, as you would know them." in answer.content.decode()
    assert record_of(by, person).contact.revision == 1
