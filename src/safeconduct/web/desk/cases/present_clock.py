"""Clocks and limits as the components draw them: what, when, how it stands, and why that day."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from safeconduct.casework.clocks import Clock, Why
from safeconduct.core.calendar.days import working_days
from safeconduct.core.calendar.limits import Limit

from ...words import cases, clocks, dates, limits
from ...words.dates import Day
from .present_why import doubt, how_far, sentences, why

NEAR_DAYS = 7
"""Calendar days before a limit's safe day within which it is drawn as needing somebody."""


_KEPT: Final = 2000
_explanations: dict[Hashable, Explained] = {}


@dataclass(frozen=True, slots=True)
class ReadingShown:
    """One way to read a rule: see `components/explain.html`."""

    why: str
    last_day: Day
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """How a day was counted: the shape of `components/explain.html`."""

    steps: Sequence[str] = ()
    readings: Sequence[ReadingShown] = ()
    standard: str = ""
    status: str = ""
    stated: str = ""
    source: str = ""
    caution: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere."""

    text: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockShown(Explained):
    """One clock on a case: the shape of `components/clock.html`."""

    what: str
    about: str = ""
    due: Day | None = None
    state: str = ""
    needs: bool = False
    since: Day | None = None
    acts: Sequence[Link] = field(default_factory=tuple)
    notes: Sequence[str] = field(default_factory=tuple)


def explain_standard(limit: Limit) -> Explained:
    """How the day was counted on which a standard ends."""
    return _kept(limit, "", lambda: _standard(limit))


def explain_limit(limit: Limit, *, advises: bool = False) -> Explained:
    """How a limit that runs against the person was counted. The office is told whom to ask, never what to file."""
    return _kept(limit, "advises" if advises else "asks", lambda: _limit(limit, advises=advises))


def _standard(limit: Limit) -> Explained:
    rule = limit.rule
    return Explained(
        steps=tuple(clocks.steps(limit)),
        readings=_readings(limit),
        standard=limits.standard(rule, cases.STANDARD_OF.get(rule.id, rule.title)),
        status=limit.status.value,
        stated=limits.stated(limit),
        source=limit.source,
    )


def _limit(limit: Limit, *, advises: bool) -> Explained:
    return Explained(
        steps=(*limits.steps(limit), str(clocks.LIMITS_RUN_ON)),
        readings=_readings(limit),
        status=limit.status.value,
        stated=limits.stated(limit),
        source=limit.source,
        caution=limits.whom_to_ask(limit.rule.kind, advises=advises),
    )


def _kept(limit: Limit, how: str, made: Callable[[], Explained]) -> Explained:
    """An explanation, from those kept of earlier pages: the rule and open days make all of it, nobody's name is in it.

    Whoever sent a letter on the same day by the same route reads the same words, and Today is drawn all day long.
    """
    rule = limit.rule
    steps = tuple((step.code, *step.params.items()) for step in limit.steps)
    which = (get_language(), how, rule.id, rule.version, limit.status, limit.source, limit.readings, steps)
    found = _explanations.get(which)
    if found is None:
        if len(_explanations) >= _KEPT:
            _explanations.clear()
        found = _explanations[which] = made()
    return found


def clock_of_enquiry(clock: Clock, *, about: str, today: date, acts: Sequence[Link] = ()) -> ClockShown:
    """An enquiry's clock. ``about`` says which letter, where a case has more than one."""
    shown = _of_enquiry(clock, about=about, today=today)
    notes = [clocks.promise(one) for one in clock.promises]
    return replace(shown, acts=acts, notes=notes)


def _of_enquiry(clock: Clock, *, about: str, today: date) -> ClockShown:
    if clock.limit is None:
        return _without_standard(clock, about=about, today=today)
    explained = explain_standard(clock.limit)
    parts = {name: getattr(explained, name) for name in ("steps", "readings", "standard", "status", "stated", "source")}
    since = Day(_("sent %(day)s") % {"day": dates.full(clock.limit.event)}, clock.limit.event.isoformat())
    if clock.stopped_on is not None:
        return ClockShown(what=_("Answered"), about=about, state=_stopped(clock), since=since, **parts)
    if clock.due is not None and clock.due.kind == "answer":
        return ClockShown(
            what=str(cases.CLOCK_TITLES[clock.due.why]),
            about=about,
            due=dates.day(clock.due.day),
            state=sentences(why(clock, clock.due, today), _still(clock) or how_late(clock, today)),
            needs=True,
            since=since,
            **parts,
        )
    if clock.halted is not None:
        return ClockShown(
            what=str(cases.CLOCK_TITLES[Why.PAUSED]),
            about=about,
            due=dates.day(clock.due.day) if clock.due else None,
            state=sentences(_still(clock), how_far(clock), doubt(clock.limit.status)),
            since=since,
            **parts,
        )
    return ClockShown(
        what=str(cases.CLOCK_TITLES[Why.STANDARD_ENDS]),
        about=about,
        due=dates.day(clock.limit.rolled_last_day),
        state=sentences(how_late(clock, today), how_far(clock), doubt(clock.limit.status)),
        since=since,
        **parts,
    )


