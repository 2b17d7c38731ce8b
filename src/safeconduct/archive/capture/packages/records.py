"""Files of records (WARC), read within bounds by warcio and written by it."""

import base64
import hashlib
import io
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from ..captured import MissingExtra, NotPacked, Unsound

MOST_RECORDS: Final = 20_000
MOST_BYTES: Final = 512 * 1024 * 1024
MOST_BLOCK: Final = 128 * 1024 * 1024
SOFTWARE: Final = "Safeconduct"
VERSION: Final = "1.1"  # instants to the microsecond


@dataclass(frozen=True, slots=True)
class Record:
    """One record; its block is what follows its head. ``at`` and ``length`` say where it lies in the file."""

    kind: str
    target: str | None
    date: datetime
    media_type: str
    block: bytes
    server: str | None = None
    sound: bool = True  # its block has the digest it claims, or claims none
    at: int = 0
    length: int = 0


def digest_of(data: bytes) -> str:
    """A digest as records carry it: ``sha256:`` and 64 digits."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def read(data: bytes) -> Iterator[Record]:
    """The records of a file, plain or packed. Raises `NotPacked`, also after some of them."""
    try:
        from warcio.archiveiterator import ArchiveIterator
    except ImportError as fault:
        raise MissingExtra("warcio") from fault

    class Quiet(ArchiveIterator):  # type: ignore[misc]  # warcio has no types
        INC_RECORD = ""  # what it would print of a record that is not followed by a line quotes what is there

    stream: Any = Quiet(io.BytesIO(data), no_record_parse=True)
    left, count = MOST_BYTES, 0
    try:
        for raw in stream:
            count += 1
            block = raw.raw_stream.read(min(MOST_BLOCK, left) + 1)
            left -= len(block)
            if count > MOST_RECORDS or len(block) > MOST_BLOCK or left < 0:
                raise NotPacked(Unsound.TOO_LARGE)
            record = _record(raw, block)
            stream.read_to_end(raw)
            at, length = stream.get_record_offset(), stream.get_record_length()
            yield Record(
                record.kind,
                record.target,
                record.date,
                record.media_type,
                block,
                record.server,
                _is_sound(raw, block),
                at,
                length,
            )
    except NotPacked:
        raise
    except Exception as fault:  # warcio lets through what its parts raise: of zlib, of codecs, of numbers
        raise NotPacked(Unsound.DAMAGED) from fault
    if not count:
        raise NotPacked(Unsound.NOT_ONE)


def write(records: list[Record]) -> tuple[bytes, list[tuple[int, int]]]:
    """A file of records, each packed by itself, and where in it each lies: its offset and its length.

    The same records make the same bytes.
    """
    try:
        from warcio.statusandheaders import StatusAndHeaders
        from warcio.warcwriter import WARCWriter
    except ImportError as fault:
        raise MissingExtra("warcio") from fault
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version=VERSION)
    places: list[tuple[int, int]] = []
    for number, record in enumerate(records):
        start = out.tell()
        head = [
            ("WARC-Type", record.kind),
            ("WARC-Record-ID", _name(record, number)),
            ("WARC-Date", _instant(record.date)),
            ("WARC-Block-Digest", digest_of(record.block)),
        ]
        if record.target:
            head.append(("WARC-Target-URI", record.target))
        if record.server:
            head.append(("WARC-IP-Address", record.server))
        payload = _payload(record)
        if payload is not None:
            head.append(("WARC-Payload-Digest", digest_of(payload)))
        made = writer.create_warc_record(
            record.target or "",
            record.kind,
            payload=io.BytesIO(record.block),
            length=len(record.block),
            warc_content_type=record.media_type,
            warc_headers=StatusAndHeaders("", head, protocol=f"WARC/{VERSION}"),
        )
        # Whatever head it found, the block is written exactly as it came.
        made.http_headers = None
        made.raw_stream.seek(0)
        made.length = made.payload_length = len(record.block)
        writer.write_record(made)
        places.append((start, out.tell() - start))
    return out.getvalue(), places


def _payload(record: Record) -> bytes | None:
    if record.kind == "resource":
        return record.block
    if record.kind == "response":
        _, found, rest = record.block.partition(b"\r\n\r\n")
        return rest if found else None
    return None


def _record(raw: Any, block: bytes) -> Record:
    head = raw.rec_headers
    return Record(
        kind=raw.rec_type or "",
        target=head.get_header("WARC-Target-URI") or None,
        date=_read_instant(head.get_header("WARC-Date") or ""),
        media_type=head.get_header("Content-Type") or "application/octet-stream",
        block=block,
        server=head.get_header("WARC-IP-Address") or None,
    )


def _is_sound(raw: Any, block: bytes) -> bool:
    claimed = raw.rec_headers.get_header("WARC-Block-Digest")
    if not claimed:
        return True
    name, _, value = claimed.partition(":")
    try:
        made = hashlib.new(name.lower(), block)
    except ValueError:
        return True  # by a function nobody here has: neither sound nor not
    return value.lower() in (made.hexdigest(), _base32(made.digest()))


def _base32(digest: bytes) -> str:
    return base64.b32encode(digest).decode("ascii").lower()


def _name(record: Record, number: int) -> str:
    text = f"{number} {record.kind} {record.target} {_instant(record.date)} {digest_of(record.block)}"
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, text)}>"


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _read_instant(text: str) -> datetime:
    if len(text) == 14 and text.isdigit():
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise NotPacked(Unsound.DAMAGED) from None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
