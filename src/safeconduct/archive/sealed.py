"""Sources in confidence: a key of its own for each, wrapped for the team that holds it.

Erasing one drops its wrap: what copies still hold of it does not open once the epoch of those copies is destroyed.
"""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import msgspec
from django.db.models import QuerySet

from safeconduct.accounts import keyring
from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Team
from safeconduct.core.sealing import boxes, envelopes, wraps
from safeconduct.core.sealing import files as sealed_files
from safeconduct.core.sealing.envelopes import Place
from safeconduct.core.sealing.files import FilePlace
from safeconduct.journal.commitments import LABEL_BYTES, Written
from safeconduct.journal.models import READING_ACTS, Entry

from .copies import SCHEMA, InConfidence
from .faults import FileGone, NoSource
from .models import Quarantined, SealedRecord, Source, SourceFile, SourceWrap

_MARK = "source-mark"
_GENERATION = 1


@dataclass(frozen=True, slots=True, repr=False)
class Keyed:
    """What has a key of its own (a source, or bytes in quarantine), by its handle, with the key in hand."""

    handle: UUID
    team: Team
    key: bytes
    organisation: str

    def label(self, on: date) -> bytes:
        """The label under which the journal knows this on one day: 16 bytes."""
        key = boxes.derive(self.key, boxes.context("journal-label"))
        return hmac.digest(key, on.isoformat().encode(), hashlib.sha256)[:LABEL_BYTES]


class Wrapped(msgspec.Struct, frozen=True):
    """A key as it is stored: the columns of a table of wraps."""

    key_number: int
    epoch: int
    sealed: bytes


def new_key(by: Actor, team: Team, handle: UUID) -> tuple[Keyed, Wrapped]:
    """A fresh key for what will be called by ``handle``, and the same wrapped for ``team``."""
    key = boxes.new_key()
    number = by.bundle(team.pk).number
    epoch, sealed = wraps.wrap_under(
        by.key_for(team.pk, wraps.PURPOSE), key, keyring.epochs(), team=team.handle.hex, subject=handle.hex
    )
    return Keyed(handle, team, key, by.organisation.handle.hex), Wrapped(number, epoch, sealed)


def hold(by: Actor, source: Source) -> Keyed:
    """The key of a source in confidence. Raises `NoSource`: no team of this member's holds it."""
    row = SourceWrap.objects.filter(source=source, team__in=list(by.memberships)).first()
    if row is None:
        raise NoSource("There is no such source, or your teams do not hold it.")
    return _unwrap(by, row, source.handle)


def held(by: Actor, sources: QuerySet[Source]) -> Iterator[tuple[Source, Keyed]]:
    """The sources in confidence among those that the member's teams hold, each with its key."""
    rows = SourceWrap.objects.filter(source__in=sources, team__in=list(by.memberships))
    for row in rows.select_related("source", "source__organisation", "source__team", "source__by").order_by("source"):
        yield row.source, _unwrap(by, row, row.source.handle)


def unwrap(by: Actor, wrapped: Wrapped, team_id: int, handle: UUID) -> Keyed:
    """A key by the columns of its row. Raises `NotInTeam`, `SealingFault`."""
    team = by.memberships[team_id].team
    under = wraps.team_key(by.bundle(team_id, number=wrapped.key_number), wrapped.key_number)
    key = wraps.unwrap_under(
        under, wrapped.epoch, wrapped.sealed, keyring.epochs(), team=team.handle.hex, subject=handle.hex
    )
    return Keyed(handle, team, key, by.organisation.handle.hex)


def _unwrap(by: Actor, row: SourceWrap, handle: UUID) -> Keyed:
    return unwrap(by, Wrapped(row.key_number, row.epoch, bytes(row.sealed)), row.team_id, handle)


def marks(by: Actor, team: Team, sha256: bytes) -> list[bytes]:
    """The marks that bytes of this hash can have in a team, the newest first: one under each key it has had."""
    bundle = by.bundle(team.pk)
    keys = (bundle.key_of(number, _MARK) for number in range(bundle.number, 0, -1))
    return [hmac.digest(key, sha256, hashlib.sha256) for key in keys]


def seal_record(keyed: Keyed, content: InConfidence, *, revision: int) -> bytes:
    """The body of a source's `SealedRecord` in its next revision."""
    key = envelopes.facet_key(keyed.key, "source", _GENERATION)
    return envelopes.seal(key, msgspec.msgpack.encode(content), _place(keyed, SCHEMA, revision))


def open_record(leave: Entry, keyed: Keyed, row: SealedRecord) -> InConfidence:
    """All that is known of a source, under the leave of an entry that was committed. Raises `SealingFault`."""
    require_leave(leave)
    key = envelopes.facet_key(keyed.key, "source", _GENERATION)
    content = envelopes.open_envelope(key, bytes(row.body), _place(keyed, row.schema, row.revision))
    return msgspec.msgpack.decode(content, type=InConfidence)


def seal_file(keyed: Keyed, handle: UUID, content: bytes) -> bytes:
    """The bytes of a file, padded and sealed."""
    return sealed_files.seal(_file_key(keyed, handle), content, _file_place(keyed, handle))


def open_file(leave: Entry, keyed: Keyed, row: SourceFile | Quarantined, sealed: bytes) -> bytes:
    """The content of a sealed file. Raises `FileGone`: it is not the one that was kept; `SealingFault`."""
    require_leave(leave)
    if sealed_files.digest(sealed) != bytes(row.digest):
        raise FileGone("The file of this source is not the one that was kept; put it back from a backup.")
    return sealed_files.open_file(_file_key(keyed, row.handle), sealed, _file_place(keyed, row.handle))


def written(row: SealedRecord) -> Written:
    """What the log commits to of a sealed record."""
    return Written(row.handle, row.revision, envelopes.digest(bytes(row.body)))


def require_leave(leave: Entry) -> None:
    """Nothing sealed opens without an entry that says so, committed before."""
    if leave.pk is None or leave.act not in READING_ACTS:
        raise ValueError("a sealed source opens under the entry of an act that reads")


def _file_key(keyed: Keyed, handle: UUID) -> bytes:
    return sealed_files.file_key(envelopes.facet_key(keyed.key, "file", _GENERATION), handle.hex)


def _file_place(keyed: Keyed, handle: UUID) -> FilePlace:
    return FilePlace(keyed.organisation, keyed.handle.hex, handle.hex, _GENERATION)


def _place(keyed: Keyed, schema: int, revision: int) -> Place:
    return Place(keyed.organisation, keyed.handle.hex, "source", schema, _GENERATION, revision)
