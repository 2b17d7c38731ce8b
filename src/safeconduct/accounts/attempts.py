"""Tries at a passphrase, counted so that each gets slower, whether or not anybody has that name.

A try is counted before anything is worked out, so many at once gain nothing, and forgotten when it was right. The
counters are kept by a hash under a key of this process's memory: somebody who types a passphrase where the name belongs
leaves nothing to guess at, and a restart begins to count anew.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Final

from django.db import transaction

from safeconduct.core.sealing import boxes

from . import keyring
from .faults import TooSoon
from .models import Attempts

# A few slips of the hand cost no waiting; then 2 seconds, 4, 8 …
FREE: Final = 5
LONGEST: Final = timedelta(minutes=5)
FORGOTTEN_AFTER: Final = timedelta(days=1)
# Somebody may try a million made-up names: beyond this many, those with the fewest failures go first.
MOST: Final = 20_000
_AT_ONCE: Final = 1_000


def wait_after(failures: int) -> timedelta:
    """How long after the last failure the next try is taken."""
    return timedelta(0) if failures < FREE else min(timedelta(seconds=2 ** min(failures - FREE + 1, 20)), LONGEST)


def count(*parts: str | bytes, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> bytes:
    """Count one more try at what ``parts`` name, and return the counter's key for `forget`. Its own transaction.

    Raises:
        TooSoon: it comes before the waiting is over. It is not counted and makes the waiting no longer.
    """
    key, at = boxes.derive(keyring.BOOT_KEY, boxes.context("attempts", *parts)), now()
    with transaction.atomic():
        Attempts.objects.filter(last_at__lt=at - FORGOTTEN_AFTER).delete()
        row = Attempts.objects.select_for_update().filter(key=key).first()
        if row is None:
            _bound()
            # Two at once for a new name: the other's row stands, and this try is counted on it.
            Attempts.objects.bulk_create([Attempts(key=key, failures=0, last_at=at)], ignore_conflicts=True)
            row = Attempts.objects.select_for_update().get(key=key)
        left = row.last_at + wait_after(row.failures) - at
        if row.failures >= FREE and left > timedelta(0):
            raise TooSoon(ceil(left.total_seconds()))
        row.failures, row.last_at = row.failures + 1, at
        row.save(update_fields=["failures", "last_at"])
    return key


def forget(key: bytes) -> None:
    """The try was right: begin to count anew."""
    Attempts.objects.filter(key=key).delete()


def _bound() -> None:
    if Attempts.objects.count() >= MOST:
        least = Attempts.objects.order_by("failures", "last_at").values_list("pk", flat=True)[:_AT_ONCE]
        Attempts.objects.filter(pk__in=list(least)).delete()
