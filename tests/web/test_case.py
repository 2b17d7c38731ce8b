"""A case's page, as a browser sees it: what is running, what happened, and logging what happens."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from safeconduct.agenda.models import Item
from safeconduct.casework.models import Case, Event
from safeconduct.journal.models import Act, Entry
from safeconduct.web.words import dates
from tests import builders
from tests.builders import Colleague, Office
from tests.support.case_pages import days_ago, followed, log, look, text

pytestmark = pytest.mark.django_db


class TestPage:
    def test_it_shows_the_full_name_in_its_script_and_the_safe_contact_rule(
        self, worker: Colleague, case: Case
    ) -> None:
        page = look(worker.client, case)
        assert re.search(r'<bdi class="name[^>]*dir="auto"[^>]*>محمد رحیمی</bdi>', page)
        assert "Never ring; text Wadad first" in text(page)
        assert "A scheme for one country" in page

    def test_its_title_and_address_name_nobody(self, worker: Colleague, case: Case) -> None:
        page = look(worker.client, case)
        title = re.search("<title>(.*?)</title>", page, re.DOTALL)
        assert title
        assert title[1].strip() == "Case · Safeconduct"
        assert all("IM/" not in url for url in re.findall(r'(?:href|action)="([^"]+)"', page))

    def test_the_clock_explains_itself(self, worker: Colleague, case: Case) -> None:
        said = text(look(worker.client, case))
        assert f"Sent {dates.full(days_ago(60))} (day 0)." in said
        assert "20 working days, England and Wales." in said
        assert (
            "Standard: 95% of MPs&#x27; letters in 20 working days. Stated January 2023, not confirmed since." in said
        )
        assert re.search(r"Late: \d+ working days past the standard", said)

    def test_without_a_standard_it_says_whose_day_it_is(self, worker: Colleague) -> None:
        other = builders.case(worker, builders.person(worker), sent_on=days_ago(60), route="hmpo_hotline")
        said = text(look(worker.client, other))
        assert "This is your office's own day: nothing is late by it.".replace("'", "&#x27;") in said
        assert "past the standard" not in said

    def test_notes_keep_their_direction_and_their_lines(self, worker: Colleague, case: Case) -> None:
        builders.event(worker, case, "phoned", days_ago(1), note="گفت که منتظر است\nsecond line <b>")
        page = look(worker.client, case)
        assert re.search(r'<p class="prose" dir="auto">گفت که منتظر است<br>second line &lt;b&gt;</p>', page)

    def test_the_timeline_is_newest_first_and_says_by_whom(self, worker: Colleague, case: Case) -> None:
        builders.event(worker, case, "holding_reply", days_ago(10), shape="no_timeframe")
        page = look(worker.client, case)
        timeline = page[page.index('class="timeline"') :]
        titles = re.findall(r"<h3>(.*?)</h3>", timeline)
        assert titles == ["Holding reply: in progress, no timeframe", "Letter sent", "Came in"]
        assert "Lowri Worker" in timeline

    def test_it_says_who_has_looked_but_not_this_very_look(self, place: Office, worker: Colleague, case: Case) -> None:
        said = look(place.guardian.client, case)
        assert "Sian Guardian" not in said[said.index("h-looked") :]
        again = look(worker.client, case)
        looked = text(again[again.index("h-looked") :])
        assert "Sian Guardian opened the case" in looked

    def test_it_is_opened_under_an_entry_of_its_own(self, worker: Colleague, case: Case) -> None:
        before = Entry.objects.filter(act=Act.OPENED_CASE).count()
        look(worker.client, case)
        assert Entry.objects.filter(act=Act.OPENED_CASE).count() == before + 1

    def test_another_teams_case_is_not_there(self, place: Office, case: Case) -> None:
        stranger = builders.member(place, "Other Team", team=builders.team(place))
        browser = stranger.client
        signed_in = Entry.objects.count()
        for name in ("case", "case-edit", "case-close", "enquiry-new", "deadline-new"):
            answer = browser.get(reverse(name, args=[case.handle]))
            assert answer.status_code == 404
            assert "رحیمی" not in answer.content.decode()
        assert log(browser, case).status_code == 404
        assert Entry.objects.count() == signed_in

    def test_the_queries_are_few_and_do_not_grow(
        self, worker: Colleague, case: Case, django_assert_max_num_queries: object
    ) -> None:
        for ago in range(1, 9):
            builders.event(worker, case, "phoned", days_ago(ago), note="a note")
        browser = worker.client
        with django_assert_max_num_queries(38):  # type: ignore[operator]  # a fixture
            look(browser, case)


class TestLogging:
    def test_a_holding_reply_is_logged_and_told_in_full(self, worker: Colleague, case: Case) -> None:
        browser, before = worker.client, Item.objects.get(case=case.handle).day
        answer = log(browser, case, kind="holding_reply", on="-3d", shape="no_timeframe", note="No date given")
        said = text(followed(browser, answer))
        assert f"Logged: Holding reply: in progress, no timeframe, {dates.full(days_ago(3))}." in said
        assert "It answers nothing, so the clock runs on." in said
        assert "No date given" in said
        item = Item.objects.get(case=case.handle)
        assert (item.kind, item.day) == ("reply_due", before)

    def test_an_answer_stops_the_clock_and_asks_to_tell_the_person(self, worker: Colleague, case: Case) -> None:
        browser = worker.client
        said = text(followed(browser, log(browser, case, kind="answered", on="yesterday")))
        assert f"Answered on {dates.full(days_ago(1))}" in said
        assert "Tell the person, and log it" in said

    def test_a_decision_offers_a_time_limit_from_its_day(self, worker: Colleague, case: Case) -> None:
        browser = worker.client
        page = followed(browser, log(browser, case, kind="decided", on="-2d"))
        assert "If a time limit runs from the decision, add it now" in page
        [url] = re.findall(r'href="([^"]*limits/new\?on=[^"]+)"', page)
        assert days_ago(2).isoformat() in url
        assert f'value="{days_ago(2).isoformat()}"' in browser.get(url).content.decode()

    @pytest.mark.parametrize(
        ("typed", "problem"),
        [
            ("31 feb", "There is no such day in the calendar."),
            ("11/20/2026", "The month seems to come first."),
            ("20-11-26", "This can mean more than one day."),
            ("whenever", "This is not a day the desk can read."),
            ("tomorrow", "That day has not come yet."),
            ("", "Give the day it happened."),
        ],
    )
    def test_a_day_that_is_none_keeps_everything_typed(
        self, worker: Colleague, case: Case, typed: str, problem: str
    ) -> None:
        before = Event.objects.count()
        answer = log(
            worker.client, case, kind="holding_reply", shape="transferred", on=typed, note="Long & careful words"
        )
        page = answer.content.decode()
        assert answer.status_code == 200
        assert page.index("There is a problem") < page.index("<h1")
        assert problem in page
        assert re.search(r"<title>\s*Error:", page)
        assert "Long &amp; careful words" in page
        assert re.search(r'<option value="holding_reply" selected>', page)
        assert re.search(r'<option value="transferred" selected>', page)
        assert not typed or f'value="{typed}"' in page
        assert Event.objects.count() == before

    def test_what_a_holding_reply_said_belongs_to_one(self, worker: Colleague, case: Case) -> None:
        answer = log(worker.client, case, kind="answered", shape="transferred")
        assert "A reply that says this answers nothing." in answer.content.decode()
        assert not Event.objects.filter(kind="answered").exists()

    def test_a_holding_reply_without_more_is_one_all_the_same(self, worker: Colleague, case: Case) -> None:
        assert log(worker.client, case, kind="holding_reply").status_code == 302
        assert Event.objects.get(kind="holding_reply").shape == "holding_reply"

    @pytest.mark.parametrize("kind", ["", "corrected", "unheard_of"])
    def test_what_is_no_event_is_refused(self, worker: Colleague, case: Case, kind: str) -> None:
        before = Event.objects.count()
        assert log(worker.client, case, kind=kind).status_code == 200
        assert Event.objects.count() == before

    def test_on_a_case_closed_meanwhile_the_text_is_kept(self, worker: Colleague, case: Case) -> None:
        builders.closed(worker.actor, case)
        page = log(worker.client, case, note="do not lose this").content.decode()
        assert "This case is closed." in page
        assert "do not lose this" in page

    def test_with_two_letters_it_asks_which(self, worker: Colleague, case: Case) -> None:
        browser = worker.client
        answer = browser.post(
            reverse("enquiry-new", args=[case.handle]),
            {"route": "sar", "sent_on": "-5d", "subject": "The file", "their_reference": "SAR/9"},
        )
        page = followed(browser, answer)
        assert "The letter was added" in page
        assert "Subject access request · The file" in text(page)
        second = case.enquiries.order_by("id")[1]
        assert log(browser, case, kind="acknowledged", enquiry=second.handle.hex).status_code == 302
        assert Event.objects.get(kind="acknowledged").enquiry == second
        assert log(browser, case, kind="acknowledged", enquiry="0" * 32).status_code == 200
        assert Event.objects.filter(kind="acknowledged").count() == 1

    def test_without_a_letter_it_offers_to_add_one(self, worker: Colleague, case: Case) -> None:
        Event.objects.filter(case=case).delete()
        case.enquiries.all().delete()
        page = look(worker.client, case)
        assert "No clock is running" in page
        assert "Add the letter" in page
        assert 'value="holding_reply"' not in page[page.index('name="kind"') : page.index('name="on"')]
        assert log(worker.client, case, kind="phoned").status_code == 302

    def test_a_link_of_what_next_fills_in_the_form(self, worker: Colleague, case: Case) -> None:
        browser = worker.client
        [url] = re.findall(r'href="([^"]*log=chased[^"]*)"', look(browser, case))
        assert url.endswith("#log-event")
        page = browser.get(url.replace("&amp;", "&")).content.decode()
        assert '<option value="chased" selected>' in page
