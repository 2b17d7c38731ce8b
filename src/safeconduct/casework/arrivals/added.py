"""How a record stood before an import added to it, sealed under the person's own key so that it goes when they do."""

from collections.abc import Mapping

import msgspec

from safeconduct.core.sealing import boxes, padding
from safeconduct.people.facets import VERSIONS, Facet, decode, encode
from safeconduct.people.keys import Keyed
from safeconduct.people.records import Opened


class _Before(msgspec.Struct, frozen=True):
    schema: int
    content: bytes
    # The revision the import wrote: where the record is at another by now, somebody has worked on it since.
    written: int


def seal(keyed: Keyed, before: Mapping[str, Opened]) -> bytes:
    """Facets as they were read, each of which the import then wrote the next revision of."""
    facets = {
        facet: _Before(VERSIONS[facet], encode(opened.content), opened.revision + 1) for facet, opened in before.items()
    }
    return boxes.seal(_key(keyed), padding.pad(msgspec.msgpack.encode(facets)), _place(keyed))


def open_before(keyed: Keyed, sealed: bytes) -> dict[str, tuple[Facet, int]]:
    """What each facet said before, and the revision the import wrote over it. Raises `CannotOpen`."""
    raw = padding.unpad(boxes.open_box(_key(keyed), sealed, _place(keyed)))
    facets = msgspec.msgpack.decode(raw, type=dict[str, _Before])
    return {facet: (decode(facet, one.schema, one.content), one.written) for facet, one in facets.items()}


def _key(keyed: Keyed) -> bytes:
    return boxes.derive(keyed.key, boxes.context("before-import"))


def _place(keyed: Keyed) -> bytes:
    return boxes.context("before-import", keyed.organisation, keyed.subject.handle.hex)
