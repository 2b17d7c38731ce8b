"""A call is one act: what was said, that the person was told, and what was promised, or none of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from safeconduct.accounts.keys import today
from safeconduct.agenda.models import Item
from safeconduct.casework import calls as found
from safeconduct.casework import queries
from safeconduct.casework.actions import calls, events
from safeconduct.casework.actions.calls import Call
from safeconduct.casework.actions.closing import close_case
from safeconduct.casework.actions.surgery import Seen, see
from safeconduct.casework.faults import AlreadyOver, CaseClosed
from safeconduct.casework.models import Case, Event, Task
from safeconduct.people import queries as people
from safeconduct.people.actions.merge import merge
from safeconduct.people.facets import CaseEntry
from safeconduct.people.models import Envelope
from safeconduct.people.records import open_whole
from tests import builders
from tests.builders import Colleague

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker() -> Colleague:
    return builders.member(builders.office())


@pytest.fixture
def case(worker: Colleague) -> Case:
    return builders.case(worker, builders.person(worker, "Fatima Rahimi"), sent_on=days(-40), reference="IM/0188")


def days(number: int) -> date:
    return today() + timedelta(days=number)


def kinds(case: Case) -> list[str]:
    return list(case.events.order_by("id").values_list("kind", flat=True))


def to_do(case: Case) -> list[tuple[str, date]]:
    return list(Item.objects.filter(case=case.handle, kind="task").values_list("kind", "day"))


class TestLogging:
    def test_a_call_is_what_happened_and_who_rang_is_sealed(self, worker: Colleague, case: Case) -> None:
        call = Call(on=today(), note="Asked for news", caller="Her cousin Wadad")
        event = calls.log_call(by=worker.actor, case=case, enquiry=None, call=call)
        assert (event.kind, event.enquiry) == (Event.Kind.CALLED, None)
        assert not any(b"Wadad" in bytes(row.body) for row in Envelope.objects.all())
        assert entry_of(worker, case, event) == CaseEntry(note="Asked for news", caller="Her cousin Wadad")

    def test_a_call_with_an_authority_is_of_the_letter(self, worker: Colleague, case: Case) -> None:
        letter = builders.enquiry(case)
        call = Call(on=today(), with_authority=True, caller="Dan", unit="Complex cases", reference="X/1")
        event = calls.log_call(by=worker.actor, case=case, enquiry=letter, call=call)
        assert (event.kind, event.enquiry) == (Event.Kind.PHONED, letter)
        assert entry_of(worker, case, event) == CaseEntry(caller="Dan", unit="Complex cases", reference="X/1")

    def test_the_person_is_told_of_each_answer_that_waits(self, worker: Colleague, case: Case) -> None:
        builders.event(worker, case, "answered", days(-1))
        letter = builders.enquiry(case)
        calls.log_call(by=worker.actor, case=case, enquiry=None, call=Call(on=today(), told=(letter,)))
        assert Event.objects.get(kind="told_person").enquiry == letter
        assert not Item.objects.filter(handle=letter.handle).exists()

    def test_a_promise_to_ring_back_is_due_on_its_day(self, worker: Colleague, case: Case) -> None:
        call = Call(on=today(), note="\nHas the letter gone?\nShe moved", ring_back_on=days(2))
        calls.log_call(by=worker.actor, case=case, enquiry=None, call=call)
        [(task, said)] = queries.open_case_record(by=worker.actor, case=case).tasks
        assert (task.kind, task.on, said.what) == ("ring_back", days(2), "Has the letter gone?")
        assert kinds(case)[-2:] == ["called", "will_ring_back"]
        assert Event.objects.get(kind="will_ring_back").until == days(2)
        assert to_do(case) == [("task", days(2))]

    def test_what_cannot_be_promised_leaves_nothing_of_the_call(self, worker: Colleague, case: Case) -> None:
        before = (kinds(case), Envelope.objects.count())
        call = Call(on=today(), note="News?", ring_back_on=days(-1))
        with pytest.raises(AlreadyOver):
            calls.log_call(by=worker.actor, case=case, enquiry=None, call=call)
        assert (kinds(case), Envelope.objects.count()) == before

    def test_nothing_is_logged_on_a_closed_case(self, worker: Colleague, case: Case) -> None:
        close(worker, case)
        with pytest.raises(CaseClosed):
            calls.log_call(by=worker.actor, case=case, enquiry=None, call=Call(on=today()))


class TestRingingBack:
    def test_it_is_done_and_stands_among_what_happened(self, worker: Colleague, case: Case) -> None:
        task = calls.promise_to_ring(by=worker.actor, case=case, on=today(), until=days(1), what="News")
        calls.ring_back(by=worker.actor, case=case, task=task, on=today(), note="No answer; tried twice")
        assert kinds(case)[-1] == "rang_back"
        assert Task.objects.get().done_on == today()
        assert to_do(case) == []

    def test_on_a_closed_case_it_is_only_done(self, worker: Colleague, case: Case) -> None:
        task = calls.promise_to_ring(by=worker.actor, case=case, on=today(), until=days(1), what="News")
        close(worker, case)
        before = kinds(case)
        calls.ring_back(by=worker.actor, case=case, task=task, on=today())
        assert kinds(case) == before
        assert Task.objects.get().done_on == today()


class TestAnswers:
    def test_a_person_comes_with_cases_the_last_event_and_what_is_due(self, worker: Colleague, case: Case) -> None:
        builders.event(worker, case, "holding_reply", days(-3), shape="no_timeframe")
        [one] = look_up(worker, "Fatima").known
        [on_case] = one.cases
        assert on_case.case == case
        assert on_case.last is not None
        assert (on_case.last.kind, on_case.last.on) == ("holding_reply", days(-3))
        assert on_case.due is not None
        assert on_case.due.case == case.handle

    def test_an_entry_that_was_taken_back_is_not_the_last(self, worker: Colleague, case: Case) -> None:
        wrong = builders.event(worker, case, "answered", today())
        events.correct_event(by=worker.actor, case=case, event=wrong, note="Another case")
        [one] = look_up(worker, "Fatima").known
        assert one.cases[0].last is not None
        assert one.cases[0].last.kind == "sent"

    def test_a_rule_of_another_record_of_them_holds(self, worker: Colleague) -> None:
        one = builders.person(worker, "Tesfay Haile", safe_note="")
        other = builders.person(worker, "Hagos Mehari", safe_note="Never ring: the landlord answers")
        builders.case(worker, other, reference="IM/0900")
        record, second = (people.open_person(by=worker.actor, person=each) for each in (one, other))
        merge(by=worker.actor, record=record, other=second, reason="The same passport")
        [known] = look_up(worker, "Tesfay").known
        assert "Never ring: the landlord answers" in [contact.safe_note for contact in known.contacts]
        assert [one.head.our_reference for one in known.cases] == ["IM/0900"]

    def test_a_case_found_by_its_reference_comes_with_the_rule_of_whom_it_is_about(self, worker: Colleague) -> None:
        person = builders.person(worker, "Dilovan Barzani", safe_note="Text first")
        case = builders.case(worker, person, reference="ZZ/4711")
        [known] = look_up(worker, "ZZ/4711").known
        assert [one.case for one in known.cases] == [case]
        assert known.contacts[0].safe_note == "Text first"

    def test_no_more_are_opened_than_are_shown(self, worker: Colleague) -> None:
        for at in range(found.PEOPLE_SHOWN + 2):
            builders.person(worker, f"Mohamed Abdi {at}")
        answers = look_up(worker, "Mohamed Abdi")
        assert len(answers.known) == found.PEOPLE_SHOWN
        assert answers.more


class TestSeen:
    def test_whoever_was_seen_that_day_in_their_order(self, worker: Colleague, case: Case) -> None:
        other = builders.case(worker, builders.person(worker, "Tesfay Haile"), reference="IM/0002")
        for one in (other, case):
            was_seen(worker, one, today())
        was_seen(worker, case, days(-1))
        assert [listed.case for _event, listed in found.seen_on(by=worker.actor, on=today())] == [other, case]

    def test_nobody_of_another_team(self, worker: Colleague, case: Case) -> None:
        was_seen(worker, case, today())
        place = builders.other_office()
        assert found.seen_on(by=place.guardian.actor, on=today()) == []


def was_seen(by: Colleague, case: Case, on: date) -> Event:
    return see(by=by.actor, case=case, seen=Seen(on=on, note="Came with a letter"))


def look_up(by: Colleague, text: str) -> found.Answers:
    return found.answers(by=by.actor, handle=people.search(by=by.actor, text=text).handle)


def close(by: Colleague, case: Case) -> None:
    close_case(by=by.actor, case=case, outcome="got_it", on=today(), review_on=today())


def entry_of(by: Colleague, case: Case, event: Event) -> CaseEntry:
    record = queries.open_case_record(by=by.actor, case=case)
    content = open_whole(record.leave, record.keyed)[f"entry/{event.handle.hex}"].content
    assert isinstance(content, CaseEntry)
    return content
