"""A letter's clock in words: how its day was counted, what stopped it, what was promised, and what an entry changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from safeconduct.casework.happened import Promised, PromiseState
from safeconduct.core.calendar.limits import Limit
from safeconduct.core.calendar.rules import Trigger, Unit
from safeconduct.core.calendar.running import Halt
from safeconduct.core.calendar.stops import By

from . import dates, limits
from .events import REASONS

LIMITS_RUN_ON: Final = _(
    "Limits of the law that run against the person are not stopped here: whatever is said of a letter, they run on."
)
PROMISES_MOVE_NOTHING: Final = _("A promise has a day of its own and moves no standard.")

_STATES: Final[Mapping[PromiseState, Promise]] = {
    PromiseState.OPEN: _("Promised by %(day)s, on %(on)s."),
    PromiseState.KEPT: _("Promised by %(day)s, and kept."),
    PromiseState.ANSWERED: _("Promised by %(day)s; then it was answered."),
    PromiseState.PASSED: _("Promised by %(day)s, and not kept by then."),
}


def steps(limit: Limit) -> list[str]:
    """Each step of a letter's standard. It is counted from the day we sent the letter, which is said."""
    out: list[str] = []
    for step in limit.steps:
        given: Mapping[str, Any] = step.params
        if step.code == "day_zero":
            out.append(str(_("Sent %(day)s (day 0).")) % {"day": dates.full(given["on"])})
            if given["trigger"] == Trigger.RECEIVED:
                out.append(str(limits.FROM_THE_DAY_SENT))
        elif step.code in _STEPS:
            out.append(_step(step.code, given))
        elif step.code not in ("percent", "stated") and not limits.restated(step):
            out.append(limits.step_words(step))
    return out


def halted(halt: Halt) -> str:
    """`The clock stands still since Thursday 3 December 2026: decisions of this kind are on hold`."""
    said = str(_("The clock stands still since %(day)s")) % {"day": dates.full(halt.since)}
    because = _because(halt.by.value, halt.reason)
    return f"{said}: {because}" if because else said


def promise(one: Promised) -> str:
    """`Promised by Friday 18 December 2026, on 3 December 2026.`"""
    return str(_STATES[one.state]) % {"day": dates.full(one.day), "on": dates.plain(one.on)}


def changed(what: str, before: date, after: date) -> str:
    """`Reply due was Friday 18 December 2026; it is now Wednesday 23 December 2026.`"""
    return str(_("%(what)s was %(before)s; it is now %(after)s.")) % {
        "what": what,
        "before": dates.full(before),
        "after": dates.full(after),
    }


def instead(before: str, after: str) -> str:
    """`Before: answered on Friday 4 December 2026. Now: reply due Friday 18 December 2026.`"""
    return str(_("Before: %(before)s. Now: %(after)s.")) % {"before": before, "after": after}


# As running.run gives them. Each is worded with the days already written out.
_STEPS: Final[Mapping[str, Promise]] = {
    "started_again": _("%(event)s Answered on %(on)s: the whole time is counted again, and that day is day 0."),
    "stopped": _("%(event)s It runs again since %(until)s: %(left_out)s left out."),
    "stopped_after_end": _("%(event)s That was after the last day, so it changes nothing."),
    "stopped_still": _("%(event)s %(left)s left. No last day is known until it goes on."),
    "not_stopped": _("%(event)s Nothing published lets that stop this clock, so it runs on."),
    "longer": _("%(event)s"),
    "longer_no_later": _("%(event)s That is no later than the last day, so it changes nothing."),
    "longer_too_late": _("%(event)s The time was over on %(last)s, before they said so: it does not count."),
    "longer_at_most": _("The law allows no later than %(on)s."),
    "longer_normally": _("Normally it takes no longer than %(on)s."),
    "moved": _("The last day is then %(on)s."),
}


def _step(code: str, given: Mapping[str, Any]) -> str:
    said = {key: dates.full(value) for key, value in given.items() if isinstance(value, date)}
    said["event"] = _longer(given) if code.startswith("longer") and "until" in given else ""
    if "by" in given:
        said["event"] = _stopped(given)
    if "count" in given:
        said["left_out"] = limits.amount(given["count"], Unit(given["unit"]))
    if "left" in given:
        said["left"] = limits.amount(given["left"], Unit(given["unit"])).capitalize()
    return (str(_STEPS[code]) % said).strip()


def _stopped(given: Mapping[str, Any]) -> str:
    day = {"day": dates.full(given["since"])}
    if given["by"] == By.CLARIFICATION:
        return str(_("They asked on %(day)s what exactly is wanted.")) % day
    if given["by"] == By.IDENTITY:
        return str(_("They asked on %(day)s for proof of identity.")) % day
    because = _because(given["by"], given.get("reason", ""))
    if because:
        return str(_("The clock was stopped on %(day)s: %(because)s.")) % {**day, "because": because}
    return str(_("The clock was stopped on %(day)s.")) % day


def _longer(given: Mapping[str, Any]) -> str:
    said = {"on": dates.full(given["on"]), "until": dates.full(given["until"])}
    because = str(REASONS[given["reason"]]) if given["reason"] else ""
    if because:
        return str(_("They extended it on %(on)s to %(until)s: %(because)s.")) % {**said, "because": because}
    return str(_("They extended it on %(on)s to %(until)s.")) % said


def _because(by: str, reason: str) -> str:
    if by == By.CLARIFICATION:
        return str(_("they asked what exactly is wanted"))
    return str(REASONS[reason]) if reason else ""
