"""A folder of messages in one file (mbox), taken apart from a stream: nothing of it is written anywhere.

The standard library's reader wants a path, and an upload must never lie on a disk unsealed.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from .letter import MOST_BYTES

# `From sender@example Fri Nov 20 09:00:00 2026`: a line that begins a message, after an empty line or at the start. It
# has a time of day: not every program marks what begins so in a text ("From 9 March 2026 everybody has 42 days").
_LINE: Final = rb"From \S{1,300} [^\r\n]{0,200}?\d\d:\d\d[^\r\n]{0,60}?\d{4}[^\r\n]{0,60}\r?\n"
_FIRST: Final = re.compile(_LINE)
_NEXT: Final = re.compile(rb"\n\r?\n" + _LINE)
_QUOTED: Final = re.compile(rb"^>(?=>*From )", re.MULTILINE)
_CHUNK: Final = 1024 * 1024
# A line that begins a message may lie across two chunks.
_LONGEST_LINE: Final = 600


def is_mbox(head: bytes) -> bool:
    """Whether a file that begins so is an mbox."""
    return _FIRST.match(head) is not None


def messages(stream: BinaryIO) -> Iterator[bytes]:
    """The messages of an mbox, one by one, in its order. One over the bound comes cut one byte past it."""
    held = bytearray(stream.read(_CHUNK))
    first = _FIRST.match(held)
    if first is None:
        return
    # The new line of the first line stays: the message below it may be empty.
    del held[: first.end() - 1]
    cut: bytes | None = None
    looked = 0
    while True:
        found = _NEXT.search(held, looked)
        if found is not None:
            yield _whole(held[: found.start() + 1] if cut is None else cut)
            del held[: found.end() - 1]
            cut, looked = None, 0
            continue
        looked = max(0, len(held) - _LONGEST_LINE)
        if len(held) > MOST_BYTES + 2 * _LONGEST_LINE:
            cut = cut if cut is not None else bytes(held[: MOST_BYTES + 2])
            del held[:looked]
            looked = 0
        more = stream.read(_CHUNK)
        if not more:
            yield _whole(held if cut is None else cut)
            return
        held += more


def _whole(message: bytes | bytearray) -> bytes:
    """A message without the new lines around it, and with the lines that an mbox quotes as they were."""
    if len(message) > MOST_BYTES + 1:
        return bytes(message[1 : MOST_BYTES + 2])
    return _QUOTED.sub(b"", bytes(message[1:]).rstrip(b"\r\n"))
