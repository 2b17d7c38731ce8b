"""Which rule a route's clock runs by, and which rules run against the person."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from safeconduct.core.calendar.rules import Kind, NotInForce, Rule, all_rules, get

# A route that is not here has no published standard: only the office's own follow-up day.
_STANDARD_OF_ROUTE: Final[Mapping[str, str]] = {
    "ho_mp": "ho.mp.written",
    "ho_minister": "ho.mp.written",
    "foi": "foi",
    "sar": "sar",
    "complaint": "ukvi.complaint.stage1",
}


def rules_against_the_person() -> list[tuple[str, str]]:
    """Ids and titles of the rules whose day is the person's to keep, or ends something for them, by id."""
    return sorted({rule.id: rule.title for rule in all_rules() if rule.kind in (Kind.ACT, Kind.ENDING)}.items())


def limits_to_choose(on: date) -> list[Rule]:
    """The limits a member may add on a day: one row an id, in force that day.

    Rows for people abroad, in detention and for another nation are left out: the limit itself leads to them when those
    are asked for.
    """
    rules = [rule for rule in all_rules() if rule.kind in (Kind.ACT, Kind.ENDING) and rule.in_force(on)]
    reached = {target for rule in rules for target in (rule.detained, *rule.elsewhere.values())}
    return [rule for rule in rules if not rule.for_abroad and rule.id not in reached]


def standard_of(route: str, sent_on: date) -> Rule | None:
    """The published standard a letter by this route counts against, or None where there is none on that day."""
    rule_id = _STANDARD_OF_ROUTE.get(route)
    if rule_id is None:
        return None
    try:
        return get(rule_id, sent_on)
    except NotInForce:
        return None
