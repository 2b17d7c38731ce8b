"""Somebody new and their first letter in one sitting: all of it is saved, or none of it and what was typed is kept."""

from __future__ import annotations

from datetime import timedelta
from unittest import mock

import pytest
from django.urls import reverse

from safeconduct.accounts.keys import today
from safeconduct.casework import queries
from safeconduct.casework.models import Case, Enquiry, Event
from safeconduct.journal.actions import JournalUnavailable
from safeconduct.people import queries as people
from safeconduct.people.facets import CaseHead, Referenced, Way
from safeconduct.people.models import Envelope, Subject
from tests import builders
from tests.builders import Colleague
from tests.support.case_pages import followed, text

pytestmark = pytest.mark.django_db


def sheet(by: Colleague, **typed: str) -> dict[str, str]:
    return {
        "who": "",
        "team": by.actor.teams[0].handle.hex,
        "name": "ተስፋይ ሃይለ",
        "also": "Tesfay Haile\nTesfai Hayle",
        "birth": "March 1987",
        "references": "7209-4056-1125-5762",
        "phone": "01632 960102",
        "may_ring": "ask",
        "email": "",
        "address": "",
        "safe_note": "Text before six",
        "kind": "asylum",
        "exact_kind": "A fresh claim",
        "our_reference": "IM/0500",
        "worker": by.member.handle.hex,
        "came_in_on": "-2d",
        "constituent": "yes",
        "checked_how": "address",
        "authority": "seen",
        "signed_on": "",
        "notice_how": "paper",
        "interpreter": "ti",
        "gender": "woman",
        "route": "ho_mp",
        "sent_on": "-1d",
        "subject": "Delay",
        "questions": "When will it be decided?\n\nWhy was the interview put off?",
        "sent_to": "",
        "their_reference": "",
        **typed,
    }


def send(by: Colleague, **typed: str) -> str:
    browser = by.client
    answer = browser.post(reverse("sitting"), sheet(by, **typed))
    return followed(browser, answer) if answer.status_code == 302 else answer.content.decode()


def rows() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Subject, Case, Enquiry, Event, Envelope))


def test_person_case_enquiry_and_letter_are_there(worker: Colleague) -> None:
    page = text(send(worker))
    assert "The case is open." in page
    case = Case.objects.get()
    assert list(case.events.order_by("id").values_list("kind", "on")) == [
        ("came_in", today() - timedelta(days=2)),
        ("sent", today() - timedelta(days=1)),
    ]
    record = queries.open_case_record(by=worker.actor, case=case)
    head: CaseHead = record.head.content
    [letter] = head.enquiries.values()
    assert (head.our_reference, head.exact_kind, letter.subject) == ("IM/0500", "A fresh claim", "Delay")
    assert letter.questions == ("When will it be decided?", "Why was the interview put off?")
    intake = head.intake
    assert (intake.constituent, intake.checked_how, intake.checked_by) == ("yes", "address", worker.member.name)
    [authority] = intake.authorities
    assert (authority.seen, authority.signed_on, authority.covers) == (True, today() - timedelta(days=2), "ተስፋይ ሃይለ")
    assert (intake.notice_how, intake.interpreter, intake.gender) == ("paper", "ti", "woman")


def test_who_they_are_is_kept_as_they_give_it(worker: Colleague) -> None:
    send(worker)
    person = people.open_person(by=worker.actor, person=Subject.objects.get(kind="person"))
    names = person.identity.content.names
    assert [(one.text, one.by_person) for one in names] == [
        ("ተስፋይ ሃይለ", True),
        ("Tesfay Haile", False),
        ("Tesfai Hayle", False),
    ]
    [birth] = person.identity.content.births
    assert (birth.year, birth.month, birth.day) == (1987, 3, None)
    [way] = person.contact.content.ways
    assert (way.value, way.rules.phone, person.contact.content.safe_note) == ("01632 960102", "ask", "Text before six")
    assert [one.kind for one in person.status.content.references] == ["uan"]
    assert person.needs.content.interpreter == "ti"


def test_a_letter_still_to_be_sent_waits_for_us(worker: Colleague) -> None:
    assert "Letter to send" in text(send(worker, sent_on=""))
    assert not Event.objects.filter(kind="sent").exists()


