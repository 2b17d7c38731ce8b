"""The ladder as data: whom an office turns to, what each rung is for, when, and what contact was seen published."""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final

import msgspec

from safeconduct.core.calendar.rows import Status

_FILE: Final = Path(__file__).with_name("rungs.toml")


class Rung(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"what_for": "for"}):
    """One rung. ``tonight`` is its turn where somebody is to be removed, 0 where it is not for tonight.

    ``phone`` and ``email`` are what somebody published, "" where nothing was seen; ``status`` says how sure that is.
    """

    id: str
    place: int
    tonight: int
    title: str
    what_for: str
    when: str
    phone: str
    email: str
    status: Status
    source: str
    checked_on: date

    @property
    def settled(self) -> bool:
        """Whether the published contact was seen where it was published."""
        return bool(self.phone or self.email) and self.status is Status.VERIFIED


@lru_cache(maxsize=1)
def ladder() -> Mapping[str, Rung]:
    """Every rung by its id, in the order of the ladder, and beside it last. Raises `msgspec.ValidationError`."""
    rows = tomllib.loads(_FILE.read_text(encoding="utf-8"))["rung"]
    rungs = msgspec.convert(rows, list[Rung])
    return {one.id: one for one in sorted(rungs, key=lambda one: (not one.place, one.place))}


def tonight() -> list[Rung]:
    """What is tried when somebody is to be removed, in that order."""
    return sorted((one for one in ladder().values() if one.tonight), key=lambda one: one.tonight)


def later() -> list[Rung]:
    """The other rungs: not for tonight, in the order of the ladder."""
    return [one for one in ladder().values() if not one.tonight]
