"""From a served decision to the limits that run from it: which rules, from which day, on each side of a change."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.accounts.keys import today
from safeconduct.agenda.models import Item
from safeconduct.casework.actions.served import log_decision
from safeconduct.casework.decisions import Decision, Reckoned, Served, all_runs, limits_from
from safeconduct.casework.faults import CaseClosed, NotOnThisCase, NotYet, RuleHasNoSuchDay, SentDayNeeded
from safeconduct.casework.faults import ServedDaysDisagree as DaysDisagree
from safeconduct.casework.models import Case, Deadline, Event, ServedHow
from safeconduct.casework.queries import open_case_record
from safeconduct.casework.schedule import limit_of
from safeconduct.core.calendar.days import NATIONS, Nation
from safeconduct.core.calendar.rules import Kind, Trigger, all_rules, get
from safeconduct.journal.models import Entry
from tests import builders
from tests.builders import Colleague

EW, SCO, NI = Nation.ENGLAND_AND_WALES, Nation.SCOTLAND, Nation.NORTHERN_IRELAND
LATER = date(2026, 12, 31)
"""The day it is, where that makes no difference."""


def served(decision: str, how: str = "post", **more: Any) -> Served:
    return Served(decision=Decision(decision), how=how, **{"nation": EW, **more})


def rules_of(one: Served) -> list[str]:
    return [each.rule for each in limits_from(one, today=LATER).limits]


def days_of(one: Served, on: date = LATER) -> dict[str, tuple[date, date | None, date, date]]:
    """By rule: the day it counts from, the safe day, the last day and the same after its roll-over."""
    return {
        each.rule: (each.on, each.limit.act_by, each.limit.last_day, each.limit.rolled_last_day)
        for each in limits_from(one, today=on).limits
    }


class TestWhichRules:
    @pytest.mark.parametrize("decision", Decision)
    def test_every_decision_has_a_row_or_a_fact(self, decision: Decision) -> None:
        assert [row for row in all_runs() if row.decision is decision]

    def test_every_row_names_a_rule_that_counts_against_the_person_or_a_fact(self) -> None:
        kinds = {rule.id: rule.kind for rule in all_rules()}
        for row in all_runs():
            assert kinds[row.rule] in (Kind.ACT, Kind.ENDING, Kind.NONE)
            assert row.deemed is None or kinds[row.deemed] is Kind.DEEMED

    def test_every_row_counts_from_a_day_this_page_asks_for(self) -> None:
        asked = {Trigger.SENT, Trigger.RECEIVED, Trigger.NOTIFIED, Trigger.GRANTED, Trigger.DECIDED}
        asked |= {Trigger.CARD_RECEIVED, Trigger.NOTHING}
        named = {row.rule for row in all_runs()}
        assert {rule.trigger for rule in all_rules() if rule.id in named} <= asked

    def test_a_refused_asylum_claim(self) -> None:
        assert rules_of(served("asylum_refused", sent_on=date(2026, 11, 7))) == ["ftt.iac.appeal.in", "neg.21"]

    def test_an_accelerated_appeal_only_where_the_papers_say_so(self) -> None:
        day = date(2026, 11, 13)
        ordinary = served("asylum_refused", "by_hand", sent_on=day, detained=True)
        assert "ftt.iac.ada" not in rules_of(ordinary)
        assert days_of(served("asylum_refused", "by_hand", sent_on=day, detained=True, accelerated=True))[
            "ftt.iac.ada"
        ] == (day, date(2026, 11, 20), date(2026, 11, 20), date(2026, 11, 20))

    @pytest.mark.parametrize(
        ("nation", "rules"), [(EW, ["jr.ut"]), (SCO, ["jr.hc"]), (NI, ["jr.hc"])], ids=["England", "Scotland", "NI"]
    )
    def test_a_refusal_without_appeal_goes_to_the_court_of_the_nation(self, nation: Nation, rules: list[str]) -> None:
        found = limits_from(served("no_right", "email", sent_on=date(2026, 11, 20), nation=nation), today=LATER)
        assert [one.rule for one in found.limits] == rules
        answers = {SCO: "jr.scot", NI: "jr.ni", EW: "jr.ut"}[nation]
        assert found.limits[0].limit.rule.id == answers

    @pytest.mark.parametrize(
        ("granted", "rules"),
        [
            (date(2023, 7, 31), ["moveon.28"]),
            (date(2024, 12, 8), ["moveon.28"]),
            (date(2024, 12, 9), ["moveon.56.pilot"]),
            (date(2025, 8, 31), ["moveon.56.pilot"]),
            (date(2025, 9, 1), ["moveon.28.single", "moveon.56.pilot"]),
            (date(2026, 3, 8), ["moveon.28.single", "moveon.56.pilot"]),
            (date(2026, 3, 9), ["moveon.42"]),
        ],
    )
    def test_move_on_goes_by_the_day_of_the_grant(self, granted: date, rules: list[str]) -> None:
        """Also where it was notified when another rule held."""
        told = granted + timedelta(days=3)
        one = served("asylum_granted", decided_on=granted, sent_on=granted + timedelta(days=1), received_on=told)
        assert sorted(rules_of(one)) == rules

    def test_a_fact_is_told_beside_the_limits_and_has_no_day(self) -> None:
        found = limits_from(served("asylum_granted", sent_on=date(2026, 11, 20)), today=LATER)
        assert [rule.id for rule, _runs in found.facts] == ["family_reunion"]
        before = limits_from(served("asylum_granted", sent_on=date(2025, 9, 3)), today=LATER)
        assert not before.facts
        assert [rule.id for rule, _runs in limits_from(served("submissions_refused", sent_on=LATER), today=LATER).facts]

    def test_sent_after_a_limit_was_done_away_with(self) -> None:
        one = served("ut_permission_refused", decided_on=date(2022, 7, 12), sent_on=date(2022, 7, 15))
        found = limits_from(one, today=LATER)
        assert "jr.cart" in [rule.id for rule, _runs in found.facts]
        assert "jr.cart" not in [each.rule for each in found.limits]

    def test_a_dated_row_of_its_own_holds_from_its_day(self) -> None:
        support = [
            [rule.id for rule, _runs in limits_from(served("support_stopped", "email", sent_on=on), today=on).facts]
            for on in (date(2026, 5, 31), date(2026, 6, 1))
        ]
        assert support == [["support.s95a"], ["support.duty", "support.s95a"]]

    def test_abroad_no_support_ends_and_the_appeal_counts_from_receipt(self) -> None:
        one = served("asylum_refused", "email", sent_on=date(2026, 11, 2), abroad=True)
        found = limits_from(one, today=LATER)
        assert [each.rule for each in found.limits] == ["ftt.iac.appeal.in"]
        assert found.limits[0].limit.rule.id == "ftt.iac.appeal.out"
        assert found.limits[0].limit.last_day == date(2026, 11, 30)

    def test_in_detention_the_shorter_rule_answers_where_one_is_known(self) -> None:
        one = served("review_right", "by_hand", sent_on=date(2026, 11, 13), detained=True)
        [found] = limits_from(one, today=LATER).limits
        assert (found.limit.rule.id, found.limit.last_day) == ("ar.det", date(2026, 11, 20))
        [appeal, *_rest] = limits_from(
            served("asylum_refused", "by_hand", sent_on=date(2026, 11, 7), detained=True), today=LATER
        ).limits
        assert appeal.limit.rule.id == "ftt.iac.appeal.in"
        assert "detained_same" in [step.code for step in appeal.limit.steps]


class TestFromWhichDay:
    def test_an_appeal_inside_the_country_counts_from_sending_whenever_it_came(self) -> None:
        """The golden example: sent on Saturday 7 November 2026."""
        golden = (date(2026, 11, 7), date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 23))
        for came in (None, date(2026, 11, 9), date(2026, 11, 20)):
            one = served("asylum_refused", sent_on=date(2026, 11, 7), received_on=came)
            assert days_of(one)["ftt.iac.appeal.in"] == golden
        [appeal, _support] = limits_from(one, today=LATER).limits
        assert appeal.reckoned is Reckoned.SENT
        assert appeal.deemed is not None

    @pytest.mark.parametrize("how", ["post", "representative"])
    def test_sent_by_post_the_day_it_was_sent_is_needed(self, how: str) -> None:
        with pytest.raises(SentDayNeeded):
            limits_from(served("asylum_refused", how, received_on=date(2026, 11, 9)), today=LATER)

    @pytest.mark.parametrize("how", ["email", "portal", "by_hand"])
    def test_what_arrives_at_once_needs_one_day_only(self, how: str) -> None:
        day = date(2026, 11, 7)
        assert days_of(served("asylum_refused", how, received_on=day))["ftt.iac.appeal.in"][0] == day
        [found] = limits_from(served("support_refused", how, sent_on=day), today=LATER).limits
        assert (found.on, found.reckoned) == (day, Reckoned.SAME_DAY)

    @pytest.mark.parametrize(("how", "on"), [("email", 20), ("portal", 20), ("by_hand", 23)])
    def test_on_a_screen_it_is_there_before_somebody_looks(self, how: str, on: int) -> None:
        """Sent on a Friday and read on the Monday: three days to appeal are over before they would have begun."""
        one = served("support_stopped", how, sent_on=date(2026, 11, 20), received_on=date(2026, 11, 23))
        assert days_of(one)["ast.appeal"][0] == date(2026, 11, on)

    @pytest.mark.parametrize(("nation", "counts_as"), [(EW, date(2026, 12, 1)), (SCO, date(2026, 12, 2))])
    def test_posted_and_nobody_says_when_it_came(self, nation: Nation, counts_as: date) -> None:
        """The golden example: posted on Friday 27 November 2026, the second business day after."""
        one = served("review_right", sent_on=date(2026, 11, 27), nation=nation)
        [found] = limits_from(one, today=LATER).limits
        assert (found.on, found.reckoned) == (counts_as, Reckoned.DEEMED)
        assert found.limit.last_day == counts_as + timedelta(days=14)

    def test_it_is_here_so_it_came_by_today(self) -> None:
        one = served("review_right", sent_on=date(2026, 11, 27))
        [found] = limits_from(one, today=date(2026, 11, 28)).limits
        assert found.on == date(2026, 11, 28)

    @pytest.mark.parametrize(
        ("came", "on", "reckoned"),
        [
            (date(2026, 11, 30), date(2026, 11, 30), Reckoned.AS_SAID),
            (date(2026, 12, 1), date(2026, 12, 1), Reckoned.AS_SAID),
            (date(2026, 12, 4), date(2026, 12, 1), Reckoned.DEEMED_EARLIER),
        ],
    )
    def test_posted_and_it_came_the_earlier_day_counts(self, came: date, on: date, reckoned: Reckoned) -> None:
        [found] = limits_from(served("review_right", sent_on=date(2026, 11, 27), received_on=came), today=LATER).limits
        assert (found.on, found.reckoned) == (on, reckoned)

    def test_without_a_rule_for_posting_the_day_of_sending_is_the_earliest(self) -> None:
        [found] = limits_from(served("support_stopped", sent_on=date(2026, 11, 18)), today=LATER).limits
        assert (found.on, found.reckoned) == (date(2026, 11, 18), Reckoned.EARLIEST)

    @pytest.mark.parametrize(
        ("received", "golden"),
        [
            (date(2026, 11, 18), (date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 23))),
            (date(2026, 12, 24), (date(2026, 12, 24), date(2026, 12, 27), date(2026, 12, 29))),
        ],
    )
    def test_support_counts_from_the_day_it_was_received(self, received: date, golden: tuple[date, ...]) -> None:
        found = days_of(served("support_stopped", received_on=received))["ast.appeal"]
        assert found == (received, *golden)

    def test_after_a_grant_the_later_of_two_clocks(self) -> None:
        """The golden example: notified on 20 November 2026, the letter ending support of 10 December."""
        one = served("asylum_granted", "email", sent_on=date(2026, 11, 20))
        assert days_of(one)["moveon.42"][2] == date(2027, 1, 1)
        both = served("asylum_granted", "email", sent_on=date(2026, 11, 20), letter_on=date(2026, 12, 10))
        assert days_of(both)["moveon.42"][2] == date(2027, 1, 7)

    def test_a_review_by_a_court_counts_from_the_decision_where_that_is_earlier(self) -> None:
        one = served("no_right", sent_on=date(2026, 11, 20), decided_on=date(2026, 11, 16))
        assert days_of(one)["jr.ut"][:3] == (date(2026, 11, 16), date(2027, 2, 16), date(2027, 2, 16))

    @pytest.mark.parametrize(
        "wrong",
        [
            {"sent_on": date(2026, 11, 9), "received_on": date(2026, 11, 8)},
            {"sent_on": date(2026, 11, 9), "decided_on": date(2026, 11, 10)},
            {"sent_on": date(2026, 11, 9), "abroad": True, "detained": True},
            {},
        ],
        ids=["came before it was sent", "decided after it was sent", "abroad and detained", "no day"],
    )
    def test_days_that_cannot_all_be_true_are_refused(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(DaysDisagree):
            limits_from(served("asylum_refused", **wrong), today=LATER)

    @given(
        decision=st.sampled_from(list(Decision)),
        how=st.sampled_from(ServedHow.values),
        nation=st.sampled_from(NATIONS),
        sent=st.dates(date(2020, 2, 1), date(2026, 11, 1)),
        waited=st.none() | st.integers(0, 40),
        abroad=st.booleans(),
        detained=st.booleans(),
    )
    def test_no_day_is_later_than_what_was_said_allows(
        self,
        decision: Decision,
        how: str,
        nation: Nation,
        sent: date,
        waited: int | None,
        abroad: bool,
        detained: bool,
    ) -> None:
        came = None if waited is None else sent + timedelta(days=waited)
        one = Served(
            decision=decision,
            how=how,
            nation=nation,
            sent_on=sent,
            received_on=came,
            abroad=abroad,
            detained=detained and not abroad,
        )
        on = sent + timedelta(days=45)
        known = limits_from(one, today=on)
        for each in known.limits:
            assert sent <= each.on <= min(on, came or on)
            assert each.limit.act_by is None or each.limit.act_by <= each.limit.last_day <= each.last
            assert get(each.rule, each.on).kind is not Kind.NONE
        days = [each.limit.act_by or each.limit.last_day for each in known.limits]
        assert days == sorted(days)


@pytest.fixture
def worker() -> Colleague:
    return builders.member(builders.office())


@pytest.fixture
def case(worker: Colleague) -> Case:
    return builders.case(worker, builders.person(worker), sent_on=today() - timedelta(days=30))


def ago(days: int) -> date:
    return today() - timedelta(days=days)


@pytest.mark.django_db
class TestLogging:
    RULES = ("ftt.iac.appeal.in", "neg.21")

    def test_the_decision_and_its_limits_are_one_act(self, worker: Colleague, case: Case) -> None:
        entries = Entry.objects.filter(act="logged_event").count()
        event = log_decision(
            by=worker.actor,
            case=case,
            enquiry=None,
            served=served("asylum_refused", "by_hand", sent_on=ago(3), nation=SCO, detained=True),
            rules=self.RULES,
            note="Asylum refused; by hand",
        )
        assert (event.kind, event.on, event.enquiry) == ("decided", ago(3), None)
        limits = {one.rule: one for one in Deadline.objects.filter(case=case)}
        assert set(limits) == set(self.RULES)
        for one in limits.values():
            assert (one.on, one.nation, one.detained, one.served_how) == (ago(3), SCO, True, "by_hand")
            row, counted = Item.objects.get(handle=one.handle), limit_of(one)
            assert row.day == (counted.act_by or counted.last_day)
        assert Entry.objects.filter(act="logged_event").count() == entries + 1
        record = open_case_record(by=worker.actor, case=case)
        assert record.notes[event.handle] == "Asylum refused; by hand"

    def test_only_what_was_chosen_is_added_and_nothing_twice(self, worker: Colleague, case: Case) -> None:
        for _again in range(2):
            log_decision(
                by=worker.actor,
                case=case,
                enquiry=None,
                served=served("asylum_refused", sent_on=ago(3)),
                rules=["ftt.iac.appeal.in"],
            )
        assert [one.rule for one in Deadline.objects.all()] == ["ftt.iac.appeal.in"]
        assert Event.objects.filter(kind="decided").count() == 2

    def test_a_letter_it_answers_stops(self, worker: Colleague, case: Case) -> None:
        letter = case.enquiries.get()
        one = served("asylum_granted", "email", sent_on=ago(1))
        log_decision(by=worker.actor, case=case, enquiry=letter, served=one, rules=[])
        assert open_case_record(by=worker.actor, case=case).clocks[letter.pk].stopped_on == ago(1)
        assert not Deadline.objects.exists()

    def test_what_does_not_run_from_it_is_refused_and_nothing_is_logged(self, worker: Colleague, case: Case) -> None:
        one = served("asylum_refused", sent_on=ago(3))
        for rules in (["jr.ut"], ["ftt.iac.appeal.in", "made.up"], ["support.s95a"], ["ftt.iac.ada"]):
            with pytest.raises(RuleHasNoSuchDay):
                log_decision(by=worker.actor, case=case, enquiry=None, served=one, rules=rules)
        assert not Deadline.objects.exists()
        assert not Event.objects.filter(kind="decided").exists()

    @pytest.mark.parametrize("name", ["sent_on", "received_on", "decided_on", "letter_on"])
    def test_days_to_come_are_refused(self, worker: Colleague, case: Case, name: str) -> None:
        days = {"sent_on": ago(1), name: today() + timedelta(days=1)}
        with pytest.raises(NotYet):
            log_decision(
                by=worker.actor, case=case, enquiry=None, served=served("asylum_refused", "email", **days), rules=[]
            )

    def test_another_cases_letter_and_a_closed_case_are_refused(self, worker: Colleague, case: Case) -> None:
        other = builders.case(worker, builders.person(worker, "Tesfay Haile"), sent_on=ago(9))
        one = served("asylum_refused", sent_on=ago(3))
        with pytest.raises(NotOnThisCase):
            log_decision(by=worker.actor, case=case, enquiry=other.enquiries.get(), served=one, rules=[])
        Case.objects.filter(pk=case.pk).update(state="closed")
        with pytest.raises(CaseClosed):
            log_decision(by=worker.actor, case=case, enquiry=None, served=one, rules=self.RULES)
        assert not Deadline.objects.exists()
