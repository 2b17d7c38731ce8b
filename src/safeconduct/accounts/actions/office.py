"""The office's own days and ways: habits, not law; and whether it may give advice on the law."""

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
LONGEST_SILENCE: Final = 250
LONGEST_KEPT: Final = 240


@dataclass(frozen=True, slots=True)
class Days:
    """Working days, from `FEWEST` to `MOST`: to the first letter, to following up, between chases, to telling."""

    first_letter: int
    follow_up: int
    chase: int
    tell: int


@dataclass(frozen=True, slots=True)
class Ways:
    """After how many working days without an event a case is looked at again (`FEWEST` to `LONGEST_SILENCE`); after how
    many months a closed case is looked through (to `LONGEST_KEPT`; None where nobody has chosen); whether whoever works
    here may give immigration advice.
    """

    silence: int
    keep_months: int | None
    gives_advice: bool


def set_days(*, by: Actor, days: Days, ways: Ways | None = None) -> None:
    """Set the organisation's days, and its ways where they are given. What is due by them is made again by the room
    that keeps clocks.

    Raises:
        Refused: policy. DaysOutOfRange. JournalUnavailable: nothing was kept.
    """
    policies.require(by, Act.SET_OFFICE_DAYS, policies.of_organisation(by.organisation))
    if not all(FEWEST <= one <= MOST for one in (days.first_letter, days.follow_up, days.chase, days.tell)):
        raise DaysOutOfRange(f"Each is between {FEWEST} and {MOST} working days.")
    if ways is not None and not FEWEST <= ways.silence <= LONGEST_SILENCE:
        raise DaysOutOfRange(f"Silence is between {FEWEST} and {LONGEST_SILENCE} working days.")
    if ways is not None and ways.keep_months is not None and not 1 <= ways.keep_months <= LONGEST_KEPT:
        raise DaysOutOfRange(f"A closed case is kept from 1 to {LONGEST_KEPT} months before it is looked through.")
    office = by.organisation
    fields = ["first_letter_days", "follow_up_days", "chase_days", "tell_days"]
    office.first_letter_days, office.follow_up_days = days.first_letter, days.follow_up
    office.chase_days, office.tell_days = days.chase, days.tell
    if ways is not None:
        office.silence_days, office.keep_months = ways.silence, ways.keep_months
        office.gives_advice = ways.gives_advice
        fields += ["silence_days", "keep_months", "gives_advice"]
    with transaction.atomic():
        office.save(update_fields=fields)
        record_write(organisation=office.handle, act=Entered.OFFICE_DAYS_SET, member=by.member.handle)
