"""Ranking the people an index search proposed, by how well their names answer what was typed.

The index only says who might be meant; here the opened names are compared part by part, in any order. Scores run from 0 to
1 and order a list; they are no probability, and nothing is ever decided by one alone.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import product

from rapidfuzz.distance import JaroWinkler, Levenshtein

from .births import Birth
from .fold import fold
from .skeleton import skeletons

_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
_INITIAL = 0.8  # "M" beside a name that begins with M


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody an index search found: the number in the index, every spelling of the name, and births asserted."""

    number: int
    names: tuple[str, ...]
    births: tuple[Birth, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranked:
    number: int
    score: float


@dataclass(frozen=True, slots=True)
class Part:
    """A folded name part with its skeletons, so that each is worked out once."""

    text: str
    bones: frozenset[str] = field(compare=False)


def parts_of(name: str) -> tuple[Part, ...]:
    """The folded parts of a name, ready to compare."""
    return tuple(Part(text, skeletons(text)) for text in fold(name))


def score(query: str, names: Sequence[str], birth_years: Iterable[Birth | int] = ()) -> float:
    """How well a person with these names (and births) answers a query such as `mohamad raheemi 1987`, from 0 to 1.

    The best of the names counts. A year in the query is weak evidence: it lifts or lowers a score by a few
    hundredths, by half of that where the person's birth is an estimate, a bare year or 1 January.
    """
    return _score(parts_of(query), _years(query), names, birth_years)


def rank(query: str, candidates: Iterable[Candidate], limit: int | None = None) -> list[Ranked]:
    """The candidates, best first; ties in order of number, so that a list repeats exactly."""
    asked, years = parts_of(query), _years(query)
    ranked = [
        Ranked(candidate.number, _score(asked, years, candidate.names, candidate.births)) for candidate in candidates
    ]
    ranked.sort(key=lambda found: (-found.score, found.number))
    return ranked[:limit]


def likeness_of_names(first: Sequence[Part], second: Sequence[Part]) -> float:
    """How alike two names are, from 0 to 1, whichever way round; 1 for the same parts in any order."""
    if not first or not second:
        return 0.0
    return min(_answer(first, second), _answer(second, first))


def likeness_of_parts(first: Part, second: Part) -> float:
    """How alike two parts are, from 0 to 1. Half the evidence is the letters, half the consonants they stand for."""
    if first.text == second.text:
        return 1.0
    if len(first.text) == 1 or len(second.text) == 1:
        return _INITIAL if first.text[0] == second.text[0] else 0.0
    letters = Levenshtein.normalized_similarity(first.text, second.text)
    if first.bones & second.bones:
        return 0.55 + 0.42 * max(letters, JaroWinkler.similarity(first.text, second.text))
    bones = max(Levenshtein.normalized_similarity(one, two) for one, two in product(first.bones, second.bones))
    return 0.5 * letters + 0.45 * bones


def _score(
    asked: tuple[Part, ...], years: frozenset[int], names: Sequence[str], births: Iterable[Birth | int]
) -> float:
    if not asked:
        return 0.0
    best = max((_answer(asked, parts_of(name)) for name in names), default=0.0)
    return max(0.0, min(1.0, best + _year_evidence(years, births))) if best else 0.0


def _answer(asked: Sequence[Part], own: Sequence[Part]) -> float:
    """How well `own` answers `asked`: mostly how much of what was asked is there, a little how much else there is."""
    if not own:
        return 0.0
    best = _aligned(asked, own)
    if best < 0.9 and len(asked) != len(own):
        longer, shorter = (asked, own) if len(asked) > len(own) else (own, asked)
        for at in range(len(longer) - 1):  # Abdul Rahman and Abdulrahman
            text = longer[at].text + longer[at + 1].text
            if not any(abs(len(text) - len(part.text)) < 4 and len(part.text) > 4 for part in shorter):
                continue
            merged = (*longer[:at], Part(text, skeletons(text)), *longer[at + 2 :])
            best = max(best, _aligned(merged, own) if longer is asked else _aligned(asked, merged))
    return best


def _aligned(asked: Sequence[Part], own: Sequence[Part]) -> float:
    pairs = sorted(
        ((likeness_of_parts(one, two), i, j) for i, one in enumerate(asked) for j, two in enumerate(own)),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )
    total, used_asked, used_own = 0.0, set[int](), set[int]()
    for alike, i, j in pairs:
        if i not in used_asked and j not in used_own:
            used_asked.add(i)
            used_own.add(j)
            total += alike
    of_asked, of_own = total / len(asked), total / len(own)
    # Someone with one name only answers a longer query less fully, through no fault of theirs.
    return 0.6 * of_asked + 0.4 * of_own if len(own) == 1 else 0.8 * of_asked + 0.2 * of_own


def _years(query: str) -> frozenset[int]:
    return frozenset(int(year) for year in _YEAR.findall(query))


def _year_evidence(years: frozenset[int], births: Iterable[Birth | int]) -> float:
    if not years:
        return 0.0
    evidence: list[float] = []
    for birth in births:
        year, firm = (birth.year, birth.exact) if isinstance(birth, Birth) else (birth, True)
        apart = min(abs(year - asked) for asked in years)
        direction = 1.0 if apart == 0 else (0.0 if apart == 1 else -1.0)
        evidence.append(direction * (0.04 if firm else 0.02))
    return max(evidence, default=0.0)
