"""What somebody looks for, taken apart: words, and quotations between quotation marks.

A word is found whole, at the beginning of a word, or inside one; a quotation only as it stands, word for word. Every
term must be found in the same post. How well is the worst of its terms' grades, and that is the first thing answers
are ordered by.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from .normal import fold

MOST_LETTERS: Final = 1000
MOST_TERMS: Final = 16
# How many letters a part must have to be found inside words; fewer say nothing, and no index holds them.
_PART: Final = 3

_BETWEEN: Final = re.compile(r"[\"“”„‟«»＂]")
# Arabic: "and", "so", "by", "like", "to" and the article are written with the word. Somebody who copies the word with
# them means the word. Longest first; what is left must be long enough to be found inside words.
_WRITTEN_WITH: Final = ("وبال", "وکال", "وال", "بال", "کال", "فال", "ولل", "ال", "لل")
_ARABIC: Final = re.compile(r"[\u0621-\u064a\u0671-\u06d3]+")
_SYLLABLES: Final = re.compile(r"[\u1200-\u137f]+")


class Grade(IntEnum):
    """How well a term is found: as a whole word or quotation, beginning a word, or inside one."""

    WHOLE = 0
    BEGINNING = 1
    PART = 2


class Nothing(ValueError):
    """There is no word in what was asked, so nothing can be looked for."""


class TooMuch(ValueError):
    """More was asked at once than a search takes."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word or quotation, folded. ``patterns`` by grade: the term is found at a grade where one of them is.

    All that is found at a better grade is found at each worse one.
    """

    words: str
    patterns: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]

    def grade(self, text: str) -> Grade | None:
        """How well this term is found in folded text; None where it is not."""
        return next((grade for grade in Grade if any(one in text for one in self.patterns[grade])), None)


def terms(asked: str) -> tuple[Term, ...]:
    """The terms of what somebody typed, each once.

    Raises:
        Nothing: no word in it. TooMuch: more than `MOST_LETTERS` or `MOST_TERMS`.
    """
    if len(asked) > MOST_LETTERS:
        raise TooMuch("more than a search takes at once")
    found: dict[str, Term] = {}
    pieces = _BETWEEN.split(asked)
    for at, piece in enumerate(pieces):
        # Every second piece stands between two marks; the last one only if its mark was closed.
        between = at % 2 == 1 and at < len(pieces) - 1
        for written in [piece] if between else piece.split():
            words = fold(written).strip()
            if words:
                found.setdefault(words, _quotation(words) if between or " " in words else _word(words))
    if not found:
        raise Nothing("no word to look for")
    if len(found) > MOST_TERMS:
        raise TooMuch("more than a search takes at once")
    return tuple(found.values())


def grade(text: str, asked: Sequence[Term]) -> Grade | None:
    """How well all terms are found in folded text: the worst of them; None where one is not found."""
    worst = Grade.WHOLE
    for term in asked:
        here = term.grade(text)
        if here is None:
            return None
        worst = max(worst, here)
    return worst


def _quotation(words: str) -> Term:
    whole = (f" {words} ",)
    return Term(words, (whole, whole, whole))


def _word(word: str) -> Term:
    whole = (f" {word} ",)
    if len(word) >= _PART:
        return Term(word, (whole, (f" {word}",), (_bare(word),)))
    if len(word) == _PART - 1 and _SYLLABLES.fullmatch(word):
        # Two Ethiopic letters are two syllables, a word of their own: at either end of another they are found too.
        return Term(word, (whole, (f" {word}",), (f" {word}", f"{word} ")))
    return Term(word, (whole, whole, whole))


def _bare(word: str) -> str:
    if _ARABIC.fullmatch(word):
        for before in _WRITTEN_WITH:
            if word.startswith(before) and len(word) - len(before) >= _PART:
                return word[len(before) :]
    return word
