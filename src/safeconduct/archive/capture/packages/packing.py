"""A captured source as a package others' players and validators take: WARC inside WACZ 1.1.1.

    archive/data.warc.gz     the records, each packed by itself; a file of records as it came where that is sound
    indexes/index.cdx        CDXJ: one line a record, `uk,org,example)/page 20210420120000 {"url": …, "offset": …}`
    pages/pages.jsonl        the page to begin at
    original/source.bin      only where the records had to be packed anew: the file as it came
    datapackage.json         each file with its length and SHA-256
    datapackage-digest.json  the SHA-256 of that

The same source packs to the same bytes. Whoever edits a package can refresh every hash in it, so its own hash is also
in the stamps and in the log, and `verifying` compares those.
"""

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

from ..captured import Captured, MissingExtra, NotPacked, Unsound
from ..fetching import response
from . import records
from .records import Record

WACZ_VERSION: Final = "1.1.1"
WARC_TYPES: Final = frozenset({"application/warc", "application/warc+gzip"})
WACZ_TYPE: Final = "application/wacz"
ORIGINAL: Final = "original/source.bin"
# A file without an address gets one that no name server will ever answer (RFC 6761, 6.4).
NOWHERE: Final = "http://source.invalid/"
_PLAYED: Final = frozenset({"response", "resource", "revisit"})
_GZIP: Final = b"\x1f\x8b"


def pack(source: Captured, *, title: str = "") -> bytes:
    """The package of one source. A package somebody gave is returned as it came, once it was found sound.

    Raises `NotPacked`: the file of records, or the package, is none or is not sound.
    """
    kind = source.media_type.partition(";")[0].strip().lower()
    if kind == WACZ_TYPE:
        from .unpacking import require_sound

        require_sound(source.body)
        return source.body
    if kind in WARC_TYPES:
        return _pack_records(source, title)
    made = _records_of(source)
    data, places = records.write(made)
    lines = _index([(record, *place) for record, place in zip(made, places, strict=True)], "data.warc.gz")
    target = made[1].target or NOWHERE
    return _write({"archive/data.warc.gz": data, "indexes/index.cdx": lines}, source, target, title, "source")


def address_of(source: Captured) -> str:
    """The address a player finds the source under."""
    if source.target is None:
        return NOWHERE + hashlib.sha256(source.body).hexdigest()
    return quote(source.target, safe="%/:?#[]@!$&'()*+,;=~|")  # records take no spaces, and no letters but ASCII's


def _records_of(source: Captured) -> list[Record]:
    target, at = address_of(source), source.captured_at
    info = f"software: {records.SOFTWARE}\r\nformat: WARC file version {records.VERSION}\r\n".encode()
    made = [Record("warcinfo", None, at, "application/warc-fields", info)]
    if source.wire is None:
        made.append(Record("resource", target, at, source.media_type, source.body))
        return made
    made.append(Record("response", target, at, "application/http; msgtype=response", source.wire, server=source.server))
    about = {
        "asked": source.asked or target,
        "hops": [{"address": hop.address, "status": hop.status, "location": hop.location} for hop in source.hops],
    }
    made.append(Record("metadata", target, at, "application/json", json.dumps(about, ensure_ascii=False).encode()))
    return made


def _pack_records(source: Captured, title: str) -> bytes:
    given, files = source.body, dict[str, bytes]()
    try:
        found = list(records.read(given))
    except NotPacked as fault:
        if fault.reason != Unsound.DAMAGED or not given.startswith(_GZIP):
            raise
        # All records packed as one cannot be played: a copy is packed anew, and the file stays beside it.
        files[ORIGINAL] = given
        given = _packed_anew(given)
        found = list(records.read(given))
    if not all(record.sound for record in found):
        raise NotPacked(Unsound.HASHES_DIFFER)
    name = "data.warc.gz" if given.startswith(_GZIP) else "data.warc"
    files[f"archive/{name}"] = given
    files["indexes/index.cdx"] = _index([(record, record.at, record.length) for record in found], name)
    page = next((record for record in found if record.kind in _PLAYED and record.target), None)
    if page is None:
        raise NotPacked(Unsound.NOTHING_INSIDE)
    return _write(files, source, page.target or NOWHERE, title, "records", at=page.date)


