"""Where two texts differ, word by word, as something to read. Put together, either text comes out as it was."""

import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Final

from rapidfuzz.distance import Indel

_PIECE: Final = re.compile(r"\s+|[^\W_]+|.", re.S)
_LINES: Final = re.compile(r"[^\n]*\n|[^\n]+")
_MOST_PIECES: Final = 12_000  # longer ones are compared line by line
_MOST_LINES: Final = 20_000


class Changed(StrEnum):
    """What became of a stretch of text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch that is the same in both, only in the first, or only in the second."""

    what: Changed
    text: str


def differences(first: str, second: str) -> tuple[Change, ...]:
    """The changes from ``first`` to ``second``, in order. Texts beyond all bounds are one removed and one added."""
    if first == second:
        return (Change(Changed.SAME, first),) if first else ()
    for pattern, most in ((_PIECE, _MOST_PIECES), (_LINES, _MOST_LINES)):
        old, new = pattern.findall(first), pattern.findall(second)
        if len(old) <= most and len(new) <= most:
            return _joined(_changes(old, new))
    return tuple(one for one in (Change(Changed.REMOVED, first), Change(Changed.ADDED, second)) if one.text)


def _changes(old: list[str], new: list[str]) -> list[Change]:
    found = []
    for step in Indel.opcodes(old, new):
        before, after = "".join(old[step.src_start : step.src_end]), "".join(new[step.dest_start : step.dest_end])
        if step.tag == "equal":
            found.append(Change(Changed.SAME, before))
        else:
            found += [Change(Changed.REMOVED, before), Change(Changed.ADDED, after)]
    return [one for one in found if one.text]


def _joined(changes: list[Change]) -> tuple[Change, ...]:
    """Neighbours of one kind as one, and a lone space between two changes as part of both: nobody reads confetti."""
    spread: list[Change] = []
    for place, one in enumerate(changes):
        between = one.what is Changed.SAME and not one.text.strip() and 0 < place < len(changes) - 1
        spread += [Change(Changed.REMOVED, one.text), Change(Changed.ADDED, one.text)] if between else [one]
    joined = []
    for same, those in groupby(spread, key=lambda each: each.what is Changed.SAME):
        run = list(those)
        for what in (Changed.SAME,) if same else (Changed.REMOVED, Changed.ADDED):
            text = "".join(one.text for one in run if one.what is what)
            if text:
                joined.append(Change(what, text))
    return tuple(joined)
