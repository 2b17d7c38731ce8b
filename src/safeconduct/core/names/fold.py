"""Names folded to plain parts that can be compared across scripts, spellings and habits of writing.

Folding loses things on purpose (marks, case, articles, titles, the hyphen) and is never shown to anyone: a person's
name is always displayed as they give it. Nothing here caches
names; an opened index, which holds folded ones, stays in memory for the office's idle minutes at most.
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
_SHORTENED = {"md": "mohammad", "mohd": "mohammad", "muhd": "mohammad"}  # as papers from Bangladesh print it
# "Servant of ...": Abdul Rahman, Abdulrahman, Abderrahmane, Abd ar-Rahman, عبدالرحمن, Abdirahman are one name. The
# article between melts into the next consonant, so it goes with the vowels around it.
_SERVANT = re.compile(r"^abd[aeiou]{0,2}(?:l(?=[a-z]{3})|([rsnzdt])(?=\1))?(?=[a-z]{3})")
_SERVANT_APART = re.compile(r"^abd(?:[aeou]{1,2}[lrsnzdt]?)?$")
_ABDULLAH = re.compile(r"^abd[aeiou]{0,2}l+[aeo]*(?:h[aei]*|y[ae]+|)$")
_GOD = re.compile(r"^(?:[aou]?l+[ao]*h|[aou]ll+a)$")


def fold(name: str) -> tuple[str, ...]:
    """The parts of a name, folded: lower-case a-z only, in the order written.

    `fold("RAHEEMI, Mohammad")` is `("raheemi", "mohammad")`; `fold("يوسف الحسن")` is `("ywsf", "hsn")`. The Arabic
    article, titles and placeholders (FNU, "unknown") go as long as something else remains. Abdulrahman comes out as
    `abd`, `rahman` however it was spaced, Md as `mohammad`. Digits are not part of a name; a name without a letter
    gives an empty tuple.
    Folding a folded name changes nothing.
    """
    text = _ARTICLE_HYPHEN.sub("", _APOSTROPHES.sub("", readable(name)))
    parts = [part for part in _NOT_LETTERS.split(text) if part]
    parts = _without_noise(parts)
    if any(part.startswith("abd") for part in parts):
        while (again := _without_noise(_servants(parts))) != parts:
            parts = again
    return tuple(parts)


def _without_noise(parts: list[str]) -> list[str]:
    return [_SHORTENED.get(part, part) for part in parts if part not in _NOISE] or parts


def _servants(parts: list[str]) -> list[str]:
    """Names that begin with Abd- in two parts, `abd` and the rest; Abdullah, which is a name by itself, in one."""
    out: list[str] = []
    for part in parts:
        if out and _SERVANT_APART.match(out[-1]):
            if _GOD.match(part):
                out[-1] = "abdullah"
                continue
            out[-1] = "abd"
        if _ABDULLAH.match(part) and len(part) > 5:
            out.append("abdullah")
        elif len(part) > 6 and (servant := _SERVANT.match(part)):
            out += ["abd", part[servant.end() :]]
        else:
            out.append(part)
    return out


def joined(parts: tuple[str, ...]) -> tuple[str, ...]:
    """Each two neighbouring parts written as one: Najib Ullah and Najibullah, Xiao Ming and Xiaoming."""
    return tuple(first + second for first, second in pairwise(parts))
