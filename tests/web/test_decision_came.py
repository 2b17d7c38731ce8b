"""The page on which a decision that came is said, its time limits are looked at, and both are logged."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from safeconduct.accounts.keys import today
from safeconduct.accounts.models import Organisation
from safeconduct.casework import decisions
from safeconduct.casework.actions.urgent import set_urgent
from safeconduct.casework.models import Case, Deadline, Event
from safeconduct.casework.queries import open_case_record
from safeconduct.core.calendar.days import Nation
from safeconduct.core.calendar.rules import Caution, all_rules
from safeconduct.journal.models import Entry
from safeconduct.people.facets import Urgent
from safeconduct.web.desk.cases import present_served
from safeconduct.web.words import dates, limits
from safeconduct.web.words import served as words
from tests import builders
from tests.builders import Colleague
from tests.support.case_pages import days_ago, followed, look, text

pytestmark = pytest.mark.django_db

TYPED = {"decision": "asylum_refused", "how": "post", "sent_on": "-3d", "where": "england-and-wales"}


def page_of(case: Case) -> str:
    return reverse("decision-new", args=[case.handle])


def ask(browser: Client, case: Case, **fields: str) -> str:
    """The page after the form was sent once: nothing is logged by that."""
    answer = browser.post(page_of(case), TYPED | fields)
    assert answer.status_code == 200
    assert not Event.objects.filter(kind="decided").exists()
    assert not Deadline.objects.exists()
    return answer.content.decode()


def counted(page: str) -> str:
    [found] = re.findall(r'name="counted" value="([^"]+)"', page)
    return str(found)


def ticked(page: str) -> list[str]:
    return re.findall(r'name="rules" value="([^"]+)"[^>]* checked', page)


class TestLooking:
    def test_the_case_leads_here_and_here_asks_what_came(self, worker: Colleague, case: Case) -> None:
        assert page_of(case) in look(worker.client, case)
        page = worker.client.get(page_of(case)).content.decode()
        assert "Never ring; text Wadad first" in page
        assert '<optgroup label="Tribunals">' in page
        assert "Show the time limits" in page
        assert 'name="counted"' not in page

    def test_who_is_held_is_taken_to_be_in_detention(self, worker: Colleague, case: Case) -> None:
        box = '<input type="checkbox" name="detained"'
        plain = worker.client.get(page_of(case)).content.decode()
        assert " checked" not in plain[plain.index(box) :].split(">")[0]
        record = open_case_record(by=worker.actor, case=case)
        head, read = record.head.content, record.head.revision
        removal, held = today() + timedelta(days=9), Urgent(held_at="A removal centre")
        set_urgent(by=worker.actor, case=case, head=head, read=read, urgent=held, removal_on=removal)
        page = worker.client.get(page_of(case)).content.decode()
        assert " checked" in page[page.index(box) :].split(">")[0]

    def test_the_safe_day_first_then_the_last_and_the_weekend_rule(
        self, worker: Colleague, case: Case, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Sent on Saturday 7 November 2026, looked at on the 18th."""
        for module in ("safeconduct.web.desk.cases.served.day_it_is", "safeconduct.web.forms.today"):
            monkeypatch.setattr(module, lambda: date(2026, 11, 18))
        page = text(ask(worker.client, case, sent_on="7/11/2026"))
        said = page[page.index("Time limits that run from it") :]
        order = [
            "Check with the solicitor",
            "Act by Friday 20 November 2026",
            "Last day Saturday 21 November 2026.",
            "Monday 23 November 2026 only if the weekend rule applies.",
            "It counts from the day it was sent, Saturday 7 November 2026. When it came makes no difference.",
            "Posted, it counts as received on Tuesday 10 November 2026. That changes nothing here.",
        ]
        assert [said.index(words) for words in order] == sorted(said.index(words) for words in order)
        assert "Section 95A support in the place of section 4" in said

    def test_everything_that_runs_is_ticked(self, worker: Colleague, case: Case) -> None:
        page = ask(worker.client, case)
        assert ticked(page) == ["ftt.iac.appeal.in", "neg.21"]
        assert "Log the decision and what is ticked" in page
        assert counted(page)

    def test_what_nobody_has_checked_says_so(self, worker: Colleague, case: Case) -> None:
        page = text(ask(worker.client, case, decision="nrm_negative", received_on="-2d"))
        assert "Nobody has checked this against the law yet. Treat the earlier day as the last." in page
        assert "Nobody has checked that this is the limit for such a decision." in page
        assert "One month." in page
        secondary = text(ask(worker.client, case, decision="review_right", how="by_hand"))
        assert "This is known from what others write about the law, not from the law itself." in secondary

    def test_a_checked_one_raises_no_doubt(self, worker: Colleague, case: Case) -> None:
        page = ask(worker.client, case, decision="ftt_dismissed")
        offer = page[page.index('class="offers"') :]
        assert "Nobody has checked" not in offer.partition("<details")[0]
        assert "what others write" not in offer

    @pytest.mark.parametrize("how", ["post", "representative"])
    def test_support_that_came_by_post_counts_from_sending_until_somebody_says(
        self, worker: Colleague, case: Case, how: str
    ) -> None:
        page = text(ask(worker.client, case, decision="support_stopped", how=how))
        assert f"it counts from {dates.full(days_ago(3))}, the earliest it can have come" in page

    def test_in_detention_without_a_rule_for_it_the_ordinary_one_says_so(self, worker: Colleague, case: Case) -> None:
        page = text(ask(worker.client, case, detained="on"))
        assert "No rule for people in detention is known here, so the ordinary one is shown" in page
        known = text(ask(worker.client, case, decision="review_right", how="by_hand", detained="on"))
        assert "Administrative review from detention" in known
        assert "No rule for people in detention" not in known

    def test_abroad_the_rule_for_people_there_answers(self, worker: Colleague, case: Case) -> None:
        page = ask(worker.client, case, where="abroad", how="email", sent_on="", received_on="-2d")
        assert ticked(page) == ["ftt.iac.appeal.in"]
        assert "Appeal to the First-tier Tribunal from outside the United Kingdom" in page

    def test_what_is_late_says_what_it_needs_and_nothing_is_too_late(self, worker: Colleague, case: Case) -> None:
        for decision in decisions.Decision:
            page = text(ask(worker.client, case, decision=decision.value, how="by_hand", sent_on="-600d"))
            assert "too late" not in page.lower()
        page = text(ask(worker.client, case, sent_on="-60d"))
        assert "These days have passed. One sent now asks for more time, with the reasons" in page
        assert ticked(ask(worker.client, case, sent_on="-60d")) == ["ftt.iac.appeal.in", "neg.21"]

    def test_where_no_limit_is_known_that_is_not_said_to_be_none(self, worker: Colleague, case: Case) -> None:
        page = text(ask(worker.client, case, decision="no_right", how="email", where="abroad"))
        assert "No time limit that the desk knows runs from this. There may be one all the same" in page

    def test_an_office_that_advises_is_told_to_act(self, worker: Colleague, case: Case) -> None:
        Organisation.objects.filter(pk=worker.member.organisation_id).update(gives_advice=True)
        page = text(ask(worker.client, case))
        assert "Check with the solicitor" not in page
        assert "Whoever advises in this office decides what is to be done." in page

    def test_looking_opens_the_case_and_writes_nothing(self, worker: Colleague, case: Case) -> None:
        before = Entry.objects.filter(act="logged_event").count()
        ask(worker.client, case)
        assert Entry.objects.filter(act="logged_event").count() == before


