"""What an entry, or its being taken back, changed of a letter's clock, in a sentence or two."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from safeconduct.casework.changes import Changed
from safeconduct.casework.clocks import Clock, Why

from ...words import cases, clocks, dates


def sentences(changed: Changed | None) -> str:
    """`Reply due was Friday 18 December 2026; it is now Wednesday 23 December 2026.`; "" where nothing moved."""
    if changed is None or changed.before is None:
        return ""
    before, after = changed.before, changed.after
    said = _between(_stands(before), _stands(after))
    # Where either only waits for the reply, how far the letter has come has said it all.
    comes = _between(_comes(before), _comes(after)) if _comes(before)[0] and _comes(after)[0] else ""
    return " ".join(part for part in (said, comes) if part)


Standing = tuple[str, date | None]


def _between(before: Standing, after: Standing) -> str:
    if before == after:
        return ""
    (what, was), (what_now, now) = before, after
    if what == what_now and was is not None and now is not None:
        return clocks.changed(what, was, now)
    return clocks.instead(_sentence(what, was), _sentence(what_now, now))


def _sentence(what: str, day: date | None) -> str:
    return _("%(what)s %(day)s") % {"what": what, "day": dates.full(day)} if day else what


def _stands(clock: Clock) -> Standing:
    """How far a letter has come, with the day that goes with it."""
    if clock.stopped_on is not None:
        return _("Answered"), clock.stopped_on
    if clock.started_on is None:
        return _("No letter had gone out"), None
    if clock.halted is not None:
        return _("The clock stands still since"), clock.halted.since
    if clock.limit is not None:
        return str(cases.CLOCK_TITLES[Why.STANDARD_ENDS]), clock.limit.rolled_last_day
    return _("Sent"), clock.started_on


def _comes(clock: Clock) -> Standing:
    """What the office does next, where that is not only to wait for the reply."""
    if clock.due is None or clock.due.why is Why.STANDARD_ENDS:
        return "", None
    return str(cases.VERBS[clock.due.why]), clock.due.day
