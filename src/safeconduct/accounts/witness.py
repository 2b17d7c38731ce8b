"""Where the log was last seen, kept where whoever has only the database cannot put it back.

Two places: the epoch file beside the database, and a cookie in each browser. When somebody signs in or unlocks, and now
and then while they work, the log has to be one that goes on from there. A smaller log, or another root at that size, is
yesterday's database put back, or a history written anew. Nothing sealed is opened then until a guardian has looked.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from django.db import transaction

from safeconduct.core.ledger.errors import LedgerError
from safeconduct.core.ledger.hashing import leaf_hash
from safeconduct.core.ledger.tree import ReadOnlyTree
from safeconduct.core.sealing.epochs import Epochs, Root
from safeconduct.journal.actions import record_write
from safeconduct.journal.models import Act, Alarm, Entry, Head
from safeconduct.journal.store import DatabaseTiles

from . import keyring
from .models import Member

_log = logging.getLogger("safeconduct.keys")


@dataclass(frozen=True, slots=True)
class Parted:
    """The log does not go on from where it was seen: ``seen`` entries then, ``size`` now.

    ``first`` is the first entry known to differ or to be missing, counted from 0; None where only its being before
    ``seen`` is known.
    """

    seen: int
    size: int
    first: int | None


def now(organisation: UUID) -> Root | None:
    """Where the log stands; None while nothing has its place in the tree."""
    head = Head.objects.filter(organisation=organisation).first()
    if head is None or not head.size:
        return None
    return Root(head.size, bytes(head.root), datetime.now(UTC))


def parted(organisation: UUID, seen: Sequence[Root]) -> Parted | None:
    """How the log parts from what was seen of it, the least that parts; None where it goes on from all of them."""
    standing = now(organisation)
    size = standing.size if standing else 0
    for one in sorted(seen, key=lambda root: root.size):
        if one.size > size:
            return Parted(one.size, size, size)
        if _root(organisation, size, one.size) != one.root:
            return Parted(one.size, size, None)
    if seen and standing is not None and not _tip_stands(organisation, standing):
        return Parted(size, size, size - 1)
    return None


def look(member: Member, from_browser: Root | None) -> Root | None:
    """Compare the log with where it was last seen, tell guardians where it parts, and remember where it stands.

    Args:
        from_browser: what this browser saw, None where it saw nothing, or not of this organisation.

    Returns:
        where the log stands, for the browser to remember; None where it parts, or holds nothing yet.

    Raises:
        EpochFileUnreadable. JournalUnavailable: guardians could not be told.
    """
    organisation = member.organisation.handle
    kept = keyring.roots().get(organisation.hex)
    seen = [one for one in (kept, from_browser) if one is not None]
    # What a browser saw before the epoch file was last written says no more than the file does; and a guardian who
    # has settled a difference settled it for every browser.
    if kept is not None and from_browser is not None and from_browser.at <= kept.at:
        seen = [kept]
    difference = parted(organisation, seen)
    if difference is None:
        standing = now(organisation)
        if standing is not None:
            keyring.remember_roots({organisation.hex: standing})
        return standing
    if not Alarm.objects.filter(organisation=organisation, kind=Alarm.Kind.LOG, seen_at__isnull=True).exists():
        with transaction.atomic():
            Alarm.objects.create(
                organisation=organisation,
                member=member.handle,
                kind=Alarm.Kind.LOG,
                at=datetime.now(UTC),
                count=difference.seen,
            )
            record_write(
                organisation=organisation, act=Act.LOG_DIFFERED, member=member.handle, count=max(difference.seen, 1)
            )
    return None


def difference(organisation: UUID, from_browser: Root | None = None) -> Parted | None:
    """How the log parts from the epoch file and this browser, to be told. Raises `EpochFileUnreadable`."""
    kept = keyring.roots().get(organisation.hex)
    return parted(organisation, [one for one in (kept, from_browser) if one is not None])


def accept(organisation: UUID) -> None:
    """Take the log as it is now for the one to go on from: after a restore, once a guardian has looked."""
    standing = now(organisation)

    def settled(epochs: Epochs) -> Epochs:
        kept = {handle: root for handle, root in epochs.roots.items() if handle != organisation.hex}
        return replace(epochs, roots={**kept, organisation.hex: standing} if standing else kept)

    try:
        keyring.change(settled)
    except keyring.CopyFailed as fault:  # it is written at the next change; nobody's work waits for it
        _log.warning("witness: %s", type(fault).__name__)


def _root(organisation: UUID, size: int, at: int) -> bytes | None:
    try:
        return ReadOnlyTree(DatabaseTiles(organisation), size).root(at)
    except LedgerError:
        return None


def _tip_stands(organisation: UUID, standing: Root) -> bool:
    """Whether the last leaf of the tree is the last entry, so that the tiles of one day are not over another's log."""
    last = Entry.objects.filter(organisation=organisation, position=standing.size - 1).first()
    try:
        leaf = ReadOnlyTree(DatabaseTiles(organisation), standing.size).leaf(standing.size - 1)
    except LedgerError:
        return False
    return last is not None and leaf_hash(bytes(last.commitment)) == leaf