class TestLogging:
    def test_the_decision_is_logged_with_what_was_ticked(self, worker: Colleague, case: Case) -> None:
        browser, letter = worker.client, case.enquiries.get()
        typed = TYPED | {"received_on": "-1d", "note": "Wadad brought it", "enquiry": letter.handle.hex}
        form = browser.post(page_of(case), typed).content.decode()
        assert 'value="Wadad brought it"' in form or "Wadad brought it</textarea>" in form
        both = {**typed, "counted": counted(form), "rules": ["ftt.iac.appeal.in"]}
        answer = browser.post(page_of(case), both)
        assert isinstance(answer, HttpResponse)
        said = text(followed(browser, answer))
        assert "The decision was logged, with the time limits that were ticked." in said
        assert "Asylum refused, with a right of appeal; By post; sent" in said
        assert "Wadad brought it" in said
        one = Deadline.objects.get(case=case)
        assert (one.rule, one.on, one.served_how) == ("ftt.iac.appeal.in", days_ago(3), "post")
        event = Event.objects.get(kind="decided")
        assert (event.on, event.enquiry) == (days_ago(3), letter)
        assert "Check with the solicitor: this office gives no legal advice." in said

    def test_what_changed_in_between_is_counted_again_before_it_is_logged(self, worker: Colleague, case: Case) -> None:
        browser = worker.client
        before = counted(browser.post(page_of(case), TYPED).content.decode())
        changed = {**TYPED, "sent_on": "-9d", "counted": before, "rules": ["ftt.iac.appeal.in"]}
        page = browser.post(page_of(case), changed).content.decode()
        assert str(words.CHANGED) in page
        assert counted(page) != before
        assert not Event.objects.filter(kind="decided").exists()
        assert browser.post(page_of(case), {**changed, "counted": counted(page)}).status_code == 302
        assert Deadline.objects.get().on == days_ago(9)

    def test_a_note_is_no_change(self, worker: Colleague, case: Case) -> None:
        browser = worker.client
        before = counted(browser.post(page_of(case), TYPED).content.decode())
        later = {**TYPED, "note": "more", "counted": before, "rules": []}
        assert browser.post(page_of(case), later).status_code == 302
        assert not Deadline.objects.exists()

    def test_a_limit_that_runs_already_is_said_to_and_not_added_again(self, worker: Colleague, case: Case) -> None:
        browser = worker.client
        page = browser.post(page_of(case), TYPED).content.decode()
        browser.post(page_of(case), {**TYPED, "counted": counted(page), "rules": ["ftt.iac.appeal.in"]})
        again = browser.post(page_of(case), TYPED).content.decode()
        assert "It runs on this case already." in again
        assert ticked(again) == ["neg.21"]

    def test_a_rule_the_page_did_not_offer_is_refused(self, worker: Colleague, case: Case) -> None:
        browser = worker.client
        page = browser.post(page_of(case), TYPED).content.decode()
        for rule in ("jr.ut", "made.up", "support.s95a"):
            answer = browser.post(page_of(case), {**TYPED, "counted": counted(page), "rules": [rule]})
            assert answer.status_code == 200
            assert "does not run from such a decision" in answer.content.decode()
        assert not Deadline.objects.exists()


