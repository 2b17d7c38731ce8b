"""Stretches that a reading copy does not show: found, and put over the text. Offsets in it stay what they were.

A mask covers a stretch of the raw text, of the address a source is from, or of anything else that was read: titles,
authors, addresses, what links and pictures say. Those are counted in the order of the structure (`said`), so that a
mask is numbers alone and the word it covers is kept nowhere.
"""

import dataclasses
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from .models import Mask
from .reading.shape import Link, Post, Reading

FILLER: Final = "█"
_IN_WORD: Final = re.compile(r"\w")
_BY_OFFSETS: Final = frozenset({"raw", "text"})


@dataclass(frozen=True, slots=True)
class Stretch:
    """Characters ``start`` to ``end`` of one part. ``number`` counts among what `said` gives, and is None elsewhere."""

    part: Mask.Part
    number: int | None
    start: int
    end: int


def of_rows(rows: Iterable[Mask]) -> list[Stretch]:
    """The masks of a source as stretches."""
    return [Stretch(Mask.Part(row.part), row.number, row.start, row.end) for row in rows]


def find(word: str, reading: Reading, address: str | None, *, whole: bool = True) -> list[Stretch]:
    """Where ``word`` stands in what was read, in any case, with any spaces, in either form of its accents.

    ``whole``: not inside a longer word. A language that writes prefixes to a name, or no spaces, wants it False.
    """
    pattern = _pattern(word, whole=whole)
    if pattern is None:
        return []
    found = [Stretch(Mask.Part.TEXT, None, *one.span()) for one in pattern.finditer(reading.raw)]
    for number, text in enumerate(said(reading)):
        found += [Stretch(Mask.Part.SAID, number, *one.span()) for one in pattern.finditer(text)]
    if address:
        found += [Stretch(Mask.Part.ADDRESS, None, *one.span()) for one in pattern.finditer(address)]
    return found


def masked(reading: Reading, masks: Sequence[Stretch]) -> Reading:
    """The reading copy as it may be shown."""
    if not masks:
        return reading
    raw = covered(reading.raw, (one for one in masks if one.part == Mask.Part.TEXT))
    by_number: dict[int, list[Stretch]] = {}
    for one in masks:
        if one.part == Mask.Part.SAID and one.number is not None:
            by_number.setdefault(one.number, []).append(one)
    # What a link says stands in the raw text as well, and is covered where that is.
    shown: Reading = _Walk(by_number).over(reading)
    posts = tuple(replace(post, text=raw[post.start : post.end]) for post in shown.posts)
    posts = tuple(replace(post, links=_links_covered(post.links, raw)) for post in posts)
    return replace(shown, raw=raw, posts=posts, links=_links_covered(shown.links, raw))


@dataclass(frozen=True, slots=True)
class Under:
    """What is under a mask. ``whole``: it stood inside no longer word there where masked; ``inside``: how often at all.

    A word that stands inside longer ones more often elsewhere (a line end gone between a name and a date) is masked
    there, too.
    """

    word: str
    whole: bool
    inside: int

    def stands(self, reading: Reading, address: str | None) -> list[Stretch]:
        """Where it is to be masked in another reading."""
        grown = _inside(self.word, reading, None) > self.inside
        return find(self.word, reading, address, whole=self.whole and not grown)


def words(reading: Reading, masks: Sequence[Stretch]) -> list[Under]:
    """What is under the masks of a reading, the longest first: to be masked in another, and kept nowhere."""
    texts = said(reading)
    under: dict[str, bool] = {}
    for one in masks:
        if one.part == Mask.Part.TEXT or one.number is not None:
            text = reading.raw if one.number is None else texts[one.number]
            inside = any(
                _IN_WORD.match(each) for each in (text[one.start - 1 : one.start], text[one.end : one.end + 1])
            )
            word = text[one.start : one.end]
            under[word] = under.get(word, True) and not inside
    found = sorted((one for one in under if one.strip()), key=lambda one: (-len(one), one))
    return [Under(one, under[one], _inside(one, reading, None)) for one in found]


@dataclass(frozen=True, slots=True)
class Carried:
    """Masks put over another reading: each stretch with the mask (its place among those given) that it comes from.

    ``fallen``: how many of those given cover something that does not stand in it as often as they cover it.
    """

    of: dict[Stretch, int]
    fallen: int

    @property
    def stretches(self) -> list[Stretch]:
        return list(self.of)


