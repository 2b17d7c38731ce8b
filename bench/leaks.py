"""What copies of the sealed search index give away to somebody with a public list of names: `python -m bench leaks`.

The thief has one copy of the disk, or one of every night, and knows how common each surname is. Two designs are
attacked with the same people and the same nights:

* ``sealed``: the desk's. A copy shows how long a team's generation is, and how many deltas there are and how long each.
* ``hashed names``: what the desk does not do. A table of one keyed hash for each surname, with the rows that carry it.

The attack on each is the best this module knows: hashes are matched to surnames by how many rows carry them, and over a
series by how many rows were added, too; from the sealed index, whoever was added on a night is guessed by the length of
that night's delta. ``recovered`` is the share of people whose surname was guessed right; ``blind`` is what guessing the
commonest surname for everybody gets, which needs no copy at all.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from safeconduct.core.names import Delta, Generation, tokens
from safeconduct.core.names.kept import keep

SEED: Final = 20261122
PAD: Final = 4096
# Invented surnames in the shape of real ones; how common each is falls as one over its rank.
_ONSETS: Final = [
    "Al",
    "Bar",
    "Che",
    "Dar",
    "Far",
    "Gha",
    "Hab",
    "Kar",
    "Mal",
    "Naz",
    "Oss",
    "Rah",
    "Sal",
    "Tes",
    "Yus",
]
_MIDDLES: Final = ("a", "e", "i", "o", "u")
_ENDS: Final = [
    "bani",
    "dri",
    "far",
    "ghani",
    "kimi",
    "lesh",
    "mov",
    "nejad",
    "pour",
    "rimi",
    "sem",
    "tari",
    "van",
    "zai",
]
SURNAMES: Final = tuple(f"{one}{two}{three}" for one in _ONSETS for two in _MIDDLES for three in _ENDS)
GIVEN: Final = ("Amir", "Bilan", "Chenoa", "Dilek", "Esi", "Farah", "Goran", "Hiwa", "Ines", "Jalal", "Kofi", "Leyla")


def measure(people: int, copies: int) -> dict[str, Any]:
    """The share recovered from one copy and from ``copies`` nightly ones, by design; a tenth is added in that time."""
    names = _people(people + people // 10)
    nights = _nights(names[people:], copies)
    blind = Counter(_surname(name) for name in names).most_common(1)[0][1] / len(names)
    return {
        "people": people,
        "copies": copies,
        "surnames": len(SURNAMES),
        "blind": round(blind, 4),
        "sealed": {
            "one copy": round(_from_one_generation(names[:people]), 4),
            f"{copies} copies": round(_from_deltas(nights), 4),
        },
        "hashed names": {
            "one copy": round(_by_counts(names[:people]), 4),
            f"{copies} copies": round(_by_counts(names), 4),
        },
        "lengths seen": len({length for night in nights for length in night_lengths(night)}),
    }


def night_lengths(night: Sequence[str]) -> list[int]:
    """What a copy shows of a night: the length in bytes of each delta written since the copy before."""
    return [
        len(Delta(add={at: tokens([name])}, kept={at: keep([name])}).to_bytes(pad_to=PAD))
        for at, name in enumerate(night)
    ]


def _people(count: int) -> list[str]:
    generator = random.Random(SEED)
    weights = [1 / rank for rank in range(1, len(SURNAMES) + 1)]
    surnames = generator.choices(SURNAMES, weights, k=count)
    return [f"{generator.choice(GIVEN)} {surname}" for surname in surnames]


def _nights(added: Sequence[str], copies: int) -> list[list[str]]:
    return [list(added[night::copies]) for night in range(copies)]


def _surname(name: str) -> str:
    return name.rsplit(" ", 1)[1]


def _by_counts(names: Sequence[str]) -> float:
    """Hashes of surnames put in order of how many rows carry them, beside the public list in its order."""
    carried = [surname for surname, _ in Counter(map(_surname, names)).most_common()]
    guess = dict(zip(carried, SURNAMES, strict=False))
    return sum(guess.get(_surname(name)) == _surname(name) for name in names) / len(names)


def _from_one_generation(names: Sequence[str]) -> float:
    """One length is all that shows, and it is nobody's: the thief can only guess the commonest surname."""
    length = len(
        Generation.build(
            ((at, tokens([name])) for at, name in enumerate(names)), {at: keep([name]) for at, name in enumerate(names)}
        ).to_bytes(pad_to=PAD)
    )
    assert length % PAD == 0
    return sum(_surname(name) == SURNAMES[0] for name in names) / len(names)


def _from_deltas(nights: Sequence[Sequence[str]]) -> float:
    """Each added person guessed by the length of their delta: the likeliest surname that gives such a length.

    The thief makes deltas of their own for every surname of the public list, as the program's code is public as well.
    """
    likeliest: dict[int, str] = {}
    for surname in SURNAMES:
        for length in {night_lengths([f"{given} {surname}"])[0] for given in GIVEN}:
            likeliest.setdefault(length, surname)
    hits = total = 0
    for night in nights:
        for name, length in zip(night, night_lengths(night), strict=True):
            hits += likeliest.get(length) == _surname(name)
            total += 1
    return hits / total if total else 0.0
