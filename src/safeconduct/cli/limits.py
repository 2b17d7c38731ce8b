"""`safeconduct limits`: a time limit from a rule and a date, with every step. It opens no data folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from difflib import get_close_matches
from typing import Any, Final

import click

from safeconduct.core.calendar import rules
from safeconduct.core.calendar.days import NATIONS, BeyondCalendar, Holiday, Nation, day_in_london
from safeconduct.core.calendar.limits import Limit, NoLimit, NoSecondClock, Step, compute
from safeconduct.core.calendar.rules import Caution, Kind, Rule, Status, Trigger, Unit, Why
from safeconduct.core.calendar.typed import NotADay, parse_day

NATION_WORDS: Final = {
    Nation.ENGLAND_AND_WALES: "England and Wales",
    Nation.SCOTLAND: "Scotland",
    Nation.NORTHERN_IRELAND: "Northern Ireland",
    Nation.ANY_UK: "any part of the United Kingdom",
}

UNIT_WORDS: Final = {
    Unit.WORKING_DAYS: ("working day", "working days"),
    Unit.CALENDAR_DAYS: ("day", "days, weekends included"),
    Unit.WEEKS: ("week", "weeks"),
    Unit.MONTHS: ("month", "months"),
}

TRIGGER_WORDS: Final = {
    Trigger.SENT: "Sent on",
    Trigger.RECEIVED: "Received on",
    Trigger.POSTED: "Posted on",
    Trigger.NOTIFIED: "Notified on",
    Trigger.GRANTED: "Granted on",
    Trigger.DECIDED: "Decided on",
    Trigger.SUBMITTED: "Appeal submitted on",
    Trigger.APPLIED: "Applied on",
    Trigger.IDENTITY_PROVED: "Applied and identity proved on",
    Trigger.CLAIMED: "Claimed on",
    Trigger.HAPPENED: "Happened on",
    Trigger.AWARE: "Known about since",
    Trigger.EXPIRED: "Permission ended on",
    Trigger.HEARD: "Heard on",
    Trigger.DIRECTED: "Directed on",
    Trigger.REFERRED: "Referred on",
    Trigger.DISCONTINUATION_LETTER: "Letter ending support dated",
    Trigger.NOTHING: "",
}

WHY_WORDS: Final = {
    Why.AS_WRITTEN: "As the rule is written.",
    Why.RECEIPT_IS_DAY_ZERO: "The day it arrives is day 0, even when that is not a working day.",
    Why.COUNTED_FROM_NEXT_WORKING_DAY: "What arrives on a day that is not a working day counts from the next one.",
    Why.BANK_HOLIDAYS_ONLY: "Only weekends and bank holidays are not working days.",
    Why.YEAR_END_CLOSED: "27 to 31 December are not working days of this tribunal.",
    Why.CHRISTMAS_WEEK_CLOSED: "25 to 31 December are not working days of this tribunal.",
    Why.THREE_DAYS: "3 days, weekends included, as the rule is written.",
    Why.THREE_WORKING_DAYS: "3 working days, as people are told.",
    Why.CALENDAR_DAYS: "The directions count every day.",
    Why.WORKING_DAYS: "The directions count working days only.",
    Why.THIRTY_DAYS: "30 days.",
    Why.ONE_MONTH: "One month.",
    Why.TWENTY_WORKING_DAYS: "20 working days.",
    Why.FIFTEEN_WORKING_DAYS: "15 working days, the older standard.",
}

CAUTION_WORDS: Final = {
    Caution.NOT_RESTATED: "Not confirmed since then.",
    Caution.PROMPTLY: "It must be done promptly: the last day can already be too late.",
    Caution.DIRECTIONS_OVERRIDE: "A direction in the case itself comes before this.",
    Caution.ONLY_IF_SERVED: "It applies only to a person who was told in writing that it does.",
    Caution.COMMENCEMENT_NOT_SEEN: "Not confirmed that it is in force.",
    Caution.CHANGING: "This is changing: check it before relying on it.",
    Caution.APPROXIMATE_DATES: "The dates between which it holds are not exact.",
    Caution.STRAIGHTFORWARD_ONLY: "It is promised only for applications called straightforward.",
    Caution.CLOCK_MAY_STOP: "The clock can wait for proof of identity or for a question to be answered.",
    Caution.REBUTTABLE: "Proof of when it really came, or that it did not, changes this.",
    Caution.LATE_WITH_REASONS: "If it is late, send it all the same, with the reasons.",
    Caution.EXTENSION_POSSIBLE: "It can be extended.",
    Caution.OLDER_VERSION: "The text seen is an older version.",
    Caution.GOOD_REASON_NEEDED: "A good reason for the delay is needed.",
    Caution.NORMALLY: "This is what is normal, not a fixed limit.",
    Caution.MINIMUM: "This is the shortest it can be.",
    Caution.FAMILIES_DIFFER: "It is different for families and for some single people.",
    Caution.RECEIVED_NOT_SENT: "It must have arrived by then, not only been sent.",
}

STATUS_WORDS: Final = {
    Status.VERIFIED: "seen in the source",
    Status.SECONDARY: "not confirmed: seen in a secondary source only",
    Status.UNCONFIRMED: "not confirmed: check it before relying on it",
}

LAST_DAY_WORDS: Final = {
    Kind.ANSWER: "Due",
    Kind.ACT: "Last day",
    Kind.ENDING: "Ends on",
    Kind.DEEMED: "Counts as received on",
}


@click.command("limits", short_help="Work out a time limit and say how.")
@click.argument("rule_id", metavar="[RULE]", required=False)
@click.option("--event", help="The day the rule counts from: 2026-11-20, or as you would write it.")
@click.option("--nation", type=click.Choice([nation.value for nation in NATIONS]), help="Whose bank holidays count.")
@click.option("--abroad", is_flag=True, help="The person is outside the United Kingdom.")
@click.option("--letter", help="The day of the letter ending support, where the rule has that second clock.")
@click.option("--list", "as_list", is_flag=True, help="List the rules instead.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for a script.")
def limits(
    rule_id: str | None,
    event: str | None,
    nation: str | None,
    abroad: bool,
    letter: str | None,
    as_list: bool,
    as_json: bool,
) -> None:
    """Work out the days that RULE gives and say how.

    \b
    safeconduct limits ho.mp.written --event 2026-11-20 --nation england-and-wales
    safeconduct limits --list
    """
    if as_list:
        click.echo(json.dumps([_row(rule) for rule in rules.all_rules()]) if as_json else _list())
        return
    if rule_id is None:
        raise click.UsageError("Name a rule, or see them all with --list.")
    if event is None:
        raise click.UsageError("Say the day the rule counts from with --event, for example --event 2026-11-20.")
    if nation is None:
        names = ", ".join(each.value for each in NATIONS)
        raise click.UsageError(f"Say whose bank holidays count with --nation: {names}.")
    today = day_in_london(datetime.now(UTC))
    on = _day(event, "--event", today)
    letter_on = None if letter is None else _day(letter, "--letter", today)
    try:
        limit = compute(rules.get(rule_id, on), on, Nation(nation), abroad, letter=letter_on)
    except rules.UnknownRule as fault:
        near = get_close_matches(rule_id, [rule.id for rule in rules.all_rules()], n=1)
        raise click.UsageError(f"Did you mean {near[0]}? {fault}" if near else str(fault)) from None
    except (rules.NotInForce, NoLimit, NoSecondClock, BeyondCalendar) as fault:
        raise click.UsageError(str(fault)) from None
    click.echo(json.dumps(_json(limit)) if as_json else _words(limit))


command = limits


def _day(text: str, option: str, today: date) -> date:
    try:
        return parse_day(text, today=today)
    except NotADay as fault:
        raise click.UsageError(f"{option}: {fault}") from None


def _json(limit: Limit) -> dict[str, Any]:
    return {
        "act_by": limit.act_by.isoformat() if limit.act_by else None,
        "last_day": limit.last_day.isoformat(),
        "rolled_last_day": limit.rolled_last_day.isoformat(),
        "readings": [
            {"why": WHY_WORDS[each.why], "last_day": each.last_day.isoformat(), "status": each.status.value}
            for each in limit.readings
        ],
        "steps": [{"code": step.code, "params": _plain(step.params), "says": words_of(step)} for step in limit.steps],
        "status": limit.status.value,
        "source": limit.source,
    }


def _plain(value: Any) -> Any:
    """Step parameters as JSON has them."""
    match value:
        case Mapping():
            return {key: _plain(each) for key, each in value.items()}
        case tuple():
            return [_plain(each) for each in value]
        case Holiday():
            return {"on": value.on.isoformat(), "title": value.title}
        case date():
            return value.isoformat()
    return value


def _row(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "version": rule.version,
        "title": rule.title,
        "kind": rule.kind.value,
        "count": rule.count,
        "unit": rule.unit.value if rule.unit else None,
        "trigger": rule.trigger.value,
        "from": rule.from_.isoformat() if rule.from_ else None,
        "to": rule.to.isoformat() if rule.to else None,
        "percent": rule.percent,
        "status": rule.status.value,
        "source": rule.source,
    }


def _list() -> str:
    lines = []
    for rule in rules.all_rules():
        lines.append(f"{rule.id}  {rule.title}")
        facts = [_amount(rule.count, rule.unit) if rule.count and rule.unit else "no limit published"]
        if rule.from_:
            facts.append(f"from {_short(rule.from_)}")
        if rule.to:
            facts.append(f"until {_short(rule.to)}")
        lines.append(f"    {'; '.join([*facts, STATUS_WORDS[rule.status]])}")
    return "\n".join(lines)


def _words(limit: Limit) -> str:
    rule = limit.rule
    doubt = "" if limit.status is Status.VERIFIED else " (not confirmed)"
    lines = [rule.title, ""]
    if limit.act_by:
        lines.append(f"Act by {_long(limit.act_by)}{doubt}")
    last = f"{LAST_DAY_WORDS[rule.kind]} {_long(limit.last_day)}{doubt}"
    if limit.rolled_last_day != limit.last_day:
        last += f"; {_long(limit.rolled_last_day)} only if the weekend rule applies"
    lines += [last, ""]
    lines += [f"  {words_of(step)}" for step in limit.steps]
    if limit.readings:
        lines += ["", "It can be read in more than one way:"]
        lines += [
            f"  {_long(each.last_day)}: {WHY_WORDS[each.why]} ({STATUS_WORDS[each.status].capitalize()}.)"
            for each in limit.readings
        ]
    lines += ["", f"This rule: {STATUS_WORDS[limit.status]}.", f"Source: {limit.source}."]
    return "\n".join(lines)


def words_of(step: Step) -> str:
    """One step in plain English."""
    given: Mapping[str, Any] = step.params
    match step.code:
        case "rule_instead":
            reason = given["reason"]
            where = "outside the United Kingdom" if reason == "abroad" else f"in {NATION_WORDS[Nation(reason)]}"
            start = TRIGGER_WORDS[Trigger(given["trigger"])].lower()
            return f"For a person {where} another rule answers, {given['rule']}. --event is read as: {start} that day."
        case "abroad_same":
            return "This rule is the same for a person outside the United Kingdom."
        case "day_zero":
            return f"{TRIGGER_WORDS[Trigger(given['trigger'])]} {_long(given['on'])} (day 0)."
        case "day_zero_moved":
            return f"That is not a working day, so {_long(given['on'])} is day 0."
        case "counted":
            amount = _amount(given["count"], Unit(given["unit"]))
            named = given["unit"] == Unit.WORKING_DAYS
            return f"{amount}, {NATION_WORDS[Nation(given['nation'])]}." if named else f"{amount}."
        case "holidays":
            days = "; ".join(f"{_long(each.on)}, {each.title}" for each in given["on"])
            return f"Passed over as bank holidays: {days}."
        case "no_holidays":
            return "No bank holiday falls between."
        case "last_day":
            return f"That ends on {_long(given['on'])}."
        case "second_clock":
            start = f"{TRIGGER_WORDS[Trigger(given['trigger'])]} {_long(given['on'])}"
            return f"{start}: {_amount(given['count'], Unit(given['unit']))}, to {_long(given['last_day'])}."
        case "second_clock_unknown":
            amount = _amount(given["count"], Unit(given["unit"]))
            return f"Not before {amount} from the letter ending support: give its day with --letter."
        case "later_of":
            return f"The later of the two counts: {_long(given['on'])}."
        case "rolled":
            return f"Not a working day; if the weekend rule applies it moves to {_long(given['on'])}."
        case "act_by":
            return f"Act by {_long(given['on'])}, the last working day that is in time on every reading."
        case "act_the_same_day":
            return f"Act on {_long(given['on'])}, the same day: no later working day is in time on every reading."
        case "percent":
            return f"Promised for {given['percent']}% of them."
        case "stated":
            return f"Last seen stated on {_short(given['on'])}."
        case "caution":
            return CAUTION_WORDS[Caution(given["caution"])]
    raise AssertionError(f"no words for the step {step.code}")


def _amount(count: int, unit: Unit) -> str:
    one, many = UNIT_WORDS[unit]
    return f"{count} {one if count == 1 else many}"


def _long(day: date) -> str:
    return f"{day:%A} {_short(day)}"


def _short(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
