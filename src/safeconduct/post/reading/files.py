"""A file somebody gave, told by its content: one message, or several of an mbox."""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from . import html, mbox, mime, outlook
from .letter import MOST_BYTES, Fault, Letter, Refused, Unread

_HEAD = 4096


def letters(data: bytes) -> Iterator[Letter | Refused]:
    """What a file holds, in its order. One message of an mbox that cannot be read does not stop the others."""
    yield from _letters(BytesIO(data))


def letters_at(path: Path) -> Iterator[Letter | Refused]:
    """The same of a file on the disk: an mbox of many gigabytes is read message by message. Raises `OSError`."""
    with path.open("rb") as stream:
        yield from _letters(stream)


def read(data: bytes) -> Letter:
    """The one message in ``data``, with the text of its HTML where it brought none. Raises `Refused`."""
    letter = outlook.read(data) if data.startswith(outlook.SIGN) else mime.read(data)
    if letter.plain.strip() or not letter.html.strip():
        return letter if letter.plain.strip() else _without_text(letter)
    words = html.to_text(letter.html)
    return replace(letter, plain=words) if words.strip() else _without_text(letter)


def _letters(stream: BinaryIO) -> Iterator[Letter | Refused]:
    head = stream.read(_HEAD)
    stream.seek(0)
    if mbox.is_mbox(head):
        empty = True
        for one in mbox.messages(stream):
            empty = False
            yield _tried(one)
        if empty:
            yield Refused(Unread.EMPTY)
        return
    yield _tried(stream.read(MOST_BYTES + 1))


def _tried(data: bytes) -> Letter | Refused:
    try:
        return read(data)
    except Refused as fault:
        return fault


def _without_text(letter: Letter) -> Letter:
    if not {Fault.NO_TEXT, Fault.ONLY_RTF}.isdisjoint(letter.faults):
        return letter
    return replace(letter, faults=(*letter.faults, Fault.NO_TEXT))


def unreadable() -> Refused:
    """What is said of a file that the disk or its owner keeps to itself."""
    return Refused(Unread.UNREADABLE)
