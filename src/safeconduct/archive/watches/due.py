"""When an address is looked at next, and which are due now."""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from ..capture.watching import Seen, Why
from .models import HowOften, Watch

EVERY: Final = {
    HowOften.DAILY: timedelta(days=1),
    HowOften.WEEKLY: timedelta(days=7),
    HowOften.MONTHLY: timedelta(days=30),
}
# Who was asked too often is asked half as often, and half of that the next time: at most this many halvings.
_MOST_PUT_OFF: Final = 5
_LONGEST: Final = timedelta(days=60)
THROTTLES: Final = frozenset({Why.THROTTLED, Why.REFUSED, Why.ASKED_TO_SIGN_IN})


def after(every: HowOften, put_off: int, now: datetime) -> datetime:
    """When to look next: later each time it was put off in a row, though at least as often as in sixty days."""
    step: timedelta = min(EVERY[every] * 2 ** min(put_off, _MOST_PUT_OFF), max(_LONGEST, EVERY[every]))
    return now + step


def put_off(before: int, seen: Seen) -> int:
    """How often in a row it was put off by now. What says that it is gone need not be asked as often either."""
    return before + 1 if seen in (Seen.UNREACHABLE, Seen.GONE) else 0


def due(now: datetime) -> QuerySet[Watch]:
    """The watches that are due, the longest first."""
    rows = Watch.objects.filter(due_at__lte=now, source__address__isnull=False)
    return rows.select_related("source__organisation", "source__by", "source__file", "by__organisation").order_by(
        "due_at", "pk"
    )
