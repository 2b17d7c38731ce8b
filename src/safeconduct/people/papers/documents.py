"""Letters of a word processor (DOCX, ODT): bounded, without macros, and with nothing they would fetch when opened.

Of such a file only its list of parts and the first lines of some are read; nothing is written out and no XML is
parsed, so paths in it lead nowhere and what its XML declares is never followed.
"""

import io
import zipfile
from typing import Final

from .media import Media, NotKept, Unfit

_MOST_PARTS: Final = 2000
_MOST_INSIDE: Final = 200 * 1024 * 1024
_LINES: Final = 4096
_RELATIONS: Final = 1024 * 1024
_END: Final = b"PK\x05\x06"
_DOCX_TYPE: Final = b"wordprocessingml.document.main+xml"
_ODT_TYPE: Final = b"application/vnd.oasis.opendocument.text"


def office_document(data: bytes) -> Media:
    """DOCX or ODT. Raises `NotKept` for any other archive, and for one of these that could do harm."""
    end = data.rfind(_END)
    if end < 0:
        raise NotKept(Unfit.ARCHIVE)
    if end + 22 != len(data):
        raise NotKept(Unfit.TWO_THINGS)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _of(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError, KeyError):
        raise NotKept(Unfit.DAMAGED) from None


def _of(archive: zipfile.ZipFile) -> Media:
    parts = archive.infolist()
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_INSIDE:
        raise NotKept(Unfit.TOO_LARGE_INSIDE)
    names = {part.filename for part in parts}
    if any(_leads_out(name) for name in names) or len(names) != len(parts) or any(part.flag_bits & 1 for part in parts):
        raise NotKept(Unfit.DAMAGED)
    media = _kind(archive, names)
    if any(name.lower().endswith(("vbaproject.bin", ".exe", ".dll")) for name in names):
        raise NotKept(Unfit.MACROS)
    if media is Media.ODT and any(name.startswith(("Basic/", "Scripts/")) for name in names):
        raise NotKept(Unfit.MACROS)
    for name in names:
        if name.endswith((".xml", ".rels", ".rdf")):
            beginning = _first(archive, name, _LINES)
            if b"<!DOCTYPE" in beginning or b"<!ENTITY" in beginning:
                raise NotKept(Unfit.FETCHES)
    settings = "word/_rels/settings.xml.rels"
    if settings in names and b"attachedTemplate" in (rels := _first(archive, settings, _RELATIONS)) and b"http" in rels:
        raise NotKept(Unfit.FETCHES)
    return media


def _kind(archive: zipfile.ZipFile, names: set[str]) -> Media:
    if "[Content_Types].xml" in names:
        types = _first(archive, "[Content_Types].xml", _RELATIONS)
        if b"macroEnabled" in types:
            raise NotKept(Unfit.MACROS)
        if _DOCX_TYPE in types and "word/document.xml" in names:
            return Media.DOCX
        if b"spreadsheetml" in types:
            raise NotKept(Unfit.SHEET)
    if archive.infolist() and archive.infolist()[0].filename == "mimetype":
        kind = _first(archive, "mimetype", _LINES)
        if kind == _ODT_TYPE and "content.xml" in names:
            return Media.ODT
        if kind.endswith(b"opendocument.spreadsheet"):
            raise NotKept(Unfit.SHEET)
    raise NotKept(Unfit.ARCHIVE)


def _first(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    with archive.open(name) as part:
        return part.read(most)


def _leads_out(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or "\0" in name
