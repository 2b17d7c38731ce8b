"""The tripwire: nobody opens very many records in an hour, or slowly over thirty days, without guardians being told.

It counts the entries themselves, so nothing has to be kept beside them, and a member's sessions and browsers count
together. It stands in `record_read`, which gives the leave without which no envelope opens: a new act that reads
cannot leave it out.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Max, Q, Sum
from django.db.models.functions import Least

from .models import Act, Alarm, Entry

HOUR: Final = timedelta(hours=1)
MONTH: Final = timedelta(days=30)
# Between one opening and the next, once somebody is slowed.
PAUSE: Final = timedelta(seconds=10)
# A list gives a shown name and open facts of each row, an opened record everything: so many rows weigh as one record.
ROWS_A_RECORD: Final = 20
# A morning's mail is read letter by letter, and most are a few lines: so many rows weigh as one message.
ROWS_A_MESSAGE: Final = 5
# The program compares many names to answer a search; no page of answers shows more than this.
ANSWERS_SHOWN: Final = 50
# What one page opens after its first entry is part of that page.
_ONE_PAGE: Final = timedelta(seconds=30)
# Counting a busy month costs some milliseconds, so in between the openings since are added to the last count.
_COUNT_MONTH_EVERY: Final = timedelta(minutes=10)
_MEMBERS_KEPT: Final = 1000
_months: dict[UUID, tuple[datetime, int]] = {}

OPENED: Final = frozenset(
    {
        Act.OPENED_PERSON,
        Act.OPENED_CASE,
        Act.OPENED_HOUSEHOLD,
        Act.OPENED_HISTORY,
        Act.OPENED_PAPER,
        Act.OPENED_SOURCE,
    }
)
WEIGHED: Final = OPENED | {Act.OPENED_MESSAGE, Act.LISTED, Act.SEARCHED, Act.EXPORTED}


class ReadingHalted(Exception):
    """Nothing was opened. What the member can do is on the page of each kind of halt."""


class ReadingSlowed(ReadingHalted):
    """The member opened many records within an hour: the next opens in ``seconds``."""

    def __init__(self, seconds: int) -> None:
        super().__init__("many records were opened within an hour, so the next one waits a little")
        self.seconds = seconds


class ReadingStopped(ReadingHalted):
    """The member opened very many records within an hour: a guardian has to allow more."""


class LogDiffers(ReadingHalted):
    """The log is not the one last seen, and no guardian has looked into it yet."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many records: slowed and stopped by those of an hour, told to guardians by those of thirty days."""

    slow_from: int
    stop_from: int
    tell_from: int


@dataclass(frozen=True, slots=True)
class Tally:
    """What a member opened since an instant, in rows (see `ROWS_A_RECORD`), and when they last did."""

    rows: int
    last: datetime | None

    @property
    def records(self) -> int:
        """The same in records."""
        return _records(self.rows)


