"""The office's own days: habits, not law."""

from dataclasses import dataclass
from typing import Final

from django.db import transaction

from safeconduct.core.policy.facts import Act
from safeconduct.journal.actions import record_write
from safeconduct.journal.models import Act as Entered

from .. import policies
from ..actor import Actor
from ..faults import DaysOutOfRange

FEWEST: Final = 1
MOST: Final = 60


@dataclass(frozen=True, slots=True)
class Days:
    """Working days, from `FEWEST` to `MOST`: to the first letter, to following up, between chases, to telling."""

    first_letter: int
    follow_up: int
    chase: int
    tell: int


def set_days(*, by: Actor, days: Days) -> None:
    """Set the organisation's days. What is due by them is made again by the room that keeps clocks.

    Raises:
        Refused: policy. DaysOutOfRange. JournalUnavailable: nothing was kept.
    """
    policies.require(by, Act.SET_OFFICE_DAYS, policies.of_organisation(by.organisation))
    if not all(FEWEST <= one <= MOST for one in (days.first_letter, days.follow_up, days.chase, days.tell)):
        raise DaysOutOfRange(f"Each is between {FEWEST} and {MOST} working days.")
    office = by.organisation
    office.first_letter_days, office.follow_up_days = days.first_letter, days.follow_up
    office.chase_days, office.tell_days = days.chase, days.tell
    with transaction.atomic():
        office.save(update_fields=["first_letter_days", "follow_up_days", "chase_days", "tell_days"])
        record_write(organisation=office.handle, act=Entered.OFFICE_DAYS_SET, member=by.member.handle)
