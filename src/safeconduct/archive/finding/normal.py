"""Text written one way whoever typed it, with a map back to the text as it was published.

Two forms. For *finding*, much is folded: case, marks, the letters that one language writes in two ways, punctuation;
what is left are words with one space between and around them, so that " word " is a whole word and "wor" a part. For
*quoting*, only what no reader would call a difference: spaces, joiners, typographic quotation marks, optional vowel
marks. A quotation that differs in a letter, a comma or its case is not that quotation.

Each character is folded by itself, never by its neighbours: the fast way (`fold`) and the way that keeps the map
(`mapped`) can then not disagree. Nothing is ever repaired: a word hyphenated over a line's end stays two words.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Form(StrEnum):
    """What the text is written one way for."""

    FINDING = "finding"
    QUOTING = "quoting"


@dataclass(frozen=True, slots=True)
class Normal:
    """``text``, and of each of its characters where it begins and ends in the raw text (in characters)."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where ``text[start:end]``, which is not empty, stands in the raw text, with the marks that belong to it."""
        return self.starts[start], self.ends[end - 1]


# Marks a writer may leave out: vowels of Hebrew, Arabic and Syriac, length in Ethiopic, selectors of a glyph. Not those
# of Indic scripts, where a vowel sign is as much as a vowel.
_OPTIONAL: Final = (
    (0x0591, 0x05C7), (0x0610, 0x061A), (0x064B, 0x065F), (0x0670, 0x0670), (0x06D6, 0x06ED), (0x0711, 0x0711),
    (0x0730, 0x074A), (0x08D3, 0x08FF), (0x135D, 0x135F), (0xFE00, 0xFE0F),
)  # fmt: skip
_ACCENTS: Final = (
    (0x0300, 0x036F),
    (0x0483, 0x0489),
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0x20D0, 0x20FF),
    (0xFE20, 0xFE2F),
)
# Written without spaces: each letter stands as a word, and what somebody looks for as words in a row.
_UNSPACED: Final = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3005, 0x3007), (0x3040, 0x30FF), (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF),
)  # fmt: skip
_HANGUL: Final = (0xAC00, 0xD7A3)  # a syllable stays whole: taken apart, parts of it would be found
_TATWEEL: Final = "ـ"
# Ya and kaf as Arabic, Persian, Urdu and Sorani keyboards have them: one letter each to whoever reads.
_YA_KAF: Final = {"ي": "ی", "ى": "ی", "ك": "ک", "ڪ": "ک"}
# Letters of one sound or one look that the same word is met with. Hamza on its carrier is a mark and goes with the
# others. Latin: those without a decomposition. Apostrophes that count as letters part words as others do.
_ONE_LETTER: Final = _YA_KAF | {
    "ٱ": "ا", "ة": "ه", "ۃ": "ه", "ہ": "ه", "ھ": "ه", "ە": "ه", "ۀ": "ه", "ۂ": "ه", "ؠ": "ی",
    "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ŧ": "t",
    "ɓ": "b", "ɗ": "d", "ƙ": "k", "ƴ": "y", "ʼ": " ", "ʻ": " ", "ʹ": " ", "ʾ": " ", "ʿ": " ", "ˈ": " ", "ـ": "",
}  # fmt: skip
# Ethiopic series of one sound in Amharic, as whole rows of letters: from, to, how many.
_ETHIOPIC: Final = (
    (0x1210, 0x1200, 8),
    (0x1280, 0x1200, 7),
    (0x1220, 0x1230, 8),
    (0x12D0, 0x12A0, 7),
    (0x1340, 0x1338, 7),
)
_SAME_VOWEL: Final = {"ሃ": "ሀ", "ኣ": "አ"}
_QUOTES: Final = (
    dict.fromkeys("‘’‚‛′‵`´ʼ", "'") | dict.fromkeys("“”„‟″‶«»", '"') | dict.fromkeys("‐‑‒–—―−", "-") | {"…": "..."}
)
_WORDSPACE: Final = "፡"


def _within(ranges: tuple[tuple[int, int], ...], code: int) -> bool:
    return any(low <= code <= high for low, high in ranges)


