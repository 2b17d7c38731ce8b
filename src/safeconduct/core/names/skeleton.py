"""The loose consonant skeleton of a name part, and the tokens a sealed index is made of.

Vowels carry least when a name crosses scripts (محمد has none written; Mohamad, Muhammed and Mehmet disagree), so a
skeleton keeps only consonants, in classes of those that transliteration confuses. Letters that two habits read in two
ways (th in Uthman and Osman, w in Noor written نور) give a skeleton for each reading. All one-letter deletions are
tokens too, on both sides, so two skeletons meet when a letter was added, lost or exchanged.
"""

import re
from collections.abc import Iterable
from hashlib import blake2s
from itertools import islice, product

from .fold import fold, joined

_MOST_READINGS = 4  # skeletons of one part: a bound on what a strange spelling adds to the index
_MOST_KNOWN = 10_000  # parts whose tokens are held while very many names are read
_HUSHED = "."  # a vowel or an h: dropped, but it keeps the consonants on its two sides apart

# What is written -> how it may be heard. Capitals are classes of consonants.
_SOUNDS: dict[str, tuple[str, ...]] = {
    "shch": ("S",), "tsch": ("S",), "tch": ("S",), "sch": ("S",), "dzh": ("G",), "dsch": ("G",),
    "ch": ("S", "K"), "sh": ("S",), "zh": ("S", "G"), "ts": ("S",), "tz": ("S",), "dj": ("G",), "dh": ("T", "S"),
    "tsj": ("S",), "sj": ("S",), "tj": ("S",), "cz": ("S",), "cs": ("S",), "sz": ("S",),
    "th": ("T", "S"), "kh": ("K",), "gh": ("G",), "ph": ("B",), "ck": ("K",), "qu": ("K",), "x": ("KS",),
    "b": ("B",), "v": ("B",), "f": ("B",), "p": ("B",), "w": ("B", _HUSHED), "c": ("K",), "k": ("K",), "q": ("K",),
    "g": ("G",), "j": ("G", _HUSHED), "s": ("S",), "z": ("S",), "t": ("T",), "d": ("T",), "l": ("L",), "m": ("M",),
    "n": ("N",), "r": ("R",), "h": (_HUSHED,), "y": (_HUSHED,),
    "a": (_HUSHED,), "e": (_HUSHED,), "i": (_HUSHED,), "o": (_HUSHED,), "u": (_HUSHED,),
}  # fmt: skip
_OPENING: dict[str, tuple[str, ...]] = {
    **dict.fromkeys("aeiou", ("A",)), "y": ("G", "A"), "j": ("G",), "w": ("B",), "x": ("S", "KS"),
}  # fmt: skip
_SPELLING = re.compile("|".join(sorted(_SOUNDS, key=len, reverse=True)))
_SPELLING_OR_VOWEL = re.compile("|".join([*sorted(_SOUNDS, key=len, reverse=True), "[123]"]))
# Vowels by where they are spoken: what is written i in one place is e in the next, and o is u.
_VOWELS = str.maketrans({"a": "1", "e": "2", "i": "2", "y": "2", "o": "3", "u": "3"})
_SOFT_C = re.compile("c(?=[eiy])")
_DOUBLED = re.compile(r"(.)(?=\1)")


def skeletons(part: str) -> frozenset[str]:
    """The skeletons of one folded part: one to four short strings of class letters, with `A` for an opening vowel.

    `skeletons("mohamad")` and `skeletons("mhmd")` are both `{"MMT"}`. The part must come from `fold`.
    """
    spelt = _SPELLING.findall(_SOFT_C.sub("s", part) if "c" in part else part)
    sounds = [_SOUNDS[letters] for letters in spelt]
    if spelt:
        sounds[0] = _OPENING.get(spelt[0], sounds[0])
    readings = islice(product(*sounds), _MOST_READINGS)
    return frozenset([_DOUBLED.sub("", "".join(heard)).replace(_HUSHED, "") or "A" for heard in readings])


