"""An envelope: one facet of one subject, sealed, padded, versioned, and bound to where it belongs."""

import hashlib
from functools import lru_cache

import msgspec

from . import boxes, padding


class Place(msgspec.Struct, frozen=True, gc=False):
    """Where an envelope belongs. Stable strings and numbers only: never the name of a table or a class."""

    organisation: str
    subject: str
    facet: str
    schema: int
    generation: int
    revision: int

    def bound(self) -> bytes:
        """The bytes the seal is bound to."""
        return boxes.context(
            "envelope",
            self.organisation,
            self.subject,
            self.facet,
            self.schema,
            self.generation,
            self.revision,
        )


def facet_key(subject_key: bytes, facet: str, generation: int) -> bytes:
    """The key of one facet in one generation. A grant can hand over this and nothing more."""
    return boxes.derive(subject_key, _purpose(facet, generation))


@lru_cache(maxsize=256)
def _purpose(facet: str, generation: int) -> bytes:
    return boxes.context("facet", facet, generation)


def seal(key: bytes, content: bytes, place: Place) -> bytes:
    """An envelope of ``content`` under a facet key."""
    return boxes.seal(key, padding.pad(content), place.bound())


def open_envelope(key: bytes, envelope: bytes, place: Place) -> bytes:
    """The content. Raises `CannotOpen` when moved, changed or of another revision; `NotASealedBox`."""
    return padding.unpad(boxes.open_box(key, envelope, place.bound()))


def digest(envelope: bytes) -> bytes:
    """32 bytes the journal commits to, so that an old envelope put back is noticed."""
    return hashlib.sha256(b"safeconduct/envelope\0" + bytes(envelope)).digest()
