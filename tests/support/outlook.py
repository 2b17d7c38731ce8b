"""Messages as Outlook saves them (.msg), made here: a compound file ([MS-CFB]) of properties ([MS-OXMSG])."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise

_SECTOR, _MINI, _CUTOFF = 512, 64, 4096
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_STRING, _BINARY, _TIME, _INTEGER = 0x001F, 0x0102, 0x0040, 0x0003
Streams = Mapping[str, bytes]


def msg(
    *,
    subject: str = "Your letter",
    body: str = "There is no timescale.",
    html: str = "",
    rtf: bytes = b"",
    code_page: int = 65001,
    sender: str = "mpenquiries@ho.example",
    to: str = "office@mp.example",
    headers: str = "",
    message_id: str = "",
    sent_at: datetime | None = None,
    attached: Sequence[tuple[str, bytes]] = (),
) -> bytes:
    """A message with these properties."""
    texts = {
        0x001A: "IPM.Note", 0x0037: subject, 0x1000: body, 0x0C1A: "MP Enquiries", 0x0C1F: sender, 0x007D: headers,
        0x1035: message_id,
    }  # fmt: skip
    blobs = {0x1013: html.encode(), 0x1009: rtf}
    streams, properties = _properties({one: text for one, text in texts.items() if text}, blobs)
    properties += _entry(_INTEGER, 0x340D, 0x00040000) + _entry(_INTEGER, 0x3FDE, code_page)
    if sent_at is not None:
        since = sent_at.astimezone(UTC) - datetime(1601, 1, 1, tzinfo=UTC)
        properties += struct.pack("<HHIQ", _TIME, 0x0039, 6, int(since.total_seconds()) * 10_000_000)
    streams["__properties_version1.0"] = struct.pack("<8x4I8x", 1, len(attached), 1, len(attached)) + properties
    storages = {"__recip_version1.0_#00000000": _storage({0x39FE: to, 0x3001: "Office"}, {})}
    for at, (name, data) in enumerate(attached):
        storages[f"__attach_version1.0_#{at:08X}"] = _storage({0x3707: name}, {0x3701: data})
    return compound(streams, storages)


def _storage(texts: Mapping[int, str], blobs: Mapping[int, bytes]) -> Streams:
    streams, properties = _properties(texts, blobs)
    streams["__properties_version1.0"] = bytes(8) + properties + _entry(_INTEGER, 0x3705, 1)
    return streams


def _properties(texts: Mapping[int, str], blobs: Mapping[int, bytes]) -> tuple[dict[str, bytes], bytes]:
    streams: dict[str, bytes] = {}
    entries = b""
    for number, text in texts.items():
        streams[f"__substg1.0_{number:04X}{_STRING:04X}"] = text.encode("utf-16-le")
        entries += _entry(_STRING, number, 2 * len(text) + 2)
    for number, data in blobs.items():
        if data:
            streams[f"__substg1.0_{number:04X}{_BINARY:04X}"] = data
            entries += _entry(_BINARY, number, len(data))
    return streams, entries


def _entry(kind: int, number: int, value: int) -> bytes:
    return struct.pack("<HHIII", kind, number, 6, value, 0)


def compound(streams: Streams, storages: Mapping[str, Streams], *, claims: int | None = None) -> bytes:
    """A compound file. ``claims``: how many bytes its largest stream says it has, whatever it holds."""
    sectors: list[bytes] = []
    fat: list[int] = []
    minis: list[bytes] = []
    mini_fat: list[int] = []
    entries: list[list[object]] = [["Root Entry", _ROOT, _FREE, _FREE, _FREE, _END, 0]]

    def put(data: bytes) -> int:
        return _chain(data, _SECTOR, sectors, fat)

    def add(name: str, kind: int, data: bytes = b"") -> int:
        small = len(data) < _CUTOFF
        start = _END if not data else _chain(data, _MINI, minis, mini_fat) if small else put(data)
        entries.append([name, kind, _FREE, _FREE, _FREE, start, len(data)])
        return len(entries) - 1

    def children(parent: int, numbers: list[int]) -> None:
        ordered = sorted(numbers, key=lambda one: (len(str(entries[one][0])), str(entries[one][0]).upper()))
        entries[parent][4] = ordered[0]
        for one, following in pairwise(ordered):
            entries[one][3] = following

    below = [add(name, _STREAM, data) for name, data in streams.items()]
    for name, inside in storages.items():
        below.append(add(name, _STORAGE))
        children(below[-1], [add(one, _STREAM, data) for one, data in inside.items()])
    children(0, below)
    if claims is not None:
        max(entries[1:], key=lambda one: int(str(one[6])))[6] = claims
    entries[0][5], entries[0][6] = put(b"".join(minis)), _MINI * len(minis)
    directory = put(b"".join(_written(one) for one in entries))
    tables = put(struct.pack(f"<{len(mini_fat)}I", *mini_fat))
    fat_at = len(sectors)
    fat.append(_FAT)
    fat += [_FREE] * (-len(fat) % 128)
    assert len(fat) == 128, "more sectors than one table of them names"
    sectors.append(struct.pack("<128I", *fat))
    head = struct.pack("<8s16xHHHHH6xIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6,
                       0, 1, directory, 0, _CUTOFF, tables, -(-len(mini_fat) // 128), _END, 0)  # fmt: skip
    head += struct.pack("<109I", fat_at, *[_FREE] * 108)
    return head + b"".join(sectors)


def _chain(data: bytes, size: int, sectors: list[bytes], table: list[int]) -> int:
    first = len(sectors)
    pieces = [data[at : at + size].ljust(size, b"\0") for at in range(0, len(data), size)] or [bytes(size)]
    for at, piece in enumerate(pieces):
        sectors.append(piece)
        table.append(first + at + 1 if at + 1 < len(pieces) else _END)
    return first


def _written(entry: Sequence[object]) -> bytes:
    name, kind, left, right, child, start, size = entry
    raw = (str(name) + "\0").encode("utf-16-le")
    return struct.pack("<64sHBBIII16x4x8x8xIQ", raw, len(raw), kind, 1, left, right, child, start, size)
