"""A row of Today: the verb, who, what is due and when, and one line saying why."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from safeconduct.agenda.models import Item
from safeconduct.casework.clocks import Clock, Due, Why
from safeconduct.casework.due import Row
from safeconduct.casework.models import Enquiry
from safeconduct.core.calendar.limits import Limit
from safeconduct.core.names.display import listed
from safeconduct.people.concerned import Concerned

from ...words import cases, dates
from ...words import due as words
from ...words.dates import Day
from ..cases.present_clock import Explained, explain_limit, explain_standard, how_limit_stands
from ..cases.present_why import why


@dataclass(frozen=True, slots=True)
class RowAct:
    """Something that is one key away while a row has the focus."""

    key: str
    text: str
    url: str


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
    acts: tuple[RowAct, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of Today with its rows."""

    title: str
    rows: list[RowShown]


def who(concerned: Sequence[Concerned]) -> str:
    """A given name and an initial, as a screen others can see may show them."""
    name = concerned[0].name if concerned else ""
    return listed(name) if name else _("Nobody named")


def present(
    row: Row,
    *,
    url: str,
    today: date,
    me: int,
    covered: Collection[int] = (),
    current: bool = False,
    advises: bool = False,
) -> RowShown:
    """One row. ``me``: the row id of the member who reads, whose own name is left out.

    ``covered``: those whose work they see to today. ``advises``: whether their office gives advice on the law.
    """
    verb, what, due, said, clock = _parts(row, today, advises=advises)
    return RowShown(
        url=url,
        verb=verb,
        who=who(row.concerned),
        ref=row.head.our_reference,
        what=what,
        due=due,
        why=said,
        needs=row.item.kind == Item.Kind.REMOVAL or (row.item.day <= today and row.item.kind in words.PRESSING),
        worker=_worker(row, me, covered),
        clock=clock,
        current=current,
        acts=_acts(row, url.partition("?")[2]),
    )


def section_of(item: Item, today: date) -> str:
    """The heading a thing stands under; they come in the order in which the agenda gives its rows."""
    if item.day > today and item.kind != Item.Kind.REMOVAL:
        return _("Coming up")
    return words.heading(item.kind, rule_version=item.rule_version, of_today=item.day == today)


def _worker(row: Row, me: int, covered: Collection[int]) -> str:
    """Whose it is: a task may be somebody else's than the case."""
    if row.item.worker_id is None:
        return _("Nobody yet")
    if row.item.worker_id == me:
        return ""
    one = row.task.worker if row.task is not None and row.task.worker is not None else row.case.worker
    name = one.name if one is not None else ""
    return _("for %(name)s") % {"name": name} if row.item.worker_id in covered else name


def _acts(row: Row, place: str) -> tuple[RowAct, ...]:
    """What can be said of a row without looking at its case first; ``place`` is where it stands, as a query."""
    case, beside = row.case.handle, f"&{place}" if place else ""
    letter = f"&enquiry={row.enquiry.handle.hex}" if row.enquiry is not None else ""
    acts = [
        RowAct("o", _("Told them"), f"{reverse('case', args=[case])}?log=told_person{letter}{beside}#log-event"),
        RowAct("b", _("Promised to ring"), f"{reverse('case-call', args=[case])}?from=case{beside}#ring-back"),
    ]
    if row.task is not None:
        done = reverse("task-done", args=[case, row.task.handle])
        acts.insert(0, RowAct("d", _("Done"), f"{done}?{place}" if place else done))
    return tuple(acts)


Parts = tuple[str, str, Day | None, str, Explained | None]


def _parts(row: Row, today: date, *, advises: bool) -> Parts:
    if row.limit is not None:
        return _of_limit(row.limit, today, advises=advises)
    if row.clock is not None and row.enquiry is not None:
        return _of_enquiry(row.clock, row.enquiry.route, today)
    if row.promise is not None and row.promise.until is not None:
        return _of_promise(row.promise.until, row.promise.on, row.promise.enquiry, today)
    if row.task is not None:
        day = row.task.on
        text = _("today, %(day)s") if day == today else _("was to be done by %(day)s")
        text = _("by %(day)s") if day > today else text
        by = Day(text % {"day": dates.short(day, today)}, day.isoformat())
        return str(words.TASK_VERBS[row.task.kind]), row.to_do, by, "", None
    if row.item.kind == Item.Kind.REMOVAL:
        return _of_removal(row.item.day, today)
    if row.silent_since is None:  # what made it due is gone, and the agenda is behind for a moment
        return str(words.SILENCE_VERB), "", None, "", None
    since = Day(_("since %(day)s") % {"day": dates.short(row.silent_since, today)}, row.silent_since.isoformat())
    said = _("The last entry is of %(ago)s; nothing else is due on this case")
    return str(words.SILENCE_VERB), "", since, said % {"ago": dates.ago(row.silent_since, today)}, None


def _of_promise(day: date, on: date, enquiry: Enquiry | None, today: date) -> Parts:
    """What they promised: it is theirs to keep, and ours to ask about."""
    text = _("promised for today, %(day)s") if day == today else _("was promised by %(day)s")
    text = _("promised by %(day)s") if day > today else text
    verb = cases.AWAIT if day > today else cases.VERBS[Why.CHASED_SINCE]
    what = str(cases.ROUTES[enquiry.route]) if enquiry else ""
    said = _("Promised %(ago)s. A promise moves no standard") % {"ago": dates.ago(on, today)}
    return str(verb), what, Day(text % {"day": dates.short(day, today)}, day.isoformat()), said, None


def _of_removal(day: date, today: date) -> Parts:
    short = dates.short(day, today)
    if day < today:
        text = _("was set for %(day)s") % {"day": short}
        said = _("Log what became of it")
    else:
        text = (_("today, %(day)s") if day == today else _("set for %(day)s")) % {"day": short}
        said = _("Flight, place and whom to ring are on the case")
    return str(words.REMOVAL_VERB), _("Removal"), Day(text, day.isoformat()), said, None


def _of_limit(limit: Limit, today: date, *, advises: bool) -> Parts:
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
    return (
        cases.whose_turn(limit.rule.kind, advises=advises),
        limit.rule.title,
        Day(text % {"day": short}, day.isoformat()),
        how_limit_stands(limit, today),
        explain_limit(limit, advises=advises),
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
