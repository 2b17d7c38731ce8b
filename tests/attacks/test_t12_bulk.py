"""T12: a member with a sign-in reads in bulk: at once, slowly over thirty days, in several browsers, by lists.

The office's numbers are small here, so that a few records are many. What a member may open was decided before; this is
about how much. `test_every_act_of_reading_is_counted` is what a new act of reading meets.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db.models import F
from django.urls import reverse

import safeconduct
from safeconduct.accounts.actions import alarms as answering
from safeconduct.accounts.actions.alarms import Tripwire, answer_alarm, set_tripwire
from safeconduct.accounts.faults import BoundsOutOfRange, OwnAlarm
from safeconduct.accounts.models import Organisation
from safeconduct.archive.actions.confidence import take_in_confidence
from safeconduct.archive.actions.take_in import take_in
from safeconduct.archive.finding.answers import find as find_sources
from safeconduct.archive.finding.search import Wanted
from safeconduct.casework.actions import arrivals, bring_in, undo
from safeconduct.core.policy.errors import Refused
from safeconduct.journal import tripwire
from safeconduct.journal.models import READING_ACTS, Act, Alarm, Entry
from safeconduct.journal.tripwire import HOUR, MONTH, PAUSE, ReadingSlowed, ReadingStopped, tally
from safeconduct.people import journaling, queries
from safeconduct.web.access import ACCESS, Access
from tests import builders
from tests.attacks import world
from tests.attacks.held import hold
from tests.support.again import Again, scenes_of

pytestmark = pytest.mark.django_db(transaction=True)
SOURCE = Path(safeconduct.__file__).parent
SLOW, STOP, TELL = 6, 9, 14


def make() -> SimpleNamespace:
    office = builders.office()
    Organisation.objects.update(slow_from=SLOW, stop_from=STOP, tell_from=TELL)
    lowri = builders.member(office)
    people = [builders.person(lowri, f"Quillfeather Number{chr(97 + at)}") for at in range(16)]
    return SimpleNamespace(office=office, lowri=lowri, people=people)


scenes = scenes_of(make)


@pytest.fixture
def scene(scenes: Again[SimpleNamespace]) -> SimpleNamespace:
    return scenes.scene()


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A member who waits between one record and the next."""
    monkeypatch.setattr(tripwire, "PAUSE", timedelta())


def page_of(person: Any) -> str:
    return reverse("person", args=[person.handle])


def back(by: timedelta) -> None:
    """Let time pass: what was done so far was done longer ago."""
    Entry.objects.update(at=F("at") - by)
    Alarm.objects.update(at=F("at") - by)


def repeat(read: Callable[[Any], object], by: Any, times: int) -> None:
    for _ in range(times):
        read(by.actor)


def kinds() -> list[str]:
    return list(Alarm.objects.order_by("id").values_list("kind", flat=True))


def test_many_records_at_once_are_slowed_and_nothing_of_the_next_is_shown(scene: SimpleNamespace) -> None:
    browser = scene.lowri.client
    answers = [browser.get(page_of(person)) for person in scene.people]
    first = next(at for at, answer in enumerate(answers) if answer.status_code != 200)
    assert 3 <= first <= SLOW
    assert {answer.status_code for answer in answers[:first]} == {200}
    for answer in answers[first:]:
        assert answer.status_code == 429
        assert 1 <= int(answer.headers["Retry-After"]) <= PAUSE.total_seconds()
        assert answer.headers["Refresh"] == answer.headers["Retry-After"]
        assert "Quillfeather" not in answer.content.decode()
    assert kinds() == ["slowed"]
    assert Entry.objects.filter(act=Act.READING_SLOWED, about=scene.lowri.member.handle).count() == 1


def test_a_record_opens_once_the_pause_is_over(scene: SimpleNamespace) -> None:
    browser = scene.lowri.client
    for person in scene.people:
        last = browser.get(page_of(person))
    assert last.status_code == 429
    back(PAUSE)
    assert browser.get(page_of(scene.people[-1])).status_code == 200
    assert browser.get(page_of(scene.people[-2])).status_code == 429


