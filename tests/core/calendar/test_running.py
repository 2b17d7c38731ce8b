"""A standard whose clock was stopped, started again or given longer: golden days, and steps that add up."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.core.calendar.days import BeyondCalendar, Nation, working_days
from safeconduct.core.calendar.limits import Limit, Step, compute, plus
from safeconduct.core.calendar.rules import RuleFault, Status, Unit, Why, get
from safeconduct.core.calendar.running import Halt, Longer, Ran, run
from safeconduct.core.calendar.stops import By, read_stops

ENGLAND = Nation.ENGLAND_AND_WALES
LETTER, FOI, SAR = "ho.mp.written", "foi", "sar"


def on(day: int, month: int = 12, year: int = 2026) -> date:
    return date(year, month, day)


def ran(rule: str, sent: date, *happened: Halt | Longer, nation: Nation = ENGLAND) -> Ran:
    halts = [one for one in happened if isinstance(one, Halt)]
    longer = [one for one in happened if isinstance(one, Longer)]
    return run(get(rule, sent), sent, nation, halts=halts, longer=longer)


def paused(since: date, until: date | None) -> Halt:
    return Halt(By.SAID, since, until, "policy_hold")


def asked(since: date, until: date | None) -> Halt:
    return Halt(By.CLARIFICATION, since, until)


def identity(since: date, until: date | None) -> Halt:
    return Halt(By.IDENTITY, since, until, "awaiting_identity")


GOLDEN = [
    ("untouched", LETTER, on(2, 11), (), on(30, 11)),
    ("5 working days left out", LETTER, on(2, 11), (paused(on(10, 11), on(17, 11)),), on(7)),
    ("a weekend leaves out none", LETTER, on(2, 11), (paused(on(13, 11), on(15, 11)),), on(30, 11)),
    (
        "the day it stops counts and the day it goes on does not",
        LETTER,
        on(2, 11),
        (paused(on(3, 11), on(4, 11)),),
        on(1),
    ),
    ("gone on the same day", LETTER, on(2, 11), (paused(on(10, 11), on(10, 11)),), on(30, 11)),
    ("on the last day nothing is left to stop", LETTER, on(2, 11), (paused(on(30, 11), on(9)),), on(30, 11)),
    ("what is late cannot be paused", LETTER, on(2, 11), (paused(on(4), on(9)),), on(30, 11)),
    ("twice", LETTER, on(2, 11), (paused(on(5, 11), on(6, 11)), paused(on(10, 11), on(12, 11))), on(3)),
    (
        "two at once count once",
        LETTER,
        on(2, 11),
        (paused(on(10, 11), on(17, 11)), identity(on(12, 11), on(16, 11))),
        on(7),
    ),
    ("over the year's end", LETTER, on(19), (paused(on(23), on(4, 1, 2027)),), on(28, 1, 2027)),
    ("over the night the clocks go forward", LETTER, on(2, 3), (paused(on(27, 3), on(30, 3)),), on(31, 3)),
    ("over the night they go back", SAR, on(5, 10), (asked(on(24, 10), on(25, 10)),), on(9, 11)),
    ("nothing lets a question stop a letter", LETTER, on(2, 11), (asked(on(10, 11), on(17, 11)),), on(30, 11)),
    ("a question of a request for information", FOI, on(20, 11), (asked(on(1), on(8)),), on(11, 1, 2027)),
    ("asked after the time was over", FOI, on(20, 11), (asked(on(22), on(23)),), on(21)),
    ("of a subject access request: both days left out", SAR, on(20, 11), (asked(on(1), on(8)),), on(29)),
    (
        "the day before the Act: the day they ask counts",
        SAR,
        on(10, 1),
        (asked(on(4, 2), on(9, 2)),),
        on(16, 2),
    ),
    ("the day of the Act: it does not", SAR, on(10, 1), (asked(on(5, 2), on(9, 2)),), on(16, 2)),
    ("proof of identity starts the month", SAR, on(20, 11), (identity(on(1), on(8)),), on(8, 1, 2027)),
    ("proof of identity for a letter is a pause", LETTER, on(2, 11), (identity(on(10, 11), on(17, 11)),), on(7)),
    ("given longer", LETTER, on(2, 11), (Longer(on(20, 11), on(15)),), on(15)),
    ("given no longer", LETTER, on(2, 11), (Longer(on(20, 11), on(25, 11)),), on(30, 11)),
    ("told on the last day", LETTER, on(2, 11), (Longer(on(30, 11), on(15)),), on(15)),
    ("told when it was late already", LETTER, on(2, 11), (Longer(on(1), on(15)),), on(30, 11)),
    ("and longer again, in time", LETTER, on(2, 11), (Longer(on(30, 11), on(15)), Longer(on(15), on(22))), on(22)),
    ("longer, then stopped", LETTER, on(2, 11), (Longer(on(20, 11), on(4)), paused(on(1), on(3))), on(8)),
    ("stopped, then longer", LETTER, on(2, 11), (paused(on(10, 11), on(17, 11)), Longer(on(20, 11), on(15))), on(15)),
    ("longer within what the law allows", SAR, on(20, 11), (Longer(on(10), on(15, 2, 2027)),), on(15, 2, 2027)),
    ("and no longer than that", SAR, on(20, 11), (Longer(on(10), on(1, 6, 2027)),), on(22, 2, 2027)),
    ("on the day to which it rolls", SAR, on(20, 11), (Longer(on(21), on(15, 2, 2027)),), on(15, 2, 2027)),
    ("told too late", SAR, on(20, 11), (Longer(on(22), on(15, 2, 2027)),), on(21)),
    ("stopped on the day to which it rolls", SAR, on(20, 11), (asked(on(21), on(23)),), on(23)),
]


@pytest.mark.parametrize(
    ("rule", "sent", "happened", "day"), [row[1:] for row in GOLDEN], ids=[row[0] for row in GOLDEN]
)
def test_golden_days(rule: str, sent: date, happened: tuple[Halt | Longer, ...], day: date) -> None:
    found = ran(rule, sent, *happened)
    assert found.limit.rolled_last_day == day
    assert found.halted is None


def test_while_it_stands_still_the_day_is_where_it_stood() -> None:
    found = ran(LETTER, on(2, 11), paused(on(10, 11), None))
    assert found.halted == paused(on(10, 11), None)
    assert found.limit.rolled_last_day == on(30, 11)
    still = next(step for step in found.limit.steps if step.code == "stopped_still")
    assert (still.params["left"], still.params["unit"]) == (14, "working_days")


def test_one_that_stands_swallows_what_comes_after_it() -> None:
    found = ran(LETTER, on(2, 11), paused(on(10, 11), None), identity(on(12, 11), on(16, 11)))
    assert found.halted == paused(on(10, 11), None)
    before = ran(LETTER, on(2, 11), identity(on(5, 11), on(12, 11)), paused(on(10, 11), None))
    assert before.halted == paused(on(10, 11), None)
    assert before.limit.rolled_last_day == on(3)  # three days were left out by the tenth


def test_past_the_last_day_it_does_not_stand_still() -> None:
    found = ran(LETTER, on(2, 11), paused(on(1), None))
    assert found.halted is None
    assert "stopped_after_end" in [step.code for step in found.limit.steps]


class TestReadings:
    """Where it can be seen in more than one way each stands there, what is counted first."""

    def read(self, rule: str, sent: date, *happened: Halt | Longer) -> list[tuple[Why, date]]:
        return [(one.why, one.last_day) for one in ran(rule, sent, *happened).limit.readings]

    def test_a_pause_that_nothing_provides_for(self) -> None:
        assert self.read(LETTER, on(2, 11), paused(on(10, 11), on(17, 11))) == [
            (Why.AS_COUNTED, on(7)),
            (Why.PAUSE_DOES_NOT_COUNT, on(30, 11)),
        ]

    def test_a_question_that_may_only_stop(self) -> None:
        found = self.read(FOI, on(20, 11), asked(on(1), on(8)))
        assert found == [(Why.AS_COUNTED, on(11, 1, 2027)), (Why.QUESTION_ONLY_STOPS, on(30))]

    def test_the_rules_own_readings_move_with_it(self) -> None:
        saturday = on(21, 11)
        found = self.read(FOI, saturday, paused(on(1), on(8)))
        assert found == [
            (Why.RECEIPT_IS_DAY_ZERO, on(30)),
            (Why.COUNTED_FROM_NEXT_WORKING_DAY, on(31)),
            (Why.PAUSE_DOES_NOT_COUNT, on(21)),
        ]

    def test_an_extension_that_the_law_does_not_allow(self) -> None:
        assert self.read(SAR, on(20, 11), Longer(on(22), on(15, 2, 2027))) == [
            (Why.AS_COUNTED, on(21)),
            (Why.LONGER_AS_SAID, on(15, 2, 2027)),
        ]

    def test_a_longer_time_that_nothing_provides_for(self) -> None:
        assert self.read(LETTER, on(2, 11), Longer(on(20, 11), on(15))) == [
            (Why.AS_COUNTED, on(15)),
            (Why.LONGER_DOES_NOT_COUNT, on(30, 11)),
        ]

    def test_a_longer_time_told_when_it_was_late(self) -> None:
        assert self.read(LETTER, on(2, 11), Longer(on(1), on(15))) == [
            (Why.AS_COUNTED, on(30, 11)),
            (Why.LONGER_AS_SAID, on(15)),
        ]

    def test_where_none_differs_none_is_shown(self) -> None:
        assert self.read(SAR, on(20, 11), asked(on(1), on(8))) == []

    def test_the_day_is_as_sure_as_what_it_rests_on(self) -> None:
        assert ran(SAR, on(10, 1), asked(on(5, 2), on(9, 2))).limit.status is Status.VERIFIED
        assert ran(SAR, on(10, 1), asked(on(4, 2), on(9, 2))).limit.status is Status.SECONDARY
        assert ran(FOI, on(20, 11), Longer(on(10), on(18, 1, 2027))).limit.status is Status.UNCONFIRMED
        assert ran(FOI, on(20, 11), Longer(on(30), on(18, 1, 2027))).limit.status is Status.VERIFIED


def test_untouched_it_is_what_the_rule_gives() -> None:
    for rule in (LETTER, FOI, SAR):
        assert ran(rule, on(20, 11)).limit == compute(get(rule, on(20, 11)), on(20, 11), ENGLAND)


def test_a_day_that_is_not_known_is_refused() -> None:
    with pytest.raises(BeyondCalendar):
        ran(LETTER, on(2, 11), paused(on(10, 11), date(2029, 1, 5)))
    with pytest.raises(BeyondCalendar):
        ran(SAR, on(2, 11), paused(on(10, 11), date(2029, 1, 5)))
    for rule in (LETTER, FOI):
        with pytest.raises(BeyondCalendar):
            ran(rule, on(2, 11), Longer(on(10, 11), date(2029, 1, 5)))


DAYS = st.dates(date(2026, 1, 5), date(2026, 9, 30))
PAIRS = st.tuples(DAYS, st.integers(0, 40)).map(lambda pair: (pair[0], pair[0] + timedelta(days=pair[1])))
HALTS = st.builds(lambda by, pair: Halt(by, pair[0], pair[1]), st.sampled_from(By), PAIRS)
LONGERS = st.builds(lambda pair: Longer(*pair), PAIRS)
RULES = st.sampled_from([LETTER, FOI, SAR])


def replayed(limit: Limit) -> date:
    """The day that the steps add up to, counted over by other means than they were."""
    day = limit.event
    for step in limit.steps:
        day = _after(step, day, limit)
        if step.code in ("last_day", "moved", "rolled"):
            assert step.params["on"] == day, step
    return day


def _after(step: Step, day: date, limit: Limit) -> date:
    days, given = working_days(limit.nation), step.params
    match step.code:
        case "day_zero" | "day_zero_moved" | "started_again":
            return given["on"]  # type: ignore[return-value]  # a date
        case "counted":
            return plus(day, int(given["count"]), Unit(given["unit"]), days)  # type: ignore[arg-type]
        case "stopped":
            after, until = given["after"], given["until"]
            assert isinstance(after, date)
            assert isinstance(until, date)
            passed = [after + timedelta(days=one) for one in range(1, (until - after).days + 1)]
            if given["unit"] == "working_days":
                passed = [one for one in passed if days.is_working(one)]
            assert given["count"] == len(passed)
            day = max(day, after)
            return days.add(day, len(passed)) if given["unit"] == "working_days" else day + timedelta(days=len(passed))
        case "longer":
            return max(day, given["until"])  # type: ignore[return-value]
        case "longer_at_most":
            return min(day, given["on"])  # type: ignore[return-value]
        case "rolled":
            return days.next_on_or_after(day)
    return day


@given(rule=RULES, sent=DAYS, halts=st.lists(HALTS, max_size=4), longer=st.lists(LONGERS, max_size=2))
def test_the_steps_add_up_to_the_day(rule: str, sent: date, halts: list[Halt], longer: list[Longer]) -> None:
    limit = ran(rule, sent, *halts, *longer).limit
    assert replayed(limit) == limit.rolled_last_day


@given(sent=DAYS, halts=st.lists(PAIRS.map(lambda pair: paused(*pair)), max_size=4))
def test_as_many_days_run_as_the_rule_counts(sent: date, halts: list[Halt]) -> None:
    """Counted one by one: 20 working days after day 0 on which the clock did not stand still."""
    days = working_days(ENGLAND)
    day = days.next_on_or_after(sent)
    left = 20
    while left:
        day += timedelta(days=1)
        stood = any(one.since < day <= (one.until or day) for one in halts)
        left -= days.is_working(day) and not stood
    assert ran(LETTER, sent, *halts).limit.rolled_last_day == day


@given(rule=RULES, sent=DAYS, some=st.lists(HALTS | LONGERS, max_size=4), more=HALTS | LONGERS)
def test_nothing_that_happens_to_a_clock_brings_its_day_forward(
    rule: str, sent: date, some: list[Halt | Longer], more: Halt | Longer
) -> None:
    before = ran(rule, sent, *some).limit
    after = ran(rule, sent, *some, more).limit
    assert after.last_day >= before.last_day
    assert after.rolled_last_day >= before.rolled_last_day


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            '[[stop]]\nrule = "none.such"\nby = "clarification"\neffect = "stops"\nstatus = "verified"\nsource = "x"',
            "exist",
        ),
        ('[[stop]]\nrule = "sar"\nby = "said"\neffect = "stops"\nstatus = "verified"\nsource = "x"', "in no law"),
        ('[[stop]]\nrule = "sar"\nby = "identity"\neffect = "stops"\nstatus = "verified"\nsource = " "', "its source"),
        (
            2 * '[[stop]]\nrule = "sar"\nby = "identity"\neffect = "stops"\nstatus = "verified"\nsource = "x"\n',
            "two rows",
        ),
        ('[[longer]]\nrule = "sar"\nmost = "none"\nfirm = true\nstatus = "verified"\nsource = "x"', "exist"),
        ("[[stop]]\nfoo = 1", "stops.toml"),
        ("not toml", "stops.toml"),
    ],
)
def test_a_faulty_file_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(RuleFault, match=complaint):
        read_stops(text, name="stops.toml")
