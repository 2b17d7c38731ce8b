"""What in a text should make its reader careful. Nothing is changed for it."""

import re
from typing import Final

from .bounds import MOST_FLAGS
from .shape import Flag, Flagged

# A reference that names no character: `&#x i;`, `&#;`, `&#xZZ;`, or one past the last character there is.
_BROKEN: Final = re.compile(
    r"&#(?:x(?![0-9a-f])|(?![x\d])|\d+(?![\d;])|x[0-9a-f]+(?![0-9a-f;])|\d{8,};|x[0-9a-f]{7,};)", re.I
)
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]+")
_TURNED: Final = re.compile("[\u202a-\u202e\u2066-\u2069]+")
_UNDECODED: Final = re.compile("\ufffd+")
# `amp.example.org/uk/2010/aug/08…`: an address shown in part
_CUT: Final = re.compile(
    r"(?<!\S)(?:https?://)?(?:[\w-]{1,63}\.){1,5}[a-z]{2,24}/[^\s…]{0,200}(?:…|\.\.\.)(?!\S)", re.I
)
_REMOVABLE: Final = re.compile(
    r"\b(?:this\s+thread|twitter|this\s+content|this\s+page)\s+may\s+(?:be\s+removed|remove\s+this\s+content)\s+(?:at\s+)?any\s?time",
    re.I,
)
_WATCHED: Final = (
    (Flagged.BROKEN_ENTITY, _BROKEN),
    (Flagged.CONTROLS, _CONTROLS),
    (Flagged.TURNED, _TURNED),
    (Flagged.BADLY_DECODED, _UNDECODED),
    (Flagged.CUT_LINK, _CUT),
    (Flagged.REMOVABLE, _REMOVABLE),
)


_NO_LETTER: Final = re.compile("[\x00\ud800-\udfff]")


def letters(text: str) -> str:
    """A text with the sign for a letter that is none (which `in_text` flags) where half a letter or a NUL stood.

    JSON and UTF-16 can hold them; no text in UTF-8 and no database can.
    """
    return _NO_LETTER.sub("\ufffd", text)


def in_text(text: str) -> tuple[Flag, ...]:
    """What is to be known about ``text``, in its order; not more than `MOST_FLAGS`."""
    found = []
    for code, pattern in _WATCHED:
        for count, match in enumerate(pattern.finditer(text)):
            if count >= MOST_FLAGS // len(_WATCHED):
                break
            found.append(Flag(code, match.start()))
    return tuple(sorted(found, key=lambda flag: (flag.at or 0, flag.code)))


def cut_links(text: str) -> list[tuple[int, str]]:
    """Where addresses stand that were shown in part only, and what is there of them."""
    return [(match.start(), match[0]) for match in _CUT.finditer(text)]
