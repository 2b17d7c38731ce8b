"""Names folded to plain parts that can be compared across scripts, spellings and habits of writing.

Folding loses things on purpose (marks, case, articles, titles, the hyphen) and is never shown to anyone: a person's
name is always displayed as they give it. Folded parts stay in memory only as long as a search does; nothing here caches
names, so that locking a session leaves none behind.
"""

import re
from itertools import pairwise

from .scripts import readable

_APOSTROPHES = re.compile(r"['`’‘ʼʿʾʻ´]")
_NOT_LETTERS = re.compile(r"[^a-z]+")
# "al-Hassan", "ash-Shami", "el Hassan": the article, which people write joined, apart or not at all.
_ARTICLE_HYPHEN = re.compile(r"\b(?:a[lnrstdz]|[eu]l|ash|adh|ath)-(?=[a-z]{2})")
_ARTICLES = frozenset({"al", "el", "ul"})
_TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "rev", "sir", "master"})
# What forms print for a name nobody gave: FNU and LNU are "first/last name unknown".
_PLACEHOLDERS = frozenset({"fnu", "lnu", "nfn", "nln", "unknown", "xxx", "xxxx"})
_NOISE = _ARTICLES | _TITLES | _PLACEHOLDERS


def fold(name: str) -> tuple[str, ...]:
    """The parts of a name, folded: lower-case a-z only, in the order written.

    `fold("RAHEEMI, Mohammad")` is `("raheemi", "mohammad")`; `fold("يوسف الحسن")` is `("ywsf", "hsn")`. The Arabic
    article, titles and placeholders (FNU, "unknown") go as long as something else remains. Digits are not part of a
    name. A name without a letter gives an empty tuple. Folding a folded name changes nothing.
    """
    text = _ARTICLE_HYPHEN.sub("", _APOSTROPHES.sub("", readable(name)))
    parts = [part for part in _NOT_LETTERS.split(text) if part]
    return tuple([part for part in parts if part not in _NOISE] or parts)


def joined(parts: tuple[str, ...]) -> tuple[str, ...]:
    """Each two neighbouring parts written as one: Abdul Rahman and Abdulrahman, Najib Ullah and Najibullah."""
    return tuple(first + second for first, second in pairwise(parts))
