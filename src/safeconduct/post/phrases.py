"""The small language in which phrases are written: see ``labels.toml``.

A phrase is words in order, within one sentence. ``...`` stands for up to eight words, ``(a|b c)`` for one of several,
``[a]`` for what may be missing, ``word*`` for any ending. Brackets may stand within one another.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_GAP: Final = r"(?:[^ ]+ ){0,8}?"
_PIECE: Final = re.compile(r"\.\.\.|[()\[\]|]|[^\s()\[\]|]+")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase, compiled. ``needs``: of each of these sets a sentence has to hold a word, or it cannot match."""

    pattern: re.Pattern[str]
    needs: tuple[frozenset[str], ...]

    def stands_in(self, sentence: str, words: frozenset[str]) -> bool:
        """Whether it stands in a sentence (words apart by one space, a space behind the last) of these words."""
        return not any(one.isdisjoint(words) for one in self.needs) and self.pattern.search(sentence) is not None


def compiled(phrase: str) -> Phrase:
    """A phrase as it is written in the file. Raises ValueError where a bracket is not closed."""
    pieces = _PIECE.findall(phrase.lower())
    pattern, needs, at = _alternatives(pieces, 0)
    if at != len(pieces):
        raise ValueError(f"a bracket too many: {phrase}")
    return Phrase(re.compile(f"(?<![^ ]){pattern}"), tuple(one for one in needs if one))


def _alternatives(pieces: Sequence[str], at: int) -> tuple[str, list[frozenset[str]], int]:
    """What stands between brackets: the pattern of several sequences, the words it needs, and where it ends."""
    patterns: list[str] = []
    needs: list[list[frozenset[str]]] = []
    while True:
        pattern, needed, at = _sequence(pieces, at)
        patterns.append(pattern)
        needs.append(needed)
        if at < len(pieces) and pieces[at] == "|":
            at += 1
            continue
        break
    if len(patterns) == 1:
        return patterns[0], needs[0], at
    # One of several: a sentence needs a word of one of them, where each of them needs any.
    either = frozenset().union(*(one[0] for one in needs)) if all(needs) else frozenset()
    return f"(?:{'|'.join(patterns)})", [either], at


def _sequence(pieces: Sequence[str], at: int) -> tuple[str, list[frozenset[str]], int]:
    out: list[str] = []
    needs: list[frozenset[str]] = []
    while at < len(pieces) and pieces[at] not in ("|", ")", "]"):
        piece = pieces[at]
        at += 1
        if piece == "...":
            out.append(_GAP)
        elif piece in ("(", "["):
            pattern, needed, at = _alternatives(pieces, at)
            if at == len(pieces) or pieces[at] != {"(": ")", "[": "]"}[piece]:
                raise ValueError(f"a bracket is not closed: {' '.join(pieces)}")
            at += 1
            out.append(f"(?:{pattern})" if piece == "(" else f"(?:{pattern})?")
            needs += [one for one in needed if one] if piece == "(" else []
        else:
            out.append(re.escape(piece).replace(r"\*", r"[^ ]*") + " ")
            needs += [] if "*" in piece else [frozenset({piece})]
    return "".join(out), needs, at
