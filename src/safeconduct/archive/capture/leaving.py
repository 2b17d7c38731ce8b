"""A folder to hand over, written one source at a time: into a folder, or as one zip that is never whole in memory."""

import hashlib
import json
import shutil
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from . import annotations, stamps
from . import proof as log_proof
from .annotations import Gathered
from .captured import Captured, NotPacked, Unsound
from .handing_over import ABOUT, FORMAT, MOST_BYTES, MOST_FILES, PACKAGE, PAGE, SUMS, HandOver
from .how_to_check import page_of
from .packages import unpack
from .proof import LogProof

_PIECE: Final = 1024 * 1024
# PKWARE's APPNOTE 6.3: 4.3.7, 4.3.12 and 4.3.16. Nothing is packed again, names are UTF-8, all of it is below 4 GB.
_LOCAL: Final = struct.Struct("<4sHHHHHLLLHH")
_CENTRAL: Final = struct.Struct("<4sHHHHHHLLLHHHHHLL")
_END: Final = struct.Struct("<4sHHHHLLH")
_NEEDS: Final = 20
_UTF8: Final = 0x800
_DAY_ONE: Final = 0x21
_PLAIN: Final = 0o100644 << 16

# Of a source, by its place in the folder counted from 1: its package, read again.
Again = Callable[[int], bytes]


def hand_over(
    items: Iterable[HandOver],
    folder: Path,
    *,
    name: str = "",
    gathered: Gathered | None = None,
    now: datetime | None = None,
) -> None:
    """Write a folder that must not be there yet. ``gathered`` is the collection it is of, whose name, order and
    passages go along; else ``name`` is what it is called.

    A stamp or a proof that does not hold is not handed over: raises `NotStamped`, `NotProven`, and `NotPacked` of a
    package that is not sound; then there is no folder. `FileExistsError`, `OSError`.
    """
    folder.mkdir()
    try:
        for path, data in _files(items, gathered.name if gathered else name, gathered, now):
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


@dataclass(frozen=True, slots=True)
class _Entry:
    """A file of the zip. ``data`` is None of a package: it is read again when its turn comes."""

    path: str
    length: int
    crc: int
    data: bytes | None
    number: int = 0


@dataclass(frozen=True, slots=True)
class Ready:
    """A folder that was checked and can be sent: all of it but the packages is here."""

    entries: tuple[_Entry, ...]
    called: str

    @property
    def length(self) -> int:
        """How many bytes the zip has."""
        named = (len(self._name(one)) for one in self.entries)
        each = sum(_LOCAL.size + _CENTRAL.size + 2 * length for length in named)
        return each + sum(one.length for one in self.entries) + _END.size

    def pieces(self, again: Again) -> Iterator[bytes]:
        """The zip, piece by piece. Raises `NotPacked`: a package is not the one that was checked, and it ends short."""
        at, central = 0, []
        for one in self.entries:
            name = self._name(one)
            data = again(one.number) if one.data is None else one.data
            if len(data) != one.length or zlib.crc32(data) != one.crc:
                raise NotPacked(Unsound.HASHES_DIFFER)
            common = (_NEEDS, _UTF8, 0, 0, _DAY_ONE, one.crc, one.length, one.length, len(name), 0)
            yield _LOCAL.pack(b"PK\x03\x04", *common) + name
            for start in range(0, len(data), _PIECE):
                yield data[start : start + _PIECE]
            # Made by a Unix, so that the files can be read where it is taken apart.
            central.append(_CENTRAL.pack(b"PK\x01\x02", 0x300 | _NEEDS, *common, 0, 0, 0, _PLAIN, at) + name)
            at += _LOCAL.size + len(name) + one.length
        listed = b"".join(central)
        count = len(central)
        yield listed + _END.pack(b"PK\x05\x06", 0, 0, count, count, len(listed), at, 0)

    def _name(self, one: _Entry) -> bytes:
        return f"{self.called}/{one.path}".encode()


