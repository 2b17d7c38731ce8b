"""The end of an import: what is new shows, and what was here before gets what the sheet adds."""

from __future__ import annotations

from datetime import date

import pytest

from safeconduct.agenda.models import Item
from safeconduct.casework.actions import arrivals, bring_in, events, undo
from safeconduct.casework.faults import RecordsMoved
from safeconduct.casework.models import Arrival, Case, Event
from safeconduct.casework.queries import CaseRecord, open_case_record
from safeconduct.people import queries as people
from safeconduct.people.actions import change_contact
from safeconduct.people.facets import Contact
from safeconduct.people.models import Subject
from safeconduct.people.queries import PersonRecord
from tests import builders
from tests.builders import Colleague
from tests.support import sheets
from tests.support.importing import brought_in, found_names, references, run, say_all_same, staged
from tests.support.sheets import BEREKET, LEILA, ZEHRA, ZEHRA_AGAIN

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def by() -> Colleague:
    return builders.office().guardian


def record(by: Colleague, case: Case) -> CaseRecord:
    return open_case_record(by=by.actor, case=case)


def case_of(by: Colleague, reference: str) -> Case:
    """The case with one of our own references."""
    for case in Case.objects.select_related("subject"):
        if record(by, case).head.content.our_reference == reference:
            return case
    raise LookupError(reference)


def person_of(by: Colleague, case: Case) -> PersonRecord:
    """The record of whom a case concerns."""
    handle = record(by, case).head.content.concerns[0].person
    return people.open_person(by=by.actor, person=Subject.objects.get(handle=handle))


def happened(case: Case) -> list[tuple[str, date]]:
    return list(case.events.order_by("on", "id").values_list("kind", "on"))


def test_a_row_becomes_a_person_a_case_and_a_letter_with_its_clock(by: Colleague) -> None:
    lowri = builders.member(builders.Office(by.actor.organisation, by, by.actor.teams[0]), "Lowri Worker")
    brought_in(by, sheets.sheet({**ZEHRA, "Last chased": "15/11/2026"}))
    case = Case.objects.get()
    head = record(by, case).head.content
    assert (case.kind, case.worker, case.opened_on) == ("asylum", lowri.member, date(2026, 10, 1))
    assert (head.our_reference, head.exact_kind) == ("T/0001", "Asylum")
    [enquiry] = case.enquiries.all()
    assert enquiry.route == "ho_mp_urgent"
    assert head.enquiries[enquiry.handle.hex].sent_to == "MP urgent enquiries"
    assert happened(case) == [("sent", date(2026, 10, 1)), ("chased", date(2026, 11, 15))]
    person = person_of(by, case)
    assert [one.text for one in person.identity.content.names] == ["Zehra Testname"]
    assert [(one.year, one.month, one.day) for one in person.identity.content.births] == [(1987, 3, 3)]
    assert [one.value for one in person.status.content.references] == ["1111-2222-3333-4444"]
    assert {one.kind: one.value for one in person.contact.content.ways} == {
        "phone": "07700 900001",
        "postcode": "ZZ1 1AA",
    }
    assert builders.cases_of(by, person.subject) == [case]
    assert Item.objects.get().worker_id == lowri.member.pk


def test_a_row_without_a_letter_is_a_person_and_a_case(by: Colleague) -> None:
    brought_in(by, sheets.sheet(LEILA))
    case = Case.objects.get()
    assert not case.enquiries.exists()
    assert not Item.objects.exclude(kind="silence").exists()
    assert found_names(by, "leila") == {"لیلا آزمایشی"}


def test_a_safe_contact_note_of_one_row_stands_on_every_case_of_the_person(by: Colleague) -> None:
    warned = {**ZEHRA_AGAIN, "Notes": "do not ring, partner answers"}
    brought_in(by, sheets.sheet(ZEHRA, warned), same=True)
    notes = {record(by, case).concerned[0].safe_note for case in Case.objects.all()}
    assert notes == {"do not ring, partner answers"}


