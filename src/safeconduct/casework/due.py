"""Reading what is due, with whom it concerns. Opened only after the entry that says that the page was listed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from django.db.models import Count, QuerySet

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Team
from safeconduct.agenda.listing import Listing
from safeconduct.agenda.models import Item
from safeconduct.agenda.queries import Wanted, coming, due, things
from safeconduct.core.calendar.limits import Limit
from safeconduct.journal.models import Entry
from safeconduct.people.concerned import Concerned, open_concerned
from safeconduct.people.facets import CaseHead
from safeconduct.people.keys import held
from safeconduct.people.models import Envelope
from safeconduct.people.records import open_items

from .clocks import Clock
from .models import Case, Deadline, Enquiry, Event, Task
from .queries import among, open_heads_under, require_listing
from .schedule import clock_of, last_event_on, limit_of, office_days

_Row = TypeVar("_Row", Deadline, Task, Event, Enquiry)


@dataclass(frozen=True, slots=True)
class Row:
    """One thing due: the agenda's item, the case with whom it concerns, and the clock, limit, task or promise that
    makes it due.

    ``to_do`` is what the task is, in the words of whoever wrote it down. ``silent_since`` is the last day on which
    anything happened, where nothing has for too long.
    """

    item: Item
    case: Case
    head: CaseHead
    concerned: tuple[Concerned, ...]
    enquiry: Enquiry | None
    clock: Clock | None
    deadline: Deadline | None
    limit: Limit | None
    task: Task | None = None
    promise: Event | None = None
    to_do: str = ""
    silent_since: date | None = None


def agenda_due(by: Actor, wanted: Wanted, *, on: date) -> Listing:
    """What is due by a day in the actor's teams, most pressing first. Raises `Refused`."""
    require_listing(by)
    return due(list(by.memberships), wanted, by=on)


def agenda_coming(by: Actor, wanted: Wanted, *, after: date, until: date | None = None) -> Listing:
    """What comes after a day, and by another, in the actor's teams, soonest first. Raises `Refused`."""
    require_listing(by)
    return coming(list(by.memberships), wanted, after=after, until=until)


def agenda_counted(by: Actor, wanted: Wanted, *, after: date, until: date) -> dict[tuple[date, str], int]:
    """How many things of each kind come on each day after one and by another. Raises `Refused`."""
    require_listing(by)
    rows = things(list(by.memberships), wanted).filter(day__gt=after, day__lte=until).order_by()
    counted = rows.values_list("day", "kind").annotate(number=Count("id"))
    return {(day, kind): number for day, kind, number in counted}


def open_rows(*, by: Actor, items: Sequence[Item]) -> list[Row]:
    """One page of the agenda with whom each thing concerns, after the entry that says the page was listed.

    Raises:
        Refused: policy. JournalUnavailable: nothing was opened.
    """
    cases = {case.handle: case for case in among(by, {item.case for item in items})}
    heads, leaves = open_heads_under(by, list(cases.values()))
    there = [case for case in cases.values() if case.pk in heads]
    named = open_concerned(by=by, heads=[heads[case.pk] for case in there], under=leaves)
    concerned = {case.pk: people for case, people in zip(there, named, strict=True)}
    kinds: dict[str, list[UUID]] = {}
    for item in items:
        kinds.setdefault(item.kind, []).append(item.handle)
    limits, to_do = kinds.pop(Item.Kind.ACT_BY, []), kinds.pop(Item.Kind.TASK, [])
    promised = kinds.pop(Item.Kind.PROMISE, [])
    # These two stand for their case itself; everything else due is a letter's, by the events of its case.
    silent = kinds.pop(Item.Kind.SILENCE, [])
    kinds.pop(Item.Kind.REMOVAL, None)
    letters = [handle for handles in kinds.values() for handle in handles]
    here = [case.pk for case in cases.values()]
    # Nothing is asked of what no row is about: a question costs as much as ten rows.
    deadlines = _by_handle(Deadline.objects.filter(handle__in=limits, case__in=here)) if limits else {}
    tasks = _by_handle(Task.objects.filter(handle__in=to_do, case__in=here).select_related("case")) if to_do else {}
    promises: dict[UUID, Event] = {}
    if promised:
        promises = _by_handle(Event.objects.filter(handle__in=promised, case__in=here).select_related("enquiry"))
    to_do_there = _open_tasks(by, tasks.values(), leaves) if tasks else {}
    enquiries = _by_handle(Enquiry.objects.filter(handle__in=letters, case__in=here)) if letters else {}
    told = {one.case_id for one in enquiries.values()} | {cases[one].pk for one in silent if one in cases}
    events: dict[int, list[Event]] = {}
    for event in Event.objects.filter(case__in=told).prefetch_related("said") if told else ():
        events.setdefault(event.case_id, []).append(event)
    office = office_days(by.organisation)
    rows = []
    for item in items:
        case = cases.get(item.case)
        if case is None or case.pk not in heads:
            continue
        happened = events.get(case.pk, [])
        enquiry, deadline = enquiries.get(item.handle), deadlines.get(item.handle)
        rows.append(
            Row(
                item,
                case,
                heads[case.pk],
                concerned[case.pk],
                enquiry,
                clock_of(enquiry, case, happened, office) if enquiry else None,
                deadline,
                limit_of(deadline) if deadline else None,
                tasks.get(item.handle),
                promises.get(item.handle),
                to_do_there.get(item.handle, ""),
                last_event_on(case, happened) if item.kind == Item.Kind.SILENCE else None,
            )
        )
    return rows


def next_items(cases: Sequence[Case]) -> dict[UUID, Item]:
    """What is due first on each of these cases, by the case's handle. Open facts, found by handles of clocks."""
    stands_for = [one.handle for one in cases]
    for model in (Enquiry, Deadline, Task):
        stands_for += model._default_manager.filter(case__in=cases).values_list("handle", flat=True)
    promised = Event.objects.filter(case__in=cases, kind=Event.Kind.PROMISED)
    stands_for += promised.values_list("handle", flat=True)
    first: dict[UUID, Item] = {}
    for item in Item.objects.filter(handle__in=stands_for).order_by("day", "rank", "id"):
        first.setdefault(item.case, item)
    return first


def _by_handle(rows: QuerySet[_Row]) -> dict[UUID, _Row]:
    return {row.handle: row for row in rows}


def _open_tasks(by: Actor, tasks: Iterable[Task], leaves: Mapping[Team, Entry]) -> dict[UUID, str]:
    """What is to be done, by the task's handle, under the entries of the list that shows them."""
    items = {task.handle: task.case.subject_id for task in tasks}
    keys = held(by, sorted(set(items.values())))
    keys = {number: keyed for number, keyed in keys.items() if keyed.team in leaves}
    opened = open_items(leaves, keys, Envelope.Facet.TASK, list(items))
    return {handle: one.content.what for handle, one in opened.items()}
