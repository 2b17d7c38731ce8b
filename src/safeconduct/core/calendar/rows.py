"""One dated row: a time limit or service standard, with everything that is needed to count it and to doubt it.

Status, on rows and on readings:

- `verified`: seen in the source named;
- `secondary`: seen only in a secondary source (a law firm, a charity, the configuration of a court's program), where
  a primary one is wanted;
- `unconfirmed`: needs a person to check it against the primary source. A date from such a row must say so.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import msgspec

from .days import MonthDay, Nation

ASKED = "asked"
"""`working_days_of` of a row whose holidays are those of the nation the question is about."""


class Kind(StrEnum):
    """What happens on the day a row gives."""

    ACT = "act"  # somebody we stand beside must act: there is an act-by day
    ANSWER = "answer"  # an authority must answer or decide: the day is theirs to keep
    ENDING = "ending"  # something stops, and nothing anyone does by that day changes it
    DEEMED = "deemed"  # a paper counts as received
    NONE = "none"  # no limit is published


class Unit(StrEnum):
    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    WEEKS = "weeks"
    MONTHS = "months"


class Status(StrEnum):
    VERIFIED = "verified"
    SECONDARY = "secondary"
    UNCONFIRMED = "unconfirmed"


class Trigger(StrEnum):
    """The event that day 0 is the day of."""

    SENT = "sent"
    RECEIVED = "received"
    POSTED = "posted"
    NOTIFIED = "notified"
    GRANTED = "granted"
    DECIDED = "decided"

    SUBMITTED = "submitted"
    APPLIED = "applied"
    IDENTITY_PROVED = "identity_proved"
    CLAIMED = "claimed"
    HAPPENED = "happened"
    AWARE = "aware"
    EXPIRED = "expired"
    HEARD = "heard"
    DIRECTED = "directed"
    REFERRED = "referred"
    INTERVIEWED = "interviewed"
    CARD_RECEIVED = "card_received"
    DISCONTINUATION_LETTER = "discontinuation_letter"
    NOTHING = "nothing"


class NonWorkingReceipt(StrEnum):
    """Day 0 when the event falls on a day that is not a working day."""

    DAY_ZERO = "day_zero"  # the day itself
    NEXT_WORKING_DAY = "next_working_day"


class Roll(StrEnum):
    """What becomes of a last day that is not a working day."""

    NONE = "none"
    NEXT_WORKING_DAY = "next_working_day"


class Shown(StrEnum):
    """When a reading is worth showing beside the first."""

    ALWAYS = "always"
    IF_DIFFERENT = "if_different"


class Why(StrEnum):
    """The readings, by name: what each takes the law to say."""

    AS_WRITTEN = "as_written"
    RECEIPT_IS_DAY_ZERO = "receipt_is_day_zero"
    COUNTED_FROM_NEXT_WORKING_DAY = "counted_from_next_working_day"
    BANK_HOLIDAYS_ONLY = "bank_holidays_only"
    YEAR_END_CLOSED = "year_end_closed"
    CHRISTMAS_WEEK_CLOSED = "christmas_week_closed"
    THREE_DAYS = "three_days"
    THREE_WORKING_DAYS = "three_working_days"
    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"
    THIRTY_DAYS = "thirty_days"
    ONE_MONTH = "one_month"
    TWENTY_WORKING_DAYS = "twenty_working_days"
    FIFTEEN_WORKING_DAYS = "fifteen_working_days"
    TWENTY_DAYS = "twenty_days"
    # What happened to a clock, rather than what a row says: see `running`.
    AS_COUNTED = "as_counted"
    PAUSE_DOES_NOT_COUNT = "pause_does_not_count"
    QUESTION_ONLY_STOPS = "question_only_stops"
    LONGER_DOES_NOT_COUNT = "longer_does_not_count"
    LONGER_AS_SAID = "longer_as_said"


class Caution(StrEnum):
    """What a person should know before relying on a row."""

    NOT_RESTATED = "not_restated"
    PROMPTLY = "promptly"
    DIRECTIONS_OVERRIDE = "directions_override"
    ONLY_IF_SERVED = "only_if_served"
    COMMENCEMENT_NOT_SEEN = "commencement_not_seen"
    CHANGING = "changing"
    APPROXIMATE_DATES = "approximate_dates"
    STRAIGHTFORWARD_ONLY = "straightforward_only"
    CLOCK_MAY_STOP = "clock_may_stop"
    REBUTTABLE = "rebuttable"
    LATE_WITH_REASONS = "late_with_reasons"
    EXTENSION_POSSIBLE = "extension_possible"
    OLDER_VERSION = "older_version"
    GOOD_REASON_NEEDED = "good_reason_needed"
    NORMALLY = "normally"
    MINIMUM = "minimum"
    FAMILIES_DIFFER = "families_differ"
    RECEIVED_NOT_SENT = "received_not_sent"
    BEFORE_FIVE = "before_five"
    BEFORE_FOUR = "before_four"
    COUNTS_FROM_LEAVING = "counts_from_leaving"
    OTHER_CLOCK_RUNS = "other_clock_runs"
    START_UNCLEAR = "start_unclear"
    CLAIM_WITHDRAWN = "claim_withdrawn"
    UNLESS_APPEALED = "unless_appealed"
    ASK_MIGRANT_HELP = "ask_migrant_help"
    AFTER_FINAL_ANSWER = "after_final_answer"
    THROUGH_AN_MP = "through_an_mp"
    NO_CHALLENGE = "no_challenge"
    SUSPENDED = "suspended"
    NOT_KNOWN = "not_known"


class _Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class ReadingRow(_Row, frozen=True, kw_only=True):
    """Another way to read the same limit: only what differs from the rule is given.

    `closed` lists days of any year ("12-27") that this reading takes out of the working days.
    """

    why: Why
    status: Status
    source: str
    shown: Shown = Shown.IF_DIFFERENT
    unit: Unit | None = None
    count: int | None = None
    non_working_receipt: NonWorkingReceipt | None = None
    roll: Roll | None = None
    closed: tuple[str, ...] = ()

    def closed_days(self) -> frozenset[MonthDay]:
        return frozenset((int(text[:2]), int(text[3:])) for text in self.closed)


class SecondClock(_Row, frozen=True, kw_only=True):
    """A clock that starts with another event; the later of the two days counts."""

    trigger: Trigger
    count: int
    unit: Unit


class Rule(_Row, frozen=True, kw_only=True, rename={"from_": "from", "readings": "reading"}):
    """One dated row. `from_` and `to` are the first and last event days it governs; None where that is not known
    (`from_`) or where it is still in force (`to`).

    `why` names the first reading when there are others. `abroad`, `detained` and `elsewhere` name the rows that apply
    instead to a person outside the United Kingdom, in detention and in another nation; `for_abroad` and `for_detained`
    mark rows that are for them. `stated` lists the days the authority was seen to state it. `percent` is the share of
    answers promised within it.
    """

    id: str
    title: str
    version: int
    kind: Kind
    trigger: Trigger
    status: Status
    source: str
    from_: date | None = None
    to: date | None = None
    unit: Unit | None = None
    count: int | None = None
    working_days_of: str = ASKED
    non_working_receipt: NonWorkingReceipt | None = None
    roll: Roll | None = None
    why: Why = Why.AS_WRITTEN
    percent: int | None = None
    stated: tuple[date, ...] = ()
    cautions: tuple[Caution, ...] = ()
    family: str | None = None
    abroad: str | None = None
    for_abroad: bool = False
    detained: str | None = None
    for_detained: bool = False
    elsewhere: dict[Nation, str] = msgspec.field(default_factory=dict)
    second: SecondClock | None = None
    readings: tuple[ReadingRow, ...] = ()

    def in_force(self, on: date) -> bool:
        return (self.from_ is None or self.from_ <= on) and (self.to is None or on <= self.to)

    def nation(self, asked: Nation) -> Nation:
        """Whose bank holidays this row counts with, for a question about `asked`."""
        return asked if self.working_days_of == ASKED else Nation(self.working_days_of)