def _found(letter: str) -> str:
    """One character after decomposition, for finding."""
    if letter in _ONE_LETTER:
        return _ONE_LETTER[letter]
    code, category = ord(letter), unicodedata.category(letter)
    if category in ("Mn", "Me") and (_within(_OPTIONAL, code) or _within(_ACCENTS, code)):
        return ""
    if category == "Cf":
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(letter))
    if category[0] not in "LNM":
        return " "
    for first, instead, many in _ETHIOPIC:
        if first <= code < first + many:
            letter = chr(instead + code - first)
    letter = _SAME_VOWEL.get(letter, letter)
    return f" {letter} " if _within(_UNSPACED, code) else letter


def _for_finding(code: int) -> str:
    letter = chr(code)
    if _HANGUL[0] <= code <= _HANGUL[1]:
        return letter
    # Twice: a folded letter may come apart, and what it comes apart into may have to be folded.
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", letter).casefold())
    return "".join(map(_found, apart))


def _quoted(letter: str) -> str:
    if letter in _QUOTES:
        return _QUOTES[letter]
    if letter in _YA_KAF:
        return _YA_KAF[letter]
    code, category = ord(letter), unicodedata.category(letter)
    if category == "Cf" or letter == _TATWEEL or (category == "Mn" and _within(_OPTIONAL, code)):
        return ""
    return " " if category[0] == "Z" or category == "Cc" or letter == _WORDSPACE else letter


def _for_quoting(code: int) -> str:
    # Ligatures, presentation forms and full-width letters are ways to draw a letter. An exponent is no digit.
    drawn = 0xFB00 <= code <= 0xFDFF or 0xFE70 <= code <= 0xFEFF or 0xFF00 <= code <= 0xFFEF
    return "".join(map(_quoted, unicodedata.normalize("NFKD" if drawn else "NFD", chr(code))))


class _Table(dict[int, str]):
    """What becomes of each character, worked out when it is first met."""

    def __init__(self, rule: Callable[[int], str]) -> None:
        super().__init__()
        self._rule = rule

    def __missing__(self, code: int) -> str:
        made = self[code] = self._rule(code)
        return made


_TABLES: Final = {Form.FINDING: _Table(_for_finding), Form.QUOTING: _Table(_for_quoting)}


def fold(raw: str) -> str:
    """``raw`` for finding: words with one space between and around them, or "" where there is none.

    `fold("The Home\\u00a0Office’s")` is `" the home office s "`; `fold("مُهاجِر")` is `" مهاجر "`; `fold("庇护")` is
    `" 庇 护 "`. Folding what was folded changes nothing.
    """
    words = raw.translate(_TABLES[Form.FINDING]).split()
    return f" {' '.join(words)} " if words else ""


def quoted(raw: str) -> str:
    """``raw`` for comparing quotations: no spaces around it."""
    return mapped(raw, Form.QUOTING).text.strip(" ")


def mapped(raw: str, form: Form = Form.FINDING) -> Normal:
    """``raw`` in a form, with the map. For finding, its text is what `fold` gives."""
    table = _TABLES[form]
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    if form is Form.FINDING:
        out.append(" ")
        starts.append(0)
        ends.append(0)
    for at, letter in enumerate(raw):
        piece = table[ord(letter)]
        if not piece:
            if out and out[-1] != " ":
                ends[-1] = at + 1  # a mark goes with its letter
            continue
        for one in piece:
            if one == " " and out and out[-1] == " ":
                ends[-1] = at + 1
                continue
            out.append(one)
            starts.append(at)
            ends.append(at + 1)
    if form is Form.QUOTING:
        _in_order(out, starts, ends)
    elif out[-1] != " ":
        out.append(" ")
        starts.append(len(raw))
        ends.append(len(raw))
    if out == [" "] and form is Form.FINDING:
        return Normal("", (), ())
    return Normal("".join(out), tuple(starts), tuple(ends))


def _in_order(out: list[str], starts: list[int], ends: list[int]) -> None:
    """Put marks that stand on one letter into the order Unicode gives them, whichever the writer typed first."""
    at = 0
    while at < len(out):
        if not unicodedata.combining(out[at]):
            at += 1
            continue
        first = at
        while at < len(out) and unicodedata.combining(out[at]):
            at += 1
        if at - first > 1:
            order = sorted(range(first, at), key=lambda one: unicodedata.combining(out[one]))
            out[first:at] = [out[one] for one in order]
            # They stand on one letter, so each is where the whole of them is.
            starts[first:at] = [min(starts[first:at])] * (at - first)
            ends[first:at] = [max(ends[first:at])] * (at - first)
