"""T5: clocks that are wrong, jump, or run backwards, and the two days a year that are not 24 hours.

Order comes from the log's positions, never from its times. Days of the law are days in London.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from safeconduct.accounts import keys
from safeconduct.accounts import log as office_log
from safeconduct.casework.faults import NotYet
from safeconduct.core.calendar.days import day_in_london
from safeconduct.journal import actions, sequencer, tripwire
from safeconduct.journal.models import Act, Alarm, Entry
from safeconduct.journal.queries import leaves
from safeconduct.journal.tripwire import PAUSE, ReadingSlowed
from safeconduct.journal.verify import verify
from safeconduct.people import keys as people_keys
from safeconduct.people import queries
from tests import builders

database = pytest.mark.django_db(transaction=True)
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


class Clock(datetime):
    """The machine's clock, which a test sets."""

    shows = NOON

    @classmethod
    def now(cls, tz: object = None) -> datetime:
        return cls.shows.astimezone(tz) if tz else cls.shows.replace(tzinfo=None)  # type: ignore[arg-type]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> type[Clock]:
    for module in (actions, tripwire, keys):
        monkeypatch.setattr(module, "datetime", Clock)
    monkeypatch.setattr(people_keys, "today", keys.today)
    Clock.shows = NOON
    return Clock


@pytest.fixture
def scene(clock: type[Clock]) -> SimpleNamespace:
    office = builders.office()
    lowri = builders.member(office)
    return SimpleNamespace(office=office, lowri=lowri, person=builders.person(lowri, "Ann Quillfeather"))


@database
def test_entries_keep_their_order_while_the_clock_runs_backwards(scene: SimpleNamespace, clock: type[Clock]) -> None:
    made = []
    for hours in (0, -1, -30, 200, -400):
        clock.shows = NOON + timedelta(hours=hours)
        made.append(queries.open_person(by=scene.lowri.actor, person=scene.person).leave)
        sequencer.sequence()
    placed = list(Entry.objects.filter(pk__in=[one.pk for one in made]).order_by("position"))
    assert [one.pk for one in placed] == [one.pk for one in made]
    assert [one.at for one in placed] != sorted(one.at for one in placed)
    organisation = scene.office.organisation.handle
    assert list(verify(organisation)) == []
    count = Entry.objects.count()
    assert list(leaves(organisation, count))[-1] == bytes(made[-1].commitment)
    by = scene.office.guardian.actor
    office_log.begin_log(by=by)
    shown = [one.pk for one in office_log.open_log(by=by, start=0, rows=50).entries]
    assert shown == sorted(shown, reverse=True)


@database
def test_who_has_looked_finds_every_look_of_a_day_whatever_the_hour(scene: SimpleNamespace, clock: type[Clock]) -> None:
    for shows in (
        datetime(2026, 11, 20, 23, 59, 59, tzinfo=UTC),
        datetime(2026, 11, 21, 0, 0, 1, tzinfo=UTC),
        datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
    ):
        clock.shows = shows
        queries.open_person(by=scene.lowri.actor, person=scene.person)
    clock.shows = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    record = queries.open_person(by=scene.lowri.actor, person=scene.person)
    looks = queries.who_has_looked(by=scene.lowri.actor, record=scene.person, keyed=record.keyed)
    opened = {day_in_london(one.at): one.times for one in looks if one.act == Act.OPENED_PERSON}
    assert opened == {date(2026, 11, 20): 2, date(2026, 11, 21): 1, date(2026, 11, 22): 1}


@database
def test_a_clock_set_back_neither_frees_a_reader_nor_locks_them_out(scene: SimpleNamespace, clock: type[Clock]) -> None:
    office = scene.office.organisation
    type(office).objects.update(slow_from=3, stop_from=90, tell_from=900)
    people = [builders.person(scene.lowri, f"Number{chr(97 + at)} Quillfeather") for at in range(8)]
    for person in people[:3]:
        queries.open_person(by=scene.lowri.actor, person=person)
    clock.shows = NOON - timedelta(hours=5)
    with pytest.raises(ReadingSlowed) as slowed:
        queries.open_person(by=scene.lowri.actor, person=people[3])
    assert slowed.value.seconds <= PAUSE.total_seconds(), "not five hours"
    assert Alarm.objects.get().kind == "slowed"
    clock.shows = NOON + PAUSE
    queries.open_person(by=scene.lowri.actor, person=people[4])


@database
def test_nothing_is_logged_for_a_day_that_has_not_come_in_london(scene: SimpleNamespace, clock: type[Clock]) -> None:
    case = builders.case(scene.lowri, scene.person)
    # Half past eleven at night by Greenwich is already tomorrow in a British summer.
    clock.shows = datetime(2027, 6, 30, 22, 59, tzinfo=UTC)
    with pytest.raises(NotYet):
        builders.event(scene.lowri, case, "phoned", date(2027, 7, 1))
    clock.shows = datetime(2027, 6, 30, 23, 30, tzinfo=UTC)
    builders.event(scene.lowri, case, "phoned", date(2027, 7, 1))


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 23, 0, tzinfo=UTC), date(2026, 3, 30)),  # the day of 23 hours has ended
        (datetime(2026, 3, 28, 23, 59, tzinfo=UTC), date(2026, 3, 28)),
        (datetime(2026, 10, 24, 23, 0, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), date(2026, 10, 25)),  # half past one, the first time
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), date(2026, 10, 25)),  # and the second
        (datetime(2026, 10, 25, 23, 59, tzinfo=UTC), date(2026, 10, 25)),  # 25 hours long
    ],
)
def test_days_are_days_in_london_when_clocks_change(instant: datetime, day: date) -> None:
    assert day_in_london(instant) == day
