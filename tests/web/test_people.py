"""Finding people, their page, and deciding that two records are of two people."""

from __future__ import annotations

import re
from datetime import date
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from safeconduct.journal.models import Entry
from safeconduct.people.facets import Birth, Referenced, Way
from safeconduct.people.models import Envelope, Subject
from tests import builders
from tests.builders import Colleague

pytestmark = pytest.mark.django_db

UAN = Referenced(kind="uan", value="7209-4056-1125-5762", source="Home Office letter")


def search(by: Client, text: str) -> tuple[str, str]:
    """The address of the result, and its page."""
    answer = by.post(reverse("people-search"), {"q": text})
    assert answer.status_code == 302
    address = answer.headers["Location"]
    return address, by.get(address).content.decode()


def page_of(by: Colleague, person: Subject) -> str:
    answer = by.client.get(reverse("person", args=[person.handle]))
    assert answer.status_code == 200
    return answer.content.decode()


def title(page: str) -> str:
    found = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
    assert found
    return found[1]


@pytest.mark.parametrize(
    "text", ["mohamad raheemi", "raheemi mohamad", "محمد رحیمی", "mohamed rahimy", "7209405611255762"]
)
def test_a_person_is_found_across_scripts_spellings_and_order_and_by_reference(text: str) -> None:
    by = builders.office().guardian
    somebody = builders.person(by, "محمد رحیمی", births=[Birth(year=1987, precision="year")], references=[UAN])
    builders.person(by, "Zehra Testname")
    address, page = search(by.client, text)
    assert reverse("person", args=[somebody.handle]) in page
    assert "born 1987" in page
    assert ("The reference you typed" in page) == text.isdecimal()
    assert text not in address
    assert text not in title(page)


def test_a_list_shows_a_given_name_and_an_initial_in_its_own_script() -> None:
    by = builders.office().guardian
    builders.person(by, "محمد رحیمی")
    page = search(by.client, "raheemi")[1]
    assert "محمد ر." in page
    assert "<bdi" in page.split("محمد ر.")[0][-120:]
    assert "محمد رحیمی" not in page.split('id="h-found"')[1]


def test_our_own_reference_finds_the_case() -> None:
    by = builders.office().guardian
    case = builders.case(by, builders.person(by), reference="IM/0214")
    page = search(by.client, "IM/0214")[1]
    assert reverse("case", args=[case.handle]) in page
    assert "A case with the reference you typed" in page


def test_what_was_searched_for_stands_on_the_page_and_nowhere_else() -> None:
    by = builders.office().guardian
    browser = by.client
    answer = browser.post(reverse("people-search"), {"q": "zehra testname"})
    assert "zehra" not in str(answer.headers).lower()
    result = browser.get(answer.headers["Location"])
    assert 'value="zehra testname"' in result.content.decode()
    assert "Nobody of that name is here" in result.content.decode()
    assert "zehra" not in str(result.headers).lower()
    assert browser.post(reverse("people-search"), {"q": "  "}).headers["Location"] == reverse("people")
    assert browser.get(reverse("people-search")).status_code == 405


def test_a_result_is_its_searchers_own() -> None:
    place = builders.office()
    colleague = builders.member(place)
    address, _ = search(place.guardian.client, "anybody")
    assert colleague.client.get(address).status_code == 404


def test_nobody_of_another_team_is_found() -> None:
    place = builders.office()
    housing = builders.team(place)
    worker = builders.member(place)
    builders.person(place.guardian, "Zehra Testname", team=housing, references=[UAN])
    for text in ("Zehra Testname", UAN.value):
        assert "Nobody of that name is here" in search(worker.client, text)[1]


def test_the_page_shows_names_births_references_and_how_to_reach_them() -> None:
    by = builders.office().guardian
    somebody = builders.person(
        by,
        "فاطمه رحیمی",
        "Fatima Rahimi",
        births=[
            Birth(year=1990, month=1, day=1, source="Passport", basis="document"),
            Birth(year=1988, precision="estimated"),
        ],
        references=[UAN, Referenced(kind="gwf", value="GWF12")],
        ways=[Way(kind="phone", value="0808 8010 503", note="her sister's")],
        safe_note="Never after six",
        nationality="Afghanistan",
        history="Came in 2019",
    )
    page = page_of(by, somebody)
    for shown in (
        "فاطمه رحیمی",
        "Fatima Rahimi",
        "1 January 1990",
        "1 January often stands for an unknown day",
        "about 1988",
        "From a document, Passport",
        "7209-4056-1125-5762",
        "Not the usual shape of this kind",
        "Afghanistan",
        "Came in 2019",
        "her sister&#x27;s",
    ):
        assert shown in page, shown
    assert page.count("Never after six") == 2
    assert '<bdi class="num" dir="ltr">0808 8010 503</bdi>' in page
    assert "Rahimi" not in title(page)
    assert 'href="tel:' not in page


