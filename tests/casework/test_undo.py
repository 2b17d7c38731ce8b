"""Undoing an import: everything goes back, but for what somebody has worked on."""

from __future__ import annotations

from datetime import date

import pytest

from safeconduct.accounts.keys import today
from safeconduct.agenda.models import Item
from safeconduct.casework.actions import cases, deadlines, events, tasks, undo
from safeconduct.casework.faults import WrongState
from safeconduct.casework.models import Arrival, Case, Enquiry, Event
from safeconduct.casework.queries import open_case_record
from safeconduct.core.calendar.days import Nation
from safeconduct.core.policy.errors import Refused
from safeconduct.journal import sequencer, verify
from safeconduct.people import opening
from safeconduct.people import queries as people
from safeconduct.people.actions import change_contact, change_identity
from safeconduct.people.actions.papers import Sent, keep_papers
from safeconduct.people.facets import Contact, Identity, SpelledName
from safeconduct.people.models import Envelope, Subject, Wrap
from safeconduct.people.records import Changed
from tests import builders
from tests.builders import Colleague, Office
from tests.support import sheets
from tests.support.importing import brought_in, found_names, references, run, say_all_same, staged
from tests.support.sheets import BEREKET, LEILA, ZEHRA, ZEHRA_AGAIN

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place() -> Office:
    return builders.office()


@pytest.fixture
def by(place: Office) -> Colleague:
    return place.guardian


def whole(by: Colleague, person: Subject) -> tuple[object, ...]:
    opened = people.open_person(by=by.actor, person=person)
    return tuple(one.content for one in (opened.identity, opened.contact, opened.status, opened.links))


def safe_note(by: Colleague, case: Case) -> str:
    [concerned] = open_case_record(by=by.actor, case=case).concerned
    return concerned.safe_note


def test_everything_it_brought_in_goes(by: Colleague) -> None:
    arrival = brought_in(by, sheets.sheet(ZEHRA, ZEHRA_AGAIN, BEREKET, LEILA), same=True)
    done = undo.undo(by=by.actor, arrival=arrival)
    assert (done.cases, done.people, done.cases_kept) == (4, 3, 0)
    assert not any(model.objects.exists() for model in (Subject, Wrap, Envelope, Case, Enquiry, Event, Item))
    assert found_names(by, "Zehra") == found_names(by, "T/0001") == set()
    row = Arrival.objects.get(pk=arrival.pk)
    assert (row.state, row.staged) == ("undone", None)
    sequencer.sequence()
    assert list(verify.verify(by.actor.organisation.handle)) == []


def test_the_same_sheet_can_be_brought_in_again_afterwards(by: Colleague) -> None:
    undo.undo(by=by.actor, arrival=brought_in(by, sheets.sheet(ZEHRA)))
    brought_in(by, sheets.sheet(ZEHRA))
    assert references(by) == {"T/0001"}


def test_it_is_undone_once(by: Colleague) -> None:
    arrival = brought_in(by, sheets.sheet(ZEHRA))
    old = Arrival.objects.get(pk=arrival.pk)
    undo.undo(by=by.actor, arrival=arrival)
    for one in (arrival, old):
        with pytest.raises(WrongState):
            undo.undo(by=by.actor, arrival=one)


def test_only_who_brought_it_in_or_a_lead_may(place: Office) -> None:
    mine = builders.member(place, "Own Worker")
    arrival = brought_in(mine, sheets.sheet(ZEHRA))
    with pytest.raises(Refused):
        undo.undo(by=builders.member(place, "Other Worker").actor, arrival=arrival)
    undo.undo(by=builders.member(place, "Team Lead", role="lead").actor, arrival=arrival)


