"""Acts on the organisation's log as a whole."""

from django.db import transaction

from safeconduct.core.policy.facts import Act
from safeconduct.journal.actions import record_write
from safeconduct.journal.models import Act as Entered

from .. import policies
from ..actor import Actor


def record_export(*, by: Actor) -> None:
    """Say in the log that it is being exported. Raises `Refused`, `JournalUnavailable`."""
    policies.require(by, Act.EXPORT_LOG, policies.of_organisation(by.organisation))
    with transaction.atomic():
        record_write(organisation=by.organisation.handle, act=Entered.LOG_EXPORTED, member=by.member.handle)
