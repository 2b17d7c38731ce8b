"""Exports taken apart and put together again, so that each can be wrong in one way."""

from __future__ import annotations

import base64
import hashlib
import io
import tarfile
from typing import Any

import msgspec
import pytest
from pyrage import x25519

from safeconduct.casework.exporting import archive, package, read_me
from safeconduct.core.sealing.agefiles import FileKey, LockedKey
from safeconduct.core.sealing.passphrase import check_strength

PASSPHRASE = "lantern orchard pebble quilt"
# The key that exports are sealed to here, and the same under the passphrase as `LockedKey.under` once made it: with
# the least work that is still opened, a fifth of a second. A new one costs several times as much.
KEY = LockedKey(
    FileKey(x25519.Identity.from_str("AGE-SECRET-KEY-1LSGEY34HY4UYYZ3YY596WPZZX7S40D9WJ2JWQ9TWZPM6H70PUGVQNJJVTW")),
    base64.b64decode(
        "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNjcnlwdCBiYzRrZlFuUkpWc0NMZlQyY0U0bGV3IDE2CnRmYytRWWJKZGNMTGMzQTZIL3g4TG96"
        "WHRxQU05QUlJTHY2OHlBNTFUTWMKLS0tIGZVS2Yvdk85YndwQlpWUDZzRTRkZnZnK3N5QUNla3p4bC9tVGVSZ2YwOUEKVd0xKUiCDOWdvtIJ"
        "tmL0iUcVvB7ak9RcU//eirN7eyAzbizGZY6zmK+p3C4KZNVymruGchB5XdFVtqz4ofoiAnmetll+9mARBSQNwuVGyBk5pv6r3Sfcu9NnVhvJ"
        "LeEE3nvSdevy9DKqOpM="
    ),
)
Files = dict[str, bytes]


def lock_cheaply(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seal what this test exports under `PASSPHRASE` to `KEY`: making another key costs a second."""

    def under(passphrase: str) -> LockedKey:
        check_strength(passphrase)
        assert passphrase == PASSPHRASE
        return KEY

    monkeypatch.setattr(LockedKey, "under", under)


def opened(data: bytes) -> archive.Export:
    """An export, to be read."""
    return archive.Export(package.Package(io.BytesIO(data)), KEY.key)


def sealed(records: bytes, key: LockedKey = KEY) -> bytes:
    """An export whose records are these bytes, whatever they are."""
    return b"".join(package.packaged(key, [records]))


def taken_apart(data: bytes) -> Files:
    """The files in the records, by name, in their order."""
    records = b"".join(opened(data).package.records(KEY.key))
    with tarfile.open(fileobj=io.BytesIO(records)) as tar:
        return {info.name: tar.extractfile(info).read() for info in tar}  # type: ignore[union-attr]  # all are files


def put_together(files: Files, *, key: LockedKey = KEY, manifest: bytes | None = None) -> bytes:
    """An export of these files, in their order, with a manifest that is true of them unless it is given."""
    files = {name: content for name, content in files.items() if name != archive.MANIFEST}
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, content in (files | {archive.MANIFEST: manifest or true_manifest(files)}).items():
            info = tarfile.TarInfo(name)
            info.size, info.mode = len(content), 0o600
            tar.addfile(info, io.BytesIO(content))
    return sealed(unpadded(out.getvalue()), key)


def unpadded(tar: bytes) -> bytes:
    """A tar with two empty blocks at its end, where the library fills up to twenty."""
    return tar.rstrip(b"\0").ljust(-(-len(tar.rstrip(b"\0")) // 512) * 512, b"\0") + bytes(1024)


def true_manifest(files: Files) -> bytes:
    """What is to be said of these files."""
    parts: dict[str, Any] = {}
    counts: dict[str, int] = {"papers": 0}
    for name, content in ({package.READ_ME: read_me.TEXT} | files).items():
        lines = content.count(b"\n") if name.endswith(".jsonl") else 1
        parts[name] = {"lines": lines, "length": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        part = name.partition("/")[0]
        if "/" in name:
            counts[part] = counts.get(part, 0) + lines
    return msgspec.json.encode({"counts": counts, "parts": parts})
