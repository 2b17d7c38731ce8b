"""The clock of an enquiry: a function of what happened, the dated rule and the office's own days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.casework.clocks import Clock, Due, Happened, OfficeDays, State, Why, read_clock
from safeconduct.casework.models import ReplyShape
from safeconduct.core.calendar.days import BeyondCalendar, Nation, working_days

ENGLAND = Nation.ENGLAND_AND_WALES
OFFICE = OfficeDays(first_letter=2, follow_up=10, chase=5, tell=2)
SENT = date(2026, 11, 2)  # a Monday; 20 working days end on Monday 30 November
ENDS = date(2026, 11, 30)

Told = tuple[str, date] | tuple[str, date, str]


def clock(*told: Told, route: str = "ho_mp", nation: Nation = ENGLAND, case_open: bool = True) -> Clock:
    events = [Happened(*one) for one in told]
    return read_clock(route=route, nation=nation, events=events, office=OFFICE, case_open=case_open)


def on(day: int, month: int = 11) -> date:
    return date(2026, month, day)


TRUTH: list[tuple[str, Sequence[Told], State, Due | None]] = [
    ("nothing happened", [], State.NOT_SENT, None),
    (
        "came in",
        [("came_in", on(20))],
        State.NOT_SENT,
        Due("answer", on(24), Why.LETTER_TO_SEND, on(20)),
    ),
    ("sent", [("sent", SENT)], State.WAITING, Due("reply_due", ENDS, Why.STANDARD_ENDS, SENT)),
    (
        "sent after it came in",
        [("came_in", on(1)), ("sent", SENT)],
        State.WAITING,
        Due("reply_due", ENDS, Why.STANDARD_ENDS, SENT),
    ),
    (
        "acknowledged",
        [("sent", SENT), ("acknowledged", on(3))],
        State.ACKNOWLEDGED,
        Due("reply_due", ENDS, Why.STANDARD_ENDS, SENT),
    ),
    (
        "a holding reply is not a reply",
        [("sent", SENT), ("holding_reply", on(10), "no_timeframe")],
        State.HELD,
        Due("reply_due", ENDS, Why.STANDARD_ENDS, SENT),
    ),
    (
        "an acknowledgement after a holding reply changes nothing",
        [("sent", SENT), ("holding_reply", on(10), "holding_reply"), ("acknowledged", on(11))],
        State.HELD,
        Due("reply_due", ENDS, Why.STANDARD_ENDS, SENT),
    ),
    (
        "chased within the standard",
        [("sent", SENT), ("chased", on(20))],
        State.WAITING,
        Due("reply_due", ENDS, Why.STANDARD_ENDS, SENT),
    ),
    (
        "chased past the standard",
        [("sent", SENT), ("chased", on(2, 12))],
        State.WAITING,
        Due("chase", on(9, 12), Why.CHASED_SINCE, on(2, 12)),
    ),
    (
        "a call past the standard is a chase",
        [("sent", SENT), ("phoned", on(2, 12))],
        State.WAITING,
        Due("chase", on(9, 12), Why.CHASED_SINCE, on(2, 12)),
    ),
    (
        "asked for consent",
        [("sent", SENT), ("holding_reply", on(10), "consent_required")],
        State.HELD,
        Due("answer", on(10), Why.CONSENT_ASKED, on(10)),
    ),
    (
        "asked for consent on a Saturday",
        [("sent", SENT), ("holding_reply", on(14), "consent_required")],
        State.HELD,
        Due("answer", on(16), Why.CONSENT_ASKED, on(14)),
    ),
    (
        "chasing does not give them the consent they asked for",
        [("sent", SENT), ("holding_reply", on(10), "consent_required"), ("chased", on(12))],
        State.HELD,
        Due("answer", on(10), Why.CONSENT_ASKED, on(10)),
    ),
    (
        "sending it does",
        [("sent", SENT), ("holding_reply", on(10), "consent_required"), ("sent", on(12))],
        State.HELD,
        Due("reply_due", ENDS, Why.STANDARD_ENDS, SENT),
    ),
    (
        "sending it the same day does, when it was logged after",
        [("sent", SENT), ("holding_reply", on(10), "consent_required"), ("sent", on(10))],
        State.HELD,
        Due("reply_due", ENDS, Why.STANDARD_ENDS, SENT),
    ),
    (
        "sent to the wrong place",
        [("sent", SENT), ("holding_reply", on(10), "wrong_recipient")],
        State.HELD,
        Due("answer", on(10), Why.SENT_TO_WRONG_PERSON, on(10)),
    ),
    (
        "a reply about somebody else",
        [("sent", SENT), ("holding_reply", on(10), "wrong_person")],
        State.HELD,
        Due("answer", on(10), Why.ABOUT_SOMEBODY_ELSE, on(10)),
    ),
    (
        "a reply nobody has read",
        [("sent", SENT), ("holding_reply", on(10), "not_described")],
        State.HELD,
        Due("answer", on(10), Why.REPLY_NOT_DESCRIBED, on(10)),
    ),
    (
        "read the same day, it was a holding reply",
        [("sent", SENT), ("holding_reply", on(10), "not_described"), ("holding_reply", on(10), "no_timeframe")],
        State.HELD,
        Due("reply_due", ENDS, Why.STANDARD_ENDS, SENT),
    ),
    (
        "another reply nobody has read",
        [("sent", SENT), ("holding_reply", on(10), "no_timeframe"), ("holding_reply", on(12), "not_described")],
        State.HELD,
        Due("answer", on(12), Why.REPLY_NOT_DESCRIBED, on(12)),
    ),
    (
        "a later holding reply does not give them the consent they asked for",
        [("sent", SENT), ("holding_reply", on(10), "consent_required"), ("holding_reply", on(12), "no_timeframe")],
        State.HELD,
        Due("answer", on(10), Why.CONSENT_ASKED, on(10)),
    ),
    (
        "answered",
        [("sent", SENT), ("answered", on(20))],
        State.ANSWERED,
        Due("answer", on(24), Why.PERSON_TO_TELL, on(20)),
    ),
    (
        "decided",
        [("sent", SENT), ("decided", on(20))],
        State.ANSWERED,
        Due("answer", on(24), Why.PERSON_TO_TELL, on(20)),
    ),
    ("answered and told", [("sent", SENT), ("answered", on(20)), ("told_person", on(20))], State.CLOSED, None),
    (
        "told of something before the answer",
        [("sent", SENT), ("told_person", on(19)), ("answered", on(20))],
        State.ANSWERED,
        Due("answer", on(24), Why.PERSON_TO_TELL, on(20)),
    ),
    (
        "an answer from before it was sent answers nothing",
        [("answered", on(1)), ("sent", SENT)],
        State.WAITING,
        Due("reply_due", ENDS, Why.STANDARD_ENDS, SENT),
    ),
]


@pytest.mark.parametrize(("told", "state", "due"), [row[1:] for row in TRUTH], ids=[row[0] for row in TRUTH])
def test_what_happened_says_what_is_due(told: Sequence[Told], state: State, due: Due | None) -> None:
    found = clock(*told)
    assert (found.state, found.due) == (state, due)


@pytest.mark.parametrize("told", [row[1] for row in TRUTH], ids=[row[0] for row in TRUTH])
def test_nothing_of_a_closed_case_is_due(told: Sequence[Told]) -> None:
    assert clock(*told, case_open=False).due is None


@pytest.mark.parametrize(
    ("route", "ends"),
    [
        ("ho_mp", date(2026, 12, 18)),
        ("ho_minister", date(2026, 12, 18)),
        ("foi", date(2026, 12, 21)),  # St Andrew's Day counts: a holiday in any part of the United Kingdom
        ("sar", date(2026, 12, 21)),  # one month ends on Sunday 20 December
        ("complaint", date(2026, 12, 18)),
    ],
)
def test_a_route_with_a_standard_counts_by_it(route: str, ends: date) -> None:
    found = clock(("sent", date(2026, 11, 20)), route=route)
    assert found.limit is not None
    assert found.due == Due("reply_due", ends, Why.STANDARD_ENDS, date(2026, 11, 20))


@pytest.mark.parametrize("route", ["ho_mp_urgent", "hmpo_hotline", "migrant_help", "other"])
class TestWithoutAStandard:
    def test_there_is_only_the_offices_own_day(self, route: str) -> None:
        found = clock(("sent", SENT), route=route)
        assert found.limit is None
        assert found.due == Due("chase", on(16), Why.OFFICE_FOLLOW_UP, SENT)

    def test_each_chase_moves_it(self, route: str) -> None:
        found = clock(("sent", SENT), ("chased", on(16)), ("phoned", on(18)), route=route)
        assert found.due == Due("chase", on(25), Why.CHASED_SINCE, on(18))
        assert found.chases == 2

    @given(day=st.dates(SENT, date(2027, 12, 1)))
    def test_it_is_never_late(self, route: str, day: date) -> None:
        assert clock(("sent", SENT), route=route).working_days_late(day) == 0


@pytest.mark.parametrize(
    ("today", "late"),
    [(SENT, 0), (ENDS, 0), (date(2026, 12, 1), 1), (date(2026, 12, 5), 4), (date(2026, 12, 15), 11)],
)
def test_working_days_past_the_standard(today: date, late: int) -> None:
    assert clock(("sent", SENT)).working_days_late(today) == late


def test_an_answered_letter_is_late_no_more() -> None:
    found = clock(("sent", SENT), ("answered", date(2026, 12, 15)))
    assert found.working_days_late(date(2027, 3, 1)) == 0
    assert found.stopped_on == date(2026, 12, 15)


def test_bank_holidays_are_those_of_the_enquirys_nation() -> None:
    days = {nation: clock(("sent", date(2026, 11, 20)), nation=nation).due for nation in (ENGLAND, Nation.SCOTLAND)}
    assert [due.day for due in days.values() if due] == [date(2026, 12, 18), date(2026, 12, 21)]


def test_a_day_beyond_the_published_holidays_is_refused() -> None:
    with pytest.raises(BeyondCalendar):
        clock(("sent", date(2028, 12, 20)))


KINDS = ("came_in", "sent", "acknowledged", "chased", "answered", "decided", "phoned", "told_person")
SHAPES = tuple(ReplyShape.values)
QUIET = ("holding_reply", "outside_standards", "no_timeframe", "transferred")
DAYS = st.dates(date(2026, 1, 5), date(2026, 11, 20))
EVENTS = st.one_of(
    st.builds(Happened, st.sampled_from(KINDS), DAYS),
    st.builds(Happened, st.just("holding_reply"), DAYS, st.sampled_from(SHAPES)),
)
ROUTES = st.sampled_from(["ho_mp", "foi", "sar", "ho_mp_urgent", "other"])


def read(events: Sequence[Happened], route: str) -> Clock:
    return read_clock(route=route, nation=ENGLAND, events=events, office=OFFICE)


@given(events=st.lists(EVENTS, max_size=10, unique_by=lambda one: one.on), route=ROUTES, data=st.data())
def test_the_order_of_logging_does_not_matter_beyond_the_days(
    events: list[Happened], route: str, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(events))
    assert read(shuffled, route) == read(events, route)


@given(
    events=st.lists(EVENTS, max_size=8),
    route=ROUTES,
    day=DAYS,
    shape=st.sampled_from(QUIET),
)
def test_a_holding_reply_never_stops_or_moves_a_clock(
    events: list[Happened], route: str, day: date, shape: str
) -> None:
    # A reply nobody had read is read by this one: what it says is then known, and that is another matter.
    events = [one for one in events if one.shape != "not_described"]
    without = read(events, route)
    held = read([*events, Happened("holding_reply", day, shape)], route)
    assert (held.started_on, held.stopped_on, held.limit, held.due) == (
        without.started_on,
        without.stopped_on,
        without.limit,
        without.due,
    )


@given(events=st.lists(EVENTS, max_size=8), route=ROUTES)
def test_something_is_due_exactly_while_somebody_waits(events: list[Happened], route: str) -> None:
    found = read(events, route)
    waits = found.state not in (State.CLOSED, State.NOT_SENT) or any(one.kind == "came_in" for one in events)
    assert (found.due is not None) == (waits and found.state is not State.CLOSED)


@given(events=st.lists(EVENTS, max_size=8), route=ROUTES)
def test_what_the_office_must_do_falls_on_a_working_day(events: list[Happened], route: str) -> None:
    found = read(events, route)
    if found.due is not None and found.due.kind in ("answer", "chase"):
        assert working_days(ENGLAND).is_working(found.due.day)


@given(sent=DAYS, later=st.integers(0, 200))
def test_lateness_grows_by_the_working_days_that_pass(sent: date, later: int) -> None:
    found = read([Happened("sent", sent)], "ho_mp")
    assert found.limit is not None
    today = found.limit.rolled_last_day + timedelta(days=later)
    tomorrow = today + timedelta(days=1)
    grown = found.working_days_late(tomorrow) - found.working_days_late(today)
    assert grown == int(working_days(ENGLAND).is_working(tomorrow))


def test_an_answer_counts_though_nobody_logged_that_a_letter_went():
    found = clock(("came_in", SENT), ("decided", on(10)))
    assert (found.state, found.due.why, found.started_on) == (State.ANSWERED, Why.PERSON_TO_TELL, None)
    assert clock(("came_in", SENT), ("decided", on(10)), ("told_person", on(11))).due is None
