"""Finding the posts a text is alike to among very many, without comparing it with each.

Kept in memory, in a table of samples: those whose samples meet are compared whole. A database's own table of
`words.samples` can be asked the same question.
"""

import sqlite3
from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Final

from .compare import LEAST, SAME, compare
from .words import everywhere, samples, shingles

_TOO_COMMON: Final = 1_000  # posts with one shingle: a phrase everybody uses finds nobody
_LIKELY: Final = 0.4  # of the samples of the shorter that are in the other
_MOST_COMPARED: Final = 200
_MEETING: Final = "SELECT post FROM sample WHERE hash = ? LIMIT ?"


@dataclass(frozen=True, slots=True)
class Match:
    """Another post that says the same."""

    key: Hashable
    containment: float
    jaccard: float


class Index:
    """Posts by keys of whoever fills it. Not for use from several threads at once."""

    def __init__(self) -> None:
        self._table = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        self._table.execute("PRAGMA journal_mode=OFF")
        self._table.execute("CREATE TABLE sample (hash INTEGER, post INTEGER, PRIMARY KEY (hash, post)) WITHOUT ROWID")
        self._keys: list[Hashable] = []
        self._texts: list[str] = []
        self._sampled: list[int] = []

    def close(self) -> None:
        """Give the memory back."""
        self._table.close()

    def add(self, key: Hashable, text: str) -> None:
        """Add a post. One with fewer than `LEAST` shingles is passed over."""
        those = shingles(text)
        if len(those) < LEAST:
            return
        kept = samples(those)
        post = len(self._keys)
        self._keys.append(key)
        self._texts.append(text)
        self._sampled.append(everywhere(kept))
        self._table.executemany("INSERT OR IGNORE INTO sample VALUES (?, ?)", [(one, post) for one in kept])

    def alike(self, text: str, *, least: float = SAME) -> tuple[Match, ...]:
        """The posts that say the same as ``text``, the most alike first."""
        those = shingles(text)
        if len(those) < LEAST:
            return ()
        kept = samples(those)
        met: Counter[int] = Counter()
        for one in kept:
            found = self._table.execute(
                "SELECT post FROM sample WHERE hash = ? LIMIT ?", (one, _TOO_COMMON + 1)
            ).fetchall()
            if len(found) <= _TOO_COMMON:
                met.update(post for (post,) in found)
        own = everywhere(kept)
        likely = [(count / max(min(own, self._sampled[post]), 1), post) for post, count in met.items()]
        matches = []
        for _, post in sorted((one for one in likely if one[0] >= _LIKELY), reverse=True)[:_MOST_COMPARED]:
            how = compare(those, shingles(self._texts[post]))
            if how.containment >= least:
                matches.append(Match(self._keys[post], how.containment, how.jaccard))
        return tuple(sorted(matches, key=lambda match: (-match.containment, -match.jaccard)))
