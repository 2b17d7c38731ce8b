"""A change that no test noticed, and whether somebody has said why that does not matter."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

EXPLAINED = Path(__file__).with_name("explained.toml")
_RAISED = re.compile(r"(raise \w+|super\(\).__init__)\(")
_SENTENCE = re.compile(r'f?"[^"]* [^"]*"')


@dataclass(frozen=True, order=True)
class Survivor:
    """Where it is, the line as it was, the line as it became."""

    place: str
    was: str
    now: str

    @property
    def is_wording(self) -> bool:
        """Only the sentence of a fault changed: which fault is raised is tested, its words are read by people."""
        was, now = _RAISED.match(self.was), _RAISED.match(self.now)
        return bool(was and now and was[1] == now[1]) or bool(_SENTENCE.fullmatch(self.was))


def explanations() -> dict[tuple[str, str], str]:
    """Why a survivor does not matter, by the line as it was and as it became."""
    rows = tomllib.loads(EXPLAINED.read_text("utf-8")).get("survivor", [])
    return {(row["was"], row["now"]): row["why"] for row in rows}


def explained_table() -> str:
    """A table of what survives and why that does not matter, as Markdown."""
    rows = "| as it was | as it became | why |\n|---|---|---|\n"
    for (was, now), why in explanations().items():
        before, after = (" ".join(text.replace("|", "\\|").split()) for text in (was, now))
        rows += f"| `{before}` | {f'`{after}`' if after else 'taken out'} | {why} |\n"
    return rows
