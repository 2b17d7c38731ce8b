"""Padding, so that the length of an envelope tells little about what is in it.

``length (4 bytes, big-endian) | content | zeros`` up to the next step: doubling from 512 bytes to 8 KiB, then whole
steps of 4 KiB.
"""

from typing import Final

from .faults import NotASealedBox

_SMALLEST: Final = 512
_LARGEST_DOUBLED: Final = 8192
_STEP: Final = 4096
_HEAD: Final = 4


def padded_size(length: int) -> int:
    """The size in bytes that ``length`` bytes of content take once padded."""
    needed = length + _HEAD
    size = _SMALLEST
    while size < needed and size < _LARGEST_DOUBLED:
        size *= 2
    return size if needed <= size else -(-needed // _STEP) * _STEP


def pad(content: bytes) -> bytes:
    """``content`` with its length before it and zeros behind it."""
    return (len(content).to_bytes(_HEAD, "big") + content).ljust(padded_size(len(content)), b"\0")


def unpad(padded: bytes) -> bytes:
    """The content. Raises `NotASealedBox` when the padding is not of the only form ``pad`` makes."""
    length = int.from_bytes(padded[:_HEAD], "big")
    content, rest = padded[_HEAD : _HEAD + length], padded[_HEAD + length :]
    if len(padded) != padded_size(length) or any(rest):
        raise NotASealedBox("the padding of this envelope is not of the form this version writes")
    return content
