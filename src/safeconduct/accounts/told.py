"""What a page tells a member besides its own matter. Mostly there is nothing, so it is one question for all of it."""

from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Exists, OuterRef, Subquery

from safeconduct.journal.models import Alarm

from .actions import drafts, recovery
from .actor import Actor
from .models import Member


@dataclass(frozen=True, slots=True)
class Told:
    """Whether typed text is kept for the member, how many alarms wait for them, and whether a recovery waits."""

    drafts: bool = False
    alarms: int = 0
    recoveries: bool = False


NOTHING: Final = Told()


def told(by: Actor) -> Told:
    """What there is to tell a member now. Alarms are for guardians alone."""
    waiting = Alarm.objects.filter(organisation=by.organisation.handle, seen_at__isnull=True)
    alarms = waiting.order_by().values("organisation").annotate(number=Count("pk")).values("number")
    row = (
        Member.objects.filter(pk=by.member.pk)
        .annotate(
            kept=Exists(drafts.of_today().filter(member=OuterRef("pk"))),
            asked=Exists(recovery.pending(by.organisation)),
            alarms=Subquery(alarms),
        )
        .values_list("kept", "asked", "alarms")
        .first()
    )
    if row is None:
        return NOTHING
    kept, asked, number = row
    return Told(kept, (number or 0) if by.member.is_guardian else 0, asked)