@pytest.mark.usefixtures("patient")
def test_whoever_waits_is_stopped_until_a_guardian_allows_more(scene: SimpleNamespace) -> None:
    browser, guardian = scene.lowri.client, scene.office.guardian
    codes = [browser.get(page_of(person)).status_code for person in scene.people]
    assert codes[0] == 200
    assert codes[-1] == 429
    opened = codes.count(200)
    assert opened <= STOP
    assert kinds() == ["slowed", "stopped"]
    back(HOUR * 3)
    stopped = browser.get(page_of(scene.people[0]))
    assert stopped.status_code == 429, "an hour later it is still for a guardian to say"
    assert "Refresh" not in stopped.headers
    assert guardian.member.name in stopped.content.decode()
    desk = guardian.client
    shown = desk.get(reverse("alarms")).content.decode()
    assert scene.lowri.member.name in shown
    assert "Quillfeather" not in shown
    alarm = Alarm.objects.get(kind="stopped")
    assert desk.post(reverse("alarm-answer", args=[alarm.handle])).status_code == 302
    assert Entry.objects.filter(act=Act.ALARM_SEEN, about=scene.lowri.member.handle).count() == 1
    assert browser.get(page_of(scene.people[0])).status_code == 200


@pytest.mark.usefixtures("patient")
def test_what_was_allowed_again_is_not_stopped_by_what_came_before(scene: SimpleNamespace) -> None:
    browser = scene.lowri.client
    for person in scene.people:
        browser.get(page_of(person))
    answer_alarm(by=scene.office.guardian.actor, alarm=Alarm.objects.get(kind="stopped"))
    assert browser.get(page_of(scene.people[3])).status_code == 200


def test_several_browsers_and_sessions_are_one_member(scene: SimpleNamespace) -> None:
    codes = [scene.lowri.client.get(page_of(person)).status_code for person in scene.people]
    assert codes.count(200) <= SLOW
    assert set(codes[SLOW:]) == {429}


@pytest.mark.usefixtures("patient")
def test_slowly_over_thirty_days_guardians_are_told(scene: SimpleNamespace) -> None:
    """One or two a day: nobody is slowed or stopped, and the office hears of it within the thirty days."""
    told_on = None
    for day in range(30):
        queries.open_person(by=scene.lowri.actor, person=scene.people[day % 16])
        if "told" in kinds() and told_on is None:
            told_on = day
        back(timedelta(days=1))
    assert told_on == TELL
    assert set(kinds()) == {"told"}
    assert Entry.objects.filter(act=Act.READING_TOLD).count() == kinds().count("told")
    back(MONTH)
    before = len(kinds())
    queries.open_person(by=scene.lowri.actor, person=scene.people[0])
    assert len(kinds()) == before, "what lies more than thirty days back no longer counts"


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize("way", ["list", "search", "export"])
def test_by_pages_of_lists_and_searches_and_by_files(scene: SimpleNamespace, way: str) -> None:
    """Sixteen rows a page: twenty rows weigh as a record, and a file as all that is in it."""
    by, team = scene.lowri, scene.office.team
    handle = queries.search(by=by.actor, text="quillfeather").handle
    reads = {
        "list": lambda actor: journaling.listing(actor, team, Act.LISTED, count=16, detail={}),
        "search": lambda actor: queries.found(by=actor, handle=handle),
        "export": lambda actor: journaling.listing(actor, team, Act.EXPORTED, count=3, detail={}),
    }
    times = {"list": 13, "search": 13, "export": 3}
    for _ in range(times[way] - 2):
        reads[way](by.actor)
    with pytest.raises(ReadingStopped):
        repeat(reads[way], by, 4)
    assert {"slowed", "stopped"} <= set(kinds())


def test_today_looked_at_all_day_is_no_reading_in_bulk(scene: SimpleNamespace) -> None:
    """The same rows weigh once a day, also after some of them were dealt with; other rows weigh."""
    by, team = scene.lowri, scene.office.team
    rows = [person.handle.hex for person in scene.people]

    def look(shown: list[str]) -> int:
        journaling.listing(by.actor, team, Act.LISTED, count=len(shown) * 5, detail={"subjects": shown})
        return tally(by.member.handle, since=datetime.now(UTC) - HOUR).rows

    first = look(rows)
    assert first == 80
    for left in range(16, 1, -1):
        assert look(rows[:left]) == first
    assert look([f"{number:032x}" for number in range(8)]) == first + 40
    assert kinds() == []


