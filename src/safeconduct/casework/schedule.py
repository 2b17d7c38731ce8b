"""From clocks to the agenda: what a case's enquiries and deadlines make due."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, prefetch_related_objects

from safeconduct.accounts.models import Organisation
from safeconduct.agenda.actions import replace
from safeconduct.agenda.models import Item
from safeconduct.agenda.queries import rank_of
from safeconduct.core.calendar.days import BeyondCalendar, Nation, working_days
from safeconduct.core.calendar.limits import Limit, compute
from safeconduct.core.calendar.rules import get
from safeconduct.journal import bulk

from .clocks import Clock, OfficeDays, Why, read_clock
from .happened import Happened, Promised, PromiseState, in_order, promises_of
from .models import Case, Deadline, Enquiry, Event, Task

_AT_ONCE: Final = 500
_REPLIES: Final = frozenset({Event.Kind.ACKNOWLEDGED, Event.Kind.HOLDING_REPLY})


@dataclass(frozen=True, slots=True)
class OwnDays(OfficeDays):
    """The days that clocks run by, and after how many without any event a case is to be looked at again.

    All are working days of ``nation``.
    """

    silence: int
    nation: Nation


def office_days(organisation: Organisation) -> OwnDays:
    """The office's own days."""
    return OwnDays(
        first_letter=organisation.first_letter_days,
        follow_up=organisation.follow_up_days,
        chase=organisation.chase_days,
        tell=organisation.tell_days,
        silence=organisation.silence_days,
        nation=Nation(organisation.nation),
    )


def standing(events: Iterable[Event]) -> list[Event]:
    """Events that still hold, in the order they were logged: not corrections, and not what they correct."""
    ordered = sorted(events, key=lambda event: event.pk or 0)
    wrong = {event.corrects_id for event in ordered if event.corrects_id}
    return [event for event in ordered if event.kind != Event.Kind.CORRECTED and event.pk not in wrong]


def happened(events: Iterable[Event], enquiry: int | None) -> list[Happened]:
    """The events of one enquiry (of none, for None) as clocks see them, with everything that replies said."""
    events = [event for event in events if event.enquiry_id == enquiry]
    # One question for all of them, and none where they were read with it.
    prefetch_related_objects([event for event in events if event.kind in _REPLIES], "said")
    return [
        Happened(
            event.kind,
            event.on,
            event.shape,
            event.until,
            event.reason,
            tuple(sorted(one.shape for one in event.said.all())) if event.kind in _REPLIES else (),
            event.handle,
        )
        for event in events
    ]


def clock_of(enquiry: Enquiry, case: Case, events: Iterable[Event], office: OfficeDays) -> Clock:
    """The clock of an enquiry from its case's events. Raises `BeyondCalendar`."""
    return read_clock(
        route=enquiry.route,
        nation=Nation(enquiry.nation),
        events=happened(standing(events), enquiry.pk),
        office=office,
        case_open=case.state == Case.State.OPEN,
    )


def limit_of(deadline: Deadline) -> Limit:
    """When a deadline's limit falls. Raises `BeyondCalendar`, `NotInForce`."""
    return compute(
        get(deadline.rule, deadline.on),
        deadline.on,
        Nation(deadline.nation),
        deadline.abroad,
        detained=deadline.detained,
        letter=deadline.letter_on,
    )


def last_event_on(case: Case, events: Iterable[Event]) -> date:
    """The last day on which something happened on a case: that it was opened, where nothing did."""
    return max([case.opened_on, *(event.on for event in standing(events))])


def silent_from(last: date, office: OwnDays) -> date | None:
    """The day by which nothing has happened since ``last`` for as long as the office allows.

    None where that day is later than any bank holiday that is known.
    """
    days = working_days(office.nation)
    try:
        return days.add(max(last, days.first_known), office.silence)
    except BeyondCalendar:
        return None


def items_of(
    case: Case,
    enquiries: Iterable[Enquiry],
    deadlines: Iterable[Deadline],
    events: Iterable[Event],
    office: OwnDays,
    tasks: Iterable[Task] = (),
) -> list[Item]:
    """What a case makes due. Nothing once it is closed. Raises `BeyondCalendar`.

    One row stands for the case itself: the removal it is about; else its silence, where nothing else of it is due on
    any day and would bring it before somebody.
    """
    items: list[Item] = []
    events = list(events)
    promises = promises_of(in_order(happened(standing(events), None)))
    for enquiry in enquiries:
        clock = clock_of(enquiry, case, events, office)
        promises += clock.promises
        if (due := due_of(clock)) is not None:
            items.append(item_of(case, *due, enquiry.handle))
    if case.state != Case.State.OPEN:
        return items
    for deadline in deadlines:
        if deadline.met_on is None:
            limit = limit_of(deadline)
            day = limit.act_by or limit.last_day
            items.append(item_of(case, Item.Kind.ACT_BY, day, limit.rule.version, deadline.handle))
    items += [item_of(case, Item.Kind.PROMISE, one.day, 0, one.handle) for one in _open(promises) if one.handle]
    for task in tasks:
        if task.done_on is None:
            items.append(item_of(case, Item.Kind.TASK, task.on, 0, task.handle, worker=task.worker_id))
    if case.removal_on is not None:
        return [*items, item_of(case, Item.Kind.REMOVAL, case.removal_on, 0, case.handle)]
    if not items and (silent := silent_from(last_event_on(case, events), office)) is not None:
        return [item_of(case, Item.Kind.SILENCE, silent, 0, case.handle)]
    return items


