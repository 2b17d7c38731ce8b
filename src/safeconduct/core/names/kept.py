"""What an index keeps of a person to rank them by: their names as folded, and the years they may be born in.

As bytes, because an index holds very many: `mohamad raheemi|mhmd rhymy;1987;1990~` is somebody of two spellings, born
in 1987 or perhaps about 1990. `~` marks a year that says less: an estimate, a bare year, 1 January. The folded parts
are letters a-z alone, so nothing in them needs a sign to be kept apart by. Nobody's name can be shown from it.
"""

from collections.abc import Iterable

from .births import Birth
from .fold import fold

Parts = tuple[str, ...]


def keep(names: Iterable[str], births: Iterable[Birth] = ()) -> bytes:
    """Of a person with these names and births; the same whatever order their births were told in."""
    folded = dict.fromkeys(" ".join(fold(name)) for name in names)
    years = sorted({f"{one.year}{'' if one.exact else '~'}" for one in births})
    return ";".join(["|".join(one for one in folded if one), *years]).encode("ascii")


def read(kept: bytes) -> tuple[tuple[Parts, ...], tuple[Birth, ...]]:
    """The names, part by part, and the births. Raises ValueError for what `keep` did not give."""
    names, *years = kept.decode("ascii").split(";")
    # Lists first: a search reads hundreds, and they are quicker than generators.
    parts = tuple([tuple(name.split(" ")) for name in names.split("|") if name])
    return parts, tuple([_birth(year) for year in years]) if years else ()


def _birth(year: str) -> Birth:
    # Any day but the first of January stands for one that says something.
    return Birth(int(year[:-1])) if year.endswith("~") else Birth(int(year), 12, 31)