def test_a_birth_that_cannot_be_read_is_kept_as_the_office_wrote_it(by: Colleague) -> None:
    brought_in(by, sheets.sheet({**ZEHRA, "DOB": "summer of the flood"}))
    case = Case.objects.get()
    assert "DOB: summer of the flood" in record(by, case).head.content.note
    assert person_of(by, case).identity.content.births == ()


def test_next_weeks_sheet_adds_only_what_is_new(by: Colleague) -> None:
    brought_in(by, sheets.sheet(ZEHRA, BEREKET))
    before = set(Case.objects.values_list("pk", flat=True))
    answered = {**ZEHRA, "Last chased": "20/10/2026", "Reply rec'd": "10/11/2026", "What HO said": "will reply soon"}
    second = brought_in(by, sheets.sheet(answered, BEREKET, LEILA))
    assert references(by) == {"T/0001", "T/0003", "T/0004"}
    assert set(Case.objects.exclude(pk__in=before).values_list("arrival", flat=True)) == {second.pk}
    case = case_of(by, "T/0001")
    assert happened(case) == [
        ("sent", date(2026, 10, 1)),
        ("chased", date(2026, 10, 20)),
        ("holding_reply", date(2026, 11, 10)),
    ]
    reply = case.events.get(kind="holding_reply")
    assert record(by, case).notes[reply.handle] == "will reply soon"
    third = brought_in(by, sheets.sheet(answered, BEREKET, LEILA))
    assert not third.cases.exists()
    assert not third.events.exists()


@pytest.mark.parametrize("reference", ["t/0001", " T / 0001 ", "T-0001"])
def test_our_own_reference_is_the_same_however_it_is_typed(by: Colleague, reference: str) -> None:
    brought_in(by, sheets.sheet(ZEHRA))
    brought_in(by, sheets.sheet({**ZEHRA, "Our ref": reference}))
    assert Case.objects.count() == 1


@pytest.mark.parametrize("row", [ZEHRA, LEILA], ids=["sent", "not-sent"])
def test_without_a_reference_of_our_own_a_row_is_known_by_what_it_says(by: Colleague, row: dict[str, str]) -> None:
    nameless = {**row, "Our ref": ""}
    brought_in(by, sheets.sheet(nameless))
    brought_in(by, sheets.sheet(nameless, BEREKET))
    assert Case.objects.count() == 2


def test_nothing_is_added_to_a_case_that_was_closed(by: Colleague) -> None:
    brought_in(by, sheets.sheet(ZEHRA))
    case = Case.objects.get()
    builders.closed(by.actor, case)
    before = happened(case)
    brought_in(by, sheets.sheet({**ZEHRA, "Last chased": "20/10/2026"}))
    assert happened(case) == before


def test_what_somebody_corrected_is_not_logged_again(by: Colleague) -> None:
    brought_in(by, sheets.sheet({**ZEHRA, "Last chased": "20/10/2026"}))
    case = Case.objects.select_related("subject").get()
    events.correct_event(by=by.actor, case=case, event=case.events.get(kind="chased"), note="another person's")
    brought_in(by, sheets.sheet({**ZEHRA, "Last chased": "20/10/2026"}))
    assert Event.objects.filter(kind="chased").count() == 1


def test_a_letter_written_since_starts_the_clock_of_a_known_case(by: Colleague) -> None:
    brought_in(by, sheets.sheet(LEILA))
    brought_in(by, sheets.sheet({**LEILA, "Date sent": "05/11/2026", "Sent to": "minister", "Subject": "eVisa"}))
    case = Case.objects.get()
    [enquiry] = case.enquiries.all()
    about = record(by, case).head.content.enquiries[enquiry.handle.hex]
    assert (enquiry.route, about.subject, about.sent_to) == ("ho_minister", "eVisa", "minister")
    assert happened(case) == [("sent", date(2026, 11, 5))]
    assert Item.objects.get().handle == enquiry.handle