class TestSomebodyAlike:
    @pytest.fixture
    def here(self, worker: Colleague) -> Subject:
        return builders.person(
            worker,
            "Tesfay Haile",
            references=[Referenced(kind="uan", value="7209-4056-1125-5762")],
            ways=[Way(kind="phone", value="01632 960999")],
            safe_note="Never by post",
        )

    def test_they_are_offered_and_what_was_typed_is_kept(self, worker: Colleague, here: Subject) -> None:
        before = rows()
        page = send(worker)
        said = text(page)
        assert "Somebody like them is here already" in said
        assert "The same reference" in said
        assert f'value="person:{here.handle.hex}"' in page
        assert "Text before six" in page
        assert "Why was the interview put off?" in page
        assert rows() == before

    def test_none_of_them_is_somebody_new(self, worker: Colleague, here: Subject) -> None:
        send(worker, who="new")
        assert Subject.objects.filter(kind="person").count() == 2

    def test_one_of_them_gets_the_case_and_what_their_record_lacked(self, worker: Colleague, here: Subject) -> None:
        send(worker, who=f"person:{here.handle.hex}")
        assert Subject.objects.filter(kind="person").count() == 1
        [case] = builders.cases_of(worker, here)
        assert case == Case.objects.get()
        record = people.open_person(by=worker.actor, person=here)
        assert [one.text for one in record.identity.content.names] == ["Tesfay Haile", "ተስፋይ ሃይለ", "Tesfai Hayle"]
        assert [one.value for one in record.contact.content.ways] == ["01632 960999", "01632 960102"]
        assert record.contact.content.safe_note == "Never by post\nText before six"
        assert len(record.status.content.references) == 1

    def test_the_choice_stands_while_something_else_is_put_right(self, worker: Colleague, here: Subject) -> None:
        page = send(worker, who=f"person:{here.handle.hex}", route="")
        assert "Choose where the letter goes" in page
        [chosen] = [one for one in page.split("<input ") if "person:" in one]
        assert "checked" in chosen

    def test_somebody_of_another_team_is_not_there(self, place: builders.Office, worker: Colleague) -> None:
        other = builders.member(place, "Mair Other", team=builders.team(place))
        stranger = builders.person(other, "Tesfay Haile")
        before = rows()
        page = send(worker, who=f"person:{stranger.handle.hex}")
        assert "There is a problem" in page
        assert rows() == before


class TestWhenSomethingFails:
    @pytest.mark.parametrize(
        ("typed", "problem"),
        [
            ({"name": ""}, "Write the name as they give it."),
            ({"kind": ""}, "Choose the kind that is nearest."),
            ({"sent_on": "tomorrow"}, "That day has not come yet."),
            ({"sent_on": "-3d"}, "That is before the day it came in."),
            ({"birth": "the 40th of May"}, "This is not a day the desk can read."),
            ({"phone": ""}, "Give the number this was said of."),
        ],
    )
    def test_what_is_wrong_is_told_and_the_rest_kept(
        self, worker: Colleague, typed: dict[str, str], problem: str
    ) -> None:
        before = rows()
        page = send(worker, **typed)
        assert problem in page
        assert "Text before six" in page
        assert rows() == before

    def test_nothing_is_half_there_where_the_letter_cannot_be_logged(self, worker: Colleague) -> None:
        before = rows()
        browser = worker.client
        with mock.patch("safeconduct.casework.actions.events.record_writes", side_effect=JournalUnavailable):
            answer = browser.post(reverse("sitting"), sheet(worker))
        assert answer.status_code == 503
        assert rows() == before
        assert not people_found(worker, "Tesfay")

    def test_a_day_without_known_holidays_leaves_nothing(self, worker: Colleague) -> None:
        before = rows()
        page = send(worker, came_in_on="2 mar 1999", sent_on="3 mar 1999")
        assert "There is a problem" in page
        assert rows() == before


def people_found(by: Colleague, name: str) -> list[object]:
    _text, hits = people.found(by=by.actor, handle=people.search(by=by.actor, text=name).handle)
    return list(hits)


def test_who_is_in_no_team_is_led_elsewhere(place: builders.Office) -> None:
    alone = builders.member(place, "Ann Alone")
    alone.member.memberships.all().delete()
    assert alone.client.get(reverse("sitting")).status_code == 302


def test_a_worker_of_another_team_is_refused(place: builders.Office, worker: Colleague) -> None:
    other = builders.member(place, "Mair Other", team=builders.team(place))
    assert "Select a valid choice" in send(worker, worker=other.member.handle.hex)


def test_dates_stand_as_they_were_typed(worker: Colleague) -> None:
    page = send(worker, came_in_on="-2d", route="")
    assert 'value="-2d"' in page
