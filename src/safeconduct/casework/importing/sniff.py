"""What a file really is, from its first bytes. The name a file came with proves nothing and is not asked."""

from typing import Final, Literal

from safeconduct.casework.importing.errors import (
    EncryptedFile,
    NotASpreadsheet,
    OldExcelFile,
)

_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of .xls, .doc and password-protected .xlsx
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_BIFF: Final = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x10\x00", b"\x09\x08\x08\x00")
_OTHERS: Final = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"{\\rtf",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"Rar!",
    b"BZh",
    b"\xfd7zXZ",
    b"SQLite format 3",
    b"MZ",
    b"\x7fELF",
)
_MARKUP: Final = (b"<!doctype", b"<html", b"<?xml", b"<svg", b"<table", b"<script", b"<head", b"<body")


def sniff(data: bytes) -> Literal["text", "zip"]:
    """`zip` for anything packed like .xlsx, `text` for anything that may be CSV.

    Raises OldExcelFile, EncryptedFile, NotASpreadsheet.
    """
    if data.startswith(_COMPOUND):
        # A protected .xlsx is a compound file with a stream of this name, written in UTF-16.
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise EncryptedFile
        if "Workbook".encode("utf-16-le") in data or "Book".encode("utf-16-le") in data:
            raise OldExcelFile
        raise NotASpreadsheet
    if data.startswith(_BIFF):
        raise OldExcelFile
    if data.startswith(_ZIP):
        return "zip"
    if data.startswith(_OTHERS):
        raise NotASpreadsheet
    head = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(_MARKUP):
        # Some systems name a web page .xls; its table cannot be told from a page made to mislead.
        raise NotASpreadsheet("It is a web page or XML: open it in your spreadsheet program and save it as .xlsx.")
    return "text"
