"""Tasks: what they say is sealed, what is open is in the log, and nothing is done twice or by a day that is past."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from safeconduct.accounts.keys import today
from safeconduct.casework import facts, queries
from safeconduct.casework.actions import tasks
from safeconduct.casework.faults import AlreadyDone, AlreadyOver, CaseClosed, NotAWorkerHere, NotOnThisCase, NotYet
from safeconduct.casework.models import Case, Task
from safeconduct.casework.policies import Refused
from safeconduct.journal.models import Act, Commitment, Entry
from safeconduct.journal.queries import latest_commitments
from safeconduct.people.facets import Task as TaskSaid
from safeconduct.people.keys import NotHeld
from safeconduct.people.models import Envelope
from safeconduct.people.records import PutBack
from tests import builders
from tests.builders import Colleague, Office

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Office:
    return builders.office()


@pytest.fixture
def worker(place: Office) -> Colleague:
    return builders.member(place)


@pytest.fixture
def case(worker: Colleague) -> Case:
    return builders.case(worker, builders.person(worker))


def in_days(days: int) -> date:
    return today() + timedelta(days=days)


def add(by: Colleague, case: Case, what: str = "Ring Wadad", kind: str = "ring_back", days: int = 2) -> Task:
    return tasks.add_task(by=by.actor, case=case, kind=kind, on=in_days(days), what=what)


def shown(by: Colleague, case: Case) -> list[tuple[Task, TaskSaid]]:
    return list(queries.open_case_record(by=by.actor, case=case).tasks)


def test_what_is_to_be_done_is_sealed_and_comes_back(worker: Colleague, case: Case) -> None:
    task = add(worker, case)
    [(row, said)] = shown(worker, case)
    assert (row, said.what, row.kind, row.on) == (task, "Ring Wadad", "ring_back", in_days(2))
    assert not any(b"Wadad" in bytes(row.body) for row in Envelope.objects.all())
    assert not any(b"Wadad" in bytes(entry.body or b"") for entry in Entry.objects.all())


def test_those_to_do_come_first_by_day(worker: Colleague, case: Case) -> None:
    done, late, soon = (add(worker, case, what, days=days) for what, days in (("a", 1), ("b", 9), ("c", 3)))
    tasks.finish_task(by=worker.actor, case=case, task=done, on=today())
    assert [row for row, _said in shown(worker, case)] == [soon, late, done]


def test_each_change_is_in_the_log_with_the_open_facts(worker: Colleague, case: Case) -> None:
    task = add(worker, case)
    steps = (
        lambda: tasks.change_task(by=worker.actor, case=case, task=task, on=in_days(5), worker=worker.member),
        lambda: tasks.finish_task(by=worker.actor, case=case, task=task, on=today(), note="She knows"),
        lambda: tasks.put_back_task(by=worker.actor, case=case, task=task),
    )
    for step in steps:
        before = latest_commitments([facts.handle(case.handle)])
        step()
        entry = Entry.objects.filter(act=Act.CHANGED_TASK).latest("pk")
        assert Commitment.objects.filter(entry=entry, envelope=facts.handle(case.handle)).exists()
        assert latest_commitments([facts.handle(case.handle)]) != before
    assert Entry.objects.filter(act=Act.CHANGED_TASK).count() == 4


def test_a_note_and_new_words_stand_beside_each_other(worker: Colleague, case: Case) -> None:
    task = add(worker, case)
    tasks.change_task(by=worker.actor, case=case, task=task, on=task.on, worker=None, what=" Ring after six ")
    tasks.finish_task(by=worker.actor, case=case, task=task, on=today(), note="She knows")
    [(row, said)] = shown(worker, case)
    assert (said.what, said.done_note, row.done_on) == ("Ring after six", "She knows", today())


def test_a_task_moves_and_is_given_to_somebody(worker: Colleague, case: Case) -> None:
    task = add(worker, case)
    tasks.change_task(by=worker.actor, case=case, task=task, on=in_days(7), worker=worker.member)
    task.refresh_from_db()
    assert (task.on, task.worker) == (in_days(7), worker.member)


def test_nothing_is_to_be_done_by_a_day_that_is_past(worker: Colleague, case: Case) -> None:
    with pytest.raises(AlreadyOver):
        add(worker, case, days=-1)
    task = add(worker, case, days=0)
    with pytest.raises(AlreadyOver):
        tasks.change_task(by=worker.actor, case=case, task=task, on=in_days(-1), worker=None)


def test_an_overdue_task_can_be_given_away_on_the_day_it_has(worker: Colleague, case: Case) -> None:
    task = add(worker, case)
    Task.objects.update(on=in_days(-3))
    task.refresh_from_db()
    tasks.change_task(by=worker.actor, case=case, task=task, on=task.on, worker=worker.member)
    assert Task.objects.get().worker == worker.member


def test_what_is_done_is_not_done_twice_and_not_tomorrow(worker: Colleague, case: Case) -> None:
    task, stale = add(worker, case), Task.objects.get()
    with pytest.raises(NotYet):
        tasks.finish_task(by=worker.actor, case=case, task=task, on=in_days(1))
    tasks.finish_task(by=worker.actor, case=case, task=task, on=today())
    with pytest.raises(AlreadyDone):
        tasks.finish_task(by=worker.actor, case=case, task=stale, on=today(), note="Twice")
    assert shown(worker, case)[0][1].done_note == ""


def test_a_closed_case_takes_no_task_and_what_it_has_can_be_done(worker: Colleague, case: Case) -> None:
    task = add(worker, case)
    builders.closed(worker.actor, case)
    with pytest.raises(CaseClosed):
        add(worker, case)
    tasks.finish_task(by=worker.actor, case=case, task=task, on=today())
    assert Task.objects.get().done_on == today()


def test_only_somebody_of_the_team_is_given_a_task(place: Office, worker: Colleague, case: Case) -> None:
    elsewhere = builders.member(place, "Mair Elsewhere", team=builders.team(place))
    with pytest.raises(NotAWorkerHere):
        tasks.add_task(by=worker.actor, case=case, kind="send", on=today(), what="", worker=elsewhere.member)


def test_a_task_of_another_case_is_refused(worker: Colleague, case: Case) -> None:
    other = builders.case(worker, builders.person(worker, "Tesfay Haile"), reference="IM/0002")
    task = add(worker, other)
    with pytest.raises(NotOnThisCase):
        tasks.finish_task(by=worker.actor, case=case, task=task, on=today())


def test_another_team_can_do_nothing_with_it(place: Office, worker: Colleague, case: Case) -> None:
    task = add(worker, case)
    elsewhere = builders.member(place, "Mair Elsewhere", team=builders.team(place))
    with pytest.raises((NotHeld, Refused)):
        tasks.finish_task(by=elsewhere.actor, case=case, task=task, on=today())
    assert Task.objects.get().done_on is None


def test_words_of_a_task_that_were_taken_away_are_missed(worker: Colleague, case: Case) -> None:
    add(worker, case)
    Envelope.objects.filter(facet=Envelope.Facet.TASK).delete()
    with pytest.raises(PutBack):
        queries.open_case_record(by=worker.actor, case=case)
