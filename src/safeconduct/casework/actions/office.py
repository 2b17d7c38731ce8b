"""The office's own days, and every clock that runs by them."""

import contextlib
from typing import Final

from django.db import transaction

from safeconduct.accounts.actions.office import Days, Ways, set_days
from safeconduct.accounts.actor import Actor
from safeconduct.core.calendar.days import BeyondCalendar

from ..models import Case
from ..schedule import office_days, reschedule

_AT_ONCE: Final = 200


def set_office_days(*, by: Actor, days: Days, ways: Ways | None = None) -> None:
    """Set the office's days, and its ways where they are given, and make what is due say the same, in chunks of cases.

    Should it be cut short, the days are set and the rest of the agenda is behind until each case's next event: the
    agenda is a projection, and ``safeconduct check`` says where it differs.

    Raises:
        Refused: policy. DaysOutOfRange. JournalUnavailable: nothing was kept.
    """
    set_days(by=by, days=days, ways=ways)
    office = office_days(by.organisation)
    shown = Case.objects.filter(organisation=by.organisation, state=Case.State.OPEN, subject__waiting=False)
    # Held while they are read and made again: an event logged meanwhile would be left out, or stop the whole chunk.
    rows = (
        shown.select_for_update(of=("self",)).order_by("pk").prefetch_related("enquiries", "deadlines", "events__said")
    )
    last, ended = 0, False
    while not ended:
        with transaction.atomic():
            cases = list(rows.filter(pk__gt=last)[:_AT_ONCE])
            ended = len(cases) < _AT_ONCE
            for case in cases:
                last = case.pk
                # Its next day may be later than any published holiday: then what stood stays.
                with contextlib.suppress(BeyondCalendar):
                    reschedule(case, office)