class Half(frozenset[int]):
    """Tokens of a query whose sharing counts half, beside another set in which they are as well."""


def tokens(names: Iterable[str], known: dict[str, frozenset[int]] | None = None) -> frozenset[int]:
    """The 32-bit tokens under which a person with these names is found.

    Per name part: the part as folded, its skeletons and every skeleton with one letter left out; per two neighbours:
    the skeletons of both written as one. Deterministic across machines and versions of Python; a change of the
    skeleton rules needs every index to be built again. No names give an empty set.

    ``known`` holds the tokens of parts for whoever asks of very many names, and for as long as they do: the same few
    thousand parts make up a hundred thousand names.
    """
    known = {} if known is None else known
    found: set[int] = set()
    for name in names:
        parts = fold(name)
        for part in parts:
            if part not in known:
                if len(known) >= _MOST_KNOWN:
                    known.clear()
                known[part] = _of_names({part, *_with_deletions(part), *_finer(part)})
            found |= known[part]
        for part in joined(parts):
            found |= _of_names(skeletons(part))
    return frozenset(found)


def query_tokens(query: str) -> tuple[frozenset[int], ...]:
    """The tokens of what somebody looks for, one set for each part of the name, to search by.

    Apart, so that a search can count a part once however many of its tokens are shared: two parts that fit are worth
    more than one part that fits in every letter. A skeleton that is shared whole counts once more, by half: measured,
    that brings five in a hundred more of those in another script among the hundred likeliest.
    """
    parts = fold(query)
    sets = [{part, *_with_deletions(part), *_finer(part)} for part in parts]
    joint = [skeletons(part) for part in joined(parts)]
    whole = [skeletons(part) for part in parts]
    return (*map(_of_names, (*sets, *joint)), *(Half(_of_names(words)) for words in whole))


def reference_tokens(references: Iterable[str]) -> frozenset[int]:
    """Tokens for references in their normal form (`Reference.normal`), hashed apart from tokens of names.

    Punctuation and case do not count, so `7209-4056-1125-5762` is found as typed without its hyphens; nor do zeros
    in front of a bare number. A dependant's reference (`S2424708/2`) is found by the family's as well.
    """
    keys: set[str] = set()
    for reference in references:
        for written in {reference, _DEPENDANT.sub("", reference)}:
            key = "".join(filter(str.isalnum, written.upper()))
            keys.add(key.lstrip("0") if key.isdigit() else key)
    return frozenset(_token(key, b"ref") for key in keys if key)


def record_tokens(handles: Iterable[str]) -> frozenset[int]:
    """Tokens for records by their handles, hashed apart from whatever somebody may type."""
    return frozenset(_token(handle, b"record") for handle in handles)


_DEPENDANT = re.compile(r"(?<=^[A-Za-z]\d{7})/\d{1,3}$")


def _finer(part: str) -> set[str]:
    """Keys that tell apart what one skeleton holds (Kais and Chiesa), and that meet where an ending was added.

    The consonants with their vowels in three classes, since a short skeleton alone is shared by too many to rank; and
    the first four letters. Neither is ever the only way to a name.
    """
    voiced = _DOUBLED.sub("", part.translate(_VOWELS))
    heard = {_DOUBLED.sub("", "".join(_SOUNDS.get(one, (one,))[0] for one in _SPELLING_OR_VOWEL.findall(voiced)))}
    return {f"~{one}" for one in heard} | ({f"{part[:4]}-"} if len(part) > 4 else set())


def _with_deletions(part: str) -> set[str]:
    found: set[str] = set()
    for skeleton in skeletons(part):
        found.add(skeleton)
        if len(skeleton) > 2:
            found.update(skeleton[:at] + skeleton[at + 1 :] for at in range(len(skeleton)))
    return found


def _of_names(words: Iterable[str]) -> frozenset[int]:
    return frozenset(_token(word, b"name") for word in words)


def _token(word: str, kind: bytes) -> int:
    return int.from_bytes(blake2s(word.encode(), digest_size=4, person=kind).digest(), "little")
