"""Alarms, for guardians: who opened more than the office expects of anyone, and whether the log is in doubt."""

from collections.abc import Sequence
from uuid import UUID

from safeconduct.core.policy.facts import Act
from safeconduct.journal.models import Alarm

from . import policies
from .actor import Actor
from .models import Member


def alarms(*, by: Actor) -> Sequence[Alarm]:
    """Those nobody has answered, and then the newest hundred of the others. Raises `Refused`."""
    policies.require(by, Act.ANSWER_ALARM, policies.of_organisation(by.organisation))
    of_office = Alarm.objects.filter(organisation=by.organisation.handle).order_by("-at", "-id")
    return [*of_office.filter(seen_at__isnull=True), *of_office.filter(seen_at__isnull=False)[:100]]


def alarm(*, by: Actor, handle: UUID) -> Alarm:
    """One alarm of the actor's organisation. Raises `Alarm.DoesNotExist`, `Refused`."""
    policies.require(by, Act.ANSWER_ALARM, policies.of_organisation(by.organisation))
    return Alarm.objects.get(organisation=by.organisation.handle, handle=handle)


def unanswered(by: Actor) -> int:
    """How many alarms wait for an answer; none for those who do not answer them."""
    if not by.member.is_guardian:
        return 0
    return Alarm.objects.filter(organisation=by.organisation.handle, seen_at__isnull=True).count()


def guardians(by: Actor) -> list[str]:
    """The names of those who may answer: what a member who was stopped needs to know."""
    rows = by.organisation.members.filter(is_guardian=True, state=Member.State.ACTIVE)
    return list(rows.order_by("name").values_list("name", flat=True))
