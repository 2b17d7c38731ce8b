"""What a member opens is counted from the log itself: slowed, then stopped, and told to guardians over thirty days."""

import os
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from safeconduct.journal import tripwire
from safeconduct.journal.actions import record_export
from safeconduct.journal.models import Act, Alarm, Entry
from safeconduct.journal.tripwire import Bounds, LogDiffers, Reader, ReadingSlowed, ReadingStopped, Tally, tally, weight

pytestmark = pytest.mark.django_db(transaction=True)
ORGANISATION = uuid4()
BOUNDS = Bounds(slow_from=3, stop_from=6, tell_from=10)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def member():
    tripwire._months.clear()
    return uuid4()


def reader(member, bounds=BOUNDS):
    return Reader(organisation=ORGANISATION, member=member, bounds=bounds)


def entry(member, act=Act.OPENED_PERSON, *, ago=MINUTE, at=None, label=None, count=1):
    return Entry.objects.create(
        organisation=ORGANISATION, at=(at or datetime.now(UTC)) - ago, act=act, member=member, label=label, count=count,
        salt=bytes(16), commitment=os.urandom(32),
    )  # fmt: skip


def opened(member, number, *, ago=MINUTE):
    for _ in range(number):
        entry(member, label=os.urandom(16), ago=ago)


def alarms(member):
    return list(Alarm.objects.filter(member=member).order_by("pk").values_list("kind", "count"))


@pytest.mark.parametrize(
    ("act", "count", "rows"),
    [
        (Act.OPENED_PERSON, 1, 20), (Act.OPENED_CASE, 7, 20), (Act.OPENED_HISTORY, 1, 20), (Act.OPENED_PAPER, 1, 20),
        (Act.OPENED_MESSAGE, 1, 5),
        (Act.LISTED, 50, 50), (Act.SEARCHED, 3, 3), (Act.SEARCHED, 50, 50), (Act.SEARCHED, 200, 50),
        (Act.EXPORTED, 1, 20), (Act.EXPORTED, 300, 6000),
    ],
)  # fmt: skip
def test_what_an_act_of_reading_weighs(act, count, rows):
    assert weight(act, count) == rows


def test_what_was_opened_is_added_up(member):
    label = os.urandom(16)
    entry(member, label=label), entry(member, Act.OPENED_HISTORY, label=label)  # one record
    entry(member, Act.LISTED, count=25), entry(member, Act.LISTED, count=30, label=label)  # shown already
    mail = os.urandom(16)
    entry(member, Act.OPENED_MESSAGE, label=mail), entry(member, Act.OPENED_MESSAGE, label=mail)  # one message
    entry(member, Act.OPENED_MESSAGE, label=os.urandom(16)), entry(member, Act.SEARCHED, count=200)
    entry(member, Act.SEARCHED, count=4)
    entry(member, Act.EXPORTED, count=1, label=os.urandom(16))  # a paper
    entry(member, Act.EXPORTED, count=2, label=os.urandom(16))  # a whole export
    last = entry(member, Act.EXPORTED, count=2, ago=timedelta(seconds=1))
    entry(member, Act.CHANGED_PERSON, label=os.urandom(16)), entry(uuid4(), label=os.urandom(16))
    entry(member, ago=2 * MINUTE, label=os.urandom(16))
    found = tally(member, since=datetime.now(UTC) - 1.5 * MINUTE)
    assert found == Tally(20 + 2 * 5 + 25 + 50 + 4 + 20 + 40, last.at)
    assert found.records == 8
    assert tally(uuid4(), since=datetime.now(UTC)) == Tally(0, None)


def test_up_to_the_first_bound_nothing_happens(member):
    opened(member, 2)
    reader(member).admit(Act.OPENED_PERSON, 1)
    assert alarms(member) == []


def test_beyond_it_openings_are_slowed_and_guardians_are_told_once_an_hour(member):
    opened(member, 3, ago=timedelta(seconds=4))
    for _ in range(2):
        with pytest.raises(ReadingSlowed) as slowed:
            reader(member).admit(Act.OPENED_PERSON, 1)
        assert slowed.value.seconds in (5, 6)
    assert alarms(member) == [("slowed", 4)]
    assert Entry.objects.get(act=Act.READING_SLOWED).about == member
    Alarm.objects.update(at=datetime.now(UTC) - timedelta(hours=1))
    with pytest.raises(ReadingSlowed):
        reader(member).admit(Act.OPENED_PERSON, 1)
    assert alarms(member) == [("slowed", 4), ("slowed", 4)]


def test_after_the_pause_the_next_record_opens_and_its_whole_page(member):
    opened(member, 3, ago=timedelta(seconds=10))
    one = reader(member)
    one.admit(Act.OPENED_PERSON, 1)
    one.admit(Act.OPENED_CASE, 1)
    one.admit(Act.OPENED_CASE, 1)
    with pytest.raises(ReadingStopped):
        one.admit(Act.OPENED_CASE, 1)


