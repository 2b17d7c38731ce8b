"""From a rule and the day of an event to the days that follow, with every step of the reasoning.

Three days are told apart:

- `last_day`: the strict last day, counted exactly as the rule says and moved by nothing;
- `rolled_last_day`: the same under the rule's first reading after its roll-over, where it has one;
- `act_by`: the last working day on or before the strict last day, the earliest over every reading, and never before the
  event. This is the day to show first: it is in time whichever reading is right. Only a row of kind `act` has one.

`readings` is empty where the law is clear. Where it is not, it lists every reading that can be argued, the rule's own
first, each with the last day it gives after its roll-over.

Steps and readings are codes with parameters. Words, and their translations, belong to whoever shows them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from . import rules
from .days import Holiday, MonthDay, Nation, WorkingDays, working_days
from .rules import Kind, NonWorkingReceipt, NotInForce, ReadingRow, Roll, Rule, Shown, Status, Unit, Why

Parameter = str | int | date | Holiday
"""What a step may carry."""


@dataclass(frozen=True)
class Step:
    """One step of the reasoning.

    Codes and their parameters, in the order they can appear:

    - `rule_instead(reason, rule, trigger)`: another row answers, and counts from `trigger`; `reason` is `abroad`,
      `detained` or a nation
    - `abroad_same()`: being outside the United Kingdom makes no difference to this rule
    - `detained_same()`: no row for people in detention is known, so the ordinary one answers
    - `day_zero(trigger, on)`, `day_zero_moved(on)`: the event; day 0 moved to the next working day
    - `counted(count, unit, nation)`: what was counted
    - `holidays(nation, on…)`, `no_holidays(nation)`: bank holidays a count of working days passed over
    - `last_day(on)`
    - `second_clock(trigger, on, count, unit, last_day)`, `second_clock_unknown(trigger, count, unit)`, `later_of(on)`
    - `rolled(on)`: the last day is not a working day and moves to this one
    - `act_by(on)`, `act_the_same_day(on)`
    - `percent(percent)`, `stated(on)`: the share promised, and when the authority was last seen to state the rule
    - `caution(caution)`: a code of `rules.Caution`
    """

    code: str
    params: dict[str, Parameter | tuple[Parameter, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """One arguable reading: its code, the last day it gives (after roll-over) and how sure we are that it holds."""

    why: Why
    last_day: date
    status: Status


@dataclass(frozen=True)
class Limit:
    """What `compute` found. `rule` is the row that answered; `status` and `source` are that row's."""

    rule: Rule
    event: date
    nation: Nation
    act_by: date | None
    last_day: date
    rolled_last_day: date
    readings: tuple[Reading, ...]
    steps: tuple[Step, ...]
    status: Status
    source: str


class NoLimit(Exception):
    """No limit is published for this row: an office has only its own follow-up day."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        super().__init__(f"No limit is published for {rule.id} ({rule.title}). Use your office's own follow-up day.")


class NoSecondClock(Exception):
    """A letter's day was given for a rule that has one clock only."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        super().__init__(f"{rule.id} has one clock only: leave out the day of the letter.")


@dataclass(frozen=True)
class Method:
    """One reading of a rule, complete: how to count and what to do at the end."""

    why: Why
    status: Status
    shown: Shown
    unit: Unit
    count: int
    non_working_receipt: NonWorkingReceipt
    roll: Roll
    closed: frozenset[MonthDay]


def plus(day: date, count: int, unit: Unit, days: WorkingDays) -> date:
    """The day `count` units after `day`, which is day 0.

    A month ends on the corresponding date of the later month or, where it has none, on its last day.
    Raises `BeyondCalendar` when the answer lies outside the published bank holidays.
    """
    match unit:
        case Unit.WORKING_DAYS:
            return days.add(day, count)
        case Unit.CALENDAR_DAYS:
            end = day + timedelta(days=count)
        case Unit.WEEKS:
            end = day + timedelta(weeks=count)
        case Unit.MONTHS:
            end = day + relativedelta(months=count)
    days.require(end)
    return end


def compute(
    rule: Rule,
    event: date,
    nation: Nation,
    abroad: bool = False,
    *,
    detained: bool = False,
    letter: date | None = None,
) -> Limit:
    """The limit that `rule` sets for something that happened on `event`.

    `nation` is where the person (or the office the paper went to) is; `abroad` asks for the row that governs a person
    outside the United Kingdom and `detained` for that of a person in detention; `letter` is the day of the event that
    starts the second clock of a row that has one.

    Raises `NotInForce` when the row does not govern `event`, `NoLimit` when nothing is published, `NoSecondClock`, and
    `BeyondCalendar` when a day lies outside the published bank holidays.
    """
    steps: list[Step] = []
    rule = _that_governs(rule, event, nation, abroad, detained, steps)
    first, *others = methods(rule)
    if letter is not None and rule.second is None:
        raise NoSecondClock(rule)

    days = working_days(rule.nation(nation))
    days.require(event)
    steps.append(Step("day_zero", {"trigger": rule.trigger.value, "on": event}))
    last_day = strict_day(first, event, days, steps)
    if rule.second is not None:
        last_day = _later_clock(rule.second, last_day, letter, days, steps)
    rolled = rolled_day(first, last_day, days)
    if rolled != last_day:
        steps.append(Step("rolled", {"on": rolled}))

    strict_days = [last_day]
    readings: list[Reading] = []
    for method in others:
        its_days = working_days(days.nation, method.closed)
        its_strict = strict_day(method, event, its_days, [])
        its_rolled = rolled_day(method, its_strict, its_days)
        strict_days.append(its_strict)
        if method.shown is Shown.ALWAYS or its_rolled != rolled:
            readings.append(Reading(method.why, its_rolled, method.status))
    if readings:
        readings.insert(0, Reading(first.why, rolled, first.status))

    act_by = _act_by(rule, event, min(strict_days), days, steps)
    steps += _standing(rule)
    return Limit(
        rule=rule,
        event=event,
        nation=days.nation,
        act_by=act_by,
        last_day=last_day,
        rolled_last_day=rolled,
        readings=tuple(readings),
        steps=tuple(steps),
        status=rule.status,
        source=rule.source,
    )


