"""One sequencer gives entries their place in the tree, soon after they are inserted.

So readers never queue behind the tree, an import or each other: they only insert.
"""

import hashlib
import logging
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from django.db import DatabaseError, close_old_connections, connection, transaction

from safeconduct.core.ledger.errors import LedgerError
from safeconduct.core.ledger.tree import Tree

from .models import Entry, Head
from .store import DatabaseTiles

_AT_ONCE: Final = 1000
_EMPTY_ROOT: Final = hashlib.sha256().digest()
_GATHER_SECONDS: Final = 0.25
_log = logging.getLogger("safeconduct.journal")
_poked = threading.Event()
_stopping = threading.Event()


def poke() -> None:
    """Say that there is an entry to place. Costs nothing where no sequencer runs in this process."""
    _poked.set()


def sequence() -> int:
    """Place every entry that has no position yet. Returns how many were placed.

    Safe to call from anywhere: the head's row is locked, so two callers never give one position twice.

    Raises:
        LedgerError: a tile the tree grows from is missing or damaged; the entries wait.
    """
    placed = 0
    for organisation in (
        Entry.objects.filter(position=None).order_by().values_list("organisation", flat=True).distinct()
    ):
        while True:
            with transaction.atomic():
                done = _append(organisation)
            placed += done
            if done < _AT_ONCE:
                break
    return placed


def _append(organisation: UUID) -> int:
    Head.objects.get_or_create(organisation=organisation, defaults={"root": _EMPTY_ROOT, "at": datetime.now(UTC)})
    head = Head.objects.select_for_update().get(organisation=organisation)
    waiting = list(
        Entry.objects.filter(organisation=organisation, position=None)
        .order_by("id")
        .values_list("id", "commitment")[:_AT_ONCE]
    )
    if not waiting:
        return 0
    tiles = DatabaseTiles(organisation)
    tree = Tree(tiles, head.size)
    tree.append_many([bytes(commitment) for _, commitment in waiting])
    _place([(position, entry) for position, (entry, _) in enumerate(waiting, start=head.size)])
    tiles.flush()
    head.size += len(waiting)
    head.root = tree.root()
    head.at = datetime.now(UTC)
    head.save()
    return len(waiting)


def _place(places: Sequence[tuple[int, int]]) -> None:
    """Write positions, each with the id of its entry: one statement over and over, which composes nothing."""
    statement = f'UPDATE "{Entry._meta.db_table}" SET position = %s WHERE id = %s'  # noqa: S608 - the model's own name
    with connection.cursor() as cursor:
        cursor.executemany(statement, places)


def start() -> threading.Thread:
    """Run the sequencer beside the server until `stop`."""
    _stopping.clear()
    thread = threading.Thread(target=_run, name="sequencer", daemon=True)
    thread.start()
    return thread


def stop(thread: threading.Thread) -> None:
    """Place what is left and end."""
    _stopping.set()
    _poked.set()
    thread.join()


def _run() -> None:
    while True:
        _poked.wait(timeout=30)
        _poked.clear()
        # Entries come in bursts: gathering them for a moment makes one write of many.
        _stopping.wait(_GATHER_SECONDS)
        try:
            close_old_connections()
            sequence()
        except (DatabaseError, LedgerError) as fault:
            # Entries are safe where they are; the next poke, or the next half minute, tries again. A tree that somebody
            # damaged does not end the thread: what is wrong with it, `verify` says.
            _log.warning("sequencer: %s, entries wait", type(fault).__name__)
        if _stopping.is_set():
            connection.close()
            return