class Reader:
    """A member who reads, for as long as one request: counts what they are about to open, and refuses it."""

    def __init__(self, *, organisation: UUID, member: UUID, bounds: Bounds) -> None:
        self.organisation = organisation
        self.member = member
        self._bounds = bounds
        # Once the first entry of a page was let through: since when, and the rows of the hour and the month.
        self._page: datetime | None = None
        self._hour = self._month = 0

    def admit(self, act: Act, count: int) -> None:
        """Let an act of reading go on, or not. Called by `record_read` alone, before its entry.

        Raises:
            ReadingSlowed, ReadingStopped, LogDiffers: nothing may be opened.
            DatabaseError: it cannot be told.
        """
        if act not in WEIGHED:
            return
        now = datetime.now(UTC)
        same_page = self._page is not None and timedelta() <= now - self._page < _ONE_PAGE
        last = None  # of what belongs to one page, nothing waits for another
        if not same_page:
            found = tally(self.member, since=max(now - HOUR, self._require_no_stop()))
            self._hour, self._month, last = found.rows, self._month_so_far(now), found.last
        more = weight(act, count)
        hour, month = self._hour + more, self._month + more
        if _records(hour) > self._bounds.stop_from:
            self._alarm(Alarm.Kind.STOPPED, Act.READING_STOPPED, _records(hour), now)
            raise ReadingStopped("very many records were opened within an hour; a guardian has to allow more")
        if _records(hour) > self._bounds.slow_from:
            self._slowed(_records(hour), now)
            _require_pause(last, now)
        if _records(month) > self._bounds.tell_from:
            month = self._count_month(now) + more
        if _records(month) > self._bounds.tell_from:
            self._alarm(Alarm.Kind.TOLD, Act.READING_TOLD, _records(month), now)
            month = 0
        self._hour, self._month = hour, month
        counted, _ = _months.get(self.member, (now, month))
        _months[self.member] = (counted, month)
        self._page = self._page if same_page else now

    def tell(self, count: int, *, team: UUID) -> None:
        """Tell guardians that ``count`` records of a team leave in one file. Called by `record_export` alone, before.

        Raises:
            ReadingStopped, LogDiffers: nothing may leave.
            DatabaseError: it cannot be told.
        """
        self._require_no_stop()
        self._alarm(Alarm.Kind.TOLD, Act.READING_TOLD, count, datetime.now(UTC), team=team)

    def _month_so_far(self, now: datetime) -> int:
        """At least how many rows were opened in thirty days: counted anew now and then, and before anybody is told."""
        if (before := _months.get(self.member)) is not None:
            counted, rows = before
            if timedelta() <= now - counted < _COUNT_MONTH_EVERY:
                return rows
        return self._count_month(now)

    def _count_month(self, now: datetime) -> int:
        told = self._month_told(now)
        found = tally(self.member, since=told or now - MONTH)
        if len(_months) >= _MEMBERS_KEPT:
            _months.clear()
        _months[self.member] = (now, found.rows)
        return found.rows

    def _require_no_stop(self) -> datetime:
        """When a guardian last let this member go on: what was opened before is settled. One question for all three."""
        of_log, mine = Q(kind=Alarm.Kind.LOG), Q(kind=Alarm.Kind.STOPPED, member=self.member)
        found = Alarm.objects.filter(of_log | mine, organisation=self.organisation).aggregate(
            log=Count("pk", filter=of_log & Q(seen_at__isnull=True)),
            stops=Count("pk", filter=mine & Q(seen_at__isnull=True)),
            allowed=Max("seen_at", filter=mine),
        )
        if found["log"]:
            raise LogDiffers("the log is not the one last seen; nothing is opened until a guardian has looked")
        if found["stops"]:
            raise ReadingStopped("very many records were opened within an hour; a guardian has to allow more")
        allowed: datetime | None = found["allowed"]
        return allowed or datetime.min.replace(tzinfo=UTC)

    def _slowed(self, count: int, now: datetime) -> None:
        before = self._last(Alarm.Kind.SLOWED)
        if before is None or now - before >= HOUR:
            self._alarm(Alarm.Kind.SLOWED, Act.READING_SLOWED, count, now)

    def _last(self, kind: Alarm.Kind) -> datetime | None:
        alarms = Alarm.objects.filter(organisation=self.organisation, member=self.member, kind=kind)
        found: datetime | None = alarms.aggregate(at=Max("at"))["at"]
        return found

    def _month_told(self, now: datetime) -> datetime | None:
        """When guardians were last told of a month. A file that left says nothing of what else was opened till then.

        An entry that tells of a file names the team it is of, which tells the two apart.
        """
        months = Entry.objects.filter(
            organisation=self.organisation,
            member=self.member,
            act=Act.READING_TOLD,
            team__isnull=True,
            at__gt=now - MONTH,
        )
        found: datetime | None = months.aggregate(at=Max("at"))["at"]
        return found

    def _alarm(self, kind: Alarm.Kind, act: Act, count: int, now: datetime, team: UUID | None = None) -> None:
        from .actions import record_write  # here: actions read this module

        with transaction.atomic(durable=True):
            Alarm.objects.create(organisation=self.organisation, member=self.member, kind=kind, at=now, count=count)
            record_write(
                organisation=self.organisation, act=act, member=self.member, about=self.member, team=team, count=count
            )


def tally(member: UUID, *, since: datetime) -> Tally:
    """What a member opened after ``since``, each record once a day however often: by an index that holds it all."""
    entries = Entry.objects.filter(member=member, at__gt=since, act__in=WEIGHED)
    found = entries.aggregate(
        opened=Count("label", distinct=True, filter=Q(act__in=OPENED)),
        messages=Count("label", distinct=True, filter=Q(act=Act.OPENED_MESSAGE)),
        listed=Sum("count", filter=Q(act=Act.LISTED, label__isnull=True), default=0),
        searched=Sum(Least("count", ANSWERS_SHOWN), filter=Q(act=Act.SEARCHED), default=0),
        # Of what has a label, a paper is one record; guardians were told of a whole export when it was made.
        exported=Sum("count", filter=Q(act=Act.EXPORTED) & (Q(label__isnull=True) | Q(count=1)), default=0),
        last=Max("at"),
    )
    records = (found["opened"] + found["exported"]) * ROWS_A_RECORD + found["messages"] * ROWS_A_MESSAGE
    return Tally(records + found["listed"] + found["searched"], found["last"])


def weight(act: Act, count: int) -> int:
    """How many rows an act of reading weighs. A file that leaves is read whole, so each of its records counts."""
    if act == Act.LISTED:
        return count
    if act == Act.SEARCHED:
        return min(count, ANSWERS_SHOWN)
    if act == Act.OPENED_MESSAGE:
        return ROWS_A_MESSAGE
    return ROWS_A_RECORD * (count if act == Act.EXPORTED else 1)


def _records(rows: int) -> int:
    return rows // ROWS_A_RECORD


def _require_pause(last: datetime | None, now: datetime) -> None:
    if last is None:
        return
    # A clock that was set back must not make anybody wait until it has caught up.
    left = min(PAUSE, last + PAUSE - now)
    if left > timedelta():
        raise ReadingSlowed(ceil(left.total_seconds()))
