"""Closing a case on its page: what is still open, the form, opening again, and the list of what to look at again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from safeconduct.accounts.keys import today
from safeconduct.agenda.models import Item
from safeconduct.casework.actions import deadlines, events, tasks
from safeconduct.casework.models import Case
from safeconduct.people.actions import erase
from safeconduct.web.words import dates
from safeconduct.web.words.closing import OUTCOMES
from tests import builders
from tests.builders import Colleague, Office
from tests.support.case_pages import days_ago, followed, look, text

pytestmark = pytest.mark.django_db
CLOSING = {"outcome": "refused", "on": "today", "review_on": "+400d", "note": ""}


def at(case: Case, name: str = "case-close") -> str:
    return reverse(name, args=[case.handle])


class TestWhatIsStillOpen:
    def test_everything_open_is_listed_with_what_becomes_of_it(self, worker: Colleague, case: Case) -> None:
        second = Case.objects.get(pk=case.pk)
        deadlines.set_deadline(
            by=worker.actor, case=second, rule="ftt.iac.appeal.in", on=days_ago(3), nation="england-and-wales"
        )
        letter = builders.enquiry(case)
        events.log_event(
            by=worker.actor,
            case=case,
            enquiry=letter,
            kind="promised",
            on=days_ago(2),
            until=today() + timedelta(days=8),
        )
        tasks.add_task(by=worker.actor, case=case, kind="check", on=today(), what="Ask the school in Leeds")
        said = text(worker.client.get(at(case)).content)
        assert "This runs against the person whether the case is open or not." in said
        assert "It is not chased any more" in said
        assert "They promised something by that day." in said
        assert "Ask the school in Leeds" in said
        assert "It stays in Today until somebody says that it was done" in said

    def test_an_answer_nobody_passed_on_is_asked_about_and_ticked_away(self, worker: Colleague, case: Case) -> None:
        builders.event(worker, case, "answered", days_ago(2))
        browser = worker.client
        assert "the person is not told yet" in text(browser.get(at(case)).content)
        page = followed(browser, browser.post(at(case), {**CLOSING, "told": "on"}))
        assert "Told the person" in page

    def test_a_removal_keeps_it_open(self, worker: Colleague, case: Case) -> None:
        builders.removal(worker, case)
        browser = worker.client
        page = browser.get(at(case)).content.decode()
        assert "A case is not closed over a removal." in page
        assert reverse("case-urgent-end", args=[case.handle]) in page
        assert "Say first what became of it." in text(browser.post(at(case), CLOSING).content)
        case.refresh_from_db()
        assert case.state == "open"

    def test_nothing_open_is_said(self, worker: Colleague, case: Case) -> None:
        builders.event(worker, case, "answered", days_ago(2))
        builders.event(worker, case, "told_person", days_ago(1))
        assert "Nothing is open on it." in text(worker.client.get(at(case)).content)


class TestTheForm:
    def test_it_closes_with_an_outcome_and_says_so_on_the_case(self, worker: Colleague, case: Case) -> None:
        browser = worker.client
        page = followed(browser, browser.post(at(case), {**CLOSING, "note": "The sister in Hull knows"}))
        said = text(page)
        assert f"Closed {dates.plain(today())}: it was refused." in said
        assert f"To be looked at again {dates.plain(today() + timedelta(days=400))}." in said
        assert "Case closed: it was refused" in said
        assert "The sister in Hull knows" in said
        assert at(case, "case-reopen") in page
        assert not Item.objects.filter(case=case.handle, kind="reply_due").exists()

    def test_no_day_is_guessed_where_the_office_has_not_chosen(self, worker: Colleague, case: Case) -> None:
        answer = worker.client.post(at(case), {**CLOSING, "review_on": "", "note": "kept text"})
        assert "The office has not chosen one, and the desk guesses none." in text(answer.content)
        assert "kept text" in answer.content.decode()
        assert "None" not in text(answer.content)
        said = text(worker.client.get(at(case)).content)
        assert "How long others keep such records" in said
        assert "Unconfirmed: check." in said

    def test_the_offices_own_choice_is_taken_where_left_empty(
        self, place: Office, worker: Colleague, case: Case
    ) -> None:
        place.organisation.keep_months = 24
        place.organisation.save(update_fields=["keep_months"])
        browser = worker.client
        assert "24 months after it ended" in text(browser.get(at(case)).content)
        followed(browser, browser.post(at(case), {**CLOSING, "review_on": ""}))
        case.refresh_from_db()
        assert case.review_on
        assert case.review_on > today() + timedelta(days=720)

    @pytest.mark.parametrize(
        ("fields", "problem"),
        [
            ({"outcome": ""}, "Choose how it ended."),
            ({"on": "+1d"}, "That day has not come yet."),
            ({"on": "1 jan 2020"}, "That day is before the case was opened."),
            ({"review_on": "-1d"}, "That day is before the case is closed."),
        ],
    )
    def test_faults_keep_what_was_typed(
        self, worker: Colleague, case: Case, fields: dict[str, str], problem: str
    ) -> None:
        answer = worker.client.post(at(case), {**CLOSING, "note": "kept text", **fields})
        assert problem in text(answer.content)
        assert "kept text" in answer.content.decode()
        case.refresh_from_db()
        assert case.state == "open"

    def test_a_closed_case_has_no_form_to_close_it(self, worker: Colleague, case: Case) -> None:
        builders.closed(worker.actor, case)
        assert worker.client.get(at(case)).status_code == 302
        assert worker.client.get(at(case, "case-reopen")).status_code == 200


class TestOpeningAgain:
    def test_it_takes_a_reason_that_stands_in_the_timeline(self, worker: Colleague, case: Case) -> None:
        browser = worker.client
        builders.closed(worker.actor, case, outcome="lost_touch")
        assert "Say why." in text(browser.post(at(case, "case-reopen"), {"why": " "}).content)
        page = followed(browser, browser.post(at(case, "case-reopen"), {"why": "He rang from Cardiff"}))
        said = text(page)
        assert "Case opened again" in said
        assert "He rang from Cardiff" in said
        assert "Case closed: we lost touch" in said
        assert Item.objects.filter(case=case.handle).exists()
        # What says where the case stands is not offered to be taken back.
        [entry] = [part for part in page.split("<h3>") if part.startswith("Case opened again")]
        assert "Correct" not in entry.split("</li>")[0]


class TestLookingAgain:
    def test_kept_with_a_reason_it_leaves_the_list(self, worker: Colleague, case: Case) -> None:
        browser = worker.client
        builders.closed(worker.actor, case)
        Case.objects.filter(pk=case.pk).update(review_on=today())
        assert "1 closed case to look at again" in text(browser.get(reverse("cases")).content)
        page = browser.get(reverse("review")).content.decode()
        assert "IM/0214" in page
        assert reverse("erase", args=[case.handle]) in page
        sent = {"until": "+90d", "why": "A claim may follow"}
        page = followed(browser, browser.post(at(case, "case-keep"), sent))
        assert "It is kept until the day you gave." in page
        assert "IM/0214" not in page
        assert "A claim may follow" in look(browser, case)

    def test_without_a_reason_or_a_day_to_come_it_stays(self, worker: Colleague, case: Case) -> None:
        builders.closed(worker.actor, case)
        browser = worker.client
        for sent, problem in (
            ({"until": "+90d", "why": ""}, "Say why."),
            ({"until": "today", "why": "why"}, "Give a day to come."),
        ):
            assert problem in text(browser.post(at(case, "case-keep"), sent).content)

    def test_what_was_asked_to_be_erased_says_so(self, worker: Colleague, case: Case) -> None:
        builders.closed(worker.actor, case)
        Case.objects.filter(pk=case.pk).update(review_on=today())
        erase.ask(by=worker.actor, subject=case.subject)
        assert "Erasure was asked for" in text(worker.client.get(reverse("review")).content)

    def test_it_suggests_and_applies_nothing(self, worker: Colleague) -> None:
        said = text(worker.client.get(reverse("review")).content)
        assert "none of them checked for this office and none applied by itself" in said
        assert "Nothing goes by itself." in said

    def test_another_teams_case_is_not_there(self, place: Office, worker: Colleague, case: Case) -> None:
        builders.closed(worker.actor, case)
        Case.objects.filter(pk=case.pk).update(review_on=today())
        browser = builders.member(place, "Other Team", team=builders.team(place)).client
        assert "IM/0214" not in browser.get(reverse("review")).content.decode()
        for name in ("case-close", "case-reopen", "case-keep"):
            assert browser.get(at(case, name)).status_code == 404


def test_closed_cases_are_filtered_by_how_they_ended(worker: Colleague, case: Case) -> None:
    other = builders.case(worker, builders.person(worker, "Zehra Karimi"), sent_on=days_ago(5), reference="IM/0300")
    builders.closed(worker.actor, case, outcome="refused")
    builders.closed(worker.actor, other, outcome="died")
    browser = worker.client
    page = browser.get(reverse("cases"), {"outcome": "died"}).content.decode()
    assert "IM/0300" in page
    assert "IM/0214" not in page
    assert "How it ended: They died" in text(page)
    assert "they died" in page
    both = browser.get(reverse("cases"), {"state": "closed"}).content.decode()
    assert "IM/0214" in both
    assert "IM/0300" in both


def test_every_outcome_has_words() -> None:
    assert set(OUTCOMES) == set(Case.Outcome)
