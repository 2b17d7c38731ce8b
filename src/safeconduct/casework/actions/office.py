"""The office's own days, and every clock that runs by them."""

from typing import Final

from django.db import transaction

from safeconduct.accounts.actions.office import Days, set_days
from safeconduct.accounts.actor import Actor
from safeconduct.core.calendar.days import BeyondCalendar

from ..models import Case
from ..schedule import office_days, reschedule

_AT_ONCE: Final = 200


def set_office_days(*, by: Actor, days: Days) -> None:
    """Set the office's days and make what is due say the same, a chunk of cases at a time.

    Should it be cut short, the days are set and the rest of the agenda is behind until each case's next event: the
    agenda is a projection, and ``safeconduct check`` says where it differs.

    Raises:
        Refused: policy. DaysOutOfRange. JournalUnavailable: nothing was kept.
    """
    set_days(by=by, days=days)
    office = office_days(by.organisation)
    waiting = Case.objects.filter(organisation=by.organisation, state=Case.State.OPEN, subject__waiting=False)
    after = 0
    while cases := list(waiting.filter(pk__gt=after).order_by("pk")[:_AT_ONCE]):
        after = cases[-1].pk
        with transaction.atomic():
            for case in cases:
                try:
                    with transaction.atomic():
                        reschedule(case, office)
                except BeyondCalendar:
                    continue  # its next day is later than any published holiday: what stood stays
