"""Asking the process of `apart`: one of them is kept for each thread that reads, and ended with it."""

import atexit
import contextlib
import subprocess
import sys
import threading
from pathlib import Path
from typing import Final

import msgspec

from . import apart
from .bounds import MOST_BYTES
from .shape import NotRead, Reading, Unfit

_WALL_SECONDS: Final = 120
_PLACES: Final = threading.BoundedSemaphore(2)  # each may take a gigabyte of memory while it reads
_FREE: Final[list["_Process"]] = []
_LOCK: Final = threading.Lock()


def read(data: bytes, *, name: str = "", media_type: str | None = None) -> Reading:
    """A file read in a process that can do nothing else, bounded in memory and time. Raises `NotRead`."""
    if not data.strip():
        raise NotRead(Unfit.EMPTY)
    if len(data) > MOST_BYTES:
        raise NotRead(Unfit.TOO_LARGE)
    with _PLACES:
        process = _taken()
        try:
            said, body = process.ask(data, name, media_type)
        except (OSError, EOFError):
            process.end()
            raise NotRead(Unfit.TOO_COSTLY) from None
        except BaseException:
            process.end()
            raise
        with _LOCK:
            _FREE.append(process)
    if said == apart.NOT_READ:
        raise NotRead(Unfit(body.decode()))
    # A child that a file took over can say anything in a reading, and nothing that is not one.
    try:
        return apart.DECODER.decode(body)
    except msgspec.MsgspecError:
        raise NotRead(Unfit.HOSTILE) from None


class _Process:
    def __init__(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - this program's own file; what is read comes by the pipe
            [sys.executable, "-I", "-B", str(Path(apart.__file__))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={},
            start_new_session=True,
        )
        try:
            self._answer()
        except (OSError, EOFError):
            self.end()
            raise NotRead(Unfit.NOT_HERE) from None

    def ask(self, data: bytes, name: str, media_type: str | None) -> tuple[int, bytes]:
        late = threading.Timer(_WALL_SECONDS, self._process.kill)
        late.daemon = True
        late.start()
        try:
            asked = msgspec.json.encode(apart.Asked(name[-200:], media_type[:200] if media_type else None))
            assert self._process.stdin is not None
            self._process.stdin.write(apart.ASKED.pack(len(asked)) + asked + apart.SENT.pack(len(data)))
            self._process.stdin.write(data)
            self._process.stdin.flush()
            return self._answer()
        finally:
            late.cancel()

    def _answer(self) -> tuple[int, bytes]:
        assert self._process.stdout is not None
        head = self._process.stdout.read(apart.ANSWERED.size)
        if len(head) != apart.ANSWERED.size:
            raise EOFError
        said, length = apart.ANSWERED.unpack(head)
        if length > apart.MOST_ANSWER:
            raise EOFError
        body = self._process.stdout.read(length)
        if len(body) != length:
            raise EOFError
        return said, body

    @property
    def lives(self) -> bool:
        return self._process.poll() is None

    def end(self) -> None:
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._process.wait()


def _taken() -> _Process:
    with _LOCK:
        while _FREE:
            process = _FREE.pop()
            if process.lives:
                return process
            process.end()
    return _Process()


@atexit.register
def _end_all() -> None:
    with _LOCK:
        while _FREE:
            _FREE.pop().end()
