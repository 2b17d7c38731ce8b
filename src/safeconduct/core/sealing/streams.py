"""A long file under a passphrase: the key is stretched from it, and the content is sealed in pieces of one size.

    safeconduct sealed file 1
    {"kdf":"argon2id","memory_kib":65536,"passes":3,"lanes":4,"salt":"2f0c…","piece":1048576}
    <box of piece 0><box of piece 1> … <box of the last piece>

Two lines, each with its line end, then boxes of `boxes` with nothing between them. Each box is bound to the second
line as it stands, to its number and to whether it is the last, so pieces cannot be exchanged, left out or cut off.
Every piece but the last is whole; the last may be shorter and is empty only where everything is.
"""

import io
from collections.abc import Callable
from typing import IO, Any, Final

import msgspec

from . import boxes
from .faults import CannotOpen, NotASealedBox
from .passphrase import STANDARD, Cost, check_strength, new_salt, stretch

MAGIC: Final = b"safeconduct sealed file 1\n"
PIECE: Final = 1024 * 1024
_BOX_MORE: Final = 29
_LONGEST_HEAD: Final = 1000
# What opening may cost at most: whoever made the file chose it.
_MOST: Final = Cost(memory_kib=1024 * 1024, passes=20, lanes=16)
_LARGEST_PIECE: Final = 16 * 1024 * 1024
_KEPT: Final = 2


class _Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kdf: str
    memory_kib: int
    passes: int
    lanes: int
    salt: str
    piece: int


class Sealer(io.RawIOBase):
    """Write-only: what is written comes out sealed through ``out``, piece by piece. Only `finish` makes it whole."""

    def __init__(self, out: Callable[[bytes], object], passphrase: str, *, cost: Cost = STANDARD) -> None:
        """Raises `WeakPassphrase`."""
        check_strength(passphrase)
        salt = new_salt()
        head = _Head("argon2id", cost.memory_kib, cost.passes, cost.lanes, salt.hex(), PIECE)
        self._head = msgspec.json.encode(head)
        self._key = _key_of(passphrase, salt, cost)
        self._out, self._waiting, self._number, self._at = out, bytearray(), 0, 0
        out(MAGIC + self._head + b"\n")

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        """How many bytes were written: what a zip needs to know, which cannot go back here."""
        return self._at

    def write(self, data: Any) -> int:
        """Take ``data``. What fills a piece, and has more behind it, is sealed at once."""
        raw = bytes(data)
        self._waiting += raw
        self._at += len(raw)
        while len(self._waiting) > PIECE:
            self._seal(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]
        return len(raw)

    def finish(self) -> None:
        """Seal what is left as the last piece. A file without it does not open."""
        self._seal(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _seal(self, piece: bytes, *, last: bool) -> None:
        self._out(boxes.seal(self._key, piece, _place(self._head, self._number, last=last)))
        self._number += 1


class Opened(io.RawIOBase):
    """Read-only: the content of a sealed file, from any place on. Each piece is opened when it is read."""

    def __init__(self, raw: IO[bytes], passphrase: str) -> None:
        """Opens the first and the last piece at once, so that a wrong passphrase and a file cut short are told first.

        Raises:
            NotASealedBox: no file of this form. CannotOpen: the passphrase is another, or the file was changed.
        """
        self._raw = raw
        self._head, head = _read_head(raw)
        self._start = len(MAGIC) + len(self._head) + 1
        self._piece = head.piece
        self._key = _key_of(passphrase, bytes.fromhex(head.salt), Cost(head.memory_kib, head.passes, head.lanes))
        sealed = raw.seek(0, io.SEEK_END) - self._start
        whole = self._piece + _BOX_MORE
        self._pieces = -(-sealed // whole)
        if sealed < _BOX_MORE or (last := sealed - (self._pieces - 1) * whole) < _BOX_MORE:
            raise NotASealedBox("this file was cut short")
        if last == _BOX_MORE and self._pieces > 1:
            raise NotASealedBox("the last piece of this file is empty, which this version never writes")
        self._size = sealed - self._pieces * _BOX_MORE
        self._at = 0
        self._open: dict[int, bytes] = {}
        self._read_piece(0)
        self._read_piece(self._pieces - 1)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place in the content."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Fill ``buffer`` as far as the piece at hand goes. Raises `CannotOpen`."""
        if self._at >= self._size:
            return 0
        number, within = divmod(self._at, self._piece)
        found = self._read_piece(number)[within : within + len(buffer)]
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)

    def _read_piece(self, number: int) -> bytes:
        if number not in self._open:
            whole = self._piece + _BOX_MORE
            self._raw.seek(self._start + number * whole)
            place = _place(self._head, number, last=number == self._pieces - 1)
            try:
                piece = boxes.open_box(self._key, self._raw.read(whole), place)
            except CannotOpen:
                raise CannotOpen("the passphrase is another one, or this file was changed or cut short") from None
            while len(self._open) >= _KEPT:
                del self._open[next(iter(self._open))]
            self._open[number] = piece
        return self._open[number]


def _read_head(raw: IO[bytes]) -> tuple[bytes, _Head]:
    raw.seek(0)
    if raw.read(len(MAGIC)) != MAGIC:
        raise NotASealedBox("this is not a file that Safeconduct sealed, or it is of a newer version")
    line = raw.readline(_LONGEST_HEAD)
    try:
        head = msgspec.json.decode(line, type=_Head)
        salt = bytes.fromhex(head.salt)
    except (msgspec.MsgspecError, ValueError):
        raise NotASealedBox("the second line of this file is not of the form this version writes") from None
    asked = (head.memory_kib, head.passes, head.lanes, head.piece)
    most = (_MOST.memory_kib, _MOST.passes, _MOST.lanes, _LARGEST_PIECE)
    fits = all(1 <= one <= limit for one, limit in zip(asked, most, strict=True))
    # Only what this version would have written: one form, so nothing hides in another.
    if head.kdf != "argon2id" or len(salt) != 16 or not fits or line != msgspec.json.encode(head) + b"\n":
        raise NotASealedBox("the second line of this file is not of the form this version writes")
    return line[:-1], head


def _key_of(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    return boxes.derive(stretch(passphrase, salt, cost), boxes.context("sealed-file"))


def _place(head: bytes, number: int, *, last: bool) -> bytes:
    return boxes.context("sealed-file-piece", head, number, int(last))
