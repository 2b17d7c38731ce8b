"""Rule files: every row in the repository keeps its form, and a faulty file is refused by name."""

from __future__ import annotations

from datetime import date, timedelta
from importlib import resources

import pytest

from safeconduct.core.calendar.rules import (
    Kind,
    NotInForce,
    Roll,
    Rule,
    RuleFault,
    Status,
    UnknownRule,
    Why,
    all_rules,
    check_together,
    get,
    read_rules,
)

WHOLE = """
[[rule]]
id = "test.rule"
title = "A test"
version = 1
kind = "act"
trigger = "sent"
unit = "calendar_days"
count = 14
non_working_receipt = "day_zero"
roll = "next_working_day"
status = "verified"
source = "A book"
"""

EXPECTED_IDS = (
    "ho.mp.written",
    "cabinet.office.correspondence",
    "ho.mp.urgent",
    "ho.mp.calls",
    "hmpo.mp",
    "ukvi.complaint.ack",
    "ukvi.complaint.stage1",
    "ukvi.complaint.serious",
    "ukvi.complaint.in_time",
    "ukvi.complaint.stage2",
    "iec",
    "phso",
    "sar",
    "sar.extend",
    "dp.complaint",
    "foi",
    "foi.pit",
    "foi.review",
    "foi.ico",
    "pap",
    "jr.ut",
    "jr.hc",
    "jr.delay",
    "ftt.iac.appeal.in",
    "ftt.iac.appeal.out",
    "ftt.iac.citizens",
    "ftt.iac.ada",
    "ftt.pta",
    "ut.pta.in",
    "ut.pta.out",
    "ut.to.ca",
    "stf24",
    "ar.in",
    "ar.det",
    "ar.out",
    "ar.deemed",
    "fs",
    "overstayer",
    "nrm.rg",
    "nrm.recovery",
    "nrm.reconsider",
    "bail.app",
    "detained.removal",
    "ast.appeal",
    "ast.reasons",
    "moveon.28",
    "moveon.56.pilot",
    "moveon.28.single",
    "moveon.42",
    "ntq",
    "neg.21",
    "asylum.interview.missed",
    "asylum.interview.comments",
    "asylum.piq",
    "asylum.sef.child",
    "asylum.inadmissible",
    "jr.cart",
    "foi.review.reply.exceptional",
    "sar.clock",
    "family_reunion",
    "leave.refugee",
    "support.duty",
    "support.s95a",
)

every_row = pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: f"{rule.id}-{rule.version}")


@pytest.mark.parametrize("rule_id", EXPECTED_IDS)
def test_the_rule_exists(rule_id: str) -> None:
    assert rule_id in {rule.id for rule in all_rules()}


@every_row
def test_every_row_says_where_it_is_written_and_how_sure_we_are(rule: Rule) -> None:
    assert rule.source.strip()
    assert rule.title.strip()
    assert rule.status in Status
    assert all(reading.source.strip() and reading.status in Status for reading in rule.readings)


@every_row
def test_every_row_with_a_limit_says_how_to_count_it(rule: Rule) -> None:
    if rule.kind is Kind.NONE:
        assert rule.count is None
    else:
        assert rule.count is not None
        assert rule.unit is not None
        assert rule.non_working_receipt is not None
        assert rule.roll is not None


@every_row
def test_a_row_wholly_from_memory_is_unconfirmed(rule: Rule) -> None:
    if rule.source.startswith("From memory"):
        assert rule.status is Status.UNCONFIRMED


@every_row
def test_other_readings_differ_from_the_first(rule: Rule) -> None:
    names = [rule.why, *(reading.why for reading in rule.readings)]
    assert len(set(names)) == len(names)
    for reading in rule.readings:
        assert reading.closed or any(
            given is not None and given != own
            for given, own in (
                (reading.unit, rule.unit),
                (reading.count, rule.count),
                (reading.non_working_receipt, rule.non_working_receipt),
                (reading.roll, rule.roll),
            )
        )


def test_a_row_governs_exactly_its_own_days() -> None:
    assert get("moveon.42", date(2026, 3, 9)).count == 42
    with pytest.raises(NotInForce) as refused:
        get("moveon.42", date(2026, 3, 8))
    assert refused.value.others == ("moveon.28.single", "moveon.56.pilot")
    assert "moveon.28.single" in str(refused.value)


def test_the_move_on_rows_leave_no_day_without_a_rule() -> None:
    day = date(2020, 1, 1)
    while day < date(2027, 1, 1):
        assert [rule for rule in all_rules() if rule.family == "moveon" and rule.in_force(day)]
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("rule_id", "before", "day", "after"),
    [
        ("overstayer", 1, date(2025, 11, 11), 2),
        ("nrm.recovery", 1, date(2022, 12, 13), 2),
        ("ukvi.family_partner.outside", 1, date(2022, 5, 11), 2),
    ],
)
def test_a_changed_rule_changes_on_its_day(rule_id: str, before: int, day: date, after: int) -> None:
    assert get(rule_id, day - timedelta(days=1)).version == before
    assert get(rule_id, day).version == after


