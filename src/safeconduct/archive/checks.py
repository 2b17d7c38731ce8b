"""Checking sources against the log, without a key: what ``safeconduct check`` runs."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Final
from uuid import UUID

from safeconduct.accounts.models import Organisation
from safeconduct.core.sealing.files import digest as sealed_digest
from safeconduct.journal.queries import latest_commitments

from . import files, journaling, sealed
from .faults import FileGone
from .models import Quarantined, SealedRecord, Source

_AT_ONCE: Final = 100


def sources_not_as_logged(organisation: Organisation) -> Iterator[str]:
    """Handles (hex) of sources whose facts, reading copy or sealed record are not what the log last committed to."""
    for some in _sources(organisation):
        records = {row.source_id: row for row in SealedRecord.objects.filter(source__in=some)}
        said = [sealed.written(row) for row in records.values()]
        known = latest_commitments([*(journaling.handle(one.handle) for one in some), *(one.envelope for one in said)])
        wrong = {one.envelope for one in said if known.get(one.envelope) != (one.revision, one.digest)}
        for one in some:
            _, logged = known.get(journaling.handle(one.handle), (0, b""))
            record = records.get(one.pk)
            is_whole = (record is not None) == (one.plane == Source.Plane.SEALED)
            if logged != journaling.digest(one) or not is_whole or (record is not None and record.handle in wrong):
                yield one.handle.hex


def files_not_as_logged(organisation: Organisation) -> Iterator[str]:
    """Handles (hex) of sources, and of bytes in quarantine, whose file is gone or is not the one the log has."""
    for some in _sources(organisation):
        yield from _differing(
            [(one.handle, one.file.handle, files.ending_of(one), bytes(one.file.digest)) for one in some]
        )
    rows = Quarantined.objects.filter(organisation=organisation).order_by("pk")
    ending = {Quarantined.Plane.PUBLIC.value: files.REFUSED, Quarantined.Plane.SEALED.value: files.SEALED}
    for row in rows.iterator(chunk_size=_AT_ONCE):
        yield from _differing([(row.handle, row.handle, ending[row.plane], bytes(row.digest))])


def sources_nobody_holds(organisation: Organisation) -> int:
    """How many sources in confidence have lost their key, so that nobody can open them any more."""
    return Source.objects.filter(organisation=organisation, plane=Source.Plane.SEALED, wrap=None).count()


def _sources(organisation: Organisation) -> Iterator[Sequence[Source]]:
    last = 0
    rows = journaling.with_facts().filter(organisation=organisation, file__isnull=False).order_by("pk")
    while some := list(rows.filter(pk__gt=last)[:_AT_ONCE]):
        last = some[-1].pk
        yield some


def sources_without_files(organisation: Organisation) -> int:
    """How many sources have no row for their file."""
    return Source.objects.filter(organisation=organisation, file=None).count()


def _differing(kept: Sequence[tuple[UUID, UUID, str, bytes]]) -> Iterator[str]:
    known = latest_commitments([handle for _, handle, _, _ in kept])
    for of, handle, ending, digest in kept:
        try:
            told = _digest(files.read(handle, ending), ending)
        except FileGone:
            told = b""
        _, logged = known.get(handle, (0, b""))
        if not told or told != digest or logged != digest:
            yield of.hex


def _digest(data: bytes, ending: str) -> bytes:
    return sealed_digest(data) if ending == files.SEALED else hashlib.sha256(data).digest()
