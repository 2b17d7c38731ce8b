"""A standard whose clock was stopped or given longer: from the rule and what happened to it to the day, step by step.

Days are left out one by one where the rule counts working days, and by the calendar where it counts weeks or months.
A stop that begins after the last day changes nothing, nor does a longer time that is told after it: what is late
already stays late. Nothing here brings a day forward.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from . import rules
from .days import ONE_DAY, Nation, WorkingDays, working_days
from .limits import Limit, Method, Parameter, Reading, Step, compute, methods, rolled_day, strict_day
from .rules import NonWorkingReceipt, Rule, Shown, Status, Unit, Why
from .stops import By, Effect, LongerRow, StopRow, longer_of, stop_of

_SURE: Final = (Status.VERIFIED, Status.SECONDARY, Status.UNCONFIRMED)
Params = dict[str, Parameter | tuple[Parameter, ...]]

_STANDING: Final = frozenset({"percent", "stated", "caution"})


@dataclass(frozen=True, slots=True)
class Halt:
    """The clock was stopped on a day; ``until`` is the day it went on, None where it stands. ``reason``: a code."""

    by: By
    since: date
    until: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Longer:
    """On a day it was said that the answer may take until another."""

    on: date
    until: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Ran:
    """What `run` found. ``halted`` is the stop that stands, if one does; the limit's day is then where it stood.

    ``first`` is the last day as it was before any stop and any extension.
    """

    limit: Limit
    halted: Halt | None
    first: date


@dataclass(frozen=True, slots=True)
class _View:
    """One way to see what happened: which stops and extensions count for something."""

    said_pauses: bool = True
    said_longer: bool = True
    otherwise: bool = False
    as_said: bool = False


@dataclass(slots=True)
class _Stop:
    """Days left out: those after ``after``, up to and with ``until``."""

    after: date
    until: date | None
    halt: Halt


@dataclass(frozen=True, slots=True)
class _Found:
    """The strict last day counted from one day 0, the stop that stands, and the steps."""

    last: date
    start: date
    halted: Halt | None
    steps: list[Step]


@dataclass(slots=True)
class _Days:
    """Where the last day stands: as given, without any extension, and the longest that the law lets it be."""

    last: date
    first: date
    most: date | None


def run(rule: Rule, event: date, nation: Nation, *, halts: Sequence[Halt] = (), longer: Sequence[Longer] = ()) -> Ran:
    """The limit that a standard sets for a letter of the day ``event``, with what happened to its clock since.

    Beside `limits.compute` its steps have these codes, in the order in which things happened:

    - `started_again(by, since, on)`: a new day 0
    - `stopped(by, reason, since, until, count, unit)`, `stopped_after_end(by, reason, since)`,
      `stopped_still(by, reason, since, left, unit)`
    - `not_stopped(by, since)`: a question that stops nothing here
    - `longer(reason, on, until)`, `longer_no_later(…)`, `longer_too_late(…, last)`, `longer_at_most(on)`,
      `longer_normally(on)`
    - `moved(on)`: the last day after the step before

    Raises `NotInForce`, `NoLimit` and `BeyondCalendar` as `compute` does.
    """
    base = compute(rule, event, nation)
    if not halts and not longer:
        return Ran(base, None, base.rolled_last_day)
    own, *others = methods(base.rule)
    count = _Count(base, halts, longer)
    steps: list[Step] = []
    strict, halted = count.last_day(own, _View(), steps)
    rolled = rolled_day(own, strict, count.days(own))
    if rolled != strict:
        steps.append(Step("rolled", {"on": rolled}))

    readings = [
        Reading(method.why, day, method.status)
        for method in others
        if (day := count.rolled(method, _View())) != rolled or method.shown is Shown.ALWAYS
    ]
    first_why = own.why if readings else Why.AS_COUNTED
    for why, status, view in count.other_views():
        day = count.rolled(own, view)
        if day != rolled:
            readings.append(Reading(why, day, status))
    if readings:
        readings.insert(0, Reading(first_why, rolled, base.status))
    status = max([base.status, *count.relied_on(steps)], key=_SURE.index)
    standing = [step for step in base.steps if step.code in _STANDING]
    limit = replace(
        base,
        last_day=strict,
        rolled_last_day=rolled,
        readings=tuple(readings),
        steps=(*steps, *standing),
        status=status,
    )
    return Ran(limit, halted, base.rolled_last_day)


class _Count:
    """One letter's count. ``base`` is its limit as if nothing had happened to the clock."""

    def __init__(self, base: Limit, halts: Sequence[Halt], longer: Sequence[Longer]) -> None:
        self.base = base
        self._rows: list[tuple[Halt, StopRow | None]] = [
            (halt, stop_of(base.rule.id, halt.by, halt.since)) for halt in sorted(halts, key=lambda one: one.since)
        ]
        self._longer = longer
        self._most = longer_of(base.rule.id)

    def relied_on(self, steps: Sequence[Step]) -> Iterator[Status]:
        """How sure the rows are on which these steps rest."""
        yield from (row.status for halt, row in self._rows if row is not None and halt.until is not None)
        if self._most is not None and any(step.code == "longer" for step in steps):
            yield self._most.status

    def days(self, method: Method) -> WorkingDays:
        return working_days(self.base.nation, method.closed)

    def rolled(self, method: Method, view: _View) -> date:
        return rolled_day(method, self.last_day(method, view, [])[0], self.days(method))

    def other_views(self) -> list[tuple[Why, Status, _View]]:
        """The views beside the first that can be argued, each with how sure anybody is of it."""
        views = []
        if any(row is None and halt.by is not By.CLARIFICATION for halt, row in self._rows):
            views.append((Why.PAUSE_DOES_NOT_COUNT, self.base.rule.status, _View(said_pauses=False)))
        views += [
            (Why.QUESTION_ONLY_STOPS, row.otherwise.status, _View(otherwise=True))
            for _halt, row in self._rows
            if row is not None and row.otherwise is not None
        ][:1]
        if self._longer:
            if self._most is None:
                views.append((Why.LONGER_DOES_NOT_COUNT, self.base.rule.status, _View(said_longer=False)))
            views.append((Why.LONGER_AS_SAID, Status.UNCONFIRMED, _View(as_said=True)))
        return views

    def last_day(self, method: Method, view: _View, steps: list[Step]) -> tuple[date, Halt | None]:
        """The strict last day by one method and view, and the stop that stands. Steps are added to ``steps``.

        It is counted from the letter's own day and from each day 0 since; the latest of these is the last day.
        """
        days = self.days(method)
        found = [self._from(self.base.event, None, method, view)]
        for halt, row in self._rows:
            if halt.until is None or halt.until <= self.base.event:
                continue
            if self._effect(halt, row, view) is not Effect.STARTS_AGAIN:
                continue
            if halt.since <= rolled_day(method, max(one.last for one in found), days):
                found.append(self._from(halt.until, halt, method, view))
        latest = max(found, key=lambda one: (one.last, one.start))
        steps += latest.steps
        return latest.last, latest.halted

    def _from(self, start: date, again: Halt | None, method: Method, view: _View) -> _Found:
        days, rule, steps = self.days(method), self.base.rule, list[Step]()
        steps.append(Step("day_zero", {"trigger": rule.trigger.value, "on": self.base.event}))
        if again is not None:
            steps.append(Step("started_again", {"by": again.by.value, "since": again.since, "on": start}))
        stand = strict_day(method, start, days, steps)
        receipt = method.non_working_receipt
        zero = days.next_on_or_after(start) if receipt is NonWorkingReceipt.NEXT_WORKING_DAY else start
        at = _Days(last=stand, first=stand, most=self._longest(start, days))
        halted: Halt | None = None
        for when, happened in self._in_order(view, zero):
            if isinstance(happened, Longer):
                self._give_longer(at, happened, view, steps, method, days)
            elif isinstance(happened, Halt):
                steps.append(Step("not_stopped", {"by": happened.by.value, "since": happened.since}))
            elif when >= rolled_day(method, at.last, days):
                steps.append(Step("stopped_after_end", _of(happened.halt)))
            elif happened.until is None:
                halted = happened.halt
                steps.append(Step("stopped_still", {**_of(halted), **_left(when, at.last, method, days)}))
            else:
                _leave_out(at, happened, steps, method, days)
        return _Found(at.last, start, halted, steps)

    def _effect(self, halt: Halt, row: StopRow | None, view: _View) -> Effect:
        if row is None:
            if halt.by is By.CLARIFICATION or not view.said_pauses:
                return Effect.NOTHING
            return Effect.STOPS
        return row.otherwise.effect if view.otherwise and row.otherwise is not None else row.effect

    def _in_order(self, view: _View, zero: date) -> list[tuple[date, _Stop | Longer | Halt]]:
        """Stops, questions that stop nothing, and extensions, by their days; stops are joined where they overlap."""
        longer = self._longer if view.said_longer else ()
        found: list[tuple[date, _Stop | Longer | Halt]] = [(one.on, one) for one in longer]
        stops: list[_Stop] = []
        for halt, row in self._rows:
            effect = self._effect(halt, row, view)
            if effect is Effect.NOTHING and halt.by is By.CLARIFICATION:
                found.append((halt.since, halt))
            if effect is Effect.NOTHING or (halt.until is not None and halt.until <= zero):
                continue
            first_counts = row is None or row.first_day_counts
            stops.append(_Stop(max(zero, halt.since - (timedelta(0) if first_counts else ONE_DAY)), halt.until, halt))
        found += [(stop.after, stop) for stop in _joined(stops)]
        # On one day an extension comes after a stop: it names its day outright.
        return sorted(found, key=lambda one: (one[0], isinstance(one[1], Longer)))

    def _longest(self, start: date, days: WorkingDays) -> date | None:
        if self._most is None or not self._longer:
            return None
        return strict_day(next(methods(rules.get(self._most.most, start))), start, days, [])

    def _give_longer(
        self, at: _Days, longer: Longer, view: _View, steps: list[Step], method: Method, days: WorkingDays
    ) -> None:
        said: Params = {"reason": longer.reason, "on": longer.on, "until": longer.until}
        until, row = longer.until, self._most
        # A law says by when they have to tell; where none does, they can while it is not late.
        last = at.last if row is None else at.first
        if not view.as_said and longer.on > rolled_day(method, last, days):
            steps.append(Step("longer_too_late", {**said, "last": last}))
            return
        if until <= at.last:
            steps.append(Step("longer_no_later", said))
            return
        days.require(until)
        steps.append(Step("longer", said))
        until = self._capped(at, until, row, view, steps)
        at.last = max(at.last, until)
        steps.append(Step("moved", {"on": at.last}))

    def _capped(self, at: _Days, until: date, row: LongerRow | None, view: _View, steps: list[Step]) -> date:
        if row is None or at.most is None or until <= at.most or view.as_said:
            return until
        steps.append(Step("longer_at_most" if row.firm else "longer_normally", {"on": at.most}))
        return at.most if row.firm else until


