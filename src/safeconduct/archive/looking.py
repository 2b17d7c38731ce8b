"""What bytes say, and what they are called where they are packed."""

from typing import Final

from . import reading as room
from .faults import CannotRead
from .reading.shape import Kind, NotRead, Reading, Unfit

_TYPES: Final = {
    Kind.HTML: "text/html",
    Kind.MHTML: "multipart/related",
    Kind.PDF: "application/pdf",
    Kind.TEXT: "text/plain",
    Kind.WARC: "application/warc",
    Kind.WACZ: "application/wacz",
    Kind.FEED: "application/xml",
    Kind.X_ARCHIVE: "application/zip",
    Kind.THREAD_READER: "text/html",
    Kind.MASTODON: "application/json",
    Kind.BLUESKY: "application/json",
}
_NOT_HERE: Final = (
    "This machine reads no files of others: install safeconduct with the extra 'archive', on Linux. Nothing was kept."
)
_UNKNOWN: Final = "application/octet-stream"


def look(data: bytes, *, name: str = "", media_type: str | None = None) -> Reading:
    """What bytes say. Raises `NotRead`: they are no source; `CannotRead`: it is not their fault."""
    try:
        return room.read(data, name=name, media_type=media_type)
    except NotRead as fault:
        if fault.reason == Unfit.NOT_HERE:
            raise CannotRead(_NOT_HERE) from None
        raise


def media_type_of(data: bytes, name: str) -> str:
    """What to call bytes in a package: by what they are, never by what somebody says of them."""
    try:
        kind = room.kind_of(data, name)
    except NotRead:
        return _UNKNOWN
    if kind == Kind.THREAD_READER and b"<" not in data[:512]:
        return _TYPES[Kind.TEXT]
    return _TYPES[kind]
