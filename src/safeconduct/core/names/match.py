"""Ranking the people an index search proposed, by how well their names answer what was typed.

The index only says who might be meant; here the opened names are compared part by part, in any order. Scores run from
0 to 1 and order a list; they are no probability, and nothing is ever decided by one alone.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from .births import Birth
from .fold import fold, joined
from .kept import read
from .parts import Bones, Row

_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
_Parts = tuple[str, ...]
# What a share of all that is rare counts beside names that are alike. Measured: 0.2 to 0.5 do as well.
_RARE = 0.33


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody an index search found: the number in the index, every spelling of the name, and births asserted.

    ``share``: what part of all that is rare in the query they share (`lookup.Lookup.shares`), from 0 to 1.
    """

    number: int
    names: tuple[str, ...]
    births: tuple[Birth, ...] = ()
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class Ranked:
    """Somebody found: `score` is how well their names answer, `order` what lists are in order of, greatest first."""

    number: int
    score: float
    order: float
    share: float = 0.0


class Comparison(dict[str, Row]):
    """One comparing of many names: what was worked out for a part serves again, and goes when the comparing ends."""

    def __init__(self, bones: Bones | None = None) -> None:
        super().__init__()
        self._bones = Bones() if bones is None else bones

    def __missing__(self, part: str) -> Row:
        row = self[part] = Row(part, self._bones)
        return row

    def expect(self, asked: _Parts, all_own: Iterable[_Parts]) -> None:
        """Work out beforehand what answering with all of these needs."""
        others = list(dict.fromkeys(part for own in all_own for part in own))
        for part in dict.fromkeys(asked):
            self[part].fill(others)

    def answer(self, asked: _Parts, own: _Parts) -> float:
        """How well `own` answers `asked`: how much of what was asked is there, and a little how much else there is."""
        if not asked or not own:
            return 0.0
        best = self._aligned(asked, own)
        if best < 0.9 and len(asked) != len(own):
            longer, shorter = (asked, own) if len(asked) > len(own) else (own, asked)
            whole = [part for part in shorter if len(part) > 5]
            for at in range(len(longer) - 1 if whole else 0):  # Najib Ullah and Najibullah
                text = longer[at] + longer[at + 1]
                if any(part[0] == text[0] and abs(len(text) - len(part)) < 5 for part in whole):
                    merged = (*longer[:at], text, *longer[at + 2 :])
                    best = max(best, self._aligned(merged, own) if longer is asked else self._aligned(asked, merged))
        return best

    def worst(self, first: _Parts, second: _Parts) -> float:
        """How alike the least alike part of the shorter name is to what is nearest it in the longer."""
        shorter, longer = sorted((first, second), key=lambda parts: (len(parts), parts))
        return min(max(self[one][two] for two in (*longer, *joined(longer))) for one in shorter)

    def _aligned(self, asked: _Parts, own: _Parts) -> float:
        if len(asked) == len(own) == 2:  # most names: by itself, since a search compares hundreds
            first, second = self[asked[0]], self[asked[1]]
            total = max(first[own[0]] + second[own[1]], first[own[1]] + second[own[0]])
        else:
            total = _paired([[row[part] for part in own] for row in map(self.__getitem__, asked)])
        of_asked, of_own = total / len(asked), total / len(own)
        # Someone with one name only answers a longer query less fully, through no fault of theirs.
        return 0.6 * of_asked + 0.4 * of_own if len(own) == 1 else 0.8 * of_asked + 0.2 * of_own


def _paired(rows: list[list[float]]) -> float:
    """How alike the parts of both are in all: the most there can be of two, of more paired off from the most alike."""
    columns: list[list[float]] = [list(column) for column in zip(*rows, strict=True)]
    if len(rows) == 1 or len(columns) == 1:
        return max([max(row) for row in rows])
    if len(rows) == 2 or len(columns) == 2:
        pair = rows if len(rows) == 2 else columns
        second = pair[1]
        return max([one + max([*second[:at], *second[at + 1 :]]) for at, one in enumerate(pair[0])])
    pairs = sorted([(-alike, i, j) for i, row in enumerate(rows) for j, alike in enumerate(row)])
    total = 0.0
    used_asked: set[int] = set()
    used_own: set[int] = set()
    for unlike, i, j in pairs:
        if i not in used_asked and j not in used_own:
            used_asked.add(i)
            used_own.add(j)
            total -= unlike
    return total