def _leave_out(at: _Days, stop: _Stop, steps: list[Step], method: Method, days: WorkingDays) -> None:
    """Move the days on by what a stop that is over left out."""
    assert stop.until is not None
    count = _length(stop.after, stop.until, method, days)
    unit = Unit.WORKING_DAYS if method.unit is Unit.WORKING_DAYS else Unit.CALENDAR_DAYS
    steps.append(
        Step(
            "stopped", {**_of(stop.halt), "after": stop.after, "until": stop.until, "count": count, "unit": unit.value}
        )
    )
    # A stop within a roll-over begins after the strict last day: the days are put behind where it began.
    at.last = _on(max(at.last, stop.after), count, method, days)
    if stop.after < rolled_day(method, at.first, days):
        at.first = _on(max(at.first, stop.after), count, method, days)
    if at.most is not None:
        at.most = _on(at.most, count, method, days)
    steps.append(Step("moved", {"on": at.last}))


def _joined(stops: Sequence[_Stop]) -> list[_Stop]:
    """The same days left out, by stops that do not overlap; one that stands ends the others."""
    out: list[_Stop] = []
    for stop in sorted(stops, key=lambda one: one.after):
        before = out[-1] if out else None
        if before is None or (before.until is not None and before.until <= stop.after):
            out.append(stop)
        elif before.until is None:
            continue
        elif stop.until is None:
            if stop.after > before.after:
                before.until = stop.after
                out.append(stop)
            else:
                out[-1] = stop
        else:
            before.until = max(before.until, stop.until)
    return out


def _length(after: date, until: date, method: Method, days: WorkingDays) -> int:
    if method.unit is Unit.WORKING_DAYS:
        return days.between(after, until)
    days.require(until)
    return (until - after).days


def _on(day: date, count: int, method: Method, days: WorkingDays) -> date:
    if method.unit is Unit.WORKING_DAYS:
        return days.add(day, count)
    days.require(day + timedelta(days=count))
    return day + timedelta(days=count)


def _left(after: date, last: date, method: Method, days: WorkingDays) -> Params:
    unit = Unit.WORKING_DAYS if method.unit is Unit.WORKING_DAYS else Unit.CALENDAR_DAYS
    return {"left": _length(after, last, method, days), "unit": unit.value}


def _of(halt: Halt) -> Params:
    return {"by": halt.by.value, "reason": halt.reason, "since": halt.since}
