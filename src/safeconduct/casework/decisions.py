"""From a served decision to the limits that run from it: dated rows say which, and how it came says from which day.

A rule says what it counts from: the day something was sent, received, decided. Where nobody knows that day, the
earliest it can have been is taken, so that no day shown is later than the true one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from safeconduct.core.calendar.days import Nation
from safeconduct.core.calendar.limits import Limit, NoLimit, compute
from safeconduct.core.calendar.rules import Kind, NotInForce, Rule, Status, Trigger, all_rules, get

from .faults import SentDayNeeded, ServedDaysDisagree

_FILE: Final = Path(__file__).with_name("decisions.toml")
_SAME_DAY: Final = frozenset({"email", "portal", "by_hand"})
"""Ways of serving by which a paper arrives on the day it is sent."""
_ON_A_SCREEN: Final = frozenset({"email", "portal"})
"""Those of them by which it is there whether or not somebody looks."""


class Decision(StrEnum):
    """What was decided or served."""

    ASYLUM_REFUSED = "asylum_refused"
    HUMAN_RIGHTS_REFUSED = "human_rights_refused"
    EUSS_REFUSED = "euss_refused"
    REVIEW_RIGHT = "review_right"
    CERTIFIED = "certified"
    SUBMISSIONS_REFUSED = "submissions_refused"
    NO_RIGHT = "no_right"
    REVIEW_KEPT = "review_kept"
    FTT_DISMISSED = "ftt_dismissed"
    FTT_PERMISSION_REFUSED = "ftt_permission_refused"
    UT_DISMISSED = "ut_dismissed"
    UT_PERMISSION_REFUSED = "ut_permission_refused"
    SUPPORT_REFUSED = "support_refused"
    SUPPORT_STOPPED = "support_stopped"
    NOTICE_TO_QUIT = "notice_to_quit"
    ASYLUM_GRANTED = "asylum_granted"
    NRM_NEGATIVE = "nrm_negative"
    NRM_POSITIVE = "nrm_positive"
    ONE_STOP_NOTICE = "one_stop_notice"
    DEPORTATION_NOTICE = "deportation_notice"
    REMOVAL_NOTICE = "removal_notice"
    BAIL_REFUSED = "bail_refused"
    INTERVIEW_MISSED = "interview_missed"
    QUESTIONNAIRE = "questionnaire"
    CHILDS_FORM = "childs_form"
    COMPLAINT_ANSWERED = "complaint_answered"
    FOI_ANSWERED = "foi_answered"
    FOI_REVIEWED = "foi_reviewed"


class Runs(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    """One row of `decisions.toml`: from this decision that rule runs. ``status`` and ``source`` are of this alone."""

    decision: Decision
    rule: str
    status: Status
    source: str
    from_: date | None = None
    to: date | None = None
    deemed: str | None = None
    nations: tuple[Nation, ...] = ()
    abroad: bool | None = None
    accelerated: bool = False

    def holds(self, served: Served) -> bool:
        """Whether the row is about such a decision, made on that day, of a person there."""
        on = served.decided
        return (
            self.decision is served.decision
            and (self.from_ is None or self.from_ <= on)
            and (self.to is None or on <= self.to)
            and (not self.nations or (served.nation in self.nations and not served.abroad))
            and (self.abroad is None or self.abroad is served.abroad)
            and (served.accelerated or not self.accelerated)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What was decided, how it came, and where the person is. One of ``sent_on`` and ``received_on`` is said.

    ``decided_on`` is the day on the decision where it is another, ``letter_on`` that of a letter ending support.
    ``nation`` is where the person is; of a person abroad, whose bank holidays count.
    """

    decision: Decision
    how: str
    nation: Nation
    sent_on: date | None = None
    received_on: date | None = None
    decided_on: date | None = None
    letter_on: date | None = None
    abroad: bool = False
    detained: bool = False
    accelerated: bool = False

    @property
    def on(self) -> date:
        """The day it was sent where that is known; else the day it came."""
        day = self.sent_on or self.received_on
        if day is None:
            raise ServedDaysDisagree("Give the day it was sent or the day it came.")
        return day

    @property
    def decided(self) -> date:
        """The day of the decision itself."""
        return self.decided_on or self.on

    def check(self) -> None:
        """Raise `ServedDaysDisagree` unless the days can all be true."""
        if self.sent_on and self.received_on and self.received_on < self.sent_on:
            raise ServedDaysDisagree("It cannot have come before it was sent. Check both days.")
        if self.decided_on and self.decided_on > self.on:
            raise ServedDaysDisagree("It cannot have been decided after it was sent or came. Check the days.")
        if self.abroad and self.detained:
            raise ServedDaysDisagree("Nobody abroad is in detention here. Choose one.")


class Reckoned(StrEnum):
    """How the day was found from which a limit counts."""

    SENT = "sent"  # it counts from the day it was sent, so when it came makes no difference
    AS_SAID = "as_said"
    SAME_DAY = "same_day"  # sent so that it arrives at once
    DEEMED = "deemed"  # nobody said when it came: it counts as received on that day
    DEEMED_EARLIER = "deemed_earlier"  # it came later than it counts as received
    EARLIEST = "earliest"  # nobody said when it came: the day it was sent is the earliest


