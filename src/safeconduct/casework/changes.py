"""What one entry of a case changed: its letter's clock as it would be without it, and as it is. Nothing is stored."""

from collections.abc import Sequence
from dataclasses import dataclass

from safeconduct.core.calendar.days import BeyondCalendar

from .clocks import Clock, OfficeDays
from .models import Case, Event
from .schedule import clock_of


@dataclass(frozen=True, slots=True)
class Changed:
    """A letter's clock before an entry and after it. ``before`` is None where it could not be counted."""

    before: Clock | None
    after: Clock


def by_entry(case: Case, events: Sequence[Event], entry: Event, office: OfficeDays) -> Changed | None:
    """What ``entry`` changed among all of a case's ``events``; a correction, by taking its entry back.

    None for an entry that is of no letter. Raises `BeyondCalendar`.
    """
    if entry.enquiry is None:
        return None
    after = clock_of(entry.enquiry, case, events, office)
    try:
        before = clock_of(entry.enquiry, case, [one for one in events if one.pk != entry.pk], office)
    except BeyondCalendar:
        return Changed(None, after)
    return Changed(before, after)