def test_one_record_opened_often_is_one_record(scene: SimpleNamespace) -> None:
    for _ in range(STOP * 3):
        queries.open_person(by=scene.lowri.actor, person=scene.people[0])
    assert tally(scene.lowri.member.handle, since=datetime.now(UTC) - HOUR).records == 1
    assert kinds() == []


def test_an_import_and_its_undoing_trip_nothing(scene: SimpleNamespace) -> None:
    """The program opens every record of a sheet to write it, to compare it and to take it back. Nobody reads them."""
    Organisation.objects.update(slow_from=20, stop_from=40, tell_from=200)  # the least an office can set
    by, rows = scene.lowri.actor, 120
    sheet = "Our ref,Name,Date sent\r\n" + "".join(f"B/{at},Quillfeather Row{at},2026-11-02\r\n" for at in range(rows))
    arrival = arrivals.stage(
        by=by, team=scene.office.team, name="cases.csv", data=sheet.encode(), as_of=date(2026, 11, 20)
    )
    staged, reading = arrivals.open_arrival(by=by, arrival=arrival)
    chosen = {column.index: column.field for column in reading.columns.columns}
    arrivals.choose_columns(by=by, arrival=arrival, staged=staged, columns=chosen)
    bring_in.start(by=by, arrival=arrival)
    assert bring_in.go_on(by=by, arrival=arrival, seconds=600).finished
    assert undo.undo(by=by, arrival=arrival).cases == rows
    opened = tally(scene.lowri.member.handle, since=datetime.now(UTC) - HOUR)
    assert opened.records < 20
    assert Entry.objects.filter(act=Act.IMPORT_OPENED, count__gte=rows).exists()
    assert kinds() == []


def test_every_page_of_a_record_is_refused_once_somebody_is_stopped(scene: SimpleNamespace) -> None:
    Organisation.objects.update(slow_from=500, stop_from=500, tell_from=5000)
    held = hold(scene.lowri, scene.office.team, "xqz")
    Alarm.objects.create(
        organisation=scene.office.organisation.handle,
        member=scene.lowri.member.handle,
        kind="stopped",
        at=datetime.now(UTC),
        count=1,
    )
    browser, shown = scene.lowri.client, []
    for pattern in world.patterns():
        rule = ACCESS[pattern.name or ""]
        if rule.access in {Access.SIGNED_IN, Access.RECORD} and "GET" in rule.methods:
            answer = browser.get(world.address(pattern, held))
            said = answer.content.decode() + str(answer.headers)
            if any(word in said for word in held.words):
                shown.append(pattern.name)
    # A sheet somebody brings in is their own; the team's contacts are those it rings, not those it helps. What the team
    # wrote about sources is its own; the sources themselves are not shown.
    wrote = {"note", "collections", "collection-edit", "collect"}
    assert set(shown) <= {"import-preview", "import-columns", "directory", "directory-edit"} | wrote


def test_sources_in_confidence_weigh_as_records_do_and_public_ones_nothing(scene: SimpleNamespace) -> None:
    by, team = scene.lowri.actor, scene.office.team
    confided = [
        take_in_confidence(by=by, team=team, data=f"Quillfeather letter {at}.".encode()).source for at in range(STOP)
    ]
    public = take_in(by=by, data=b"What anybody can read.").source
    reader = builders.member(scene.office, "Rhodri Reader")
    browser = reader.client
    for _ in range(STOP * 2):
        assert browser.get(reverse("source", args=[public.handle])).status_code == 200
    assert tally(reader.member.handle, since=datetime.now(UTC) - HOUR).records == 0
    answers = [browser.get(reverse("source", args=[one.handle])) for one in confided]
    opened = [answer.status_code for answer in answers].count(200)
    assert 3 <= opened <= SLOW
    assert tally(reader.member.handle, since=datetime.now(UTC) - HOUR).records == opened
    for answer in answers[opened:]:
        assert answer.status_code == 429
        assert "Quillfeather" not in answer.content.decode()
    assert kinds() == ["slowed"]
    before = tally(reader.member.handle, since=datetime.now(UTC) - HOUR).rows
    assert find_sources(by=reader.actor, wanted=Wanted("letter")).total == STOP
    after = tally(reader.member.handle, since=datetime.now(UTC) - HOUR).rows
    assert after - before == STOP, "what a search shows of each is a row of a list"