def clock_of_limit(
    limit: Limit, *, met_on: date | None, today: date, acts: Sequence[Link] = (), advises: bool = False
) -> ClockShown:
    """A limit that runs against the person: the safe day first, and what the law allows beside it."""
    explained = explain_limit(limit, advises=advises)
    parts = {name: getattr(explained, name) for name in ("steps", "readings", "status", "stated", "source", "caution")}
    if met_on is not None:
        return ClockShown(what=limit.rule.title, state=_("Done on %(day)s") % {"day": dates.full(met_on)}, **parts)
    day = limit.act_by or limit.last_day
    what = _("%(title)s: act by") if limit.act_by else _("%(title)s: on")
    return ClockShown(
        what=what % {"title": limit.rule.title},
        due=dates.day(day),
        state=how_limit_stands(limit, today),
        needs=(day - today).days <= NEAR_DAYS,
        acts=acts,
        **parts,
    )


def how_limit_stands(limit: Limit, today: date) -> str:
    """`Last day Sat 21 Nov; Mon 23 Nov only if the weekend rule applies.`, and what is doubtful about the rule."""
    days = {"last": dates.short(limit.last_day, today), "rolled": dates.short(limit.rolled_last_day, today)}
    if limit.act_by is None:
        said = _("Nothing done by then changes it.") if limit.last_day >= today else _("That day has passed.")
        return sentences(said, limits.doubt(limit.status, limit.rule.kind))
    latest = max([limit.rolled_last_day, limit.last_day, *(reading.last_day for reading in limit.readings)])
    if today > latest:
        said = sentences(
            _("Every day this could fall on has passed; the last was %(last)s.") % {"last": dates.short(latest, today)},
            limits.late(limit.rule),
        )
    elif limit.rolled_last_day != limit.last_day:
        said = _("Last day %(last)s; %(rolled)s only if the weekend rule applies.") % days
    else:
        said = _("Last day %(last)s.") % days
    readings = _("It can be read in more than one way.") if limit.readings and today <= latest else ""
    return sentences(said, readings, limits.doubt(limit.status, limit.rule.kind))


def how_late(clock: Clock, today: date) -> str:
    """`Late: 11 working days past the standard`; `Not yet due`; nothing where there is no standard."""
    if clock.limit is None:
        return ""
    late = clock.working_days_late(today)
    if late:
        return _("Late: %(past)s") % {"past": cases.past_standard(late)}
    if today >= clock.limit.rolled_last_day:
        return _("The standard ends today") if today == clock.limit.rolled_last_day else _("The standard has ended")
    return _("The standard has not ended")


def _without_standard(clock: Clock, *, about: str, today: date) -> ClockShown:
    """Only the office's own days: nothing is ever late by them."""
    since = None
    if clock.started_on is not None:
        since = Day(_("sent %(day)s") % {"day": dates.full(clock.started_on)}, clock.started_on.isoformat())
    if clock.stopped_on is not None:
        return ClockShown(what=_("Answered"), about=about, state=_stopped(clock), since=since)
    if clock.due is None:
        return ClockShown(what=_("Not running"), about=about, state=_("The case is closed"), since=since)
    ours = clock.due.kind == "answer"
    stands = sentences(_still(clock) or how_far(clock), str(cases.OFFICES_OWN))
    return ClockShown(
        what=str(cases.CLOCK_TITLES[clock.due.why if ours or clock.halted else Why.OFFICE_FOLLOW_UP]),
        about=about,
        due=dates.day(clock.due.day),
        state=why(clock, clock.due, today) if ours else stands,
        needs=ours and clock.due.day <= today,
        since=since,
    )


def _still(clock: Clock) -> str:
    """That it stands still and why; "" while it runs."""
    return clocks.halted(clock.halted) if clock.halted is not None else ""


def _stopped(clock: Clock) -> str:
    assert clock.stopped_on is not None
    said = _("Answered on %(day)s") % {"day": dates.full(clock.stopped_on)}
    if clock.limit is None:
        return said
    late = working_days(clock.limit.nation).between(clock.limit.rolled_last_day, clock.stopped_on)
    return sentences(said, cases.past_standard(late).capitalize() if late else _("Within the standard"))


def _readings(limit: Limit) -> tuple[ReadingShown, ...]:
    return tuple(
        ReadingShown(str(limits.READINGS[one.why]), dates.day(one.last_day), one.status.value) for one in limit.readings
    )