@dataclass(frozen=True, slots=True)
class Proposal:
    """A limit that runs: ``rule`` as a deadline keeps it, the day it counts from and how that was found.

    ``deemed`` is the day on which it counts as received, where it was posted and a rule says so.
    """

    rule: str
    on: date
    letter_on: date | None
    limit: Limit
    runs: Runs
    reckoned: Reckoned
    deemed: Limit | None

    @property
    def last(self) -> date:
        """The latest day of any reading."""
        limit = self.limit
        return max(limit.last_day, limit.rolled_last_day, *(one.last_day for one in limit.readings), self.on)


@dataclass(frozen=True, slots=True)
class Found:
    """What runs from a decision, the earliest day first; and what holds beside it without any day."""

    limits: tuple[Proposal, ...]
    facts: tuple[tuple[Rule, Runs], ...]


@cache
def all_runs() -> tuple[Runs, ...]:
    """Every row of the file. Raises `msgspec.ValidationError`; `ValueError` where a row names no rule, or no source."""
    rows = msgspec.convert(tomllib.loads(_FILE.read_text(encoding="utf-8"))["runs"], tuple[Runs, ...])
    known = {rule.id for rule in all_rules()}
    for row in rows:
        if row.rule not in known or (row.deemed is not None and row.deemed not in known) or not row.source.strip():
            raise ValueError(f"decisions.toml: {row.decision} and {row.rule}: no such rule, or no source")
    return rows


def limits_from(served: Served, *, today: date) -> Found:
    """The limits that run from what was served.

    Raises:
        ServedDaysDisagree. SentDayNeeded: a limit counts from the day it was sent, and that is not said.
        BeyondCalendar: a day lies beyond the published bank holidays.
    """
    served.check()
    limits: list[Proposal] = []
    facts: list[tuple[Rule, Runs]] = []
    for runs in all_runs():
        if not runs.holds(served):
            continue
        try:
            rule = get(runs.rule, served.decided)
            if rule.kind is Kind.NONE:
                facts.append((rule, runs))
            else:
                limits.append(_proposal(runs, served, today))
        except NoLimit as none:
            # By the day it was sent another row holds, which counts nothing.
            facts.append((none.rule, runs))
        except NotInForce:
            continue
    limits.sort(key=lambda one: one.limit.act_by or one.limit.last_day)
    return Found(tuple(limits), tuple(facts))


def chosen(found: Found, rules: Collection[str]) -> Iterator[Proposal]:
    """Those of the limits found that somebody chose."""
    return (one for one in found.limits if one.rule in rules)


def _proposal(runs: Runs, served: Served, today: date) -> Proposal:
    """The rule's own row says what it counts from: which row that is can depend on the day, so it is asked twice."""
    on, reckoned, deemed = served.decided, Reckoned.AS_SAID, None
    for _again in range(2):
        trigger = _count(runs.rule, on, served, None).rule.trigger
        on, reckoned, deemed = _start(trigger, runs, served, today)
    rule = get(runs.rule, on)
    letter_on = served.letter_on if rule.second else None
    return Proposal(runs.rule, on, letter_on, _count(runs.rule, on, served, letter_on), runs, reckoned, deemed)


def _count(rule: str, on: date, served: Served, letter_on: date | None) -> Limit:
    return compute(get(rule, on), on, served.nation, served.abroad, detained=served.detained, letter=letter_on)


def _start(trigger: Trigger, runs: Runs, served: Served, today: date) -> tuple[date, Reckoned, Limit | None]:
    """The day a limit counts from, never later than it can have been."""
    at_once = served.how in _SAME_DAY
    if trigger in (Trigger.SENT, Trigger.DECIDED, Trigger.GRANTED):
        sent = served.sent_on or (served.received_on if at_once else None)
        if trigger is not Trigger.SENT and served.decided_on is not None:
            sent = served.decided_on
        if sent is None:
            raise SentDayNeeded(
                "A time limit counts from the day it was sent. Look at the date on the letter or the postmark; if you"
                " cannot tell, give the earliest day it can have been."
            )
        return sent, Reckoned.SENT if trigger is Trigger.SENT else Reckoned.AS_SAID, _deemed(runs, served)
    deemed = _deemed(runs, served)
    if served.received_on is not None:
        if served.how in _ON_A_SCREEN and served.sent_on is not None and served.sent_on < served.received_on:
            return served.sent_on, Reckoned.SAME_DAY, None
        if deemed is not None and deemed.last_day < served.received_on:
            return deemed.last_day, Reckoned.DEEMED_EARLIER, deemed
        return served.received_on, Reckoned.AS_SAID, deemed
    if at_once:
        return served.on, Reckoned.SAME_DAY, None
    if deemed is not None:
        # It is here, so it has come by today.
        return min(deemed.last_day, today), Reckoned.DEEMED, deemed
    return served.on, Reckoned.EARLIEST, None


def _deemed(runs: Runs, served: Served) -> Limit | None:
    """When what was posted counts as received, where a rule says so."""
    if runs.deemed is None or served.how != "post" or served.sent_on is None:
        return None
    return compute(get(runs.deemed, served.sent_on), served.sent_on, served.nation, served.abroad)
