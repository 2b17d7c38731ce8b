"""A package read within bounds: what was put into it, the pages of it, and whether it is sound in itself."""

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from ..captured import Captured, Hop, NotPacked, Unsound
from ..fetching import response
from . import records
from .packing import NOWHERE, ORIGINAL, WACZ_TYPE
from .records import Record

MOST_FILES: Final = 2_000
MOST_BYTES: Final = 512 * 1024 * 1024
_MOST_SAID: Final = 8 * 1024 * 1024
_UNLISTED: Final = frozenset({"datapackage.json", "datapackage-digest.json"})


def files_of(wacz: bytes) -> dict[str, bytes]:
    """Every file of a package. Raises `NotPacked`: not one, damaged, hostile or too large."""
    try:
        with zipfile.ZipFile(io.BytesIO(wacz)) as package:
            entries = package.infolist()
            if len(entries) > MOST_FILES:
                raise NotPacked(Unsound.TOO_LARGE)
            found: dict[str, bytes] = {}
            left = MOST_BYTES
            for entry in entries:
                if entry.is_dir():
                    continue
                if not is_plain(entry.filename) or entry.filename in found or entry.flag_bits & 1:
                    raise NotPacked(Unsound.HOSTILE)
                with package.open(entry) as stream:
                    data = stream.read(left + 1)
                left -= len(data)
                if left < 0:
                    raise NotPacked(Unsound.TOO_LARGE)
                found[entry.filename] = data
            return found
    except zipfile.BadZipFile as fault:
        raise NotPacked(Unsound.DAMAGED if wacz.startswith(b"PK") else Unsound.NOT_ONE) from fault
    except (zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError) as fault:
        raise NotPacked(Unsound.DAMAGED) from fault


def is_plain(path: str) -> bool:
    """Whether a path stays in its folder on every system."""
    parts = path.split("/")
    return (
        0 < len(path) <= 240
        and not any(part in ("", ".", "..") for part in parts)
        and not any(character in '\\:*?"<>|' or ord(character) < 32 for character in path)
    )


def said_by(found: dict[str, bytes]) -> dict[str, Any]:
    """What a package says of itself. Raises `NotPacked`."""
    return _json(found.get("datapackage.json"))


def require_sound(wacz: bytes) -> dict[str, bytes]:
    """The files of a package that lists each of them with the hash it has. Raises `NotPacked`."""
    found = files_of(wacz)
    package = said_by(found)
    listed = package.get("resources")
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise NotPacked(Unsound.DAMAGED)
    paths = [one.get("path") for one in listed]
    if len(paths) != len(set(map(str, paths))) or set(paths) != found.keys() - _UNLISTED:
        raise NotPacked(Unsound.HASHES_DIFFER)
    for one in listed:
        data = found[one["path"]]
        if not _agrees(data, str(one.get("hash", ""))) or one.get("bytes", len(data)) != len(data):
            raise NotPacked(Unsound.HASHES_DIFFER)
    if "datapackage-digest.json" in found:
        digest = _json(found["datapackage-digest.json"])
        if not _agrees(found["datapackage.json"], str(digest.get("hash", ""))):
            raise NotPacked(Unsound.HASHES_DIFFER)
    if not any(path.startswith("archive/") for path in found):
        raise NotPacked(Unsound.NOTHING_INSIDE)
    return found


def unpack(wacz: bytes) -> Captured:
    """What was packed, byte for byte. Of a package others made: the package itself, as one file.

    Raises `NotPacked`.
    """
    found = require_sound(wacz)
    package = said_by(found)
    ours = package.get("safeconduct")
    if not isinstance(ours, dict):
        page = next(pages(wacz), None)
        if page is None:
            raise NotPacked(Unsound.NOTHING_INSIDE)
        return Captured(page.target, page.captured_at, WACZ_TYPE, wacz)
    try:
        at = datetime.fromisoformat(str(ours["captured_at"]))
        media_type, target = str(ours["media_type"]), ours["target"]
    except (KeyError, ValueError) as fault:
        raise NotPacked(Unsound.DAMAGED) from fault
    if target is not None and not isinstance(target, str):
        raise NotPacked(Unsound.DAMAGED)
    if ours.get("holds") == "records":
        given = found.get(ORIGINAL) or found.get("archive/data.warc.gz") or found.get("archive/data.warc")
        if given is None:
            raise NotPacked(Unsound.NOTHING_INSIDE)
        return Captured(target, at, media_type, given)
    return _source(list(records.read(found.get("archive/data.warc.gz", b""))), media_type, target)