def _packed_anew(given: bytes) -> bytes:
    try:
        from warcio.archiveiterator import ArchiveIterator
        from warcio.warcwriter import WARCWriter
    except ImportError as fault:
        raise MissingExtra("warcio") from fault
    try:
        plain = response.unpack(given, most=records.MOST_BYTES)
        out = io.BytesIO()
        writer = WARCWriter(out, gzip=True)
        for record in ArchiveIterator(io.BytesIO(plain), no_record_parse=True):
            writer.write_record(record)
    except response.TooLarge:
        raise NotPacked(Unsound.TOO_LARGE) from None
    except (response.Cut, zlib.error):
        raise NotPacked(Unsound.DAMAGED) from None
    except Exception as fault:  # warcio lets through what its parts raise
        raise NotPacked(Unsound.DAMAGED) from fault
    return out.getvalue()


def _index(found: Sequence[tuple[Record, int, int]], name: str) -> bytes:
    try:
        from surt import surt
    except ImportError as fault:
        raise MissingExtra("surt") from fault
    lines = []
    for record, at, length in found:
        if record.kind not in _PLAYED or not record.target:
            continue
        status, media_type = _shown(record)
        fields = {"url": record.target, "mime": media_type}
        if status:
            fields["status"] = status
        fields |= {"digest": records.digest_of(_content(record)), "length": str(length), "offset": str(at)}
        fields["filename"] = name
        when = record.date.astimezone(UTC).strftime("%Y%m%d%H%M%S")
        try:
            key = surt(record.target)
        except Exception:  # an address no library takes apart is found under itself
            key = record.target.replace(" ", "%20")
        lines.append(f"{key} {when} {json.dumps(fields)}\n")
    return "".join(sorted(lines)).encode()


def _shown(record: Record) -> tuple[str, str]:
    if record.kind == "resource":
        return "", record.media_type.partition(";")[0].strip()
    head, _, _ = record.block.partition(b"\r\n\r\n")
    try:
        answer = response.take_apart_bytes(head + b"\r\n\r\n")
    except (response.NotHttp, response.TooLarge, response.Cut):
        return "", "application/octet-stream"
    kind = "warc/revisit" if record.kind == "revisit" else answer.media_type.partition(";")[0].strip()
    return str(answer.status), kind


def _content(record: Record) -> bytes:
    return record.block if record.kind == "resource" else record.block.partition(b"\r\n\r\n")[2]


def _write(
    files: dict[str, bytes], source: Captured, target: str, title: str, holds: str, *, at: datetime | None = None
) -> bytes:
    when = (at or source.captured_at).astimezone(UTC)
    stamp = when.strftime("%Y-%m-%dT%H:%M:%SZ")
    page = {"id": hashlib.sha256(target.encode()).hexdigest()[:22], "url": target, "ts": stamp}
    if title:
        page["title"] = title
    first = {"format": "json-pages-1.0", "id": "pages", "title": "Pages"}
    files["pages/pages.jsonl"] = "".join(json.dumps(line) + "\n" for line in (first, page)).encode()
    package = {
        "profile": "data-package",
        "wacz_version": WACZ_VERSION,
        "software": records.SOFTWARE,
        "created": stamp,
        "mainPageURL": target,
        "mainPageDate": stamp,
        "safeconduct": {
            "holds": holds,
            "media_type": source.media_type,
            "target": source.target,
            "captured_at": source.captured_at.astimezone(UTC).isoformat(),
        },
        "resources": [
            {
                "name": path.rpartition("/")[2].lower(),
                "path": path,
                "hash": records.digest_of(data),
                "bytes": len(data),
            }
            for path, data in sorted(files.items())
        ],
    }
    if title:
        package["title"] = title
    said = json.dumps(package, indent=2).encode()
    files["datapackage.json"] = said
    files["datapackage-digest.json"] = json.dumps(
        {"path": "datapackage.json", "hash": records.digest_of(said)}, indent=2
    ).encode()
    return write_zip(files, when)


def write_zip(files: dict[str, bytes], when: datetime) -> bytes:
    """A zip whose records lie unpacked, so that a player can read in the middle of them."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for path, data in files.items():
            entry = zipfile.ZipInfo(path, (max(when.year, 1980), *when.timetuple()[1:6]))
            entry.compress_type = zipfile.ZIP_STORED if path.startswith("archive/") else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            package.writestr(entry, data)
    return out.getvalue()
