"""Writes the table of rules in docs/reference/limits.md from the rule files; a test compares the two.

Run it after changing a rule: `python tests/core/calendar/reference.py`.
"""

from __future__ import annotations

from pathlib import Path

from safeconduct.core.calendar.rules import ASKED, Kind, Rule, all_rules

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "limits.md"
START, END = "<!-- rules -->\n", "<!-- end -->"
HEAD = "| id | what | limit | counts from | holds | status | source |\n|---|---|---|---|---|---|---|\n"


def table() -> str:
    """Every row of the rule files as a Markdown table."""
    return HEAD + "".join(f"| {' | '.join(_cells(rule))} |\n" for rule in all_rules())


def written() -> str:
    """The table as the page has it now."""
    return PAGE.read_text(encoding="utf-8").partition(START)[2].partition(END)[0]


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
    PAGE.write_text(page.replace(START + written() + END, START + table() + END), encoding="utf-8")
