"""Changing epochs. Nobody's key is needed, so whoever runs the commands on this machine may; the log says when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from safeconduct.core.sealing.epochs import Epochs, Told
from safeconduct.journal.actions import record_write
from safeconduct.journal.models import Act

from .. import keyring, layers, witness
from ..models import Organisation

# A page begun under the epoch before may still be saving: none takes as long as this.
GRACE: Final = timedelta(minutes=2)


class EpochInUse(Exception):
    """The epoch cannot be destroyed: something still needs it."""


@dataclass(frozen=True, slots=True)
class Epoch:
    """An epoch as `safeconduct epochs` lists it. ``rows``: how many stand under it in the database, by table."""

    number: int
    current: bool
    told: Told
    rows: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Begun:
    """The epoch that is current now, and how many rows were brought under it. ``resumed``: it had begun before."""

    number: int
    moved: layers.Moved
    resumed: bool


def listing() -> list[Epoch]:
    """Every epoch whose key is at hand, oldest first. Raises `EpochFileUnreadable`."""
    epochs, rows = keyring.epochs(), layers.counts()
    return [
        Epoch(number, number == epochs.current, epochs.told.get(number, Told()), rows.get(number, {}))
        for number in sorted(epochs.keys)
    ]


def begin(*, progress: layers.Progress | None = None) -> Begun:
    """Begin an epoch and bring everything under it. One that was begun and cut short is finished instead.

    Raises:
        EpochFileUnreadable: nothing was done. CopyFailed: it has begun; mend the place of the copy and go on.
    """
    now = datetime.now(UTC)
    known = keyring.epochs()
    resumed = _cut_short(known)
    if not resumed:
        known = keyring.change(lambda epochs: epochs.next(now))
    moved = layers.move_all(progress)
    with transaction.atomic():
        _record(Act.EPOCH_BEGUN, count=moved.rows)
    keyring.change(lambda epochs: epochs.layered(datetime.now(UTC)))
    return Begun(known.current, moved, resumed)


def destroy(number: int, *, serving: bool = False, at: datetime | None = None) -> None:
    """Destroy an epoch's key, here and in the second copy: what only it opens is beyond reading from then on.

    ``serving``: a desk is running on the folder, so the epoch after it must have been current for a while.

    Raises:
        EpochInUse: it is the current one, something in the database stands under it, or it was current a moment ago.
        EpochMissing: there is no such epoch. CopyFailed: nothing was destroyed.
    """
    now = at or datetime.now(UTC)
    epochs = keyring.epochs()
    if number == epochs.current:
        raise EpochInUse("This is the current epoch: every record stands under it. Begin another one first.")
    epochs.without(number)  # raises where there is none
    if serving and left_of_grace(number, at=now):
        raise EpochInUse(
            "The next epoch began a moment ago, and the desk may still be saving under this one. Wait two minutes."
        )
    _require_one_copy(epochs)
    keyring.copy_out()  # raises before anything is destroyed
    with transaction.atomic():
        rows = layers.counts().get(number, {})
        if rows:
            raise EpochInUse(
                f"{sum(rows.values())} keys in the database stand under this epoch. Run: safeconduct epochs begin"
            )
        _record(Act.EPOCH_DESTROYED, count=1)
        keyring.change(lambda known: known.without(number))


def left_of_grace(number: int, *, at: datetime) -> timedelta:
    """How long a page begun while an epoch was current may still take; zero when none can be left."""
    epochs = keyring.epochs()
    after = epochs.told.get(min(n for n in epochs.keys if n > number), Told()).begun
    return max(timedelta(), GRACE - (at - after)) if after else timedelta()


def past(at: datetime, *, retain: timedelta) -> list[int]:
    """The epochs that nothing needs any more: no row in the database, and no backup younger than was asked for.

    Of an epoch without a backup of ours somebody may have made a copy by hand, so it is kept as long as a backup made
    at its end would be.
    """
    epochs, rows = keyring.epochs(), layers.counts()
    return [
        number
        for number in sorted(epochs.keys)
        if number != epochs.current and not rows.get(number) and due(number, at=at, retain=retain) <= at
    ]


def due(number: int, *, at: datetime, retain: timedelta) -> datetime:
    """When nothing needs an epoch any more, as far as is known ``at`` an instant: see `past`."""
    epochs = keyring.epochs()
    if until := epochs.told.get(number, Told()).needed_until:
        return until
    later = [n for n in epochs.keys if n > number]
    ended = epochs.told.get(min(later), Told()).begun if later else None
    return (ended or at) + retain


def record_backup() -> None:
    """Say in every organisation's log that a backup was made and tried."""
    with transaction.atomic():
        _record(Act.BACKED_UP, count=1)


def record_restore() -> None:
    """Say in every organisation's log that it was restored from a backup."""
    with transaction.atomic():
        _record(Act.RESTORED, count=1)


def remember_logs() -> None:
    """Remember where each organisation's log stands, beside the database. Raises `EpochFileUnreadable`."""
    standing = {handle.hex: witness.now(handle) for handle in organisations()}
    keyring.remember_roots({handle: root for handle, root in standing.items() if root is not None})


def organisations() -> list[UUID]:
    """The handles of the organisations whose logs are here."""
    return list(Organisation.objects.order_by("pk").values_list("handle", flat=True))


def _cut_short(epochs: Epochs) -> bool:
    told = epochs.told.get(epochs.current, Told())
    return told.begun is not None and told.layered is None


def _require_one_copy(epochs: Epochs) -> None:
    """Raises `EpochInUse` where a copy of the file lies in a place that is no longer written to."""
    where = getattr(settings, "EPOCH_COPY", "")
    if epochs.copy and not (where and Path(where) == Path(epochs.copy).parent) and Path(epochs.copy).exists():
        raise EpochInUse(
            f"An older copy of the epoch file lies at {epochs.copy}, which the setting epoch_copy no longer names, and"
            " holds this key. Delete it, or name its folder in epoch_copy again."
        )


def _record(act: Act, *, count: int) -> None:
    for handle in organisations():
        record_write(organisation=handle, act=act, member=None, count=count)
