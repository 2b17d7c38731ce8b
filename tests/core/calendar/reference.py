"""Writes the tables in docs/reference/limits.md from the files of rules and of decisions; a test compares them.

Run it after changing one: `python tests/core/calendar/reference.py`.
"""

from __future__ import annotations

from pathlib import Path

from safeconduct.casework.decisions import Runs, all_runs
from safeconduct.core.calendar.rules import ASKED, Kind, Rule, all_rules

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "limits.md"
START, END = "<!-- rules -->\n", "<!-- end -->"
HEAD = "| id | what | limit | counts from | holds | status | source |\n|---|---|---|---|---|---|---|\n"
RUNS_START, RUNS_END = "<!-- decisions -->\n", "<!-- end of decisions -->"
RUNS_HEAD = "| decision | rule | decided | only where | status | source |\n|---|---|---|---|---|---|\n"


def runs_table() -> str:
    """Every row of `decisions.toml` as a Markdown table."""
    return RUNS_HEAD + "".join(f"| {' | '.join(_cells_of_runs(row))} |\n" for row in all_runs())


def runs_written() -> str:
    """That table as the page has it now."""
    return PAGE.read_text(encoding="utf-8").partition(RUNS_START)[2].partition(RUNS_END)[0]


def table() -> str:
    """Every row of the rule files as a Markdown table."""
    return HEAD + "".join(f"| {' | '.join(_cells(rule))} |\n" for rule in all_rules())


def written() -> str:
    """The table as the page has it now."""
    return PAGE.read_text(encoding="utf-8").partition(START)[2].partition(END)[0]


def _cells_of_runs(row: Runs) -> list[str]:
    decided = " ".join(part for part in (row.from_ and f"from {row.from_}", row.to and f"to {row.to}") if part)
    where = [nation.value for nation in row.nations]
    where += [] if row.abroad is None else ["abroad" if row.abroad else "not abroad"]
    where += ["told that it is accelerated"] if row.accelerated else []
    return [f"`{row.decision}`", f"`{row.rule}`", decided, ", ".join(where), row.status.value, row.source]


def _cells(rule: Rule) -> list[str]:
    limit = "none published"
    if rule.kind is not Kind.NONE and rule.unit:
        limit = f"{rule.count} {rule.unit.value.replace('_', ' ')}"
        if rule.percent:
            limit += f" for {rule.percent}%"
        if rule.working_days_of != ASKED:
            limit += f" ({rule.working_days_of})"
        if rule.second:
            limit += f", and {rule.second.count} {rule.second.unit.value.replace('_', ' ')} from the letter"
    holds = " ".join(part for part in (rule.from_ and f"from {rule.from_}", rule.to and f"to {rule.to}") if part)
    trigger = "" if rule.kind is Kind.NONE else rule.trigger.value.replace("_", " ")
    return [f"`{rule.id}`", f"{rule.title} ({rule.kind.value})", limit, trigger, holds, rule.status.value, rule.source]


if __name__ == "__main__":
    page = PAGE.read_text(encoding="utf-8")
    page = page.replace(START + written() + END, START + table() + END)
    page = page.replace(RUNS_START + runs_written() + RUNS_END, RUNS_START + runs_table() + RUNS_END)
    PAGE.write_text(page, encoding="utf-8")
