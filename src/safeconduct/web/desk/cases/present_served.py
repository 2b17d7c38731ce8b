"""The limits that run from a decision, as they are offered: the day to act by first, then what the law allows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from safeconduct.casework.decisions import Found, Proposal
from safeconduct.core.calendar.limits import Limit
from safeconduct.core.calendar.rules import Caution, Kind, Status

from ...words import cases, dates, limits, served
from ...words.dates import Day
from .present_clock import Explained, ReadingShown, explain_limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One limit to tick: the shape of `offers` in desk/served.html.

    ``act`` says whose turn it is ("Check with the solicitor"), ``when`` goes before ``day``; ``late`` is "" in time.
    """

    rule: str
    title: str
    already: bool
    act: str
    when: str
    day: Day
    last: str
    late: str
    reckoned: Sequence[str]
    readings: Sequence[ReadingShown]
    doubts: Sequence[str]
    cautions: Sequence[str]
    clock: Explained


@dataclass(frozen=True, slots=True)
class FactShown:
    """What holds without any day, what to beware of, and how sure anybody is."""

    title: str
    notes: Sequence[str]
    source: str


def offers(found: Found, *, today: date, advises: bool, running: Collection[tuple[str, date]]) -> list[Offer]:
    """Each limit found, the earliest first. ``running``: rule and day of those the case has already."""
    return [_offer(one, today, advises=advises, already=(one.rule, one.on) in running) for one in found.limits]


def facts_shown(found: Found) -> list[FactShown]:
    """What holds beside the limits without a day of its own."""
    shown = []
    for rule, runs in found.facts:
        notes = [str(limits.CAUTIONS[one]) for one in rule.cautions]
        shown.append(
            FactShown(rule.title, [*notes, *_said(limits.doubt(_least(rule.status, runs.status)))], rule.source)
        )
    return shown


def last_days(limit: Limit) -> str:
    """`Last day Saturday 21 November 2026. Monday 23 November 2026 only if the weekend rule applies.`"""
    if limit.act_by is None:
        return _("Nothing done by then changes it.")
    said = _("Last day %(last)s.") % {"last": dates.full(limit.last_day)}
    if limit.rolled_last_day != limit.last_day:
        rolled = _("%(rolled)s only if the weekend rule applies.") % {"rolled": dates.full(limit.rolled_last_day)}
        return f"{said} {rolled}"
    return said


def _offer(one: Proposal, today: date, *, advises: bool, already: bool) -> Offer:
    limit, rule = one.limit, one.limit.rule
    acts = rule.kind is Kind.ACT
    runs = served.NOT_SURE_IT_RUNS if one.runs.status is not Status.VERIFIED else ""
    ordinary = [limits.step_words(step) for step in limit.steps if step.code == "detained_same" and acts]
    return Offer(
        rule=one.rule,
        title=rule.title,
        already=already,
        act=cases.whose_turn(rule.kind, advises=advises),
        when=_("Act by") if acts else _("On"),
        day=dates.day(limit.act_by or limit.last_day),
        last=last_days(limit),
        late=_late(one, today) if acts else "",
        reckoned=served.reckoned(one, today),
        readings=[
            ReadingShown(str(limits.READINGS[each.why]), dates.day(each.last_day), each.status.value)
            for each in limit.readings
        ],
        doubts=[*_said(limits.doubt(limit.status, rule.kind)), *_said(str(runs)), *ordinary],
        cautions=[str(limits.CAUTIONS[each]) for each in rule.cautions if each is not Caution.NOT_RESTATED],
        clock=explain_limit(limit, advises=advises),
    )


def _late(one: Proposal, today: date) -> str:
    """Nothing while it is in time; else what is still possible. Nobody is told that it is too late."""
    limit = one.limit
    if limit.act_by is None or today <= limit.act_by:
        return ""
    if today <= limit.last_day:
        return _("The safe day has passed, the last day has not: today.")
    if today <= one.last:
        return _("The strict last day has passed. On another reading it is in time: today, with the reasons.")
    return f"{_('These days have passed.')} {limits.late(limit.rule)}"


def _least(*statuses: Status) -> Status:
    """The least sure of them."""
    order = list(Status)
    return max(statuses, key=order.index)


def _said(text: str) -> list[str]:
    return [text] if text else []
