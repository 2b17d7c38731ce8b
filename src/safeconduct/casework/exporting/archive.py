"""The file itself: a zip of parts, each with its SHA-256 in the manifest at the end, sealed to a passphrase.

Inside, in this order: `READ-ME.txt`, the parts as `people.jsonl` and so on with a paper after the record it is of, and
`manifest.json`. Everything is written and read from one end to the other, a piece at a time.
"""

import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import IO, Any, Final

import msgspec

from safeconduct.core.sealing import streams
from safeconduct.core.sealing.faults import CannotOpen, NotASealedBox
from safeconduct.core.sealing.passphrase import STANDARD, Cost

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
READ_ME: Final = "READ-ME.txt"
PAPERS: Final = "papers/"
# Of zips made here: no moment is written into them, so the same records give the same bytes.
_MOMENT: Final = (1980, 1, 1, 0, 0, 0)
_PIECE: Final = 1024 * 1024
LONGEST_LINE: Final = 64 * 1024 * 1024
_LARGEST_PAPER: Final = 512 * 1024 * 1024
_MOST_PARTS: Final = 5_000_000


class BadExport(Exception):
    """A file is no export this program can read, or it is not whole. ``code`` says in which way; nobody is named."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class PartSays(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the manifest says of one file: how many lines it has (1 of a paper), how long it is, its SHA-256 (hex)."""

    lines: int
    length: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table of contents. ``teams`` by handle, ``schemas`` by facet."""

    format: int
    program: str
    made_at: datetime
    organisation: str
    teams: dict[str, str]
    counts: dict[str, int]
    schemas: dict[str, int]
    parts: dict[str, PartSays]


class Writer:
    """Writes an export through ``out``, sealed. Nothing opens before `finish` was called."""

    def __init__(self, out: Any, passphrase: str, *, cost: Cost = STANDARD) -> None:
        """``out`` takes bytes. Raises `WeakPassphrase`."""
        self._sealer = streams.Sealer(out, passphrase, cost=cost)
        self._zip = zipfile.ZipFile(self._sealer, "w", allowZip64=True)
        self._parts: dict[str, PartSays] = {}

    @property
    def parts(self) -> dict[str, PartSays]:
        """What was written so far, by name."""
        return self._parts

    def read_me(self, text: str) -> None:
        """Say to whoever opens the zip what it is."""
        self._zip.writestr(_entry(READ_ME), text)

    @contextmanager
    def part(self, name: str) -> Iterator["PartWriter"]:
        """A part, line by line."""
        with self._zip.open(_entry(f"{name}.jsonl"), "w", force_zip64=True) as stream:
            writer = PartWriter(stream)
            yield writer
        self._parts[f"{name}.jsonl"] = writer.said()

    def paper(self, handle: str, content: bytes) -> None:
        """The bytes of one paper, as they came."""
        name = f"{PAPERS}{handle}"
        self._zip.writestr(_entry(name, packed=False), content)
        self._parts[name] = PartSays(1, len(content), hashlib.sha256(content).hexdigest())

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest, and end the file."""
        self._zip.writestr(_entry(MANIFEST), msgspec.json.format(msgspec.json.encode(manifest), indent=1))
        self._zip.close()
        self._sealer.finish()


class PartWriter:
    """One part while it is written: hashed and counted on the way."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._hash, self._lines, self._length = stream, hashlib.sha256(), 0, 0

    def line(self, raw: bytes) -> None:
        """One line, without its end."""
        written = raw + b"\n"
        self._stream.write(written)
        self._hash.update(written)
        self._lines += 1
        self._length += len(written)

    def said(self) -> PartSays:
        """What the manifest says of it."""
        return PartSays(self._lines, self._length, self._hash.hexdigest())


class Reader:
    """Reads an export. Every part is held against the manifest while it is read, and is given out only line by line."""

    def __init__(self, raw: IO[bytes], passphrase: str) -> None:
        """Raises `BadExport`."""
        try:
            stream = io.BufferedReader(streams.Opened(raw, passphrase), _PIECE)
        except NotASealedBox as fault:
            raise BadExport("not_an_export", f"This is not an export: {fault}.") from None
        except CannotOpen:
            raise BadExport(
                "cannot_open", "It does not open: the passphrase is another one, or the file was changed or cut short."
            ) from None
        with _told():
            self._zip = zipfile.ZipFile(stream)
            names = self._zip.namelist()
        if len(names) > _MOST_PARTS or len(set(names)) != len(names):
            raise BadExport("not_an_export", "This is not an export: it lists its parts twice, or too many.")
        self.manifest = self._manifest()
        if set(names) != {MANIFEST, READ_ME, *self.manifest.parts}:
            raise BadExport("parts_differ", "The export is not whole: its parts are not those its manifest lists.")

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of a part, without their ends; none where the export has no such part.

        Raises `BadExport` at the end of one that is not as the manifest says.
        """
        said = self.manifest.parts.get(f"{name}.jsonl")
        if said is None:
            return
        hashed, lines, length = hashlib.sha256(), 0, 0
        with _told(), self._zip.open(f"{name}.jsonl") as stream:
            while line := stream.readline(LONGEST_LINE):
                hashed.update(line)
                lines, length = lines + 1, length + len(line)
                if not line.endswith(b"\n") or length > said.length:
                    break
                yield line[:-1]
        if PartSays(lines, length, hashed.hexdigest()) != said:
            raise _differs(f"{name}.jsonl")

    def paper(self, handle: str) -> bytes:
        """The bytes of a paper. Raises `BadExport`: it is not there, or not as the manifest says."""
        name = f"{PAPERS}{handle}"
        said = self.manifest.parts.get(name)
        if said is None or said.length > _LARGEST_PAPER:
            raise _differs(name)
        with _told(), self._zip.open(name) as stream:
            content = stream.read(said.length + 1)
        if PartSays(1, len(content), hashlib.sha256(content).hexdigest()) != said:
            raise _differs(name)
        return content

    @property
    def papers(self) -> list[str]:
        """The handles (hex) of the papers it lists."""
        return [name.removeprefix(PAPERS) for name in self.manifest.parts if name.startswith(PAPERS)]

    def _manifest(self) -> Manifest:
        with _told():
            if self._zip.getinfo(MANIFEST).file_size > LONGEST_LINE * 16:
                raise _differs(MANIFEST)
            raw = self._zip.read(MANIFEST)
        try:
            found = msgspec.json.decode(raw, type=dict[str, Any])
            if isinstance(found.get("format"), int) and found["format"] > FORMAT:
                raise BadExport("newer", "A newer version of the program made this export. Upgrade this desk first.")
            return msgspec.json.decode(raw, type=Manifest)
        except msgspec.MsgspecError:
            raise _differs(MANIFEST) from None


@contextmanager
def _told() -> Iterator[None]:
    """What a library says of damaged bytes, as a fault of the export; its own words could quote what is in it."""
    try:
        yield
    except BadExport:
        raise
    except CannotOpen:
        raise BadExport("cannot_open", "A part of the file was changed, so it does not open.") from None
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
        raise BadExport("not_an_export", "This is not an export, or it is damaged.") from None


def _differs(name: str) -> BadExport:
    return BadExport("part_differs", f"The export is not whole: {name} is not as the manifest says.")


def _entry(name: str, *, packed: bool = True) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _MOMENT)
    entry.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    entry.external_attr = 0o600 << 16
    return entry
