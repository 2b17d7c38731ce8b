"""The file itself: a zip, which packs nothing and only holds three files together.

    READ-ME.txt        what this is, and how to open it with this program or without
    key.age            the key of the records: an age identity under a passphrase
    records.tar.age    the records: an age file sealed to that key. `archive` says what is in it

It is written from one end to the other, a piece at a time, and has no end until the records have theirs.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO, Any, Final

from safeconduct.core.sealing.agefiles import FileKey, LockedKey
from safeconduct.core.sealing.faults import CannotOpen, NotASealedBox, NotStretched

from . import read_me

READ_ME: Final = "READ-ME.txt"
KEY: Final = "key.age"
RECORDS: Final = "records.tar.age"
# No moment is written into it: when it was made is said inside, where nobody changes it.
_MOMENT: Final = (1980, 1, 1, 0, 0, 0)
_ZIP: Final = b"PK\x03\x04"
_AGE: Final = b"age-encryption.org/"
_OLD: Final = b"safeconduct sealed file "
_LONGEST: Final = 64 * 1024


class BadExport(Exception):
    """A file is no export this program can read, or it is not whole. ``code`` says in which way; nobody is named."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


def packaged(key: LockedKey, records: Iterable[bytes]) -> Iterator[bytes]:
    """An export, piece by piece. What ``records`` raises comes through, and then it has no end."""
    out = _Out()
    with zipfile.ZipFile(out, "w", allowZip64=True) as package:
        package.writestr(_entry(READ_ME), read_me.TEXT)
        package.writestr(_entry(KEY), key.locked)
        with package.open(_entry(RECORDS), "w", force_zip64=True) as stream:
            for piece in key.key.sealed(records):
                stream.write(piece)
                yield out.taken()
    yield out.taken()


class Package:
    """An export whose records are still sealed."""

    def __init__(self, raw: IO[bytes]) -> None:
        """``raw`` is read from any place. Raises `BadExport`."""
        raw.seek(0)
        _require_zip(raw.read(len(_OLD)))
        try:
            self._zip = zipfile.ZipFile(raw)
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
            raise _cut_short() from None
        entries = self._zip.infolist()
        if [one.filename for one in entries] != [READ_ME, KEY, RECORDS]:
            raise _no_export("it is a zip of other files")
        if any(one.compress_type != zipfile.ZIP_STORED or one.flag_bits & 1 for one in entries):
            raise _no_export("it was packed again by another program")
        with damage_told():
            self.read_me, self._locked = self._small(READ_ME), self._small(KEY)

    def unlocked(self, passphrase: str) -> FileKey:
        """The key of the records; about a second's work. Raises `BadExport`."""
        try:
            return FileKey.unlocked(self._locked, passphrase)
        except CannotOpen:
            raise BadExport("another_passphrase", "This is not the passphrase of this export. Type it again.") from None
        except NotStretched as fault:
            raise BadExport("busy", str(fault)) from None
        except NotASealedBox as fault:
            raise _no_export(f"its {KEY} is none: {fault}") from None

    def records(self, key: FileKey) -> Iterator[bytes]:
        """What the records say, from their beginning, in pieces. Raises `BadExport`."""
        with damage_told(), self._zip.open(RECORDS) as stream:
            yield from key.opened(stream)

    def _small(self, name: str) -> bytes:
        if self._zip.getinfo(name).file_size > _LONGEST:
            raise _no_export(f"its {name} is too long")
        return self._zip.read(name)


@contextmanager
def damage_told() -> Iterator[None]:
    """What a library says of damaged bytes, as a fault of the export; its own words could quote what is in it."""
    try:
        yield
    except BadExport:
        raise
    except (CannotOpen, zipfile.BadZipFile, KeyError, EOFError, OSError, NotImplementedError, ValueError):
        raise _cut_short() from None


def _require_zip(head: bytes) -> None:
    if head.startswith(_OLD):
        raise BadExport(
            "old_form",
            "This export is of a form that is no longer read. Make it again on the desk it came from, once upgraded.",
        )
    if head.startswith(_AGE):
        raise BadExport("one_of_them", "This is one of the files in an export. Give the zip that it came out of.")
    if not head.startswith(_ZIP):
        raise _no_export("it is no zip")


def _no_export(why: str) -> BadExport:
    return BadExport("not_an_export", f"This is not an export ({why}). Give the file that was made, as it was made.")


def _cut_short() -> BadExport:
    return BadExport("damaged", "This export was cut short or changed. Copy it again from where it was made.")


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _MOMENT)
    entry.compress_type = zipfile.ZIP_STORED
    entry.external_attr = 0o600 << 16
    return entry


class _Out(io.RawIOBase):
    """What a zip is written to, from where it is taken on."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._waiting += data
        return len(data)

    def taken(self) -> bytes:
        """What was written since it was last asked for."""
        found = bytes(self._waiting)
        self._waiting.clear()
        return found
