"""Certificates of erasure, as epochs end: when nothing can open what was erased any more, wherever it was copied."""

from datetime import UTC, datetime, timedelta

from django.conf import settings

from safeconduct.accounts import keyring
from safeconduct.accounts.actions import epochs
from safeconduct.accounts.keys import today
from safeconduct.core.calendar.days import day_in_london

from ..models import Erasure


def unreadable_by(epoch: int, *, retain: timedelta | None = None) -> datetime:
    """From when no backup is wanted that stands under ``epoch`` or one before it, as far as is known now."""
    now, kept = datetime.now(UTC), retain or timedelta(days=settings.RETAIN_DAYS)
    numbers = [number for number in keyring.epochs().keys if number <= epoch]
    return max((epochs.due(number, at=now, retain=kept) for number in numbers), default=now)


def settle(*, retain: timedelta | None = None) -> int:
    """Bring certificates up to date with the epochs there are. How many were finished: no key is left for them."""
    finished = 0
    oldest = min(keyring.epochs().keys)
    for row in Erasure.objects.filter(destroyed_on=None):
        if row.epoch < oldest:
            row.destroyed_on = today()
            finished += 1
        else:
            row.unreadable_by = max(row.unreadable_by, day_in_london(unreadable_by(row.epoch, retain=retain)))
        row.save(update_fields=["destroyed_on", "unreadable_by"])
    return finished
