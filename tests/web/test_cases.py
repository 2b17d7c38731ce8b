"""The list of cases, opening one, and changing what it says of itself."""

from __future__ import annotations

import re
from typing import Final

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from safeconduct.agenda.models import Item
from safeconduct.casework import queries
from safeconduct.casework.models import Case, Event
from safeconduct.people.facets import CaseHead
from safeconduct.people.models import Subject
from tests import builders
from tests.builders import Colleague, Office
from tests.support.case_pages import days_ago, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker(place: Office) -> Colleague:
    return builders.member(place)


def head_of(by: Colleague, case: Case) -> CaseHead:
    head = queries.open_head(by=by.actor, case=case).content
    assert isinstance(head, CaseHead)
    return head


class TestList:
    def look(self, browser: Client, **query: str) -> str:
        answer = browser.get(reverse("cases"), query)
        assert answer.status_code == 200
        return answer.content.decode()

    @pytest.fixture
    def some(self, worker: Colleague) -> list[Case]:
        about = builders.person(worker, "Fatima Rahimi")
        made = [
            builders.case(worker, about, reference="IM/1", sent_on=days_ago(60), worker=worker.member),
            builders.case(worker, about, reference="IM/2", sent_on=days_ago(3), kind="family"),
            builders.case(worker, about, reference="IM/3", sent_on=days_ago(200)),
        ]
        builders.closed(worker.actor, made[2])
        return made

    @pytest.mark.usefixtures("some")
    def test_open_ones_newest_first_with_listed_names(self, worker: Colleague) -> None:
        page = self.look(worker.client)
        assert re.findall(r"IM/\d", page) == ["IM/2", "IM/1"]
        assert "Fatima R." in text(page)
        assert "Rahimi" not in page
        assert "2 open cases" in page
        assert "Late" in text(page)

    @pytest.mark.parametrize(
        ("query", "references"),
        [
            ({"state": "closed"}, ["IM/3"]),
            ({"state": "all"}, ["IM/2", "IM/1", "IM/3"]),
            ({"topic": "family"}, ["IM/2"]),
            ({"worker": "mine"}, ["IM/1"]),
            ({"worker": "nobody", "topic": "asylum"}, []),
            ({"state": "x", "topic": "x"}, ["IM/2", "IM/1"]),
        ],
    )
    @pytest.mark.usefixtures("some")
    def test_filters(self, worker: Colleague, query: dict[str, str], references: list[str]) -> None:
        assert re.findall(r"IM/\d", self.look(worker.client, **query)) == references

    @pytest.mark.usefixtures("some")
    def test_where_none_fits_the_way_back_is_shown(self, worker: Colleague) -> None:
        page = self.look(worker.client, worker="nobody", topic="asylum")
        assert "No case fits these filters" in page
        assert "Clear all" in page

    def test_an_empty_list_says_how_a_case_begins(self, worker: Colleague) -> None:
        assert "A case begins with a person" in self.look(worker.client)

    @pytest.mark.usefixtures("some")
    def test_another_teams_cases_are_not_there(self, place: Office) -> None:
        stranger = builders.member(place, "Other Team", team=builders.team(place))
        page = self.look(stranger.client, state="all")
        assert "IM/" not in page
        assert "Fatima" not in page

    @pytest.mark.parametrize("count", [1, 9])
    def test_the_queries_do_not_grow_with_the_rows(
        self, worker: Colleague, count: int, django_assert_max_num_queries: object
    ) -> None:
        for number in range(count):
            builders.case(worker, builders.person(worker, f"Person {number}"), sent_on=days_ago(60))
        browser = worker.client
        with django_assert_max_num_queries(35):  # type: ignore[operator]  # a fixture
            self.look(browser)


NEW: Final = {
    "kind": "asylum",
    "exact_kind": "Delay since the interview",
    "our_reference": "IM/0300",
    "worker": "",
    "came_in_on": "-2d",
    "route": "ho_mp",
    "sent_to": "MPAM",
    "subject": "When will there be a decision?",
    "sent_on": "",
}


