"""Whether the agenda still says what the clocks say. It opens nothing: clocks run on open facts."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.db.models import Prefetch

from safeconduct.accounts.models import Organisation
from safeconduct.agenda.models import Item
from safeconduct.core.calendar.days import BeyondCalendar
from safeconduct.journal.queries import latest_commitments

from . import facts
from .models import Case, Event, Task
from .schedule import clocked, in_chunks, items_of, left_over, office_days


class Difference(StrEnum):
    """In which way a row of the agenda and its clock disagree."""

    MISSING = "missing"
    WRONG = "wrong"
    LEFT_OVER = "left_over"
    NOT_COUNTABLE = "not_countable"


@dataclass(frozen=True, slots=True)
class Differs:
    """One disagreement. ``handle`` is the enquiry's, the limit's or the task's; the case's own for its silence and
    its removal, and where a clock cannot be counted."""

    difference: Difference
    case: UUID
    handle: UUID


def facts_against_log(organisation: Organisation) -> tuple[int, int]:
    """How many cases have open facts other than the log says, and of how many it says nothing (an older desk's)."""
    wrong = unsaid = last = 0
    events = Event.objects.select_related("enquiry", "by", "corrects").prefetch_related("said")
    tasks = Task.objects.select_related("worker", "by")
    rows = Case.objects.filter(organisation=organisation).select_related("organisation", "team", "worker")
    rows = rows.order_by("pk").prefetch_related(
        "enquiries", "deadlines", Prefetch("events", events), Prefetch("tasks", tasks)
    )
    while chunk := list(rows.filter(pk__gt=last)[:500]):
        last = chunk[-1].pk
        known = latest_commitments(facts.handle(case.handle) for case in chunk)
        for case in chunk:
            said = known.get(facts.handle(case.handle))
            stands = facts.digest(case, case.enquiries.all(), case.deadlines.all(), case.events.all(), case.tasks.all())
            unsaid += said is None
            wrong += said is not None and said[1] != stands
    return wrong, unsaid


def agenda_disagreements(organisation: Organisation) -> int:
    """How many rows of what is due differ from what the clocks say."""
    return sum(1 for _ in agenda_against_clocks(organisation))


def agenda_against_clocks(organisation: Organisation) -> Iterator[Differs]:
    """Every row of the agenda that is not what its clock makes due. Nothing is changed: that is `schedule.rebuild`."""
    for cases in in_chunks(organisation):
        by_case: dict[UUID, list[Item]] = {case.handle: [] for case in cases}
        handles = [handle for case in cases for handle in clocked(case)]
        for item in Item.objects.filter(handle__in=handles):
            by_case.setdefault(item.case, []).append(item)
        for case in cases:
            yield from _of_case(case, by_case[case.handle])
    for item in left_over().filter(team__organisation=organisation).iterator():
        yield Differs(Difference.LEFT_OVER, item.case, item.handle)


def _of_case(case: Case, found: list[Item]) -> Iterator[Differs]:
    try:
        expected = items_of(
            case,
            case.enquiries.all(),
            case.deadlines.all(),
            case.events.all(),
            office_days(case.organisation),
            tasks=case.tasks.all(),
        )
    except BeyondCalendar:
        yield Differs(Difference.NOT_COUNTABLE, case.handle, case.handle)
        return
    there = {item.handle: _says(item) for item in found}
    for item in expected:
        said = there.pop(item.handle, None)
        if said is None:
            yield Differs(Difference.MISSING, case.handle, item.handle)
        elif said != _says(item):
            yield Differs(Difference.WRONG, case.handle, item.handle)
    for handle in there:
        yield Differs(Difference.LEFT_OVER, case.handle, handle)


def _says(item: Item) -> tuple[object, ...]:
    return (item.kind, item.day, item.rule_version, item.team_id, item.worker_id, item.topic, item.case, item.rank)
