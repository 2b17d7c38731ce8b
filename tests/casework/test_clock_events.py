"""Pauses, extensions, questions and promises as they are logged: due, in the log, taken back, at one moment."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from django.urls import reverse

from safeconduct.accounts.keys import today
from safeconduct.agenda.models import Item
from safeconduct.casework import changes, queries, schedule
from safeconduct.casework.actions import events
from safeconduct.casework.checks import agenda_disagreements, facts_against_log
from safeconduct.casework.clocks import State
from safeconduct.casework.faults import AlreadyStopped, NotLater, NotStopped, NotYet
from safeconduct.casework.models import Case, Event, Said
from safeconduct.casework.schedule import office_days
from safeconduct.core.calendar.days import BeyondCalendar
from safeconduct.people.case_facets import CaseEntry
from safeconduct.people.models import Envelope
from safeconduct.web.words import dates
from tests import builders
from tests.builders import Colleague, Office
from tests.casework.test_at_once import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Office:
    return builders.office()


@pytest.fixture
def worker(place: Office) -> Colleague:
    return builders.member(place)


@pytest.fixture
def case(worker: Colleague) -> Case:
    return builders.case(worker, builders.person(worker), sent_on=days_ago(14))


def days_ago(days: int) -> date:
    return today() - timedelta(days=days)


def letter(case: Case) -> Item:
    return Item.objects.get(handle=builders.enquiry(case).handle)


def promises(case: Case) -> list[tuple[str, date]]:
    return [(item.kind, item.day) for item in Item.objects.filter(case=case.handle, kind="promise").order_by("day")]


def facts_agree(place: Office) -> None:
    """What the agenda and the log say of every case is what its rows say."""
    assert agenda_disagreements(place.organisation) == 0
    assert facts_against_log(place.organisation) == (0, 0)


def test_a_pause_moves_what_is_due_and_taken_back_it_never_was(place: Office, worker: Colleague, case: Case) -> None:
    before = letter(case)
    stop = builders.event(worker, case, "paused", days_ago(10), reason="policy_hold")
    still = letter(case)
    assert (still.kind, still.rule_version) == ("chase", 0)
    go = builders.event(worker, case, "resumed", days_ago(3))
    moved = letter(case)
    assert (moved.kind, moved.rule_version) == (before.kind, before.rule_version)
    assert moved.day > before.day
    facts_agree(place)
    for wrong in (go, stop):
        events.correct_event(by=worker.actor, case=case, event=wrong, note="not so")
    back = letter(case)
    assert (back.kind, back.day, back.rank) == (before.kind, before.day, before.rank)
    facts_agree(place)


def test_corrected_it_is_as_if_it_had_never_been(worker: Colleague) -> None:
    """The same letter twice; on one, everything about its clock was logged and taken back."""
    plain = builders.case(worker, builders.person(worker), sent_on=days_ago(14))
    other = builders.case(worker, builders.person(worker, "Dilovan Barzani"), sent_on=days_ago(14))
    logged = [
        builders.event(worker, other, "paused", days_ago(10), reason="awaiting_checks", until=days_ago(1)),
        builders.event(worker, other, "resumed", days_ago(8)),
        builders.event(worker, other, "clarification_asked", days_ago(7)),
        builders.event(worker, other, "clarified", days_ago(6)),
        builders.event(worker, other, "extended", days_ago(5), until=today() + timedelta(days=90), reason="complex"),
        builders.event(worker, other, "promised", days_ago(4), until=today() + timedelta(days=9)),
        builders.event(worker, other, "promise_kept", days_ago(2)),
    ]
    for event in reversed(logged):
        events.correct_event(by=worker.actor, case=other, event=event, note="")
    clocks = [
        schedule.clock_of(builders.enquiry(one), one, one.events.all(), office_days(worker.actor.organisation))
        for one in (plain, other)
    ]
    assert clocks[0] == clocks[1]


class TestPromises:
    def test_one_is_due_by_itself_and_moves_no_standard(self, place: Office, worker: Colleague, case: Case) -> None:
        before = letter(case).day
        event = builders.event(worker, case, "promised", days_ago(3), until=days_ago(1), note="within the week")
        assert promises(case) == [("promise", days_ago(1))]
        assert Item.objects.get(kind="promise").handle == event.handle
        assert letter(case).day == before
        facts_agree(place)

    def test_kept_it_is_due_no_more(self, worker: Colleague, case: Case) -> None:
        builders.event(worker, case, "promised", days_ago(3), until=days_ago(1))
        builders.event(worker, case, "promise_kept", days_ago(1))
        assert promises(case) == []

    def test_an_answer_and_a_closed_case_end_it(self, worker: Colleague, case: Case) -> None:
        builders.event(worker, case, "promised", days_ago(3), until=today() + timedelta(days=5))
        answer = builders.event(worker, case, "answered", days_ago(2))
        assert promises(case) == []
        events.correct_event(by=worker.actor, case=case, event=answer, note="it was a holding reply")
        assert len(promises(case)) == 1
        builders.closed(worker.actor, case)
        assert promises(case) == []

    def test_a_reply_is_logged_with_what_it_promised(self, place: Office, worker: Colleague, case: Case) -> None:
        soon, later = today() + timedelta(days=5), today() + timedelta(days=50)
        builders.event(worker, case, "holding_reply", days_ago(1), shape="no_timeframe", promises=[soon, later, soon])
        assert promises(case) == [("promise", soon), ("promise", later)]
        facts_agree(place)

    def test_a_reply_taken_back_takes_what_it_promised_along_and_nothing_else(
        self, place: Office, worker: Colleague, case: Case
    ) -> None:
        soon, later, other = (today() + timedelta(days=days) for days in (5, 50, 7))
        builders.event(worker, case, "promised", days_ago(1), until=other)
        reply = builders.event(worker, case, "holding_reply", days_ago(1), promises=[soon, later])
        first, second = events.promised_in(reply)
        events.correct_event(by=worker.actor, case=case, event=first, note="a slip by itself")
        asked = worker.client.get(reverse("event-correct", args=[case.handle, reply.handle])).content.decode()
        assert f"So is what was promised in it: by {dates.full(later)}." in asked
        events.correct_event(by=worker.actor, case=case, event=reply, note="another case's letter")
        assert promises(case) == [("promise", other)]
        assert Event.objects.filter(corrects__in=[first, second, reply]).count() == 3
        facts_agree(place)

    def test_a_promise_of_the_past_keeps_the_reply_out(self, worker: Colleague, case: Case) -> None:
        with pytest.raises(NotLater):
            builders.event(worker, case, "holding_reply", days_ago(1), shape="no_timeframe", promises=[days_ago(2)])
        assert not case.events.filter(kind__in=("holding_reply", "promised")).exists()

    def test_one_that_belongs_to_no_letter_is_due_too(self, place: Office, worker: Colleague, case: Case) -> None:
        events.log_event(by=worker.actor, case=case, enquiry=None, kind="promised", on=days_ago(3), until=today())
        assert promises(case) == [("promise", today())]
        facts_agree(place)

    def test_made_again_the_agenda_has_them(self, worker: Colleague, case: Case) -> None:
        builders.event(worker, case, "promised", days_ago(3), until=today())
        kept = sorted(Item.objects.values_list("handle", "kind", "day"))
        Item.objects.all().delete()
        schedule.rebuild()
        assert sorted(Item.objects.values_list("handle", "kind", "day")) == kept


class TestSaid:
    def test_what_else_a_reply_said_counts(self, place: Office, worker: Colleague, case: Case) -> None:
        labels = ("consent_required", "transferred", "consent_required", "no_timeframe")
        event = builders.event(worker, case, "holding_reply", days_ago(3), shape="no_timeframe", said=labels)
        assert sorted(event.said.values_list("shape", flat=True)) == ["consent_required", "transferred"]
        assert (letter(case).kind, letter(case).day) == ("answer", Item.objects.get(kind="answer").day)
        facts_agree(place)

    def test_a_label_taken_out_of_the_database_is_noticed(self, place: Office, worker: Colleague, case: Case) -> None:
        builders.event(worker, case, "holding_reply", days_ago(3), shape="no_timeframe", said=["transferred"])
        Said.objects.all().delete()
        assert facts_against_log(place.organisation) == (1, 0)

    @pytest.mark.parametrize("changed", [{"until": today()}, {"reason": "complex"}])
    def test_so_is_a_day_or_a_reason_that_was_changed(
        self, place: Office, worker: Colleague, case: Case, changed: dict[str, object]
    ) -> None:
        builders.event(worker, case, "paused", days_ago(3), reason="policy_hold")
        Event.objects.filter(kind="paused").update(**changed)
        assert facts_against_log(place.organisation) == (1, 0)

    def test_what_a_reply_answered_is_sealed_with_the_note(self, worker: Colleague, case: Case) -> None:
        entry = CaseEntry(answered=(0, 2), unit="Asylum Unit Six", reference="HO-99/17")
        event = builders.event(worker, case, "answered", days_ago(3), entry=entry)
        assert queries.open_case_record(by=worker.actor, case=case).entries[event.handle] == entry
        assert not any(b"Unit Six" in bytes(row.body) for row in Envelope.objects.all())


def test_what_cannot_be_so_is_refused_and_nothing_is_kept(worker: Colleague, case: Case) -> None:
    before = case.events.count()
    last = schedule.clock_of(builders.enquiry(case), case, case.events.all(), office_days(worker.actor.organisation))
    assert last.limit is not None
    with pytest.raises(NotStopped):
        builders.event(worker, case, "resumed", days_ago(1))
    with pytest.raises(NotLater):
        builders.event(worker, case, "extended", days_ago(1), until=last.limit.rolled_last_day, reason="complex")
    assert case.events.count() == before
    with pytest.raises(NotYet):
        builders.event(worker, case, "paused", today() + timedelta(days=1), reason="other")


def test_beyond_the_calendar_nothing_is_kept(worker: Colleague) -> None:
    request = builders.case(worker, builders.person(worker), sent_on=days_ago(14), route="sar")
    with pytest.raises(BeyondCalendar):
        builders.event(worker, request, "extended", days_ago(1), until=date(2031, 1, 4), reason="complex")
    assert not request.events.filter(kind="extended").exists()


class TestWhatAnEntryChanged:
    def changed(self, by: Colleague, case: Case, entry: Event) -> changes.Changed | None:
        record = queries.open_case_record(by=by.actor, case=case)
        return changes.by_entry(case, record.events, entry, office_days(by.actor.organisation))

    def test_it_is_counted_with_and_without(self, worker: Colleague, case: Case) -> None:
        stop = builders.event(worker, case, "paused", days_ago(10), reason="policy_hold")
        found = self.changed(worker, case, stop)
        assert found is not None
        assert found.before is not None
        assert (found.before.state, found.after.state) == (State.WAITING, State.PAUSED)

    def test_taking_back_is_the_other_way_round(self, worker: Colleague, case: Case) -> None:
        stop = builders.event(worker, case, "paused", days_ago(10), reason="policy_hold")
        back = events.correct_event(by=worker.actor, case=case, event=stop, note="")
        found = self.changed(worker, case, back)
        assert found is not None
        assert found.before is not None
        assert (found.before.state, found.after.state) == (State.PAUSED, State.WAITING)

    def test_of_no_letter_it_changes_no_clock(self, worker: Colleague, case: Case) -> None:
        entry = events.log_event(by=worker.actor, case=case, enquiry=None, kind="phoned", on=days_ago(1))
        assert self.changed(worker, case, entry) is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("kind", "fault"), [("resumed", NotStopped), ("paused", AlreadyStopped)])
def test_of_two_at_one_moment_one_is_told_that_it_is_done(kind: str, fault: type[Exception]) -> None:
    place = builders.office()
    worker = builders.member(place)
    case = builders.case(worker, builders.person(worker), sent_on=days_ago(14))
    if kind == "resumed":
        builders.event(worker, case, "paused", days_ago(10), reason="policy_hold")
    reason = "policy_hold" if kind == "paused" else None
    mine = [Case.objects.select_related("subject", "team", "organisation").get(pk=case.pk) for _ in range(2)]
    actors, enquiry = [worker.actor, place.guardian.actor], builders.enquiry(case)
    gave = at_once(
        *(
            lambda by=by, of=of: events.log_event(
                by=by, case=of, enquiry=enquiry, kind=kind, on=days_ago(3), reason=reason
            )
            for by, of in zip(actors, mine, strict=True)
        )
    )
    assert sorted(type(one).__name__ for one in gave) == sorted(["Event", fault.__name__])
    assert case.events.filter(kind=kind).count() == 1
    facts_agree(place)


def test_what_replies_said_is_asked_for_once(
    worker: Colleague, case: Case, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    for ago in range(1, 6):
        builders.event(worker, case, "holding_reply", days_ago(ago), shape="no_timeframe", said=["transferred"])
    enquiry, office = builders.enquiry(case), office_days(worker.actor.organisation)
    logged = list(case.events.all())
    with django_assert_num_queries(1):
        schedule.items_of(case, [enquiry], [], logged, office)
    together = list(case.events.prefetch_related("said"))
    with django_assert_num_queries(0):
        schedule.items_of(case, [enquiry], [], together, office)