def score(query: str, names: Sequence[str], birth_years: Iterable[Birth | int] = ()) -> float:
    """How well a person with these names (and births) answers a query such as `mohamad raheemi 1987`, from 0 to 1.

    The best of the names counts. A year in the query is weak evidence: it lifts or lowers a score by a few
    hundredths, by half of that where the person's birth is an estimate, a bare year or 1 January.
    """
    return _score(Comparison(), fold(query), _years(query), names, birth_years)


def rank(query: str, candidates: Iterable[Candidate], limit: int | None = None) -> list[Ranked]:
    """The candidates, best first; ties in order of number, so that a list repeats exactly.

    Who fits in the rare name and not in the common one comes before who fits in the common one: by their `share`.
    """
    comparison, asked, years = Comparison(), fold(query), _years(query)
    return _in_order(
        ((_score(comparison, asked, years, one.names, one.births), one.share, one.number) for one in candidates), limit
    )


def rank_kept(
    query: str,
    candidates: Iterable[tuple[int, bytes]],
    bones: Bones | None = None,
    limit: int | None = None,
    *,
    shares: Mapping[int, float] = MappingProxyType({}),
) -> list[Ranked]:
    """As `rank`, of numbers with what an index keeps of each (`kept.keep`): nobody's record is opened for it.

    ``bones``: skeletons worked out before, where many searches are of one index. ``shares``: by number, what part of
    all that is rare in the query somebody shares, as `Candidate.share`.
    """
    comparison, asked, years = Comparison(bones), fold(query), _years(query)
    known = [(number, *read(kept)) for number, kept in candidates]
    comparison.expect(asked, (parts for _, names, _ in known for parts in names))
    ranked = []
    for number, names, births in known:
        best = max([comparison.answer(asked, parts) for parts in names], default=0.0)
        ranked.append((_with_years(best, years, births), shares.get(number, 0.0), number))
    return _in_order(ranked, limit)


def _in_order(ranked: Iterable[tuple[float, float, int]], limit: int | None) -> list[Ranked]:
    # Before scores are cut off at 1: a year still tells apart those whose names are as typed.
    first = sorted(ranked, key=lambda one: (-one[0] - _RARE * one[1], one[2]))[:limit]
    return [Ranked(number, _within(found), found + _RARE * share, share) for found, share, number in first]


def _within(found: float) -> float:
    return max(0.0, min(1.0, found))


def alike(first: str, second: str) -> float:
    """How alike two names are, from 0 to 1, whichever way round; 1 for the same parts in any order.

    Stricter than `score`: half of it is the part that fits worst, so that Zehra Rahimi is not much like Zehra Karimi.
    """
    return alike_parts(Comparison(), fold(first), fold(second))


def alike_parts(comparison: Comparison, ours: _Parts, theirs: _Parts) -> float:
    """As `alike`, of folded names."""
    whole = min(comparison.answer(ours, theirs), comparison.answer(theirs, ours))
    return whole if whole in (0.0, 1.0) else (whole + comparison.worst(ours, theirs)) / 2


def _score(
    comparison: Comparison,
    asked: _Parts,
    years: frozenset[int],
    names: Sequence[str],
    births: Iterable[Birth | int],
) -> float:
    best = max((comparison.answer(asked, fold(name)) for name in names), default=0.0)
    return _with_years(best, years, births)


def _with_years(best: float, years: frozenset[int], births: Iterable[Birth | int]) -> float:
    return best + _year_evidence(years, births) if best else 0.0


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
