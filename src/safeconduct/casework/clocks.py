"""The clock of an enquiry: a function of its events, the dated rule and the office's own days. Nothing here is stored.

A holding reply is not a reply: it stops nothing. Where no standard is published there is only the office's follow-up
day, and nothing is ever called late. What is promised has a day of its own and lengthens nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from safeconduct.core.calendar.days import Nation, WorkingDays, working_days
from safeconduct.core.calendar.limits import Limit
from safeconduct.core.calendar.running import Halt, run
from safeconduct.core.calendar.stops import By

from .happened import ANSWERS, FOR_US, Promised, halts_of, in_order, longer_of, promises_of
from .happened import Happened as Happened
from .rules import standard_of


class State(StrEnum):
    """How far an enquiry has come."""

    NOT_SENT = "not_sent"
    WAITING = "waiting"
    ACKNOWLEDGED = "acknowledged"
    HELD = "held"
    PAUSED = "paused"
    ANSWERED = "answered"
    CLOSED = "closed"


class Why(StrEnum):
    """Why something is due: worded by the desk."""

    LETTER_TO_SEND = "letter_to_send"
    CONSENT_ASKED = "consent_asked"
    SENT_TO_WRONG_PERSON = "sent_to_wrong_person"
    ABOUT_SOMEBODY_ELSE = "about_somebody_else"
    REPLY_NOT_DESCRIBED = "reply_not_described"
    PERSON_AWAITED = "person_awaited"
    CONSTITUENCY_DOUBTED = "constituency_doubted"
    SAID_ANSWERED = "said_answered"
    CLARIFICATION_ASKED = "clarification_asked"
    PAUSED_FOR_US = "paused_for_us"
    PAUSED = "paused"
    STANDARD_ENDS = "standard_ends"
    CHASED_SINCE = "chased_since"
    OFFICE_FOLLOW_UP = "office_follow_up"
    PERSON_TO_TELL = "person_to_tell"


# By what a reply said, the most pressing first.
_WE_MUST_ANSWER = {
    "wrong_person": Why.ABOUT_SOMEBODY_ELSE,
    "consent_required": Why.CONSENT_ASKED,
    "awaiting_person": Why.PERSON_AWAITED,
    "not_a_constituent": Why.CONSTITUENCY_DOUBTED,
    "wrong_recipient": Why.SENT_TO_WRONG_PERSON,
    "already_answered": Why.SAID_ANSWERED,
    "not_described": Why.REPLY_NOT_DESCRIBED,
}


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
    """Where an enquiry stands. ``limit`` is the standard it counts against, None where none is published.

    ``stopped_on`` is the day it was answered. ``halted`` is what the clock stands still for: then the limit's day is
    where it stood, and no day is known by which the reply is due. ``promises`` are all that were made.
    """

    state: State
    started_on: date | None
    stopped_on: date | None
    limit: Limit | None
    chases: int
    due: Due | None
    halted: Halt | None = None
    promises: tuple[Promised, ...] = ()

    def working_days_late(self, today: date) -> int:
        """Working days past the published standard; 0 within it, while it stands still, once answered, and where there
        is none.

        Past the last day whose bank holidays are known it stays what it was on that day: too low rather than a guess.
        """
        if self.limit is None or self.stopped_on is not None or self.halted is not None:
            return 0
        if today <= self.limit.rolled_last_day:
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
    ordered = in_order(events)
    days = working_days(nation)
    promises = tuple(promises_of(ordered))
    sent = next((event.on for event in ordered if event.kind == "sent"), None)
    if sent is None:
        return _not_sent(ordered, promises, days, office, case_open=case_open)

    out = [event for event in ordered if event.on >= sent]
    chased = [event.on for event in out if event.kind in ("chased", "phoned")]
    end = next((at for at, event in enumerate(out) if event.kind in ANSWERS), None)
    answered = out[end].on if end is not None else None
    rule = standard_of(route, sent)
    halts = halts_of(out[:end], until=answered)
    ran = run(rule, sent, nation, halts=halts, longer=longer_of(out[:end])) if rule else None
    limit = ran.limit if ran else None
    if answered is not None:
        state, due = _answered(ordered, answered, days, office, case_open=case_open)
        return Clock(state, sent, answered, limit, len(chased), due, promises=promises)

    halted = ran.halted if ran else _halted_without_a_standard(halts)
    state = State.WAITING
    for event in ordered:
        if event.kind == "acknowledged" and state is State.WAITING:
            state = State.ACKNOWLEDGED
        elif event.kind == "holding_reply":
            state = State.HELD
    due = _next(ordered, sent, chased, limit, halted, days, office) if case_open else None
    return Clock(State.PAUSED if halted else state, sent, None, limit, len(chased), due, halted, promises)


def _not_sent(
    ordered: Sequence[Happened],
    promises: tuple[Promised, ...],
    days: WorkingDays,
    office: OfficeDays,
    *,
    case_open: bool,
) -> Clock:
    """Nobody logged that the letter went: there is one to write, unless it was answered all the same."""
    answered = next((event.on for event in ordered if event.kind in ANSWERS), None)
    if answered is not None:
        state, due = _answered(ordered, answered, days, office, case_open=case_open)
        return Clock(state, None, answered, None, 0, due, promises=promises)
    came = next((event.on for event in ordered if event.kind == "came_in"), None)
    due = None
    if came is not None and case_open:
        due = Due("answer", days.add(came, office.first_letter), Why.LETTER_TO_SEND, came)
    return Clock(State.NOT_SENT, None, None, None, 0, due, promises=promises)


def _answered(
    ordered: Sequence[Happened], answered: date, days: WorkingDays, office: OfficeDays, *, case_open: bool
) -> tuple[State, Due | None]:
    """Of a clock that an answer has stopped: what is left is to tell the person."""
    if any(event.kind == "told_person" and event.on >= answered for event in ordered):
        return State.CLOSED, None
    due = Due("answer", days.add(answered, office.tell), Why.PERSON_TO_TELL, answered) if case_open else None
    return State.ANSWERED, due


def _halted_without_a_standard(halts: Sequence[Halt]) -> Halt | None:
    """Without a standard a question stops nothing; somebody's word that it is paused does."""
    return next((halt for halt in halts if halt.until is None and halt.by is not By.CLARIFICATION), None)