@pytest.mark.parametrize("touch", ["event", "head", "closed", "deadline", "task"])
def test_a_case_somebody_worked_on_stays_with_its_person(by: Colleague, touch: str) -> None:
    arrival = brought_in(by, sheets.sheet(ZEHRA, BEREKET))
    worked_on = Case.objects.select_related("subject", "team").get(opened_on=date(2026, 10, 1))
    match touch:
        case "event":
            builders.event(by, worked_on, "chased", date(2026, 10, 20))
        case "head":
            head = open_case_record(by=by.actor, case=worked_on).head
            cases.change_case(
                by=by.actor, case=worked_on, head=head.content, read=head.revision, kind="family", worker=None
            )
        case "task":
            tasks.add_task(by=by.actor, case=worked_on, kind="ring_back", on=today(), what="Ring her school")
        case "closed":
            builders.closed(by.actor, worked_on)
        case "deadline":
            deadlines.set_deadline(
                by=by.actor,
                case=worked_on,
                rule="ftt.iac.appeal.in",
                on=date(2026, 11, 7),
                nation=Nation.ENGLAND_AND_WALES,
            )
    assert undo.would_stay(arrival) == (1, 0)
    done = undo.undo(by=by.actor, arrival=arrival)
    assert (done.cases, done.cases_kept, done.people) == (1, 1, 1)
    assert references(by) == {"T/0001"}
    [person] = Subject.objects.filter(kind="person")
    assert builders.cases_of(by, person) == [worked_on]
    assert found_names(by, "Bereket") == set()
    assert found_names(by, "Zehra") == {"Zehra Testname"}


def test_a_person_somebody_changed_stays_with_their_cases(by: Colleague) -> None:
    arrival = brought_in(by, sheets.sheet(ZEHRA, ZEHRA_AGAIN, BEREKET), same=True)
    zehra = next(one for one in Subject.objects.filter(kind="person") if len(builders.cases_of(by, one)) == 2)
    opened = people.open_person(by=by.actor, person=zehra)
    names = (*opened.identity.content.names, SpelledName(text="Zahra Testname"))
    change_identity(by=by.actor, person=zehra, identity=Identity(names=names), read=1, status=opened.status.content)
    done = undo.undo(by=by.actor, arrival=arrival)
    assert (done.cases, done.cases_kept, done.people) == (1, 2, 1)
    assert references(by) == {"T/0001", "T/0002"}


def test_a_case_opened_by_hand_for_somebody_it_brought_in_keeps_them(by: Colleague) -> None:
    arrival = brought_in(by, sheets.sheet(ZEHRA))
    person = Subject.objects.get(kind="person")
    builders.case(by, person, reference="H/0001")
    undo.undo(by=by.actor, arrival=arrival)
    assert "H/0001" in references(by)
    assert Subject.objects.filter(pk=person.pk).exists()


def test_events_added_to_known_cases_go_and_their_cases_stay(by: Colleague) -> None:
    brought_in(by, sheets.sheet(ZEHRA))
    due = Item.objects.values("kind", "day").get()
    second = brought_in(by, sheets.sheet({**ZEHRA, "Reply rec'd": "10/11/2026", "What HO said": "granted"}, BEREKET))
    assert Item.objects.values("kind", "day").exclude(team=None).count() == 2
    done = undo.undo(by=by.actor, arrival=second)
    assert (done.cases, done.events) == (1, 1)
    [case] = Case.objects.all()
    assert [event.kind for event in case.events.all()] == ["sent"]
    assert Item.objects.values("kind", "day").get() == due
    assert not Envelope.objects.filter(facet="entry").exists()


def test_an_event_corrected_since_stays(by: Colleague) -> None:
    brought_in(by, sheets.sheet(ZEHRA))
    second = brought_in(by, sheets.sheet({**ZEHRA, "Last chased": "20/10/2026"}))
    case = Case.objects.select_related("subject").get()
    events.correct_event(by=by.actor, case=case, event=case.events.get(kind="chased"), note="not theirs")
    assert undo.undo(by=by.actor, arrival=second).events == 0
    assert case.events.filter(kind="corrected").exists()


def test_a_first_letter_goes_with_the_import_that_brought_it(by: Colleague) -> None:
    brought_in(by, sheets.sheet(LEILA))
    second = brought_in(by, sheets.sheet({**LEILA, "Date sent": "05/11/2026", "Sent to": "minister"}))
    undo.undo(by=by.actor, arrival=second)
    case = Case.objects.get()
    assert not case.enquiries.exists()
    assert open_case_record(by=by.actor, case=case).head.content.enquiries == {}
    assert not Item.objects.exclude(kind="silence").exists()


