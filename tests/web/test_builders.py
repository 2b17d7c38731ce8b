"""The builders make what they say they make."""

from __future__ import annotations

from datetime import date

import pytest

from safeconduct.casework import queries as casework
from safeconduct.people import queries as people
from tests import builders

pytestmark = pytest.mark.django_db


def test_a_colleague_opens_what_their_team_holds() -> None:
    place = builders.office()
    worker = builders.member(place)
    somebody = builders.person(worker, "محمد رحیمی", "Mohammad Rahimi", safe_note="Not at home")
    case = builders.case(worker, somebody, sent_on=date(2026, 10, 1))
    record = casework.open_case_record(by=worker.actor, case=casework.find_case(worker.actor, case.handle))
    assert record.concerned[0].name == "محمد رحیمی"
    assert [event.kind for event in record.events] == ["sent", "came_in"]
    assert people.open_person(by=place.guardian.actor, person=somebody).contact.content.safe_note == "Not at home"


def test_another_office_is_another_organisation() -> None:
    place, elsewhere = builders.office(), builders.other_office()
    assert place.organisation != elsewhere.organisation
    assert builders.person(elsewhere.guardian).organisation == elsewhere.organisation
