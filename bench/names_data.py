"""People and queries to measure name search on, made from `rigour`'s groups of spellings of one name (Wikidata, MIT).

Nobody in it exists: two or three spellings of unrelated names are put together by a seeded generator. Every search
design that is compared is given the same people and the same queries: import `people` and `queries`, make no others.
"""

import random
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

# Home scripts and their share of people: the scripts of the languages the field meets, as Unicode names them, as far
# as the source has names in them (it has almost none in Ethiopic, Tamil and Gurmukhi: tests hold examples of those).
_HOMES = {
    "ARABIC": 50, "LATIN": 18, "CYRILLIC": 15, "BENGALI": 7, "HEBREW": 3, "DEVANAGARI": 3, "GEORGIAN": 2, "ARMENIAN": 2,
}  # fmt: skip
SCRIPTS = tuple(_HOMES)
SEED = 20261121


@dataclass(frozen=True, slots=True)
class Person:
    """A synthetic person: `name` as the office wrote it, and the group of spellings each part was taken from."""

    number: int
    name: str
    groups: tuple[tuple[str, ...], ...]
    script: str
    home: str


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody types, looking for the person with this number."""

    text: str
    wanted: int
    script: str
    across: bool  # typed in another script than the one stored
    slip: bool  # with one typing slip


def script(text: str) -> str:
    """The script of the first letter, as the first word of its Unicode name; "" without a letter."""
    for letter in text:
        if letter.isalpha():
            return unicodedata.name(letter, "?").split()[0]
    return ""


@cache
def groups() -> tuple[tuple[str, ...], ...]:
    """Groups of at least two one-word spellings in the scripts above."""
    spec = find_spec("rigour")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("The measurement's names come from rigour: pip install -r requirements-bench.lock")
    source = Path(spec.submodule_search_locations[0]) / "data" / "names" / "persons.txt"
    found = []
    for line in source.read_text(encoding="utf-8").splitlines():
        spellings = line.split(" => ")[0].split(", ")
        kept = tuple(s for s in spellings if len(s) > 1 and _word(s) and script(s) in SCRIPTS)
        if len(kept) > 1:
            found.append(kept)
    return tuple(found)


def people(count: int, seed: int = SEED) -> list[Person]:
    """`count` people of two or three name parts, about seven in ten written in Latin letters; the same for one seed.

    Each has a home script (`_HOMES`), and every part is a name that has a spelling in it. First parts are drawn so that
    a few names (those with most spellings: Mohammed, Olga) are very common, other parts more evenly.
    """
    generator = random.Random(seed)
    pools = {home: _pool(home) for home in _HOMES}
    made: list[Person] = []
    while len(made) < count:
        home = generator.choices(tuple(_HOMES), tuple(_HOMES.values()))[0]
        pool = pools[home]
        parts = [_skewed(generator, pool)]
        for _ in range(generator.choice((1, 1, 2))):
            parts.append(_skewed(generator, pool) if generator.random() < 0.3 else generator.choice(pool))
        written = "LATIN" if generator.random() < 0.65 else home
        name = " ".join(_spelling(generator, group, written) for group in parts)
        made.append(Person(len(made), name.title(), tuple(parts), written, home))
    return made


def _word(spelling: str) -> bool:
    """One word of letters and their marks: some spellings in the source carry tone numbers."""
    return not any(letter.isspace() or unicodedata.category(letter)[0] == "N" for letter in spelling)


@cache
def _pool(home: str) -> list[tuple[str, ...]]:
    """Groups with a spelling in this script and one in Latin letters, most spellings first."""
    found = [group for group in groups() if {home, "LATIN"} <= {script(spelling) for spelling in group}]
    return sorted(found, key=lambda group: (-len(group), group))


def _skewed(generator: random.Random, pool: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """One group, with a probability that falls as one over its rank: a few given names are carried by very many."""
    return pool[int(len(pool) ** generator.random()) - 1]


def queries(made: Sequence[Person], count: int, *, across: bool, seed: int = SEED) -> list[Query]:
    """Queries for `count` people: every part in another spelling where there is one, words in any order, one word in
    three-part names often left out, a typing slip in one of five.

    With `across` every query is typed in another script than the one stored, one of the two being Latin.
    """
    generator = random.Random(seed + 1)
    asked: list[Query] = []
    while len(asked) < count:
        person = generator.choice(made)
        typed = person.script
        if across:
            typed = person.home if person.script == "LATIN" else "LATIN"
            if typed == person.script:
                continue
        stored = set(person.name.lower().split())
        words = [_spelling(generator, group, typed, stored) for group in person.groups]
        if not across and set(words) == stored:
            continue
        if len(words) == 3 and generator.random() < 0.5:
            words.pop(generator.choice((1, 2)))
        if generator.random() < 0.4:
            generator.shuffle(words)
        slip = generator.random() < 0.2
        if slip:
            at = generator.randrange(len(words))
            words[at] = _slip(generator, words[at])
        asked.append(Query(" ".join(words), person.number, typed, across, slip))
    return asked


def _spelling(generator: random.Random, group: tuple[str, ...], wanted: str, other_than: set[str] | None = None) -> str:
    options = [spelling for spelling in group if script(spelling) == wanted]
    fresh = [spelling for spelling in options if spelling not in (other_than or ())]
    return generator.choice(fresh or options)


def _slip(generator: random.Random, word: str) -> str:
    """A letter doubled, lost or exchanged with its neighbour."""
    if len(word) < 4:
        return word
    at = generator.randrange(1, len(word) - 1)
    kind = generator.randrange(3)
    if kind == 0:
        return word[:at] + word[at] + word[at:]
    if kind == 1:
        return word[:at] + word[at + 1 :]
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