def _that_governs(rule: Rule, event: date, nation: Nation, abroad: bool, detained: bool, steps: list[Step]) -> Rule:
    """The row to count with: the one asked for, or that it names for another nation, people abroad or in detention."""
    if not rule.in_force(event):
        raise NotInForce(rule.id, event, (rule,), ())
    if nation in rule.elsewhere:
        rule = rules.get(rule.elsewhere[nation], event)
        steps.append(_instead(rule, nation.value))
    if abroad and rule.abroad is not None:
        rule = rules.get(rule.abroad, event)
        steps.append(_instead(rule, "abroad"))
    elif abroad and not rule.for_abroad:
        steps.append(Step("abroad_same"))
    if detained and rule.detained is not None:
        rule = rules.get(rule.detained, event)
        steps.append(_instead(rule, "detained"))
    elif detained and not rule.for_detained:
        steps.append(Step("detained_same"))
    return rule


def _instead(rule: Rule, reason: str) -> Step:
    return Step("rule_instead", {"reason": reason, "rule": rule.id, "trigger": rule.trigger.value})


def methods(rule: Rule) -> Iterator[Method]:
    """The rule's own reading, then each other one with what it leaves unsaid taken from the rule."""
    unit, count, receipt, roll = rule.unit, rule.count, rule.non_working_receipt, rule.roll
    if unit is None or count is None or receipt is None or roll is None:
        raise NoLimit(rule)
    own = ReadingRow(why=rule.why, status=rule.status, source=rule.source, shown=Shown.ALWAYS)
    for reading in (own, *rule.readings):
        yield Method(
            why=reading.why,
            status=reading.status,
            shown=reading.shown,
            unit=reading.unit or unit,
            count=reading.count or count,
            non_working_receipt=reading.non_working_receipt or receipt,
            roll=reading.roll or roll,
            closed=reading.closed_days(),
        )


def strict_day(method: Method, event: date, days: WorkingDays, steps: list[Step]) -> date:
    """The strict last day by one method, moved by nothing; what was counted is added to ``steps``."""
    start = event
    if method.non_working_receipt is NonWorkingReceipt.NEXT_WORKING_DAY:
        start = days.next_on_or_after(event)
        if start != event:
            steps.append(Step("day_zero_moved", {"on": start}))
    end = plus(start, method.count, method.unit, days)
    steps.append(Step("counted", {"count": method.count, "unit": method.unit.value, "nation": days.nation.value}))
    if method.unit is Unit.WORKING_DAYS:
        passed = days.holidays_between(start, end)
        if passed:
            steps.append(Step("holidays", {"nation": days.nation.value, "on": tuple(passed)}))
        else:
            steps.append(Step("no_holidays", {"nation": days.nation.value}))
    steps.append(Step("last_day", {"on": end}))
    return end


def _later_clock(
    second: rules.SecondClock, last_day: date, letter: date | None, days: WorkingDays, steps: list[Step]
) -> date:
    about: dict[str, Parameter | tuple[Parameter, ...]] = {
        "trigger": second.trigger.value,
        "count": second.count,
        "unit": second.unit.value,
    }
    if letter is None:
        steps.append(Step("second_clock_unknown", about))
        return last_day
    end = plus(letter, second.count, second.unit, days)
    steps.append(Step("second_clock", {**about, "on": letter, "last_day": end}))
    steps.append(Step("later_of", {"on": max(last_day, end)}))
    return max(last_day, end)


def rolled_day(method: Method, strict: date, days: WorkingDays) -> date:
    """The last day after the roll-over of one method, where it has one."""
    return days.next_on_or_after(strict) if method.roll is Roll.NEXT_WORKING_DAY else strict


def _act_by(rule: Rule, event: date, strict: date, days: WorkingDays, steps: list[Step]) -> date | None:
    """The safe day: the last on which offices are open, on or before the earliest strict last day.

    "Open" is the nation's ordinary working day: a reading that closes more days only gives more time. Where nothing is
    open between the event and the last day, the same day is all there is.
    """
    if rule.kind is not Kind.ACT:
        return None
    day = max(event, days.last_on_or_before(strict))
    steps.append(Step("act_the_same_day" if day == event else "act_by", {"on": day}))
    return day


def _standing(rule: Rule) -> Iterator[Step]:
    """What stands behind the row, after the count: how often, how recently, and what to beware of."""
    if rule.percent is not None:
        yield Step("percent", {"percent": rule.percent})
    if rule.stated:
        yield Step("stated", {"on": max(rule.stated)})
    for caution in rule.cautions:
        yield Step("caution", {"caution": caution.value})
