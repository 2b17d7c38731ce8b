"""Files in the form of age (age-encryption.org/v1), sealed and opened by ``pyrage`` a piece at a time.

Nothing of the form is made here. A long file is sealed to an identity of its own, and the identity, one line of text,
to a passphrase: the two files that ``age -d -i KEY FILE`` opens. ``pyrage`` reads from one object and writes to
another until it is done, so it works in a thread of its own, which stands still while whoever asked for pieces works.
"""

import io
import queue
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Final

import pyrage
from pyrage import passphrase as under_passphrase
from pyrage import x25519

from .faults import CannotOpen, NotASealedBox, NotStretched
from .passphrase import check_strength, normalise

PIECE: Final = 1024 * 1024
# Two to this power is scrypt's N, with blocks of 1 KiB: 64 MiB at the least, which OWASP still accepts. The library
# chooses it by timing itself, to about a second; a machine that was busy just then gets one that is too low.
LEAST_WORK: Final = 16
MOST_WORK: Final = 21
_TRIES: Final = 8
_LONGEST_LOCKED: Final = 4096
_TOO_MUCH: Final = "Excessive work"
# As `-> scrypt bBjlhJVYZeE4aqUdmtRHfw 18`.
_HEAD: Final = re.compile(rb"age-encryption\.org/v1\n-> scrypt [!-~]+ ([0-9]{1,2})\n")


