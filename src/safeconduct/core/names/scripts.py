"""Reading names written in scripts where a plain letter-by-letter table goes wrong.

`anyascii` does most of the work and does it well; this module steps in before it, where the field's own names need
more: the Arabic script as Arabic, Persian, Dari, Pashto, Urdu and Sorani write it (anyascii drops the alif and tells
ی from ي), Hebrew's alef and ayin, the nasal dots of the Indic scripts, and scripts written without spaces.
"""

import re
import unicodedata

from anyascii import anyascii

# Arabic script. Short vowels are not written, so what matters is that one name gives one run of consonants however
# it was typed: Persian and Arabic code points together, alif and ayin as a vowel, emphatic letters by their sound.
_ARABIC: dict[str, str] = {
    "ا": "a", "آ": "a", "أ": "a", "إ": "i", "ٱ": "a", "ء": "", "ئ": "y", "ؤ": "o", "ع": "a",
    "ب": "b", "پ": "p", "ت": "t", "ث": "th", "ج": "j", "چ": "ch", "ح": "h", "خ": "kh",
    "د": "d", "ذ": "dh", "ر": "r", "ز": "z", "ژ": "zh", "س": "s", "ش": "sh", "ص": "s",
    "ض": "dh", "ط": "t", "ظ": "z", "غ": "gh", "ف": "f", "ق": "q", "ك": "k", "ک": "k",
    "گ": "g", "ل": "l", "م": "m", "ن": "n", "ه": "h", "ة": "h", "ە": "e", "ہ": "h", "ھ": "h",
    "ۀ": "h", "ۂ": "h", "ۃ": "h", "و": "w", "ۆ": "o", "ۇ": "u", "ي": "y", "ی": "y", "ى": "a",
    "ې": "e", "ێ": "e", "ۍ": "y", "ے": "e", "ۓ": "e", "ں": "n", "ڼ": "n", "ټ": "t", "ٹ": "t",
    "ډ": "d", "ڈ": "d", "ړ": "r", "ڑ": "r", "ڕ": "r", "ڵ": "l", "ښ": "sh", "ځ": "z", "څ": "ts",
    "ګ": "g", "ڤ": "v", "ڭ": "ng", "ڨ": "g", "ݣ": "g",
}  # fmt: skip
_ARABIC_VOWELS = frozenset("aeiouwy")
_HEBREW: dict[str, str] = {"א": "a", "ע": "a"}
_CARONS: dict[str, str] = {  # letters whose mark changes the consonant, so that č meets ch and Ч
    "č": "ch", "ć": "ch", "ç": "ch", "š": "sh", "ś": "sh", "ş": "sh", "ș": "sh", "ž": "zh", "ż": "zh", "ź": "zh",
    "ř": "r", "ţ": "ts", "ț": "ts", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i", "ğ": "g", "ə": "a", "ñ": "n",
}  # fmt: skip

_LETTERS = str.maketrans(_CARONS | _HEBREW)
# Arabic and Hebrew vowel points, the tatweel that stretches a word, and what nobody sees: joiners, direction marks.
_UNHEARD = dict.fromkeys(
    [
        *(point for point in range(0x0590, 0x0900) if unicodedata.category(chr(point)) in ("Mn", "Cf")),
        *(0x00AD, 0x0640, 0x180E, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)),
    ]
)

_ARTICLE = re.compile(r"^ال(?=..)")  # the written article: الحسن is Hassan with "the"
_ARABIC_RUN = re.compile(r"[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff]+")
_NASAL = re.compile(r"[\u0902\u0982\u0a02\u0a70\u0a82](?=(.)?)")
_LABIALS = frozenset("पफबभमপফবভমਪਫਬਭਮપફબભમ")
_SYLLABIC = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\uac00-\ud7a3]")
_GOD = "الله"  # Allah: its article is part of the word, its double l one sound


def readable(name: str) -> str:
    """The name in lower-case ASCII, word by word: letters, spaces and the marks `fold` still has to judge.

    Takes any text, in any script or several; returns only characters below 128. Never raises.
    """
    if name.isascii():
        return name.lower()
    text = unicodedata.normalize("NFKC", name).translate(_UNHEARD)
    text = _ARABIC_RUN.sub(lambda found: _arabic_word(found.group()), text)
    text = _NASAL.sub(lambda found: "m" if found.group(1) in _LABIALS else "n", text)
    text = _SYLLABIC.sub(lambda found: f" {anyascii(found.group()).strip()} ", text)
    return anyascii(text.lower().translate(_LETTERS)).lower()


def _arabic_word(word: str) -> str:
    word = word.replace("لله", "له") if word.endswith(_GOD) else _ARTICLE.sub("", word)
    out: list[str] = []
    for letter in word:
        sound = _ARABIC.get(letter)
        if sound is None:
            sound = letter
        elif out and sound == out[-1] and sound not in _ARABIC_VOWELS:
            # A doubled consonant is not written twice in this script: two of them have a vowel between.
            out.append("a")
        out.append(sound)
    return "".join(out)
