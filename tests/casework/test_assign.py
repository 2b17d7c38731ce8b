"""Giving out many cases in one act: who may, what goes along, and what the log says of each."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from safeconduct.accounts.keys import today
from safeconduct.accounts.models import Member
from safeconduct.agenda.models import Item
from safeconduct.casework.actions import assign as acts
from safeconduct.casework.actions.assign import assign
from safeconduct.casework.actions.tasks import add_task
from safeconduct.casework.checks import agenda_disagreements, facts_against_log
from safeconduct.casework.faults import NotAWorkerHere, TooManyCases
from safeconduct.casework.models import Case
from safeconduct.core.policy.errors import Refused
from safeconduct.journal.models import Act, Entry
from safeconduct.people.keys import NotHeld
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
def lead(place: Office) -> Colleague:
    return builders.member(place, "Lena Lead", role="lead")


@pytest.fixture
def three(worker: Colleague) -> list[Case]:
    about = builders.person(worker)
    return [
        builders.case(worker, about, reference=f"IM/{number}", sent_on=today() - timedelta(days=60))
        for number in range(3)
    ]


def workers(cases: list[Case]) -> list[Member | None]:
    return [Case.objects.get(pk=case.pk).worker for case in cases]


def test_what_they_make_due_goes_with_them(
    place: Office, worker: Colleague, lead: Colleague, three: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acts, "AT_ONCE", 2)
    own = add_task(by=worker.actor, case=three[0], kind="send", on=today(), what="papers", worker=place.guardian.member)
    add_task(by=worker.actor, case=three[0], kind="check", on=today(), what="the portal")
    given = assign(by=lead.actor, cases=[case.handle for case in three], worker=worker.member)
    assert given == 3
    assert workers(three) == [worker.member] * 3
    mine = Item.objects.filter(worker=worker.member)
    assert mine.count() == 4
    assert Item.objects.get(handle=own.handle).worker == place.guardian.member
    assert agenda_disagreements(place.organisation) == 0


def test_each_is_in_the_log_and_agrees_with_it(place: Office, lead: Colleague, three: list[Case]) -> None:
    assign(by=lead.actor, cases=[case.handle for case in three], worker=lead.member)
    entries = Entry.objects.filter(act=Act.ASSIGNED)
    assert [one.member for one in entries] == [lead.member.handle] * 3
    assert len({bytes(one.label) for one in entries}) == 3
    assert facts_against_log(place.organisation) == (0, 0)


def test_what_stays_with_whom_it_was_is_not_logged(lead: Colleague, worker: Colleague, three: list[Case]) -> None:
    assign(by=lead.actor, cases=[three[0].handle], worker=worker.member)
    assert assign(by=lead.actor, cases=[case.handle for case in three], worker=worker.member) == 2
    assert Entry.objects.filter(act=Act.ASSIGNED).count() == 3


def test_a_caseworker_takes_and_gives_nothing(worker: Colleague, lead: Colleague, three: list[Case]) -> None:
    handles = [case.handle for case in three]
    assert assign(by=worker.actor, cases=handles[:2], worker=worker.member) == 2
    for to in (lead.member, None):
        with pytest.raises(Refused):
            assign(by=worker.actor, cases=handles, worker=to)
    assert workers(three) == [worker.member, worker.member, None]


def test_the_lead_of_another_team_gives_out_nothing_here(place: Office, three: list[Case]) -> None:
    stranger = builders.member(place, "Sara Stranger", role="lead", team=builders.team(place))
    for cases in ([three[0].handle], [uuid4()]):
        with pytest.raises(NotHeld):
            assign(by=stranger.actor, cases=cases, worker=stranger.member)


def test_one_that_is_not_theirs_stops_the_whole_act(place: Office, lead: Colleague, three: list[Case]) -> None:
    housing = builders.team(place)
    other = builders.case(place.guardian, builders.person(place.guardian, "Omar Elsewhere", team=housing))
    with pytest.raises(NotHeld):
        assign(by=lead.actor, cases=[three[0].handle, other.handle], worker=lead.member)
    assert workers(three) == [None] * 3


def test_nobody_from_elsewhere_is_given_a_case(place: Office, lead: Colleague, three: list[Case]) -> None:
    stranger = builders.member(place, "Sara Stranger", team=builders.team(place))
    with pytest.raises(NotAWorkerHere):
        assign(by=lead.actor, cases=[three[0].handle], worker=stranger.member)


def test_a_case_closed_meanwhile_is_left_out(lead: Colleague, worker: Colleague, three: list[Case]) -> None:
    builders.closed(worker.actor, three[0])
    assert assign(by=lead.actor, cases=[case.handle for case in three], worker=lead.member) == 2
    assert workers(three)[0] is None


def test_there_is_a_most(lead: Colleague, three: list[Case], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acts, "MOST", 2)
    with pytest.raises(TooManyCases):
        assign(by=lead.actor, cases=[case.handle for case in three], worker=lead.member)