def carried(
    masks: Sequence[Stretch], reading: Reading, address: str | None, other: Reading, there: str | None
) -> Carried:
    """Masks of a reading put over another one of the same bytes: wherever what they cover stands in that.

    ``address`` and ``there``: where each is from. A name that stands inside a longer word more often than before, as
    where a reader lets a line end go, is masked inside longer words too.
    """
    texts = said(reading)
    under: list[str] = []
    for one in masks:
        text = reading.raw if one.part == Mask.Part.TEXT else texts[one.number or 0]
        text = (address or "") if one.part == Mask.Part.ADDRESS else text
        under.append(text[one.start : one.end])
    # A name that was masked inside a longer word once is looked for inside longer words.
    whole = {each.word: each.whole for each in words(reading, masks)}
    of: dict[Stretch, int] = {}
    found: dict[str, list[Stretch]] = {}
    for number, word in sorted(enumerate(under), key=lambda one: -len(one[1])):
        if word not in found:
            grown = _inside(word, other, there) > _inside(word, reading, address)
            found[word] = find(word, other, there, whole=whole.get(word, False) and not grown)
        for place in found[word]:
            of.setdefault(place, number)
    # A word that was masked in several ways of writing it is the same word: each of its places is found by every one.
    wanted = Counter((_same(word), one.part) for one, word in zip(masks, under, strict=True) if word.strip())
    places = {_same(word): set[Stretch]() for word in found}
    for word, stretches in found.items():
        places[_same(word)].update(stretches)
    stand = Counter((word, place.part) for word, stretches in places.items() for place in stretches)
    return Carried(of, (wanted - stand).total())


def _inside(word: str, reading: Reading, address: str | None) -> int:
    """How often ``word`` stands inside a longer one."""
    return len(find(word, reading, address, whole=False)) - len(find(word, reading, address))


def _same(word: str) -> str:
    return unicodedata.normalize("NFC", " ".join(word.split())).casefold()


def address(said: str | None, masks: Sequence[Stretch]) -> str | None:
    """The address a source is from as it may be shown."""
    return None if said is None else covered(said, (one for one in masks if one.part == Mask.Part.ADDRESS))


def covered(text: str, stretches: Iterable[Stretch]) -> str:
    """``text`` with a filler for each character of the stretches."""
    for one in stretches:
        text = text[: one.start] + FILLER * (min(one.end, len(text)) - one.start) + text[one.end :]
    return text


def said(reading: Reading) -> list[str]:
    """Every text that was read besides the raw one, in the order of the structure."""
    walk = _Walk({})
    walk.over(reading)
    return walk.met


class _Walk:
    """Goes through a structure in the order of its fields, counts its texts, and covers those that are masked."""

    def __init__(self, masks: dict[int, list[Stretch]]) -> None:
        self.met: list[str] = []
        self._masks = masks

    def over(self, value: Any) -> Any:
        if type(value) is str:
            self.met.append(value)
            return covered(value, self._masks.get(len(self.met) - 1, ()))
        if isinstance(value, tuple):
            return tuple(self.over(one) for one in value)
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return replace(value, **{name: self.over(getattr(value, name)) for name in _fields(value)})
        return value


def _fields(value: Any) -> Iterator[str]:
    skipped = _BY_OFFSETS if isinstance(value, Reading | Post) else frozenset[str]()
    return (one.name for one in dataclasses.fields(value) if one.name not in skipped)


def _links_covered(links: Sequence[Link], raw: str) -> tuple[Link, ...]:
    """Links whose text stands under a mask of the raw text say no more than that shows, and lead nowhere."""
    out = []
    for one in links:
        there = "" if one.at is None else raw[one.at : one.at + len(one.text)]
        out.append(replace(one, text=there, target="") if FILLER in there else one)
    return tuple(out)


def _pattern(word: str, *, whole: bool) -> re.Pattern[str] | None:
    words = word.split()
    if not words:
        return None
    forms = {unicodedata.normalize(form, one) for form in ("NFC", "NFD") for one in [" ".join(words)]}
    choices = "|".join(r"\s+".join(map(re.escape, form.split())) for form in sorted(forms))
    return re.compile(rf"(?<!\w)(?:{choices})(?!\w)" if whole else f"(?:{choices})", re.IGNORECASE)
