"""Limits of the law that run against the person a case concerns."""

from datetime import date

from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.agenda.actions import replace
from safeconduct.core.calendar.limits import NoLimit, NoSecondClock
from safeconduct.core.calendar.rules import NotInForce
from safeconduct.core.policy.facts import Act
from safeconduct.journal.actions import record_writes
from safeconduct.journal.models import Act as Entered
from safeconduct.people import journaling
from safeconduct.people.keys import hold

from .. import facts, policies
from ..faults import NotOnThisCase, RuleHasNoSuchDay
from ..models import Case, Deadline
from ..schedule import limit_of, office_days, reschedule
from .cases import lock, require_open, require_past


def set_deadline(
    *,
    by: Actor,
    case: Case,
    rule: str,
    on: date,
    nation: str,
    abroad: bool = False,
    detained: bool = False,
    letter_on: date | None = None,
) -> Deadline:
    """Let a limit run from something that happened on a day.

    Raises:
        Refused, NotHeld: policy. CaseClosed, NotYet. RuleHasNoSuchDay: the rule governs another time.
        BeyondCalendar: the last day lies beyond the published bank holidays.
    """
    policies.require(by, Act.LOG_EVENT, policies.of_subject(by, case.subject))
    require_past(on)
    deadline = Deadline(
        case=case, rule=rule, on=on, nation=nation, abroad=abroad, detained=detained, letter_on=letter_on
    )
    try:
        limit_of(deadline)
    except (NotInForce, NoLimit, NoSecondClock) as fault:
        raise RuleHasNoSuchDay(str(fault)) from None
    keyed = hold(by, case.subject)
    with transaction.atomic():
        lock(case)
        require_open(case)
        deadline.save()
        record_writes(
            [
                journaling.wrote(
                    by, keyed, Entered.CHANGED_CASE, [facts.committed(case)], {"deadline": deadline.handle.hex}
                )
            ]
        )
        reschedule(case, office_days(by.organisation))
    return deadline


def meet_deadline(*, by: Actor, case: Case, deadline: Deadline, on: date) -> None:
    """Say that what the limit asks for was done on a day. Raises `Refused`, `NotHeld`, `NotOnThisCase`, `NotYet`."""
    policies.require(by, Act.LOG_EVENT, policies.of_subject(by, case.subject))
    require_past(on)
    _require_of(case, deadline)
    keyed = hold(by, case.subject)
    with transaction.atomic():
        lock(case)
        deadline.met_on = on
        deadline.save(update_fields=["met_on"])
        record_writes(
            [
                journaling.wrote(
                    by, keyed, Entered.CHANGED_CASE, [facts.committed(case)], {"deadline": deadline.handle.hex}
                )
            ]
        )
        reschedule(case, office_days(by.organisation))


def drop_deadline(*, by: Actor, case: Case, deadline: Deadline) -> None:
    """Take away a limit that never ran, or counts from a wrong day. The log alone keeps that it was there.

    Raises:
        Refused, NotHeld: policy. CaseClosed, NotOnThisCase: the state forbids it.
    """
    policies.require(by, Act.LOG_EVENT, policies.of_subject(by, case.subject))
    _require_of(case, deadline)
    keyed = hold(by, case.subject)
    with transaction.atomic():
        lock(case)
        require_open(case)
        replace(handles=[deadline.handle], items=[])
        Deadline.objects.filter(pk=deadline.pk).delete()
        detail = {"deadline": deadline.handle.hex}
        record_writes([journaling.wrote(by, keyed, Entered.CHANGED_CASE, [facts.committed(case)], detail)])
        reschedule(case, office_days(by.organisation))


def _require_of(case: Case, deadline: Deadline) -> None:
    if deadline.case_id != case.pk:
        raise NotOnThisCase("That limit is of another case.")
