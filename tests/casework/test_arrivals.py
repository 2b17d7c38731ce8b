"""An import while it waits and while it runs: decided, interrupted, gone on with, thrown away."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from safeconduct.agenda.models import Item
from safeconduct.agenda.queries import Wanted
from safeconduct.casework.actions import arrivals, bring_in, finish
from safeconduct.casework.arrivals.reading import read_and_keep
from safeconduct.casework.arrivals.work import SAME, key_of_match, key_of_rows
from safeconduct.casework.arrivals.workers import guess
from safeconduct.casework.due import agenda_due
from safeconduct.casework.faults import AnotherIsRunning, StagedByAnother, WrongState
from safeconduct.casework.importing.fields import Field
from safeconduct.casework.models import Arrival, Case, Enquiry, Event
from safeconduct.casework.queries import list_cases, open_case_record
from safeconduct.core.policy.errors import Refused
from safeconduct.journal.models import Act, Entry
from safeconduct.people.models import SearchDelta, Subject
from safeconduct.people.records import PutBack
from tests import builders
from tests.builders import Colleague, Office
from tests.support import sheets
from tests.support.importing import AS_OF, brought_in, compared, found_names, references, run, staged
from tests.support.sheets import BEREKET, NAMELESS, ZEHRA, ZEHRA_AGAIN

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place() -> Office:
    return builders.office()


@pytest.fixture
def by(place: Office) -> Colleague:
    return place.guardian


# Waiting


def test_what_waits_is_sealed(by: Colleague) -> None:
    arrival = staged(by, sheets.sheet(ZEHRA), name="zehra.csv")
    row = Arrival.objects.values().get(pk=arrival.pk)
    kept = b"".join(
        bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode() for value in row.values()
    )
    for needle in ("Zehra", "T/0001", "07700", "zehra.csv"):
        assert needle.encode() not in kept
        assert needle.encode("utf-16-le") not in kept


def test_a_reading_kept_is_the_reading_made(by: Colleague) -> None:
    arrival = staged(by, sheets.sheet(ZEHRA, BEREKET, NAMELESS))
    kept = arrivals.open_arrival(by=by.actor, arrival=arrival)
    afresh = read_and_keep(kept[0], as_of=AS_OF)[1]
    assert (kept[1].sheet, kept[1].columns, kept[1].plan) == (afresh.sheet, afresh.columns, afresh.plan)


def test_opening_it_is_in_the_log_first(by: Colleague) -> None:
    arrival = staged(by, sheets.sheet(ZEHRA))
    arrivals.open_arrival(by=by.actor, arrival=arrival)
    assert [entry.act for entry in Entry.objects.order_by("id")][-2:] == [Act.IMPORT_STAGED, Act.IMPORT_OPENED]


def test_columns_named_by_a_person_are_read_so(by: Colleague) -> None:
    arrival = staged(by, b"Ref,Code\r\n1,Zehra\r\n")
    opened, reading = arrivals.open_arrival(by=by.actor, arrival=arrival)
    assert reading.plan is None
    with pytest.raises(WrongState):
        bring_in.start(by=by.actor, arrival=arrival)
    arrivals.choose_columns(by=by.actor, arrival=arrival, staged=opened, columns={1: Field.NAME})
    _, reading = arrivals.open_arrival(by=by.actor, arrival=arrival)
    assert [row.name for row in reading.rows.values()] == ["Zehra"]


def test_two_who_decide_at_once_do_not_overwrite_each_other(by: Colleague) -> None:
    arrival = staged(by, sheets.sheet(ZEHRA))
    mine, theirs = Arrival.objects.get(pk=arrival.pk), Arrival.objects.get(pk=arrival.pk)
    opened = [arrivals.open_arrival(by=by.actor, arrival=one)[0] for one in (mine, theirs)]
    arrivals.decide(by=by.actor, arrival=mine, staged=opened[0], decisions={"rows-1": "same"}, workers={})
    with pytest.raises(StagedByAnother):
        arrivals.decide(by=by.actor, arrival=theirs, staged=opened[1], decisions={"rows-1": "apart"}, workers={})
    now = Arrival.objects.get(pk=arrival.pk)
    assert arrivals.open_arrival(by=by.actor, arrival=now)[0].decisions == {"rows-1": "same"}


def test_an_old_state_of_a_page_is_not_taken_for_tampering(by: Colleague) -> None:
    arrival = staged(by, sheets.sheet(ZEHRA))
    old = Arrival.objects.get(pk=arrival.pk)
    compared(by, arrival)
    with pytest.raises(StagedByAnother):
        arrivals.open_arrival(by=by.actor, arrival=old)


def test_an_earlier_state_put_back_is_noticed(by: Colleague) -> None:
    arrival = staged(by, sheets.sheet(ZEHRA))
    before = Arrival.objects.values("staged", "revision").get(pk=arrival.pk)
    compared(by, arrival)
    Arrival.objects.filter(pk=arrival.pk).update(**before)
    with pytest.raises(PutBack):
        arrivals.open_arrival(by=by.actor, arrival=Arrival.objects.get(pk=arrival.pk))


def test_nobody_of_another_team_opens_it(place: Office, by: Colleague) -> None:
    arrival = staged(by, sheets.sheet(ZEHRA))
    stranger = builders.member(place, team=builders.team(place))
    for act in (arrivals.open_arrival, arrivals.cancel, bring_in.start):
        with pytest.raises(Refused):
            act(by=stranger.actor, arrival=arrival)


# Whose rows they are


def test_undecided_rows_stay_apart(by: Colleague) -> None:
    brought_in(by, sheets.sheet(ZEHRA, ZEHRA_AGAIN))
    assert Subject.objects.filter(kind="person").count() == 2


def test_rows_said_to_be_one_person_are_one(by: Colleague) -> None:
    brought_in(by, sheets.sheet(ZEHRA, ZEHRA_AGAIN, BEREKET), same=True)
    assert Subject.objects.filter(kind="person").count() == 2
    assert Case.objects.count() == 3


@pytest.mark.parametrize(("rule", "people"), [("reference", 2), ("never", 3)])
def test_where_nobody_decides_a_rule_does(by: Colleague, rule: str, people: int) -> None:
    brought_in(by, sheets.sheet(ZEHRA, ZEHRA_AGAIN, BEREKET), rule=rule)
    assert Subject.objects.filter(kind="person").count() == people


@pytest.mark.parametrize(("rule", "people"), [("reference", 1), ("never", 2)])
def test_the_rule_holds_for_people_on_record_too(by: Colleague, rule: str, people: int) -> None:
    brought_in(by, sheets.sheet(ZEHRA), rule=rule)
    brought_in(by, sheets.sheet(ZEHRA_AGAIN), rule=rule)
    assert Subject.objects.filter(kind="person").count() == people


def test_one_reference_and_two_births_are_two_people_under_the_rule(by: Colleague) -> None:
    sister = {**ZEHRA_AGAIN, "DOB": "05/06/1990"}
    brought_in(by, sheets.sheet(ZEHRA, sister), rule="reference")
    assert Subject.objects.filter(kind="person").count() == 2


def test_rows_said_to_be_one_person_and_two_people_on_record_are_not_joined(by: Colleague) -> None:
    """Two sisters on record; two rows said to be one person, and each said to be another sister."""
    brought_in(by, sheets.sheet(ZEHRA), rule="never")
    brought_in(by, sheets.sheet({**ZEHRA, "Our ref": "T/0020"}), rule="never")
    first, second = Subject.objects.filter(kind="person").order_by("id")
    arrival = staged(by, sheets.sheet({**ZEHRA, "Our ref": "T/0021"}, {**ZEHRA, "Our ref": "T/0022"}))
    found = compared(by, arrival)
    [repeat] = found.repeats
    opened, _ = arrivals.open_arrival(by=by.actor, arrival=arrival)
    said = {
        key_of_rows(repeat.rows): SAME,
        key_of_match(2, first.handle.hex): SAME,
        key_of_match(3, second.handle.hex): SAME,
    }
    arrivals.decide(by=by.actor, arrival=arrival, staged=opened, decisions=said, workers={})
    run(by, arrival)
    heads = {case.handle: open_case_record(by=by.actor, case=case).head.content for case in Case.objects.all()}
    concerned = {head.our_reference: head.concerns[0].person for head in heads.values()}
    assert concerned["T/0021"] == first.handle.hex
    assert concerned["T/0022"] == second.handle.hex


def test_workers_are_told_by_sign_in_name_first_name_and_initials(place: Office) -> None:
    lowri = builders.member(place, "Lowri Worker").member
    other = builders.member(place, "Lewis Other").member
    texts = ["lowri", "LW", "Lowri Worker", lowri.sign_in, "LO", "nobody", "lewis "]
    found = guess(texts, [lowri, other])
    assert {text: member.pk for text, member in found.items()} == {
        "lowri": lowri.pk,
        "LW": lowri.pk,
        "Lowri Worker": lowri.pk,
        lowri.sign_in: lowri.pk,
        "LO": other.pk,
        "lewis ": other.pk,
    }
    assert guess(["LW"], [lowri, builders.member(place, "Lena Worker").member]) == {}


def test_a_worker_of_another_team_gets_no_case(place: Office, by: Colleague) -> None:
    builders.member(place, "Lowri Elsewhere", team=builders.team(place))
    brought_in(by, sheets.sheet(ZEHRA), team=place.team)
    assert Case.objects.get().worker is None


# Running


def test_it_stops_between_chunks_and_goes_on_in_another_session(place: Office, by: Colleague) -> None:
    arrival = staged(by, sheets.many(130))
    bring_in.start(by=by.actor, arrival=arrival)
    first = bring_in.go_on(by=by.actor, arrival=arrival, seconds=0)
    assert not first.finished
    assert 0 < first.done < 130
    # The process ended; a colleague goes on from what the database says.
    colleague = builders.member(place)
    again = Arrival.objects.get(pk=arrival.pk)
    assert again.rows_done == first.done == Case.objects.count()
    assert bring_in.go_on(by=colleague.actor, arrival=again, seconds=600).finished
    assert Case.objects.count() == Subject.objects.filter(kind="person").count() == 130
    assert len(references(by)) == 130


def test_a_chunk_that_fails_leaves_nothing_of_itself(by: Colleague, monkeypatch: pytest.MonkeyPatch) -> None:
    arrival = staged(by, sheets.many(130))
    bring_in.start(by=by.actor, arrival=arrival)
    so_far = bring_in.go_on(by=by.actor, arrival=arrival, seconds=0).done

    def killed(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(bring_in, "record_packed", killed)
        with pytest.raises(SystemExit):
            bring_in.go_on(by=by.actor, arrival=arrival, seconds=600)
    again = Arrival.objects.get(pk=arrival.pk)
    assert again.rows_done == so_far == Case.objects.count() == Subject.objects.filter(kind="person").count()
    assert bring_in.go_on(by=by.actor, arrival=again, seconds=600).finished
    assert len(references(by)) == 130


def test_an_end_that_fails_shows_nothing_and_can_be_tried_again(by: Colleague, monkeypatch: pytest.MonkeyPatch) -> None:
    arrival = staged(by, sheets.sheet(ZEHRA))
    bring_in.start(by=by.actor, arrival=arrival)

    def killed(**_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(finish, "record_write", killed)
        with pytest.raises(SystemExit):
            bring_in.go_on(by=by.actor, arrival=arrival, seconds=600)
    assert not list_cases(by.actor, Wanted()).exists()
    assert not Item.objects.exists()
    assert not SearchDelta.objects.exists()
    again = Arrival.objects.get(pk=arrival.pk)
    assert bring_in.go_on(by=by.actor, arrival=again, seconds=600).finished
    assert references(by) == {"T/0001"}


def test_nothing_of_it_can_be_found_or_listed_before_the_end(by: Colleague) -> None:
    arrival = staged(by, sheets.many(130))
    bring_in.start(by=by.actor, arrival=arrival)
    bring_in.go_on(by=by.actor, arrival=arrival, seconds=0)
    assert Case.objects.exists()
    assert found_names(by, "Manyfold") == set()
    assert not list_cases(by.actor, Wanted()).exists()
    assert not agenda_due(by.actor, Wanted(), on=date(2030, 1, 1)).exists()
    bring_in.go_on(by=by.actor, arrival=arrival, seconds=600)
    assert found_names(by, "Manyfold")
    assert list_cases(by.actor, Wanted()).count() == 130
    assert agenda_due(by.actor, Wanted(), on=date(2030, 1, 1)).count() == 130


def test_two_windows_do_not_bring_the_same_rows_in_twice(by: Colleague) -> None:
    arrival = staged(by, sheets.many(130))
    bring_in.start(by=by.actor, arrival=arrival)
    other = Arrival.objects.get(pk=arrival.pk)
    bring_in.go_on(by=by.actor, arrival=arrival, seconds=0)
    with pytest.raises(WrongState):
        bring_in.go_on(by=by.actor, arrival=other, seconds=600)
    bring_in.go_on(by=by.actor, arrival=arrival, seconds=600)
    assert Case.objects.count() == 130
    with pytest.raises(WrongState):
        bring_in.go_on(by=by.actor, arrival=arrival, seconds=1)


def test_one_import_of_a_team_runs_at_a_time(place: Office, by: Colleague) -> None:
    first, second = (staged(by, sheets.sheet(ZEHRA), team=place.team) for _ in range(2))
    elsewhere = staged(by, sheets.sheet(ZEHRA), team=builders.team(place))
    bring_in.start(by=by.actor, arrival=first)
    with pytest.raises(AnotherIsRunning):
        bring_in.start(by=by.actor, arrival=Arrival.objects.get(pk=second.pk))
    run(by, elsewhere)
    bring_in.go_on(by=by.actor, arrival=first, seconds=600)
    run(by, Arrival.objects.get(pk=second.pk))
    assert Case.objects.filter(team=place.team).count() == 1


@pytest.mark.parametrize("started", [False, True])
def test_throwing_it_away_leaves_nothing_but_the_log(by: Colleague, started: bool) -> None:
    arrival = staged(by, sheets.many(130))
    if started:
        bring_in.start(by=by.actor, arrival=arrival)
        bring_in.go_on(by=by.actor, arrival=arrival, seconds=0)
    arrivals.cancel(by=by.actor, arrival=arrival)
    row = Arrival.objects.get(pk=arrival.pk)
    assert (row.state, row.staged, row.done_at) == ("undone", None, None)
    assert not any(model.objects.exists() for model in (Subject, Case, Enquiry, Event, Item))
    for act in (arrivals.open_arrival, arrivals.cancel, bring_in.start):
        with pytest.raises(WrongState):
            act(by=by.actor, arrival=row)


def test_only_who_brought_it_or_a_lead_may_throw_it_away(place: Office, by: Colleague) -> None:
    mine = builders.member(place, "Own Worker")
    arrival = staged(mine, sheets.sheet(ZEHRA))
    with pytest.raises(Refused):
        arrivals.cancel(by=builders.member(place, "Other Worker").actor, arrival=arrival)
    arrivals.cancel(by=builders.member(place, "Team Lead", role="lead").actor, arrival=arrival)


# The samples


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_sample_sheets_come_in_as_expected(by: Colleague, shared: Path, form: str) -> None:
    expected = json.loads((shared / "data" / "expected.json").read_text(encoding="utf-8"))
    data = (shared / "data" / f"office-export.{form}").read_bytes()
    arrival = staged(by, data, rule="reference", name=f"office-export.{form}")
    _, reading = arrivals.open_arrival(by=by.actor, arrival=arrival)
    assert reading.plan is not None
    assert len(reading.plan.rows) == expected["rows"]
    assert [{"row": one.row, "fault": one.sentence} for one in reading.plan.faults] == [
        {"row": one["row"][form], "fault": one["fault"]} for one in expected["rows_with_faults"]
    ]
    run(by, arrival)
    sound = expected["rows"] - len(expected["rows_with_faults"])
    assert Case.objects.count() == sound
    brought_in(by, data, rule="reference")
    assert Case.objects.count() == sound
