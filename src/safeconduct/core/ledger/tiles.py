"""A log as a folder of plain files, in the layout of https://c2sp.org/tlog-tiles.

    checkpoint                     the signed size and root; the only file that ever changes
    tile/0/x001/234                hashes of tile 1234, level 0: 256 * 32 bytes
    tile/0/x001/235.p/5            the last tile of the level, with 5 hashes so far: 5 * 32 bytes
    tile/entries/x001/234          the entries under tile 1234, each with its length in front
    tile/entries/x001/235.p/5

An entry of this log is a commitment of 32 bytes, so that a bundle is 0x0020 and 32 bytes, over and over, and tells a
reader nothing but how much happened:

    00 20 9f 86 d0 81 88 4c 7d 65 …  00 20 60 30 3a e2 2b 99 …
    └ length, uint16, the larger byte first
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from safeconduct.core.ledger import checkpoint as checkpoints
from safeconduct.core.ledger.audit import ComparedTiles, bundles
from safeconduct.core.ledger.checkpoint import Checkpoint
from safeconduct.core.ledger.errors import (
    BundleMalformed,
    CheckpointNotOfTree,
    EntryTooLong,
    ExportConflicts,
    ExportGoesBack,
    LedgerError,
    TileMissing,
    TilePathMalformed,
)
from safeconduct.core.ledger.hashing import HASH_SIZE, leaf_hash
from safeconduct.core.ledger.note import VerifierKey
from safeconduct.core.ledger.tree import TILE_BITS, TILE_WIDTH, HashReader, ReadOnlyTree, Tree, read_tile

CHECKPOINT: Final = "checkpoint"
_LONGEST_ENTRY: Final = 0xFFFF
_UNFINISHED: Final = ".new"

_PATH: Final = re.compile(
    r"tile/(?P<level>entries|0|[1-9][0-9]?)/"
    r"(?P<index>(?:x[0-9]{3}/)*[0-9]{3})"
    r"(?:\.p/(?P<width>[1-9][0-9]{0,2}))?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class TileName:
    """Which tile: ``level`` 0 to 63, or None for an entry bundle; ``index`` from 0; ``width`` 1 to 256."""

    level: int | None
    index: int
    width: int = TILE_WIDTH

    @property
    def path(self) -> str:
        """Return the path, with ``/`` between its parts on every system."""
        digits = f"{self.index:03d}"
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        *upper, last = [digits[i : i + 3] for i in range(0, len(digits), 3)]
        level = "entries" if self.level is None else self.level
        partial = "" if self.width == TILE_WIDTH else f".p/{self.width}"
        return f"tile/{level}/{''.join(f'x{part}/' for part in upper)}{last}{partial}"

    @classmethod
    def parse(cls, path: str) -> TileName:
        """Read a path, in its one canonical spelling. Raises ``TilePathMalformed``."""
        found = _PATH.fullmatch(path)
        if found is None:
            raise TilePathMalformed("the path is not that of a tile")
        level = None if found["level"] == "entries" else int(found["level"])
        index = int(found["index"].replace("x", "").replace("/", ""))
        width = int(found["width"] or TILE_WIDTH)
        name = cls(level, index, width)
        if name.path != path or width > TILE_WIDTH or (level or 0) > 63:
            raise TilePathMalformed("the path is not the canonical one of a tile")
        return name


def tile_path(level: int, index: int, width: int = TILE_WIDTH) -> str:
    """Return the path of a tile of hashes."""
    return TileName(level, index, width).path


def entries_path(index: int, width: int = TILE_WIDTH) -> str:
    """Return the path of an entry bundle."""
    return TileName(None, index, width).path


def tiles_of(size: int) -> Iterator[TileName]:
    """Yield the tiles of hashes that a tree of ``size`` has, level by level; the last of a level may be partial."""
    level, count = 0, size
    while count:
        full, width = divmod(count, TILE_WIDTH)
        for index in range(full):
            yield TileName(level, index)
        if width:
            yield TileName(level, full, width)
        level, count = level + 1, count >> TILE_BITS


def encode_bundle(entries: Iterable[bytes]) -> bytes:
    """Return entries with their lengths in front. Raises ``EntryTooLong``."""
    parts: list[bytes] = []
    for entry in entries:
        if len(entry) > _LONGEST_ENTRY:
            raise EntryTooLong(f"an entry has at most {_LONGEST_ENTRY} bytes, not {len(entry)}")
        parts += [len(entry).to_bytes(2, "big"), entry]
    return b"".join(parts)


def decode_bundle(data: bytes) -> list[bytes]:
    """Return the 1 to 256 entries of a bundle. Raises ``BundleMalformed``."""
    entries: list[bytes] = []
    at = 0
    while at < len(data):
        start = at + 2
        end = start + int.from_bytes(data[at:start], "big")
        if end > len(data) or start > len(data):
            raise BundleMalformed("the bundle ends in the middle of an entry")
        entries.append(data[start:end])
        at = end
    if not 0 < len(entries) <= TILE_WIDTH:
        raise BundleMalformed(f"a bundle has 1 to 256 entries, not {len(entries)}")
    return entries


class FolderTiles:
    """The tiles of an exported folder, to read from; ``size`` says which last tiles are meant."""

    def __init__(self, folder: Path, size: int) -> None:
        self.folder = folder
        self.size = size

    def get(self, level: int, index: int) -> bytes | None:
        left = (self.size >> (TILE_BITS * level)) - index * TILE_WIDTH
        if left <= 0:
            return None
        file = self.folder / tile_path(level, index, min(left, TILE_WIDTH))
        return file.read_bytes() if file.is_file() else None


def export(store: HashReader, leaves: Iterable[bytes], size: int, folder: Path, note: str) -> Checkpoint:
    """Write the first ``size`` entries and their tree into ``folder``, and ``note``, the signed checkpoint, last.

    ``leaves`` yields the entries from the first on; each stored tile is compared with what they hash to. The folder
    is new, or holds an earlier export of the same log, which is continued: files already there are read again and
    must be of this history. Nothing is ever overwritten but the checkpoint. Returns the checkpoint.

    Raises ``CheckpointNotOfTree``, ``ExportConflicts``, ``ExportGoesBack``, ``TilePathMalformed`` (a file that is no
    part of a log), ``EntriesMissing``, ``EntriesLeftOver``, ``EntryTooLong``, ``TileDiffers``, ``TileMissing``,
    ``TileMalformed``, and what ``checkpoint.parse`` raises.
    """
    stated = checkpoints.parse(note)
    if (stated.size, stated.root) != (size, ReadOnlyTree(store, size).root()):
        raise CheckpointNotOfTree("the checkpoint states another size or root than the tree has")
    present = folder / CHECKPOINT
    if present.is_file():
        earlier = checkpoints.parse(present.read_bytes())
        if earlier.origin != stated.origin:
            raise ExportConflicts("the folder holds the export of another log")
        if earlier.size > size:
            raise ExportGoesBack(f"the folder already holds {earlier.size} entries, more than {size}")
    for file in sorted(folder.glob("tile/**/*")):
        if file.is_file() and file.suffix != _UNFINISHED:
            _require_same_history(file, TileName.parse(file.relative_to(folder).as_posix()), store, size)

    again = Tree(ComparedTiles(store))
    for index, bundle in enumerate(bundles(leaves, size)):
        again.append_many(bundle)
        _write_once(folder / entries_path(index, len(bundle)), encode_bundle(bundle))
    for name in tiles_of(size):
        assert name.level is not None
        hashes = read_tile(store, name.level, name.index, name.width)
        _write_once(folder / name.path, b"".join(hashes))
    _write(present, note.encode())
    return stated


def verify_folder(folder: Path, key: str | VerifierKey, origin: str | None = None) -> Checkpoint:
    """Check an exported folder against itself and the log's key, and return its checkpoint.

    Hashes every entry, compares every tile, and compares the root with the signed one. Raises ``TileMissing`` (also
    for a bundle or the checkpoint), ``BundleMalformed``, ``TileDiffers``, ``CheckpointNotOfTree`` and what
    ``checkpoint.verify`` raises.
    """
    file = folder / CHECKPOINT
    if not file.is_file():
        raise TileMissing("the folder has no checkpoint")
    stated = checkpoints.verify(file.read_bytes(), key, origin)
    again = Tree(ComparedTiles(FolderTiles(folder, stated.size)))
    for start in range(0, stated.size, TILE_WIDTH):
        width = min(stated.size - start, TILE_WIDTH)
        bundle = folder / entries_path(start // TILE_WIDTH, width)
        if not bundle.is_file():
            raise TileMissing(f"entry bundle {start // TILE_WIDTH} is missing")
        entries = decode_bundle(bundle.read_bytes())
        if len(entries) != width:
            raise BundleMalformed(f"bundle {start // TILE_WIDTH} has {len(entries)} entries, not {width}")
        again.append_many(entries)
    if again.root() != stated.root:
        raise CheckpointNotOfTree("the entries do not hash to the root of the checkpoint")
    return stated


def _require_same_history(file: Path, name: TileName, store: HashReader, size: int) -> None:
    """Raise ``ExportConflicts`` unless a file of an earlier export is of the tree in ``store``."""
    level = name.level or 0
    left = (size >> (TILE_BITS * level)) - name.index * TILE_WIDTH
    if left < name.width:
        raise ExportConflicts(f"{name.path} is of a larger tree")
    expected = b"".join(read_tile(store, level, name.index, name.width))
    found = file.read_bytes()
    if name.level is None:
        try:
            found = b"".join(leaf_hash(entry) for entry in decode_bundle(found))
        except LedgerError as error:
            raise ExportConflicts(f"{name.path} is not a bundle of entries") from error
    if found != expected or len(found) != name.width * HASH_SIZE:
        raise ExportConflicts(f"{name.path} is of another log, or of a changed history")


def _write_once(path: Path, data: bytes) -> None:
    if not path.exists():  # what is there was compared before anything was written
        _write(path, data)


def _write(path: Path, data: bytes) -> None:
    """Write a whole file or none of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + _UNFINISHED)
    unfinished.write_bytes(data)
    unfinished.replace(path)
