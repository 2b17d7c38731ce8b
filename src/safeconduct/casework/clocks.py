"""The clock of an enquiry: a function of its events, the dated rule and the office's own days. Nothing here is stored.

A holding reply is not a reply: it stops nothing. Where no standard is published there is only the office's follow-up
day, and nothing is ever called late.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from safeconduct.core.calendar.days import Nation, WorkingDays, working_days
from safeconduct.core.calendar.limits import Limit, compute

from .rules import standard_of


class State(StrEnum):
    """How far an enquiry has come."""

    NOT_SENT = "not_sent"
    WAITING = "waiting"
    ACKNOWLEDGED = "acknowledged"
    HELD = "held"
    ANSWERED = "answered"
    CLOSED = "closed"


class Why(StrEnum):
    """Why something is due: worded by the desk."""

    LETTER_TO_SEND = "letter_to_send"
    CONSENT_ASKED = "consent_asked"
    SENT_TO_WRONG_PERSON = "sent_to_wrong_person"
    ABOUT_SOMEBODY_ELSE = "about_somebody_else"
    REPLY_NOT_DESCRIBED = "reply_not_described"
    STANDARD_ENDS = "standard_ends"
    CHASED_SINCE = "chased_since"
    OFFICE_FOLLOW_UP = "office_follow_up"
    PERSON_TO_TELL = "person_to_tell"


_WE_MUST_ANSWER = {
    "consent_required": Why.CONSENT_ASKED,
    "wrong_recipient": Why.SENT_TO_WRONG_PERSON,
    "wrong_person": Why.ABOUT_SOMEBODY_ELSE,
    "not_described": Why.REPLY_NOT_DESCRIBED,
}


@dataclass(frozen=True, slots=True)
class Happened:
    """An event as the clock sees it, in the order things were logged. Corrected events are left out beforehand."""

    kind: str
    on: date
    shape: str | None = None


@dataclass(frozen=True, slots=True)
class OfficeDays:
    """The office's own days, in working days."""

    first_letter: int
    follow_up: int
    chase: int
    tell: int


@dataclass(frozen=True, slots=True)
class Due:
    """The next thing: its kind (as in the agenda), the day, and why."""

    kind: str
    day: date
    why: Why
    since: date


@dataclass(frozen=True, slots=True)
class Clock:
    """Where an enquiry stands. ``limit`` is the standard it counts against, None where none is published."""

    state: State
    started_on: date | None
    stopped_on: date | None
    limit: Limit | None
    chases: int
    due: Due | None

    def working_days_late(self, today: date) -> int:
        """Working days past the published standard; 0 within it, once answered, and where there is none.

        Past the last day whose bank holidays are known it stays what it was on that day: too low rather than a guess.
        """
        if self.limit is None or self.stopped_on is not None or today <= self.limit.rolled_last_day:
            return 0
        days = working_days(self.limit.nation)
        return days.between(self.limit.rolled_last_day, min(today, days.last_known))


def read_clock(
    *, route: str, nation: Nation, events: Sequence[Happened], office: OfficeDays, case_open: bool = True
) -> Clock:
    """The clock of one enquiry. Events count by their days; on one day, in the order they were logged.

    Raises:
        BeyondCalendar: a day lies outside the published bank holidays.
    """
    ordered = sorted(events, key=lambda event: event.on)
    days = working_days(nation)
    sent = next((event.on for event in ordered if event.kind == "sent"), None)
    if sent is None:
        answered = next((event.on for event in ordered if event.kind in ("answered", "decided")), None)
        if answered is not None:  # it was answered, so it went, though nobody logged when
            return _answered(ordered, None, answered, None, 0, days, office, case_open=case_open)
        came = next((event.on for event in ordered if event.kind == "came_in"), None)
        due = None
        if came is not None and case_open:
            due = Due("answer", days.add(came, office.first_letter), Why.LETTER_TO_SEND, came)
        return Clock(State.NOT_SENT, None, None, None, 0, due)

    rule = standard_of(route, sent)
    limit = compute(rule, sent, nation) if rule else None
    chased = [event.on for event in ordered if event.kind in ("chased", "phoned") and event.on >= sent]
    answered = next((event.on for event in ordered if event.kind in ("answered", "decided") and event.on >= sent), None)
    if answered is not None:
        return _answered(ordered, sent, answered, limit, len(chased), days, office, case_open=case_open)

    state = State.WAITING
    for event in ordered:
        if event.kind == "acknowledged" and state is State.WAITING:
            state = State.ACKNOWLEDGED
        elif event.kind == "holding_reply":
            state = State.HELD
    due = _next(ordered, sent, chased, limit, days, office) if case_open else None
    return Clock(state, sent, None, limit, len(chased), due)


def _answered(
    ordered: Sequence[Happened],
    sent: date | None,
    answered: date,
    limit: Limit | None,
    chases: int,
    days: WorkingDays,
    office: OfficeDays,
    *,
    case_open: bool,
) -> Clock:
    """A clock that has stopped: what is left is to tell the person."""
    told = any(event.kind == "told_person" and event.on >= answered for event in ordered)
    due = None
    if not told and case_open:
        due = Due("answer", days.add(answered, office.tell), Why.PERSON_TO_TELL, answered)
    return Clock(State.CLOSED if told else State.ANSWERED, sent, answered, limit, chases, due)


def _next(
    ordered: Sequence[Happened],
    sent: date,
    chased: Sequence[date],
    limit: Limit | None,
    days: WorkingDays,
    office: OfficeDays,
) -> Due:
    """What the office does next about a letter that is out."""
    # What they asked for stands until a letter goes out after it: chasing them does not answer it. A reply nobody had
    # read is read once a later entry says what a reply said.
    read = False
    for event in reversed(ordered):
        if event.kind == "sent":
            break
        why_answer = _WE_MUST_ANSWER.get(event.shape or "")
        if why_answer is not None and not (why_answer is Why.REPLY_NOT_DESCRIBED and read):
            return Due("answer", days.next_on_or_after(event.on), why_answer, event.on)
        read = read or event.kind == "holding_reply"
    our_last = max([sent, *chased, *(event.on for event in ordered if event.kind == "sent")])
    if limit is None:
        why = Why.CHASED_SINCE if chased else Why.OFFICE_FOLLOW_UP
        wait = office.chase if chased else office.follow_up
        return Due("chase", days.add(our_last, wait), why, our_last)
    past = [day for day in chased if day > limit.rolled_last_day]
    if past:
        return Due("chase", days.add(max(past), office.chase), Why.CHASED_SINCE, max(past))
    return Due("reply_due", limit.rolled_last_day, Why.STANDARD_ENDS, sent)
