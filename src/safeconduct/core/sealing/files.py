"""A sealed file: one box over the padded content, under a key of its own, bound to whose paper it is.

One box and not a chain of pieces: whoever seals or opens a paper holds it whole in memory anyway, so there is no
framing of ours to get wrong. See docs/decisions/papers-sealed-files.md.
"""

import hashlib
from dataclasses import dataclass
from typing import Final

from . import boxes
from .faults import NotASealedBox

_SMALLEST: Final = 16 * 1024
_HEAD: Final = 8


@dataclass(frozen=True, slots=True)
class FilePlace:
    """Where a sealed file belongs: handles (hex), and the generation of the facet's key its key was made from."""

    organisation: str
    subject: str
    handle: str
    generation: int

    def bound(self) -> bytes:
        """The bytes the seal is bound to."""
        return boxes.context("paper-file", self.organisation, self.subject, self.handle, self.generation)


def padded_size(length: int) -> int:
    """The size that ``length`` bytes take once padded: Padmé (Nikitin and others, PETS 2019), from 16 KiB on.

    At most 12% more, and sizes that tell no more than a double logarithm of themselves: a known form or leaflet of a
    few megabytes shares its size with everything within two or three per cent of it.
    """
    needed = max(length + _HEAD, _SMALLEST)
    exponent = needed.bit_length() - 1
    loose = exponent - exponent.bit_length()
    step = 1 << loose
    return -(-needed // step) * step


def file_key(papers_key: bytes, handle: str) -> bytes:
    """The key of one file, from the key of its record's ``papers`` facet."""
    return boxes.derive(papers_key, boxes.context("paper-key", handle))


def seal(key: bytes, content: bytes, place: FilePlace) -> bytes:
    """``content`` padded and sealed."""
    padded = (len(content).to_bytes(_HEAD, "big") + content).ljust(padded_size(len(content)), b"\0")
    return boxes.seal(key, padded, place.bound())


def open_file(key: bytes, sealed: bytes, place: FilePlace) -> bytes:
    """The content. Raises `CannotOpen` when moved, changed or cut short; `NotASealedBox`."""
    padded = boxes.open_box(key, sealed, place.bound())
    length = int.from_bytes(padded[:_HEAD], "big")
    if len(padded) != padded_size(length) or padded[_HEAD + length :].strip(b"\0"):
        raise NotASealedBox("the padding of this file is not of the form this version writes")
    return padded[_HEAD : _HEAD + length]


def digest(sealed: bytes) -> bytes:
    """32 bytes the journal commits to, so that a file put in another's stead is noticed without any key."""
    return hashlib.sha256(b"safeconduct/paper-file\0" + sealed).digest()