def test_somebody_on_record_gets_the_case_the_spelling_and_the_reference(by: Colleague) -> None:
    first = brought_in(by, sheets.sheet(ZEHRA))
    person = Subject.objects.get(kind="person")
    brought_in(by, sheets.sheet({**ZEHRA_AGAIN, "Tel": "07700 900002"}), same=True)
    opened = people.open_person(by=by.actor, person=person)
    assert Subject.objects.filter(kind="person").count() == 1
    assert [one.text for one in opened.identity.content.names] == ["Zehra Testname", "TESTNAME, Zehra"]
    assert [one.value for one in opened.contact.content.ways] == ["07700 900001", "ZZ1 1AA", "07700 900002"]
    assert set(builders.cases_of(by, person)) == set(Case.objects.all())
    assert first.cases.count() == 1
    assert found_names(by, "testname zehra") == {"Zehra Testname"}


def test_a_note_the_sheet_adds_about_somebody_on_record_reaches_their_other_cases(by: Colleague) -> None:
    brought_in(by, sheets.sheet(ZEHRA))
    brought_in(by, sheets.sheet({**ZEHRA_AGAIN, "Notes": "text only"}), same=True)
    notes = [record(by, case).concerned[0].safe_note for case in Case.objects.all()]
    assert notes == ["text only", "text only"]


def test_a_note_written_while_the_import_runs_stands_on_its_cases(by: Colleague) -> None:
    brought_in(by, sheets.sheet(ZEHRA))
    case = Case.objects.select_related("subject").get()
    arrival = staged(by, sheets.sheet(ZEHRA_AGAIN))
    say_all_same(by, arrival)
    bring_in.start(by=by.actor, arrival=arrival)
    opened = person_of(by, case)
    change_contact(by=by.actor, person=opened.subject, contact=Contact(safe_note="never post"), read=1)
    assert bring_in.go_on(by=by.actor, arrival=arrival, seconds=600).finished
    notes = [record(by, one).concerned[0].safe_note for one in Case.objects.all()]
    assert notes == ["never post", "never post"]


def test_one_sheet_adds_a_first_letter_and_a_note_to_one_person(by: Colleague) -> None:
    zehra = {**ZEHRA, "Date sent": "", "Sent to": "", "Subject": ""}
    brought_in(by, sheets.sheet(zehra))
    brought_in(by, sheets.sheet(ZEHRA, {**ZEHRA_AGAIN, "Notes": "text only"}), same=True)
    opened = record(by, case_of(by, "T/0001"))
    assert opened.concerned[0].safe_note == "text only"
    assert [one.subject for one in opened.head.content.enquiries.values()] == ["Delay"]


def test_several_rows_of_one_person_on_record_are_added_together(by: Colleague) -> None:
    brought_in(by, sheets.sheet(ZEHRA))
    third = {**ZEHRA, "Our ref": "T/0030", "Constituent": "Zahra Testname"}
    arrival = staged(by, sheets.sheet(ZEHRA_AGAIN, third))
    say_all_same(by, arrival)
    run(by, arrival)
    assert Subject.objects.filter(kind="person").count() == 1
    assert len(builders.cases_of(by, Subject.objects.get(kind="person"))) == 3


def test_somebody_taken_away_while_the_import_runs_stops_it_with_what_to_do(by: Colleague) -> None:
    first = brought_in(by, sheets.sheet(ZEHRA))
    arrival = staged(by, sheets.sheet(ZEHRA_AGAIN))
    say_all_same(by, arrival)
    bring_in.start(by=by.actor, arrival=arrival)
    undo.undo(by=by.actor, arrival=first)
    with pytest.raises(RecordsMoved):
        bring_in.go_on(by=by.actor, arrival=arrival, seconds=600)
    again = Arrival.objects.get(pk=arrival.pk)
    assert again.state == "running"
    assert references(by) == set()
    arrivals.cancel(by=by.actor, arrival=again)
    assert not Subject.objects.exists()
