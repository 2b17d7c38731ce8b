"""`safeconduct limits`: the contract for scripts, and words a person can follow."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.cli import main
from safeconduct.cli.limits import LAST_DAY_WORDS, STATUS_WORDS, limits
from safeconduct.core.calendar.days import NATIONS, Nation
from safeconduct.core.calendar.rules import Kind, Status, all_rules

EW = ("--nation", "england-and-wales")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(limits, list(arguments))


def answer(*arguments: str) -> dict[str, Any]:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    assert isinstance(found, dict)
    return found


def lines(*arguments: str) -> list[str]:
    result = run(*arguments)
    assert result.exit_code == 0, result.stderr
    return [line.strip() for line in result.stdout.splitlines()]


def test_the_command_answers_under_its_own_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["limits", "foi", "--event", "2026-11-20", *EW, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["last_day"] == "2026-12-21"


def test_json_has_exactly_the_promised_parts() -> None:
    found = answer("ftt.iac.appeal.in", "--event", "2026-12-14", *EW)
    assert set(found) == {"act_by", "last_day", "rolled_last_day", "readings", "steps", "status", "source"}
    assert (found["act_by"], found["last_day"], found["rolled_last_day"]) == ("2026-12-24", "2026-12-28", "2026-12-29")
    assert [set(reading) for reading in found["readings"]] == [{"why", "last_day", "status"}] * 2
    assert [reading["last_day"] for reading in found["readings"]] == ["2026-12-29", "2027-01-04"]
    assert [reading["status"] for reading in found["readings"]] == ["verified", "unconfirmed"]
    assert found["status"] == "verified"
    assert "r.19(2)" in found["source"]
    assert all(set(step) == {"code", "params", "says"} for step in found["steps"])


@pytest.mark.parametrize(
    ("arguments", "act_by", "last_day", "rolled"),
    [
        (("ho.mp.written", "--event", "2026-11-20", *EW), None, "2026-12-18", "2026-12-18"),
        (("foi", "--event", "2026-11-20", *EW), None, "2026-12-21", "2026-12-21"),
        (("ho.mp.written", "--event", "2026-12-19", *EW), None, "2027-01-21", "2027-01-21"),
        (("foi", "--event", "2026-12-19", *EW), None, "2027-01-21", "2027-01-21"),
        (("ftt.iac.appeal.in", "--event", "2026-11-07", *EW), "2026-11-20", "2026-11-21", "2026-11-23"),
        (("ast.appeal", "--event", "2026-11-18", *EW), "2026-11-20", "2026-11-21", "2026-11-23"),
        (("ast.appeal", "--event", "2026-12-24", *EW), "2026-12-24", "2026-12-27", "2026-12-29"),
        (("moveon.42", "--event", "2026-11-20", *EW), None, "2027-01-01", "2027-01-01"),
        (("moveon.42", "--event", "2026-11-20", "--letter", "2026-12-10", *EW), None, "2027-01-07", "2027-01-07"),
        (("neg.21", "--event", "2026-11-20", *EW), None, "2026-12-11", "2026-12-11"),
        (("deemed.post", "--event", "2026-11-27", *EW), None, "2026-12-01", "2026-12-01"),
        (("deemed.post", "--event", "2026-11-27", "--nation", "scotland"), None, "2026-12-02", "2026-12-02"),
        (("ar.in", "--event", "2026-11-13", *EW, "--detained"), "2026-11-20", "2026-11-20", "2026-11-20"),
        (("asylum.interview.missed", "--event", "2026-11-13", *EW), "2026-11-20", "2026-11-20", "2026-11-20"),
        (("asylum.piq", "--event", "2026-11-02", *EW), "2026-11-20", "2026-11-22", "2026-11-22"),
        (("ftt.pta", "--event", "2026-11-02", *EW, "--abroad"), "2026-11-30", "2026-11-30", "2026-11-30"),
    ],
)
def test_the_days(arguments: Sequence[str], act_by: str | None, last_day: str, rolled: str) -> None:
    found = answer(*arguments)
    assert (found["act_by"], found["last_day"], found["rolled_last_day"]) == (act_by, last_day, rolled)


def test_the_event_may_be_typed_as_people_type() -> None:
    typed = answer("foi", "--event", "Friday 20 November 2026", *EW)
    assert typed == answer("foi", "--event", "2026-11-20", *EW)


def test_every_rule_is_listed_with_its_standing() -> None:
    result = run("--list", "--json")
    assert result.exit_code == 0
    rows = json.loads(result.stdout)
    assert [row["id"] for row in rows] == [rule.id for rule in all_rules()]
    assert {"id", "title", "status", "unit", "count", "source", "kind", "from", "to"} <= set(rows[0])
    written = next(row for row in rows if row["id"] == "ho.mp.written")
    assert (written["count"], written["unit"], written["percent"]) == (20, "working_days", 95)


def test_the_list_for_people_marks_what_is_not_confirmed() -> None:
    found = lines("--list")
    assert "20 working days; from 27 November 2020; seen in the source" in found
    assert "no limit published; from 1 January 2022; seen in the source" in found
    assert len([line for line in found if "not confirmed" in line]) == len(
        [rule for rule in all_rules() if rule.status is not Status.VERIFIED]
    )


def test_an_mps_letter_explains_itself() -> None:
    found = lines("ho.mp.written", "--event", "2026-11-20", *EW)
    assert found[:7] == [
        "Home Office reply to an MP's letter",
        "",
        "Due Friday 18 December 2026",
        "",
        "Received Friday 20 November 2026 (day 0).",
        "20 working days, England and Wales.",
        "No bank holiday falls between.",
    ]
    assert (
        found[found.index("Last seen stated on 16 January 2023.") + 1]
        == "It has not been confirmed since it was last stated."
    )


def test_act_by_stands_first_and_the_rolled_day_never_alone() -> None:
    found = lines("ftt.iac.appeal.in", "--event", "2026-11-07", *EW)
    assert found[2:4] == [
        "Act by Friday 20 November 2026",
        "Last day Saturday 21 November 2026; Monday 23 November 2026 only if the weekend rule applies",
    ]


def test_a_date_from_an_unconfirmed_row_says_so_where_it_stands() -> None:
    found = lines("deemed.post", "--event", "2026-11-27", *EW)
    assert found[2] == "Counts as received on Tuesday 1 December 2026 (not confirmed)"
    assert "This rule, deemed.post: not confirmed: check it before relying on it." in found


def test_an_ending_is_no_day_to_act_by() -> None:
    found = lines("moveon.42", "--event", "2026-11-20", *EW)
    assert found[2] == "Ends on Friday 1 January 2027"
    assert not [line for line in found if line.startswith("Act")]
    assert [line for line in found if "--letter" in line]


def test_a_person_abroad_is_told_which_rule_answers_and_what_its_date_is() -> None:
    found = lines("ftt.iac.appeal.in", "--event", "2026-11-07", *EW, "--abroad")
    [said] = [line for line in found if "outside the United Kingdom. It" in line]
    assert "counts from the day the letter was received" in said
    assert [line for line in found if line.startswith("This rule, ftt.iac.appeal.out:")]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "--list"),
        (("foi", *EW), "--event"),
        (("foi", "--event", "2026-11-20"), "--nation"),
        (("foi", "--event", "2026-11-20", "--nation", "wales"), "england-and-wales"),
        (("foi", "--event", "32 Nov 2026", *EW), "no such day"),
        (("foi", "--event", "last Tuesday??", *EW), "not a date"),
        (("foi", "--event", "2028-12-20", *EW), "26 December 2028"),
        (("neg.21", "--event", "2028-12-20", *EW), "26 December 2028"),
        (("foi", "--event", "2011-12-20", *EW), "1 January 2012"),
        (("fio", "--event", "2026-11-20", *EW), "Did you mean foi?"),
        (("nothing-like-it", "--event", "2026-11-20", *EW), "--list"),
        (("moveon.28", "--event", "2026-11-20", *EW), "moveon.42"),
        (("ho.mp.urgent", "--event", "2026-11-20", *EW), "follow-up day"),
        (("family_reunion", "--event", "2026-11-20", *EW), "suspended, so no limit runs"),
        (("leave.refugee", "--event", "2026-03-02", *EW), "30 months"),
        (("leave.refugee", "--event", "2026-03-01", *EW), "5 years"),
        (("support.s95a", "--event", "2026-11-20", *EW), "when it begins is not known"),
        (("neg.21", "--event", "2026-11-20", "--letter", "2026-12-10", *EW), "one clock"),
        (("moveon.42", "--event", "2026-11-20", "--letter", "soon", *EW), "--letter"),
    ],
)
def test_a_mistake_ends_with_2_and_a_sentence_that_helps(arguments: Sequence[str], says: str) -> None:
    result = run(*arguments, "--json")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert says in result.stderr


def test_help_shows_an_example() -> None:
    assert "safeconduct limits ho.mp.written" in run("--help").stdout


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        (STATUS_WORDS, Status),
        (LAST_DAY_WORDS, set(Kind) - {Kind.NONE}),
    ],
)
def test_every_code_has_words(words: dict[str, object], codes: Any) -> None:
    assert set(words) == set(codes)


@given(
    rule=st.sampled_from([rule for rule in all_rules() if rule.kind is not Kind.NONE]),
    event=st.dates(min_value=date(2026, 6, 20), max_value=date(2027, 6, 30)),
    nation=st.sampled_from(NATIONS),
    abroad=st.booleans(),
    detained=st.booleans(),
)
def test_every_rule_can_be_told_in_words(rule: Any, event: date, nation: Nation, abroad: bool, detained: bool) -> None:
    if not rule.in_force(event):
        return
    arguments = [rule.id, "--event", event.isoformat(), "--nation", nation.value, *(["--abroad"] if abroad else [])]
    arguments += ["--detained"] if detained else []
    found = lines(*arguments)
    said = [line for line in found if not line.startswith("This rule, ")]  # it names the rule, whose id may hold a _
    assert not [line for line in said if re.search(r"[a-z]_[a-z]|None|\{", line)]
    assert answer(*arguments)["last_day"]
