"""What a file is, told by its content. Neither its name nor what a browser says of it is asked.

A format is taken only where the whole file is of it, from the first byte to the last: one that is a second thing as
well (a PDF that is also an archive, a picture with something behind its end) is refused. Nothing here decompresses,
draws or runs anything, except the bounded parts of an office document in `documents`.
"""

import io
import re
import struct
import zipfile
import zlib
from enum import StrEnum
from typing import Final

LARGEST: Final = 20 * 1024 * 1024
MOST_PIXELS: Final = 64_000_000
_LINES: Final = 1024


class Media(StrEnum):
    """The kinds of content that are kept."""

    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    HEIC = "heic"
    TEXT = "text"
    DOCX = "docx"
    ODT = "odt"
    # A message as it came. Of nothing that is uploaded as a paper: the room that takes mail in says so itself.
    EML = "eml"
    MSG = "msg"


# Shown in the desk; the others are kept and handed out as they came.
DRAWN: Final = frozenset({Media.PDF, Media.JPEG, Media.PNG})
ENDINGS: Final = {
    Media.PDF: "pdf",
    Media.JPEG: "jpg",
    Media.PNG: "png",
    Media.WEBP: "webp",
    Media.HEIC: "heic",
    Media.TEXT: "txt",
    Media.DOCX: "docx",
    Media.ODT: "odt",
    Media.EML: "eml",
    Media.MSG: "msg",
}


class Unfit(StrEnum):
    """Why a file is not kept."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    UNKNOWN = "unknown"
    PROGRAM = "program"
    WEB_PAGE = "web_page"
    SVG = "svg"
    ARCHIVE = "archive"
    SHEET = "sheet"
    TWO_THINGS = "two_things"
    DAMAGED = "damaged"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_LARGE_INSIDE = "too_large_inside"
    MACROS = "macros"
    FETCHES = "fetches"


class NotKept(Exception):
    """A file is not of a kind that is kept. ``code`` says why, the words are the pages'; ``at`` which of several."""

    def __init__(self, code: Unfit, at: int = 0) -> None:
        super().__init__(f"the file was not kept: {code.replace('_', ' ')}")
        self.code = code
        self.at = at


_PROGRAMS: Final = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa", b"#!", b"dex\n")
_ARCHIVES: Final = (b"PK", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"MSCF", b"\x28\xb5\x2f\xfd")
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0"
_MARKUP: Final = re.compile(rb"<\s*(!doctype|html|head|body|script|iframe|svg|\?xml|\?php|%|object|embed)", re.I)
_SVG: Final = re.compile(rb"<\s*(\w+:)?svg\b", re.I)


def recognise(data: bytes) -> Media:
    """What ``data`` is. Raises `NotKept`."""
    if not data:
        raise NotKept(Unfit.EMPTY)
    if len(data) > LARGEST:
        raise NotKept(Unfit.TOO_LARGE)
    if data.startswith(b"%PDF-"):
        return _pdf(data)
    if data.startswith(b"\xff\xd8\xff"):
        return _jpeg(data)
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp(data)
    if data[4:8] == b"ftyp":
        return _heic(data)
    if data.startswith(b"PK\x03\x04"):
        from .documents import office_document  # here: it needs the faults above

        return office_document(data)
    return _text(data)


def _refuse(code: Unfit, *, when: bool) -> None:
    if when:
        raise NotKept(code)


def _has_archive(data: bytes) -> bool:
    # Archives are read from their end, so one may hide behind anything.
    return zipfile.is_zipfile(io.BytesIO(data))


def _pdf(data: bytes) -> Media:
    _refuse(Unfit.TWO_THINGS, when=_has_archive(data) or bool(_MARKUP.search(data[:_LINES].replace(b"<?xpacket", b""))))
    end = data.rfind(b"%%EOF")
    _refuse(Unfit.DAMAGED, when=end < 0)
    _refuse(Unfit.TWO_THINGS, when=bool(data[end + 5 :].strip(b"\r\n\t \0\x1a")))
    return Media.PDF


