"""From clocks to the agenda: what a case's enquiries and deadlines make due."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from safeconduct.accounts.models import Organisation
from safeconduct.agenda.actions import replace
from safeconduct.agenda.models import Item
from safeconduct.agenda.queries import rank_of
from safeconduct.core.calendar.days import Nation
from safeconduct.core.calendar.limits import Limit, compute
from safeconduct.core.calendar.rules import get

from .clocks import Clock, Happened, OfficeDays, read_clock
from .models import Case, Deadline, Enquiry, Event

_AT_ONCE: Final = 500


def office_days(organisation: Organisation) -> OfficeDays:
    """The office's own days."""
    return OfficeDays(
        first_letter=organisation.first_letter_days,
        follow_up=organisation.follow_up_days,
        chase=organisation.chase_days,
        tell=organisation.tell_days,
    )


def standing(events: Iterable[Event]) -> list[Event]:
    """Events that still hold, in the order they were logged: not corrections, and not what they correct."""
    ordered = sorted(events, key=lambda event: event.pk or 0)
    wrong = {event.corrects_id for event in ordered if event.corrects_id}
    return [event for event in ordered if event.kind != Event.Kind.CORRECTED and event.pk not in wrong]


def clock_of(enquiry: Enquiry, case: Case, events: Iterable[Event], office: OfficeDays) -> Clock:
    """The clock of an enquiry from its case's events. Raises `BeyondCalendar`."""
    return read_clock(
        route=enquiry.route,
        nation=Nation(enquiry.nation),
        events=[Happened(e.kind, e.on, e.shape) for e in standing(events) if e.enquiry_id == enquiry.pk],
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
        letter=deadline.letter_on,
    )


def items_of(
    case: Case, enquiries: Iterable[Enquiry], deadlines: Iterable[Deadline], events: Iterable[Event], office: OfficeDays
) -> list[Item]:
    """What a case makes due. Nothing once it is closed. Raises `BeyondCalendar`."""
    items: list[Item] = []
    events = list(events)
    for enquiry in enquiries:
        clock = clock_of(enquiry, case, events, office)
        if clock.due is not None:
            version = clock.limit.rule.version if clock.limit else 0
            items.append(_item(case, clock.due.kind, clock.due.day, version, enquiry.handle))
    for deadline in deadlines:
        if deadline.met_on is None and case.state == Case.State.OPEN:
            limit = limit_of(deadline)
            day = limit.act_by or limit.last_day
            items.append(_item(case, Item.Kind.ACT_BY, day, limit.rule.version, deadline.handle))
    return items


def reschedule(case: Case, office: OfficeDays) -> None:
    """Make the agenda say what the case's clocks say. Inside the transaction that changed them."""
    enquiries, deadlines = case.enquiries.all(), case.deadlines.all()
    items = items_of(case, enquiries, deadlines, case.events.all(), office)
    replace(handles=[*(one.handle for one in enquiries), *(one.handle for one in deadlines)], items=items)


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
                items += items_of(case, enquiries, deadlines, events, office_days(case.organisation))
            replace(handles=[handle for case in cases for handle in clocked(case)], items=items)
    left_over().delete()
    return Item.objects.count()


def in_chunks(organisation: Organisation | None = None) -> Iterator[list[Case]]:
    """Every case that shows, of one organisation or of all, with all that its clocks read, a few hundred at a time."""
    rows = Case.objects.filter(subject__waiting=False)
    if organisation is not None:
        rows = rows.filter(organisation=organisation)
    rows = rows.select_related("organisation").order_by("pk").prefetch_related("enquiries", "deadlines", "events")
    last = 0
    while chunk := list(rows.filter(pk__gt=last)[:_AT_ONCE]):
        last = chunk[-1].pk
        yield chunk


def left_over() -> QuerySet[Item]:
    """What the agenda holds that no enquiry and no limit stands behind."""
    return Item.objects.filter(
        ~Exists(Enquiry.objects.filter(handle=OuterRef("handle"))),
        ~Exists(Deadline.objects.filter(handle=OuterRef("handle"))),
    )


def clocked(case: Case) -> list[UUID]:
    """The handles of a case's enquiries and limits: what rows of the agenda stand for."""
    return [one.handle for one in case.enquiries.all()] + [one.handle for one in case.deadlines.all()]


def _item(case: Case, kind: str, day: date, version: int, handle: UUID) -> Item:
    return Item(
        kind=kind,
        day=day,
        rule_version=version,
        team_id=case.team_id,
        worker_id=case.worker_id,
        topic=case.kind,
        handle=handle,
        case=case.handle,
        rank=rank_of(kind, rule_version=version),
    )