def test_the_page_lists_their_cases_and_who_has_looked() -> None:
    place = builders.office()
    by, worker = place.guardian, builders.member(place)
    somebody = builders.person(by)
    case = builders.case(by, somebody, reference="IM/0188", sent_on=date(2026, 10, 1))
    page_of(worker, somebody)
    page = page_of(by, somebody)
    assert reverse("case", args=[case.handle]) in page
    assert "IM/0188" in page
    looked = page.split('id="h-looked"')[1]
    assert "Lowri Worker" in looked
    assert "opened the record" in looked


def test_possible_doubles_are_offered_with_reasons_and_a_decision_ends_it() -> None:
    by = builders.office().guardian
    one = builders.person(by, "محمد رحیمی", references=[UAN], births=[Birth(year=1987, month=3, day=2)])
    other = builders.person(by, "Mohammad Rahimi", references=[UAN], births=[Birth(year=1999, month=3, day=2)])
    page = page_of(by, one)
    for reason in ("The same reference: Unique application number (UAN)", "Different dates of birth"):
        assert reason in page
    address = reverse("person-not-same", args=[one.handle, other.handle])
    assert address in page
    browser = by.client
    browser.post(address, {"decision": "later"})
    assert "May be the same person" in page_of(by, one)
    browser.post(address, {"decision": "two"})
    assert "May be the same person" not in page_of(by, one)
    assert "May be the same person" not in page_of(by, other)


def test_a_decision_about_somebody_of_another_team_is_none() -> None:
    place = builders.office()
    housing = builders.team(place)
    worker = builders.member(place)
    mine = builders.person(worker)
    hidden = builders.person(place.guardian, "Zehra Testname", team=housing)
    answer = worker.client.post(reverse("person-not-same", args=[mine.handle, hidden.handle]), {"decision": "two"})
    assert answer.status_code == 404


def addresses(person: Subject) -> list[str]:
    return [
        reverse("person", args=[person.handle]),
        *(reverse("person-edit", args=[person.handle, facet]) for facet in ("identity", "contact", "status")),
    ]


def test_who_is_not_in_the_team_gets_the_page_of_an_address_that_is_none() -> None:
    place, elsewhere = builders.office(), builders.other_office()
    housing = builders.team(place)
    outside = builders.member(place, "Second Guardian", guardian=True)
    person = builders.person(place.guardian, "Zehra Testname", team=housing)
    theirs = builders.person(elsewhere.guardian, "Zehra Testname")
    browser = outside.client
    unknown = browser.get(reverse("person", args=[uuid4()]))
    assert unknown.status_code == 404
    before = Entry.objects.filter(act="opened_person").count()
    for record in (person, theirs):
        for address in addresses(record):
            answer = browser.get(address)
            assert answer.status_code == 404
            assert "Zehra" not in answer.content.decode()
            assert browser.post(address, {"revision": "1", "safe_note": "x"}).status_code in (404, 405)
    assert Entry.objects.filter(act="opened_person").count() == before


def test_a_locked_member_reads_nothing() -> None:
    by = builders.office().guardian
    person = builders.person(by, "Zehra Testname")
    browser = by.client
    browser.post(reverse("lock"))
    before = Entry.objects.count()
    for address in addresses(person):
        answer = browser.get(address)
        assert answer.headers["Location"].startswith(reverse("unlock"))
        assert answer.content == b""
    assert Entry.objects.count() == before


def test_without_an_entry_in_the_log_no_record_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    by = builders.office().guardian
    person = builders.person(by, "Zehra Testname")
    browser = by.client
    address, _ = search(browser, "zehra")

    def full(*_args: object, **_named: object) -> None:
        raise OperationalError("disk full")

    monkeypatch.setattr(Entry, "save", full)
    for asked in (*addresses(person), address):
        answer = browser.get(asked)
        assert answer.status_code == 503
        assert "Testname" not in answer.content.decode()
    assert browser.post(reverse("people-search"), {"q": "zehra"}).status_code == 503


def test_a_record_that_is_not_as_the_log_says_is_not_shown() -> None:
    by = builders.office().guardian
    person = builders.person(by, "Zehra Testname")
    row = Envelope.objects.get(subject=person, facet="identity")
    Envelope.objects.filter(pk=row.pk).update(body=bytes(row.body)[:-1] + b"\0")
    answer = by.client.get(reverse("person", args=[person.handle]))
    assert answer.status_code == 409
    assert "does not match the log" in answer.content.decode()
    assert "Testname" not in answer.content.decode()


def test_no_log_line_carries_a_name(capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    by = builders.office().guardian
    person = builders.person(by, "Zehra Testname", references=[UAN], safe_note="Never by post")
    browser = by.client
    search(browser, "Zehra Testname")
    for address in (*addresses(person), reverse("person", args=[uuid4()])):
        browser.get(address)
    said = capsys.readouterr()
    for text in (said.out, said.err, caplog.text):
        for secret in ("Zehra", "Testname", UAN.value, "Never by post"):
            assert secret not in text


def test_a_member_in_no_team_is_told_what_to_do() -> None:
    place = builders.office()
    alone = builders.member(place)
    alone.member.memberships.all().delete()
    answer = alone.client.post(reverse("people-search"), {"q": "anybody"})
    assert answer.status_code == 403
    assert "You are in no team yet" in answer.content.decode()
    assert alone.client.get(reverse("person-new")).headers["Location"] == reverse("people")
