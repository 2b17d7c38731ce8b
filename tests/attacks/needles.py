"""Looking for words in files, however they are written down.

A word is searched as it stands and in other letter cases and normal forms; in UTF-8 and UTF-16; in base64 at each of
its three alignments, in hex, percent-encoded and as JSON's escapes; and inside what files hold compressed, or encrypted
under the key that every Chromium without a keyring shares.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote, quote_plus

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

# Shorter ones would be met by chance in sealed bytes: six random bytes equal one of 50,000 needles once in 5 GB.
_PREFIX: Final = 6
_BLOCK: Final = 1 << 12
_MOST_UNPACKED: Final = 8 * 1024 * 1024
_CHROMIUMS_KEY: Final = hashlib.pbkdf2_hmac("sha1", b"peanuts", b"saltysalt", 1, 16)


@dataclass(frozen=True, slots=True)
class Hit:
    """Which word was found, how it was written, where."""

    word: str
    how: str
    where: str


def spellings(word: str) -> dict[str, str]:
    """A word as programs may have rewritten it, by what they did."""
    out: dict[str, str] = {}
    for how, text in (
        ("as it is", word),
        ("lower case", word.lower()),
        ("upper case", word.upper()),
        ("NFC", unicodedata.normalize("NFC", word)),
        ("NFD", unicodedata.normalize("NFD", word)),
        ("NFD lower case", unicodedata.normalize("NFD", word.lower())),
        ("no spaces", "".join(word.split())),
    ):
        if text not in out.values():
            out[how] = text
    return out


def writings(text: str) -> Iterator[tuple[str, bytes]]:
    """A text as bytes, by how it is written."""
    raws = {"UTF-8": text.encode(), "UTF-16LE": text.encode("utf-16-le"), "UTF-16BE": text.encode("utf-16-be")}
    yield from raws.items()
    for name in ("UTF-8", "UTF-16LE"):
        raw = raws[name]
        for shift in range(3):
            whole = base64.b64encode(b"\0" * shift + raw)
            # The first and the last signs depend on the neighbours.
            inner = whole[(0, 2, 3)[shift] : len(whole) - (0, 3, 2)[(shift + len(raw)) % 3]]
            yield f"base64 of {name} at {shift}", inner
            yield f"base64url of {name} at {shift}", inner.translate(bytes.maketrans(b"+/", b"-_"))
        yield f"hex of {name}", raw.hex().encode()
        yield f"HEX of {name}", raw.hex().upper().encode()
    yield "percent-encoded", quote(text, safe="").encode()
    yield "percent-encoded with plus", quote_plus(text).encode()
    yield "percent-encoded in lower case", re.sub(r"%..", lambda m: m[0].lower(), quote(text, safe="")).encode()
    escaped = json.dumps(text)[1:-1]
    yield "JSON escapes", escaped.encode()
    yield "JSON escapes in UTF-16LE", escaped.encode("utf-16-le")


class Needles:
    """Words to look for, in every spelling and writing; ``secrets`` are bytes, looked for raw, in hex and base64."""

    def __init__(self, words: Iterable[str], secrets: Mapping[str, bytes] | None = None) -> None:
        self._by_prefix: dict[bytes, list[tuple[bytes, str, str]]] = {}
        self.count = 0
        for word in dict.fromkeys(words):
            for spelled, text in spellings(word).items():
                for written, raw in writings(text):
                    self._add(raw, word, f"{spelled}, {written}")
        for name, raw in (secrets or {}).items():
            self._add(raw, name, "raw")
            self._add(raw.hex().encode(), name, "hex")
            self._add(raw.hex().upper().encode(), name, "HEX")
            for shift in range(3):
                inner = base64.b64encode(b"\0" * shift + raw)[4:-4]
                self._add(inner, name, f"base64 at {shift}")
                self._add(inner.translate(bytes.maketrans(b"+/", b"-_")), name, f"base64url at {shift}")

    def _add(self, raw: bytes, word: str, how: str) -> None:
        if len(raw) > _PREFIX:
            self._by_prefix.setdefault(raw[:_PREFIX], []).append((raw, word, how))
            self.count += 1

    def search(self, data: bytes, where: str) -> list[Hit]:
        """Every word in ``data``, by how it is written there; and in what is packed in it."""
        found = self._plain(data, where)
        for how, inside in unpacked(data):
            found += self._plain(inside, f"{where} ({how})")
        return found

    def _plain(self, data: bytes, where: str) -> list[Hit]:
        prefixes, end = self._by_prefix, len(data) - _PREFIX
        found: dict[Hit, None] = {}
        # A database's files are zeros for the most part.
        used = [start for start in range(0, end, _BLOCK) if data[start : start + _BLOCK + _PREFIX].strip(b"\0")]
        near = (at for start in used for at in range(start, min(start + _BLOCK, end)))
        for at in [at for at in near if data[at : at + _PREFIX] in prefixes]:
            for raw, word, how in prefixes[data[at : at + _PREFIX]]:
                if data.startswith(raw, at):
                    found[Hit(word, how, where)] = None
        return list(found)


def unpacked(data: bytes) -> Iterator[tuple[str, bytes]]:
    """What is compressed anywhere in ``data``, or encrypted under Chromium's shared key."""
    for found in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", data):
        yield from _inflated("zlib", zlib.decompressobj(), data[found.start() :])
    for found in re.finditer(rb"\x1f\x8b\x08", data):
        yield from _inflated("gzip", zlib.decompressobj(wbits=31), data[found.start() :])
    if b"PK\x03\x04" in data:
        yield from _members(data)
    for found in re.finditer(rb"v10", data):
        sealed = data[found.end() : found.end() + 64 * 1024]
        sealed = sealed[: len(sealed) // 16 * 16]
        if sealed:
            opened = Cipher(algorithms.AES(_CHROMIUMS_KEY), modes.CBC(b" " * 16)).decryptor()
            yield "decrypted", opened.update(sealed)


def _inflated(how: str, engine: zlib._Decompress, data: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        out = engine.decompress(data, _MOST_UNPACKED)
    except zlib.error:
        return
    if len(out) > 4:
        yield how, out


def _members(data: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for one in archive.infolist():
                if one.file_size <= _MOST_UNPACKED:
                    yield f"zip member {one.filename}", archive.read(one)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError, KeyError):
        return


def files(*roots: Path) -> Iterator[Path]:
    """Every regular file under the roots."""
    for root in roots:
        if root.is_file():
            yield root
        yield from (path for path in sorted(root.rglob("*")) if path.is_file() and not path.is_symlink())


def everywhere(needles: Needles, *roots: Path) -> tuple[list[Hit], int]:
    """What is found under the roots, in names of files too, and how many bytes were read."""
    found: list[Hit] = []
    read = 0
    for path in files(*roots):
        data = path.read_bytes()
        read += len(data)
        found += needles.search(data, str(path))
        found += needles.search(str(path).encode(), f"the name of {path}")
    return found, read


def packed(raw: bytes) -> Iterator[tuple[str, bytes]]:
    """``raw`` as `unpacked` finds it: for the control that shows the search can fail."""
    yield "zlib", b"before" + zlib.compress(raw) + b"after"
    yield "gzip", b"before" + gzip.compress(raw)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inside.txt", raw)
    yield "zip", out.getvalue()
    padding = -len(raw) % 16
    sealed = Cipher(algorithms.AES(_CHROMIUMS_KEY), modes.CBC(b" " * 16)).encryptor()
    yield "Chromium's own", b"v10" + sealed.update(raw + b" " * padding)
