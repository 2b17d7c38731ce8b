"""Ways to reach a person as cells hold them, and the sentences that say which ways are not safe."""

import re
from dataclasses import dataclass
from typing import Final, Literal

from safeconduct.casework.importing.phrases import words
from safeconduct.casework.importing.silent import Silent

Caution = Literal[
    "no_post", "no_phone", "no_text", "no_email", "no_message", "no_contact", "one_way_only", "ask_first", "watched"
]

_NOT = r"(?:do not|dont|never|not safe to|no)"
_WAYS = r"(?:text|call|phone|ring|email|whatsapp|write|post|sms|letter|signal)"
# Matched on `words`: lower case, no marks, no punctuation.
_RULES: Final[tuple[tuple[Caution, str], ...]] = (
    ("no_post", rf"{_NOT} (?:write|writing|post|letters?|mail to|send (?:post|letters?))"),
    ("no_post", rf"{_NOT} (?:use|contact at|go to|visit|send (?:\w+ )?to) (?:\w+ ){{0,2}}(?:address|home)"),
    ("no_phone", rf"{_NOT} (?:calls?|phone|phoning|ring|telephone|dial)"),
    ("no_text", rf"{_NOT} (?:texts?|texting|sms|whatsapp)"),
    ("no_email", rf"{_NOT} (?:emails?|e mail|emailing)"),
    ("no_message", rf"{_NOT} (?:leave )?(?:an? |any )?(?:messages?|voicemails?|voice mail|vm|answerphone)"),
    ("no_contact", rf"{_NOT} (?:contact|disclose|share|tell|speak to|talk to)"),
    ("one_way_only", rf"{_WAYS}s? only|only (?:by|via|through|contact|{_WAYS})|only (?:safe|ok) to"),
    ("one_way_only", rf"(?:safe|ok) to {_WAYS}"),
    ("ask_first", r"(?:text|call|email|ask|check) (?:first|before)|safe (?:times?|hours?|number|contact)"),
    ("ask_first", r"only (?:call|ring|phone) (?:between|after|before)|contact (?:via|through) \w+"),
    ("watched", r"(?:partner|husband|wife|ex|family|landlord|he|she|they) (?:reads?|sees?|checks?|opens?|monitors?)"),
    ("watched", r"has access|shared (?:phone|email|mobile|address)|not safe|unsafe"),
)
_COMPILED: Final = tuple((code, re.compile(rf"\b(?:{pattern})\b")) for code, pattern in _RULES)
# Whether any of them can be there at all: most cells hold a name or a number, and thirteen questions of each are many.
_ANY: Final = re.compile(rf"\b(?:{'|'.join(pattern for _, pattern in _RULES)})\b")
# A telephone has none, nor has a day in figures.
_LETTER: Final = re.compile(r"[^\x00-@]")
_SENTENCES: Final = re.compile(r"[\n\r;]+|(?<=[.!?])\s+|\s[-–—|]\s")


class SafeContact(Silent, frozen=True, gc=False):
    """Words of the office's own about how to reach somebody safely, and what they amount to."""

    note: str
    cautions: tuple[Caution, ...]


def safe_contact(texts: tuple[str, ...]) -> SafeContact | None:
    """The sentences in `texts` that limit how a person may be reached, joined, or None.

    Errs towards noticing: a sentence taken for a caution that is none costs a glance, one missed can cost far more.
    """
    kept: list[str] = []
    codes: list[Caution] = []
    for text in texts:
        # The end of a sentence cuts words apart and makes none: what the whole does not say, no part of it says.
        if not _LETTER.search(text) or not _ANY.search(words(text)):
            continue
        for sentence in _SENTENCES.split(text):
            plain = words(sentence)
            found = [code for code, pattern in _COMPILED if pattern.search(plain)]
            if found and sentence.strip() not in kept:
                kept.append(sentence.strip())
                codes += [code for code in found if code not in codes]
    return SafeContact("; ".join(kept), tuple(codes)) if kept else None


_EMAIL: Final = re.compile(r"[^@\s,;<>()\[\]]+@[^@\s,;<>()\[\]]+\.[^@\s,;<>()\[\].]{2,}")
_PHONES_APART: Final = re.compile(r"\s*(?:[;,|\n\r&]|\bor\b|\band\b|\s/\s|/(?=\s*(?:\+|0\d)))\s*", re.IGNORECASE)
_NUMBER: Final = re.compile(r"[+(]*\d(?:[\s().-]*\d){6,}")
_POSTCODE: Final = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?)\s*(\d[A-Z]{2})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Phones:
    """`numbers` as written except a restored leading zero; `rest` is text in the cell that is no number."""

    numbers: tuple[str, ...] = ()
    rest: str = ""
    zero_restored: bool = False


def read_phones(text: str) -> Phones:
    """The numbers in a cell, none twice. Ten bare digits from 1, 2, 3 or 7 get back the 0 a spreadsheet dropped."""
    numbers: list[str] = []
    rest: list[str] = []
    restored = False
    for piece in filter(None, _PHONES_APART.split(text)):
        found = _NUMBER.search(piece)
        if found is None:
            rest.append(piece)
            continue
        number = found.group().strip()
        if re.fullmatch(r"[1237]\d{9}", number):
            number, restored = f"0{number}", True
        if number not in numbers:
            numbers.append(number)
        around = (piece[: found.start()] + " " + piece[found.end() :]).strip(" :()-–")
        if around:
            rest.append(around)
    return Phones(tuple(numbers), ", ".join(rest), restored)


def read_emails(text: str) -> tuple[str, ...]:
    """The mail addresses in a cell, as written, none twice."""
    return tuple(dict.fromkeys(_EMAIL.findall(text)))


def read_postcode(text: str) -> str:
    """The last postcode in a text as `AA1 1AA`, or "" where there is none."""
    found = _POSTCODE.findall(text)
    return f"{found[-1][0]} {found[-1][1]}".upper() if found else ""
