"""Who sees to a member's work while they are away."""

from datetime import date, timedelta
from typing import Final

from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.keys import today
from safeconduct.accounts.models import Member, Team
from safeconduct.core.policy.facts import Act
from safeconduct.journal.actions import record_write
from safeconduct.journal.models import Act as Entered

from .. import policies
from ..faults import CoverOver, NotAColleague, NotThoseDays
from ..models import Cover

LONGEST: Final = timedelta(days=366)


def set_cover(*, by: Actor, member: Member, colleague: Member, from_on: date, until_on: date) -> Cover:
    """Let a colleague see a member's work as their own from one day until another, both counted.

    It opens nothing to the colleague that their own teams do not hold.

    Raises:
        Refused: policy. NotAColleague, NotThoseDays: see those. JournalUnavailable: nothing was kept.
    """
    policies.require(by, Act.SET_COVER, policies.of_account(member))
    if from_on > until_on or until_on < today() or until_on - from_on > LONGEST:
        raise NotThoseDays("Give a first day and a last one that is not past, no more than a year apart.")
    shared = Team.objects.filter(memberships__member=member).filter(memberships__member=colleague)
    if colleague.pk == member.pk or colleague.state != Member.State.ACTIVE or not shared.exists():
        raise NotAColleague("Choose a colleague who is at work and in one of the same teams.")
    with transaction.atomic():
        cover = Cover.objects.create(member=member, by=colleague, from_on=from_on, until_on=until_on)
        _record(by, member, count=1)
    return cover


def end_cover(*, by: Actor, cover: Cover) -> None:
    """End a cover at once. Raises `Refused`, `CoverOver`, `JournalUnavailable`."""
    policies.require(by, Act.SET_COVER, policies.of_account(cover.member))
    with transaction.atomic():
        gone, _ = Cover.objects.filter(pk=cover.pk).delete()
        if not gone:
            raise CoverOver("This had ended already. Nothing was changed.")
        _record(by, cover.member, count=0)


def _record(by: Actor, member: Member, *, count: int) -> None:
    record_write(
        organisation=by.organisation.handle,
        act=Entered.COVER_SET,
        member=by.member.handle,
        about=member.handle,
        count=count,
    )
