"""Everything that is layered under an epoch, and moving all of it from older epochs to the current one.

A room says once which rows of its own carry a layer (`register`); nobody's key is needed to move them.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from django.db import connection, models, transaction
from django.db.models import Count

from safeconduct.core.sealing.epochs import Epochs
from safeconduct.core.sealing.faults import SealingFault

from . import keyring

# One transaction each: writers wait for no more than this many rows.
CHUNK: Final = 2000
_ROUNDS: Final = 10
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Layered:
    """A table whose column ``sealed`` is layered under the epoch in ``epoch``.

    ``place_from`` are lookups of the handles its place is made of, in the order ``place`` takes them. A row of epoch 0
    carries no layer.
    """

    model: type[models.Model]
    sealed: str
    place_from: tuple[str, ...]
    place: Callable[..., bytes]

    @property
    def rows(self) -> models.QuerySet[models.Model]:
        """The rows that carry a layer."""
        return self.model._default_manager.exclude(epoch=0).order_by()

    @property
    def name(self) -> str:
        """What the table is called where its rows are counted."""
        return str(self.model._meta.model_name)


@dataclass(frozen=True, slots=True)
class Moved:
    """How many rows were layered anew, and how many could not be because they are damaged."""

    rows: int
    damaged: int


_tables: list[Layered] = []


def register(layered: Layered) -> None:
    """Say that a table is layered. Once, when its room starts."""
    if all(one.model is not layered.model for one in _tables):
        _tables.append(layered)


def tables() -> tuple[Layered, ...]:
    """Every layered table."""
    return tuple(_tables)


def counts() -> dict[int, dict[str, int]]:
    """How many rows of each table stand under each epoch, by number and table."""
    out: dict[int, dict[str, int]] = {}
    for table in _tables:
        rows = table.rows.values_list("epoch").annotate(Count("pk"))
        for epoch, number in rows:
            out.setdefault(epoch, {})[table.name] = number
    return out


def move_all(progress: Progress | None = None) -> Moved:
    """Bring every row under the current epoch, a chunk a transaction; what was moved stays moved whatever comes.

    A desk may be serving: rows written meanwhile are under the current epoch already, or are met in another round.
    ``progress`` is told how many rows are done and how many there were to do.

    Raises `EpochFileUnreadable`.
    """
    epochs = keyring.epochs()
    in_all = sum(table.rows.exclude(epoch=epochs.current).count() for table in _tables)
    done: Counter[str] = Counter()
    damaged = 0
    for _ in range(_ROUNDS):
        before, damaged = done.total(), 0
        for table in _tables:
            for moved, broken in _move(table, epochs):
                done[table.name] += moved
                damaged += broken
                if progress:
                    progress(done.total(), max(in_all, done.total()))
        if done.total() == before:
            break
    return Moved(done.total(), damaged)


def _move(table: Layered, epochs: Epochs) -> Iterator[tuple[int, int]]:
    after = 0
    while True:
        with transaction.atomic():
            rows = list(
                table.rows.filter(pk__gt=after)
                .exclude(epoch=epochs.current)
                .select_for_update(of=("self",))
                .order_by("pk")
                .values_list("pk", "epoch", table.sealed, *table.place_from)[:CHUNK]
            )
            if not rows:
                return
            fresh: list[tuple[int, bytes, int]] = []
            for pk, epoch, sealed, *handles in rows:
                place = table.place(*handles)
                try:
                    number, layered = epochs.layer(epochs.peel(epoch, bytes(sealed), place), place)
                except SealingFault:
                    continue
                fresh.append((number, layered, pk))
            _save(table, fresh)
        after = rows[-1][0]
        yield len(fresh), len(rows) - len(fresh)


def _save(table: Layered, rows: list[tuple[int, bytes, int]]) -> None:
    # One statement for many rows: the ORM's bulk_update would send each sealed value inside one long expression.
    meta, quote = table.model._meta, connection.ops.quote_name
    column, key = meta.get_field(table.sealed).attname, meta.pk.attname  # type: ignore[union-attr]  # both plain columns
    statement = (
        f"UPDATE {quote(meta.db_table)} SET {quote('epoch')} = %s, {quote(column)} = %s"  # noqa: S608 -- names of our own tables
        f" WHERE {quote(key)} = %s"
    )
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)
