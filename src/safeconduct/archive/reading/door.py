"""A file in, a reading out, in this very process. `apart` does the same in one that can do nothing else."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from .bounds import MOST_BYTES
from .kinds import kind_of
from .packages import wacz, warc
from .pages import feed, html, mhtml, pdf, text
from .shape import Flag, Flagged, Kind, NotRead, Reading, Unfit
from .spans import in_order
from .threads import bluesky, mastodon, reader, reader_page, x_archive

_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.I)
_PACKAGES: Final = frozenset({Kind.WARC, Kind.WACZ})
_SIMPLE: Final[dict[Kind, Callable[[bytes], Reading]]] = {
    Kind.PDF: pdf.read,
    Kind.FEED: feed.read,
    Kind.MHTML: mhtml.read,
    Kind.MASTODON: mastodon.read,
    Kind.BLUESKY: bluesky.read,
    Kind.X_ARCHIVE: x_archive.read,
}


def read_here(data: bytes, *, name: str = "", media_type: str | None = None) -> Reading:
    """Read a file. ``name`` and ``media_type`` only help where the bytes do not say. Raises `NotRead`."""
    if len(data) > MOST_BYTES:
        raise NotRead(Unfit.TOO_LARGE)
    try:
        return _read(data, name, media_type, packed=False)
    except RecursionError:
        raise NotRead(Unfit.TOO_DEEP) from None
    except MemoryError:
        raise NotRead(Unfit.TOO_COSTLY) from None
    except ModuleNotFoundError:
        raise NotRead(Unfit.NOT_HERE) from None


def _read(data: bytes, name: str, media_type: str | None, *, packed: bool) -> Reading:
    kind = kind_of(data, name)
    charset = found[1] if media_type and (found := _CHARSET.search(media_type)) else None
    if kind in _PACKAGES:
        if packed:  # a package in a package: whoever made it can hand over the inner one
            raise NotRead(Unfit.HOSTILE)
        return _of_package(data, kind)
    if kind is Kind.THREAD_READER:
        if reader_page.is_one(data):
            return reader_page.read(data, charset=charset)
        return reader.read(data, charset=charset)
    if kind is Kind.HTML:
        return html.read(data, charset=charset)
    if kind is Kind.TEXT:
        # What its server called a page is one, however little of a page is in it.
        if media_type and "html" in media_type.lower() and b"<" in data:
            return html.read(data, charset=charset)
        return text.read(data, charset=charset)
    return _SIMPLE[kind](data)


def _of_package(data: bytes, kind: Kind) -> Reading:
    record, others = wacz.main_record_of(data) if kind is Kind.WACZ else warc.main_record([data])
    reading = _read(record.body, record.target.rpartition("/")[2], record.media_type, packed=True)
    marks = [Flag(Flagged.OTHERS_INSIDE)] if others > 0 else []
    return replace(
        reading, kind=kind, inside=reading.kind, address=record.target or reading.address,
        flags=in_order((*reading.flags, *marks)),
    )  # fmt: skip
