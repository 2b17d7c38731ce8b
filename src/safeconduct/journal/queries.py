"""Reading the log."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from .commitments import Written
from .models import Entry

_AT_ONCE: Final = 500
_COMMITTED: Final = "SELECT envelope, revision, digest FROM journal_commitment WHERE envelope"


def labelled(labels: Sequence[bytes]) -> list[tuple[UUID | None, str, datetime]]:
    """Member, act and instant of each entry about one record, newest first, found by the labels it had on each day."""
    found = _among("SELECT member, act, at FROM journal_entry WHERE label", labels, " ORDER BY id DESC")
    return [(_uuid(member) if member else None, act, _instant(at)) for member, act, at in found]


def of_organisation(organisation: UUID) -> QuerySet[Entry]:
    """An organisation's entries, newest first."""
    return Entry.objects.filter(organisation=organisation).order_by("-id")


def latest_commitments(envelopes: Iterable[UUID]) -> Mapping[UUID, tuple[int, bytes]]:
    """For each envelope the highest revision the log knows, and the digest it committed to."""
    wanted = list(envelopes)
    out: dict[UUID, tuple[int, bytes]] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        asked = wanted[start : start + _AT_ONCE]
        for found, revision, digest in _among(_COMMITTED, asked if _arrays() else [one.hex for one in asked]):
            envelope = _uuid(found)
            if revision > out.get(envelope, (0, b""))[0]:
                out[envelope] = (revision, bytes(digest))
    return out


def next_written(handle: UUID, digest: bytes) -> Written:
    """The next commitment to facts that change, one revision above the last. The caller holds what they are of."""
    before, _ = latest_commitments([handle]).get(handle, (0, b""))
    return Written(handle, before + 1, digest)


def leaves(organisation: UUID, size: int) -> Iterator[bytes]:
    """The first ``size`` leaves of an organisation's tree, 32 bytes each, from the first on."""
    placed = Entry.objects.filter(organisation=organisation, position__lt=size).order_by("position")
    for commitment in placed.values_list("commitment", flat=True).iterator(chunk_size=1000):
        yield bytes(commitment)


def _among(select: str, values: Sequence[Any], order: str = "") -> list[tuple[Any, ...]]:
    """The rows of ``select`` whose last named column is one of these.

    These two questions are asked at every opening, of up to some hundred values. Django takes longer to compose them
    than a database to answer.
    """
    with connection.cursor() as cursor:
        if _arrays():
            cursor.execute(f"{select} = ANY(%s){order}", [list(values)])
        else:
            cursor.execute(f"{select} IN ({', '.join(['%s'] * len(values))}){order}", list(values))
        return cursor.fetchall()  # type: ignore[no-any-return]  # Django's cursor is not typed


def _arrays() -> bool:
    return connection.vendor == "postgresql"


def _uuid(value: UUID | str) -> UUID:
    return value if isinstance(value, UUID) else UUID(hex=value)


def _instant(value: datetime) -> datetime:
    return value if value.tzinfo else value.replace(tzinfo=UTC)  # SQLite keeps no zone: all of it is in UTC
