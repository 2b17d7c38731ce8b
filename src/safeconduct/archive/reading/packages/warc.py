"""A WARC: the page it was made for, taken out of its records by a kept library."""

import io
import re
from dataclasses import dataclass
from typing import Any, Final

from ..bounds import MOST_BYTES, MOST_RATIO, MOST_RECORDS, MOST_TEXT_BYTES
from ..shape import NotRead, Unfit

_READABLE: Final = re.compile(
    r"(?:text/html|application/xhtml\+xml|application/pdf|text/plain|multipart/related"
    r"|application/(?:rss|atom|rdf)\+xml|(?:text|application)/xml|application/(?:activity\+|ld\+)?json)",
    re.I,
)
_RANK: Final = ("html", "pdf", "xml", "json", "multipart", "plain")
_CHUNK: Final = 256 * 1024
_MOST_ALL: Final = MOST_BYTES


@dataclass(frozen=True, slots=True)
class Record:
    """What was captured of one address."""

    target: str
    media_type: str
    body: bytes


def main_record(files: list[bytes], *, wanted: str | None = None) -> tuple[Record, int]:
    """The record to read, and how many other readable ones of other addresses there are.

    The one of the address ``wanted``, else the first page that was answered with 200. Raises `NotRead`.
    """
    chosen: Record | None = None
    last: Any = None
    seen: set[str] = set()
    count, unpacked = 0, 0
    for data in files:
        for record in _records(data):
            count += 1
            if count > MOST_RECORDS:
                raise NotRead(Unfit.TOO_MANY)
            last = record
            found = _readable(record)
            if found is None:
                continue
            target, media_type = found
            better = (
                chosen is None
                or (target == wanted != chosen.target)
                or (wanted is None and _rank(media_type) < _rank(chosen.media_type))
            )
            if better and not (chosen is not None and chosen.target == wanted):
                body = _body(record)
                unpacked += len(body)
                if unpacked > max(_MOST_ALL, len(data)):
                    raise NotRead(Unfit.TOO_LARGE)
                chosen = Record(target, media_type, body)
            seen.add(target)
    if chosen is None:
        raise NotRead(Unfit.TRUNCATED if last is None or _is_cut(last) else Unfit.NOT_SUCH)
    return chosen, len(seen) - 1


def _records(data: bytes) -> Any:
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    if len(data) > MOST_BYTES:
        raise NotRead(Unfit.TOO_LARGE)
    try:
        yield from ArchiveIterator(io.BytesIO(data), check_digests=False, arc2warc=False)
    except ArchiveLoadFailed:
        raise NotRead(Unfit.DAMAGED) from None
    except (EOFError, OSError, ValueError, KeyError, TypeError, AttributeError):
        raise NotRead(Unfit.TRUNCATED) from None


def _readable(record: Any) -> tuple[str, str] | None:
    target = record.rec_headers.get_header("WARC-Target-URI") or ""
    if record.rec_type == "response" and record.http_headers is not None:
        if record.http_headers.get_statuscode() != "200":
            return None
        media_type = record.http_headers.get_header("Content-Type") or ""
    elif record.rec_type in {"resource", "conversion"}:
        media_type = record.rec_headers.get_header("Content-Type") or ""
    else:
        return None
    return (target.strip("<>")[:4000], media_type[:200]) if _READABLE.match(media_type.strip()) else None


def _rank(media_type: str) -> int:
    return next((rank for rank, word in enumerate(_RANK) if word in media_type.lower()), len(_RANK))


def _body(record: Any) -> bytes:
    """What the record holds, unpacked as its server packed it, within bounds."""
    pieces, length = [], 0
    declared = int(record.rec_headers.get_header("Content-Length") or 0) if record.length else 0
    stream = record.content_stream()
    try:
        while chunk := stream.read(_CHUNK):
            length += len(chunk)
            if length > 4 * MOST_TEXT_BYTES:
                raise NotRead(Unfit.TOO_LARGE)
            if declared and length > 1024 * 1024 and length > declared * MOST_RATIO:
                raise NotRead(Unfit.HOSTILE)
            pieces.append(chunk)
    except (EOFError, OSError, ValueError):
        raise NotRead(Unfit.TRUNCATED) from None
    if _is_cut(record):
        raise NotRead(Unfit.TRUNCATED)
    return b"".join(pieces)


def _is_cut(record: Any) -> bool:
    """Whether the file ended before the record did: what it says of its length is not all there."""
    while record.raw_stream.read(_CHUNK):
        pass
    left: int = getattr(record.raw_stream, "limit", 0)
    return left > 0
