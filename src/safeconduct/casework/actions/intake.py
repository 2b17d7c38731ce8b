"""Saying what was asked before an office acts on a case."""

import msgspec
from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.core.policy.facts import Act
from safeconduct.journal.actions import record_writes
from safeconduct.journal.models import Act as Entered
from safeconduct.people import journaling
from safeconduct.people.facets import CaseHead, Intake
from safeconduct.people.history import NOT_SAID, Why
from safeconduct.people.keys import hold
from safeconduct.people.models import Envelope
from safeconduct.people.records import write_facet

from .. import policies
from ..models import Case


def set_intake(*, by: Actor, case: Case, head: CaseHead, read: int, intake: Intake, why: Why = NOT_SAID) -> None:
    """Save the intake over revision ``read`` of the head, as it was opened. A closed case can be settled too.

    Raises:
        Refused, NotHeld: policy. Changed: somebody saved the head in between. JournalUnavailable: nothing was kept.
    """
    policies.require(by, Act.CHANGE_CASE, policies.of_subject(by, case.subject))
    keyed = hold(by, case.subject)
    with transaction.atomic():
        written = write_facet(
            keyed, Envelope.Facet.HEAD, msgspec.structs.replace(head, intake=intake), read=read, why=why
        )
        record_writes([journaling.wrote(by, keyed, Entered.CHANGED_CASE, written, {"facet": "head"})])
