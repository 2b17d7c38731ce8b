"""Zip files from others: looked into within bounds, only the named parts taken out, nothing written anywhere."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterable
from typing import Final

from ..bounds import MOST_BYTES, MOST_MEMBER, MOST_NAMES, MOST_RATIO, MOST_UNPACKED
from ..shape import NotRead, Unfit

_LEAST_SUSPECT: Final = 1024 * 1024  # small parts may pack as well as they like
_CHUNK: Final = 256 * 1024
_FAULTS: Final = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)


class Zip:
    """An open zip. Raises `NotRead` where it is damaged, locked, too large, or made to do harm."""

    def __init__(self, data: bytes) -> None:
        if len(data) > MOST_BYTES:
            raise NotRead(Unfit.TOO_LARGE)
        # Each name takes 46 bytes of the directory at its end: counted there before anything is made of them.
        if data.count(b"PK\x01\x02") > MOST_NAMES:
            raise NotRead(Unfit.TOO_MANY)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _FAULTS:
            # One that begins as a zip and has no directory was cut off: the directory stands at the end.
            raise NotRead(Unfit.TRUNCATED if data[:4] == b"PK\x03\x04" else Unfit.DAMAGED) from None
        self.names = tuple(one.filename for one in self._zip.infolist())
        if len(self.names) > MOST_NAMES:
            raise NotRead(Unfit.TOO_MANY)
        if any(_leaves(name) for name in self.names) or len(set(self.names)) != len(self.names):
            raise NotRead(Unfit.HOSTILE)
        self._left = MOST_UNPACKED

    def matching(self, pattern: re.Pattern[str]) -> list[str]:
        """The names that are such, in order."""
        return sorted(name for name in self.names if pattern.fullmatch(name))

    def read(self, name: str, *, most: int = MOST_MEMBER) -> bytes:
        """One part. What its entry says of its length is not believed: it is counted while it unpacks."""
        entry = self._zip.getinfo(name)
        if entry.flag_bits & 0x1:
            raise NotRead(Unfit.LOCKED)
        most = min(most, self._left)
        ratio = max(entry.compress_size, 1) * MOST_RATIO
        pieces, length = [], 0
        try:
            with self._zip.open(entry) as part:
                while chunk := part.read(_CHUNK):
                    length += len(chunk)
                    if length > most:
                        raise NotRead(Unfit.TOO_LARGE)
                    if length > _LEAST_SUSPECT and length > ratio:
                        raise NotRead(Unfit.HOSTILE)
                    pieces.append(chunk)
        except _FAULTS:
            raise NotRead(Unfit.DAMAGED) from None
        self._left -= length
        return b"".join(pieces)


def has_name(names: Iterable[str], pattern: re.Pattern[str]) -> bool:
    """Whether any name is such."""
    return any(pattern.fullmatch(name) for name in names)


def _leaves(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or "\0" in name or name[1:3] == ":\\"
