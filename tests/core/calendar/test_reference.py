"""The page on limits says what the rule files and the command say."""

from __future__ import annotations

import re

from safeconduct.cli.limits import limits
from safeconduct.core.calendar.rules import Status
from tests.core.calendar.reference import PAGE, runs_table, runs_written, table, written


def test_the_table_of_rules_is_the_rule_files() -> None:
    assert written() == table(), "run: python tests/core/calendar/reference.py"


def test_the_table_of_decisions_is_the_file() -> None:
    assert runs_written() == runs_table(), "run: python tests/core/calendar/reference.py"


def test_every_option_of_the_command_is_on_the_page() -> None:
    page = PAGE.read_text(encoding="utf-8")
    options = {name for option in limits.params for name in option.opts if name.startswith("--")}
    assert options == {name for name in re.findall(r"--[a-z]+", page) if name in options}


def test_every_status_is_explained() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert all(f"`{status.value}`:" in page for status in Status)
