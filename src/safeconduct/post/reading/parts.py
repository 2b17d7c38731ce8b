"""A message that the parser of the standard library builds up, refused as soon as it is more than anybody writes.

Looking at the bytes beforehand does not do: a boundary can be written in more ways than one would think of.
"""

from __future__ import annotations

from collections.abc import Sequence
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Final

from .letter import MOST_DEPTH, MOST_HEADER_BYTES, MOST_PARTS, Refused, Unread

# Those that say what a part is are read while the message is: the parser takes long over long ones.
_MOST_STRUCTURE: Final = 64 * 1024


class Part(EmailMessage):
    """A part, counted as it is made. ``top`` is the message it is of, ``depth`` 0 for that itself."""

    def __init__(self, policy: policy.EmailPolicy | None = None) -> None:
        super().__init__(policy)
        self.top: Part = self
        self.depth = 0
        self._parts, self._structure, self._headers_long = 1, 0, 0

    def attach(self, payload: Part) -> None:  # type: ignore[override]  # the parser attaches what this class made
        """Take a part in. Raises `Refused`: it is one too many, or too deep."""
        payload.top, payload.depth = self.top, self.depth + 1
        self.top._parts += 1
        if payload.depth > MOST_DEPTH:
            raise Refused(Unread.TOO_DEEP)
        if self.top._parts > MOST_PARTS:
            raise Refused(Unread.TOO_MANY_PARTS)
        super().attach(payload)

    def inside(self) -> Sequence[Part]:
        """The parts of it. Nothing is decoded for it, as `get_payload` does of a text with the charset it claims."""
        return [one for one in self.iter_parts() if isinstance(one, Part)]

    def set_raw(self, name: str, value: str) -> None:
        """Take a header in as it stands. Raises `Refused`: it is longer than any header."""
        length = len(name) + len(value)
        self._headers_long += length
        self.top._structure += length if name.lower().startswith("content-") else 0
        if self._headers_long > MOST_HEADER_BYTES or self.top._structure > _MOST_STRUCTURE:
            raise Refused(Unread.HEADERS_TOO_LARGE)
        super().set_raw(name, value)


_PARSER: Final = BytesParser(Part, policy=policy.default)


def parse(data: bytes) -> Part:
    """The message in ``data``, whose length is bounded. Raises `Refused`, and what the parser raises on damage."""
    message = _PARSER.parsebytes(data)
    assert isinstance(message, Part)
    return message
