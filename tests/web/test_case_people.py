"""People around a case, and what is asked before anybody acts, at the desk."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from safeconduct.casework import queries
from safeconduct.people.actions import change_contact, change_needs
from safeconduct.people.facets import Authority, Contact, Needs, Never, Outside
from tests import builders
from tests.web.test_person_edit import lines

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return builders.office().guardian


def head_of(by, case):
    return queries.open_head(by=by.actor, case=case)


def page(by, case) -> str:
    return by.client.get(reverse("case", args=[case.handle])).content.decode()


def test_somebody_is_found_and_added_and_shown_under_their_role(by) -> None:
    case = builders.case(by, builders.person(by, "Zehra Karimi"))
    child = builders.person(by, "Dilovan Karimi", safe_note="A child: speak to the mother")
    add, browser = reverse("case-person-add", args=[case.handle]), by.client
    assert child.handle.hex in browser.post(add, {"q": "dilovan"}).content.decode()
    assert browser.post(add, {"q": "dilovan", "person": child.handle.hex, "role": "dependant"}).status_code == 302
    shown = page(by, case).partition('id="around"')[2].partition('id="intake"')[0]
    assert shown.index("Constituent") < shown.index("Zehra Karimi") < shown.index("Dependant") < shown.index("Dilovan")
    assert "A child: speak to the mother" in shown
    again = browser.post(add, {"q": "", "person": child.handle.hex, "role": "sponsor"})
    assert "around this case already" in again.content.decode()


def test_roles_change_and_a_solicitor_is_typed(by) -> None:
    person = builders.person(by, "Zehra Karimi")
    case = builders.case(by, person)
    change, one = reverse("case-people", args=[case.handle]), person.handle.hex
    assert "Zehra Karimi" in by.client.get(change).content.decode()
    sent = {
        "revision": "1",
        f"role-{one}": "applicant",
        f"place-{one}": "1",
        **lines("outside", {"role": "solicitor", "name": "Rhys Made-Up", "reach": "01632 960001"}, {"name": ""}),
    }
    assert by.client.post(change, sent).status_code == 302
    head = head_of(by, case).content
    assert head.concerns[0].role == "applicant"
    assert head.outside == (Outside(role="solicitor", name="Rhys Made-Up", reach="01632 960001"),)
    shown = page(by, case)
    for said in ("Applicant", "Solicitor", "Rhys Made-Up", "01632 960001"):
        assert said in shown
    overtaken = by.client.post(change, sent)
    assert overtaken.status_code == 409
    nobody = by.client.post(change, sent | {"revision": "2", f"gone-{one}": "on"})
    assert "A case is about somebody" in nobody.content.decode()


def test_a_line_more_keeps_what_was_typed(by) -> None:
    person = builders.person(by)
    case = builders.case(by, person)
    sent = {
        "revision": "1",
        f"role-{person.handle.hex}": "sponsor",
        f"place-{person.handle.hex}": "1",
        **lines("outside", {"role": "solicitor", "name": "Rhys Made-Up"}),
        "add": "outside",
    }
    again = by.client.post(reverse("case-people", args=[case.handle]), sent).content.decode()
    assert 'value="sponsor" selected' in again
    assert 'value="Rhys Made-Up"' in again
    assert 'name="outside-1-name"' in again
    assert head_of(by, case).revision == 1


def test_the_case_says_what_the_person_needs_and_who_must_hear_nothing(by) -> None:
    person = builders.person(by)
    case = builders.case(by, person)
    change_needs(by=by.actor, person=person, needs=Needs(speaks=("ti",), reads_none=True), read=0)
    change_contact(by=by.actor, person=person, contact=Contact(never=(Never(kind="embassy"),)), read=1)
    top = page(by, case).partition("</header>")[2].partition("What is running")[0]
    assert "Tigrinya" in top
    assert "Cannot read any language" in top
    assert "Must hear nothing: an embassy" in top


def test_what_is_missing_is_told_until_it_is_settled_and_stops_nothing(by) -> None:
    case = builders.case(by, builders.person(by), sent_on=date(2026, 10, 1))
    for gap in ("whether they are a constituent", "no signed authority", "privacy notice"):
        assert gap in page(by, case)
    sent = {
        "revision": str(head_of(by, case).revision),
        "constituent": "yes",
        "checked_how": "roll",
        "checked_on": "20/11/2026",
        "checked_by": "Sian",
        "agrees": "no",
        "agreed_on": "19/11/2026",
        "notice_on": "20/11/2026",
        "notice_how": "spoken",
        "notice_language": "ti",
        "interpreter": "ti",
        "dialect": "",
        "gender": "woman",
        **lines(
            "authorities",
            {"names": "Ada Fairweather MP", "covers": "her son too", "signed_on": "1/3/2026", "until": "1/4/2026"},
        ),
    }
    intake = reverse("case-intake", args=[case.handle])
    assert by.client.post(intake, sent).status_code == 302
    kept = head_of(by, case).content.intake
    assert kept.authorities == (
        Authority(names="Ada Fairweather MP", covers="her son too", signed_on=date(2026, 3, 1), until=date(2026, 4, 1)),
    )
    shown = page(by, case)
    assert "The signed authority ran out on 1 April 2026." in shown
    assert "whether they are a constituent" not in shown
    assert "They do not agree that anybody is written to about them." in shown
    assert "No: do not write about them yet, 19 November 2026" in shown
    for said in ("On the electoral roll", "Tigrinya", "A woman", "covers her son too", "not seen"):
        assert said in shown
    assert by.client.post(intake, sent).status_code == 409
    again = by.client.get(intake).content.decode()
    assert 'value="01/04/2026"' in again


def test_days_of_an_authority_that_cannot_be_are_said_at_the_field(by) -> None:
    case = builders.case(by, builders.person(by))
    sent = {
        "revision": "1",
        **lines("authorities", {"names": "the MP", "signed_on": "1/4/2026", "until": "1/3/2026"}),
    }
    answer = by.client.post(reverse("case-intake", args=[case.handle]), sent)
    assert answer.status_code == 200
    assert "before the day it was signed" in answer.content.decode()
