"""Which language a text is in, by a library that guesses from letters and words and asks nobody.

It knows 160 languages. Of those people here read it does not know Kurmanji, Nigerian Pidgin and Punjabi in Arabic
letters, and does not tell Dari from Farsi nor Cantonese from Mandarin: see `UNKNOWN`. A short text is None.
"""

import re
from typing import Final

UNKNOWN: Final = ("kmr", "pcm", "pa-Arab", "prs", "yue")
"""BCP 47 codes of languages of the field that are never answered."""

_LEAST_LETTERS: Final = 24
_LEAST_LETTERS_OTHERS: Final = 12  # scripts of one or two languages say more in fewer letters
_MOST: Final = 20_000
_LEAST_SHARE: Final = 60  # percent of the text
_LEAST_SCORE: Final = 200
_NAMED: Final = {"iw": "he", "jw": "jv", "zh": "zh-Hans", "zh-Hant": "zh-Hant", "no": "nb", "mo": "ro"}
_NOISE: Final = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|[@#]\w+|\d+")
_ARABIC: Final = re.compile(r"[\u0600-\u06ff]")
_SORANI: Final = re.compile(r"[ەڕڵۆێ]")
_ETHIOPIC: Final = re.compile(r"[\u1200-\u137f]")


def of(text: str) -> str | None:
    """The BCP 47 code of the language most of ``text`` is in, or None where that cannot be told."""
    plain = _NOISE.sub(" ", text[:_MOST])
    letters = sum(map(str.isalpha, plain))
    if letters < (_LEAST_LETTERS if plain.isascii() else _LEAST_LETTERS_OTHERS):
        return None
    import pycld2

    # It refuses control characters and the like as no UTF-8.
    sound = "".join(one for one in plain if one.isprintable() or one.isspace()).encode("utf-8", "ignore")
    try:
        _, _, answers = pycld2.detect(sound, isPlainText=True, bestEffort=True)
    except pycld2.error:
        return None
    _, code, share, score = answers[0]
    if code in {"un", "xx"} or code.startswith("xx-") or share < _LEAST_SHARE or score < _LEAST_SCORE:
        return None
    if code == "ku":
        return "ckb" if len(_SORANI.findall(plain)) >= letters // 50 else None
    return _NAMED.get(code, str(code))


def said(code: str | None) -> str | None:
    """A language a source says it is in, as BCP 47 where it looks like that: en-GB, pa-Arab, zh-Hant."""
    if not code or not re.fullmatch(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}", code.strip()):
        return None
    first, *rest = re.split("[-_]", code.strip())
    if first.lower() in {"und", "zxx", "qme", "qst", "qht", "qam", "qct", "art", "mul"}:
        return None
    named = [one.title() if len(one) == 4 else one.upper() if len(one) == 2 else one for one in rest]
    return "-".join([first.lower(), *named])
