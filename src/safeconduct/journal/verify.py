"""Checking the log against itself: what ``safeconduct check`` runs.

Finds an entry that was changed, taken out or put in, and a tree that was not kept. It cannot find a log recomputed
whole since the last checkpoint kept elsewhere: that takes a witness.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from safeconduct.core.ledger.audit import ComparedTiles
from safeconduct.core.ledger.errors import TileDiffers, TileMissing
from safeconduct.core.ledger.tree import TILE_WIDTH, Tree

from .commitments import Written, commit
from .erasing import Erased
from .models import Entry, Head
from .store import DatabaseTiles


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Where the log and what it says part: a code and the position, when there is one."""

    code: str
    position: int | None = None


def verify(organisation: UUID) -> Iterator[Disagreement]:
    """Every disagreement in one organisation's log, in order of position."""
    head = Head.objects.filter(organisation=organisation).first()
    size = head.size if head else 0
    placed = Entry.objects.filter(organisation=organisation, position__isnull=False).order_by("position")
    if placed.count() != size:
        yield Disagreement("size_differs", size)
    tree = Tree(ComparedTiles(DatabaseTiles(organisation)))
    batch: list[bytes] = []
    erased = Erased()
    for expected, entry in enumerate(placed.prefetch_related("commitments").iterator(chunk_size=1000)):
        if entry.position != expected:
            yield Disagreement("entry_missing", expected)
            return
        # Without its salt an entry cannot be held against its leaf: then an erasing entry has to account for it.
        if entry.salt is None:
            if not erased.accounts_for(entry):
                yield Disagreement("entry_changed", entry.position)
        elif entry.erased_id or commit(entry, _written(entry)) != bytes(entry.commitment):
            yield Disagreement("entry_changed", entry.position)
        batch.append(bytes(entry.commitment))
        if len(batch) == TILE_WIDTH or expected == size - 1:
            try:
                tree.append_many(batch)
            except (TileDiffers, TileMissing):
                yield Disagreement("tile_differs", tree.size)
                return
            batch.clear()
    if head and tree.size == size and tree.root() != bytes(head.root):
        yield Disagreement("root_differs")


def _written(entry: Entry) -> list[Written]:
    return [Written(one.envelope, one.revision, bytes(one.digest)) for one in entry.commitments.all()]
