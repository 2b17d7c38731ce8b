"""The open facts of a case, as the log commits to them: each change of one commits to all of them as they then stand.

So an event that somebody takes away, slips in or changes in the database is noticed, and so is a limit, a letter's
route or a case's state.
"""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Prefetch

from safeconduct.journal.commitments import Written, facts_digest, facts_handle
from safeconduct.journal.queries import latest_commitments, next_written

from .models import Case, Deadline, Enquiry, Event, Said, Task


def committed(case: Case) -> Written:
    """What the log commits to once a case's rows are written. The caller's transaction holds the case."""
    fresh = Case.objects.select_related("organisation", "team", "worker").get(pk=case.pk)
    enquiries, deadlines = fresh.enquiries.all(), fresh.deadlines.all()
    events = fresh.events.select_related("enquiry", "by", "corrects").prefetch_related("said")
    tasks = fresh.tasks.select_related("worker", "by")
    return next_written(handle(case.handle), digest(fresh, enquiries, deadlines, events, tasks))


def committed_all(cases: Collection[int]) -> dict[int, Written]:
    """The same for several cases at once, by their row ids, whose rows the caller's transaction holds."""
    events = Event.objects.select_related("enquiry", "by", "corrects").prefetch_related("said")
    tasks = Task.objects.select_related("worker", "by")
    rows = Case.objects.filter(pk__in=cases).select_related("organisation", "team", "worker")
    whole = list(rows.prefetch_related("enquiries", "deadlines", Prefetch("events", events), Prefetch("tasks", tasks)))
    known = latest_commitments(handle(one.handle) for one in whole)
    out: dict[int, Written] = {}
    for one in whole:
        said = digest(one, one.enquiries.all(), one.deadlines.all(), one.events.all(), one.tasks.all())
        before, _ = known.get(handle(one.handle), (0, b""))
        out[one.pk] = Written(handle(one.handle), before + 1, said)
    return out


def first(case: Case, enquiries: Iterable[Enquiry], events: Iterable[Event]) -> Written:
    """The first commitment of a new case, from rows that may not be saved yet."""
    return Written(handle(case.handle), 1, digest(case, enquiries, [], events))


def digest(
    case: Case,
    enquiries: Iterable[Enquiry],
    deadlines: Iterable[Deadline],
    events: Iterable[Event],
    tasks: Iterable[Task] = (),
) -> bytes:
    """32 bytes over every open fact of a case.

    What a fact did not have in an earlier version is left out where it is not said, so that what was committed to then
    still agrees.
    """
    worker = case.worker.handle.hex if case.worker else None
    return facts_digest(
        [
            [case.handle.hex, case.organisation.handle.hex, case.team.handle.hex],
            [str(case.kind), worker, str(case.state), case.opened_on, *_ended(case)],
            sorted([one.handle.hex, str(one.route), str(one.nation)] for one in enquiries),
            sorted(
                (
                    [
                        *(one.handle.hex, one.rule, one.on, one.letter_on, str(one.nation), one.abroad, one.met_on),
                        *_unless_unsaid(one.detained or None, one.served_how),
                    ]
                    for one in deadlines
                ),
                key=_by_handle,
            ),
            sorted((_event(one) for one in events), key=_by_handle),
            *_unless_unsaid(sorted((_task(one) for one in tasks), key=_by_handle) or None),
        ]
    )


def handle(case: UUID) -> UUID:
    """The handle under which the log knows the open facts of a case."""
    return facts_handle("case", case)


def _event(one: Event) -> list[object]:
    # Asked by number first: to learn that there is none, an event not yet saved would look for it in the database.
    enquiry, corrects = one.enquiry, one.corrects if one.corrects_id else None
    return [
        one.handle.hex,
        enquiry.handle.hex if enquiry else None,
        str(one.kind),
        one.shape,
        one.on,
        one.at.isoformat(timespec="microseconds"),
        one.by.handle.hex,
        corrects.handle.hex if corrects else None,
        *_unless_unsaid(one.until, one.reason, sorted(label.shape for label in _said(one)) or None),
        *_unless_unsaid(one.outcome),
    ]


def _task(one: Task) -> list[object]:
    worker = one.worker.handle.hex if one.worker else None
    return [one.handle.hex, str(one.kind), one.on, worker, one.by.handle.hex, one.done_on]


def _said(event: Event) -> Iterable[Said]:
    """An event that is not saved yet said nothing more."""
    return event.said.all() if event.pk else ()


def _ended(case: Case) -> list[object]:
    return _unless_unsaid(case.closed_on, case.outcome, case.review_on, case.removal_on)


def _unless_unsaid(*facts: object) -> list[object]:
    """The facts, or nothing where none of them is said."""
    return list(facts) if any(one is not None for one in facts) else []


def _by_handle(facts: list[object]) -> str:
    return str(facts[0])
