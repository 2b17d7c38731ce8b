"""The page of one letter's clock, what an entry is said to have changed, and what a reply is noted to have said."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from safeconduct.accounts.keys import today
from safeconduct.agenda.models import Item
from safeconduct.casework import queries
from safeconduct.casework.actions import deadlines
from safeconduct.casework.models import Case, Event
from safeconduct.people.facets import CaseEntry
from safeconduct.web.words import dates
from tests import builders
from tests.builders import Colleague
from tests.support.case_pages import days_ago, followed, log, look, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(worker: Colleague) -> Case:
    return builders.case(worker, builders.person(worker, "محمد رحیمی"), sent_on=days_ago(14), reference="IM/0214")


def url(case: Case) -> str:
    return reverse("enquiry-clock", args=[case.handle, builders.enquiry(case).handle])


def say(browser: Client, case: Case, kind: str, **fields: str) -> HttpResponse:
    answer = browser.post(url(case), {"kind": kind, "on": "today", **fields})
    assert isinstance(answer, HttpResponse)
    return answer


def take_back(browser: Client, case: Case, event: Event) -> str:
    """The page that comes of taking an entry back, as words."""
    answer = browser.post(reverse("event-correct", args=[case.handle, event.handle]), {"note": "not so"})
    assert isinstance(answer, HttpResponse)
    return text(followed(browser, answer))


def reply_due(case: Case) -> date:
    return Item.objects.get(handle=builders.enquiry(case).handle).day


class TestThePage:
    def test_it_explains_the_day_and_says_what_is_not_stopped_here(self, worker: Colleague, case: Case) -> None:
        browser = worker.client
        assert f'href="{url(case)}"' in look(browser, case)
        page = browser.get(url(case)).content.decode()
        said = text(page)
        assert f"Sent {dates.full(days_ago(14))} (day 0)." in said
        assert "Limits of the law that run against the person are not stopped here" in said
        assert "رحیمی" in page
        title = re.search("<title>(.*?)</title>", page, re.DOTALL)
        assert title is not None
        assert title[1].strip() == "The clock of a letter · Safeconduct"

    def test_a_limit_of_the_law_says_so_too(self, worker: Colleague, case: Case) -> None:
        deadlines.set_deadline(
            by=worker.actor, case=case, rule="ast.appeal", on=days_ago(1), nation="england-and-wales"
        )
        assert "Limits of the law that run against the person are not stopped here" in look(worker.client, case)

    def test_another_cases_letter_is_not_there(self, worker: Colleague, case: Case) -> None:
        other = builders.case(worker, builders.person(worker), sent_on=days_ago(3))
        wrong = reverse("enquiry-clock", args=[case.handle, builders.enquiry(other).handle])
        assert worker.client.get(wrong).status_code == 404
        assert worker.client.post(wrong, {"kind": "promised", "on": "today", "until": "+5d"}).status_code == 404
        assert not Event.objects.filter(kind="promised").exists()


class TestSaying:
    def test_a_pause_is_logged_explained_and_told_by_what_it_moved(self, worker: Colleague, case: Case) -> None:
        browser, before = worker.client, reply_due(case)
        answer = say(browser, case, "paused", on="-10d", reason="policy_hold", note="Hold on this country")
        said = text(followed(browser, answer))
        still = f"The clock stands still since {dates.full(days_ago(10))}"
        assert f"Logged: Clock stopped: decisions of this kind are on hold, {dates.full(days_ago(10))}." in said
        assert f"Before: Reply due {dates.full(before)}. Now: {still}." in said
        assert f"{still}: decisions of this kind are on hold" in said
        assert "Hold on this country" in said

        said = text(followed(browser, say(browser, case, "resumed", on="-3d")))
        assert f"Before: {still}. Now: Reply due {dates.full(reply_due(case))}. " in said
        assert "Now: ." not in said
        assert f"The clock was stopped on {dates.full(days_ago(10))}: decisions of this kind are on hold." in said
        assert "working days left out." in said
        assert f"The last day is then {dates.full(reply_due(case))}." in said
        assert "The rule can be read in more than one way:" in said
        assert "Nothing published lets this clock be paused, so the pause does not count." in said
        assert reply_due(case) > before

    def test_an_extension_by_days_counts_from_the_last_day(self, worker: Colleague, case: Case) -> None:
        browser, before = worker.client, reply_due(case)
        said = text(followed(browser, say(browser, case, "extended", more="5", reason="complex")))
        event = Event.objects.get(kind="extended")
        assert event.until is not None
        assert reply_due(case) == event.until > before
        assert f"Reply due was {dates.full(before)}; it is now {dates.full(event.until)}." in said
        assert f"They extended it on {dates.full(today())} to {dates.full(event.until)}: they call it complex." in said

    def test_a_promise_has_its_own_day(self, worker: Colleague, case: Case) -> None:
        browser, before = worker.client, reply_due(case)
        by = today() + timedelta(days=70)
        said = text(followed(browser, say(browser, case, "promised", until=by.strftime("%d/%m/%Y"))))
        assert f"Promised by {dates.full(by)}, on {dates.plain(today())}." in said
        assert Item.objects.get(kind="promise").day == by
        assert reply_due(case) == before
        said = text(followed(browser, say(browser, case, "promise_kept")))
        assert f"Promised by {dates.full(by)}, and kept." in said
        assert not Item.objects.filter(kind="promise").exists()

    def test_on_its_day_a_promise_stands_in_today(self, worker: Colleague, case: Case) -> None:
        builders.event(worker, case, "promised", days_ago(9), until=days_ago(1))
        said = text(worker.client.get(reverse("today")).content)
        day = dates.short(days_ago(1), today())
        assert f"was promised by {day}" in said
        assert "Promised 9 days ago. A promise moves no standard" in said

    def test_a_clock_that_stands_still_stands_there_with_why(self, worker: Colleague) -> None:
        other = builders.case(worker, builders.person(worker), sent_on=days_ago(60), route="hmpo_hotline")
        builders.event(worker, other, "paused", days_ago(50), reason="policy_hold")
        said = text(worker.client.get(reverse("today")).content)
        assert f"The clock has stood still since {dates.short(days_ago(50), today())}" in said

    def test_what_next_leads_to_clarifying(self, worker: Colleague, case: Case) -> None:
        browser = worker.client
        page = followed(browser, say(browser, case, "clarification_asked", on="-2d"))
        assert "Nothing published lets that stop this clock, so it runs on." in text(page)
        [link] = re.findall(r'href="([^"]*clock\?log=clarified[^"]*)"', page)
        assert '<option value="clarified" selected>' in browser.get(link.replace("&amp;", "&")).content.decode()
        assert "They asked what exactly is wanted 2 days ago" in text(look(browser, case))

    @pytest.mark.parametrize(
        ("kind", "fields", "field", "problem"),
        [
            ("", {}, "kind", "Choose what happened to the clock."),
            ("answered", {}, "kind", "Select a valid choice."),
            ("paused", {"on": "-20d", "reason": "other"}, "", "No letter was out on that day"),
            ("paused", {"on": "-2d"}, "reason", "Say why"),
            ("paused", {"on": "tomorrow", "reason": "other"}, "on", "That day has not come yet."),
            ("resumed", {}, "", "The clock did not stand still on that day."),
            ("resumed", {"reason": "other"}, "reason", "Only a pause and an extension have a reason."),
            ("resumed", {"until": "+5d"}, "until", "This has no second day."),
            ("extended", {"until": "tomorrow", "reason": "complex"}, "until", "An extension ends later than that."),
            ("extended", {"reason": "complex"}, "until", "Give the day they extended it to."),
            ("extended", {"until": "1/2/2031", "reason": "complex"}, "until", "Bank holidays are known from"),
            ("extended", {"until": "+90d", "more": "5", "reason": "complex"}, "more", "only in place of its day"),
            ("promised", {"more": "5", "until": "+90d"}, "more", "only for an extension"),
            ("promised", {}, "until", "Give the day they promised."),
            ("promise_kept", {}, "", "No promise was open on that day."),
            ("clarified", {}, "", "No question of theirs was open on that day."),
        ],
    )
    def test_what_cannot_be_so_keeps_everything_typed(
        self, worker: Colleague, case: Case, kind: str, fields: dict[str, str], field: str, problem: str
    ) -> None:
        before = Event.objects.count()
        answer = say(worker.client, case, kind, note="Long & careful words", **fields)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert page.index("There is a problem") < page.index("<h1")
        assert problem in text(page)
        assert "Long &amp; careful words" in page
        if field:
            assert f'id="id_{field}-error"' in page
        assert Event.objects.count() == before

    def test_on_a_closed_case_nothing_is_said(self, worker: Colleague, case: Case) -> None:
        builders.closed(worker.actor, case)
        assert url(case) not in look(worker.client, case)
        assert "This case is closed." in say(worker.client, case, "promised", until="+5d").content.decode()


class TestWhatChanged:
    def test_taking_back_an_answer_says_what_is_due_now(self, worker: Colleague, case: Case) -> None:
        wrong = builders.event(worker, case, "answered", days_ago(2))
        said = take_back(worker.client, case, wrong)
        assert "The entry was taken back." in said
        assert f"Before: Answered {dates.full(days_ago(2))}. Now: Reply due {dates.full(reply_due(case))}." in said

    def test_taking_back_a_pause_says_both_days(self, worker: Colleague, case: Case) -> None:
        plain = reply_due(case)
        stop = builders.event(worker, case, "paused", days_ago(10), reason="other")
        go = builders.event(worker, case, "resumed", days_ago(3))
        paused, browser = reply_due(case), worker.client
        take_back(browser, case, go)
        said = take_back(browser, case, stop)
        still = f"The clock stands still since {dates.full(days_ago(10))}"
        assert f"Before: {still}. Now: Reply due {dates.full(plain)}." in said
        assert paused > plain

    def test_taking_back_the_first_of_two_letters_says_the_days(self, worker: Colleague, case: Case) -> None:
        builders.event(worker, case, "sent", days_ago(5))
        first = Event.objects.get(case=case, kind="sent", on=days_ago(14))
        before = reply_due(case)
        said = take_back(worker.client, case, first)
        assert f"Reply due was {dates.full(before)}; it is now {dates.full(reply_due(case))}." in said

    def test_what_moved_nothing_says_nothing_of_the_clock(self, worker: Colleague, case: Case) -> None:
        browser = worker.client
        said = text(followed(browser, log(browser, case, kind="acknowledged")))
        assert "Logged: Acknowledged" in said
        assert "it is now" not in said
        assert "Before:" not in said

    def test_an_entry_of_another_case_is_not_told(self, worker: Colleague, case: Case) -> None:
        other = builders.case(worker, builders.person(worker), sent_on=days_ago(3))
        theirs = builders.event(worker, other, "answered", days_ago(1))
        page = look(worker.client, case, done="logged", event=theirs.handle.hex)
        assert "Logged:" not in page


class TestReplies:
    def with_questions(self, worker: Colleague, case: Case) -> Event:
        """A second letter that asks two things; its event of going out."""
        answer = worker.client.post(
            reverse("enquiry-new", args=[case.handle]),
            {"route": "ho_mp", "sent_on": "-5d", "subject": "Delay", "questions": "When?\r\n\r\n Why so long? \r\n"},
        )
        assert answer.status_code == 302
        return Event.objects.filter(kind="sent").latest("pk")

    def test_what_a_letter_asks_is_kept_line_by_line(self, worker: Colleague, case: Case) -> None:
        sent = self.with_questions(worker, case)
        assert sent.enquiry is not None
        head = queries.open_head(by=worker.actor, case=case).content
        assert head.enquiries[sent.enquiry.handle.hex].questions == ("When?", "Why so long?")
        said = text(look(worker.client, case))
        assert "Asks: When?" in said
        assert "Asks: Why so long?" in said

    def test_changing_the_case_keeps_what_its_letters_ask(self, worker: Colleague, case: Case) -> None:
        sent = self.with_questions(worker, case)
        browser, edit = worker.client, reverse("case-edit", args=[case.handle])
        page = browser.get(edit).content.decode()
        assert "When?\nWhy so long?</textarea>" in page
        fields = dict(re.findall(r'<input type="\w+" name="([^"]+)" value="([^"]*)"', page))
        letter = sent.enquiry.handle.hex if sent.enquiry else ""
        fields |= {"kind": "family", "worker": "", "note": "", f"questions-{letter}": "When?\r\nWhy so long?\r\nWho?"}
        assert browser.post(edit, fields).status_code == 302
        head = queries.open_head(by=worker.actor, case=case).content
        assert head.enquiries[letter].questions == ("When?", "Why so long?", "Who?")

    def test_a_reply_is_held_against_each_question_and_its_promise_logged(self, worker: Colleague, case: Case) -> None:
        sent = self.with_questions(worker, case)
        assert sent.enquiry is not None
        letter, browser = sent.enquiry.handle.hex, worker.client
        assert f'value="{letter}-1"' in look(browser, case)
        by = today() + timedelta(days=21)
        answer = log(
            browser,
            case,
            kind="holding_reply",
            shape="awaiting_checks",
            enquiry=letter,
            answered=f"{letter}-1",
            promised=by.strftime("%d/%m/%Y"),
        )
        page = followed(browser, answer)
        event = Event.objects.get(kind="holding_reply")
        assert queries.open_case_record(by=worker.actor, case=case).entries[event.handle].answered == (1,)
        said = text(page[page.index('class="timeline"') :])
        assert "Answered Why so long?" in said
        assert "Not answered When?" in said
        assert f"by {dates.full(by)}" in said
        assert Item.objects.get(kind="promise").day == by

    def test_questions_of_another_letter_are_not_answered(self, worker: Colleague, case: Case) -> None:
        sent = self.with_questions(worker, case)
        letter = sent.enquiry.handle.hex if sent.enquiry else ""
        first = builders.enquiry(case).handle.hex
        assert log(worker.client, case, kind="answered", enquiry=first, answered=f"{letter}-1").status_code == 302
        event = Event.objects.get(kind="answered")
        assert event.handle not in queries.open_case_record(by=worker.actor, case=case).entries

    @pytest.mark.parametrize(
        ("fields", "problem"),
        [
            ({"kind": "chased", "promised": "+9d"}, "They promise something in a reply or a call."),
            ({"kind": "chased", "answered": "0" * 32 + "-0"}, "Only a reply answers questions."),
            ({"kind": "answered", "answered": "not-one"}, "Select a valid choice."),
            ({"kind": "chased", "shape": "transferred"}, "Only a reply has one of these."),
            ({"kind": "holding_reply", "on": "-2d", "promised": "-3d"}, "They promised a day before"),
        ],
    )
    def test_what_no_reply_can_have_said_is_told(
        self, worker: Colleague, case: Case, fields: dict[str, str], problem: str
    ) -> None:
        self.with_questions(worker, case)
        before = Event.objects.count()
        answer = log(worker.client, case, note="kept", enquiry=builders.enquiry(case).handle.hex, **fields)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert problem in text(page)
        assert "Why so long?" in page
        assert Event.objects.count() == before

    def test_everything_a_reply_said_stands_in_the_timeline(self, worker: Colleague, case: Case) -> None:
        builders.event(
            worker,
            case,
            "holding_reply",
            days_ago(2),
            shape="no_timeframe",
            said=["transferred"],
            entry=CaseEntry(note="See below", unit="Unit <Six>", reference="HO/1", caller="A neighbour"),
        )
        page = look(worker.client, case)
        timeline = page[page.index('class="timeline"') :]
        assert "Holding reply: in progress, no timeframe; passed to another unit" in timeline
        assert "Unit &lt;Six&gt;" in timeline
        assert re.search(r'<bdi class="[^"]*ref[^"]*"[^>]*>HO/1</bdi>', timeline)
        assert "A neighbour" in text(timeline)

    def test_an_answer_may_say_that_it_can_be_reviewed(self, worker: Colleague, case: Case) -> None:
        assert log(worker.client, case, kind="decided", shape="review_right").status_code == 302
        assert Event.objects.get(kind="decided").shape == "review_right"
