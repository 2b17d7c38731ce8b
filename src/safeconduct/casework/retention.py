"""How long others keep what is kept here: suggestions that a person checks, read by nothing that decides."""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Final

import msgspec

from safeconduct.core.calendar.rows import Status

_FILE: Final = Path(__file__).with_name("retention.toml")


class Kept(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One suggestion. ``months`` after it ended; 0 where something else than months decides."""

    of: str
    months: int
    words: str
    source: str
    status: Status


@lru_cache(maxsize=1)
def suggestions() -> tuple[Kept, ...]:
    """Every suggestion, in the file's order. Raises `msgspec.ValidationError`."""
    rows = tomllib.loads(_FILE.read_text(encoding="utf-8"))["kept"]
    return msgspec.convert(rows, tuple[Kept, ...])
