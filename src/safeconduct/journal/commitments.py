"""What a leaf of the log commits to.

A leaf is 32 bytes: SHA-256 over the salt, the entry's open columns, its sealed body and the digests of the envelopes
it wrote. Erasing an entry's subject deletes body and salt; the leaf stays and no longer says anything.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

import msgspec

from .models import Entry

SALT_BYTES: Final = 16
LABEL_BYTES: Final = 16
_LENGTHS: Final = tuple(length.to_bytes(4, "big") for length in range(65))


class Written(msgspec.Struct, frozen=True, gc=False):
    """An envelope an act wrote: its handle, the revision it now has, and its 32-byte digest."""

    envelope: UUID
    revision: int
    digest: bytes


def facts_handle(what: str, *handles: UUID) -> UUID:
    """The handle under which the log commits to open facts of a thing: another one than the thing's own."""
    hashed = hashlib.sha256(b"safeconduct/facts/1\0" + what.encode() + b"\0")
    for handle in handles:
        hashed.update(handle.bytes)
    return UUID(bytes=hashed.digest()[:16])


def facts_digest(facts: Sequence[object]) -> bytes:
    """32 bytes over facts: lists of texts, numbers, days and None, in an order that the caller fixes."""
    return hashlib.sha256(b"safeconduct/facts/1\0" + msgspec.json.encode(facts)).digest()


def commit(entry: Entry, written: Iterable[Written]) -> bytes:
    """The 32-byte leaf of ``entry``. ``entry.salt`` must be set."""
    return hashlib.sha256(opened(entry, written)).digest()


def opened(entry: Entry, written: Iterable[Written]) -> bytes:
    """All that an entry commits to, for whoever is to be shown that it stands at its place in the log."""
    assert entry.salt is not None
    parts: list[bytes] = [
        bytes(entry.salt),
        entry.handle.bytes,
        entry.organisation.bytes,
        entry.at.isoformat(timespec="microseconds").encode(),
        entry.act.encode(),
        entry.member.bytes if entry.member else b"",
        entry.about.bytes if entry.about else b"",
        entry.team.bytes if entry.team else b"",
        bytes(entry.label) if entry.label else b"",
        str(entry.count).encode(),
        hashlib.sha256(bytes(entry.body)).digest() if entry.body else b"",
    ]
    for envelope, revision, digest in sorted((one.envelope.bytes, one.revision, one.digest) for one in written):
        parts += (envelope, b"%d" % revision, bytes(digest))
    whole = [b"safeconduct/journal-entry/1\0"]
    for part in parts:
        length = len(part)
        whole.append(_LENGTHS[length] if length < len(_LENGTHS) else length.to_bytes(4, "big"))
        whole.append(part)
    return b"".join(whole)
