"""A folder of messages in one file (mbox), taken apart from a stream: nothing of it is written anywhere.

The standard library's reader wants a path, and an upload must never lie on a disk unsealed.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from .letter import MOST_BYTES

# `From sender@example Fri Nov 20 09:00:00 2026`: a line that begins a message, after an empty line or at the start.
_BEGINS: Final = re.compile(rb"From \S+ .*\d{4}")
_QUOTED: Final = re.compile(rb">+From ")


def is_mbox(head: bytes) -> bool:
    """Whether a file that begins so is an mbox."""
    return _BEGINS.match(head.split(b"\n", 1)[0]) is not None


def messages(stream: BinaryIO) -> Iterator[bytes]:
    """The messages of an mbox, one by one, in its order. One over the bound comes cut one byte past it."""
    lines: list[bytes] = []
    size, after_empty, inside = 0, True, False
    while line := stream.readline(MOST_BYTES):
        if after_empty and _BEGINS.match(line):
            if inside:
                yield _joined(lines)
            lines, size, inside, after_empty = [], 0, True, False
            continue
        after_empty = not line.strip(b"\r\n")
        if inside and size <= MOST_BYTES:
            kept = (line[1:] if _QUOTED.match(line) else line)[: MOST_BYTES + 1 - size]
            lines.append(kept)
            size += len(kept)
    if inside:
        yield _joined(lines)


def _joined(lines: list[bytes]) -> bytes:
    while lines and not lines[-1].strip(b"\r\n"):
        lines.pop()
    return b"".join(lines)
