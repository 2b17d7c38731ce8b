"""Acts on the organisation's log as a whole."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from safeconduct.core.policy.facts import Act
from safeconduct.journal.actions import JournalUnavailable, record_write
from safeconduct.journal.models import Act as Entered
from safeconduct.journal.models import Entry

from .. import policies
from ..actor import Actor
from . import refused_tries

# One entry a member in this time, however often they are refused; the next one says of how many.
_REFUSALS_EVERY: Final = timedelta(minutes=1)
_log = logging.getLogger("safeconduct.accounts")
_unsaid: dict[UUID, int] = {}


def record_export(*, by: Actor) -> None:
    """Say in the log that it is being exported. Raises `Refused`, `JournalUnavailable`."""
    policies.require(by, Act.EXPORT_LOG, policies.of_organisation(by.organisation))
    with transaction.atomic():
        refused_tries.write_sums(organisation=by.organisation.handle)
        record_write(organisation=by.organisation.handle, act=Entered.LOG_EXPORTED, member=by.member.handle)


def note_refusal(*, by: Actor) -> None:
    """Say in the log that policy refused a member, at most once a minute: a flood of them makes no flood of entries.

    Those in between are counted in memory and said with the next entry; a restart forgets them. A log that cannot be
    written takes nothing away from the refusal.
    """
    member, now = by.member.handle, datetime.now(UTC)
    recent = Entry.objects.filter(member=member, act=Entered.REFUSED, at__gt=now - _REFUSALS_EVERY, at__lte=now)
    if recent.exists():
        _unsaid[member] = _unsaid.get(member, 0) + 1
        return
    try:
        with transaction.atomic():
            record_write(
                organisation=by.organisation.handle,
                act=Entered.REFUSED,
                member=member,
                count=1 + _unsaid.get(member, 0),
            )
    except JournalUnavailable:
        _log.error("a refusal could not be written into the log")
        return
    _unsaid.pop(member, None)