@pytest.mark.parametrize(
    ("fields", "field", "problem"),
    [
        ({"decision": ""}, "decision", "Choose what was decided: the limits go by it."),
        ({"decision": "made_up"}, "decision", "made_up is not one"),
        ({"how": ""}, "how", "Choose how it came."),
        ({"sent_on": ""}, "sent_on", "Give the day it was sent or the day it came."),
        ({"sent_on": "", "received_on": "-2d"}, "sent_on", "A time limit counts from the day it was sent."),
        ({"sent_on": "tomorrow"}, "sent_on", "That day has not come yet."),
        ({"received_on": "tomorrow"}, "received_on", "That day has not come yet."),
        ({"received_on": "-4d"}, "received_on", "That is before the day it was sent. Check both."),
        ({"decided_on": "-2d"}, "sent_on", "It cannot have been decided after it was sent or came."),
        ({"letter_on": "soon"}, "letter_on", "This is not a day the desk can read."),
        ({"where": "abroad", "detained": "on"}, "where", "Somebody in detention is in the United Kingdom."),
        ({"where": ""}, "where", "This field is required."),
        ({"accelerated": "on"}, "accelerated", "Such an appeal is for people in detention only."),
        ({"sent_on": "1/2/2009"}, "sent_on", "Bank holidays are known"),
        ({"enquiry": "0" * 32}, "enquiry", "is not one of the available choices"),
    ],
)
def test_mistakes_are_told_at_their_field_and_nothing_typed_is_lost(
    worker: Colleague, case: Case, fields: dict[str, str], field: str, problem: str
) -> None:
    page = ask(worker.client, case, note="Wadad brought it", **fields)
    assert "<title>Error:" in page
    where = page[page.index(f'id="id_{field}-error"') :].split("</p>")[0]
    assert problem in where.replace("&#x27;", "'")
    assert "Wadad brought it" in page
    assert 'name="counted"' not in page


def test_another_teams_case_is_not_there(worker: Colleague, case: Case) -> None:
    place = builders.other_office()
    assert place.guardian.client.get(page_of(case)).status_code == 404
    assert place.guardian.client.post(page_of(case), TYPED).status_code == 404


class TestWords:
    def test_every_decision_and_every_way_of_serving_has_words(self) -> None:
        assert set(words.DECISIONS) == set(decisions.Decision)
        assert sum(len(rows) for _heading, rows in words.GROUPS) == len(words.DECISIONS)
        assert [code for _heading, rows in words.choices() for code, _text in rows] == [
            one.value for one in words.DECISIONS
        ]

    def test_no_caution_and_no_word_about_being_late_says_that_it_is_too_late(self) -> None:
        said = [str(limits.CAUTIONS[one]) for one in Caution] + [limits.late(rule) for rule in all_rules()]
        assert not [one for one in said if "too late" in one.lower()]
        assert all(limits.late(rule) for rule in all_rules())

    def test_the_state_of_a_limit_on_each_day(self) -> None:
        """Sent on 14 December 2026: safe on the 24th, strictly the 28th, on one reading 4 January."""
        one = decisions.Served(
            decision=decisions.Decision.ASYLUM_REFUSED,
            how="by_hand",
            nation=Nation.ENGLAND_AND_WALES,
            sent_on=date(2026, 12, 14),
        )
        expected = {
            date(2026, 12, 24): "",
            date(2026, 12, 25): "The safe day has passed, the last day has not: today.",
            date(2026, 12, 28): "The safe day has passed, the last day has not: today.",
            date(2026, 12, 29): "The strict last day has passed. On another reading",
            date(2027, 1, 4): "The strict last day has passed. On another reading",
            date(2027, 1, 5): "These days have passed. One sent now asks for more time",
        }
        for on, said in expected.items():
            found = decisions.limits_from(one, today=on)
            [appeal] = [
                each
                for each in present_served.offers(found, today=on, advises=False, running=())
                if each.rule == "ftt.iac.appeal.in"
            ]
            assert appeal.late.startswith(said)
            assert bool(appeal.late) == bool(said)
