"""The records of an export: a tar, written and read from one end to the other.

    export.json                what this is: form, program, when, of whom
    people/000001.jsonl        up to a hundred people, one a line; then the papers of these, as the lines name them
    papers/5b0e…               a paper, as it came
    people/000002.jsonl …      the next; then households, cases and so on; members at the end
    manifest.json              how many of each, and of every file above its length and SHA-256

A tar says a file's length before the file, so lines come in files that fit into memory. Only what is written here
is read: plain files with these names, nothing about owners or times.
"""

import hashlib
import re
import tarfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any, Final, NamedTuple

import msgspec

from safeconduct.core.sealing.agefiles import FileKey

from .package import READ_ME, BadExport, Package

FORMAT: Final = 1
ABOUT: Final = "export.json"
MANIFEST: Final = "manifest.json"
PAPERS: Final = "papers/"
_LINES: Final = re.compile(r"([a-z]+)/[0-9]{6}\.jsonl")
_PAPER: Final = re.compile(r"papers/[0-9a-f]{32}")
_BLOCK: Final = 512
_END: Final = bytes(2 * _BLOCK)
_LARGEST: Final = 512 * 1024 * 1024
_MOST_PARTS: Final = 5_000_000
_ASK: Final = "Ask whoever made it for another."


class PartSays(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the manifest says of one file: how many lines it has (1 of a paper), how long it is, its SHA-256 (hex)."""

    lines: int
    length: int
    sha256: str


class About(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an export is. ``teams`` by handle, ``schemas`` by facet."""

    format: int
    program: str
    made_at: datetime
    organisation: str
    teams: dict[str, str]
    schemas: dict[str, int]


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table of contents. ``counts`` by part."""

    counts: dict[str, int]
    parts: dict[str, PartSays]


class Piece(NamedTuple):
    """Some lines of a part, without their ends. ``first``: which line of the part the first of them is, from 1."""

    part: str
    first: int
    lines: Sequence[bytes]


class Writer:
    """Makes the tar's bytes, one file after another, and keeps the table of contents."""

    def __init__(self, read_me: bytes) -> None:
        self.parts: dict[str, PartSays] = {READ_ME: _says(read_me)}
        self._numbers: dict[str, int] = {}
        self.counts: dict[str, int] = {}

    def about(self, about: About) -> bytes:
        """The first file."""
        return self._file(ABOUT, _readable(about))

    def lines(self, part: str, lines: Sequence[bytes]) -> bytes:
        """The next lines of a part, each without its end."""
        number = self._numbers[part] = self._numbers.get(part, 0) + 1
        self.counts[part] = self.counts.get(part, 0) + len(lines)
        return self._file(f"{part}/{number:06}.jsonl", b"".join(line + b"\n" for line in lines), len(lines))

    def paper(self, handle: str, content: bytes) -> bytes:
        """A paper of one of the lines before."""
        self.counts["papers"] = self.counts.get("papers", 0) + 1
        return self._file(f"{PAPERS}{handle}", content)

    def end(self, parts: Sequence[str]) -> bytes:
        """The manifest, and the end. ``parts``: those that are counted though there is nothing of them."""
        counts = dict.fromkeys([*parts, "papers"], 0) | self.counts
        return _file(MANIFEST, _readable(Manifest(counts, self.parts))) + _END

    def _file(self, name: str, content: bytes, lines: int = 1) -> bytes:
        self.parts[name] = _says(content, lines)
        return _file(name, content)


@dataclass(frozen=True, repr=False)
class Export:
    """An export and its key. It is read twice: once by `verify`, and only then by whoever believes what it says."""

    package: Package
    key: FileKey

    @classmethod
    def open(cls, raw: IO[bytes], passphrase: str) -> "Export":
        """Raises `BadExport`."""
        package = Package(raw)
        return cls(package, package.unlocked(passphrase))

    def verify(self, each: Callable[[Piece], None] = lambda _: None) -> tuple[About, Manifest]:
        """Read all of it, giving ``each`` its lines, before it is known that the whole is what the manifest says.

        Raises `BadExport`, and what ``each`` raises.
        """
        with self.read() as reading:
            for piece in reading:
                each(piece)
        return reading.about, reading.manifest()

    @contextmanager
    def read(self, known: Manifest | None = None) -> Iterator["Reading"]:
        """A reading from the beginning, in which every file is as ``known`` says, if it is."""
        pieces = self.package.records(self.key)
        try:
            yield Reading(_Stream(pieces), self.package.read_me, known)
        finally:
            pieces.close()  # type: ignore[attr-defined]  # a generator: it stops reading


class Reading:
    """One reading: pieces of lines in their order, and between them the papers, for whoever asks."""

    def __init__(self, stream: "_Stream", read_me: bytes, known: Manifest | None) -> None:
        """Raises `BadExport`."""
        self._stream, self._known = stream, known
        self._parts: dict[str, PartSays] = {READ_ME: _says(read_me)}
        self._counts: dict[str, int] = {}
        self._manifest = b""
        self.about = self._about()

    def __iter__(self) -> Iterator[Piece]:
        """Raises `BadExport`."""
        while (found := self._file()) is not None:
            name, content = found
            if not name.startswith(PAPERS):
                part = name.partition("/")[0]
                lines = content[:-1].split(b"\n")
                done = self._counts.get(part, 0)
                self._counts[part] = done + len(lines)
                yield Piece(part, done + 1, lines)

    def paper(self, handle: str) -> bytes:
        """The next file, which is this paper. Raises `BadExport`."""
        found = self._file()
        if found is None or found[0] != f"{PAPERS}{handle}":
            raise _differs(f"{PAPERS}{handle}")
        return found[1]

    def manifest(self) -> Manifest:
        """What the manifest says, once everything was read. Raises `BadExport`: what was read is something else."""
        try:
            manifest = msgspec.json.decode(self._manifest, type=Manifest)
        except msgspec.MsgspecError:
            raise _differs(MANIFEST) from None
        counts = self._counts | {"papers": sum(name.startswith(PAPERS) for name in self._parts)}
        if manifest.parts != self._parts or {name: many for name, many in manifest.counts.items() if many} != {
            name: many for name, many in counts.items() if many
        }:
            raise BadExport("parts_differ", "The export is not whole: its files are not those its manifest lists.")
        return manifest

    def _about(self) -> About:
        name, content = self._member()
        try:
            if name != ABOUT:
                raise _differs(ABOUT)
            if msgspec.json.decode(content, type=dict[str, Any]).get("format") != FORMAT:
                raise BadExport("newer", "A newer version of the program made this export. Upgrade this desk first.")
            return msgspec.json.decode(content, type=About)
        except msgspec.MsgspecError:
            raise _differs(ABOUT) from None

    def _file(self) -> tuple[str, bytes] | None:
        """The next file of lines, or paper; nothing at the end, which is the end of the export too."""
        name, content = self._member()
        if name == MANIFEST:
            self._manifest = content
            self._stream.require_end()
            if self._known is not None and self._known != self.manifest():
                raise _differs(MANIFEST)
            return None
        if not _PAPER.fullmatch(name) and (not _LINES.fullmatch(name) or not content.endswith(b"\n")):
            raise _strange()
        return name, content

    def _member(self) -> tuple[str, bytes]:
        name, content = self._stream.member()
        if name in self._parts or len(self._parts) > _MOST_PARTS:
            raise _strange()
        if name != MANIFEST:
            many = content.count(b"\n") if _LINES.fullmatch(name) else 1
            self._parts[name] = _says(content, many)
            if self._known is not None and self._known.parts.get(name) != self._parts[name]:
                raise _differs(name)
        return name, content


class _Stream:
    """The files of a tar, out of pieces of any length."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._waiting = pieces, bytearray()

    def member(self) -> tuple[str, bytes]:
        """The next file: its name and what is in it. Raises `BadExport`."""
        head = self._take(_BLOCK)
        try:
            info = tarfile.TarInfo.frombuf(head, "ascii", "strict")
        except (tarfile.TarError, ValueError):
            raise _strange() from None
        if not info.name.isascii() or not 0 <= info.size <= _LARGEST or head != _head(info.name, info.size):
            raise _strange()
        content = self._take(info.size)
        if self._take(-info.size % _BLOCK).strip(b"\0"):
            raise _strange()
        return info.name, content

    def require_end(self) -> None:
        """Raises `BadExport` where more follows."""
        if self._take(len(_END)) != _END or self._waiting or any(self._pieces):
            raise _strange()

    def _take(self, many: int) -> bytes:
        while len(self._waiting) < many:
            piece = next(self._pieces, None)
            if piece is None:
                raise _strange()
            self._waiting += piece
        found = bytes(self._waiting[:many])
        del self._waiting[:many]
        return found


def _head(name: str, length: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode = length, 0o600
    return info.tobuf(tarfile.USTAR_FORMAT, "ascii")


def _file(name: str, content: bytes) -> bytes:
    return b"".join((_head(name, len(content)), content, bytes(-len(content) % _BLOCK)))


def _says(content: bytes, lines: int = 1) -> PartSays:
    return PartSays(lines, len(content), hashlib.sha256(content).hexdigest())


def _readable(value: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=1)


def _differs(name: str) -> BadExport:
    return BadExport("part_differs", f"The export is not whole: {name} is not as the manifest says. {_ASK}")


def _strange() -> BadExport:
    return BadExport("strange", f"This is sealed like an export, and what is in it is of another form. {_ASK}")
