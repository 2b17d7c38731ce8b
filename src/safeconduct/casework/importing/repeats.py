"""Which rows of a sheet look like one person. Reasons are codes of `core.names.doubles`; a person decides.

Nothing here ever puts two different full dates of birth in one group, whatever else the rows share. (1 January often
stands for a day nobody knew: it goes with any other day of its year.)
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Final, Literal

from safeconduct.casework.importing.rows import RowReading
from safeconduct.core.names.births import Birth
from safeconduct.core.names.doubles import Code, Known, Likeness, Strength, compare
from safeconduct.core.names.fold import fold
from safeconduct.core.names.references import Kind
from safeconduct.core.names.skeleton import tokens

Rule = Literal["reference", "never"]

# A block is a set of rows that agree on something; only rows of one block are compared. A larger block says too little
# (a hostel's postcode with a common short name), and its rows meet again in a narrower one.
_LARGEST_BLOCK: Final = 120
_NAMES_AGREE: Final = frozenset({Code.SAME_NAME, Code.SIMILAR_NAME})


@dataclass(frozen=True, slots=True)
class Repeat:
    """Rows (by number, in order) that look like one person, with the codes that say so or speak against.

    `strength` is that of the weakest likeness needed to connect the rows.
    """

    rows: tuple[int, ...]
    reasons: tuple[Code, ...]
    strength: Strength


@dataclass(frozen=True, slots=True)
class Grouping:
    """What a rule decided. `groups` are rows taken as one person (two or more); every other row is a person alone.

    `held_apart` are rows that share a reference and were not joined: their names or births disagree.
    """

    groups: tuple[Repeat, ...]
    held_apart: tuple[Repeat, ...]

    def people(self, rows: Iterable[RowReading]) -> int:
        """How many people the rows come to."""
        numbers = {row.number for row in rows}
        return len(numbers) - sum(len(numbers.intersection(g.rows)) - 1 for g in self.groups)


def known(row: RowReading) -> Known:
    """A row as the names room compares people."""
    birth = row.birth
    births = (Birth(birth.year, birth.month, birth.day, about=birth.precision == "estimated"),) if birth.year else ()
    return Known((row.name,), births, row.references, row.postcode, row.phones, row.nationality)


def same_person(rows: Sequence[RowReading], rule: Rule) -> Grouping:
    """Decide by a rule, where nobody is there to decide.

    `never`: every row is a person alone. `reference`: rows that share a Home Office, tribunal or court reference are
    one person where their names agree as well and no full birth differs. A reference alone is not enough: a family's
    dependants share their Home Office file, often their UAN.
    """
    if rule == "never":
        return Grouping((), ())
    links = _links(rows, _reference_blocks(rows))
    joined = [link for link in links if Code.SAME_REFERENCE in link.codes and link.codes & _NAMES_AGREE]
    groups, kept = _group(rows, joined)
    apart = [
        link for link in links if Code.SAME_REFERENCE in link.codes and not _together(groups, link.first, link.second)
    ]
    return Grouping(
        _repeats(groups, kept),
        tuple(
            Repeat((link.first.number, link.second.number), _ordered(link.codes), link.likeness.strength)
            for link in sorted(apart, key=lambda link: (link.first.number, link.second.number))
        ),
    )


def propose_repeats(rows: Sequence[RowReading], at_least: Strength = Strength.LIKELY) -> tuple[Repeat, ...]:
    """Groups of rows that may be one person, strongest first, for a person to say yes or no to.

    Rows are compared when they share a reference, or a name's sound together with a postcode, a telephone or a full
    birth. The work grows with the rows and their likenesses, not with the square of the rows.
    """
    blocks = {**_reference_blocks(rows), **_name_blocks(rows, wide=at_least < Strength.LIKELY)}
    links = [link for link in _links(rows, blocks) if link.likeness.strength >= at_least]
    groups, kept = _group(rows, links)
    return _repeats(groups, kept)


@dataclass(frozen=True, slots=True)
class _Link:
    first: RowReading
    second: RowReading
    likeness: Likeness

    @property
    def codes(self) -> frozenset[Code]:
        return frozenset(reason.code for reason in self.likeness.reasons)


_Blocks = dict[tuple[str, ...], list[int]]


def _reference_blocks(rows: Sequence[RowReading]) -> _Blocks:
    blocks: _Blocks = defaultdict(list)
    for at, row in enumerate(rows):
        for reference in row.references:
            if reference.kind is not Kind.OWN:
                blocks["reference", reference.kind, reference.normal].append(at)
    return blocks


def _name_blocks(rows: Sequence[RowReading], *, wide: bool) -> _Blocks:
    """Rows whose names sound alike and that share something besides.

    A postcode is shared by many and a year by more, so only both together are asked, or the postcode with the whole
    name: less than that never adds up to LIKELY. `wide` asks the postcode alone, for those who want the weak ones too.
    """
    blocks: _Blocks = defaultdict(list)
    for at, row in enumerate(rows):
        sounds = [str(token) for token in tokens([row.name])]
        whole = " ".join(sorted(fold(row.name)))
        postcode = row.postcode.replace(" ", "").upper()
        beside = [("phone", "".join(filter(str.isdecimal, phone))[-9:]) for phone in row.phones]
        born = row.birth.full
        if born and (born.month, born.day) != (1, 1):
            beside.append(("birth", born.isoformat()))
        if postcode:
            blocks["whole", postcode, whole].append(at)
            if wide:
                beside.append(("postcode", postcode))
            elif row.birth.year:
                beside.append(("postcode and year", f"{postcode} {row.birth.year}"))
        for place, value in beside:
            blocks[place, value, whole].append(at)
            for sound in sounds:
                blocks[place, value, sound].append(at)
    return blocks


def _links(rows: Sequence[RowReading], blocks: _Blocks) -> list[_Link]:
    """Every pair that meets in a block, compared once."""
    facts: dict[int, Known] = {}
    links: list[_Link] = []
    for one, two in sorted(_pairs(blocks)):
        first, second = (facts.setdefault(at, known(rows[at])) for at in (one, two))
        links.append(_Link(rows[one], rows[two], compare(first, second)))
    return links


def _pairs(blocks: _Blocks) -> set[tuple[int, int]]:
    pairs: set[tuple[int, int]] = set()
    for block in blocks.values():
        if len(block) <= _LARGEST_BLOCK:
            pairs.update(combinations(block, 2))
        else:
            pairs.update(_neighbours(block))
    return pairs


def _neighbours(block: list[int]) -> Iterator[tuple[int, int]]:
    """Each row of a large block with the next few only: enough to chain repeats that stand near each other."""
    for at, one in enumerate(block):
        for two in block[at + 1 : at + 4]:
            yield one, two


class _Groups:
    """Rows joined step by step; a step that would join two different full births is refused."""

    def __init__(self, rows: Sequence[RowReading]) -> None:
        self._parent = {row.number: row.number for row in rows}
        self._births: dict[int, set[date]] = {row.number: {row.birth.full} if row.birth.full else set() for row in rows}

    def root(self, number: int) -> int:
        while self._parent[number] != number:
            self._parent[number] = self._parent[self._parent[number]]
            number = self._parent[number]
        return number

    def join(self, one: int, two: int) -> bool:
        """Whether the two are in one group afterwards."""
        first, second = sorted((self.root(one), self.root(two)))
        if first == second:
            return True
        births = self._births[first] | self._births[second]
        if any(_conflict(a, b) for a, b in combinations(births, 2)):
            return False
        self._parent[second] = first
        self._births[first] = births
        return True


def _conflict(one: date, two: date) -> bool:
    """Two full births that cannot both be right. 1 January stands for a day nobody knew, so there the year decides."""
    if (1, 1) in {(one.month, one.day), (two.month, two.day)}:
        return one.year != two.year
    return one != two


def _group(rows: Sequence[RowReading], links: list[_Link]) -> tuple[_Groups, list[_Link]]:
    """Join along the links, strongest first, and say which links ended within a group."""
    groups = _Groups(rows)
    ordered = sorted(links, key=lambda k: (-k.likeness.strength, k.first.number, k.second.number))
    for link in ordered:
        groups.join(link.first.number, link.second.number)
    return groups, [link for link in ordered if _together(groups, link.first, link.second)]


def _together(groups: _Groups, first: RowReading, second: RowReading) -> bool:
    return groups.root(first.number) == groups.root(second.number)


def _repeats(groups: _Groups, kept: list[_Link]) -> tuple[Repeat, ...]:
    """The groups of two or more, with the reasons of their links. `kept` is strongest first."""
    members: dict[int, set[int]] = defaultdict(set)
    codes: dict[int, set[Code]] = defaultdict(set)
    weakest: dict[int, Strength] = {}
    for link in kept:
        root = groups.root(link.first.number)
        new = {link.first.number, link.second.number} - members[root]
        members[root].update(new)
        codes[root] |= link.codes
        if new or root not in weakest:
            weakest[root] = link.likeness.strength
    found = [
        Repeat(
            tuple(sorted(members[root])),
            _ordered(codes[root]),
            weakest[root],
        )
        for root in members
    ]
    return tuple(sorted(found, key=lambda repeat: (-repeat.strength, repeat.rows)))


def _ordered(codes: Iterable[Code]) -> tuple[Code, ...]:
    """Reasons for before reasons against, each in the order the names room lists them."""
    order = list(Code)
    return tuple(sorted(codes, key=lambda code: (code.against, order.index(code))))