class TestOpening:
    @pytest.fixture
    def somebody(self, worker: Colleague) -> Subject:
        return builders.person(worker, "فاطمه رحیمی", safe_note="Text first")

    def post(self, browser: Client, about: Subject, **fields: str) -> HttpResponse:
        answer = browser.post(reverse("case-new", args=[about.handle]), {**NEW, **fields})
        assert isinstance(answer, HttpResponse)
        return answer

    def test_the_page_shows_whom_it_is_for_and_how_to_reach_them(self, worker: Colleague, somebody: Subject) -> None:
        page = worker.client.get(reverse("case-new", args=[somebody.handle])).content.decode()
        assert "فاطمه رحیمی" in page
        assert "Text first" in page

    def test_a_case_with_a_letter_still_to_write(self, worker: Colleague, somebody: Subject) -> None:
        browser = worker.client
        answer = self.post(browser, somebody, worker=worker.member.handle.hex)
        made = Case.objects.get()
        assert answer["Location"].startswith(reverse("case", args=[made.handle]))
        head = head_of(worker, made)
        assert (head.our_reference, head.exact_kind) == ("IM/0300", "Delay since the interview")
        [concerned] = queries.open_case_record(by=worker.actor, case=made).concerned
        assert (concerned.person, concerned.name) == (somebody.handle.hex, "فاطمه رحیمی")
        assert concerned.safe_note == "Text first"
        [letter] = head.enquiries.values()
        assert (letter.sent_to, letter.subject) == ("MPAM", "When will there be a decision?")
        assert made.worker == worker.member
        assert Item.objects.get(case=made.handle).kind == "answer"
        assert "Write, and log the letter as sent" in browser.get(answer["Location"]).content.decode()

    def test_a_letter_that_has_gone_starts_its_clock(self, worker: Colleague, somebody: Subject) -> None:
        self.post(worker.client, somebody, sent_on="yesterday")
        assert Item.objects.get().kind == "reply_due"

    @pytest.mark.parametrize(
        ("fields", "problem"),
        [
            ({"kind": ""}, "Choose the kind that is nearest."),
            ({"route": ""}, "Choose where the letter goes"),
            ({"came_in_on": "tomorrow"}, "That day has not come yet."),
            ({"sent_on": "tomorrow"}, "That day has not come yet."),
            ({"sent_on": "-9d"}, "That is before the day it came in."),
            ({"worker": "0" * 32}, "Select a valid choice."),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_is_lost(
        self, worker: Colleague, somebody: Subject, fields: dict[str, str], problem: str
    ) -> None:
        page = self.post(worker.client, somebody, **fields).content.decode()
        assert problem in page
        assert "Delay since the interview" in page
        assert not Case.objects.exists()

    def test_a_person_of_another_team_is_not_there(self, place: Office, somebody: Subject) -> None:
        stranger = builders.member(place, "Other Team", team=builders.team(place))
        assert self.post(stranger.client, somebody).status_code == 404
        assert not Case.objects.exists()


class TestChanging:
    @pytest.fixture
    def case(self, worker: Colleague) -> Case:
        return builders.case(worker, builders.person(worker), reference="IM/1", exact_kind="First", sent_on=days_ago(5))

    def fields(self, case: Case, **changed: str) -> dict[str, str]:
        letter = builders.enquiry(case).handle.hex
        return {
            "kind": "family",
            "exact_kind": "Reunion",
            "our_reference": "IM/1",
            "worker": "",
            "note": "",
            "revision": "1",
            f"subject-{letter}": "Delay",
            f"sent_to-{letter}": "",
            f"their_reference-{letter}": "MPAM/0123456/26",
            **changed,
        }

    def test_it_shows_what_is_there(self, worker: Colleague, case: Case) -> None:
        page = worker.client.get(reverse("case-edit", args=[case.handle])).content.decode()
        assert 'value="First"' in page
        assert 'value="Delay"' in page
        assert '<option value="asylum" selected>' in page

    def test_it_saves_the_head_and_what_lists_filter_by(self, worker: Colleague, case: Case) -> None:
        browser = worker.client
        fields = self.fields(case, worker=worker.member.handle.hex, note="From the sheet")
        answer = browser.post(reverse("case-edit", args=[case.handle]), fields)
        assert answer.status_code == 302
        head = head_of(worker, case)
        assert (head.exact_kind, head.note) == ("Reunion", "From the sheet")
        assert head.enquiries[builders.enquiry(case).handle.hex].their_reference == "MPAM/0123456/26"
        assert len(head.concerns) == 1
        item = Item.objects.get(case=case.handle)
        assert (item.topic, item.worker) == ("family", worker.member)
        assert "Saved." in browser.get(answer["Location"]).content.decode()

    def test_what_somebody_saved_meanwhile_is_shown_and_not_overwritten(
        self, place: Office, worker: Colleague, case: Case
    ) -> None:
        url = reverse("case-edit", args=[case.handle])
        place.guardian.client.post(url, self.fields(case, exact_kind="Theirs"))
        browser = worker.client
        answer = browser.post(url, self.fields(case, exact_kind="Mine & kept", kind="asylum"))
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "Somebody else saved this case while you were writing." in page
        assert "Mine &amp; kept" in page
        assert "Saved by them: Theirs" in page
        assert "Saved by them: Family" in page
        assert page.count("Saved by them") == 2
        assert head_of(worker, case).exact_kind == "Theirs"
        again = re.search(r'name="revision" value="(\d+)"', page)
        assert again
        saved = browser.post(url, self.fields(case, exact_kind="Mine & kept", revision=again[1]))
        assert saved.status_code == 302
        assert head_of(worker, case).exact_kind == "Mine & kept"

    def test_a_worker_of_another_team_is_no_choice(self, place: Office, worker: Colleague, case: Case) -> None:
        stranger = builders.member(place, "Other Team", team=builders.team(place))
        fields = self.fields(case, worker=stranger.member.handle.hex)
        assert worker.client.post(reverse("case-edit", args=[case.handle]), fields).status_code == 200
        assert head_of(worker, case).exact_kind == "First"

    def test_changing_logs_no_event(self, worker: Colleague, case: Case) -> None:
        before = Event.objects.count()
        worker.client.post(reverse("case-edit", args=[case.handle]), self.fields(case))
        assert Event.objects.count() == before
