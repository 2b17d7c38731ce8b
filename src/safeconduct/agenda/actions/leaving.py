"""What ends here when a member goes on leave or for good: their calendar elsewhere, and the work they saw to."""

from django.db import transaction

from safeconduct.accounts.actions import leaving
from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Member
from safeconduct.journal.actions import record_write
from safeconduct.journal.models import Act as Entered

from ..models import Cover, Feed, SavedFilter


def put_on_leave(*, by: Actor, member: Member) -> None:
    """See `leaving.put_on_leave`, whose faults it raises. Their calendar's address answers nothing any more."""
    with transaction.atomic():
        leaving.put_on_leave(by=by, member=member)
        _end_feed(by, member)


def end_access(*, by: Actor, member: Member, state: Member.State) -> None:
    """See `leaving.end_access`, whose faults it raises. Who saw to their work goes on doing so."""
    with transaction.atomic():
        leaving.end_access(by=by, member=member, state=state)
        _end_feed(by, member)
        Cover.objects.filter(by=member).delete()
        SavedFilter.objects.filter(member=member).delete()


def _end_feed(by: Actor, member: Member) -> None:
    gone, _ = Feed.objects.filter(member=member).delete()
    if gone:
        record_write(
            organisation=by.organisation.handle, act=Entered.FEED_ENDED, member=by.member.handle, about=member.handle
        )
