"""What is cited, as the styles need it. Nothing in it is guessed: what is not known is left out, and said so."""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

# What turns the direction of a text, or breaks a line in two, has no place within a line that others copy.
_TURNING: Final = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_OPENING: Final = 20


@dataclass(frozen=True, slots=True)
class Said:
    """A date as exact as it is known: a year, perhaps a month, perhaps a day. ``inferred``: by a rule of thumb."""

    year: int
    month: int | None = None
    day: int | None = None
    inferred: bool = False

    @property
    def parts(self) -> list[int]:
        """Year, month and day as far as they are known."""
        return [one for one in (self.year, self.month, self.day) if one is not None]

    @property
    def iso(self) -> str:
        """`2020`, `2020-09` or `2020-09-18`."""
        return "-".join([f"{self.year:04}", *(f"{one:02}" for one in self.parts[1:])])


@dataclass(frozen=True, slots=True)
class Work:
    """A source, or one post of it. ``author`` is as published: which part of a name is a surname is not guessed.

    ``opening`` are its first words, for what has no title; ``container`` the page or site it stands on; ``accessed``
    the day it was captured; ``sha256`` (hex) of its bytes; ``key`` a short stable name for it.
    """

    key: str
    kind: str
    accessed: date
    title: str | None = None
    opening: str = ""
    author: str | None = None
    container: str | None = None
    said: Said | None = None
    address: str | None = None
    language: str | None = None
    sha256: str = ""
    quote: str = ""


def said(value: str | None, *, inferred: bool = False) -> Said | None:
    """An ISO date, or an instant, as far as it is known. None for what is no date."""
    if not value:
        return None
    try:
        if len(value) == 4:
            return Said(date(int(value), 1, 1).year, inferred=inferred)
        if len(value) == 7:
            first = date.fromisoformat(f"{value}-01")
            return Said(first.year, first.month, inferred=inferred)
        day = datetime.fromisoformat(value).date()
    except ValueError:
        return None
    return Said(day.year, day.month, day.day, inferred)


def opening(text: str) -> str:
    """The first words of what has no title, with an ellipsis where it goes on."""
    words = plain(text).split(" ")
    return " ".join(words[:_OPENING]) + (" …" if len(words) > _OPENING else "")


def plain(text: str) -> str:
    """A text as part of one line: no breaks, no control characters, nothing that turns its direction."""
    kept = (one for one in text if one not in _TURNING and unicodedata.category(one) != "Cs")
    return " ".join(
        "".join(
            " " if unicodedata.category(one)[0] in "ZC" and one not in "\u200c\u200d" else one for one in kept
        ).split()
    )