def test_every_act_of_reading_is_counted() -> None:
    """A further act of reading has to be weighed, or named here with the reason that it opens nobody's record."""
    opens_no_record = {
        Act.LOG_READ,  # acts and members of staff
        Act.OPENED_DIRECTORY,  # whom the team reaches at authorities and beside them
        Act.OPENED_KIT,  # the member's own recovery kit
        Act.OPENED_NOTES,  # what the team itself wrote about sources
        Act.IMPORT_OPENED,  # a sheet the member's own team brings in, and what the program opens to write it
    }
    assert opens_no_record == READING_ACTS - tripwire.WEIGHED
    assert tripwire.WEIGHED <= READING_ACTS


def entries_made() -> Iterator[tuple[str, int]]:
    """Where the program makes rows of the log."""
    for path in SOURCE.rglob("*.py"):
        if "migrations" in path.parts:
            continue
        text = path.read_text("utf-8")
        for node in ast.walk(ast.parse(text)) if "Entry" in text else ():
            if not isinstance(node, ast.Call):
                continue
            named = ast.unparse(node.func)
            of_entry = bool(node.args) and ast.unparse(node.args[0]).endswith("Entry")
            if (
                named == "Entry"
                or named.endswith(("Entry.objects.create", "Entry.objects.bulk_create"))
                or (named.endswith("make") and of_entry)
            ):
                yield str(path.relative_to(SOURCE)), node.lineno


def test_no_leave_is_made_but_where_it_is_counted() -> None:
    """Envelopes open for a committed entry of an act of reading; only `record_read` commits one, after asking."""
    assert {path for path, _ in entries_made()} == {"journal/actions.py"}


def test_reading_that_is_halted_leaves_no_entry(scene: SimpleNamespace) -> None:
    people = iter(scene.people)
    with pytest.raises(ReadingSlowed):
        repeat(lambda actor: queries.open_person(by=actor, person=next(people)), scene.lowri, STOP)
    before = Entry.objects.count()
    with pytest.raises(ReadingSlowed):
        queries.open_person(by=scene.lowri.actor, person=scene.people[-1])
    assert Entry.objects.count() == before


def test_who_may_set_it_and_answer(scene: SimpleNamespace) -> None:
    guardian = scene.office.guardian
    with pytest.raises(Refused):
        set_tripwire(by=scene.lowri.actor, tripwire=Tripwire(60, 200, 1500))
    for numbers in ((19, 200, 1500), (60, 60, 1500), (60, 2001, 1500), (60, 200, 100), (501, 600, 1500)):
        with pytest.raises(BoundsOutOfRange):
            set_tripwire(by=guardian.actor, tripwire=Tripwire(*numbers))
    set_tripwire(by=guardian.actor, tripwire=Tripwire(answering.SLOW[0], 40, 200))
    assert Entry.objects.filter(act=Act.TRIPWIRE_SET, member=guardian.member.handle).count() == 1
    about = Alarm.objects.create(
        organisation=scene.office.organisation.handle,
        member=guardian.member.handle,
        kind="stopped",
        at=datetime.now(UTC),
        count=300,
    )
    with pytest.raises(Refused):
        answer_alarm(by=scene.lowri.actor, alarm=about)
    other = builders.member(scene.office, "Second Guardian", guardian=True)
    with pytest.raises(OwnAlarm):
        answer_alarm(by=guardian.actor, alarm=about)
    answer_alarm(by=other.actor, alarm=about)
    about.refresh_from_db()
    assert about.seen_by == other.member.handle
