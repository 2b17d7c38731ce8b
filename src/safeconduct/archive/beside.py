"""What a page says of a source beside its text: the log's entry, later posts that are like it, bytes in quarantine."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from safeconduct.accounts.actor import Actor
from safeconduct.core.policy.facts import Act
from safeconduct.journal.models import Act as Entered
from safeconduct.journal.models import Commitment

from . import files, journaling, masking, policies, queries, sealed
from .copies import Alike
from .faults import FileGone
from .models import Likeness, Quarantined, Source


@dataclass(frozen=True, slots=True)
class Logged:
    """The entry that commits to a source's file. ``position`` counts from 0 in the log's tree; None: not there yet."""

    position: int | None
    at: datetime


def logged(source: Source) -> Logged | None:
    """Where the log has this source; None where it was erased."""
    found = (
        Commitment.objects.filter(envelope=source.file.handle, digest=source.file.digest)
        .select_related("entry")
        .order_by("pk")
        .first()
    )
    return Logged(found.entry.position, found.entry.at) if found else None


def shown_address(source: Source, address: str | None) -> str | None:
    """Where a source in confidence is from, as its masks let it be shown."""
    return masking.address(address, queries.masks_of(source))


def alike_later(source: Source) -> Sequence[Alike]:
    """Which posts of sources taken in later are like posts of this public one."""
    rows = Likeness.objects.filter(of__source=source).select_related("post", "post__source", "of")
    return [
        Alike(row.of.number, row.post.handle, row.post.source.handle, row.post.number, row.containment, row.resemblance)
        for row in rows.order_by("of__number", "-containment", "post__pk")
    ]


def refused_one(by: Actor, handle: UUID) -> Quarantined | None:
    """What was refused and is kept apart, by its handle. Raises `Refused`."""
    return queries.quarantined(by).filter(handle=handle).first()


def refused_bytes(by: Actor, row: Quarantined) -> bytes:
    """The bytes that were refused, as they came. Those in confidence open under an entry that they leave.

    Raises `Refused`, `FileGone`, `JournalUnavailable`, `ReadingHalted`, `SealingFault`.
    """
    policies.require_of(by, Act.READ_ARCHIVE, row)
    if row.team is None:
        data = files.read(row.handle, files.REFUSED)
        if hashlib.sha256(data).digest() != bytes(row.digest):
            raise FileGone("These bytes are not the ones that were kept; put them back from a backup.")
        return data
    wrapped = sealed.Wrapped(row.key_number, row.epoch, bytes(row.sealed))
    keyed = sealed.unwrap(by, wrapped, row.team.pk, row.handle)
    leave = journaling.opening(by, keyed, Entered.EXPORTED)
    return sealed.open_file(leave, keyed, row, files.read(row.handle, files.SEALED))


def leaves(by: Actor, source: Source) -> None:
    """Commit that what a source in confidence says is about to leave the desk. Of a public one nothing is recorded.

    Raises `Refused`, `NoSource`, `JournalUnavailable`, `ReadingHalted`.
    """
    if source.plane == Source.Plane.SEALED:
        policies.require_of(by, Act.HAND_OVER_SOURCE, source)
        journaling.opening(by, sealed.hold(by, source), Entered.EXPORTED)


def may(by: Actor, act: Act, source: Source | Quarantined) -> bool:
    """Whether policy allows an act on this source, to offer it or not."""
    try:
        policies.require_of(by, act, source)
    except policies.Refused:
        return False
    return True