def _next(
    ordered: Sequence[Happened],
    sent: date,
    chased: Sequence[date],
    limit: Limit | None,
    halted: Halt | None,
    days: WorkingDays,
    office: OfficeDays,
) -> Due:
    """What the office does next about a letter that is out."""
    asked = _asked_of_us(ordered, days)
    if asked is not None:
        return asked
    our_last = max([sent, *chased, *(event.on for event in ordered if event.kind == "sent")])
    if halted is not None:
        day = _look_again(ordered, halted, our_last, days, office)
        return Due("chase", max(day, limit.rolled_last_day) if limit else day, Why.PAUSED, halted.since)
    if limit is None:
        why = Why.CHASED_SINCE if chased else Why.OFFICE_FOLLOW_UP
        wait = office.chase if chased else office.follow_up
        return Due("chase", days.add(our_last, wait), why, our_last)
    past = [day for day in chased if day > limit.rolled_last_day]
    if past:
        return Due("chase", days.add(max(past), office.chase), Why.CHASED_SINCE, max(past))
    return Due("reply_due", limit.rolled_last_day, Why.STANDARD_ENDS, sent)


def _asked_of_us(ordered: Sequence[Happened], days: WorkingDays) -> Due | None:
    """What they wait for from us, the latest first.

    It stands until a letter goes out after it: chasing them does not answer it. A reply nobody had read is read once
    a later entry says what a reply said. A question ends also when it is clarified, a pause when the clock goes on.
    """
    read = clarified = resumed = False
    for event in reversed(ordered):
        if event.kind == "sent":
            break
        labels = event.labels
        wanted = [why for label, why in _WE_MUST_ANSWER.items() if label in labels]
        if event.kind == "clarification_asked" and not clarified:
            wanted.append(Why.CLARIFICATION_ASKED)
        if event.kind == "paused" and event.reason in FOR_US and not resumed:
            wanted.append(Why.PAUSED_FOR_US)
        if read and wanted == [Why.REPLY_NOT_DESCRIBED]:
            wanted = []
        if wanted:
            return Due("answer", days.next_on_or_after(event.on), wanted[0], event.on)
        read = read or event.kind == "holding_reply"
        clarified = clarified or event.kind == "clarified"
        resumed = resumed or event.kind == "resumed"
    return None


def _look_again(
    ordered: Sequence[Happened], halted: Halt, our_last: date, days: WorkingDays, office: OfficeDays
) -> date:
    """When to look at a clock that stands still: the day they said it would go on, or the office's own follow-up."""
    said = [event.until for event in ordered if event.kind == "paused" and event.until and event.on >= halted.since]
    if said and said[-1] > our_last:
        return days.next_on_or_after(said[-1])
    return days.add(max(our_last, halted.since), office.follow_up)
