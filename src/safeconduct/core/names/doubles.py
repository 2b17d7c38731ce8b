"""Whether two records may be of one person: reasons as codes, for and against, and how strong they are together.

A possible double is only ever offered; a person decides. Nothing here says that two records are the same person:
members of a family share a telephone, a postcode and a Home Office file, and very many people share a name and a
1 January.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from .births import Birth
from .fold import fold
from .kept import read
from .match import Comparison, alike, alike_parts
from .references import Kind, Reference

_SAME_NAME = 0.999
_SIMILAR_NAME = 0.8
_UNLIKE_NAME = 0.5


class Code(StrEnum):
    """A reason. Those from `DIFFERENT_NAME` on speak against."""

    SAME_REFERENCE = "same_reference"
    SAME_FAMILY_REFERENCE = "same_family_reference"  # one Home Office file, different dependants
    SAME_NAME = "same_name"
    SIMILAR_NAME = "similar_name"
    OTHER_SCRIPT = "other_script"  # said beside one of the two above: the names are in different scripts
    ONE_NAME_ONLY = "one_name_only"  # said beside them: one name is little to go by
    SAME_BIRTH = "same_birth"
    SAME_BIRTH_YEAR = "same_birth_year"
    BIRTH_FIRST_OF_JANUARY = "birth_first_of_january"
    BIRTH_DAY_AND_MONTH_EXCHANGED = "birth_day_and_month_exchanged"
    SAME_PHONE = "same_phone"
    SAME_POSTCODE = "same_postcode"
    DIFFERENT_NAME = "different_name"
    DIFFERENT_BIRTH = "different_birth"
    DIFFERENT_NATIONALITY = "different_nationality"

    @property
    def against(self) -> bool:
        return self in _AGAINST


_AGAINST = frozenset({Code.DIFFERENT_NAME, Code.DIFFERENT_BIRTH, Code.DIFFERENT_NATIONALITY})

# Points for the strength. A shared name of two parts alone is worth looking at in a small office (WEAK); a reference or
# a full date of birth with it makes it LIKELY. Judged by hand, not by statistics: see docs/decisions/names-doubles.md.
_POINTS: dict[Code, int] = {
    Code.SAME_REFERENCE: 6, Code.SAME_FAMILY_REFERENCE: 1, Code.SAME_NAME: 4, Code.SIMILAR_NAME: 3,
    Code.ONE_NAME_ONLY: -2, Code.SAME_BIRTH: 4, Code.SAME_BIRTH_YEAR: 2, Code.BIRTH_FIRST_OF_JANUARY: 1,
    Code.BIRTH_DAY_AND_MONTH_EXCHANGED: 3, Code.SAME_PHONE: 3, Code.SAME_POSTCODE: 2, Code.DIFFERENT_NAME: -4,
    Code.DIFFERENT_BIRTH: -4, Code.DIFFERENT_NATIONALITY: -2,
}  # fmt: skip


class Strength(IntEnum):
    """How strongly the reasons together suggest one person; in order, so `>=` compares. There is no "certain"."""

    NONE = 0
    WEAK = 1
    LIKELY = 2
    STRONG = 3


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of somebody, as far as comparing goes. All may be empty; nationality in the office's words."""

    names: tuple[str, ...] = ()
    births: tuple[Birth, ...] = ()
    references: tuple[Reference, ...] = ()
    postcode: str = ""
    phones: tuple[str, ...] = ()
    nationality: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """A code and what it is about: `params` holds kinds of reference, never a name, number or reference."""

    code: Code
    params: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Likeness:
    """Why two records may be one person (or not), most telling first, and how strong that is."""

    reasons: tuple[Reason, ...]
    strength: Strength


def compare(first: Known, second: Known) -> Likeness:
    """The likeness of two records; the same whichever way round. Without a reason for it the strength is NONE."""
    reasons = [
        *_references(first.references, second.references),
        *_names(first.names, second.names),
        *_births(first.births, second.births),
    ]
    if {_phone(phone) for phone in first.phones} & {_phone(phone) for phone in second.phones} - {""}:
        reasons.append(Reason(Code.SAME_PHONE))
    if _plain(first.postcode) and _plain(first.postcode) == _plain(second.postcode):
        reasons.append(Reason(Code.SAME_POSTCODE))
    nationalities = (fold(first.nationality), fold(second.nationality))
    if all(nationalities) and nationalities[0] != nationalities[1]:
        reasons.append(Reason(Code.DIFFERENT_NATIONALITY))
    reasons.sort(key=lambda reason: (reason.code.against, -_POINTS.get(reason.code, 0)))
    return Likeness(tuple(reasons), _strength([reason.code for reason in reasons]))


