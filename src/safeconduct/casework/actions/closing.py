"""Closing a case with how it ended, opening it again, and keeping a closed one for longer.

Nothing is destroyed by closing: letters, limits, promises and tasks stay as they are and are due again, as if it had
never been closed, once the case is opened again.
"""

from datetime import UTC, date, datetime

from dateutil.relativedelta import relativedelta
from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.keys import today
from safeconduct.accounts.models import Organisation
from safeconduct.core.policy.facts import Act
from safeconduct.journal.actions import record_writes
from safeconduct.journal.commitments import Written
from safeconduct.journal.models import Act as Entered
from safeconduct.people import journaling
from safeconduct.people.facets import CaseEntry
from safeconduct.people.keys import Keyed, hold
from safeconduct.people.models import Envelope
from safeconduct.people.records import new_envelope

from .. import facts, policies
from ..clocks import State
from ..faults import BeforeItBegan, NoReason, NoReviewDay, NoSuchOutcome, NotClosed, RemovalStands
from ..models import Case, Enquiry, Event
from ..schedule import clock_of, office_days, reschedule
from .cases import lock, require_open, require_past


def review_day(organisation: Organisation, closed_on: date) -> date | None:
    """The day to ask whether a case closed on a day must still be kept; None where the office has not chosen how long.

    A month ends on the corresponding date of the later month or, where it has none, on its last day.
    """
    months = organisation.keep_months
    return closed_on + relativedelta(months=months) if months else None


def close_case(
    *,
    by: Actor,
    case: Case,
    outcome: str,
    on: date,
    note: str = "",
    review_on: date | None = None,
    told: bool = False,
) -> Event:
    """Close a case with how it ended for the person, so that nothing of it is due.

    Args:
        review_on: the day to ask whether it must still be kept; None takes the office's own choice.
        told: the person was told that day; every letter that waits for that is logged so.

    Raises:
        Refused, NotHeld: policy. CaseClosed, NotYet, BeforeItBegan, NoSuchOutcome: the state forbids it.
        NoReviewDay: the office has not chosen how long it keeps cases, or the day is before the closing.
        RemovalStands: somebody is to be removed on a day; what became of that is said first.
        BeyondCalendar: a clock would need bank holidays nobody has published.
    """
    policies.require(by, Act.CHANGE_CASE, policies.of_subject(by, case.subject))
    require_past(on)
    if outcome not in Case.Outcome.values:
        raise NoSuchOutcome("Choose from the list how the case ended.")
    review = review_on or review_day(by.organisation, on)
    if review is None:
        raise NoReviewDay("Give the day on which somebody asks whether this must still be kept.")
    if review < on:
        raise NoReviewDay("That day is before the case is closed. Give a later one.")
    keyed = hold(by, case.subject)
    with transaction.atomic():
        lock(case)
        require_open(case)
        if on < case.opened_on:
            raise BeforeItBegan("That day is before the case was opened. Check it.")
        if case.removal_on is not None:
            raise RemovalStands("A removal stands on this case. Say first what became of it.")
        if told:
            _told(by, case, on)
        case.state, case.closed_on = Case.State.CLOSED, on
        case.outcome, case.review_on = outcome, review
        case.save(update_fields=["state", "closed_on", "outcome", "review_on"])
        event = _event(by, case, Event.Kind.CLOSED, on, outcome=outcome, until=review)
        _record(by, keyed, case, event, note)
    return event


def reopen_case(*, by: Actor, case: Case, why: str) -> Event:
    """Open a closed case again. Its clocks go on from what was logged, as if it had never been closed.

    Raises:
        Refused, NotHeld: policy. NotClosed, NoReason: the state forbids it. BeyondCalendar: as in `close_case`.
    """
    policies.require(by, Act.CHANGE_CASE, policies.of_subject(by, case.subject))
    _require_said(why)
    keyed = hold(by, case.subject)
    with transaction.atomic():
        lock(case)
        _require_closed(case)
        case.state = Case.State.OPEN
        case.closed_on = case.outcome = case.review_on = None
        case.save(update_fields=["state", "closed_on", "outcome", "review_on"])
        event = _event(by, case, Event.Kind.REOPENED, today())
        _record(by, keyed, case, event, why)
    return event


def keep_longer(*, by: Actor, case: Case, until: date, why: str) -> Event:
    """Keep a closed case until another day, on which somebody asks again.

    Raises:
        Refused, NotHeld: policy. NotClosed, NoReason. NoReviewDay: the day is not to come.
    """
    policies.require(by, Act.CHANGE_CASE, policies.of_subject(by, case.subject))
    _require_said(why)
    if until <= today():
        raise NoReviewDay("Give a day to come. Today it would only be asked again.")
    keyed = hold(by, case.subject)
    with transaction.atomic():
        lock(case)
        _require_closed(case)
        case.review_on = until
        case.save(update_fields=["review_on"])
        event = _event(by, case, Event.Kind.KEPT_LONGER, today(), until=until)
        _record(by, keyed, case, event, why)
    return event


def _told(by: Actor, case: Case, on: date) -> None:
    """Log that the person was told: on every letter that was answered and waits for it, else on the case itself."""
    events = list(case.events.all())
    office = office_days(by.organisation)
    waiting: list[Enquiry | None] = [
        one for one in case.enquiries.all() if clock_of(one, case, events, office).state is State.ANSWERED
    ]
    for enquiry in waiting or [None]:
        Event.objects.create(
            case=case, enquiry=enquiry, kind=Event.Kind.TOLD_PERSON, on=on, at=datetime.now(UTC), by=by.member
        )


def _event(
    by: Actor, case: Case, kind: Event.Kind, on: date, *, outcome: str | None = None, until: date | None = None
) -> Event:
    return Event.objects.create(
        case=case, kind=kind, on=on, until=until, outcome=outcome, at=datetime.now(UTC), by=by.member
    )


def _record(by: Actor, keyed: Keyed, case: Case, event: Event, note: str) -> None:
    written: list[Written] = []
    if note.strip():
        row, entry = new_envelope(keyed, Envelope.Facet.ENTRY, CaseEntry(note=note.strip()), item=event.handle)
        row.save(force_insert=True)
        written.append(entry)
    written.append(facts.committed(case))
    detail = {"state": str(case.state), "event": event.handle.hex}
    record_writes([journaling.wrote(by, keyed, Entered.CHANGED_CASE, written, detail)])
    reschedule(case, office_days(by.organisation))


def _require_closed(case: Case) -> None:
    if case.state != Case.State.CLOSED:
        raise NotClosed("This case is open. Nothing was changed.")


def _require_said(why: str) -> None:
    if not why.strip():
        raise NoReason("Say why. It stands in the timeline for whoever reads it later.")
