"""What a page tells a member besides its own matter. Mostly there is nothing, and each question is a short one."""

from dataclasses import dataclass
from typing import Final

from safeconduct.journal.models import Alarm

from .actions import drafts, recovery
from .actor import Actor


@dataclass(frozen=True, slots=True)
class Told:
    """Whether typed text is kept for the member, how many alarms wait for them, and whether a recovery waits."""

    drafts: bool = False
    alarms: int = 0
    recoveries: bool = False


NOTHING: Final = Told()


def told(by: Actor) -> Told:
    """What there is to tell a member now. Alarms are for guardians alone."""
    # Three questions: to compose the one that asks all of it takes Django longer than to have them answered.
    alarms = Alarm.objects.filter(organisation=by.organisation.handle, seen_at__isnull=True)
    return Told(
        drafts.has_any(by.member),
        alarms.count() if by.member.is_guardian else 0,
        recovery.pending(by.organisation).exists(),
    )
