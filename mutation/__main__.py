"""`python -m mutation`: see the package."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from mutation import cedar, python_code
from mutation.survivors import Survivor, explained_table, explanations

PAGE = Path("docs/reference/mutation.md")
_FIGURES = """## Figures of the last full run

| | changes tried | not noticed | of them a fault's wording | explained below |
|---|---|---|---|---|
"""


def main() -> int:
    """Try every change and write the page's figures. 1 where a survivor is not explained."""
    parser = argparse.ArgumentParser(
        prog="./run mutate", description="Mutation testing of sealing, policy and journal."
    )
    parser.add_argument("--children", type=int, default=2, help="tests run at once")
    parser.add_argument("--only", choices=("python", "cedar"), help="only the code, or only the policy files")
    parser.add_argument("--go-on", action="store_true", help="go on with what an interrupted run of the code left")
    parser.add_argument("--explained", action="store_true", help="change nothing: only write what is explained anew")
    chosen = parser.parse_args()
    if chosen.explained:
        write("explained", explained_table())
        return 0
    parts = {}
    if chosen.only != "cedar":
        parts["Python (sealing, policy engine, ledger, journal)"] = python_code.survivors(
            chosen.children, go_on=chosen.go_on
        )
    if chosen.only != "python":
        parts["Cedar (policy files)"] = cedar.survivors()
    why = explanations()
    text = _FIGURES
    unexplained: list[Survivor] = []
    needed: set[tuple[str, str]] = set()
    for title, (tried, left) in parts.items():
        wording = [one for one in left if one.is_wording]
        rest = [one for one in left if not one.is_wording]
        known = [one for one in rest if (one.was, one.now) in why]
        needed.update((one.was, one.now) for one in known)
        unexplained += [one for one in rest if (one.was, one.now) not in why]
        text += f"| {title} | {tried:,} | {len(left)} | {len(wording)} | {len(known)} |\n"
    print(text, file=sys.stderr)
    for one in unexplained:
        print(f"{one.place}\n  - {one.was}\n  + {one.now}", file=sys.stderr)
    print(f"{len(unexplained)} survivors without an explanation", file=sys.stderr)
    if chosen.only is None and (left_over := [was for was, now in why if (was, now) not in needed]):
        print("explained, and noticed or gone:", *left_over, sep="\n  ", file=sys.stderr)
    if chosen.only is None and not unexplained:
        write("figures", text)
        write("explained", explained_table())
    return 1 if unexplained else 0


def write(section: str, text: str) -> None:
    """Put a text between the page's two marks of a section. Raises ValueError where these are not on it."""
    begin, end = f"<!-- {section}: written by ./run mutate -->\n", f"<!-- end of {section} -->\n"
    before, begun, rest = PAGE.read_text("utf-8").partition(begin)
    _, ended, after = rest.partition(end)
    if not begun or not ended:
        raise ValueError(f"{PAGE} has no place for {section}.")
    PAGE.write_text(f"{before}{begin}\n{text}\n{end}{after}", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
