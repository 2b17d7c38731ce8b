"""Changing a person's facets and adding a person, as forms that keep what was typed."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from safeconduct.casework import queries as casework
from safeconduct.people import queries as people
from safeconduct.people.facets import Assertion, Birth, Referenced, SpelledName, Way
from safeconduct.people.models import Subject
from safeconduct.people.queries import PersonRecord
from tests import builders
from tests.builders import Colleague

pytestmark = pytest.mark.django_db


def lines(key: str, *rows: dict[str, str], before: int = 0) -> dict[str, str]:
    """The fields of a repeating part, as a browser sends them."""
    sent = {f"{key}-TOTAL_FORMS": str(len(rows)), f"{key}-INITIAL_FORMS": str(before)}
    for at, row in enumerate(rows):
        sent |= {f"{key}-{at}-{name}": value for name, value in row.items()}
    return sent


def edit(by: Client, person: Subject, facet: str, fields: dict[str, str]) -> Any:
    return by.post(reverse("person-edit", args=[person.handle, facet]), fields)


def record_of(by: Colleague, person: Subject) -> PersonRecord:
    return people.open_person(by=by.actor, person=person)


def test_names_and_births_are_typed_as_people_type_them() -> None:
    by = builders.office().guardian
    person = builders.person(by, "Fatima Rahimi")
    case = builders.case(by, person)
    browser = by.client
    page = browser.get(reverse("person-edit", args=[person.handle, "identity"])).content.decode()
    assert 'value="Fatima Rahimi"' in page
    assert page.count('autocomplete="off"') > 5
    answer = edit(
        browser,
        person,
        "identity",
        {
            "revision": "1",
            **lines(
                "names",
                {"text": "Fatima Rahimi", "source": "Home Office letter"},
                {"text": "فاطمه رحیمی", "by_person": "on"},
                {"text": "Wrong Name", "DELETE": "on"},
                {"text": ""},
                before=3,
            ),
            **lines("births", {"said": "abt 2001", "source": "Hers"}, {"said": "3 March 1999", "basis": "document"}),
        },
    )
    assert answer.status_code == 302
    identity = record_of(by, person).identity.content
    assert identity.names == (
        SpelledName(text="فاطمه رحیمی", by_person=True),
        SpelledName(text="Fatima Rahimi", source="Home Office letter"),
    )
    assert identity.births == (
        Birth(year=2001, precision="estimated", source="Hers"),
        Birth(year=1999, month=3, day=3, basis="document"),
    )
    [concerned] = casework.open_case_record(by=by.actor, case=case).concerned
    assert concerned.name == "فاطمه رحیمی"
    again = browser.get(reverse("person-edit", args=[person.handle, "identity"])).content.decode()
    assert 'value="abt 2001"' in again
    assert 'value="03/03/1999"' in again


def test_a_birth_that_cannot_be_read_is_said_at_its_field_and_everything_typed_is_kept() -> None:
    by = builders.office().guardian
    person = builders.person(by, "Fatima Rahimi")
    answer = edit(
        by.client,
        person,
        "identity",
        {
            "revision": "1",
            **lines("names", {"text": "Fatema Rahimy", "source": "Passport"}, {"source": "a source alone"}),
            **lines("births", {"said": "31/02/1999", "source": "Passport"}),
        },
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<title>Error: Names and birth" in page
    for kept in ('value="Fatema Rahimy"', 'value="31/02/1999"', 'value="a source alone"'):
        assert kept in page
    assert "There is no such day in the calendar" in page
    assert "Fill this in, or remove the line." in page
    assert 'href="#id_births-0-said"' in page
    assert record_of(by, person).identity.revision == 1


def test_the_last_name_cannot_be_taken_away() -> None:
    by = builders.office().guardian
    person = builders.person(by, "Fatima Rahimi")
    sent = {"revision": "1", **lines("names", {"text": ""}), **lines("births")}
    answer = edit(by.client, person, "identity", sent)
    assert "Keep at least one name" in answer.content.decode()
    assert record_of(by, person).identity.content.names[0].text == "Fatima Rahimi"


def test_a_line_is_added_without_losing_what_was_typed_and_without_saving() -> None:
    by = builders.office().guardian
    person = builders.person(by, "Fatima Rahimi")
    sent = {
        "revision": "1",
        **lines("names", {"text": "Half typed", "by_person": "on"}),
        **lines("births", {"said": "not a day"}),
        "add": "names",
    }
    page = edit(by.client, person, "identity", sent).content.decode()
    assert 'value="Half typed"' in page
    assert 'value="not a day"' in page
    assert 'name="names-1-text"' in page
    assert 'name="names-0-by_person" ' in page
    assert "There is a problem" not in page
    assert record_of(by, person).identity.revision == 1


def test_what_nobody_said_is_folded_away_and_what_somebody_said_or_got_wrong_is_open() -> None:
    by = builders.office().guardian
    person = builders.person(by)
    address = reverse("person-edit", args=[person.handle, "contact"])
    folds = re.compile(r'<details class="fold[^"]*"( open)?><summary>([^<]+)')

    def open_ones(page: str) -> list[str]:
        return [said for is_open, said in folds.findall(page) if is_open]

    fresh = by.client.get(address).content.decode()
    assert len(folds.findall(fresh)) == 3
    assert open_ones(fresh) == []
    sent = {
        "revision": "1",
        "since": "no day at all",
        **lines("ways", {"kind": "phone", "value": "07700 900123", "may": "yes"}),
        **lines("never"),
    }
    wrong = edit(by.client, person, "contact", sent).content.decode()
    assert open_ones(wrong) == ["Code word, and who settled this when", "What they said of it"]
    assert edit(by.client, person, "contact", {**sent, "since": ""}).status_code == 302
    assert open_ones(by.client.get(address).content.decode()) == ["What they said of it"]


def test_the_safe_note_reaches_every_case() -> None:
    by = builders.office().guardian
    person = builders.person(by, safe_note="Text first")
    case = builders.case(by, person, sent_on=date(2026, 10, 1))
    sent = {
        "revision": "1",
        "safe_note": "Never ring: he listens",
        **lines("ways", {"kind": "phone", "value": "07700 900123", "note": "hers"}, {"kind": "email", "value": ""}),
        **lines("never"),
    }
    assert edit(by.client, person, "contact", sent).status_code == 302
    contact = record_of(by, person).contact.content
    assert contact.ways == (Way(kind="phone", value="07700 900123", note="hers"),)
    [concerned] = casework.open_case_record(by=by.actor, case=case).concerned
    assert concerned.safe_note == "Never ring: he listens"
    assert (
        "Never ring: he listens"
        in by.client.get(reverse("person-edit", args=[person.handle, "contact"])).content.decode()
    )


def test_references_are_told_by_shape_split_warned_about_and_never_refused() -> None:
    by = builders.office().guardian
    person = builders.person(by)
    sent = {
        "revision": "1",
        "history": "Claimed in 2021",
        **lines(
            "references",
            {"kind": "", "value": "S7089061 / 7209-4056-1125-5762", "source": "Letter"},
            {"kind": "gwf", "value": "GWF 12"},
            {"kind": "", "value": "no figures at all"},
        ),
        **lines("nationalities", {"value": "Stateless", "source": "He says"}, {"value": "Sudan"}),
    }
    answer = edit(by.client, person, "status", sent)
    assert answer.headers["Location"].endswith("#status")
    status = record_of(by, person).status.content
    assert status.references == (
        Referenced(kind="ho_file", value="S7089061", source="Letter"),
        Referenced(kind="uan", value="7209-4056-1125-5762", source="Letter"),
        Referenced(kind="gwf", value="GWF 12"),
        Referenced(kind="other", value="no figures at all"),
    )
    assert status.nationalities == (Assertion(value="Stateless", source="He says"), Assertion(value="Sudan"))
    assert "Not the usual shape of this kind" in by.client.get(reverse("person", args=[person.handle])).content.decode()
    found = by.client.post(reverse("people-search"), {"q": "7209405611255762"}, follow=True)
    assert reverse("person", args=[person.handle]) in found.content.decode()


def test_whoever_saves_second_sees_the_first_and_keeps_what_they_typed() -> None:
    place = builders.office()
    by, other = place.guardian, builders.member(place)
    person = builders.person(by, safe_note="As it was")
    first = {"revision": "1", "safe_note": "The first one's note", **lines("ways"), **lines("never")}
    second = {
        "revision": "1",
        "safe_note": "The second one's note",
        **lines("ways", {"kind": "phone", "value": "07700 900456"}),
        **lines("never"),
    }
    assert edit(by.client, person, "contact", first).status_code == 302
    browser = other.client
    answer = edit(browser, person, "contact", second)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else saved this while you were writing" in page
    assert "As it stands now" in page
    assert "The first one&#x27;s note" in page
    assert "The second one&#x27;s note" in page
    assert 'value="07700 900456"' in page
    assert 'name="revision" value="2"' in page
    assert record_of(by, person).contact.content.safe_note == "The first one's note"
    assert edit(browser, person, "contact", {**second, "revision": "2"}).status_code == 302
    assert record_of(by, person).contact.content.safe_note == "The second one's note"


def test_a_facet_without_a_page_is_nowhere() -> None:
    by = builders.office().guardian
    person = builders.person(by)
    assert by.client.get(f"/people/{person.handle}/links").status_code == 404


NEW = {
    **lines("names", {"text": "Mohammad Rahimi", "by_person": "on"}),
    **lines("births", {"said": "1987"}),
    **lines("ways", {"kind": "phone", "value": "07700 900123"}),
    **lines("references", {"kind": "", "value": "7209-4056-1125-5762"}),
    **lines("nationalities"),
    "safe_note": "Ask for the nurse",
}


def test_a_person_is_added_with_what_is_known_today() -> None:
    place = builders.office()
    by = place.guardian
    answer = by.client.post(reverse("person-new"), {**NEW, "team": place.team.handle.hex})
    person = Subject.objects.get()
    assert answer.headers["Location"] == reverse("person", args=[person.handle])
    record = record_of(by, person)
    assert record.identity.content.births == (Birth(year=1987, precision="year"),)
    assert record.contact.content.safe_note == "Ask for the nurse"
    assert record.status.content.references[0].kind == "uan"


def test_a_name_is_asked_for_and_the_rest_may_wait() -> None:
    place = builders.office()
    empty = {**lines("names"), **lines("births"), **lines("ways"), **lines("references"), **lines("nationalities")}
    sent = {**empty, "team": place.team.handle.hex, "safe_note": "kept"}
    page = place.guardian.client.post(reverse("person-new"), sent).content.decode()
    assert "Write at least one name" in page
    assert ">kept</textarea>" in page.replace("\n", "")
    assert not Subject.objects.exists()


def test_somebody_like_them_is_offered_before_a_second_record_is_made() -> None:
    place = builders.office()
    by = place.guardian
    known = builders.person(by, "محمد رحیمی", references=[Referenced(kind="uan", value="7209 4056 1125 5762")])
    browser = by.client
    sent = {**NEW, "team": place.team.handle.hex}
    page = browser.post(reverse("person-new"), sent).content.decode()
    assert "Is it one of these people?" in page
    assert reverse("person", args=[known.handle]) in page
    assert "The same reference" in page
    assert 'type="checkbox" name="none_of_them"' in page
    assert 'value="Mohammad Rahimi"' in page
    assert Subject.objects.count() == 1
    assert browser.post(reverse("person-new"), {**sent, "none_of_them": "on"}).status_code == 302
    assert Subject.objects.count() == 2


def test_a_team_one_is_not_in_cannot_be_chosen() -> None:
    place = builders.office()
    housing = builders.team(place)
    worker = builders.member(place)
    answer = worker.client.post(reverse("person-new"), {**NEW, "team": housing.handle.hex})
    assert answer.status_code == 200
    assert not Subject.objects.exists()
