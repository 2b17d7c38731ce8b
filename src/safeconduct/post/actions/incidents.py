"""What is done about a reply that is about somebody else, or that went to them: step by step, each recorded."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Final

from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.casework.actions.cases import require_past
from safeconduct.casework.models import Case
from safeconduct.core.policy.facts import Act
from safeconduct.journal.actions import record_writes
from safeconduct.journal.models import Act as Entered
from safeconduct.people import journaling, policies
from safeconduct.people.keys import hold
from safeconduct.people.models import Subject

from .. import facts
from ..faults import ClosedAlready, IncidentThere, StepsLeft
from ..models import Incident, IncidentStep, Message, StepName

_STEPS: Final[Mapping[str, tuple[str, ...]]] = {
    Incident.Kind.ABOUT_SOMEBODY_ELSE: (
        StepName.SET_APART,
        StepName.TELL_LEAD,
        StepName.TELL_SENDER,
        StepName.DESTROY_COPIES,
        StepName.ASK_FOR_OURS,
        StepName.CONSIDER_COMPLAINT,
    ),
    Incident.Kind.SENT_TO_SOMEBODY_ELSE: (
        StepName.TELL_LEAD,
        StepName.TELL_SENDER,
        StepName.TELL_PERSON,
        StepName.CONSIDER_COMPLAINT,
    ),
}


def steps_of(incident: Incident) -> tuple[str, ...]:
    """The codes of the steps of an incident, in the order they are done."""
    return _STEPS[incident.kind]


def open_incident(
    *,
    by: Actor,
    message: Message,
    kind: str = Incident.Kind.ABOUT_SOMEBODY_ELSE,
    case: Case | None = None,
    on: date,
) -> Incident:
    """Make an incident of a message: it leaves the tray, and what has to be done is listed.

    ``case``: the one whose letter this should have answered, or whose person it is about. The member works on it.

    Raises: Refused, NotHeld. NotYet: a day to come. IncidentThere. JournalUnavailable.
    """
    policies.require(by, Act.FILE_MESSAGE, policies.of_subject(by, message.subject))
    require_past(on)
    keyed = hold(by, message.subject)
    if case is not None:
        hold(by, case.subject)
    with transaction.atomic():
        held = Message.objects.select_for_update().get(pk=message.pk)
        if Incident.objects.filter(message=held).exists():
            raise IncidentThere("This message is an incident already.")
        incident = Incident.objects.create(
            organisation=held.organisation,
            team=held.team,
            message=held,
            case=case,
            kind=kind,
            worker=by.member,
            on=on,
            at=datetime.now(UTC),
        )
        if held.state == Message.State.WAITING:
            held.state = Message.State.ASIDE
            held.save(update_fields=["state"])
        written = [facts.committed(held), facts.incident_committed(incident)]
        record_writes([journaling.wrote(by, keyed, Entered.CHANGED_INCIDENT, written, {"incident": "opened"})])
    message.state = held.state
    return incident


def do_step(*, by: Actor, incident: Incident, step: str, on: date) -> None:
    """Say that a step was done on a day. Saying it again changes nothing.

    Raises: Refused, NotHeld. NotYet. ClosedAlready. JournalUnavailable.
    """
    _require(by, incident)
    require_past(on)
    if step not in steps_of(incident):
        raise ValueError("not a step of this incident")
    with transaction.atomic():
        held = _held(incident)
        _, made = IncidentStep.objects.get_or_create(incident=held, step=step, defaults={"on": on, "by": by.member})
        if made:
            _record(by, held, step)


def close_incident(*, by: Actor, incident: Incident, on: date) -> None:
    """Say that nothing is left to do about it. Raises as `do_step`, and `StepsLeft`."""
    _require(by, incident)
    require_past(on)
    with transaction.atomic():
        held = _held(incident)
        done = set(held.steps.values_list("step", flat=True))
        if not done.issuperset(steps_of(held)):
            raise StepsLeft("Some steps are not done yet. One that does not apply counts as done once you decided so.")
        held.closed_on = on
        held.save(update_fields=["closed_on"])
        _record(by, held, "closed")
    incident.closed_on = on


def _require(by: Actor, incident: Incident) -> None:
    """Raises `Refused`, `NotHeld` unless the member may work on the incident, of which the message may be gone."""
    if incident.message is not None:
        policies.require(by, Act.FILE_MESSAGE, policies.of_subject(by, incident.message.subject))
        hold(by, incident.message.subject)
    else:
        policies.require(by, Act.TAKE_IN_MAIL, policies.of_team(incident.team, incident.organisation))


def _held(incident: Incident) -> Incident:
    """The incident's row, held until the transaction ends. Raises `ClosedAlready`."""
    held = Incident.objects.select_for_update().get(pk=incident.pk)
    if held.closed_on is not None:
        raise ClosedAlready("This incident is closed.")
    return held


def _record(by: Actor, incident: Incident, what: str) -> None:
    written = [facts.incident_committed(incident)]
    subject = Subject.objects.filter(message__incident=incident).first()
    if subject is not None:
        entry = journaling.wrote(by, hold(by, subject), Entered.CHANGED_INCIDENT, written, {"incident": what})
        record_writes([entry])
    else:
        facts.record_without_message(by, incident, written)
