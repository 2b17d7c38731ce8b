"""What this room holds of a team's records for an export: messages with their open facts, and incidents."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from safeconduct.accounts.models import Team
from safeconduct.casework.models import Case, Event
from safeconduct.core.names import mentions
from safeconduct.journal.commitments import Written
from safeconduct.journal.models import Act
from safeconduct.people import tokens
from safeconduct.people.facets import Mail, Papers
from safeconduct.people.leaving import Arrived, Arriving, FoundBy, Part
from safeconduct.people.models import Envelope, Subject

from . import facts
from .models import Incident, IncidentStep, Message

# Of these tables: keys, and what stands for them.
NOT_SAID: Final = frozenset({"id", "organisation", "team", "subject", "incident"})
_AT_ONCE: Final = 500


class _Open(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Open facts. Members, cases, events and messages are named by their handles (hex)."""


class MessageSays(_Open, frozen=True):
    direction: str
    state: str
    on: date
    at: datetime
    by: str
    case: str = ""
    event: str = ""


class StepSays(_Open, frozen=True):
    step: str
    on: date
    by: str


class IncidentSays(_Open, frozen=True):
    handle: str
    kind: str
    on: date
    at: datetime
    message: str = ""
    case: str = ""
    worker: str = ""
    closed_on: date | None = None
    steps: tuple[StepSays, ...] = ()


def _messages(subjects: Sequence[int]) -> Mapping[int, MessageSays]:
    out: dict[int, MessageSays] = {}
    for start in range(0, len(subjects), _AT_ONCE):
        rows = Message.objects.filter(subject__in=subjects[start : start + _AT_ONCE])
        for row in rows.select_related("by", "case", "event"):
            out[row.subject_id] = MessageSays(
                direction=str(row.direction),
                state=str(row.state),
                on=row.on,
                at=row.at.astimezone(UTC),
                by=row.by.handle.hex,
                case=_handle(row.case),
                event=_handle(row.event),
            )
    return out


def _messages_arrive(arriving: Arriving, records: Sequence[Arrived]) -> Mapping[int, Sequence[Written]]:
    cases = _by_handle(Case, (one.says.case for one in records))
    events = _by_handle(Event, (one.says.event for one in records))
    made = []
    for one in records:
        says: MessageSays = one.says
        case = cases.get(says.case)
        # Filed on a case of a team that did not leave with it: it is about none that is here.
        state = Message.State.ASIDE if says.state == Message.State.FILED and case is None else says.state
        made.append(
            Message(
                handle=one.subject.handle,
                organisation=arriving.by.organisation,
                team=arriving.team,
                subject=one.subject,
                direction=says.direction,
                state=state,
                on=says.on,
                at=says.at,
                by=arriving.staff(says.by),
                case=case if state == Message.State.FILED else None,
                event=events.get(says.event) if state == Message.State.FILED else None,
            )
        )
    Message.objects.bulk_create(made, batch_size=_AT_ONCE)
    return {row.subject_id: [facts.committed(row)] for row in made}


def _message_found_by(facets: Mapping[str, Any]) -> FoundBy:
    mail: Mail = facets[Envelope.Facet.MAIL]
    papers: Papers = facets.get(Envelope.Facet.PAPERS) or Papers()
    digest = next((one.digest.hex() for one in papers.papers if one.handle == mail.original), "")
    mentioned = mentions.keys(f"{mail.subject}\n{mail.plain}")
    return FoundBy(tokens.of_message(mail, digest=digest, mentioned=mentioned))


def _incidents(team: Team) -> Iterable[IncidentSays]:
    rows = Incident.objects.filter(team=team).order_by("pk").select_related("message", "case", "worker")
    for row in rows.prefetch_related("steps__by"):
        yield IncidentSays(
            handle=row.handle.hex,
            kind=str(row.kind),
            on=row.on,
            at=row.at.astimezone(UTC),
            message=_handle(row.message),
            case=_handle(row.case),
            worker=_handle(row.worker),
            closed_on=row.closed_on,
            steps=tuple(
                StepSays(str(one.step), one.on, one.by.handle.hex)
                for one in sorted(row.steps.all(), key=lambda one: one.pk)
            ),
        )


def _incidents_arrive(arriving: Arriving, rows: Sequence[IncidentSays]) -> None:
    cases = _by_handle(Case, (one.case for one in rows))
    messages = _by_handle(Message, (one.message for one in rows))
    for says in rows:
        incident = Incident.objects.create(
            handle=UUID(hex=says.handle),
            organisation=arriving.by.organisation,
            team=arriving.team,
            message=messages.get(says.message),
            case=cases.get(says.case),
            kind=says.kind,
            worker=arriving.staff(says.worker) if says.worker else None,
            on=says.on,
            at=says.at,
            closed_on=says.closed_on,
        )
        for step in says.steps:
            IncidentStep.objects.create(incident=incident, step=step.step, on=step.on, by=arriving.staff(step.by))
        facts.record_without_message(arriving.by, incident, [facts.incident_committed(incident)])


def _by_handle(model: Any, handles: Iterable[str]) -> dict[str, Any]:
    wanted = sorted({UUID(hex=one) for one in handles if one})
    return {row.handle.hex: row for row in model.objects.filter(handle__in=wanted)}


def _handle(row: Any) -> str:
    return str(row.handle.hex) if row is not None else ""


# Late: nothing hides its row until all of it is in.
MESSAGES: Final = Part(
    "messages",
    Subject.Kind.MESSAGE,
    MessageSays,
    Act.TOOK_IN_MAIL,
    _messages,
    arrive=_messages_arrive,
    late=True,
    found_by=_message_found_by,
)
INCIDENTS: Final = Part("incidents", type=IncidentSays, rows=_incidents, arrive_rows=_incidents_arrive)
