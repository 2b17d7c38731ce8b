"""The sheet of next week: what it changed is written, what members changed stays, what is gone is said."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from safeconduct.accounts.keys import today
from safeconduct.casework import checks, queries
from safeconduct.casework.actions import arrivals, bring_in, cases, closing, finish, undo
from safeconduct.casework.arrivals.staged import Outcome
from safeconduct.casework.models import Arrival, Case, Event
from safeconduct.people import queries as people
from safeconduct.people.actions import change_contact
from safeconduct.people.models import Subject
from tests import builders
from tests.builders import Colleague, Office
from tests.support import sheets
from tests.support.importing import AS_OF, brought_in, run, staged

pytestmark = pytest.mark.django_db(transaction=True)
ZEHRA = {
    **{"Our ref": "T/0001", "Constituent": "Zehra Kaplan", "Tel": "07700 900101", "Case type": "Asylum - delay"},
    **{"Date sent": "01/10/2026", "Sent to": "MPAM", "Subject": "No decision", "Worker": "", "Notes": "first note"},
}
OTHER = {**ZEHRA, "Our ref": "T/0002", "Constituent": "Bereket Tesfay", "Tel": "07700 900102"}


@pytest.fixture
def place() -> Office:
    return builders.office()


@pytest.fixture
def by(place: Office) -> Colleague:
    return place.guardian


def week(by: Colleague, *rows: dict[str, str]) -> Outcome:
    """A sheet brought in; what is kept of it."""
    arrival = brought_in(by, sheets.sheet(*rows), rule="never")
    return arrivals.open_outcome(by=by.actor, arrival=Arrival.objects.get(pk=arrival.pk))


def head(by: Colleague) -> Any:
    case = Case.objects.select_related("subject", "team", "organisation").get()
    return queries.open_head(by=by.actor, case=case)


def test_what_the_sheet_changed_is_written(place: Office, by: Colleague) -> None:
    worker = builders.member(place, "Lowri Worker")
    week(by, ZEHRA)
    changed = {**ZEHRA, "Case type": "Family reunion", "Subject": "Asked again", "Worker": "Lowri", "Notes": "second"}
    outcome = week(by, {**changed, "Last chased": "20/10/2026"})
    case = Case.objects.get()
    assert (case.kind, case.worker) == ("family", worker.member)
    content = head(by).content
    [about] = content.enquiries.values()
    assert (content.exact_kind, content.note, about.subject) == ("Family reunion", "Notes: second", "Asked again")
    assert case.events.filter(kind="chased", on=date(2026, 10, 20)).exists()
    [said] = outcome.changes
    assert (said.our_ref, set(said.again.sets)) == ("T/0001", {"kind", "exact_kind", "subject", "worker", "note"})
    assert not said.again.kept
    assert checks.facts_against_log(place.organisation) == (0, 0)
    assert checks.agenda_disagreements(place.organisation) == 0


def test_what_a_member_changed_is_left_alone_and_said_row_by_row(place: Office, by: Colleague) -> None:
    week(by, ZEHRA)
    opened = head(by)
    case = Case.objects.select_related("subject", "team", "organisation").get()
    ours = msgspec.structs.replace(opened.content, note="What we know better")
    cases.change_case(by=by.actor, case=case, head=ours, read=opened.revision, kind="detention_removal", worker=None)
    outcome = week(by, {**ZEHRA, "Case type": "Family reunion", "Notes": "second", "Subject": "Asked again"})
    case.refresh_from_db()
    assert case.kind == "detention_removal"
    content = head(by).content
    assert content.note == "What we know better"
    assert next(iter(content.enquiries.values())).subject == "Asked again"
    [said] = outcome.changes
    assert set(said.again.kept) == {"kind", "note"}
    assert set(said.again.sets) == {"exact_kind", "subject"}
    # Said once: next week the sheet says nothing new.
    assert not week(by, {**ZEHRA, "Case type": "Family reunion", "Notes": "second", "Subject": "Asked again"}).changes


def test_what_is_new_of_the_person_is_added_and_what_was_taken_out_stays_out(by: Colleague) -> None:
    week(by, ZEHRA)
    person = Subject.objects.get(kind="person")
    contact = people.open_person(by=by.actor, person=person).contact
    gone = msgspec.structs.replace(contact.content, ways=())
    change_contact(by=by.actor, person=person, contact=gone, read=contact.revision)
    outcome = week(by, {**ZEHRA, "Tel": "07700 900101; 07700 900555", "Constituent": "Zehra Kaplan"})
    ways = people.open_person(by=by.actor, person=person).contact.content.ways
    assert [way.value for way in ways] == ["07700 900555"]
    assert outcome.changes[0].again.person == ("phone",)
    # Another spelling of the name is added, and found by.
    week(by, {**ZEHRA, "Tel": "07700 900101; 07700 900555", "Constituent": "Zahra Qaplan"})
    names = people.open_person(by=by.actor, person=person).identity.content.names
    assert [name.text for name in names] == ["Zehra Kaplan", "Zahra Qaplan"]


def test_a_day_the_sheet_corrected_is_corrected(by: Colleague) -> None:
    week(by, ZEHRA)
    week(by, {**ZEHRA, "Date sent": "03/10/2026"})
    events = list(Case.objects.get().events.order_by("pk"))
    assert [(one.kind, one.on.day) for one in events] == [("sent", 1), ("corrected", 1), ("sent", 3)]
    assert events[1].corrects == events[0]


def test_rows_that_are_gone_are_said_and_nothing_of_them_is_deleted(by: Colleague) -> None:
    week(by, ZEHRA, OTHER)
    before = Event.objects.count(), Case.objects.count(), Subject.objects.count()
    assert week(by, ZEHRA).gone == ("T/0002",)
    assert (Event.objects.count(), Case.objects.count(), Subject.objects.count()) == before
    assert week(by, ZEHRA).gone == ()  # said once
    assert week(by, ZEHRA, {**OTHER, "Subject": "It is back"}).changes[0].again.sets == ("subject",)


def test_a_closed_case_is_left_as_it_is(by: Colleague) -> None:
    week(by, ZEHRA)
    case = Case.objects.select_related("subject", "team", "organisation").get()
    closing.close_case(by=by.actor, case=case, outcome="got_it", on=today(), review_on=today() + timedelta(days=400))
    assert not week(by, {**ZEHRA, "Subject": "Another", "Case type": "Family reunion"}).changes
    assert Case.objects.get().kind == "asylum"


def test_it_is_foretold_before_anything_is_brought_in(by: Colleague) -> None:
    week(by, ZEHRA, OTHER)
    arrival = staged(by, sheets.sheet({**ZEHRA, "Subject": "Another"}), rule="never")
    opened, _ = arrivals.open_arrival(by=by.actor, arrival=arrival)
    arrivals.compare_again(by=by.actor, arrival=arrival, staged=opened)
    found = arrivals.open_arrival(by=by.actor, arrival=arrival)[0].found
    assert found is not None
    assert {row: again.sets for row, again in found.again.items()} == {2: ("subject",)}
    assert found.gone == ("T/0002",)
    run(by, arrival)
    assert next(iter(head_of(by, "T/0001").enquiries.values())).subject == "Another"


def test_undone_it_is_all_as_it_was(place: Office, by: Colleague) -> None:
    week(by, ZEHRA)
    builders.member(place, "Lowri Worker")
    before, stood = head(by).content, Case.objects.values("kind", "worker").get()
    changed = {**ZEHRA, "Case type": "Family reunion", "Subject": "Asked again", "Worker": "Lowri", "Notes": "second"}
    arrival = brought_in(by, sheets.sheet({**changed, "Date sent": "03/10/2026"}), rule="never")
    assert head(by).content != before
    undo.undo(by=by.actor, arrival=Arrival.objects.get(pk=arrival.pk))
    assert head(by).content == before
    assert Case.objects.values("kind", "worker").get() == stood
    assert [one.kind for one in Event.objects.all()] == ["sent"]
    assert checks.facts_against_log(place.organisation) == (0, 0)
    assert checks.agenda_disagreements(place.organisation) == 0
    # And the next sheet is compared with the one before it again.
    assert set(week(by, changed).changes[0].again.sets) == {"kind", "exact_kind", "subject", "worker", "note"}


def test_an_end_that_fails_changes_no_case(by: Colleague, monkeypatch: pytest.MonkeyPatch) -> None:
    week(by, ZEHRA)
    arrival = staged(by, sheets.sheet({**ZEHRA, "Subject": "Another", "Case type": "Family reunion"}), rule="never")
    bring_in.start(by=by.actor, arrival=arrival)
    with monkeypatch.context() as patched:
        patched.setattr(finish, "record_write", lambda **_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            bring_in.go_on(by=by.actor, arrival=arrival, seconds=600)
    assert Case.objects.get().kind == "asylum"
    assert AS_OF
    again = Arrival.objects.get(pk=arrival.pk)
    assert bring_in.go_on(by=by.actor, arrival=again, seconds=600).finished
    assert Case.objects.get().kind == "family"


def head_of(by: Colleague, reference: str) -> Any:
    heads = queries.open_heads(by=by.actor, cases=list(Case.objects.select_related("subject")))
    return next(one for one in heads.values() if one.our_reference == reference)