def test_a_clock_that_was_set_back_makes_nobody_wait_longer_than_the_pause(member):
    opened(member, 3, ago=-DAY)
    with pytest.raises(ReadingSlowed) as slowed:
        reader(member).admit(Act.OPENED_PERSON, 1)
    assert slowed.value.seconds == 10


def test_beyond_the_second_bound_nothing_opens_until_a_guardian_allows_it(member):
    opened(member, 6)
    with pytest.raises(ReadingStopped):
        reader(member).admit(Act.LISTED, 20)
    with pytest.raises(ReadingStopped):
        reader(member).admit(Act.LISTED, 1)
    assert alarms(member) == [("stopped", 7)]
    reader(uuid4()).admit(Act.OPENED_PERSON, 1)
    Alarm.objects.update(seen_at=datetime.now(UTC))
    reader(member).admit(Act.OPENED_PERSON, 1)


def test_what_is_not_weighed_goes_on(member):
    opened(member, 60)
    reader(member).admit(Act.LOG_READ, 500)
    reader(member).admit(Act.IMPORT_OPENED, 500)
    assert alarms(member) == []


def test_an_hour_later_it_counts_for_the_month_alone(member):
    opened(member, 9, ago=timedelta(hours=1, seconds=1))
    reader(member).admit(Act.OPENED_PERSON, 1)
    assert alarms(member) == []


def test_slowly_over_thirty_days_is_told_and_then_counted_from_there(member):
    for number in range(10):
        opened(member, 1, ago=DAY * (number + 1))
    reader(member).admit(Act.OPENED_PERSON, 1)
    assert alarms(member) == [("told", 11)]
    assert Entry.objects.filter(act=Act.READING_TOLD, about=member).count() == 1
    reader(member).admit(Act.OPENED_PERSON, 1)
    assert len(alarms(member)) == 1


def test_what_is_older_than_thirty_days_is_forgotten(member):
    opened(member, 10, ago=30 * DAY + MINUTE)
    reader(member).admit(Act.OPENED_PERSON, 1)
    assert alarms(member) == []


def test_a_month_counted_before_is_not_told_without_counting_again(member):
    tripwire._months[member] = (datetime.now(UTC), 10_000)
    reader(member).admit(Act.OPENED_PERSON, 1)
    assert alarms(member) == []


def test_a_log_that_differs_stops_everybody_until_a_guardian_has_looked(member):
    alarm = Alarm.objects.create(
        organisation=ORGANISATION, member=uuid4(), kind=Alarm.Kind.LOG, at=datetime.now(UTC), count=1
    )
    with pytest.raises(LogDiffers):
        reader(member).admit(Act.OPENED_PERSON, 1)
    Reader(organisation=uuid4(), member=member, bounds=BOUNDS).admit(Act.OPENED_PERSON, 1)
    Alarm.objects.filter(pk=alarm.pk).update(seen_at=datetime.now(UTC))
    reader(member).admit(Act.OPENED_PERSON, 1)


def test_the_log_says_how_many_records_it_was(member):
    opened(member, 3, ago=timedelta(seconds=4))
    with pytest.raises(ReadingSlowed):
        reader(member).admit(Act.OPENED_PERSON, 1)
    said = Entry.objects.get(act=Act.READING_SLOWED)
    assert (said.member, said.about, said.count) == (member, member, 4)


class Clock(datetime):
    """Stands still until it is set."""

    time = datetime(2026, 7, 1, 14, 30, tzinfo=UTC)

    @classmethod
    def now(cls, tz=None):
        return cls.time


@pytest.fixture
def clock(monkeypatch):
    monkeypatch.setattr(tripwire, "datetime", Clock)
    monkeypatch.setattr(Clock, "time", Clock.time)
    return Clock


def before(clock, member, number, ago):
    for _ in range(number):
        entry(member, label=os.urandom(16), at=clock.time, ago=ago)


def alarm(member, kind, ago, *, seen=None, organisation=ORGANISATION):
    return Alarm.objects.create(
        organisation=organisation, member=member, kind=kind, at=Clock.time - ago, seen_at=seen, count=1
    )


def told(member, ago, *, organisation=ORGANISATION, act=Act.READING_TOLD):
    return Entry.objects.create(
        organisation=organisation, at=Clock.time - ago, act=act, member=member, about=member, count=1,
        salt=bytes(16), commitment=os.urandom(32),
    )  # fmt: skip


def test_a_page_lasts_half_a_minute_from_its_first_entry_on(clock, member):
    before(clock, member, 4, timedelta(seconds=10))  # the pause is just over
    one = reader(member)
    one.admit(Act.OPENED_PERSON, 1)
    before(clock, member, 1, timedelta())  # so whatever is another page waits
    one.admit(Act.LISTED, 1)
    clock.time += timedelta(seconds=29)
    one.admit(Act.LISTED, 1)
    clock.time += timedelta(seconds=1)
    before(clock, member, 1, timedelta())
    with pytest.raises(ReadingSlowed):
        one.admit(Act.LISTED, 1)