@dataclass(frozen=True, slots=True, repr=False)
class FileKey:
    """The identity that one file is sealed to. Its public half is written nowhere, so nobody else seals to it."""

    identity: x25519.Identity

    @classmethod
    def new(cls) -> "FileKey":
        """A key that was never used."""
        return cls(x25519.Identity.generate())

    @classmethod
    def unlocked(cls, locked: bytes, passphrase: str) -> "FileKey":
        """The key in what `LockedKey.under` made; about a second's work.

        Raises:
            NotASealedBox: no identity under a passphrase, or one that would cost too much to open.
            CannotOpen: the passphrase is another one, or the bytes were changed.
            NotStretched: the machine is too busy or too slow.
        """
        if len(locked) > _LONGEST_LOCKED or not _bearable(locked):
            raise NotASealedBox("this is no key under a passphrase of the form this version reads")
        try:
            text = _decrypted(locked, normalise(passphrase))
            return cls(x25519.Identity.from_str(text.decode().strip()))
        except (pyrage.IdentityError, UnicodeDecodeError):
            raise NotASealedBox("what the passphrase opens is not the key of a file") from None

    def sealed(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """An age file of ``pieces``, piece by piece; no more is kept at a time than about twice one of theirs.

        Only its last piece makes it whole. What ``pieces`` raises comes through, and then there is no last one.
        """
        beside, taken = _Beside(), (piece for piece in pieces if piece)
        recipient = self.identity.to_public()
        beside.start(lambda: pyrage.encrypt_io(_Asking(beside), _Telling(beside), [recipient]))
        try:
            while (told := beside.told()) is not None:
                if told:
                    yield told
                else:
                    beside.answer(next(taken, b""))
        finally:
            beside.stop()

    def opened(self, raw: IO[bytes]) -> Iterator[bytes]:
        """What is in an age file, read from where ``raw`` stands, piece by piece of about `PIECE` bytes.

        Every piece was held against the key, but that nothing is missing is known only at the end.

        Raises:
            CannotOpen: it is not sealed to this key, or it was changed, cut short or lengthened.
            Exception: what ``raw`` raises.
        """
        beside = _Beside()
        source, target = _Reading(raw), _Gathering(beside)

        def work() -> None:
            pyrage.decrypt_io(source, target, [self.identity])
            target.rest()

        beside.start(work)
        try:
            while (told := beside.told()) is not None:
                yield told
                beside.answer()
        except Exception as fault:
            if source.fault is not None:
                raise source.fault from None
            if isinstance(fault, (pyrage.DecryptError, OSError)):
                raise CannotOpen("the file is sealed to another key, or it was changed or cut short") from None
            raise
        finally:
            beside.stop()


@dataclass(frozen=True, slots=True, repr=False)
class LockedKey:
    """A key, and the age file that opens to it: what lies beside the file it is the key of."""

    key: FileKey
    locked: bytes

    @classmethod
    def under(cls, passphrase: str) -> "LockedKey":
        """A new key under a passphrase; about a second's work and up to a gigabyte of memory, whatever it is for.

        Raises:
            WeakPassphrase. NotStretched: the machine was too busy, each time, to tell how much work it can do.
        """
        check_strength(passphrase)
        key = FileKey.new()
        for _ in range(_TRIES):
            locked: bytes = under_passphrase.encrypt(f"{key.identity}\n".encode(), normalise(passphrase))
            if _bearable(locked):
                return cls(key, locked)
        raise NotStretched("This machine is too busy to seal to a passphrase well. Try again when it has less to do.")


def _bearable(locked: bytes) -> bool:
    """Whether guessing the passphrase costs enough, and opening with it not too much, as the second line has it."""
    found = _HEAD.match(locked)
    return found is not None and LEAST_WORK <= int(found[1]) <= MOST_WORK


def _decrypted(locked: bytes, passphrase: str) -> bytes:
    for _ in range(_TRIES):
        try:
            found: bytes = under_passphrase.decrypt(locked, passphrase)
            return found
        except pyrage.DecryptError as fault:
            # It refuses what would take sixteen seconds by its own timing, which a busy machine disturbs here too.
            if not str(fault).startswith(_TOO_MUCH):
                raise CannotOpen("the passphrase is another one, or the key was changed") from None
    raise NotStretched("This machine is too busy or too slow to try the passphrase. Try again when it has less to do.")


class _Stopped(Exception):
    """Nobody asks for the rest."""


class _Beside:
    """Work in another thread that goes on only while it is waited for: it tells something, and waits for an answer."""

    _thread: threading.Thread

    def __init__(self) -> None:
        self._tells: queue.SimpleQueue[bytes | BaseException | None] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()

    def start(self, work: Callable[[], object]) -> None:
        def run() -> None:
            try:
                work()
                self.tell(None)
            except BaseException as fault:
                self.tell(fault)

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the work, if it has not ended."""
        self._answers.put(None)
        self._thread.join()

    def told(self) -> bytes | None:
        """What it tells next; nothing once it is done. Raises what the work raised."""
        told = self._tells.get()
        if isinstance(told, BaseException):
            raise told
        return told

    def answer(self, answer: bytes = b"") -> None:
        self._answers.put(answer)

    # What follows is called in the thread of the work.

    def tell(self, told: bytes | BaseException | None) -> None:
        self._tells.put(told)

    def wait(self) -> bytes:
        answer = self._answers.get()
        if answer is None:
            raise _Stopped
        return answer


class _Asking:
    """Read by ``pyrage``: asks for a piece, with an empty word, whenever it has nothing left."""

    def __init__(self, beside: _Beside) -> None:
        self._beside, self._left = beside, io.BytesIO()

    def read(self, most: int) -> bytes:
        if not (found := self._left.read(most)):
            self._beside.tell(b"")
            self._left = io.BytesIO(self._beside.wait())
            found = self._left.read(most)
        return found


class _Telling:
    """Written to by ``pyrage``: hands everything on at once."""

    def __init__(self, beside: _Beside) -> None:
        self._beside = beside

    def write(self, data: bytes) -> int:
        if data:
            self._beside.tell(bytes(data))
        return len(data)

    def flush(self) -> None:
        pass


class _Reading:
    """Read by ``pyrage`` from a file: remembers what the file raised, which ``pyrage`` words anew."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw
        self.fault: Exception | None = None

    def read(self, most: int) -> bytes:
        try:
            return self._raw.read(most)
        except Exception as fault:
            self.fault = fault
            raise


class _Gathering:
    """Written to by ``pyrage``: hands on whole pieces, and waits until each was taken."""

    def __init__(self, beside: _Beside) -> None:
        self._beside, self._waiting = beside, bytearray()

    def write(self, data: bytes) -> int:
        self._waiting += data
        if len(self._waiting) >= PIECE:
            self.rest()
        return len(data)

    def flush(self) -> None:
        pass

    def rest(self) -> None:
        """Hand on what there is."""
        if self._waiting:
            self._beside.tell(bytes(self._waiting))
            self._waiting.clear()
            self._beside.wait()