def test_what_was_added_to_somebody_on_record_goes_back(by: Colleague) -> None:
    brought_in(by, sheets.sheet(ZEHRA))
    person = Subject.objects.get(kind="person")
    case = Case.objects.get()
    before = whole(by, person)
    more = {
        **ZEHRA_AGAIN,
        "Tel": "07700 900002",
        "HO ref / UAN": "1111-2222-3333-4444 / S7089061",
        "Notes": "text only",
    }
    second = brought_in(by, sheets.sheet(more), same=True)
    assert whole(by, person) != before
    assert safe_note(by, case) == "text only"
    done = undo.undo(by=by.actor, arrival=second)
    assert (done.cases, done.people, done.people_restored) == (1, 0, 1)
    assert whole(by, person) == before
    assert safe_note(by, case) == ""
    assert found_names(by, "S7089061") == set()
    assert found_names(by, "Zehra") == {"Zehra Testname"}
    _, steps = opening.open_history(by=by.actor, subject=person)
    assert {(one.content.facet, one.content.reason) for one in steps} >= {("contact", "import"), ("contact", "undone")}


@pytest.mark.parametrize("kept", ["with the person", "with the case"])
def test_a_paper_kept_since_keeps_the_record(by: Colleague, kept: str) -> None:
    arrival = brought_in(by, sheets.sheet(ZEHRA))
    person, case = Subject.objects.get(kind="person"), Case.objects.get()
    about = person if kept == "with the person" else case.subject
    keep_papers(by=by.actor, subject=about, sent=[Sent(b"A letter", "letter")])
    done = undo.undo(by=by.actor, arrival=arrival)
    assert (done.cases, done.cases_kept, done.people) == (0, 1, 0)
    assert opening.open_part(by=by.actor, subject=about, facet="papers").facets["papers"].content.papers


def test_a_facet_somebody_saved_since_keeps_what_was_added(by: Colleague) -> None:
    brought_in(by, sheets.sheet(ZEHRA))
    person = Subject.objects.get(kind="person")
    second = brought_in(by, sheets.sheet({**ZEHRA_AGAIN, "Tel": "07700 900002"}), same=True)
    opened = people.open_person(by=by.actor, person=person)
    contact = Contact(ways=opened.contact.content.ways, safe_note="text first")
    change_contact(by=by.actor, person=person, contact=contact, read=opened.contact.revision)
    undo.undo(by=by.actor, arrival=second)
    kept = people.open_person(by=by.actor, person=person)
    assert kept.contact.content == contact


def test_one_undo_takes_back_a_letter_and_a_note_of_one_case(by: Colleague) -> None:
    brought_in(by, sheets.sheet({**ZEHRA, "Date sent": "", "Sent to": "", "Subject": ""}))
    case = Case.objects.get()
    second = brought_in(by, sheets.sheet(ZEHRA, {**ZEHRA_AGAIN, "Notes": "text only"}), same=True)
    assert safe_note(by, case) == "text only"
    undo.undo(by=by.actor, arrival=second)
    assert safe_note(by, case) == ""
    assert open_case_record(by=by.actor, case=case).head.content.enquiries == {}


def test_an_earlier_import_leaves_what_a_later_one_added_to(by: Colleague) -> None:
    first = brought_in(by, sheets.sheet(ZEHRA, BEREKET))
    brought_in(by, sheets.sheet({**ZEHRA, "Last chased": "20/10/2026"}))
    done = undo.undo(by=by.actor, arrival=first)
    assert (done.cases, done.cases_kept) == (1, 1)
    assert references(by) == {"T/0001"}


def test_what_somebody_logs_while_it_is_undone_is_not_lost(by: Colleague, monkeypatch: pytest.MonkeyPatch) -> None:
    arrival = brought_in(by, sheets.sheet(ZEHRA))
    case = Case.objects.select_related("subject").get()
    opening = undo.open_outcome

    def meanwhile(**named: object) -> object:
        builders.event(by, case, "chased", date(2026, 10, 20))
        return opening(**named)  # type: ignore[arg-type]

    monkeypatch.setattr(undo, "open_outcome", meanwhile)
    with pytest.raises(Changed):
        undo.undo(by=by.actor, arrival=arrival)
    assert case.events.filter(kind="chased").exists()
    assert Arrival.objects.get(pk=arrival.pk).state == "done"


def test_a_running_import_is_not_undone(by: Colleague) -> None:
    arrival = staged(by, sheets.sheet(ZEHRA, ZEHRA_AGAIN))
    say_all_same(by, arrival)
    with pytest.raises(WrongState):
        undo.undo(by=by.actor, arrival=arrival)
    run(by, arrival)
    assert undo.undo(by=by.actor, arrival=arrival).people == 1
