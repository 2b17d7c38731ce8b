"""Every code has its words, and a day that was counted explains itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime

import pytest

from safeconduct.agenda.models import Item, Topic
from safeconduct.casework.clocks import Happened, OfficeDays, Why, read_clock
from safeconduct.casework.models import STANDS_FOR_ITSELF, Case, Enquiry, Event
from safeconduct.casework.rules import limits_to_choose, standard_of
from safeconduct.core.calendar.days import Nation
from safeconduct.core.calendar.limits import Limit, compute
from safeconduct.core.calendar.rules import Caution, Kind, NotInForce, Status, Trigger, all_rules, get
from safeconduct.core.calendar.rules import Why as Reading
from safeconduct.core.calendar.typed import Problem
from safeconduct.journal.models import Act
from safeconduct.people.facets import Role
from safeconduct.web.desk.cases.present_clock import clock_of_enquiry, clock_of_limit, how_limit_stands
from safeconduct.web.desk.cases.present_why import sentences, why
from safeconduct.web.words import acts, cases, clocks, dates, due, events, limits, roles

ENGLAND = Nation.ENGLAND_AND_WALES
# Logged by what they belong to: a correction, a call, a surgery, closing a case, a removal.
ON_PAGES_OF_THEIR_OWN = STANDS_FOR_ITSELF | {
    *(Event.Kind.CALLED, Event.Kind.SEEN, Event.Kind.WILL_RING_BACK, Event.Kind.RANG_BACK),
    Event.Kind.REMOVAL_TOLD,
}
OFFICE = OfficeDays(first_letter=2, follow_up=10, chase=5, tell=2)


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        (Act.values, acts.ACTS),
        (Event.Kind.values, events.KINDS),
        (set(Event.Kind.values) - set(events.OF_A_CLOCK) - ON_PAGES_OF_THEIR_OWN, events.TO_LOG),
        (Event.Reason.values, events.REASONS),
        (Event.Reason.values, events.REASON_CHOICES),
        (Event.Shape.values, events.SHAPES),
        (Event.Shape.values, events.SHAPE_CHOICES),
        (Topic.values, cases.TOPICS),
        (Item.Kind.values, due.ITEM_KINDS),
        (Case.State.values, cases.STATES),
        (Enquiry.Route.values, cases.ROUTES),
        (Role, roles.ROLES),
        (Why, cases.VERBS),
        (Why, cases.PROPOSED),
        (Why, cases.CLOCK_TITLES),
        (Nation, limits.NATIONS),
        (Trigger, limits.TRIGGERS),
        (Trigger, limits.COUNTS_FROM),
        (Reading, limits.READINGS),
        (Caution, limits.CAUTIONS),
        (set(Status) - {Status.VERIFIED}, limits.DOUBTS),
        (Problem, dates.PROBLEMS),
    ],
)
def test_every_code_has_words_and_no_words_are_left_over(codes: Collection[str], words: Mapping[str, object]) -> None:
    assert set(words) == set(codes)
    assert all(str(text).strip() for text in words.values())


def every_limit() -> list[Limit]:
    """Each rule that counts, in each nation, at home and abroad, with its second clock where it has one."""
    found = []
    for rule in all_rules():
        if rule.kind is Kind.NONE:
            continue
        on = min(rule.to or date(2026, 12, 24), date(2026, 12, 24))
        for nation in Nation:
            for abroad in (False, True):
                found.append(compute(rule, on, nation, abroad))
            found.append(compute(rule, on, nation, detained=True))
            for abroad in (False, True):
                if rule.second:
                    found.append(compute(rule, on, nation, abroad, letter=on))
    return found


def test_every_step_of_every_rule_has_a_sentence() -> None:
    seen = set()
    for limit in every_limit():
        for step in limit.steps:
            seen.add(step.code)
            said = limits.step_words(step)
            assert said.endswith(".")
            assert "None" not in said
            assert "%" not in said.replace(f"{step.params.get('percent')}%", "")
    assert {"rule_instead", "second_clock", "second_clock_unknown", "rolled", "act_the_same_day", "holidays"} <= seen
    assert "detained_same" in seen


def test_the_standard_as_the_look_draws_it() -> None:
    rule = standard_of("ho_mp", date(2026, 11, 20))
    assert rule is not None
    limit = compute(rule, date(2026, 11, 20), ENGLAND)
    assert clocks.steps(limit) == [
        "Sent Friday 20 November 2026 (day 0).",
        "The standard runs from the day they received it. That day is not known here, so the day it was sent is day 0.",
        "20 working days, England and Wales.",
        "No bank holiday falls between.",
        "That ends on Friday 18 December 2026.",
    ]
    assert limits.standard(rule, cases.STANDARD_OF[rule.id]) == "95% of MPs' letters in 20 working days"
    assert limits.stated(limit) == "Stated January 2023, not confirmed since"


@pytest.mark.parametrize("route", Enquiry.Route.values)
def test_a_route_with_a_standard_has_words_for_what_it_is_about(route: str) -> None:
    rule = standard_of(route, date(2026, 11, 20))
    assert rule is None or rule.id in cases.STANDARD_OF


def test_bank_holidays_passed_over_are_named() -> None:
    limit = compute(get("foi", date(2026, 11, 20)), date(2026, 11, 20), ENGLAND)
    [said] = [one for one in clocks.steps(limit) if "Bank holidays" in one]
    assert "Monday 30 November 2026 (St Andrew’s Day)" in said


class TestALimit:
    """The golden days of a decision sent on 7 November and on 14 December 2026."""

    def limit(self, on: date, rule: str = "ftt.iac.appeal.in") -> Limit:
        return compute(get(rule, on), on, ENGLAND)

    def test_the_rolled_day_is_never_shown_alone(self) -> None:
        limit, today = self.limit(date(2026, 11, 7)), date(2026, 11, 18)
        shown = clock_of_limit(limit, met_on=None, today=today)
        assert shown.due is not None
        assert shown.due.text == "Friday 20 November 2026"
        assert shown.state == "Last day Sat 21 Nov; Mon 23 Nov only if the weekend rule applies."
        assert shown.caution == "Check with the solicitor: this office gives no legal advice."
        assert shown.needs

    @pytest.mark.parametrize(
        ("today", "said"),
        [
            (date(2026, 11, 20), "Last day Sat 21 Nov; Mon 23 Nov only if the weekend rule applies."),
            (date(2026, 11, 23), "Last day Sat 21 Nov; Mon 23 Nov only if the weekend rule applies."),
            (
                date(2026, 11, 24),
                "Every day this could fall on has passed; the last was Mon 23 Nov. One sent now asks for more time,"
                " with the reasons: what stood in the way, since when, who can say so.",
            ),
        ],
    )
    def test_how_it_stands(self, today: date, said: str) -> None:
        assert how_limit_stands(self.limit(date(2026, 11, 7)), today) == said

    def test_more_than_one_reading_is_said(self) -> None:
        limit = self.limit(date(2026, 12, 14))
        shown = clock_of_limit(limit, met_on=None, today=date(2026, 12, 20))
        assert shown.due is not None
        assert shown.due.text == "Thursday 24 December 2026"
        assert "It can be read in more than one way." in shown.state
        assert [(one.last_day.iso, one.status) for one in shown.readings] == [
            ("2026-12-29", "verified"),
            ("2027-01-04", "unconfirmed"),
        ]

    @pytest.mark.parametrize("rule", [one.id for one in limits_to_choose(date(2026, 11, 20))])
    def test_whatever_is_not_confirmed_says_so_and_nothing_else_does(self, rule: str) -> None:
        limit = self.limit(date(2026, 11, 20), rule)
        doubt = {
            Status.UNCONFIRMED: "Nobody has checked this against the law yet.",
            Status.SECONDARY: "from what others",
        }
        said = how_limit_stands(limit, date(2026, 11, 21))
        assert all((words in said) == (limit.status is status) for status, words in doubt.items())
        assert ("Treat the earlier day as the last." in said) == (
            limit.status is not Status.VERIFIED and limit.rule.kind is Kind.ACT
        )

    def test_what_was_met_runs_no_more(self) -> None:
        shown = clock_of_limit(self.limit(date(2026, 11, 7)), met_on=date(2026, 11, 16), today=date(2026, 12, 1))
        assert (shown.due, shown.state, shown.needs) == (None, "Done on Monday 16 November 2026", False)

    def test_in_the_list_each_says_what_it_counts_from(self) -> None:
        chosen = {rule.id: rule for rule in limits_to_choose(date(2026, 11, 20))}
        grouped = list(limits.groups(chosen))
        assert [heading for heading, _rows in grouped][:3] == [
            "Appeals and reviews",
            "Interviews and forms of the claim",
            "Asylum support and the home",
        ]
        rows = dict(pair for _heading, pairs in grouped for pair in pairs)
        assert set(rows) == set(chosen)
        assert rows["ast.appeal"].endswith("counts from the day the letter was received")


def clock_on(today: date, *events: Happened, route: str = "ho_mp") -> tuple[str, str]:
    """The state of the clock and the line of the row, on a day."""
    clock = read_clock(route=route, nation=ENGLAND, events=events, office=OFFICE)
    shown = clock_of_enquiry(clock, about="", today=today)
    return shown.state, why(clock, clock.due, today) if clock.due else ""


SENT = Happened("sent", date(2026, 11, 2))  # the standard ends on Monday 30 November


@pytest.mark.parametrize(
    ("today", "events", "state", "line"),
    [
        (date(2026, 11, 20), [SENT], "The standard has not ended", "The standard ends in 6 working days"),
        (date(2026, 11, 27), [SENT], "The standard has not ended", "The standard ends in 1 working day"),
        (date(2026, 11, 30), [SENT], "The standard ends today", "The standard ends today"),
        (
            date(2026, 12, 1),
            [SENT],
            "Late: 1 working day past the standard",
            "No reply, 1 working day past the standard. First chase.",
        ),
        (
            date(2026, 12, 15),
            [SENT, Happened("chased", date(2026, 12, 2)), Happened("phoned", date(2026, 12, 9))],
            "Late: 11 working days past the standard. Chased twice.",
            "No reply, 11 working days past the standard. Chased twice.",
        ),
        (
            date(2026, 12, 15),
            [SENT, Happened("holding_reply", date(2026, 11, 9), "no_timeframe")],
            "Late: 11 working days past the standard. Only a holding reply so far.",
            "No reply, 11 working days past the standard. Only a holding reply so far.",
        ),
        (
            date(2026, 12, 18),
            [SENT, Happened("answered", date(2026, 12, 15))],
            "Answered on Tuesday 15 December 2026. 11 working days past the standard.",
            "Answered 3 days ago; nobody has logged telling them",
        ),
        (
            date(2026, 11, 21),
            [SENT, Happened("answered", date(2026, 11, 20))],
            "Answered on Friday 20 November 2026. Within the standard.",
            "Answered yesterday; nobody has logged telling them",
        ),
        (
            date(2026, 11, 16),
            [SENT, Happened("holding_reply", date(2026, 11, 10), "consent_required")],
            "They asked for signed consent 6 days ago; the case will not move without it. The standard has not ended.",
            "They asked for signed consent 6 days ago; the case will not move without it",
        ),
    ],
)
def test_how_an_enquiry_stands(today: date, events: list[Happened], state: str, line: str) -> None:
    assert clock_on(today, *events) == (state, line)


def test_over_a_weekend_it_has_ended_and_no_working_day_is_late() -> None:
    sent = Happened("sent", date(2026, 11, 6))  # ends on Friday 4 December
    state, line = clock_on(date(2026, 12, 5), sent)
    assert (state, line) == ("The standard has ended", "No reply; the standard has ended. First chase.")


@pytest.mark.parametrize("route", ["ho_mp_urgent", "hmpo_hotline", "migrant_help", "other"])
def test_without_a_standard_the_word_late_is_never_said(route: str) -> None:
    for today in (date(2026, 11, 3), date(2026, 12, 1), date(2027, 11, 1)):
        for extra in ([], [Happened("chased", date(2026, 11, 3))]):
            state, line = clock_on(today, SENT, *extra, route=route)
            said = f"{state} {line}".lower().replace("nothing is late by it", "")
            assert "late" not in said.replace("later", "")
            assert "past the standard" not in said
            assert "standard" in said


class TestDays:
    def test_in_full_and_short(self) -> None:
        on = date(2026, 12, 18)
        assert dates.full(on) == "Friday 18 December 2026"
        assert dates.short(on, date(2026, 1, 1)) == "Fri 18 Dec"
        assert dates.short(on, date(2027, 1, 1)) == "Fri 18 Dec 2026"
        assert dates.month(on) == "December 2026"
        assert dates.day(on).iso == "2026-12-18"

    def test_an_instant_is_the_clocks_of_london(self) -> None:
        assert dates.instant(datetime(2026, 7, 31, 23, 30, tzinfo=UTC)).text == "Saturday 1 August 2026, 00:30"

    @pytest.mark.parametrize(("days", "said"), [(0, "today"), (1, "yesterday"), (6, "6 days ago")])
    def test_how_long_ago(self, days: int, said: str) -> None:
        assert dates.ago(date(2026, 11, 20 - days), date(2026, 11, 20)) == said


@pytest.mark.parametrize(
    ("parts", "said"),
    [(("",), ""), (("One",), "One"), (("One.",), "One."), (("One", "", "Two"), "One. Two."), (("A.", "B?"), "A. B?")],
)
def test_sentences_are_put_together(parts: tuple[str, ...], said: str) -> None:
    assert sentences(*parts) == said


def test_a_rule_that_governs_no_such_day_has_no_standard() -> None:
    assert standard_of("ho_mp", date(2019, 1, 1)) is None
    with pytest.raises(NotInForce):
        get("ho.mp.written", date(2019, 1, 1))
