"""What a case shows of a person follows the person's record."""

from __future__ import annotations

from datetime import date

import pytest

from safeconduct.accounts.actions.office import Days
from safeconduct.accounts.faults import DaysOutOfRange
from safeconduct.accounts.policies import Refused
from safeconduct.agenda.models import Item
from safeconduct.casework import queries as casework
from safeconduct.casework.actions import office as office_actions
from safeconduct.casework.actions import people as actions
from safeconduct.journal.models import Entry
from safeconduct.people import queries as people
from safeconduct.people.facets import Contact, Identity, SpelledName
from safeconduct.people.records import Changed
from tests import builders

pytestmark = pytest.mark.django_db


def shown(by: builders.Colleague, case: object) -> tuple[str, str]:
    record = casework.open_case_record(by=by.actor, case=case)  # type: ignore[arg-type]
    [concerns] = record.head.content.concerns
    return concerns.shown_name, concerns.safe_note


def test_another_first_name_and_another_note_reach_every_case() -> None:
    place = builders.office()
    by = place.guardian
    somebody = builders.person(by, "Fatima Rahimi", safe_note="Text first")
    cases = [builders.case(by, somebody, reference=f"IM/{number}") for number in range(2)]
    record = people.open_person(by=by.actor, person=somebody)
    names = (SpelledName(text="فاطمه رحیمی", by_person=True), *record.identity.content.names)
    actions.change_identity(by=by.actor, record=record, identity=Identity(names=names), read=1)
    record = people.open_person(by=by.actor, person=somebody)
    actions.change_contact(by=by.actor, record=record, contact=Contact(safe_note="Never ring"), read=1)
    for case in cases:
        assert shown(by, case) == ("فاطمه رحیمی", "Never ring")
        assert casework.open_case_record(by=by.actor, case=case).head.content.our_reference.startswith("IM/")


def test_a_record_saved_in_between_changes_nothing_on_the_cases() -> None:
    place = builders.office()
    by = place.guardian
    somebody = builders.person(by)
    case = builders.case(by, somebody)
    record = people.open_person(by=by.actor, person=somebody)
    actions.change_contact(by=by.actor, record=record, contact=Contact(safe_note="First"), read=1)
    with pytest.raises(Changed):
        actions.change_contact(by=by.actor, record=record, contact=Contact(safe_note="Second"), read=1)
    assert shown(by, case)[1] == "First"


def test_what_does_not_show_on_a_case_writes_no_case() -> None:
    place = builders.office()
    by = place.guardian
    somebody = builders.person(by)
    builders.case(by, somebody)
    before = Entry.objects.filter(act="changed_case").count()
    record = people.open_person(by=by.actor, person=somebody)
    names = (*record.identity.content.names, SpelledName(text="Fatema Rahimy", source="Home Office letter"))
    actions.change_identity(by=by.actor, record=record, identity=Identity(names=names), read=1)
    assert Entry.objects.filter(act="changed_case").count() == before


def test_the_offices_days_move_what_is_due_by_them() -> None:
    place = builders.office()
    by = place.guardian
    builders.case(by, builders.person(by), route="other", sent_on=date(2026, 10, 1))
    before = Item.objects.get().day
    office_actions.set_office_days(by=by.actor, days=Days(first_letter=2, follow_up=20, chase=5, tell=2))
    after = Item.objects.get().day
    assert after > before
    assert Entry.objects.filter(act="office_days_set").count() == 1
    with pytest.raises(DaysOutOfRange):
        office_actions.set_office_days(by=by.actor, days=Days(first_letter=0, follow_up=20, chase=5, tell=2))
    worker = builders.member(place)
    with pytest.raises(Refused):
        office_actions.set_office_days(by=worker.actor, days=Days(first_letter=1, follow_up=1, chase=1, tell=1))