def due_of(clock: Clock) -> tuple[str, date, int] | None:
    """The row that a letter's clock makes: its kind, its day, and the version of the rule it comes from."""
    if clock.due is None:
        return None
    # While it stands still nothing but the office's own day says when to look at it.
    version = clock.limit.rule.version if clock.limit and clock.halted is None else 0
    kind = Item.Kind.TELL if clock.due.why is Why.PERSON_TO_TELL else clock.due.kind
    return kind, clock.due.day, version


def reschedule(case: Case, office: OwnDays) -> None:
    """Make the agenda say what the case's clocks say. Inside the transaction that changed them."""
    # Asked afresh: a case that was found with its events at hand does not know of the one logged since.
    enquiries, deadlines = list(Enquiry.objects.filter(case=case)), list(Deadline.objects.filter(case=case))
    events, tasks = list(Event.objects.filter(case=case)), list(Task.objects.filter(case=case))
    items = items_of(case, enquiries, deadlines, events, office, tasks=tasks)
    replace(handles=_handles(case, enquiries, deadlines, events, tasks), items=items)


def make_if_gone() -> int:
    """Make the whole agenda where there is none, as after an upgrade that emptied it. Returns the rows it made.

    All or nothing: cut short, it is done again the next time. Raises `BeyondCalendar`.
    """
    if Item.objects.exists() or not Case.objects.filter(state=Case.State.OPEN, subject__waiting=False).exists():
        return 0
    with transaction.atomic():
        return rebuild()


def rebuild() -> int:
    """Make the whole agenda again from what happened, case by case, and drop what belongs to none. Returns its rows.

    Raises:
        BeyondCalendar: a clock needs bank holidays that are not known; what was made by then stays made.
    """
    for cases in in_chunks():
        with transaction.atomic():
            items: list[Item] = []
            for case in cases:
                enquiries, deadlines, events = case.enquiries.all(), case.deadlines.all(), case.events.all()
                office = office_days(case.organisation)
                items += items_of(case, enquiries, deadlines, events, office, tasks=case.tasks.all())
            replace(handles=[handle for case in cases for handle in clocked(case)], items=items)
    left_over().delete()
    return Item.objects.count()


def in_chunks(organisation: Organisation | None = None) -> Iterator[list[Case]]:
    """Every case that shows, of one organisation or of all, with all that its clocks read, a few hundred at a time."""
    rows = Case.objects.filter(subject__waiting=False)
    if organisation is not None:
        rows = rows.filter(organisation=organisation)
    rows = rows.select_related("organisation").order_by("pk")
    rows = rows.prefetch_related("enquiries", "deadlines", "events__said", "tasks")
    last = 0
    while chunk := list(rows.filter(pk__gt=last)[:_AT_ONCE]):
        last = chunk[-1].pk
        yield chunk


def left_over() -> QuerySet[Item]:
    """What the agenda holds that no enquiry, no limit, no promise, no task and no case stands behind."""
    return Item.objects.filter(
        ~Exists(Case.objects.filter(handle=OuterRef("handle"))),
        ~Exists(Task.objects.filter(handle=OuterRef("handle"))),
        ~Exists(Enquiry.objects.filter(handle=OuterRef("handle"))),
        ~Exists(Event.objects.filter(handle=OuterRef("handle"), kind=Event.Kind.PROMISED)),
        ~Exists(Deadline.objects.filter(handle=OuterRef("handle"))),
    )


def clocked(case: Case) -> list[UUID]:
    """The handles of a case, its enquiries, limits, tasks and promises: what rows of the agenda stand for."""
    return _handles(case, case.enquiries.all(), case.deadlines.all(), case.events.all(), case.tasks.all())


def _handles(
    case: Case,
    enquiries: Iterable[Enquiry],
    deadlines: Iterable[Deadline],
    events: Iterable[Event],
    tasks: Iterable[Task],
) -> list[UUID]:
    stand = [case.handle, *(one.handle for one in enquiries), *(one.handle for one in deadlines)]
    return [*stand, *(one.handle for one in tasks), *(one.handle for one in events if one.kind == Event.Kind.PROMISED)]


def _open(promises: Iterable[Promised]) -> list[Promised]:
    return [one for one in promises if one.state is PromiseState.OPEN]


def item_of(case: Case, kind: str, day: date, version: int, handle: UUID, *, worker: int | None = None) -> Item:
    """A row not yet saved that stands for ``handle``, of the case's own worker unless another is named (row id)."""
    return bulk.make(
        Item,
        kind=kind,
        day=day,
        rule_version=version,
        team_id=case.team_id,
        worker_id=worker or case.worker_id,
        topic=case.kind,
        handle=handle,
        case=case.handle,
        rank=rank_of(kind, rule_version=version),
    )
