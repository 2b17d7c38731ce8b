"""What a column can be, and the words offices head such a column with."""

import re
import tomllib
import unicodedata
from enum import StrEnum
from importlib.resources import files
from typing import Final


class Field(StrEnum):
    """`NOT_MAPPED` is a column nobody recognised: shown, and kept as notes only if a person says so."""

    OUR_REF = "our_ref"
    NAME = "name"
    GIVEN_NAME = "given_name"
    FAMILY_NAME = "family_name"
    BIRTH = "birth"
    NATIONALITY = "nationality"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    POSTCODE = "postcode"
    KIND = "kind"
    REFERENCES = "references"
    CAME_IN_ON = "came_in_on"
    SENT_ON = "sent_on"
    SENT_TO = "sent_to"
    SUBJECT = "subject"
    CHASED_ON = "chased_on"
    REPLIED_ON = "replied_on"
    REPLY_SAID = "reply_said"
    WORKER = "worker"
    NOTES = "notes"
    IGNORE = "ignore"
    NOT_MAPPED = "not_mapped"


# Several columns may feed these; every other field is read from one column only.
SEVERAL: Final = frozenset(
    {
        Field.PHONE,
        Field.EMAIL,
        Field.ADDRESS,
        Field.REFERENCES,
        Field.CHASED_ON,
        Field.NOTES,
        Field.IGNORE,
        Field.NOT_MAPPED,
    }
)


def normal_heading(text: str) -> str:
    """A heading reduced to its words: “Reply rec'd ” and “REPLY RECD” both give `reply recd`.

    Letters keep their script and lose case and marks; apostrophes vanish; everything else divides words.
    """
    spread = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(c for c in spread if not unicodedata.combining(c) and c not in "'’‘`´ʼ")
    return " ".join(re.findall(r"[^\W_]+", kept))


def _by_phrase() -> dict[str, Field]:
    table: dict[str, Field] = {}
    for field in Field:
        for phrase in _DATA.get(field, ()):
            table.setdefault(phrase, field)
    return table


_DATA: Final = tomllib.loads(files(__package__).joinpath("headings.toml").read_text(encoding="utf-8"))
_TELLING: Final = frozenset(_DATA["telling"])
BY_PHRASE: Final = _by_phrase()


def from_heading(text: str) -> tuple[Field, str] | None:
    """The field a heading names and how it was matched: `whole` or `part` (some words of it), or None.

    A part match takes the longest run of words that is a known phrase of at least two words, or a single telling
    word; "Date" alone or "no" inside a longer heading tells nothing.
    """
    words = normal_heading(text).split()
    whole = BY_PHRASE.get(" ".join(words))
    if whole is not None:
        return whole, "whole"
    for size in range(len(words) - 1, 0, -1):
        for start in range(len(words) - size + 1):
            run = words[start : start + size]
            field = BY_PHRASE.get(" ".join(run))
            if field is not None and (size > 1 or run[0] in _TELLING):
                return field, "part"
    return None
