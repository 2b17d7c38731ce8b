"""`python -m mutation`: see the package."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from mutation import cedar, python_code
from mutation.survivors import Survivor, explanations

PAGE = Path("docs/reference/mutation.md")
_HEAD = """# Mutation testing

`./run mutate` changes one expression of sealing, policy, ledger or journal at a time and runs the tests of those rooms
against it. A change that no test notices is a survivor. This page is written by that command.

| | changes tried | not noticed | of them a fault's wording | explained below |
|---|---|---|---|---|
"""


def main() -> int:
    """Try every change and write the page. 1 where a survivor is not explained."""
    parser = argparse.ArgumentParser(
        prog="./run mutate", description="Mutation testing of sealing, policy and journal."
    )
    parser.add_argument("--children", type=int, default=2, help="tests run at once")
    parser.add_argument("--only", choices=("python", "cedar"), help="only the code, or only the policy files")
    chosen = parser.parse_args()
    parts = {}
    if chosen.only != "cedar":
        parts["Python (sealing, policy engine, ledger, journal)"] = python_code.survivors(chosen.children)
    if chosen.only != "python":
        parts["Cedar (policy files)"] = cedar.survivors()
    why = explanations()
    text, unexplained, explained = _HEAD, [], []
    for title, (tried, left) in parts.items():
        wording = [one for one in left if one.is_wording]
        rest = [one for one in left if not one.is_wording]
        known = [one for one in rest if (one.was, one.now) in why]
        unexplained += [one for one in rest if (one.was, one.now) not in why]
        explained += known
        text += f"| {title} | {tried} | {len(left)} | {len(wording)} | {len(known)} |\n"
    for one in unexplained:
        print(f"{one.place}\n  - {one.was}\n  + {one.now}", file=sys.stderr)
    print(f"{len(unexplained)} survivors without an explanation", file=sys.stderr)
    if chosen.only is None and not unexplained:
        PAGE.write_text(text + _rows(explained, why), "utf-8")
    return 1 if unexplained else 0


def _rows(explained: list[Survivor], why: dict[tuple[str, str], str]) -> str:
    rows = "\n## Survivors that do not matter\n\n| where | as it was | as it became | why |\n|---|---|---|---|\n"
    for one in sorted(explained):
        was, now = (text.replace("|", "\\|") for text in (one.was, one.now))
        rows += f"| {one.place} | `{was}` | `{now or 'taken out'}` | {why[one.was, one.now]} |\n"
    return rows


if __name__ == "__main__":
    sys.exit(main())
