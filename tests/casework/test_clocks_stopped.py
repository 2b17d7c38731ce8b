"""Clocks that were stopped, asked about, given longer, and what was promised: from events to what is due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from safeconduct.casework import allowed
from safeconduct.casework.clocks import Clock, Due, Happened, OfficeDays, State, Why, read_clock
from safeconduct.casework.faults import (
    AlreadyAnswered,
    AlreadyStopped,
    CaseworkFault,
    NoDayPromised,
    NoReason,
    NoSuchPromise,
    NotLater,
    NotOut,
    NotStopped,
)
from safeconduct.casework.happened import Promised, PromiseState, changes_nothing, in_order, promises_of
from safeconduct.casework.models import EventReason
from safeconduct.core.calendar.days import Nation

ENGLAND = Nation.ENGLAND_AND_WALES
OFFICE = OfficeDays(first_letter=2, follow_up=10, chase=5, tell=2)


def on(day: int, month: int = 11) -> date:
    return date(2026, month, day)


SENT = Happened("sent", on(2))
ENDS = on(30)


def paused(day: int, reason: str = "policy_hold", until: date | None = None) -> Happened:
    return Happened("paused", on(day), None, until, reason)


def clock(*events: Happened, route: str = "ho_mp", case_open: bool = True) -> Clock:
    return read_clock(route=route, nation=ENGLAND, events=events, office=OFFICE, case_open=case_open)


def last(found: Clock) -> date:
    assert found.limit is not None
    return found.limit.rolled_last_day


TRUTH: list[tuple[str, Sequence[Happened], State, Due | None]] = [
    ("stands still", [SENT, paused(10)], State.PAUSED, Due("chase", ENDS, Why.PAUSED, on(10))),
    (
        "stands still and was chased: the office's own day",
        [SENT, paused(10), Happened("chased", on(26))],
        State.PAUSED,
        Due("chase", on(10, 12), Why.PAUSED, on(10)),
    ),
    (
        "they say until when",
        [SENT, paused(10, until=on(9, 12))],
        State.PAUSED,
        Due("chase", on(9, 12), Why.PAUSED, on(10)),
    ),
    (
        "until a Saturday",
        [SENT, paused(10, until=on(12, 12))],
        State.PAUSED,
        Due("chase", on(14, 12), Why.PAUSED, on(10)),
    ),
    (
        "they wait for consent",
        [SENT, paused(10, "awaiting_consent")],
        State.PAUSED,
        Due("answer", on(10), Why.PAUSED_FOR_US, on(10)),
    ),
    (
        "it was sent, and they have not said that it goes on",
        [SENT, paused(10, "awaiting_consent"), Happened("sent", on(12))],
        State.PAUSED,
        Due("chase", ENDS, Why.PAUSED, on(10)),
    ),
    (
        "goes on",
        [SENT, paused(10), Happened("resumed", on(17))],
        State.WAITING,
        Due("reply_due", on(7, 12), Why.STANDARD_ENDS, on(2)),
    ),
    (
        "goes on what was held",
        [SENT, Happened("holding_reply", on(9), "policy_hold"), paused(10), Happened("resumed", on(17))],
        State.HELD,
        Due("reply_due", on(7, 12), Why.STANDARD_ENDS, on(2)),
    ),
    (
        "a question stops no letter, and waits for us",
        [SENT, Happened("clarification_asked", on(10))],
        State.WAITING,
        Due("answer", on(10), Why.CLARIFICATION_ASKED, on(10)),
    ),
    (
        "clarified",
        [SENT, Happened("clarification_asked", on(10)), Happened("clarified", on(12))],
        State.WAITING,
        Due("reply_due", ENDS, Why.STANDARD_ENDS, on(2)),
    ),
    (
        "a letter that went out clarifies",
        [SENT, Happened("clarification_asked", on(10)), Happened("sent", on(12))],
        State.WAITING,
        Due("reply_due", ENDS, Why.STANDARD_ENDS, on(2)),
    ),
    (
        "given longer",
        [SENT, Happened("extended", on(20), None, on(15, 12), "complex")],
        State.WAITING,
        Due("reply_due", on(15, 12), Why.STANDARD_ENDS, on(2)),
    ),
    (
        "a promise moves nothing",
        [SENT, Happened("promised", on(20), None, on(15, 12))],
        State.WAITING,
        Due("reply_due", ENDS, Why.STANDARD_ENDS, on(2)),
    ),
    (
        "a decision stops what stands still",
        [SENT, paused(10), Happened("decided", on(12))],
        State.ANSWERED,
        Due("answer", on(16), Why.PERSON_TO_TELL, on(12)),
    ),
    (
        "waits for the person",
        [SENT, Happened("holding_reply", on(10), "awaiting_person")],
        State.HELD,
        Due("answer", on(10), Why.PERSON_AWAITED, on(10)),
    ),
    (
        "doubts that they live here",
        [SENT, Happened("holding_reply", on(10), "not_a_constituent")],
        State.HELD,
        Due("answer", on(10), Why.CONSTITUENCY_DOUBTED, on(10)),
    ),
    (
        "says that it answered already",
        [SENT, Happened("holding_reply", on(10), "already_answered")],
        State.HELD,
        Due("answer", on(10), Why.SAID_ANSWERED, on(10)),
    ),
    (
        "one of several things it said waits for us",
        [SENT, Happened("holding_reply", on(10), "no_timeframe", said=("consent_required", "transferred"))],
        State.HELD,
        Due("answer", on(10), Why.CONSENT_ASKED, on(10)),
    ),
    (
        "of two that wait, the graver",
        [SENT, Happened("holding_reply", on(10), "consent_required", said=("wrong_person",))],
        State.HELD,
        Due("answer", on(10), Why.ABOUT_SOMEBODY_ELSE, on(10)),
    ),
]


@pytest.mark.parametrize(("events", "state", "due"), [row[1:] for row in TRUTH], ids=[row[0] for row in TRUTH])
def test_what_happened_says_what_is_due(events: Sequence[Happened], state: State, due: Due | None) -> None:
    found = clock(*events)
    assert (found.state, found.due) == (state, due)


@pytest.mark.parametrize("shape", ["awaiting_checks", "interview_to_come", "policy_hold", "litigation", "not_served"])
def test_what_a_holding_reply_tells_of_moves_nothing(shape: str) -> None:
    assert clock(SENT, Happened("holding_reply", on(10), shape)).due == clock(SENT).due


def test_a_holding_reply_that_speaks_of_a_hold_stops_no_clock() -> None:
    assert clock(SENT, Happened("holding_reply", on(10), "policy_hold")).halted is None


@pytest.mark.parametrize(("day", "late"), [(ENDS, 0), (on(1, 12), 0), (on(7, 12), 0), (on(8, 12), 1)])
def test_days_left_out_are_not_late(day: date, late: int) -> None:
    assert clock(SENT, paused(10), Happened("resumed", on(17))).working_days_late(day) == late


def test_while_it_stands_still_nothing_is_late() -> None:
    assert clock(SENT, paused(10)).working_days_late(on(31, 12)) == 0


def test_what_is_late_stays_late_though_they_say_that_it_is_paused() -> None:
    found = clock(SENT, Happened("paused", on(2, 12), None, None, "policy_hold"))
    assert found.halted is None
    assert found.working_days_late(on(8, 12)) == 6


def test_answered_while_it_stood_still_is_within_the_standard() -> None:
    found = clock(SENT, paused(10), Happened("answered", on(10, 12)))
    assert found.stopped_on == on(10, 12)
    assert last(found) == date(2027, 1, 4)  # 22 working days left out


def test_without_a_standard_a_pause_has_the_offices_day_and_a_question_stops_nothing() -> None:
    found = clock(SENT, paused(10), route="hmpo_hotline")
    assert (found.state, found.due) == (State.PAUSED, Due("chase", on(24), Why.PAUSED, on(10)))
    asked = clock(SENT, Happened("clarification_asked", on(10)), route="hmpo_hotline")
    assert (asked.halted, asked.state) == (None, State.WAITING)


def test_what_is_said_of_a_clock_before_the_letter_or_after_the_answer_counts_for_nothing() -> None:
    early = clock(Happened("paused", on(1), None, None, "other"), SENT)
    assert (early.halted, last(early)) == (None, ENDS)
    answered = [SENT, Happened("answered", on(20))]
    assert clock(*answered, Happened("paused", on(21), None, None, "other")) == clock(*answered)


def test_on_one_day_the_order_of_logging_counts() -> None:
    stop, go = paused(10), Happened("resumed", on(10))
    assert clock(SENT, stop, go).halted is None
    assert clock(SENT, go, stop).halted is not None


class TestPromises:
    def states(self, *events: Happened) -> list[tuple[date, PromiseState]]:
        return [(one.day, one.state) for one in promises_of(in_order(events))]

    def promised(self, day: int, by: date, handle: UUID | None = None) -> Happened:
        return Happened("promised", on(day), None, by, handle=handle)

    def test_one_is_open_until_its_day_and_past_it(self) -> None:
        handle = uuid4()
        made = self.promised(5, on(20), handle)
        assert promises_of([made]) == [Promised(handle, on(5), on(20), PromiseState.OPEN)]

    @pytest.mark.parametrize(
        ("later", "state"),
        [
            (Happened("promise_kept", on(19)), PromiseState.KEPT),
            (Happened("promise_kept", on(19), None, on(20)), PromiseState.KEPT),
            (Happened("promise_kept", on(19), None, on(21)), PromiseState.OPEN),
            (Happened("answered", on(6)), PromiseState.ANSWERED),
            (Happened("decided", on(25)), PromiseState.ANSWERED),
            (Happened("chased", on(19)), PromiseState.OPEN),
            (Happened("chased", on(20)), PromiseState.PASSED),
            (Happened("phoned", on(21)), PromiseState.PASSED),
            (Happened("holding_reply", on(21), "no_timeframe"), PromiseState.OPEN),
        ],
    )
    def test_what_ends_it(self, later: Happened, state: PromiseState) -> None:
        assert self.states(SENT, self.promised(5, on(20)), later) == [(on(20), state)]

    def test_a_later_promise_takes_the_place_of_one_whose_day_has_come(self) -> None:
        first = self.promised(5, on(20))
        open_, passed = PromiseState.OPEN, PromiseState.PASSED
        assert self.states(first, self.promised(19, on(27))) == [(on(20), open_), (on(27), open_)]
        assert self.states(first, self.promised(20, on(27))) == [(on(20), passed), (on(27), open_)]

    def test_two_of_one_letter_are_kept_one_by_one(self) -> None:
        both = [self.promised(5, on(20)), self.promised(5, on(10))]
        kept = Happened("promise_kept", on(9))
        assert self.states(*both, kept) == [(on(20), PromiseState.OPEN), (on(10), PromiseState.KEPT)]
        assert [state for _day, state in self.states(*both, kept, kept)] == [PromiseState.KEPT] * 2

    def test_they_are_on_the_clock_of_a_letter_that_is_not_out_too(self) -> None:
        assert [one.day for one in clock(self.promised(5, on(20))).promises] == [on(20)]


EVENTS = [SENT, Happened("chased", on(20))]
STOPPED = [SENT, paused(10)]


@pytest.mark.parametrize(
    ("events", "more", "fault"),
    [
        (EVENTS, paused(10), None),
        (EVENTS, Happened("paused", on(10)), NoReason),
        ([], paused(10), NotOut),
        ([Happened("came_in", on(1))], paused(10), NotOut),
        (EVENTS, paused(1), NotOut),
        (EVENTS, paused(2), None),
        (EVENTS, Happened("resumed", on(12)), NotStopped),
        (STOPPED, Happened("resumed", on(9)), NotStopped),
        (STOPPED, Happened("resumed", on(10)), None),
        (STOPPED, paused(12), AlreadyStopped),
        (STOPPED, paused(5), AlreadyStopped),
        ([*STOPPED, Happened("resumed", on(17))], Happened("resumed", on(18)), NotStopped),
        ([*STOPPED, Happened("resumed", on(17))], Happened("resumed", on(12)), NotStopped),
        ([*STOPPED, Happened("resumed", on(17))], paused(18), None),
        (STOPPED, Happened("clarified", on(12)), NotStopped),
        (STOPPED, Happened("clarification_asked", on(12)), None),
        ([SENT, Happened("clarification_asked", on(5))], Happened("clarification_asked", on(6)), AlreadyStopped),
        ([SENT, Happened("answered", on(20))], paused(20), AlreadyAnswered),
        ([SENT, Happened("answered", on(20))], paused(19), None),
        (EVENTS, paused(10, until=on(9)), NotLater),
        (EVENTS, Happened("extended", on(20), None, ENDS, "complex"), NotLater),
        (EVENTS, Happened("extended", on(20), None, on(1, 12), "complex"), None),
        (EVENTS, Happened("extended", on(20), None, on(1, 12)), NoReason),
        (EVENTS, Happened("extended", on(20), None, None, "complex"), NoDayPromised),
        (EVENTS, Happened("promised", on(20)), NoDayPromised),
        (EVENTS, Happened("promised", on(20), None, on(19)), NotLater),
        ([], Happened("promised", on(20), None, on(20)), None),
        (EVENTS, Happened("promise_kept", on(20)), NoSuchPromise),
        ([Happened("promised", on(5), None, on(9))], Happened("promise_kept", on(4)), NoSuchPromise),
        ([Happened("promised", on(5), None, on(9))], Happened("promise_kept", on(5)), None),
        ([Happened("promised", on(5), None, on(9))], Happened("promise_kept", on(5), None, on(8)), NoSuchPromise),
    ],
)
def test_what_cannot_be_so_is_refused(
    events: list[Happened], more: Happened, fault: type[CaseworkFault] | None
) -> None:
    if fault is None:
        allowed.require_possible(events, more, clock(*events))
        return
    with pytest.raises(fault, match=r"\.$"):
        allowed.require_possible(events, more, clock(*events))


def test_without_a_standard_there_is_nothing_to_extend() -> None:
    longer = Happened("extended", on(20), None, on(31, 12), "complex")
    with pytest.raises(NotLater, match="Log a promise instead"):
        allowed.require_possible([SENT], longer, clock(SENT, route="other"))


KINDS = ("came_in", "sent", "acknowledged", "chased", "phoned", "told_person")
DAYS = st.dates(date(2026, 1, 5), date(2026, 9, 30))
LATER = st.integers(0, 60).map(timedelta)
REASONS = st.sampled_from(EventReason.values)
ORDINARY = st.builds(Happened, st.sampled_from(KINDS), DAYS)
PAIRS = st.one_of(
    st.builds(
        lambda day, more, why: [Happened("paused", day, reason=why), Happened("resumed", day + more)],
        DAYS,
        LATER,
        REASONS,
    ),
    st.builds(lambda day, more: [Happened("clarification_asked", day), Happened("clarified", day + more)], DAYS, LATER),
    st.builds(lambda day, more, why: [Happened("extended", day, None, day + more, why)], DAYS, LATER, REASONS),
    st.builds(lambda day, why: [Happened("paused", day, reason=why)], DAYS, REASONS),
    st.builds(lambda day: [Happened("clarification_asked", day)], DAYS),
)
ROUTES = st.sampled_from(["ho_mp", "foi", "sar", "complaint"])


@given(
    ordinary=st.lists(ORDINARY, max_size=6),
    some=st.lists(PAIRS, max_size=3),
    more=PAIRS,
    sent=DAYS,
    route=ROUTES,
)
def test_what_happens_to_a_clock_never_brings_its_reply_forward(
    ordinary: list[Happened], some: list[list[Happened]], more: list[Happened], sent: date, route: str
) -> None:
    """Of what may be logged: a second pause within a pause, for one, may not."""
    events = [Happened("sent", sent), *ordinary, *(one for pair in some for one in pair)]
    after = [*events, *more]
    assume(changes_nothing(in_order(events)) == changes_nothing(in_order(after)) == 0)
    first, second = clock(*events, route=route), clock(*after, route=route)
    if second.halted is None:
        assert first.halted is None
        assert last(second) >= last(first)


@given(some=st.lists(PAIRS, max_size=4), promised=st.lists(st.tuples(DAYS, LATER), max_size=3), sent=DAYS, route=ROUTES)
def test_promises_move_no_clock(
    some: list[list[Happened]], promised: list[tuple[date, timedelta]], sent: date, route: str
) -> None:
    events = [Happened("sent", sent), *(one for pair in some for one in pair)]
    promises = [Happened("promised", day, None, day + more) for day, more in promised]
    first, second = clock(*events, route=route), clock(*events, *promises, route=route)
    assert (first.state, first.due, first.limit, first.halted) == (
        second.state,
        second.due,
        second.limit,
        second.halted,
    )


@given(some=st.lists(PAIRS, max_size=4, unique_by=lambda pair: pair[0].on), sent=DAYS, route=ROUTES, data=st.data())
def test_the_order_of_logging_does_not_matter_beyond_the_days(
    some: list[list[Happened]], sent: date, route: str, data: st.DataObject
) -> None:
    events = [Happened("sent", sent), *(one for pair in some for one in pair)]
    assume(len({one.on for one in events}) == len(events))
    shuffled = data.draw(st.permutations(events))
    assert clock(*shuffled, route=route) == clock(*events, route=route)