def pages(wacz: bytes) -> Iterator[Captured]:
    """The pages a package lists, each as it was captured, in its order; those without a record are left out.

    Raises `NotPacked`.
    """
    found = files_of(wacz)
    by_address: dict[str, Record] = {}
    for path in sorted(found):
        if path.startswith("archive/"):
            for record in records.read(found[path]):
                if record.kind in ("response", "resource") and record.target:
                    by_address.setdefault(record.target, record)
    for address in _listed(found):
        listed = by_address.get(address) or by_address.get(address.partition("#")[0])
        if listed is not None:
            yield captured(listed)


def captured(record: Record) -> Captured:
    """A response or a resource as what was captured. Raises `NotPacked`."""
    target = None if record.target and record.target.startswith(NOWHERE) else record.target
    if record.kind == "resource":
        return Captured(target, record.date, record.media_type, record.block)
    try:
        answer = response.take_apart_bytes(record.block)
    except response.TooLarge:
        raise NotPacked(Unsound.TOO_LARGE) from None
    except (response.NotHttp, response.Cut):
        raise NotPacked(Unsound.DAMAGED) from None
    return Captured(
        target,
        record.date,
        answer.media_type,
        answer.body,
        answer.status,
        answer.headers,
        record.block,
        server=record.server,
    )


def _source(found: list[Record], media_type: str, target: str | None) -> Captured:
    main = next((record for record in found if record.kind in ("response", "resource")), None)
    if main is None:
        raise NotPacked(Unsound.NOTHING_INSIDE)
    one = captured(main)
    if main.kind == "resource":
        return Captured(target, one.captured_at, media_type, one.body)
    about = next((_json(record.block) for record in found if record.kind == "metadata"), {})
    try:
        hops = tuple(Hop(str(hop["address"]), int(hop["status"]), str(hop["location"])) for hop in about["hops"])
        asked = str(about["asked"])
    except (KeyError, TypeError, ValueError) as fault:
        raise NotPacked(Unsound.DAMAGED) from fault
    return Captured(
        target, one.captured_at, media_type, one.body, one.status, one.headers, one.wire, asked, one.server, hops
    )


def _listed(found: dict[str, bytes]) -> list[str]:
    addresses: list[str] = []
    main = said_by(found).get("mainPageURL") if "datapackage.json" in found else None
    if isinstance(main, str):
        addresses.append(main)
    for path in ("pages/pages.jsonl", "pages/extraPages.jsonl"):
        for line in found.get(path, b"").splitlines()[: records.MOST_RECORDS]:
            if line.strip():
                address = _json(line).get("url")
                if isinstance(address, str):
                    addresses.append(address)
    return list(dict.fromkeys(addresses))


def _agrees(data: bytes, claimed: str) -> bool:
    name, _, value = claimed.partition(":")
    return name in ("sha256", "md5") and value.lower() == hashlib.new(name, data, usedforsecurity=False).hexdigest()


def _json(data: bytes | None) -> dict[str, Any]:
    if data is None or len(data) > _MOST_SAID:
        raise NotPacked(Unsound.NOT_ONE if data is None else Unsound.TOO_LARGE)
    try:
        said = json.loads(data)
    except (ValueError, RecursionError) as fault:
        raise NotPacked(Unsound.DAMAGED) from fault
    if not isinstance(said, dict):
        raise NotPacked(Unsound.DAMAGED)
    return said
