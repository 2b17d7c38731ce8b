"""Showing a paper: drawn anew in a process of its own that can do nothing but draw, and never kept."""

import importlib.util
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Final

from . import render
from .media import DRAWN, Media

WIDTH: Final = 1200
_LARGEST: Final = 48 * 1024 * 1024
_WALL_SECONDS: Final = 40
# Each may take a gigabyte of memory while it draws.
_AT_ONCE: Final = threading.BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class Line:
    """Who may draw or wait to draw at one moment: each holds a thread of the server, which has eight."""

    places: threading.BoundedSemaphore
    seconds: float


# Together six threads at most, so that two are left for everything else, whatever is drawn and for how long.
LOOKING: Final = Line(threading.BoundedSemaphore(3), 10)
KEEPING: Final = Line(threading.BoundedSemaphore(3), 60)


@dataclass(frozen=True, slots=True)
class Drawn:
    """One page as a picture: ``form`` is png or jpeg, ``pages`` how many the paper has."""

    pages: int
    form: str
    picture: bytes


class Busy(Exception):
    """Others draw or wait to draw: try again in a moment. It says nothing about the paper."""


class CannotDraw(Exception):
    """The paper is kept as it came and cannot be shown here."""


class Damaged(CannotDraw):
    """It does not open as what it says it is, or takes more time or memory to draw than a paper may."""


class NeedsPassword(CannotDraw):
    """A PDF that opens with a password only."""


class NoSuchPage(CannotDraw):
    """The paper has fewer pages."""


class NotHere(CannotDraw):
    """This machine draws no papers: the libraries are not installed, or the process cannot be confined."""


@cache
def installed() -> bool:
    """Whether the libraries that draw are there (the extra ``papers``)."""
    return all(importlib.util.find_spec(name) is not None for name in ("PIL", "pypdfium2"))


@contextmanager
def place(line: Line) -> Iterator[None]:
    """A place in a line for as long as a paper is read and drawn. Raises `Busy` at once where none is free."""
    if not line.places.acquire(blocking=False):
        raise Busy("as many papers are being drawn as this desk can at a time")
    try:
        yield
    finally:
        line.places.release()


def draw(data: bytes, media: Media, *, page: int = 1, line: Line = LOOKING) -> Drawn:
    """One page, counted from 1, for whoever holds a place in ``line``. Raises `CannotDraw` by its kind, `Busy`."""
    if media not in DRAWN or not installed():
        raise NotHere("no preview can be made of this paper here")
    if not _AT_ONCE.acquire(timeout=line.seconds):
        raise Busy("others' papers take longer to draw than this one waits")
    try:
        code, answer = _ask(data, [media.value, str(page), str(WIDTH)])
    finally:
        _AT_ONCE.release()
    if code == render.UNCONFINED:
        raise NotHere("this machine cannot confine the process that draws")
    if code == render.PASSWORD:
        raise NeedsPassword("this PDF opens with a password only")
    if code == render.NO_PAGE:
        raise NoSuchPage("the paper has fewer pages")
    if code != 0:
        raise Damaged("the paper could not be drawn")
    return _read(answer)


def _ask(data: bytes, arguments: list[str]) -> tuple[int, bytes]:
    """What the process answered, and how it ended. It gets no environment and no file but its pipes."""
    process = subprocess.Popen(  # noqa: S603 - this program's own file and words; the paper comes by the pipe
        [sys.executable, "-I", "-B", str(Path(render.__file__)), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={},
        start_new_session=True,
    )
    late = threading.Timer(_WALL_SECONDS, process.kill)
    late.start()
    try:
        assert process.stdin is not None
        assert process.stdout is not None
        _give(process.stdin, data)
        answer = process.stdout.read(_LARGEST + 1)
        if len(answer) > _LARGEST:
            process.kill()
        process.stdout.close()
        return process.wait(), answer
    finally:
        late.cancel()
        process.kill()
        process.wait()


def _give(pipe: IO[bytes], data: bytes) -> None:
    try:
        pipe.write(data)
        pipe.close()
    except BrokenPipeError:  # it ended before it read all; how it ended says why
        pass


def _read(answer: bytes) -> Drawn:
    head, _, picture = answer.partition(b"\n")
    try:
        pages, form, length = head.split(b" ")
        drawn = Drawn(int(pages), form.decode("ascii"), picture)
    except ValueError:
        raise Damaged("the paper could not be drawn") from None
    signs = {"png": b"\x89PNG\r\n\x1a\n", "jpeg": b"\xff\xd8\xff"}
    if len(picture) != int(length) or not picture.startswith(signs.get(drawn.form, b"-")):
        raise Damaged("the paper could not be drawn")
    return drawn
