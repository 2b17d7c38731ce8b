"""What a file is: by its first bytes and what is in it, then by its name; never by what it is said to be alone."""

import re
import zlib
from typing import Final

from .packages import wacz
from .packages.zips import Zip
from .shape import Kind, NotRead, Unfit
from .threads import bluesky, mastodon, reader, reader_page, x_archive
from .threads.fields import parsed

_FEED: Final = re.compile(r"<(?:\w+:)?(?:rss|feed|RDF)[\s>]", re.I)
_HTML: Final = re.compile(
    r"<(?:!doctype\s+html|html|head|body|article|div|p|h[1-6]|table|span|main|section|a\s|br|ul|title|meta)\b", re.I
)
_MIME: Final = re.compile(
    rb"^(?:MIME-Version|From|Subject|Date|Snapshot-Content-Location|Content-Type|X-[\w-]+):", re.I
)
_RELATED: Final = re.compile(rb"^Content-Type:\s*(?:multipart/(?:related|mixed|alternative)|text/html)", re.I | re.M)
_HEAD: Final = 64 * 1024
_FEW_CONTROLS: Final = 4


def kind_of(data: bytes, name: str = "") -> Kind:
    """What the file is. Raises `NotRead`: it is empty or nothing that is read here."""
    if not data.strip():
        raise NotRead(Unfit.EMPTY)
    head = data[:_HEAD]
    if b"%PDF-" in head[:1024]:
        return Kind.PDF
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _of_zip(data)
    if head.startswith(b"\x1f\x8b"):
        if _unpacked_head(head).startswith((b"WARC/", b"filedesc:")):
            return Kind.WARC
        raise NotRead(Unfit.UNKNOWN)
    if head.startswith(b"WARC/"):
        return Kind.WARC
    if x_archive.is_one(data):
        return Kind.X_ARCHIVE
    if _MIME.match(head) and _RELATED.search(head[:16384]):
        return Kind.MHTML
    return _of_text(data, head, name)


def _of_zip(data: bytes) -> Kind:
    names = Zip(data).names
    if wacz.is_one(names):
        return Kind.WACZ
    if any(x_archive.POSTS.fullmatch(one) for one in names):
        return Kind.X_ARCHIVE
    raise NotRead(Unfit.UNKNOWN)


def _of_text(data: bytes, head: bytes, name: str) -> Kind:
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\0" in head and not wide:
        raise NotRead(Unfit.UNKNOWN)
    start = (head.decode("utf-16", "replace") if wide else head.decode("utf-8", "replace")).lstrip("\ufeff \t\r\n")
    if start[:1] in {"{", "["}:
        kind = _of_json(data)
        if kind is not None:
            return kind
    if start.startswith("<"):
        # Prolog and comments first; what the first tag is says what the file is.
        if _FEED.search(start[:4096]) and not re.match(r"<!doctype\s+html|<html", start, re.I):
            return Kind.FEED
        if _HTML.search(start):
            return Kind.THREAD_READER if reader_page.is_one(data) else Kind.HTML
    if name.lower().endswith((".html", ".htm", ".xhtml")) and _HTML.search(start):
        return Kind.THREAD_READER if reader_page.is_one(data) else Kind.HTML
    if reader.is_one(data.decode("utf-8", "replace")):
        return Kind.THREAD_READER
    if sum(map(_is_control, start)) > max(_FEW_CONTROLS, len(start) // 50):
        raise NotRead(Unfit.UNKNOWN)
    return Kind.TEXT


def _of_json(data: bytes) -> Kind | None:
    try:
        node = parsed(data)
    except NotRead as fault:
        # A text may begin with a bracket. What is JSON by its second sign and breaks off is not a text.
        if fault.reason is Unfit.DAMAGED or not re.match(rb"\s*[\[{]\s*[\"\[{]", data):
            return None
        raise
    if mastodon.is_one(node):
        return Kind.MASTODON
    if bluesky.is_one(node):
        return Kind.BLUESKY
    raise NotRead(Unfit.NOT_SUCH)


def _is_control(letter: str) -> bool:
    return letter < " " and letter not in "\t\n\r\f\x1b"


def _unpacked_head(head: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=31).decompress(head, 64)
    except zlib.error:
        return b""
