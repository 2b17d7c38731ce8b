"""Passages as rows: of a public source in the open, of one in confidence sealed under its key."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import msgspec

from safeconduct.accounts.actor import Actor
from safeconduct.core.sealing import envelopes
from safeconduct.core.sealing.envelopes import Place
from safeconduct.journal.commitments import Written, facts_digest, facts_handle
from safeconduct.journal.queries import latest_commitments, next_written

from ..models import Source
from ..sealed import Keyed
from .anchors import Anchor
from .models import Passage

SCHEMA: Final = 1
_GENERATION: Final = 1


class PassagePutBack(Exception):
    """A passage is not as the log last committed to it. It is not shown."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A passage as it was cited: of which post (its number), and its anchor."""

    row: Passage
    number: int
    anchor: Anchor


class _Sealed(msgspec.Struct, frozen=True, array_like=True):
    number: int
    quote: str
    prefix: str
    suffix: str
    start: int
    end: int


def new(by: Actor, source: Source, number: int, anchor: Anchor, keyed: Keyed | None) -> Passage:
    """A passage not yet saved. ``keyed`` is the key of a source in confidence."""
    row = Passage(source=source, at=datetime.now(UTC), by=by.member)
    fill(row, number, anchor, keyed)
    return row


def fill(row: Passage, number: int, anchor: Anchor, keyed: Keyed | None) -> None:
    """Let a row be the passage of this anchor."""
    if keyed is not None:
        row.body = envelopes.seal(_key(keyed), msgspec.msgpack.encode(_sealed(number, anchor)), _place(row, keyed))
        return
    row.number, row.start, row.end = number, anchor.start, anchor.end
    row.quote, row.prefix, row.suffix = (_column(one) for one in (anchor.quote, anchor.prefix, anchor.suffix))


def open_kept(rows: Iterable[Passage], keys: Mapping[int, Keyed]) -> list[Kept]:
    """Passages as they were cited. ``keys`` are those of sources in confidence, by row id of the source.

    Whoever opens those has committed the entry of it. Raises `PassagePutBack`, `SealingFault`.
    """
    found = list(rows)
    known = latest_commitments(_handle(row) for row in found)
    out = []
    for row in found:
        if known.get(_handle(row), (0, b""))[1] != _digest(row):
            raise PassagePutBack("a passage is not as the log says it was last saved")
        if row.body is None:
            # None of these is null without a body: the database holds to that.
            anchor = Anchor(row.quote or "", row.prefix or "", row.suffix or "", row.start or 0, row.end or 0)
            out.append(Kept(row, row.number or 0, anchor))
            continue
        keyed = keys[row.source_id]
        plain = envelopes.open_envelope(_key(keyed), bytes(row.body), _place(row, keyed))
        said = msgspec.msgpack.decode(plain, type=_Sealed)
        out.append(Kept(row, said.number, Anchor(said.quote, said.prefix, said.suffix, said.start, said.end)))
    return out


def numbers_cited(held: Iterable[tuple[Source, Keyed]]) -> dict[int, set[int]]:
    """The posts that are cited of sources in confidence, by row id of the source."""
    keys = {source.pk: keyed for source, keyed in held}
    out: dict[int, set[int]] = {}
    ids = list(keys)
    for start in range(0, len(ids), 500):
        for kept in open_kept(Passage.objects.filter(source__in=ids[start : start + 500]), keys):
            out.setdefault(kept.row.source_id, set()).add(kept.number)
    return out


def committed(row: Passage) -> Written:
    """What the log commits to once a passage was saved. The caller's transaction holds its source."""
    return next_written(_handle(row), _digest(row))


def as_committed(row: Passage) -> Written:
    """The same of a passage as it is, whichever revision the log gave it (here 0)."""
    return Written(_handle(row), 0, _digest(row))


def gone(handle: UUID) -> Written:
    """What the log commits to once a passage was taken away."""
    return next_written(facts_handle("passage", handle), facts_digest([handle.hex, "removed"]))


def _handle(row: Passage) -> UUID:
    return facts_handle("passage", row.handle)


def _digest(row: Passage) -> bytes:
    body = envelopes.digest(bytes(row.body)).hex() if row.body is not None else None
    words = [row.quote, row.prefix, row.suffix]
    return facts_digest([row.handle.hex, str(row.state), row.number, row.start, row.end, *words, body])


def _sealed(number: int, anchor: Anchor) -> _Sealed:
    return _Sealed(number, anchor.quote, anchor.prefix, anchor.suffix, anchor.start, anchor.end)


def _column(text: str) -> str:
    # As `copies.column`: PostgreSQL has no NUL, and neither database has half a character.
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def _key(keyed: Keyed) -> bytes:
    return envelopes.facet_key(keyed.key, "passage", _GENERATION)


def _place(row: Passage, keyed: Keyed) -> Place:
    return Place(keyed.organisation, keyed.handle.hex, f"passage/{row.handle.hex}", SCHEMA, _GENERATION, 1)
