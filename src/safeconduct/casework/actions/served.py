"""A decision that came, and the limits that run from it, logged in one act."""

from collections.abc import Collection
from datetime import UTC, datetime

from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.keys import today
from safeconduct.core.policy.facts import Act
from safeconduct.journal.actions import record_writes
from safeconduct.journal.models import Act as Entered
from safeconduct.people import journaling
from safeconduct.people.facets import CaseEntry
from safeconduct.people.keys import hold
from safeconduct.people.models import Envelope
from safeconduct.people.records import new_envelope

from .. import facts, policies
from ..decisions import Served, chosen, limits_from
from ..faults import NotOnThisCase, RuleHasNoSuchDay
from ..models import Case, Deadline, Enquiry, Event
from ..schedule import office_days, reschedule
from .cases import lock, require_open, require_past


def log_decision(
    *, by: Actor, case: Case, enquiry: Enquiry | None, served: Served, rules: Collection[str], note: str = ""
) -> Event:
    """Log that a decision came, with those of its limits whose rules are named. A limit that runs already stays one.

    What was decided is said in the sealed ``note`` alone. ``enquiry`` is the letter it answers: its clock stops.

    Raises:
        Refused, NotHeld: policy. CaseClosed, NotYet, NotOnThisCase: the state forbids it.
        ServedDaysDisagree, SentDayNeeded: what is said of its days is not enough. RuleHasNoSuchDay: a rule is named
        that does not run from it. BeyondCalendar: a day lies beyond the published bank holidays.
    """
    policies.require(by, Act.LOG_EVENT, policies.of_subject(by, case.subject))
    for day in (served.sent_on, served.received_on, served.decided_on, served.letter_on):
        if day is not None:
            require_past(day)
    if enquiry is not None and enquiry.case_id != case.pk:
        raise NotOnThisCase("That enquiry is of another case.")
    found = limits_from(served, today=today())
    taken = list(chosen(found, rules))
    if len(taken) != len(set(rules)):
        raise RuleHasNoSuchDay("One of these limits does not run from such a decision. Count them again.")
    keyed = hold(by, case.subject)
    with transaction.atomic():
        lock(case)
        require_open(case)
        event = Event.objects.create(
            case=case,
            enquiry=enquiry,
            kind=Event.Kind.DECIDED,
            on=served.on,
            at=datetime.now(UTC),
            by=by.member,
        )
        running = set(case.deadlines.filter(met_on__isnull=True).values_list("rule", "on"))
        for one in taken:
            if (one.rule, one.on) not in running:
                Deadline.objects.create(
                    case=case,
                    rule=one.rule,
                    on=one.on,
                    letter_on=one.letter_on,
                    nation=served.nation,
                    abroad=served.abroad,
                    detained=served.detained,
                    served_how=served.how,
                )
        written = []
        if note.strip():
            row, sealed = new_envelope(keyed, Envelope.Facet.ENTRY, CaseEntry(note=note), item=event.handle)
            row.save(force_insert=True)
            written.append(sealed)
        written.append(facts.committed(case))
        record_writes([journaling.wrote(by, keyed, Entered.LOGGED_EVENT, written, {"event": event.handle.hex})])
        reschedule(case, office_days(by.organisation))
    return event
