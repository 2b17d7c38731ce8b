"""Closing with an outcome, opening again, and the day on which somebody asks whether a case must still be kept."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from safeconduct.accounts.keys import today
from safeconduct.agenda.models import Item
from safeconduct.casework import facts, queries
from safeconduct.casework.actions import closing, events, tasks
from safeconduct.casework.checks import facts_against_log
from safeconduct.casework.faults import (
    BeforeItBegan,
    CaseClosed,
    NoReason,
    NoReviewDay,
    NoSuchOutcome,
    NotClosed,
    NotOnThisCase,
    NotYet,
    RemovalStands,
)
from safeconduct.casework.models import Case, Event
from safeconduct.casework.retention import suggestions
from safeconduct.journal.queries import latest_commitments
from safeconduct.people.keys import NotHeld
from safeconduct.people.models import Envelope
from tests import builders
from tests.builders import Colleague, Office

pytestmark = pytest.mark.django_db
LATER = timedelta(days=400)


@pytest.fixture
def place() -> Office:
    return builders.office()


@pytest.fixture
def worker(place: Office) -> Colleague:
    return builders.member(place)


@pytest.fixture
def case(worker: Colleague) -> Case:
    return builders.case(worker, builders.person(worker), sent_on=days_ago(30))


def days_ago(days: int) -> date:
    return today() - timedelta(days=days)


def due(case: Case) -> list[tuple[str, date]]:
    return sorted(Item.objects.filter(case=case.handle).values_list("kind", "day"))


def close(by: Colleague, case: Case, **how: object) -> Event:
    wanted = {"outcome": "refused", "on": today(), "review_on": today() + LATER, **how}
    return closing.close_case(by=by.actor, case=case, **wanted)  # type: ignore[arg-type]  # a test's own words


class TestClosing:
    def test_it_says_how_it_ended_and_nothing_is_due(self, worker: Colleague, case: Case) -> None:
        close(worker, case, on=days_ago(1), note="The sister in Hull knows")
        case.refresh_from_db()
        assert (case.state, case.outcome, case.closed_on) == ("closed", "refused", days_ago(1))
        assert case.review_on == today() + LATER
        assert due(case) == []
        event = Event.objects.get(case=case, kind="closed")
        assert (event.outcome, event.until, event.on) == ("refused", today() + LATER, days_ago(1))
        record = queries.open_case_record(by=worker.actor, case=case)
        assert record.notes[event.handle] == "The sister in Hull knows"
        assert not any(b"Hull" in bytes(row.body) for row in Envelope.objects.all())

    def test_the_log_commits_to_how_it_ended(self, place: Office, worker: Colleague, case: Case) -> None:
        close(worker, case)
        assert facts_against_log(place.organisation)[0] == 0
        Event.objects.filter(case=case, kind="closed").update(outcome="got_it")
        assert facts_against_log(place.organisation)[0] == 1
        assert facts.handle(case.handle) in latest_commitments([facts.handle(case.handle)])

    @pytest.mark.parametrize(
        ("how", "fault"),
        [
            ({"outcome": "deported"}, NoSuchOutcome),
            ({"outcome": ""}, NoSuchOutcome),
            ({"on": today() + timedelta(days=1)}, NotYet),
            ({"on": today() - timedelta(days=31)}, BeforeItBegan),
            ({"review_on": None}, NoReviewDay),
            ({"review_on": today() - timedelta(days=1)}, NoReviewDay),
        ],
    )
    def test_what_cannot_be_is_refused_and_nothing_is_kept(
        self, worker: Colleague, case: Case, how: dict[str, object], fault: type[Exception]
    ) -> None:
        before = due(case)
        with pytest.raises(fault):
            close(worker, case, **how)
        case.refresh_from_db()
        assert case.state == "open"
        assert case.outcome is None
        assert due(case) == before
        assert not Event.objects.filter(kind="closed").exists()

    def test_twice_is_refused(self, worker: Colleague, case: Case) -> None:
        close(worker, case)
        with pytest.raises(CaseClosed):
            close(worker, case, outcome="got_it")

    def test_a_removal_has_to_end_first(self, worker: Colleague, case: Case) -> None:
        builders.removal(worker, case)
        with pytest.raises(RemovalStands):
            close(worker, case)

    def test_another_teams_case_is_not_there(self, place: Office, case: Case) -> None:
        stranger = builders.member(place, "Other Team", team=builders.team(place))
        with pytest.raises(NotHeld):
            queries.find_case(stranger.actor, case.handle)

    def test_its_entry_is_not_taken_back(self, worker: Colleague, case: Case) -> None:
        event = close(worker, case)
        closing.reopen_case(by=worker.actor, case=case, why="They wrote again")
        with pytest.raises(NotOnThisCase):
            events.correct_event(by=worker.actor, case=case, event=event, note="no")


class TestTheDayToAskAgain:
    def test_it_is_the_offices_own_where_it_has_chosen(self, place: Office, worker: Colleague, case: Case) -> None:
        place.organisation.keep_months = 24
        place.organisation.save(update_fields=["keep_months"])
        close(worker, case, review_on=None)
        case.refresh_from_db()
        assert case.review_on == closing.review_day(place.organisation, today())
        assert case.review_on > today() + timedelta(days=700)

    @pytest.mark.parametrize(
        ("closed_on", "months", "review"),
        [
            (date(2026, 11, 22), 24, date(2028, 11, 22)),
            (date(2026, 8, 31), 6, date(2027, 2, 28)),  # no such day: the last of the month
            (date(2024, 2, 29), 12, date(2025, 2, 28)),
        ],
    )
    def test_a_month_ends_on_its_own_day(self, place: Office, closed_on: date, months: int, review: date) -> None:
        place.organisation.keep_months = months
        assert closing.review_day(place.organisation, closed_on) == review

    def test_nothing_is_guessed_where_it_has_not(self, place: Office) -> None:
        assert place.organisation.keep_months is None
        assert closing.review_day(place.organisation, today()) is None

    def test_a_day_that_was_given_goes_first(self, place: Office, worker: Colleague, case: Case) -> None:
        place.organisation.keep_months = 24
        place.organisation.save(update_fields=["keep_months"])
        close(worker, case, review_on=today() + timedelta(days=7))
        case.refresh_from_db()
        assert case.review_on == today() + timedelta(days=7)

    def test_suggestions_are_readable_and_none_claims_to_be_checked(self) -> None:
        assert {one.of for one in suggestions()} >= {"mp_casework", "regulated_advice", "safeguarding"}
        assert {one.status.value for one in suggestions()} == {"unconfirmed"}


class TestTellingThePerson:
    def test_every_letter_that_waits_for_it_is_logged_so(self, worker: Colleague, case: Case) -> None:
        builders.event(worker, case, "answered", days_ago(3))
        close(worker, case, told=True)
        told = Event.objects.get(case=case, kind="told_person")
        assert told.enquiry == builders.enquiry(case)
        assert told.on == today()

    def test_where_none_waits_it_is_said_of_the_case(self, worker: Colleague, case: Case) -> None:
        close(worker, case, outcome="withdrawn", told=True)
        assert Event.objects.get(case=case, kind="told_person").enquiry is None

    def test_unsaid_it_is_not_logged(self, worker: Colleague, case: Case) -> None:
        builders.event(worker, case, "answered", days_ago(3))
        close(worker, case)
        assert not Event.objects.filter(kind="told_person").exists()


class TestOpeningAgain:
    def test_it_goes_on_as_if_never_closed(self, worker: Colleague, case: Case) -> None:
        tasks.add_task(by=worker.actor, case=case, kind="check", on=today(), what="Ask the school")
        before = due(case)
        close(worker, case)
        assert due(case) != before
        event = closing.reopen_case(by=worker.actor, case=case, why="A new refusal came")
        case.refresh_from_db()
        assert (case.state, case.outcome, case.closed_on, case.review_on) == ("open", None, None, None)
        assert due(case) == before
        record = queries.open_case_record(by=worker.actor, case=case)
        assert record.notes[event.handle] == "A new refusal came"
        # How it had ended then stays in the timeline.
        assert Event.objects.get(case=case, kind="closed").outcome == "refused"

    @pytest.mark.parametrize("why", ["", "  \n"])
    def test_it_takes_a_reason(self, worker: Colleague, case: Case, why: str) -> None:
        close(worker, case)
        with pytest.raises(NoReason):
            closing.reopen_case(by=worker.actor, case=case, why=why)
        case.refresh_from_db()
        assert case.state == "closed"

    def test_an_open_case_is_not_opened(self, worker: Colleague, case: Case) -> None:
        with pytest.raises(NotClosed):
            closing.reopen_case(by=worker.actor, case=case, why="again")


class TestLookingAgain:
    def test_those_whose_day_has_come_longest_waiting_first(self, worker: Colleague) -> None:
        person = builders.person(worker)
        made = [builders.case(worker, person, sent_on=days_ago(30)) for _ in range(4)]
        for case, ahead in zip(made, (0, 1, 0, 0), strict=True):
            close(worker, case, review_on=today() + timedelta(days=ahead))
        Case.objects.filter(pk=made[2].pk).update(review_on=days_ago(5))
        closing.reopen_case(by=worker.actor, case=made[3], why="again")
        assert list(queries.to_review(worker.actor, on=today())) == [made[2], made[0]]

    def test_kept_for_longer_it_waits_until_then(self, worker: Colleague, case: Case) -> None:
        close(worker, case, review_on=today())
        until = today() + timedelta(days=90)
        event = closing.keep_longer(by=worker.actor, case=case, until=until, why="A claim may follow")
        case.refresh_from_db()
        assert case.review_on == until
        assert case.outcome == "refused"
        assert event.until == until
        assert not queries.to_review(worker.actor, on=today()).exists()

    def test_what_cannot_be_is_refused(self, worker: Colleague, case: Case) -> None:
        with pytest.raises(NotClosed):
            closing.keep_longer(by=worker.actor, case=case, until=today() + LATER, why="why")
        close(worker, case, review_on=today())
        with pytest.raises(NoReviewDay):
            closing.keep_longer(by=worker.actor, case=case, until=today(), why="why")
        with pytest.raises(NoReason):
            closing.keep_longer(by=worker.actor, case=case, until=today() + LATER, why=" ")

    def test_another_teams_are_not_in_the_list(self, place: Office, worker: Colleague, case: Case) -> None:
        close(worker, case, review_on=today())
        stranger = builders.member(place, "Other Team", team=builders.team(place))
        assert not queries.to_review(stranger.actor, on=today()).exists()
