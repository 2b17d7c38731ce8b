"""How alike two parts of names are, from 0 to 1: half the letters, half the consonants they stand for."""

from collections.abc import Sequence
from typing import Final

from rapidfuzz.distance import JaroWinkler, Levenshtein
from rapidfuzz.process import extract

from .skeleton import skeletons

_INITIAL: Final = 0.8  # "M" beside a name that begins with M
_near: Final = Levenshtein.normalized_similarity


class Bones(dict[str, frozenset[str]]):
    """Skeletons of name parts, worked out when first asked for: most of comparing is this. It holds parts of names."""

    most = 50_000

    def __missing__(self, part: str) -> frozenset[str]:
        if len(self) >= self.most:
            self.clear()
        bones = self[part] = skeletons(part)
        return bones


class Row(dict[str, float]):
    """How alike others are to one part, worked out when first asked for, or beforehand for many at once."""

    def __init__(self, part: str, bones: Bones) -> None:
        super().__init__()
        self._part, self._bones, self._own = part, bones, bones[part]

    def fill(self, others: Sequence[str]) -> None:
        """Work out all of these, which is quicker than one by one."""
        theirs = [self._bones[other] for other in others]
        far = self._far(frozenset(theirs))
        letters = _all_near(self._part, others)
        for other, bones in zip(others, theirs, strict=True):
            near = far.get(bones)
            if near is None or len(other) == 1:
                self[other] = self._compare(other, bones, letters[other])
            else:
                self[other] = 0.5 * letters[other] + near

    def _far(self, theirs: frozenset[frozenset[str]]) -> dict[frozenset[str], float]:
        """What consonants come to of those others whose letters have to be weighed with them, by their skeletons.

        The others are alike by a skeleton, or this part is an initial.
        """
        if len(self._part) == 1:
            return {}
        apart = [bones for bones in theirs if self._own.isdisjoint(bones)]
        nearest: dict[str, float] = {}
        every = list(frozenset().union(*apart))
        for one in self._own:
            here = _all_near(one, every)
            nearest = {bone: max(near, here[bone]) for bone, near in nearest.items()} if nearest else here
        return {bones: 0.45 * max([nearest[bone] for bone in bones]) for bones in apart}

    def __missing__(self, other: str) -> float:
        alike = self[other] = self._compare(other, self._bones[other], _near(self._part, other))
        return alike

    def _compare(self, other: str, theirs: frozenset[str], letters: float) -> float:
        part, ours = self._part, self._own
        if part == other:
            return 1.0
        if len(part) == 1 or len(other) == 1:
            return _INITIAL if part[0] == other[0] else 0.0
        if not ours.isdisjoint(theirs):
            return 0.55 + 0.42 * max(letters, JaroWinkler.similarity(part, other))
        return 0.5 * letters + 0.45 * max([_near(one, two) for one in ours for two in theirs])


def _all_near(text: str, others: Sequence[str]) -> dict[str, float]:
    """How near each of these is, asked for in one call."""
    return {other: near for other, near, _ in extract(text, others, scorer=_near, limit=None)}
