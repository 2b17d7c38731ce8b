"""Logging what happened, taking it back, and what may not be logged."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from safeconduct.accounts.keys import today
from safeconduct.agenda.models import Item
from safeconduct.casework import queries
from safeconduct.casework.actions import cases, deadlines, events
from safeconduct.casework.faults import AlreadyCorrected, CaseClosed, NotOnThisCase, NotYet
from safeconduct.casework.models import Case, Event
from safeconduct.core.calendar.days import BeyondCalendar
from safeconduct.journal.models import Act, Entry
from safeconduct.people.facets import CaseHead, EnquiryHead
from safeconduct.people.keys import NotHeld
from safeconduct.people.models import Envelope
from safeconduct.people.records import Changed
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
    return builders.case(worker, builders.person(worker), came_in_on=days_ago(30))


def days_ago(days: int) -> date:
    return today() - timedelta(days=days)


def due(case: Case) -> list[tuple[str, date]]:
    return [(item.kind, item.day) for item in Item.objects.filter(case=case.handle)]


def note_of(by: Colleague, case: Case, event: Event) -> str:
    return queries.open_case_record(by=by.actor, case=case).notes.get(event.handle, "")


def test_a_note_is_sealed_and_comes_back(worker: Colleague, case: Case) -> None:
    event = builders.event(worker, case, "sent", days_ago(20), note="Ask for Wadad by name")
    assert note_of(worker, case, event) == "Ask for Wadad by name"
    assert not any(b"Wadad" in bytes(row.body) for row in Envelope.objects.all())
    assert not any(b"Wadad" in bytes(entry.body or b"") for entry in Entry.objects.all())


def test_an_event_without_a_note_writes_no_envelope(worker: Colleague, case: Case) -> None:
    before = Envelope.objects.count()
    builders.event(worker, case, "sent", days_ago(20), note="  \n ")
    assert Envelope.objects.count() == before


def test_what_is_due_moves_with_the_event(worker: Colleague, case: Case) -> None:
    [(kind, _day)] = due(case)
    assert kind == "answer"
    builders.event(worker, case, "sent", days_ago(20))
    [(kind, _day)] = due(case)
    assert kind == "reply_due"
    builders.event(worker, case, "answered", days_ago(2))
    builders.event(worker, case, "told_person", today())
    [(kind, _day)] = due(case)
    assert kind == "silence"


def test_logging_is_in_the_log_under_the_case_and_says_who(worker: Colleague, case: Case) -> None:
    builders.event(worker, case, "sent", days_ago(20))
    entry = Entry.objects.filter(act=Act.LOGGED_EVENT).latest("pk")
    assert entry.member == worker.member.handle
    assert entry.label is not None


def test_a_day_to_come_is_refused(worker: Colleague, case: Case) -> None:
    with pytest.raises(NotYet):
        builders.event(worker, case, "sent", today() + timedelta(days=1))
    assert Event.objects.filter(case=case, kind="sent").count() == 0


def test_a_day_before_every_known_holiday_is_refused_and_nothing_is_kept(worker: Colleague, case: Case) -> None:
    before = due(case)
    with pytest.raises(BeyondCalendar):
        builders.event(worker, case, "sent", date(1999, 5, 4), note="long ago")
    assert Event.objects.filter(case=case, kind="sent").count() == 0
    assert due(case) == before


def test_nothing_is_logged_on_a_closed_case(worker: Colleague, case: Case) -> None:
    builders.closed(worker.actor, case)
    assert due(case) == []
    with pytest.raises(CaseClosed):
        builders.event(worker, case, "sent", days_ago(1))


def test_a_case_opened_again_is_due_as_before(worker: Colleague, case: Case) -> None:
    builders.event(worker, case, "sent", days_ago(20))
    before = due(case)
    builders.closed(worker.actor, case)
    builders.reopened(worker.actor, case)
    assert due(case) == before != []


def test_the_letter_of_another_case_is_refused(worker: Colleague, case: Case) -> None:
    other = builders.case(worker, builders.person(worker, "Dilovan Barzani"))
    with pytest.raises(NotOnThisCase):
        events.log_event(by=worker.actor, case=case, enquiry=builders.enquiry(other), kind="sent", on=today())


def test_somebody_of_another_team_logs_nothing(place: Office, case: Case) -> None:
    stranger = builders.member(place, "Other Team", team=builders.team(place))
    with pytest.raises(Exception, match=r".") as refused:
        builders.event(stranger, case, "sent", today())
    assert type(refused.value).__name__ in {"Refused", "NotHeld"}
    with pytest.raises(NotHeld):
        queries.find_case(stranger.actor, case.handle)
    assert Event.objects.filter(case=case, kind="sent").count() == 0


class TestTakingBack:
    def test_it_undoes_exactly_its_event(self, worker: Colleague, case: Case) -> None:
        builders.event(worker, case, "sent", days_ago(20))
        before = due(case)
        wrong = builders.event(worker, case, "answered", days_ago(3), note="typed on the wrong case")
        assert due(case) != before
        events.correct_event(by=worker.actor, case=case, event=wrong, note="It was another case's reply")
        assert due(case) == before
        record = queries.open_case_record(by=worker.actor, case=case)
        assert wrong in record.events
        assert wrong.pk not in record.stands
        assert len(record.stands) == Event.objects.filter(case=case).count() - 2

    def test_the_reason_and_the_first_note_both_stay(self, worker: Colleague, case: Case) -> None:
        wrong = builders.event(worker, case, "sent", days_ago(3), note="first")
        correction = events.correct_event(by=worker.actor, case=case, event=wrong, note="why")
        assert (note_of(worker, case, wrong), note_of(worker, case, correction)) == ("first", "why")

    def test_once_is_enough(self, worker: Colleague, case: Case) -> None:
        wrong = builders.event(worker, case, "sent", days_ago(3))
        correction = events.correct_event(by=worker.actor, case=case, event=wrong, note="")
        with pytest.raises(AlreadyCorrected):
            events.correct_event(by=worker.actor, case=case, event=wrong, note="")
        with pytest.raises(NotOnThisCase):
            events.correct_event(by=worker.actor, case=case, event=correction, note="")

    def test_not_on_a_closed_case(self, worker: Colleague, case: Case) -> None:
        wrong = builders.event(worker, case, "sent", days_ago(3))
        builders.closed(worker.actor, case)
        with pytest.raises(CaseClosed):
            events.correct_event(by=worker.actor, case=case, event=wrong, note="")


class TestAFurtherLetter:
    def add(self, by: Colleague, case: Case, *, read: int | None = None) -> None:
        head = queries.open_head(by=by.actor, case=case)
        events.add_enquiry(
            by=by.actor,
            case=case,
            head=head.content,
            read=head.revision if read is None else read,
            route="sar",
            about=EnquiryHead(subject="What does the file say?", their_reference="SAR/1"),
            sent_on=days_ago(5),
        )

    def test_it_has_a_clock_of_its_own(self, worker: Colleague, case: Case) -> None:
        builders.event(worker, case, "sent", days_ago(20))
        self.add(worker, case)
        record = queries.open_case_record(by=worker.actor, case=case)
        assert [one.route for one in record.enquiries] == ["ho_mp", "sar"]
        assert len(due(case)) == 2
        head: CaseHead = record.head.content
        assert head.enquiries[record.enquiries[1].handle.hex].their_reference == "SAR/1"
        assert head.enquiries[record.enquiries[0].handle.hex].subject == "Delay"

    def test_an_answer_to_one_leaves_the_other_running(self, worker: Colleague, case: Case) -> None:
        builders.event(worker, case, "sent", days_ago(20))
        self.add(worker, case)
        builders.event(worker, case, "answered", days_ago(1))
        builders.event(worker, case, "told_person", today())
        [(kind, _day)] = due(case)
        assert kind == "reply_due"

    def test_a_head_somebody_saved_since_is_not_overwritten(self, worker: Colleague, case: Case) -> None:
        read = queries.open_head(by=worker.actor, case=case).revision
        self.add(worker, case)
        with pytest.raises(Changed):
            self.add(worker, case, read=read)
        assert case.enquiries.count() == 2


def as_others_left_it(case: Case) -> Case:
    """The case as a page holds it that was opened before a colleague did something to it."""
    return Case.objects.select_related("subject", "team", "organisation").get(pk=case.pk)


def test_nothing_is_logged_on_a_case_that_was_closed_meanwhile(worker: Colleague, case: Case) -> None:
    stale, enquiry = as_others_left_it(case), builders.enquiry(case)
    happened = case.events.get()
    builders.closed(worker.actor, case)
    record = queries.open_head(by=worker.actor, case=case)
    letter = {"head": record.content, "read": record.revision, "route": "foi", "about": EnquiryHead()}
    limit = {"rule": "ftt.iac.appeal.in", "on": days_ago(2), "nation": "england-and-wales"}
    for act in (
        lambda: events.log_event(by=worker.actor, case=stale, enquiry=enquiry, kind="sent", on=days_ago(1)),
        lambda: events.correct_event(by=worker.actor, case=stale, event=happened, note=""),
        lambda: events.add_enquiry(by=worker.actor, case=stale, sent_on=days_ago(1), **letter),
        lambda: deadlines.set_deadline(by=worker.actor, case=stale, **limit),
    ):
        stale.state = Case.State.OPEN
        with pytest.raises(CaseClosed):
            act()
    assert set(case.events.values_list("kind", flat=True)) == {"came_in", "closed"}
    assert due(case) == []


def test_what_is_due_stays_with_whoever_was_given_the_case_meanwhile(
    place: Office, worker: Colleague, case: Case
) -> None:
    stale = as_others_left_it(case)
    other = builders.member(place, "Bronwen Second").member
    head = queries.open_head(by=worker.actor, case=case)
    cases.change_case(by=worker.actor, case=case, head=head.content, read=head.revision, kind="family", worker=other)
    events.log_event(by=worker.actor, case=stale, enquiry=builders.enquiry(case), kind="sent", on=days_ago(1))
    assert [(item.worker, item.topic) for item in Item.objects.filter(case=case.handle)] == [(other, "family")]


def test_changing_a_case_that_was_closed_meanwhile_makes_nothing_due(worker: Colleague, case: Case) -> None:
    stale, head = as_others_left_it(case), queries.open_head(by=worker.actor, case=case)
    builders.closed(worker.actor, case)
    cases.change_case(by=worker.actor, case=stale, head=head.content, read=head.revision, kind="family", worker=None)
    assert due(case) == []
