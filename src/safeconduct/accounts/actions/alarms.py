"""What guardians do about alarms, and how many records the office expects a member to open."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from django.db import transaction

from safeconduct.core.policy.facts import Act
from safeconduct.journal.actions import record_write
from safeconduct.journal.models import Act as Entered
from safeconduct.journal.models import Alarm

from .. import policies, witness
from ..actor import Actor
from ..faults import BoundsOutOfRange, OwnAlarm
from ..models import Member

# Alarms of these kinds are about nobody on the staff.
OF_NOBODY: Final = frozenset({Alarm.Kind.LOG, Alarm.Kind.TRIES})
# Fewer would stop ordinary work; more would let a whole office be read before anybody is told.
SLOW: Final = (20, 500)
STOP: Final = (40, 2_000)
TELL: Final = (200, 20_000)


@dataclass(frozen=True, slots=True)
class Tripwire:
    """Records: slowed and stopped from so many in an hour, told from so many in thirty days."""

    slow_from: int
    stop_from: int
    tell_from: int


def set_tripwire(*, by: Actor, tripwire: Tripwire) -> None:
    """Set from how many records on a member is slowed and stopped, and guardians are told.

    Raises:
        Refused: policy. BoundsOutOfRange. JournalUnavailable: nothing was kept.
    """
    policies.require(by, Act.SET_TRIPWIRE, policies.of_organisation(by.organisation))
    asked = ((tripwire.slow_from, SLOW), (tripwire.stop_from, STOP), (tripwire.tell_from, TELL))
    if not all(low <= one <= high for one, (low, high) in asked):
        raise BoundsOutOfRange("Each number has a least and a most: see beside it.")
    if tripwire.stop_from <= tripwire.slow_from:
        raise BoundsOutOfRange("Stop somebody only after they have been slowed: that number is the larger one.")
    office = by.organisation
    office.slow_from, office.stop_from, office.tell_from = (one for one, _ in asked)
    with transaction.atomic():
        policies.require_now(by, Act.SET_TRIPWIRE, policies.of_organisation(office))
        office.save(update_fields=["slow_from", "stop_from", "tell_from"])
        record_write(organisation=office.handle, act=Entered.TRIPWIRE_SET, member=by.member.handle)


def answer_alarm(*, by: Actor, alarm: Alarm) -> None:
    """Say that a guardian has looked. A member who was stopped reads on; a log that differed is taken as it is now.

    Raises:
        Refused: policy. OwnAlarm: it is about this guardian, and there is another.
        JournalUnavailable: nothing was kept.
    """
    policies.require(by, Act.ANSWER_ALARM, policies.of_organisation(by.organisation))
    others = by.organisation.members.filter(is_guardian=True, state=Member.State.ACTIVE).exclude(pk=by.member.pk)
    if alarm.kind not in OF_NOBODY and alarm.member == by.member.handle and others.exists():
        raise OwnAlarm("This alarm is about you, so another guardian answers it.")
    now = datetime.now(UTC)
    same = Alarm.objects.filter(organisation=by.organisation.handle, kind=alarm.kind, seen_at__isnull=True)
    if alarm.kind not in OF_NOBODY:
        same = same.filter(member=alarm.member)
    with transaction.atomic():
        policies.require_now(by, Act.ANSWER_ALARM, policies.of_organisation(by.organisation))
        answered = same.update(seen_at=now, seen_by=by.member.handle)
        if not answered:
            return
        record_write(
            organisation=by.organisation.handle,
            act=Entered.ALARM_SEEN,
            member=by.member.handle,
            about=None if alarm.kind in OF_NOBODY else alarm.member,
            count=answered,
        )
        if alarm.kind == Alarm.Kind.LOG:
            witness.accept(by.organisation.handle)