def _png(data: bytes) -> Media:
    at, first = 8, True
    while True:
        head = data[at : at + 8]
        _refuse(Unfit.DAMAGED, when=len(head) < 8)
        length, name = struct.unpack(">I4s", head)
        body, check = data[at + 8 : at + 8 + length], data[at + 8 + length : at + 12 + length]
        broken = len(body) < length or len(check) < 4 or zlib.crc32(name + body) != int.from_bytes(check, "big")
        _refuse(Unfit.DAMAGED, when=broken or (first and (name != b"IHDR" or length != 13)))
        if first:
            _require_drawable(*struct.unpack(">II", body[:8]))
        at, first = at + 12 + length, False
        if name == b"IEND":
            break
    _refuse(Unfit.TWO_THINGS, when=at != len(data))
    return Media.PNG


def _jpeg(data: bytes) -> Media:
    end = _end_of_jpeg(data)
    # Telephones put a second, smaller picture or notes of their own behind the first: those stay in what is kept and
    # are not in what is shown. Anything else behind it is a second thing.
    behind = data[end:]
    second = any(sign in behind for sign in (b"%PDF-", b"\x7fELF", b"PK\x03\x04")) or behind[:2] == b"MZ"
    _refuse(Unfit.TWO_THINGS, when=second or _has_archive(data) or bool(_MARKUP.search(behind)))
    return Media.JPEG


def _end_of_jpeg(data: bytes) -> int:
    """Where the first picture ends: a walk along its markers (ITU-T T.81, annex B). Raises `NotKept`."""
    at, drawable = 2, False
    while True:
        at = data.find(b"\xff", at)
        _refuse(Unfit.DAMAGED, when=at < 0 or at + 1 >= len(data))
        marker = data[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        if marker == 0xD9:
            _refuse(Unfit.DAMAGED, when=not drawable)
            return at + 2
        if marker in (0x00, 0x01) or 0xD0 <= marker <= 0xD7:  # inside the picture's own data
            at += 2
            continue
        size = data[at + 2 : at + 4]
        _refuse(Unfit.DAMAGED, when=len(size) < 2 or int.from_bytes(size, "big") < 2 or marker == 0xD8)
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            _refuse(Unfit.DAMAGED, when=len(data) < at + 9)
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            _require_drawable(width, height)
            drawable = True
        at += 2 + int.from_bytes(size, "big")


def _require_drawable(width: int, height: int) -> None:
    _refuse(Unfit.DAMAGED, when=not width or not height)
    _refuse(Unfit.TOO_MANY_PIXELS, when=width * height > MOST_PIXELS)


def _webp(data: bytes) -> Media:
    length = int.from_bytes(data[4:8], "little") + 8
    _refuse(Unfit.DAMAGED, when=length > len(data))
    _refuse(Unfit.TWO_THINGS, when=len(data) - length > 1 or _has_archive(data))
    return Media.WEBP


def _heic(data: bytes) -> Media:
    brands = {data[8:12], *(data[at : at + 4] for at in range(16, min(int.from_bytes(data[:4], "big"), 256), 4))}
    _refuse(Unfit.UNKNOWN, when=not brands & {b"heic", b"heix", b"heim", b"heis", b"mif1"})
    at = 0
    while at < len(data):  # the boxes must fill the file (ISO/IEC 14496-12, 4.2)
        size, head = int.from_bytes(data[at : at + 4], "big"), 8
        if size == 1:
            size, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        elif size == 0:
            size = len(data) - at
        _refuse(Unfit.DAMAGED, when=size < head or at + size > len(data))
        at += size
    _refuse(Unfit.TWO_THINGS, when=_has_archive(data))
    return Media.HEIC


def _text(data: bytes) -> Media:
    _refuse(Unfit.PROGRAM, when=data.startswith(_PROGRAMS))
    _refuse(Unfit.ARCHIVE, when=data.startswith(_ARCHIVES) or data[257:262] == b"ustar" or _has_archive(data))
    _refuse(Unfit.UNKNOWN, when=data.startswith(_OLD_OFFICE) or b"%PDF-" in data[:_LINES])
    raw = (decoded(data) or "").encode()
    _refuse(Unfit.UNKNOWN, when=not raw)
    _refuse(Unfit.SVG, when=bool(_SVG.search(raw)))
    _refuse(Unfit.WEB_PAGE, when=bool(_MARKUP.search(raw)))
    return Media.TEXT


def decoded(data: bytes) -> str | None:
    """Plain text as text; None for what is none. UTF-8, UTF-16 with its mark, else Windows' western letters."""
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if any(ord(one) < 32 and one not in "\t\r\n\f" for one in text) else text
    return None
