"""Who is around a case: several people in their roles, and those who have no record of their own."""

import msgspec
import pytest

from safeconduct.casework import queries
from safeconduct.casework.actions import around
from safeconduct.casework.faults import AlreadyAround, NobodyLeft, NoSuchRole
from safeconduct.people import queries as people
from safeconduct.people.facets import Concerns, Outside
from safeconduct.people.records import Changed
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lowri():
    return builders.member(builders.office())


def head_of(by, case):
    return queries.open_head(by=by.actor, case=case)


def opened(by, person):
    return people.open_person(by=by.actor, person=person)


def add(by, case, person, role="dependant"):
    around.add_person(by=by.actor, case=case, head=head_of(by, case), person=opened(by, person), role=role)


def roles(by, case):
    return [(one.person, one.role) for one in head_of(by, case).content.concerns]


def change(by, case, concerns, outside=()):
    head = head_of(by, case)
    around.change_around(by=by.actor, case=case, head=head, concerns=concerns, outside=outside, read=head.revision)


def test_a_case_begins_with_its_constituent(lowri):
    person = builders.person(lowri)
    assert roles(lowri, builders.case(lowri, person)) == [(person.handle.hex, "constituent")]


def test_somebody_is_added_in_a_role_and_their_record_leads_to_the_case(lowri):
    mother, child = builders.person(lowri, "Zehra Karimi"), builders.person(lowri, "Dilovan Karimi")
    case = builders.case(lowri, mother)
    add(lowri, case, child)
    assert roles(lowri, case) == [(mother.handle.hex, "constituent"), (child.handle.hex, "dependant")]
    assert builders.cases_of(lowri, child) == [case]


def test_nobody_is_added_twice_or_as_nothing_known(lowri):
    person = builders.person(lowri)
    case = builders.case(lowri, person)
    with pytest.raises(AlreadyAround):
        add(lowri, case, person)
    with pytest.raises(NoSuchRole):
        add(lowri, case, builders.person(lowri), role="king")
    assert len(roles(lowri, case)) == 1


def test_roles_and_order_change_and_somebody_leaves(lowri):
    mother, child, uncle = (builders.person(lowri, name) for name in ("Zehra Karimi", "Dilovan Karimi", "Aram Karimi"))
    case = builders.case(lowri, mother)
    add(lowri, case, child)
    add(lowri, case, uncle, role="sponsor")
    one, two, _gone = head_of(lowri, case).content.concerns
    solicitor = Outside(role="solicitor", name="Rhys Made-Up", organisation="Harbour Law", reach="01632 960001")
    change(
        lowri,
        case,
        [msgspec.structs.replace(two, role="applicant"), one],
        [solicitor],
    )
    assert roles(lowri, case) == [(child.handle.hex, "applicant"), (mother.handle.hex, "constituent")]
    assert head_of(lowri, case).content.outside == (solicitor,)
    assert builders.cases_of(lowri, uncle) == []
    assert builders.cases_of(lowri, child) == [case]


def test_a_case_keeps_somebody(lowri):
    case = builders.case(lowri, builders.person(lowri))
    with pytest.raises(NobodyLeft):
        change(lowri, case, [])


def test_a_change_brings_nobody_in(lowri):
    case = builders.case(lowri, builders.person(lowri))
    slipped = msgspec.structs.replace(
        head_of(lowri, case).content.concerns[0], person=builders.person(lowri).handle.hex
    )
    assert isinstance(slipped, Concerns)
    with pytest.raises(ValueError):
        change(lowri, case, [slipped])


def test_two_who_add_at_once_lose_nothing_and_leave_no_half(lowri):
    case = builders.case(lowri, builders.person(lowri))
    head = head_of(lowri, case)
    first, second = builders.person(lowri), builders.person(lowri)
    for person in (first, second):
        record = opened(lowri, person)
        if person is first:
            around.add_person(by=lowri.actor, case=case, head=head, person=record, role="sponsor")
            continue
        with pytest.raises(Changed):
            around.add_person(by=lowri.actor, case=case, head=head, person=record, role="sponsor")
    assert len(roles(lowri, case)) == 2
    assert builders.cases_of(lowri, second) == []
