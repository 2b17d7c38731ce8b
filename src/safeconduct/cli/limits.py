"""`safeconduct limits`: a time limit from a rule and a date, with every step. It opens no data folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from difflib import get_close_matches
from typing import Any, Final

import click
from django.conf import settings

from safeconduct.core.calendar import rules
from safeconduct.core.calendar.days import NATIONS, BeyondCalendar, Holiday, Nation, day_in_london
from safeconduct.core.calendar.limits import Limit, NoLimit, NoSecondClock, compute
from safeconduct.core.calendar.rules import Kind, Rule, Status
from safeconduct.core.calendar.typed import NotADay, parse_day
from safeconduct.web.words.dates import full, plain
from safeconduct.web.words.limits import READINGS, amount, step_words

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
@click.option("--detained", is_flag=True, help="The person is in detention.")
@click.option("--letter", help="The day of the letter ending support, where the rule has that second clock.")
@click.option("--list", "as_list", is_flag=True, help="List the rules instead.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for a script.")
def limits(
    rule_id: str | None,
    event: str | None,
    nation: str | None,
    abroad: bool,
    detained: bool,
    letter: str | None,
    as_list: bool,
    as_json: bool,
) -> None:
    """Work out the days that RULE gives and say how.

    \b
    safeconduct limits ho.mp.written --event 2026-11-20 --nation england-and-wales
    safeconduct limits --list
    """
    _ready()
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
        limit = compute(rules.get(rule_id, on), on, Nation(nation), abroad, detained=detained, letter=letter_on)
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
            {"why": str(READINGS[each.why]), "last_day": each.last_day.isoformat(), "status": each.status.value}
            for each in limit.readings
        ],
        "steps": [{"code": step.code, "params": _plain(step.params), "says": step_words(step)} for step in limit.steps],
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
        facts = [amount(rule.count, rule.unit) if rule.count and rule.unit else "no limit published"]
        if rule.from_:
            facts.append(f"from {plain(rule.from_)}")
        if rule.to:
            facts.append(f"until {plain(rule.to)}")
        lines.append(f"    {'; '.join([*facts, STATUS_WORDS[rule.status]])}")
    return "\n".join(lines)


def _words(limit: Limit) -> str:
    rule = limit.rule
    doubt = "" if limit.status is Status.VERIFIED else " (not confirmed)"
    lines = [rule.title, ""]
    if limit.act_by:
        lines.append(f"Act by {full(limit.act_by)}{doubt}")
    last = f"{LAST_DAY_WORDS[rule.kind]} {full(limit.last_day)}{doubt}"
    if limit.rolled_last_day != limit.last_day:
        last += f"; {full(limit.rolled_last_day)} only if the weekend rule applies"
    lines += [last, ""]
    lines += [f"  {step_words(step)}" for step in limit.steps]
    if any(step.code == "second_clock_unknown" for step in limit.steps):
        lines.append("  Give its day with --letter.")
    if limit.readings:
        lines += ["", "It can be read in more than one way:"]
        lines += [
            f"  {full(each.last_day)}: {READINGS[each.why]!s} ({STATUS_WORDS[each.status].capitalize()}.)"
            for each in limit.readings
        ]
    lines += ["", f"This rule, {rule.id}: {STATUS_WORDS[limit.status]}.", f"Source: {limit.source}."]
    return "\n".join(lines)


def _ready() -> None:
    """The words are the desk's own; without a data folder Django has to be told that there are no others."""
    if not settings.configured:
        settings.configure(USE_I18N=False)
