"""What this room holds of a team's records for an export: the open facts of cases, and the team's directory."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from django.db.models import Prefetch

from safeconduct.journal.commitments import Written
from safeconduct.journal.models import Act
from safeconduct.journal.queries import latest_commitments
from safeconduct.people import tokens
from safeconduct.people.leaving import Arrived, Arriving, FoundBy, Part
from safeconduct.people.models import Envelope, Subject

from . import facts
from .directory import made
from .faults import WrongState
from .models import Arrival, Case, Deadline, Directory, Enquiry, Event, Said, Task

# What of its tables does not leave as a column of its own: keys and what stands for them, and the arrival, which is how
# this desk came by a row and not what happened.
NOT_SAID: Final = frozenset({"id", "organisation", "team", "subject", "case", "event", "arrival"})
_AT_ONCE: Final = 500


class _Open(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Open facts. Members, enquiries and events are named by their handles (hex)."""


class EnquirySays(_Open, frozen=True):
    handle: str
    route: str
    nation: str


class EventSays(_Open, frozen=True):
    """``said`` are the further labels of a reply."""

    handle: str
    kind: str
    on: date
    at: datetime
    by: str
    enquiry: str = ""
    shape: str = ""
    said: tuple[str, ...] = ()
    until: date | None = None
    reason: str = ""
    outcome: str = ""
    corrects: str = ""


class DeadlineSays(_Open, frozen=True):
    handle: str
    rule: str
    on: date
    nation: str
    letter_on: date | None = None
    abroad: bool = False
    detained: bool = False
    served_how: str = ""
    met_on: date | None = None


class TaskSays(_Open, frozen=True):
    handle: str
    kind: str
    on: date
    by: str
    at: datetime
    worker: str = ""
    done_on: date | None = None


class CaseSays(_Open, frozen=True):
    """Each list is in the order in which it was written down: clocks count by it."""

    kind: str
    state: str
    opened_on: date
    worker: str = ""
    closed_on: date | None = None
    outcome: str = ""
    review_on: date | None = None
    removal_on: date | None = None
    enquiries: tuple[EnquirySays, ...] = ()
    events: tuple[EventSays, ...] = ()
    deadlines: tuple[DeadlineSays, ...] = ()
    tasks: tuple[TaskSays, ...] = ()


def _cases(subjects: Sequence[int]) -> Mapping[int, CaseSays]:
    out: dict[int, CaseSays] = {}
    for start in range(0, len(subjects), _AT_ONCE):
        rows = _with_all().filter(subject__in=subjects[start : start + _AT_ONCE])
        out |= {case.subject_id: _case(case) for case in rows}
    return out


def _with_all() -> Any:
    """Cases with all that a digest of their facts reads."""
    return Case.objects.select_related("organisation", "team", "worker").prefetch_related(
        Prefetch("enquiries", Enquiry.objects.order_by("pk")),
        Prefetch("deadlines", Deadline.objects.order_by("pk")),
        Prefetch(
            "events",
            Event.objects.order_by("pk")
            .select_related("by", "enquiry", "corrects")
            .prefetch_related(Prefetch("said", Said.objects.order_by("pk"))),
        ),
        Prefetch("tasks", Task.objects.order_by("pk").select_related("by", "worker")),
    )


def _case(case: Case) -> CaseSays:
    return CaseSays(
        **_columns(case, CaseSays),
        enquiries=tuple(EnquirySays(**_columns(one, EnquirySays)) for one in case.enquiries.all()),
        events=tuple(
            EventSays(**_columns(one, EventSays), said=tuple(label.shape for label in one.said.all()))
            for one in case.events.all()
        ),
        deadlines=tuple(DeadlineSays(**_columns(one, DeadlineSays)) for one in case.deadlines.all()),
        tasks=tuple(TaskSays(**_columns(one, TaskSays)) for one in case.tasks.all()),
    )


_LISTS: Final = frozenset({"said", "enquiries", "events", "deadlines", "tasks"})
_ROWS: Final = frozenset({"worker", "by", "enquiry", "corrects"})
_EMPTY: Final = frozenset({"worker", "outcome", "enquiry", "shape", "reason", "corrects", "served_how"})


def _columns(row: Any, type_: type[_Open]) -> dict[str, Any]:
    """The columns of a row as its structure has them: other rows by their handles, instants in UTC."""
    out: dict[str, Any] = {}
    for name in type_.__struct_fields__:
        if name in _LISTS:
            continue
        value = getattr(row, name)
        if name in _ROWS or name == "handle":
            value = (value if name == "handle" else value.handle).hex if value is not None else ""
        elif isinstance(value, datetime):
            value = value.astimezone(UTC)
        elif isinstance(value, str):
            value = str(value)
        out[name] = "" if value is None and name in _EMPTY else value
    return out


