"""A reading as it is kept: whole, with its schema's number, and packed. Of a source in confidence it is sealed.

What is kept can be made again from the source's file; it is kept because offsets of passages count in its raw text.
"""

import hashlib
import zlib
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

import msgspec

from safeconduct.core.calendar.days import day_in_london

from .reading.shape import Reading

SCHEMA: Final = 1
_LEVEL: Final = 6
# As large as the largest raw text can be, in UTF-8, with room for what is known of its posts.
_MOST: Final = 256 * 1024 * 1024


class OtherSchema(Exception):
    """A reading was kept by a later version of this program."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Post ``number`` says what post ``of`` (its handle) of ``source`` says, which is number ``other`` there.

    Shares are in ten-thousandths.
    """

    number: int
    of: UUID
    source: UUID
    other: int
    containment: int
    resemblance: int


class InConfidence(msgspec.Struct, frozen=True):
    """All that is known of a source in confidence, but its bytes. ``name`` is its file's, ``note`` what was said of it.

    ``alike``: what its posts had in common with public ones when it was taken in.
    """

    sha256: bytes
    length: int
    media_type: str
    reading: bytes
    address: str | None = None
    name: str = ""
    note: str = ""
    alike: tuple[Alike, ...] = ()


class _Kept(msgspec.Struct, frozen=True):
    reading: Reading


def pack(reading: Reading) -> bytes:
    """A reading as bytes. Raises `UnicodeEncodeError` where its text is none that can be written."""
    return zlib.compress(msgspec.msgpack.encode(_Kept(reading)), _LEVEL)


def unpack(schema: int, body: bytes) -> Reading:
    """The reading of those bytes. Raises `OtherSchema`."""
    if schema != SCHEMA:
        raise OtherSchema("this source was kept by a later version of this program")
    unpacked = zlib.decompressobj().decompress(bytes(body), _MOST)
    return msgspec.msgpack.decode(unpacked, type=_Kept).reading


def days_of(said: str | None) -> tuple[date | None, date | None]:
    """The first and the last day in London a date can mean: of a year, a month, a day or an instant. None for none."""
    if said is None:
        return None, None
    try:
        if len(said) == 4:
            return date(int(said), 1, 1), date(int(said), 12, 31)
        if len(said) == 7:
            first = date.fromisoformat(f"{said}-01")
            return first, first.replace(day=monthrange(first.year, first.month)[1])
        at = datetime.fromisoformat(said)
        day = day_in_london(at) if at.tzinfo else at.date()
    except (ValueError, OverflowError):
        return None, None
    return day, day


def digest(text: str) -> bytes:
    """SHA-256 of a post's text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def column(text: str | None) -> str | None:
    """A text as a column of a database takes it: PostgreSQL has no NUL. The reading keeps it as it is."""
    return None if text is None else text.replace("\0", "\ufffd")
