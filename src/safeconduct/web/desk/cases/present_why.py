"""One line saying why something is due, and how far an enquiry has come."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from safeconduct.casework.clocks import Clock, Due, State, Why
from safeconduct.core.calendar.days import working_days
from safeconduct.core.calendar.rules import Status

from ...words import cases, dates, limits


def why(clock: Clock, due: Due, today: date) -> str:
    """One line: what the office waits for, or who waits for the office."""
    since = dates.short(due.since, today)
    when = {"ago": dates.ago(due.since, today), "day": since}
    match due.why:
        case Why.LETTER_TO_SEND:
            return _("Came in %(ago)s; no letter has gone out yet") % when
        case Why.CONSENT_ASKED:
            return _("They asked for signed consent %(ago)s; the case will not move without it") % when
        case Why.SENT_TO_WRONG_PERSON:
            return _("They said %(ago)s that it is not for them to answer") % when
        case Why.ABOUT_SOMEBODY_ELSE:
            return _("A reply about somebody else came %(ago)s: tell whoever looks after data protection") % when
        case Why.REPLY_NOT_DESCRIBED:
            return _("A reply came %(ago)s, and nobody has logged whether it answers") % when
        case Why.PERSON_AWAITED:
            return _("They said %(ago)s that they wait for something from the person") % when
        case Why.CONSTITUENCY_DOUBTED:
            return _("They said %(ago)s that the person is not a constituent") % when
        case Why.SAID_ANSWERED:
            return _("They said %(ago)s that they have answered already; no answer is logged") % when
        case Why.CLARIFICATION_ASKED:
            return _("They asked what exactly is wanted %(ago)s, and nobody has logged an answer") % when
        case Why.PAUSED_FOR_US:
            return _("They stopped the clock %(ago)s until they have something from us or the person") % when
        case Why.PAUSED:
            return sentences(_("The clock has stood still since %(day)s") % when, how_far(clock))
        case Why.PERSON_TO_TELL:
            return _("Answered %(ago)s; nobody has logged telling them") % when
        case Why.OFFICE_FOLLOW_UP:
            return sentences(
                _("Sent %(ago)s; no standard is published, so this is the office's own day") % when, how_far(clock)
            )
        case Why.CHASED_SINCE if clock.limit is None:
            return sentences(_("No reply since %(day)s; no standard is published") % when, how_far(clock))
    said = sentences(_lateness(clock, today), how_far(clock) or _first_chase(clock, due, today))
    return sentences(said, doubt(clock.limit.status)) if clock.limit else said


def how_far(clock: Clock) -> str:
    """What has come so far, and how often the office has chased."""
    said = {State.HELD: str(cases.HELD), State.ACKNOWLEDGED: str(cases.ACKNOWLEDGED)}.get(clock.state, "")
    return sentences(said, cases.chases(clock.chases) if clock.chases else "")


def doubt(status: Status) -> str:
    """What is said wherever a day from a rule that nobody confirmed is shown; nothing for a verified one."""
    return str(limits.DOUBTS.get(status, ""))


def sentences(*parts: str) -> str:
    """Parts put behind one another, each closed with a full stop unless it is alone or closed already."""
    said = [part for part in parts if part]
    if len(said) < 2:
        return "".join(said)
    return " ".join(part if part.endswith((".", "?", "؟")) else f"{part}." for part in said)


def _lateness(clock: Clock, today: date) -> str:
    assert clock.limit is not None
    ends = clock.limit.rolled_last_day
    late = clock.working_days_late(today)
    if late:
        return _("No reply, %(past)s") % {"past": cases.past_standard(late)}
    if today > ends:  # a weekend after the last day: ended, and no working day late
        return _("No reply; the standard has ended")
    if today == ends:
        return _("The standard ends today")
    left = working_days(clock.limit.nation).between(today, ends)
    return ngettext("The standard ends in %(days)d working day", "The standard ends in %(days)d working days", left) % {
        "days": left
    }


def _first_chase(clock: Clock, due: Due, today: date) -> str:
    return cases.chases(0) if due.day < today and clock.chases == 0 else ""
