"""A removal: its day, who was told, what became of it, what is at hand, and the ladder it is tried by."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import msgspec
import pytest

from safeconduct.accounts.keys import today
from safeconduct.agenda.models import Item
from safeconduct.casework import queries, removals
from safeconduct.casework.actions import events, urgent
from safeconduct.casework.checks import facts_against_log
from safeconduct.casework.faults import AlreadyOver, CaseClosed, NobodyTold, NoRemoval, NoSuchEnding, NotYet
from safeconduct.casework.models import Case, Event
from safeconduct.casework.removals import Hand
from safeconduct.casework.rungs import Rung, ladder, later, tonight
from safeconduct.core.calendar.days import LONDON
from safeconduct.core.calendar.rows import Status
from safeconduct.people.facets import Authority, CaseHead, Consent, Intake, Outside, Told, Urgent
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
    return builders.case(worker, builders.person(worker), sent_on=days_ago(10))


def days_ago(days: int) -> date:
    return today() - timedelta(days=days)


def head_of(by: Colleague, case: Case) -> CaseHead:
    content: CaseHead = queries.open_head(by=by.actor, case=case).content
    return content


def tell(by: Colleague, case: Case, **told: str) -> Event:
    opened = queries.open_head(by=by.actor, case=case)
    return urgent.tell(
        by=by.actor, case=case, head=opened.content, read=opened.revision, told=Told(**{"who": "", **told})
    )


def removal_rows(case: Case) -> list[date]:
    return list(Item.objects.filter(case=case.handle, kind="removal").values_list("day", flat=True))


class TestItsDay:
    def test_it_is_open_and_due_and_the_rest_is_sealed(self, worker: Colleague, case: Case) -> None:
        builders.removal(worker, case, ahead=2, flight="ZZ 4711", to="Kabul", held_at="Brook House")
        assert case.removal_on == today() + timedelta(days=2)
        assert removal_rows(case) == [case.removal_on]
        assert Event.objects.get(case=case, kind="removal_set").until == case.removal_on
        assert head_of(worker, case).urgent.flight == "ZZ 4711"
        assert not any(b"4711" in bytes(row.body) for row in Envelope.objects.all())

    def test_moved_it_keeps_what_it_was(self, place: Office, worker: Colleague, case: Case) -> None:
        builders.removal(worker, case, ahead=2)
        tell(worker, case, who="The duty line", rung="solicitor")
        builders.removal(worker, case, ahead=5, flight="ZZ 2")
        assert removal_rows(case) == [today() + timedelta(days=5)]
        days = Event.objects.filter(case=case, kind="removal_set").order_by("id").values_list("until", flat=True)
        assert list(days) == [today() + timedelta(days=2), today() + timedelta(days=5)]
        assert [one.who for one in head_of(worker, case).urgent.told] == ["The duty line"]
        assert facts_against_log(place.organisation)[0] == 0

    def test_the_same_day_saved_again_logs_nothing(self, worker: Colleague, case: Case) -> None:
        builders.removal(worker, case, flight="ZZ 1")
        builders.removal(worker, case, flight="ZZ 2")
        assert Event.objects.filter(case=case, kind="removal_set").count() == 1
        assert head_of(worker, case).urgent.flight == "ZZ 2"

    def test_a_past_day_is_refused_but_one_that_has_passed_may_be_written_about(
        self, worker: Colleague, case: Case
    ) -> None:
        with pytest.raises(AlreadyOver):
            builders.removal(worker, case, ahead=-1)
        builders.removal(worker, case, ahead=0)
        Case.objects.filter(pk=case.pk).update(removal_on=days_ago(1))
        builders.removal(worker, case, ahead=-1, note="He is still in Dover")
        assert head_of(worker, case).urgent.note == "He is still in Dover"

    def test_nobody_overwrites_a_colleague(self, worker: Colleague, case: Case) -> None:
        opened = queries.open_head(by=worker.actor, case=case)
        builders.removal(worker, case)
        with pytest.raises(Changed):
            urgent.set_urgent(
                by=worker.actor,
                case=case,
                head=opened.content,
                read=opened.revision,
                urgent=Urgent(flight="mine"),
                removal_on=today() + timedelta(days=9),
            )
        assert removal_rows(case) == [today() + timedelta(days=2)]

    def test_not_on_a_closed_case(self, worker: Colleague, case: Case) -> None:
        builders.closed(worker.actor, case)
        with pytest.raises(CaseClosed):
            builders.removal(worker, case)


class TestTelling:
    def test_it_stands_beside_the_rung_and_in_the_timeline(self, worker: Colleague, case: Case) -> None:
        builders.removal(worker, case)
        event = tell(worker, case, who="Duty judge's clerk", rung="solicitor", note="She rings back")
        [told] = head_of(worker, case).urgent.told
        assert (told.rung, told.who, told.by) == ("solicitor", "Duty judge's clerk", worker.member.handle.hex)
        at = datetime.fromisoformat(told.at)
        assert abs(datetime.now(LONDON) - at) < timedelta(minutes=5)
        assert told.event == event.handle.hex
        assert event.kind == "removal_told"
        record = queries.open_case_record(by=worker.actor, case=case)
        assert "Duty judge's clerk" in record.notes[event.handle]
        assert "She rings back" in record.notes[event.handle]

    def test_a_time_that_was_earlier_is_kept(self, worker: Colleague, case: Case) -> None:
        builders.removal(worker, case)
        at = datetime.combine(days_ago(1), datetime.min.time().replace(hour=21, minute=40), LONDON)
        event = tell(worker, case, rung="mp_urgent", at=at.isoformat())
        assert event.on == days_ago(1)
        assert head_of(worker, case).urgent.told[0].at.startswith(f"{days_ago(1)}T21:40")

    def test_taken_back_it_counts_no_more(self, worker: Colleague, case: Case) -> None:
        builders.removal(worker, case)
        event = tell(worker, case, rung="solicitor", who="The wrong office")
        events.correct_event(by=worker.actor, case=case, event=event, note="another case")
        told = head_of(worker, case).urgent
        assert removals.told_standing(told, {event.handle.hex}) == []
        assert len(removals.told_standing(told, set())) == 1

    def test_what_cannot_be_is_refused(self, worker: Colleague, case: Case) -> None:
        with pytest.raises(NoRemoval):
            tell(worker, case, rung="solicitor")
        builders.removal(worker, case)
        with pytest.raises(NobodyTold):
            tell(worker, case, who="  ")
        tomorrow = datetime.now(LONDON) + timedelta(days=1)
        with pytest.raises(NotYet):
            tell(worker, case, rung="solicitor", at=tomorrow.isoformat())
        assert head_of(worker, case).urgent.told == ()
        assert not Event.objects.filter(kind="removal_told").exists()


class TestItsEnd:
    @pytest.mark.parametrize("how", sorted(urgent.ENDINGS))
    def test_its_day_leaves_today_and_what_was_known_stays(self, worker: Colleague, case: Case, how: str) -> None:
        builders.removal(worker, case, flight="ZZ 1")
        day = case.removal_on
        event = urgent.end_removal(by=worker.actor, case=case, how=how, on=today(), note="By phone at eleven")
        case.refresh_from_db()
        assert case.removal_on is None
        assert removal_rows(case) == []
        assert (event.kind, event.until) == (how, day)
        assert head_of(worker, case).urgent.flight == "ZZ 1"

    def test_a_new_one_begins_with_nobody_told(self, worker: Colleague, case: Case) -> None:
        builders.removal(worker, case)
        tell(worker, case, rung="solicitor")
        urgent.end_removal(by=worker.actor, case=case, how="removal_stopped", on=today())
        builders.removal(worker, case, ahead=9)
        assert head_of(worker, case).urgent.told == ()
        assert Event.objects.filter(case=case, kind="removal_told").count() == 1

    def test_what_cannot_be_is_refused(self, worker: Colleague, case: Case) -> None:
        with pytest.raises(NoRemoval):
            urgent.end_removal(by=worker.actor, case=case, how="removed", on=today())
        builders.removal(worker, case)
        with pytest.raises(NoSuchEnding):
            urgent.end_removal(by=worker.actor, case=case, how="closed", on=today())
        with pytest.raises(NotYet):
            urgent.end_removal(by=worker.actor, case=case, how="removed", on=today() + timedelta(days=1))


def test_cases_with_a_removal_the_soonest_first(place: Office, worker: Colleague) -> None:
    person = builders.person(worker)
    made = [builders.case(worker, person, sent_on=days_ago(5)) for _ in range(3)]
    builders.removal(worker, made[2], ahead=1)
    builders.removal(worker, made[0], ahead=4)
    assert list(removals.urgent_cases(worker.actor)) == [made[2], made[0]]
    stranger = builders.member(place, "Other Team", team=builders.team(place))
    assert not removals.urgent_cases(stranger.actor).exists()


class TestAtHand:
    def test_each_thing_is_missing_until_it_is_there(self) -> None:
        lacking = removals.at_hand(CaseHead(), (), today=today())
        assert [one.what for one in lacking] == list(Hand)
        assert not any(one.there for one in lacking)
        agreed = tuple(Consent(to=to, answer="no") for to in removals.CONSENTS)
        full = CaseHead(
            outside=(Outside(role="solicitor", name="Rhys Made-Up"),),
            intake=Intake(authorities=(Authority(names="the MP", seen=True),)),
            urgent=Urgent(consents=agreed, medical="asthma", children="none", documents="with his cousin"),
        )
        there = removals.at_hand(full, [Told(who="", rung="solicitor")], today=today())
        assert all(one.there for one in there)

    def test_an_authority_nobody_saw_or_that_ran_out_does_not_count(self) -> None:
        for authority in (Authority(names="the MP"), Authority(names="the MP", seen=True, until=days_ago(1))):
            hand = removals.at_hand(CaseHead(intake=Intake(authorities=(authority,))), (), today=today())
            assert not next(one for one in hand if one.what is Hand.AUTHORITY).there

    def test_the_day_of_an_answer_stays_with_it(self) -> None:
        first = removals.answered(Urgent(), {"family": "yes"}, today=days_ago(3))
        assert first == (Consent(to="family", answer="yes", on=days_ago(3)),)
        again = removals.answered(Urgent(consents=first), {"family": "yes", "medical": "no"}, today=today())
        assert [(one.to, one.on) for one in again] == [("family", days_ago(3)), ("medical", today())]
        assert removals.answered(Urgent(consents=first), {"family": ""}, today=today()) == ()

    def test_the_solicitor_is_typed_once_and_kept_where_left_empty(self) -> None:
        others = (Outside(role="sponsor", name="Ann Invented"),)
        named = removals.with_solicitor(others, "Rhys Made-Up", "Harbour Law", "01632 960001")
        assert [one.name for one in named] == ["Ann Invented", "Rhys Made-Up"]
        changed = removals.with_solicitor(named, "Rhys Made-Up", "Quay Law", "")
        assert [one.organisation for one in changed] == ["", "Quay Law"]
        assert removals.with_solicitor(named, "", "", "") == named


class TestNotice:
    def test_it_is_counted_by_the_dated_rule_and_says_that_nobody_confirmed_it(self) -> None:
        limit = removals.notice(date(2026, 11, 20), "england-and-wales")
        assert limit is not None
        assert limit.status is Status.UNCONFIRMED
        assert limit.last_day == date(2026, 11, 27)

    def test_without_a_day_there_is_none(self) -> None:
        assert removals.notice(None, "england-and-wales") is None
        assert removals.notice(date(1999, 1, 4), "england-and-wales") is None


class TestTheLadder:
    def test_every_rung_of_it_stands_there_in_order(self) -> None:
        places = [one.place for one in ladder().values() if one.place]
        assert places == list(range(1, 13))
        assert [one.tonight for one in tonight()] == list(range(1, len(tonight()) + 1))
        assert {*tonight(), *later()} == set(ladder().values())

    @pytest.mark.parametrize("rung", ladder().values(), ids=lambda one: one.id)
    def test_it_says_what_it_is_for_and_where_that_was_seen(self, rung: Rung) -> None:
        assert rung.title
        assert rung.what_for
        assert rung.when
        assert rung.source
        assert rung.checked_on <= today()

    def test_only_what_was_seen_published_is_settled(self) -> None:
        known = ladder()["mp_phone"]
        assert known.phone
        assert not known.settled
        assert msgspec.structs.replace(known, status=Status.VERIFIED).settled
        assert not msgspec.structs.replace(known, status=Status.VERIFIED, phone="").settled
