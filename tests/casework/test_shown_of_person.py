"""What a case shows of a person follows the person's record."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from django.db import transaction
from django.urls import reverse

from safeconduct.accounts.actions.office import Days
from safeconduct.accounts.faults import DaysOutOfRange
from safeconduct.accounts.policies import Refused
from safeconduct.agenda.models import Item
from safeconduct.casework import queries as casework
from safeconduct.casework.actions import cases
from safeconduct.casework.actions import office as office_actions
from safeconduct.casework.models import Case
from safeconduct.core.names.index import Delta
from safeconduct.core.sealing import envelopes
from safeconduct.core.sealing.envelopes import Place
from safeconduct.journal.actions import record_writes
from safeconduct.journal.commitments import Written
from safeconduct.journal.models import READING_ACTS, Act, Entry
from safeconduct.people import index as people_index
from safeconduct.people import journaling, tokens
from safeconduct.people import queries as people
from safeconduct.people.actions import change_contact, change_identity
from safeconduct.people.facets import VERSIONS, Concerns, Contact, Identity, Role, SpelledName
from safeconduct.people.keys import hold
from safeconduct.people.models import Envelope, Subject
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)


def shown(by: builders.Colleague, case: Case) -> tuple[str, str]:
    [concerned] = casework.open_case_record(by=by.actor, case=case).concerned
    return concerned.name, concerned.safe_note


def change(by: builders.Colleague, somebody: Subject, *, first: str, note: str) -> None:
    record = people.open_person(by=by.actor, person=somebody)
    identity, contact, status = record.identity, record.contact, record.status
    names = (SpelledName(text=first, by_person=True), *identity.content.names)
    more = Identity(names=names)
    change_identity(by=by.actor, person=somebody, identity=more, read=identity.revision, status=status.content)
    change_contact(by=by.actor, person=somebody, contact=Contact(safe_note=note), read=contact.revision)


def test_another_first_name_and_another_note_show_on_every_case_and_list() -> None:
    place = builders.office()
    by = place.guardian
    somebody = builders.person(by, "Fatima Rahimi", safe_note="Text first")
    cases = [builders.case(by, somebody, reference=f"IM/{number}") for number in range(2)]
    change(by, somebody, first="فاطمه رحیمی", note="Never ring")
    for case in cases:
        assert shown(by, case) == ("فاطمه رحیمی", "Never ring")
    listed = casework.open_listed(by=by.actor, cases=cases)
    assert [one.name for row in listed for one in row.concerned] == ["فاطمه رحیمی"] * 2


def test_a_change_to_a_person_writes_their_record_and_no_case() -> None:
    place = builders.office()
    by = place.guardian
    somebody = builders.person(by, safe_note="Text first")
    case = builders.case(by, somebody)
    heads = dict(Envelope.objects.filter(subject=case.subject).values_list("handle", "revision"))
    last = Entry.objects.latest("id").pk
    change(by, somebody, first="فاطمه رحیمی", note="Never ring")
    written = (
        Entry.objects.filter(pk__gt=last).exclude(act__in=READING_ACTS | {Act.INDEXED}).values_list("act", flat=True)
    )
    assert list(written) == ["changed_person", "changed_person"]
    assert dict(Envelope.objects.filter(subject=case.subject).values_list("handle", "revision")) == heads


def test_opening_a_case_writes_nothing_of_the_persons() -> None:
    by = builders.office().guardian
    somebody = builders.person(by)
    before = list(Envelope.objects.filter(subject=somebody).order_by("id").values())
    last = Entry.objects.latest("id").pk
    case = builders.case(by, somebody)
    assert list(Envelope.objects.filter(subject=somebody).order_by("id").values()) == before
    [entry] = Entry.objects.filter(pk__gt=last).exclude(act__in=READING_ACTS | {Act.INDEXED})
    assert entry.act == "added_case"
    written = {one.envelope for one in entry.commitments.all()}
    assert set(Envelope.objects.filter(subject=case.subject).values_list("handle", flat=True)) <= written
    assert not written & {one["handle"] for one in before}


def test_a_case_of_somebody_nobody_here_holds_shows_and_says_so() -> None:
    place = builders.office()
    by = place.guardian
    elsewhere = builders.team(place)
    somebody = builders.person(by, "Fatima Rahimi", team=elsewhere)
    worker = builders.member(place)
    case = builders.case(by, builders.person(by, "Zehra Testname", team=place.team))
    head = casework.open_head(by=by.actor, case=case)
    more = msgspec.structs.replace(
        head.content, concerns=(*head.content.concerns, Concerns(person=somebody.handle.hex, role=Role.SPONSOR))
    )
    cases.change_case(by=by.actor, case=case, head=more, read=head.revision, kind=case.kind, worker=None)
    opened = casework.open_case_record(by=worker.actor, case=case)
    assert [(one.name, one.role) for one in opened.concerned] == [("Zehra Testname", "constituent"), ("", "sponsor")]
    assert builders.cases_of(by, somebody) == [case]
    assert "Fatima" not in worker.client.get(reverse("case", args=[case.handle])).content.decode()


@pytest.mark.parametrize("reference", ["", "IM/0001"])
def test_a_case_is_found_by_everybody_it_comes_to_concern(reference: str) -> None:
    by = builders.office().guardian
    first, second = builders.person(by, "Zehra Testname"), builders.person(by, "Fatima Rahimi")
    case = builders.case(by, first, reference=reference)
    head = casework.open_head(by=by.actor, case=case)
    both = msgspec.structs.replace(head.content, concerns=(*head.content.concerns, Concerns(person=second.handle.hex)))
    cases.change_case(by=by.actor, case=case, head=both, read=head.revision, kind=case.kind, worker=None)
    assert builders.cases_of(by, first) == builders.cases_of(by, second) == [case]
    only = msgspec.structs.replace(head.content, concerns=both.concerns[1:])
    cases.change_case(by=by.actor, case=case, head=only, read=head.revision + 1, kind=case.kind, worker=None)
    assert (builders.cases_of(by, first), builders.cases_of(by, second)) == ([], [case])


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


def as_version_1(by: builders.Colleague, subject: Subject, facet: str, plain: dict[str, object]) -> None:
    """Put a facet as the first version wrote it in the place of the one there is, and log it as that version did."""
    keyed = hold(by.actor, subject)
    envelope = Envelope.objects.get(subject=subject, facet=facet)
    envelope.schema, envelope.revision = 1, envelope.revision + 1
    place = Place(
        organisation=keyed.organisation,
        subject=subject.handle.hex,
        facet=facet,
        schema=1,
        generation=envelope.generation,
        revision=envelope.revision,
    )
    key = envelopes.facet_key(keyed.key, facet, envelope.generation)
    envelope.body = envelopes.seal(key, msgspec.msgpack.encode(plain), place)
    written = Written(envelope.handle, envelope.revision, envelopes.digest(envelope.body))
    with transaction.atomic():
        envelope.save()
        record_writes([journaling.wrote(by.actor, keyed, Act.CHANGED_CASE, [written])])


def test_records_of_version_1_still_show_their_cases() -> None:
    by = builders.office().guardian
    somebody = builders.person(by, "فاطمه رحیمی", safe_note="Text first")
    case = builders.case(by, somebody)
    head = casework.open_head(by=by.actor, case=case).content
    as_version_1(
        by,
        case.subject,
        Envelope.Facet.HEAD,
        {
            "our_reference": head.our_reference,
            "concerns": [{"person": somebody.handle.hex, "shown_name": "Somebody before", "safe_note": "Before"}],
        },
    )
    as_version_1(by, somebody, Envelope.Facet.LINKS, {"cases": [case.handle.hex]})
    with transaction.atomic():
        people_index.add(by.actor, by.actor.teams[0], Delta(add={case.subject_id: tokens.of_own_reference("IM/0001")}))
    assert builders.cases_of(by, somebody) == [case]
    assert shown(by, case) == ("فاطمه رحیمی", "Text first")
    opened = casework.open_head(by=by.actor, case=case)
    cases.change_case(by=by.actor, case=case, head=opened.content, read=opened.revision, kind=case.kind, worker=None)
    assert Envelope.objects.get(subject=case.subject, facet="head").schema == VERSIONS[Envelope.Facet.HEAD]
    found = people_index.opened(by.actor, by.actor.teams[0])
    assert found.having(tokens.of_concerned([somebody.handle.hex])) == {case.subject_id}
