"""A person's name for a list: a given name and an initial, in the person's own script.

A list on a screen is read over a shoulder, so it shows "Fatima R." and not the whole name. Who is called what is never
certain from the text alone; a wrong guess here shows the family name and the initial of the given one.
"""

import re
import unicodedata

from .fold import fold

_TITLE = re.compile(r"^(?:(?:mr|mrs|ms|miss|mx|dr|prof|rev|sir|fnu|lnu|nfn|unknown)\.?\s+)+(?=\S)", re.IGNORECASE)
_BRACKETS = re.compile(r"\s*[(\[{][^)\]}]*[)\]}]\s*")
_ARTICLE = re.compile(r"^(?:(?:a[lnrstdz]|[eu]l|ash)-|ال(?=..))(?=\w)", re.IGNORECASE)
_ARTICLE_WORDS = frozenset({"al", "el", "ul"})
_SYLLABIC = re.compile(r"^[\u3400-\u9fff\uac00-\ud7a3]{2,4}$")
# Vietnamese family names stand first. Only those that are hardly names anywhere else.
_VIETNAMESE = frozenset(
    {"nguyen", "tran", "pham", "huynh", "hoang", "phan", "vu", "vo", "dang", "bui", "duong", "truong", "le"}
)
_VIETNAMESE_MIDDLE = frozenset({"thi", "van"})
_VIRAMA = 9  # canonical combining class
_LEADING_VOWELS = frozenset("เแโใไ")  # Thai vowels written before their consonant


def display_parts(name: str) -> tuple[str, str]:
    """The given name and the initial of the rest, for lists: `("Fatima", "R")`; the initial is "" for one name.

    `"BEGAM, Shireen"` gives `("Shireen", "B")`, `"محمد رحیمی"` gives `("محمد", "ر")`, `"Gulalai"` gives
    `("Gulalai", "")`, `"RAHIMI Fatima"` gives `("Fatima", "R")`. The initial is a whole character as its readers see it
    and carries no full stop (`listed` adds one). An empty name gives `("", "")`.
    """
    family, comma, given = (part.strip() for part in _tidy(name).partition(","))
    if comma and family and given:
        return given.split()[0], _initial(family.split())
    words = _TITLE.sub("", family or given).split()
    if not words:
        return "", ""
    if len(words) == 1:
        if _SYLLABIC.match(words[0]):
            return words[0][1:], words[0][0]
        return words[0], ""
    first = _given(words)
    rest = words[:first] + words[first + 1 :]
    if first == 0 and not _is_initial(words[0]):
        rest = rest[-1:]  # the last name says most: Mohammad Ali Rahimi is "Mohammad R."
    return words[first], _initial(rest)


def listed(name: str) -> str:
    """`display_parts` as one text: `Fatima R.`, `Gulalai`; the script's own writing, so set it in `<bdi>`."""
    given, initial = display_parts(name)
    return f"{given} {initial}." if initial else given


def _given(words: list[str]) -> int:
    """Which word is the given name."""
    if _is_initial(words[0]):  # S. Tharshan: the father's initial stands first
        return next((at for at, word in enumerate(words) if not _is_initial(word)), 0)
    if _capitals(words[0]) and not _capitals(words[-1]):  # RAHIMI Fatima
        return next(at for at, word in enumerate(words) if not _capitals(word))
    folded = fold(words[0])
    if folded and folded[0] in _VIETNAMESE:
        middle = fold(words[1])
        marked = unicodedata.normalize("NFD", "".join(words)) != unicodedata.normalize("NFC", "".join(words))
        if len(words) > 2 and (marked or (middle and middle[0] in _VIETNAMESE_MIDDLE)):
            return len(words) - 1
    return 0


def _initial(words: list[str]) -> str:
    for word in words:
        bare = _ARTICLE.sub("", word)
        if bare.lower() not in _ARTICLE_WORDS or word is words[-1]:
            return _first_character(bare)
    return ""


def _first_character(word: str) -> str:
    """The first character as a reader sees it: the letter with its marks, a conjunct as a whole."""
    text = unicodedata.normalize("NFC", word).lstrip("-'’ʼ`.\"")
    end = 0
    while end < len(text):
        joins = text[end] in _LEADING_VOWELS
        end += 1
        while end < len(text) and (unicodedata.category(text[end])[0] == "M" or text[end] in "\u200c\u200d"):
            joins = unicodedata.combining(text[end]) == _VIRAMA
            end += 1
        if not joins:
            break
    return text[:end].rstrip("\u200c\u200d").upper()


def _is_initial(word: str) -> bool:
    bare = word.rstrip(".")
    return len(bare) == 1 and bare.isalpha()


def _capitals(word: str) -> bool:
    letters = [letter for letter in word if letter.isalpha()]
    return len(letters) > 1 and all(letter.isupper() for letter in letters)


def _tidy(name: str) -> str:
    """One space between words, without brackets, and without the marks that steer direction."""
    visible = "".join(letter for letter in name if unicodedata.category(letter) != "Cf" or letter in "\u200c\u200d")
    without = _BRACKETS.sub(" ", visible)
    return " ".join((without if without.strip() else visible).replace("،", ",").split())
