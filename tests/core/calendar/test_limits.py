"""Limits: the worked examples exactly, and what holds for every rule, day and nation."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from safeconduct.core.calendar.days import NATIONS, BeyondCalendar, Nation, working_days
from safeconduct.core.calendar.limits import Limit, NoLimit, NoSecondClock, compute
from safeconduct.core.calendar.rules import Kind, NotInForce, Roll, Rule, Status, Unit, all_rules, get, read_rules

EW, SCO, NI = Nation.ENGLAND_AND_WALES, Nation.SCOTLAND, Nation.NORTHERN_IRELAND


def limit(rule_id: str, event: date, nation: Nation = EW, abroad: bool = False, letter: date | None = None) -> Limit:
    return compute(get(rule_id, event), event, nation, abroad, letter=letter)


def codes(found: Limit) -> list[str]:
    return [step.code for step in found.steps]


def readings(found: Limit) -> dict[str, date]:
    return {reading.why.value: reading.last_day for reading in found.readings}


def test_an_mps_letter_of_friday_20_november_is_due_on_18_december() -> None:
    found = limit("ho.mp.written", date(2026, 11, 20))
    assert (found.last_day, found.rolled_last_day, found.act_by) == (date(2026, 12, 18), date(2026, 12, 18), None)
    assert found.readings == ()
    assert codes(found)[:4] == ["day_zero", "counted", "no_holidays", "last_day"]


def test_an_mps_letter_that_comes_on_a_saturday_counts_from_the_monday() -> None:
    found = limit("ho.mp.written", date(2026, 12, 19))
    assert found.last_day == date(2027, 1, 21)
    assert ("day_zero_moved", {"on": date(2026, 12, 21)}) in [(step.code, step.params) for step in found.steps]


def test_an_mps_letter_counted_in_scotland_passes_over_st_andrews_day() -> None:
    assert limit("ho.mp.written", date(2026, 11, 20), SCO).last_day == date(2026, 12, 21)


@pytest.mark.parametrize("nation", NATIONS)
def test_foi_counts_by_the_holidays_of_any_part_of_the_uk(nation: Nation) -> None:
    found = limit("foi", date(2026, 11, 20), nation)
    assert found.last_day == date(2026, 12, 21)
    assert found.readings == ()
    [passed] = [step.params["on"] for step in found.steps if step.code == "holidays"]
    assert [holiday.on for holiday in passed] == [date(2026, 11, 30)]


def test_foi_that_comes_on_a_saturday_is_read_in_both_ways() -> None:
    found = limit("foi", date(2026, 12, 19))
    assert found.last_day == found.rolled_last_day == date(2027, 1, 21)
    assert readings(found) == {
        "receipt_is_day_zero": date(2027, 1, 21),
        "counted_from_next_working_day": date(2027, 1, 22),
    }
    assert found.act_by is None


def test_a_tribunal_decision_sent_on_7_november() -> None:
    found = limit("ftt.iac.appeal.in", date(2026, 11, 7))
    assert found.last_day == date(2026, 11, 21)
    assert found.rolled_last_day == date(2026, 11, 23)
    assert found.act_by == date(2026, 11, 20)
    assert found.readings == ()


def test_a_tribunal_decision_sent_on_14_december_is_read_in_both_ways() -> None:
    found = limit("ftt.iac.appeal.in", date(2026, 12, 14))
    assert found.last_day == date(2026, 12, 28)
    assert found.rolled_last_day == date(2026, 12, 29)
    assert readings(found) == {"bank_holidays_only": date(2026, 12, 29), "year_end_closed": date(2027, 1, 4)}
    assert [reading.status for reading in found.readings] == [Status.VERIFIED, Status.UNCONFIRMED]
    assert found.act_by == date(2026, 12, 24)


def test_an_asylum_support_letter_of_18_november_ends_alike_on_both_readings() -> None:
    found = limit("ast.appeal", date(2026, 11, 18))
    assert found.last_day == date(2026, 11, 21)
    assert found.rolled_last_day == date(2026, 11, 23)
    assert readings(found) == {"three_days": date(2026, 11, 23), "three_working_days": date(2026, 11, 23)}
    assert found.act_by == date(2026, 11, 20)


def test_an_asylum_support_letter_of_christmas_eve_must_be_answered_the_same_day() -> None:
    found = limit("ast.appeal", date(2026, 12, 24))
    assert found.last_day == date(2026, 12, 27)
    assert found.rolled_last_day == date(2026, 12, 29)
    assert readings(found) == {"three_days": date(2026, 12, 29), "three_working_days": date(2026, 12, 31)}
    assert found.act_by == date(2026, 12, 24)
    assert "act_the_same_day" in codes(found)


def test_act_by_is_never_before_the_event_even_when_nothing_is_open() -> None:
    assert limit("ast.appeal", date(2026, 12, 25)).act_by == date(2026, 12, 25)


def test_move_on_is_an_ending_and_the_later_of_two_clocks() -> None:
    alone = limit("moveon.42", date(2026, 11, 20))
    both = limit("moveon.42", date(2026, 11, 20), letter=date(2026, 12, 10))
    early = limit("moveon.42", date(2026, 11, 20), letter=date(2026, 11, 23))
    assert (alone.last_day, alone.act_by) == (date(2027, 1, 1), None)
    assert (both.last_day, both.rolled_last_day, both.act_by) == (date(2027, 1, 7), date(2027, 1, 7), None)
    assert early.last_day == date(2027, 1, 1)
    assert "second_clock_unknown" in codes(alone)
    assert "later_of" in codes(both)


def test_support_after_a_refusal_ends_after_21_days() -> None:
    found = limit("neg.21", date(2026, 11, 20))
    assert (found.last_day, found.rolled_last_day, found.act_by) == (date(2026, 12, 11), date(2026, 12, 11), None)


@pytest.mark.parametrize("rule_id", ["deemed.post", "ar.deemed"])
@pytest.mark.parametrize(
    ("nation", "day"), [(EW, date(2026, 12, 1)), (NI, date(2026, 12, 1)), (SCO, date(2026, 12, 2))]
)
def test_a_posted_paper_counts_as_received_by_the_holidays_of_where_it_goes(
    rule_id: str, nation: Nation, day: date
) -> None:
    found = limit(rule_id, date(2026, 11, 27), nation)
    assert (found.last_day, found.act_by) == (day, None)


@pytest.mark.parametrize(
    ("received", "last", "rolled"),
    [
        (date(2026, 9, 3), date(2026, 10, 3), date(2026, 10, 5)),
        (date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 2)),
        (date(2027, 12, 31), date(2028, 1, 31), date(2028, 1, 31)),
        (date(2028, 1, 31), date(2028, 2, 29), date(2028, 2, 29)),
        (date(2026, 11, 25), date(2026, 12, 25), date(2026, 12, 29)),
    ],
)
def test_a_month_ends_on_the_corresponding_date_or_the_last_of_the_month(
    received: date, last: date, rolled: date
) -> None:
    found = limit("sar", received)
    assert (found.last_day, found.rolled_last_day, found.act_by) == (last, rolled, None)


@pytest.mark.parametrize(
    ("asked", "answers", "days"),
    [
        ("ftt.iac.appeal.in", "ftt.iac.appeal.out", 28),
        ("ftt.iac.appeal.out", "ftt.iac.appeal.out", 28),
        ("ftt.pta", "ftt.pta.out", 28),
        ("ar.in", "ar.out", 28),
        ("deemed.post", "deemed.post.abroad", 28),
        ("ut.to.ca", "ut.to.ca.out", 38),
    ],
)
def test_abroad_picks_the_row_for_people_outside_the_uk_and_says_so(asked: str, answers: str, days: int) -> None:
    event = date(2026, 11, 2)
    found = limit(asked, event, abroad=True)
    assert found.rule.id == answers
    assert found.last_day == event + timedelta(days=days)
    assert ("rule_instead" in codes(found)) == (asked != answers)
    assert "abroad_same" not in codes(found)


def test_abroad_changes_nothing_where_the_rule_has_no_such_row() -> None:
    here, there = limit("foi", date(2026, 11, 20)), limit("foi", date(2026, 11, 20), abroad=True)
    assert here.last_day == there.last_day
    assert "abroad_same" in codes(there)


@pytest.mark.parametrize(
    ("asked", "answers"),
    [("ar.in", "ar.det"), ("ut.to.ca", "ut.to.ca.detained"), ("ftt.bundle.build_case", "ftt.bundle.detained")],
)
def test_detention_picks_its_own_row_where_one_is_known_and_says_so(asked: str, answers: str) -> None:
    event = date(2026, 11, 2)
    found = compute(get(asked, event), event, EW, detained=True)
    assert found.rule.id == answers
    assert found.last_day == limit(answers, event).last_day < limit(asked, event).last_day
    [instead] = [step.params for step in found.steps if step.code == "rule_instead"]
    assert (instead["reason"], instead["rule"]) == ("detained", answers)
    assert "detained_same" not in codes(found)


def test_in_detention_without_a_row_of_its_own_the_ordinary_one_answers_and_says_so() -> None:
    event = date(2026, 11, 7)
    found = compute(get("ftt.iac.appeal.in", event), event, EW, detained=True)
    assert found.last_day == limit("ftt.iac.appeal.in", event).last_day
    assert "detained_same" in codes(found)
    assert "detained_same" not in codes(limit("ftt.iac.appeal.in", event))
    own = compute(get("ftt.iac.ada", event), event, EW, detained=True)
    assert "detained_same" not in codes(own)


@pytest.mark.parametrize(
    ("rule_id", "nation", "answers"),
    [
        ("jr.hc", NI, "jr.ni"),
        ("jr.hc", SCO, "jr.scot"),
        ("jr.hc", EW, "jr.hc"),
        ("nrm.recovery", SCO, "nrm.recovery.scotland"),
    ],
)
def test_another_nation_may_have_a_row_of_its_own(rule_id: str, nation: Nation, answers: str) -> None:
    assert limit(rule_id, date(2026, 11, 20), nation).rule.id == answers


def test_a_row_without_a_published_limit_gives_no_day() -> None:
    with pytest.raises(NoLimit, match="follow-up day"):
        limit("ho.mp.urgent", date(2026, 11, 20))


def test_a_letters_day_is_refused_where_there_is_one_clock() -> None:
    with pytest.raises(NoSecondClock):
        limit("neg.21", date(2026, 11, 20), letter=date(2026, 12, 1))


def test_a_row_is_not_used_for_a_day_it_does_not_govern() -> None:
    with pytest.raises(NotInForce):
        compute(get("moveon.42", date(2026, 11, 20)), date(2026, 1, 5), EW)


@pytest.mark.parametrize("rule_id", ["foi", "ftt.iac.appeal.in", "neg.21", "phso", "moveon.42", "ukvi.visit.outside"])
def test_a_limit_beyond_the_published_holidays_is_refused(rule_id: str) -> None:
    with pytest.raises(BeyondCalendar):
        limit(rule_id, date(2028, 12, 22))


def test_the_older_standard_of_fifteen_days_is_the_other_reading_and_never_the_first() -> None:
    found = limit("cabinet.office.correspondence", date(2026, 11, 20))
    assert found.status is Status.UNCONFIRMED
    assert readings(found)["fifteen_working_days"] < found.last_day


def test_act_by_takes_the_earliest_reading() -> None:
    text = """
    [[rule]]
    id = "test.rule"
    title = "A test"
    version = 1
    kind = "act"
    trigger = "sent"
    unit = "working_days"
    count = 10
    non_working_receipt = "day_zero"
    roll = "none"
    why = "working_days"
    status = "verified"
    source = "A book"
    [[rule.reading]]
    why = "calendar_days"
    unit = "calendar_days"
    status = "secondary"
    source = "Another book"
    """
    [rule] = read_rules(text, name="test.toml")
    found = compute(rule, date(2026, 11, 3), EW)
    assert found.last_day == date(2026, 11, 17)
    assert readings(found) == {"working_days": date(2026, 11, 17), "calendar_days": date(2026, 11, 13)}
    assert found.act_by == date(2026, 11, 13)


counted = [rule for rule in all_rules() if rule.kind is not Kind.NONE]
events = st.dates(min_value=date(2012, 3, 1), max_value=date(2027, 6, 30))


@given(rule=st.sampled_from(counted), event=events, nation=st.sampled_from(NATIONS), abroad=st.booleans())
def test_the_days_of_every_limit_stand_in_order(rule: Rule, event: date, nation: Nation, abroad: bool) -> None:
    assume(rule.in_force(event))
    found = compute(rule, event, nation, abroad)
    days = working_days(found.nation)
    assert event < found.last_day <= found.rolled_last_day
    if found.rule.roll is Roll.NEXT_WORKING_DAY or found.rule.unit is Unit.WORKING_DAYS:
        assert days.is_working(found.rolled_last_day)
    if found.rule.roll is Roll.NONE:
        assert found.rolled_last_day == found.last_day
    if found.rule.kind is Kind.ACT:
        assert found.act_by is not None
        assert event <= found.act_by <= found.last_day
        assert found.act_by == event or days.is_working(found.act_by)
        assert all(found.act_by <= reading.last_day for reading in found.readings)
    else:
        assert found.act_by is None


@given(rule=st.sampled_from(counted), event=events, nation=st.sampled_from(NATIONS))
def test_a_doubtful_row_never_gives_a_day_without_its_status(rule: Rule, event: date, nation: Nation) -> None:
    assume(rule.in_force(event))
    found = compute(rule, event, nation)
    assert found.status is found.rule.status
    assert found.source == found.rule.source
    if found.readings:
        assert len(found.readings) >= 2
        assert found.readings[0].last_day == found.rolled_last_day
        assert found.readings[0].status is found.status


@given(rule=st.sampled_from(counted), event=events, later=st.integers(1, 40), nation=st.sampled_from(NATIONS))
def test_a_later_event_never_gives_an_earlier_day(rule: Rule, event: date, later: int, nation: Nation) -> None:
    other = event + timedelta(days=later)
    assume(rule.in_force(event) and rule.in_force(other))
    first, second = compute(rule, event, nation), compute(rule, other, nation)
    assume(first.rule == second.rule)
    assert first.last_day <= second.last_day
    assert first.rolled_last_day <= second.rolled_last_day
    assert first.act_by is None or second.act_by is None or first.act_by <= second.act_by
