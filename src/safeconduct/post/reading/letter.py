"""A message as it was read, and why one is refused. The bounds hold for whatever way it came."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

MOST_BYTES: Final = 20 * 1024 * 1024
MOST_PARTS: Final = 200
MOST_DEPTH: Final = 8
MOST_HEADER_BYTES: Final = 128 * 1024
MOST_VALUE: Final = 16 * 1024
MOST_ATTACHED: Final = 50
MOST_TEXT: Final = 400_000
MOST_ADDRESSES: Final = 100
MOST_ANSWERED: Final = 60


class Unread(StrEnum):
    """Why a file was not taken in."""

    EMPTY = "empty"
    NOT_MAIL = "not_mail"
    TOO_LARGE = "too_large"
    TOO_MANY_PARTS = "too_many_parts"
    TOO_DEEP = "too_deep"
    HEADERS_TOO_LARGE = "headers_too_large"
    DAMAGED = "damaged"
    UNREADABLE = "unreadable"


class Refused(Exception):
    """A file is not a message that is taken in. ``code`` says why; the words are the pages'."""

    def __init__(self, code: Unread) -> None:
        super().__init__(f"the message was not taken in: {code.replace('_', ' ')}")
        self.code = code


class Fault(StrEnum):
    """What could not be read of a message that was taken in all the same."""

    NO_DATE = "no_date"
    DAY_TO_COME = "day_to_come"
    NO_SENDER = "no_sender"
    NO_TEXT = "no_text"
    ONLY_RTF = "only_rtf"
    CHARSET = "charset"
    STRUCTURE = "structure"
    CUT = "cut"
    ENCRYPTED = "encrypted"
    NOT_KEPT = "not_kept"


@dataclass(frozen=True, slots=True, repr=False)
class Attachment:
    """A file that came with a message. ``name`` is as it was sent, and to be believed in nothing."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True, repr=False)
class Letter:
    """What a message says. Texts hold no NUL and no control character but the new line and the tab.

    ``html`` is as it came and must not be shown before it is cleaned. ``sent_at`` has a time zone, or is None.
    ``answers`` are the ids of the messages it answers, oldest first.
    """

    data: bytes
    media: str
    message_id: str = ""
    answers: tuple[str, ...] = ()
    sender: str = ""
    sender_name: str = ""
    to: tuple[str, ...] = ()
    subject: str = ""
    sent_at: datetime | None = None
    plain: str = ""
    html: str = ""
    attached: Sequence[Attachment] = field(default=())
    faults: tuple[str, ...] = ()


def printable(text: str) -> str:
    """Text without NULs and other control characters, and with plain new lines."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return "".join(
        letter
        for letter in lines
        if letter in "\n\t" or not (ord(letter) < 32 or 0x7F <= ord(letter) < 0xA0 or 0xD800 <= ord(letter) < 0xE000)
    )


def line(text: str) -> str:
    """Text of one line: a subject, a name. Without what turns the direction of the text around it."""
    held = "".join(" " if letter in "\n\t" else letter for letter in printable(text))
    return " ".join("".join(one for one in held if one not in _TURNING).split())[:1000]


_TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