def ready(
    items: Iterable[HandOver],
    *,
    called: str,
    name: str = "",
    gathered: Gathered | None = None,
    now: datetime | None = None,
) -> Ready:
    """Check all that is to leave, and keep what of it is small. The folder in the zip is ``called`` so.

    Raises as `hand_over`; `NotPacked` also where it is too large or has too many files.
    """
    entries, numbers, whole = [], 0, 0
    for path, data in _files(items, gathered.name if gathered else name, gathered, now):
        of_package = path.endswith(f"/{PACKAGE}")
        numbers += of_package
        whole += len(data)
        entries.append(
            _Entry(path, len(data), zlib.crc32(data), None if of_package else data, numbers if of_package else 0)
        )
        if whole > MOST_BYTES or len(entries) > MOST_FILES:
            raise NotPacked(Unsound.TOO_LARGE)
    return Ready(tuple(entries), called)


def _files(
    items: Iterable[HandOver], name: str, gathered: Gathered | None, now: datetime | None
) -> Iterator[tuple[str, bytes]]:
    """Each file with its path, the packages one after the other, the sums last."""
    made_at = (now or datetime.now(UTC)).astimezone(UTC)
    about: list[dict[str, Any]] = []
    sums: dict[str, str] = {}

    def told(files: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
        for path, data in sorted(files.items()):
            sums[path] = hashlib.sha256(data).hexdigest()
            yield path, data

    for number, item in enumerate(items, 1):
        files: dict[str, bytes] = {}
        about.append(_write_one(item, str(number), files))
        yield from told(files)
        del item, files  # before the next is read
    said = {"format": FORMAT, "name": name, "made_at": made_at.isoformat(timespec="seconds"), "items": about}
    last = {ABOUT: json.dumps(said, indent=1, ensure_ascii=False).encode()}
    if gathered is not None:
        last[annotations.FILE] = annotations.write(gathered, {row["bytes_sha256"]: row["folder"] for row in about})
    last[PAGE] = page_of(said, gathered=gathered is not None).encode()
    yield from told(last)
    yield SUMS, "".join(f"{digest}  {path}\n" for path, digest in sorted(sums.items())).encode()


def _write_one(item: HandOver, at: str, files: dict[str, bytes]) -> dict[str, Any]:
    source: Captured = unpack(item.wacz)
    files[f"{at}/{PACKAGE}"] = item.wacz
    rows = []
    for number, one in enumerate(item.stamps, 1):
        told = stamps.check_stamp(one.reply, item.digest, one.chain)
        roots, others = stamps.parted(one.chain)
        reply, anchors, chain = (f"stamps/{number}.{end}" for end in ("tsr", "roots.pem", "chain.pem"))
        files[f"{at}/{reply}"] = one.reply
        files[f"{at}/{anchors}"] = roots.encode("ascii")
        files[f"{at}/{chain}"] = others.encode("ascii")
        row = {"authority": one.authority, "reply": reply, "roots": anchors, "chain": chain}
        rows.append({**row, "at": told.at.isoformat(), "seconds": int(told.at.timestamp()), "chained": bool(others)})
    return {
        "folder": at,
        "title": item.title,
        "address": source.target,
        "captured_at": source.captured_at.astimezone(UTC).isoformat(),
        "media_type": source.media_type,
        "sha256": item.digest.hex(),
        "bytes_sha256": hashlib.sha256(source.body).hexdigest(),
        "stamps": rows,
        "log": None if item.proof is None else write_proof(item.proof, item.digest, at, files),
    }


def write_proof(proof: LogProof, digest: bytes, at: str, files: dict[str, bytes]) -> dict[str, Any]:
    """Put the files that other programs check a proof by into ``files``, and return what `about.json` says of it.

    Raises `NotProven`.
    """
    said = log_proof.check(proof, digest)
    text, value, public = log_proof.signature(proof)
    sides = []
    for number, (step, left) in enumerate(log_proof.steps(proof), 1):
        name = f"log/step-{number:02}"
        files[f"{at}/{name}"] = step
        sides.append({"file": name, "left": left})
    key = Ed25519PublicKey.from_public_bytes(public)
    files[f"{at}/log/entry"] = proof.entry
    files[f"{at}/log/checkpoint"] = proof.signed.encode()
    files[f"{at}/log/signed"] = text
    files[f"{at}/log/signature"] = value
    files[f"{at}/log/key.pem"] = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return {
        **log_proof.as_json(proof),
        "origin": said.origin,
        "size": said.size,
        "begins": proof.entry.index(digest) + 1,
        "steps": sides,
    }