def test_an_unknown_rule_is_refused_without_repeating_it() -> None:
    with pytest.raises(UnknownRule, match="--list") as refused:
        get("no.such.rule", date(2026, 11, 20))
    assert "no.such.rule" not in str(refused.value)


def test_a_whole_row_is_read() -> None:
    [rule] = read_rules(WHOLE, name="test.toml")
    assert rule.roll is Roll.NEXT_WORKING_DAY
    assert rule.why is Why.AS_WRITTEN


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('status = "verified"', ""),
        ('source = "A book"', ""),
        ('source = "A book"', 'source = " "'),
        ("count = 14", ""),
        ("count = 14", "count = 0"),
        ("count = 14", 'count = "14"'),
        ('unit = "calendar_days"', 'unit = "fortnights"'),
        ('status = "verified"', 'status = "certain"'),
        ('non_working_receipt = "day_zero"', ""),
        ('roll = "next_working_day"', ""),
        ('kind = "act"', 'kind = "ending"'),  # an ending does not roll
        ('kind = "act"', 'kind = "none"'),
        ("version = 1", "version = 0"),
        ('id = "test.rule"', 'id = "test.rule"\nsurprise = true'),
        ('id = "test.rule"', 'id = "test.rule"\npercent = 95'),  # a percentage of somebody's own acts
        ('id = "test.rule"', 'id = "test.rule"\nfrom = 2026-01-02\nto = 2026-01-01'),
        ('id = "test.rule"', 'id = "test.rule"\nworking_days_of = "wales"'),
        ('id = "test.rule"', 'id = "test.rule"\ncautions = ["unheard_of"]'),
        ('id = "test.rule"', 'id = "test.rule"\nsecond = { trigger = "sent", count = 1, unit = "weeks" }'),
        (
            'source = "A book"',
            'source = "A book"\n[[rule.reading]]\nwhy = "one_month"\nstatus = "verified"\nsource = "x"',
        ),
        ("[[rule]]", "[[law]]"),
        ("[[rule]]", "[[rule"),
    ],
)
def test_a_faulty_file_is_refused_by_name(old: str, new: str) -> None:
    assert old in WHOLE
    with pytest.raises(RuleFault, match=r"test\.toml"):
        read_rules(WHOLE.replace(old, new), name="test.toml")


@pytest.mark.parametrize("closed", ["27-12", "12-32", "Christmas"])
def test_closed_days_are_month_and_day(closed: str) -> None:
    reading = f'[[rule.reading]]\nwhy = "year_end_closed"\nstatus = "verified"\nsource = "x"\nclosed = ["{closed}"]\n'
    text = WHOLE.replace("version = 1", 'version = 1\nwhy = "bank_holidays_only"') + reading
    with pytest.raises(RuleFault, match="month-day"):
        read_rules(text, name="test.toml")


def _rows(*changes: str) -> list[Rule]:
    return [rule for change in changes for rule in read_rules(WHOLE.replace("version = 1", change), name="t.toml")]


@pytest.mark.parametrize(
    "changes",
    [
        ("version = 1", "version = 1\nfrom = 2026-01-01"),
        ("version = 1\nto = 2026-01-01", "version = 2\nfrom = 2026-01-01"),
        ("version = 1\nto = 2026-01-01", "version = 1\nfrom = 2026-01-02"),
        ('version = 1\nabroad = "nowhere"',),
        ('version = 1\nabroad = "test.rule"',),
        ('version = 1\ndetained = "nowhere"',),
        ('version = 1\ndetained = "test.rule"',),
        ('version = 1\nelsewhere = { scotland = "nowhere" }',),
    ],
)
def test_rows_that_contradict_each_other_are_refused(changes: tuple[str, ...]) -> None:
    with pytest.raises(RuleFault, match=r"test\.rule"):
        check_together(_rows(*changes))


def test_rows_that_follow_each_other_are_kept_in_order() -> None:
    together = check_together(_rows("version = 2\nfrom = 2026-01-02", "version = 1\nto = 2026-01-01"))
    assert [row.version for row in together["test.rule"]] == [1, 2]


def test_every_file_beside_the_module_is_read() -> None:
    files = sorted((resources.files("safeconduct.core.calendar") / "rules").iterdir(), key=lambda entry: entry.name)
    assert [file.name for file in files if not file.name.endswith(".toml")] == []
    assert sum(file.read_text(encoding="utf-8").count("[[rule]]") for file in files) == len(all_rules())