def test_a_page_without_end_is_not_made_by_opening_slowly(clock, member):
    one = reader(member)
    for _ in range(2):
        one.admit(Act.LISTED, 1)
        clock.time += timedelta(seconds=20)
    before(clock, member, 4, timedelta())
    with pytest.raises(ReadingSlowed):
        one.admit(Act.LISTED, 1)


def test_guardians_are_told_again_when_the_hour_is_full(clock, member):
    alarm(member, Alarm.Kind.SLOWED, tripwire.HOUR)
    before(clock, member, 4, timedelta(seconds=10))
    reader(member).admit(Act.LISTED, 1)
    assert len(alarms(member)) == 2


def test_a_month_is_counted_anew_every_ten_minutes_and_only_then(clock, member):
    tripwire._months[member] = (clock.time, 0)
    before(clock, member, 11, timedelta(hours=2))
    reader(member).admit(Act.LISTED, 1)
    clock.time += timedelta(minutes=9)
    reader(member).admit(Act.LISTED, 1)
    assert alarms(member) == []
    clock.time += timedelta(minutes=1)
    reader(member).admit(Act.LISTED, 1)
    assert alarms(member) == [("told", 11)]
    assert tripwire._months[member] == (clock.time, 0)


def test_a_month_counted_at_this_very_instant_is_not_counted_again(clock, member):
    tripwire._months[member] = (clock.time, 0)
    before(clock, member, 11, timedelta(hours=2))
    reader(member).admit(Act.LISTED, 1)
    assert alarms(member) == []
    assert tripwire._months[member] == (clock.time, 1)


def test_what_guardians_were_told_of_is_not_told_again(clock, member):
    before(clock, member, 11, 2 * DAY)
    told(member, DAY)
    reader(member).admit(Act.LISTED, 1)
    assert alarms(member) == []
    before(clock, member, 11, timedelta(hours=3))
    tripwire._months.clear()
    reader(member).admit(Act.LISTED, 1)
    assert alarms(member) == [("told", 11)]


def test_a_file_that_left_settles_nothing_of_what_was_opened_before(clock, member):
    """One record taken out now and then must not keep from guardians how many were opened in between."""
    before(clock, member, 11, 2 * DAY)
    record_export(reader=reader(member), team=uuid4(), count=1, body=b"sealed")
    reader(member).admit(Act.LISTED, 1)
    assert alarms(member) == [("told", 1), ("told", 12)]


@pytest.mark.parametrize("of", [{"member": uuid4()}, {"organisation": uuid4()}, {"act": Act.READING_SLOWED}])
def test_what_was_told_of_another_settles_nothing(clock, member, of):
    before(clock, member, 11, 2 * DAY)
    told(**{"member": member, "ago": DAY, **of})
    reader(member).admit(Act.LISTED, 1)
    assert alarms(member) == [("told", 11)]


def test_what_was_told_long_ago_makes_the_month_no_longer(clock, member):
    before(clock, member, 11, 35 * DAY)
    told(member, 40 * DAY)
    reader(member).admit(Act.LISTED, 1)
    assert alarms(member) == []


@pytest.mark.parametrize(
    "of",
    [
        pytest.param({"member": uuid4()}, id="another member"),
        pytest.param({"organisation": uuid4()}, id="another organisation"),
        pytest.param({"kind": Alarm.Kind.STOPPED}, id="another kind"),
    ],
)
def test_an_alarm_of_another_is_not_taken_for_one_s_own(clock, member, of):
    given = {"member": member, "kind": Alarm.Kind.SLOWED, "ago": MINUTE, "seen": clock.time - DAY, **of}
    alarm(**given)
    before(clock, member, 4, timedelta(seconds=10))
    reader(member).admit(Act.LISTED, 1)
    assert Alarm.objects.filter(organisation=ORGANISATION, member=member, kind=Alarm.Kind.SLOWED).count() == 1


def test_a_guardian_who_looked_into_the_log_lets_nobody_go_on_who_was_stopped(clock, member):
    before(clock, member, 7, MINUTE)
    alarm(member, Alarm.Kind.LOG, DAY, seen=clock.time)
    with pytest.raises(ReadingStopped):
        reader(member).admit(Act.LISTED, 1)


def test_counting_forgotten_in_the_middle_of_a_page_is_no_fault(clock, member):
    one = reader(member)
    one.admit(Act.LISTED, 1)
    tripwire._months.clear()
    one.admit(Act.LISTED, 1)
    assert tripwire._months[member] == (clock.time, 2)


def test_nobody_is_told_in_a_transaction_that_may_yet_fail(member):
    opened(member, 6)
    with transaction.atomic(), pytest.raises(RuntimeError):
        reader(member).admit(Act.OPENED_PERSON, 1)
    assert not Alarm.objects.exists()