def _values(says: _Open, leave_out: Iterable[str] = ()) -> dict[str, Any]:
    """The columns of a structure as the model has them; those that name other rows are left out."""
    gone = {*_LISTS, *_ROWS, *leave_out}
    values = {name: getattr(says, name) for name in says.__struct_fields__ if name not in gone}
    if "handle" in values:
        values["handle"] = UUID(hex=values["handle"])
    return {name: None if value == "" and name in _EMPTY else value for name, value in values.items()}


def _cases_arrive(arriving: Arriving, records: Sequence[Arrived]) -> Mapping[int, Sequence[Written]]:
    by, arrival = arriving.by, Arrival.objects.get(handle=arriving.batch)
    cases = {
        one.subject.pk: Case(
            handle=one.subject.handle,
            organisation=by.organisation,
            team=arriving.team,
            subject=one.subject,
            arrival=arrival,
            worker=arriving.staff(one.says.worker) if one.says.worker else None,
            **_values(one.says),
        )
        for one in records
    }
    Case.objects.bulk_create(cases.values(), batch_size=_AT_ONCE)
    both = [(cases[one.subject.pk], one.says) for one in records]
    enquiries = {says.handle: Enquiry(case=case, **_values(says)) for case, record in both for says in record.enquiries}
    Enquiry.objects.bulk_create(enquiries.values(), batch_size=_AT_ONCE)
    _events_arrive(arriving, both, enquiries)
    Deadline.objects.bulk_create(
        [Deadline(case=case, **_values(says)) for case, record in both for says in record.deadlines],
        batch_size=_AT_ONCE,
    )
    Task.objects.bulk_create(
        [
            Task(
                case=case,
                by=arriving.staff(says.by),
                worker=arriving.staff(says.worker) if says.worker else None,
                **_values(says),
            )
            for case, record in both
            for says in record.tasks
        ],
        batch_size=_AT_ONCE,
    )
    # The log knows of these already where the same export was staged before and thrown away.
    known = latest_commitments(facts.handle(case.handle) for case, _ in both)
    saved = _with_all().filter(pk__in=[case.pk for case, _ in both])
    return {case.subject_id: [_committed(case, known)] for case in saved}


def _committed(case: Case, known: Mapping[UUID, tuple[int, bytes]]) -> Written:
    digest = facts.digest(case, case.enquiries.all(), case.deadlines.all(), case.events.all(), case.tasks.all())
    handle = facts.handle(case.handle)
    return Written(handle, known.get(handle, (0, b""))[0] + 1, digest)


def _events_arrive(arriving: Arriving, both: Sequence[tuple[Case, CaseSays]], enquiries: Mapping[str, Enquiry]) -> None:
    """Events in the order each case has them: a correction needs the row it corrects, so they come in waves."""
    left = [(case, deque(record.events)) for case, record in both]
    saved: dict[str, Event] = {}
    while any(events for _, events in left):
        wave: list[tuple[EventSays, Event]] = []
        for case, events in left:
            while events and (not events[0].corrects or events[0].corrects in saved):
                says = events.popleft()
                event = Event(
                    case=case,
                    enquiry=enquiries[says.enquiry] if says.enquiry else None,
                    by=arriving.staff(says.by),
                    corrects=saved[says.corrects] if says.corrects else None,
                    **_values(says),
                )
                wave.append((says, event))
        if not wave:
            raise WrongState("An event of this export corrects one that is not in it.")
        Event.objects.bulk_create([event for _, event in wave], batch_size=_AT_ONCE)
        saved |= {says.handle: event for says, event in wave}
        Said.objects.bulk_create(
            [Said(event=event, shape=shape) for says, event in wave for shape in says.said], batch_size=_AT_ONCE
        )


def _directory_arrives(arriving: Arriving, records: Sequence[Arrived]) -> Mapping[int, Sequence[Written]]:
    if len(records) > 1 or (records and Directory.objects.filter(team=arriving.team).exists()):
        raise WrongState("The team has contacts of its own already. Bring the export into a team without any.")
    Directory.objects.bulk_create([Directory(team=arriving.team, subject=one.subject) for one in records])
    return {one.subject.pk: [made(arriving.team, one.subject)] for one in records}


def _case_found_by(facets: Mapping[str, Any]) -> FoundBy:
    return FoundBy(tokens.of_case(facets[Envelope.Facet.HEAD]))


CASES: Final = Part(
    "cases",
    Subject.Kind.CASE,
    CaseSays,
    Act.ADDED_CASE,
    _cases,
    arrive=_cases_arrive,
    found_by=_case_found_by,
)
# Late: its row has nothing to hide behind.
DIRECTORY: Final = Part(
    "directory", Subject.Kind.DIRECTORY, entered=Act.CHANGED_DIRECTORY, arrive=_directory_arrives, late=True
)
