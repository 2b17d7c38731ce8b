"""The open facts of messages and incidents, as the log commits to them: each change commits to all of one.

So a message that somebody takes out of the tray in the database, or files elsewhere, is noticed.
"""

from collections.abc import Sequence
from uuid import UUID

from safeconduct.accounts.actor import Actor
from safeconduct.journal.actions import record_write
from safeconduct.journal.commitments import Written, facts_digest, facts_handle
from safeconduct.journal.models import Act as Entered
from safeconduct.journal.queries import next_written

from .models import Incident, Message


def handle(message: UUID) -> UUID:
    """The handle under which the log knows the open facts of a message."""
    return facts_handle("message", message)


def incident_handle(incident: UUID) -> UUID:
    """The handle under which the log knows the open facts of an incident."""
    return facts_handle("incident", incident)


def first(message: Message) -> Written:
    """The first commitment of a message, whose row may not be saved yet."""
    return Written(handle(message.handle), 1, digest(message))


def committed(message: Message) -> Written:
    """What the log commits to once a message's row is written. The caller's transaction holds it."""
    fresh = Message.objects.select_related("organisation", "team", "by", "case", "event").get(pk=message.pk)
    return next_written(handle(fresh.handle), digest(fresh))


def incident_committed(incident: Incident) -> Written:
    """The same of an incident and its steps."""
    rows = Incident.objects.select_related("organisation", "team", "message", "case", "worker")
    fresh = rows.prefetch_related("steps__by").get(pk=incident.pk)
    return next_written(incident_handle(fresh.handle), incident_digest(fresh))


def digest(message: Message) -> bytes:
    """32 bytes over every open fact of a message."""
    return facts_digest(
        [
            [message.handle.hex, message.organisation.handle.hex, message.team.handle.hex],
            [str(message.direction), str(message.state), message.on, message.by.handle.hex],
            message.at.isoformat(timespec="microseconds"),
            message.case.handle.hex if message.case else None,
            message.event.handle.hex if message.event else None,
        ]
    )


def incident_digest(incident: Incident) -> bytes:
    """32 bytes over every open fact of an incident."""
    return facts_digest(
        [
            [incident.handle.hex, incident.organisation.handle.hex, incident.team.handle.hex],
            [str(incident.kind), incident.on, incident.at.isoformat(timespec="microseconds"), incident.closed_on],
            incident.message.handle.hex if incident.message else None,
            incident.case.handle.hex if incident.case else None,
            incident.worker.handle.hex if incident.worker else None,
            sorted([str(step.step), step.on.isoformat(), step.by.handle.hex] for step in incident.steps.all()),
        ]
    )


def record_without_message(by: Actor, incident: Incident, written: Sequence[Written]) -> None:
    """Record a change of an incident whose message was erased, in the transaction of the change."""
    record_write(
        organisation=by.organisation.handle,
        act=Entered.CHANGED_INCIDENT,
        member=by.member.handle,
        team=incident.team.handle,
        written=list(written),
    )
