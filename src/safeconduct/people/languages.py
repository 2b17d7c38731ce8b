"""Languages as data: their tag, what they are called, the script they are written in and which way it runs."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

_FILE: Final = Path(__file__).with_name("languages.toml")


@dataclass(frozen=True, slots=True)
class Language:
    """A language. ``own`` is its name in itself, ``script`` an ISO 15924 code ("" for a signed one), rtl or ltr."""

    code: str
    name: str
    own: str
    script: str
    direction: str


@lru_cache(maxsize=1)
def known() -> Mapping[str, Language]:
    """Every language of the data file by its tag, in the file's order."""
    rows = tomllib.loads(_FILE.read_text(encoding="utf-8"))["language"]
    return {row["code"]: Language(**row) for row in rows}


def name_of(code: str) -> str:
    """What a tag is called; the tag itself where the file has no such row (any longer)."""
    found = known().get(code)
    return found.name if found else code