class Screen:
    """What comparing somebody with others comes to at most, by what an index keeps of them: no record is opened."""

    def __init__(self, asked: Known, comparison: Comparison) -> None:
        self._comparison = comparison
        self._names = [parts for parts in map(fold, asked.names) if parts]
        self._years = {one.year for one in asked.births}
        besides = [Code.SAME_FAMILY_REFERENCE] if any(one.kind is Kind.HO_FILE for one in asked.references) else []
        besides += [Code.SAME_PHONE] if asked.phones else []
        besides += [Code.SAME_POSTCODE] if asked.postcode else []
        self._besides = besides

    def most(self, kept: bytes) -> Strength:
        """The most that `compare` can say of them, unless they share a reference."""
        names, births = read(kept)
        best = max((alike_parts(self._comparison, one, two) for one in self._names for two in names), default=0.0)
        if best < _SIMILAR_NAME:
            return Strength.NONE
        # A day or a month may differ yet; another year never makes a birth the same.
        born = [Code.SAME_BIRTH] if self._years & {one.year for one in births} else []
        return _strength([Code.SAME_NAME if best >= _SAME_NAME else Code.SIMILAR_NAME, *born, *self._besides])


def _strength(codes: list[Code]) -> Strength:
    points = sum(_POINTS.get(code, 0) for code in codes)
    named = Code.SAME_NAME in codes or Code.SIMILAR_NAME in codes
    if points >= 9 and named:
        return Strength.STRONG
    if points >= 6 and (named or Code.SAME_REFERENCE in codes):
        return Strength.LIKELY
    if points >= 2 and (named or Code.SAME_REFERENCE in codes):
        return Strength.WEAK
    return Strength.NONE


def _references(ours: Iterable[Reference], theirs: Iterable[Reference]) -> list[Reason]:
    own = {(reference.kind, reference.normal) for reference in ours if reference.kind is not Kind.OWN}
    other = {(reference.kind, reference.normal) for reference in theirs if reference.kind is not Kind.OWN}
    same = sorted({kind.value for kind, _ in own & other})
    if same:
        return [Reason(Code.SAME_REFERENCE, tuple(same))]
    files = [{normal.partition("/")[0] for kind, normal in side if kind is Kind.HO_FILE} for side in (own, other)]
    return [Reason(Code.SAME_FAMILY_REFERENCE)] if files[0] & files[1] else []


def _names(ours: Iterable[str], theirs: Iterable[str]) -> list[Reason]:
    pairs = [(alike(one, two), one, two) for one in ours for two in theirs if fold(one) and fold(two)]
    if not pairs:
        return []
    best, one, two = max(pairs, key=lambda pair: pair[0])
    if best < _UNLIKE_NAME:
        return [Reason(Code.DIFFERENT_NAME)]
    if best < _SIMILAR_NAME:
        return []
    reasons = [Reason(Code.SAME_NAME if best >= _SAME_NAME else Code.SIMILAR_NAME)]
    if _script(one) != _script(two):
        reasons.append(Reason(Code.OTHER_SCRIPT))
    if min(len(fold(one)), len(fold(two))) == 1:
        reasons.append(Reason(Code.ONE_NAME_ONLY))
    return reasons


def _births(ours: Iterable[Birth], theirs: Iterable[Birth]) -> list[Reason]:
    """The best that any two assertions say; a difference counts only where no two of them agree."""
    found = {code for one in ours for two in theirs for code in (_birth(one, two),) if code}
    for code in (
        Code.SAME_BIRTH,
        Code.BIRTH_DAY_AND_MONTH_EXCHANGED,
        Code.SAME_BIRTH_YEAR,
        Code.BIRTH_FIRST_OF_JANUARY,
        Code.DIFFERENT_BIRTH,
    ):
        if code in found:
            return [Reason(code)]
    return []


def _birth(one: Birth, two: Birth) -> Code | None:
    if one.exact and two.exact:
        if one.year == two.year and (one.month, one.day) == (two.month, two.day):
            return Code.SAME_BIRTH
        if one.year == two.year and (one.month, one.day) == (two.day, two.month):
            return Code.BIRTH_DAY_AND_MONTH_EXCHANGED
        return Code.DIFFERENT_BIRTH
    if one.year == two.year:
        if one.first_of_january and two.first_of_january:
            return Code.BIRTH_FIRST_OF_JANUARY
        return Code.SAME_BIRTH_YEAR
    # A bare, estimated or 1 January year is often a few years out; only a wide gap speaks against.
    return Code.DIFFERENT_BIRTH if abs(one.year - two.year) > 5 else None


def _phone(phone: str) -> str:
    """The last nine digits, which a number keeps whether it is written +44, 0044 or 0."""
    digits = "".join(letter for letter in phone if letter.isdecimal())
    return digits[-9:] if len(digits) >= 9 else ""


def _plain(postcode: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", postcode.upper())


def _script(name: str) -> str:
    letters = [letter for letter in name if letter.isalpha()]
    return unicodedata.name(letters[0], "?").split()[0] if letters else ""
