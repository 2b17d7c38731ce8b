"""A row of Today: the verb, who, what is due and when, and one line saying why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from safeconduct.agenda.models import Item
from safeconduct.agenda.queries import FOLLOW_UP, rank_of
from safeconduct.casework.clocks import Clock, Due, Why
from safeconduct.casework.queries import Row
from safeconduct.core.calendar.limits import Limit
from safeconduct.core.calendar.rules import Kind
from safeconduct.core.names.display import listed
from safeconduct.people.concerned import Concerned

from ..words import cases, dates
from ..words.dates import Day
from .present_clock import Explained, explain_limit, explain_standard, how_limit_stands
from .present_why import why


@dataclass(frozen=True, slots=True, kw_only=True)
class RowShown:
    """The shape of `components/row.html`."""

    url: str
    verb: str
    who: str
    ref: str
    what: str
    due: Day | None
    why: str
    needs: bool
    worker: str
    clock: Explained | None
    current: bool


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of Today with its rows."""

    title: str
    rows: list[RowShown]


def who(concerned: Sequence[Concerned]) -> str:
    """A given name and an initial, as a screen others can see may show them."""
    name = concerned[0].name if concerned else ""
    return listed(name) if name else _("Nobody named")


def present(row: Row, *, url: str, today: date, me: int, current: bool = False) -> RowShown:
    """One row. ``me``: the row id of the member who reads, whose own name is left out."""
    if row.limit is not None:
        verb, what, due, said, clock = _of_limit(row.limit, today)
    else:
        assert row.clock is not None
        assert row.enquiry is not None
        verb, what, due, said, clock = _of_enquiry(row.clock, row.enquiry.route, today)
    return RowShown(
        url=url,
        verb=verb,
        who=who(row.concerned),
        ref=row.head.our_reference,
        what=what,
        due=due,
        why=said,
        needs=row.item.day <= today and row.item.kind in (Item.Kind.ACT_BY, Item.Kind.ANSWER),
        worker=_worker(row, me),
        clock=clock,
        current=current,
    )


def section_of(item: Item, today: date) -> str:
    """The heading a thing stands under; they come in the order in which the agenda gives its rows."""
    if item.day > today:
        return _("Coming up")
    match item.kind:
        case Item.Kind.ACT_BY:
            return _("Act by today")
        case Item.Kind.ANSWER:
            return _("Waiting for you")
        case Item.Kind.REPLY_DUE if item.day == today:
            return _("Due today")
    if rank_of(item.kind, rule_version=item.rule_version) == FOLLOW_UP:
        return _("To follow up")
    return _("Late")


def _worker(row: Row, me: int) -> str:
    if row.case.worker is None:
        return _("Nobody yet")
    return "" if row.case.worker_id == me else row.case.worker.name


Parts = tuple[str, str, Day | None, str, Explained | None]


def _of_limit(limit: Limit, today: date) -> Parts:
    day = limit.act_by or limit.last_day
    short = dates.short(day, today)
    if limit.act_by is None:
        text = _("ends today, %(day)s") if day == today else _("ended %(day)s") if day < today else _("ends %(day)s")
    elif day == today:
        text = _("act by today, %(day)s")
    elif day < today:
        text = _("the safe day was %(day)s")
    else:
        text = _("act by %(day)s")
    verb = cases.CHECK if limit.rule.kind is Kind.ACT else cases.PLAN
    return (
        str(verb),
        limit.rule.title,
        Day(text % {"day": short}, day.isoformat()),
        how_limit_stands(limit, today),
        explain_limit(limit),
    )


def _of_enquiry(clock: Clock, route: str, today: date) -> Parts:
    explained = explain_standard(clock.limit) if clock.limit else None
    due = clock.due
    if due is None:  # the agenda is behind the clock for a moment: the row shows that nothing is left to do
        return str(cases.CLOCK_TITLES[Why.PERSON_TO_TELL]), str(cases.ROUTES[route]), None, "", explained
    waiting = due.why is Why.STANDARD_ENDS and due.day >= today
    return (
        str(cases.AWAIT if waiting else cases.VERBS[due.why]),
        str(cases.ROUTES[route]),
        _when(due, today),
        why(clock, due, today),
        explained,
    )


def _when(due: Due, today: date) -> Day:
    short = dates.short(due.day, today)
    if due.why is Why.STANDARD_ENDS:
        text = _("due today, %(day)s") if due.day == today else _("was due %(day)s")
        text = _("due %(day)s") if due.day > today else text
    else:
        text = _("today, %(day)s") if due.day == today else _("since %(day)s")
        text = _("on %(day)s") if due.day > today else text
    return Day(text % {"day": short}, due.day.isoformat())
