"""A history is kept by whoever writes a facet, whatever the act: at the desk, by an import, by taking one back."""

import msgspec
import pytest
from django.db import transaction

from safeconduct.journal.actions import record_writes
from safeconduct.journal.models import Act, Entry
from safeconduct.people import checks, facets, journaling, opening
from safeconduct.people.actions import change_contact, change_identity
from safeconduct.people.actions.strike import strike_step
from safeconduct.people.facets import Contact, Identity, Links, SpelledName, Status
from safeconduct.people.history import Why, item_of
from safeconduct.people.keys import NotHeld, hold
from safeconduct.people.models import Envelope
from safeconduct.people.policies import Refused
from safeconduct.people.records import Changed, write_facet
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office():
    return builders.office()


@pytest.fixture
def lowri(office):
    return builders.member(office)


@pytest.fixture
def someone(lowri):
    return builders.person(lowri, "Nasrin Karimi", safe_note="Text only")


def named(text):
    return Identity(names=(SpelledName(text=text),))


def steps(by, subject):
    return [one.content for one in opening.open_history(by=by.actor, subject=subject)[1]]


def rename(by, subject, text, *, read, **why):
    change_identity(by=by.actor, person=subject, identity=named(text), read=read, status=Status(), why=Why(**why))


def test_a_step_says_what_it_was_who_changed_it_and_why(lowri, someone):
    rename(lowri, someone, "Nasreen Karimi", read=1, reason="paper", said="Her passport")
    (step,) = steps(lowri, someone)
    before = facets.decode(step.facet, step.schema, step.before)
    assert before.names[0].text == "Nasrin Karimi"
    assert (step.facet, step.revision, step.member) == ("identity", 1, lowri.member.handle.hex)
    assert (step.reason, step.said) == ("paper", "Her passport")


def test_steps_come_newest_first(lowri, someone):
    rename(lowri, someone, "Second", read=1)
    change_contact(by=lowri.actor, person=someone, contact=Contact(), read=1)
    rename(lowri, someone, "Third", read=2)
    assert [(step.facet, step.revision) for step in steps(lowri, someone)] == [
        ("identity", 2),
        ("contact", 1),
        ("identity", 1),
    ]


def test_the_step_is_committed_in_the_entry_of_the_change(office, lowri, someone):
    rename(lowri, someone, "Nasreen Karimi", read=1)
    entry = Entry.objects.filter(act=Act.CHANGED_PERSON).latest("id")
    step = Envelope.objects.get(subject=someone, facet="history")
    assert step.handle in set(entry.commitments.values_list("envelope", flat=True))
    assert entry.commitments.count() == 2
    assert list(checks.envelopes_not_as_logged(office.organisation)) == []


def test_a_step_is_sealed_under_its_own_record(lowri, someone):
    rename(lowri, someone, "Nasreen Karimi", read=1)
    assert b"Nasrin" not in bytes(Envelope.objects.get(subject=someone, facet="history").body)


def test_links_and_copies_leave_no_step(lowri, someone):
    keyed = hold(lowri.actor, someone)
    with transaction.atomic():
        linked = write_facet(keyed, "links", Links(), read=1)
        copied = write_facet(keyed, "contact", Contact(safe_note="As elsewhere"), read=1, copied=True)
        record_writes([journaling.wrote(lowri.actor, keyed, Act.CHANGED_PERSON, [*linked, *copied])])
    assert (len(linked), len(copied)) == (1, 1)
    assert steps(lowri, someone) == []


def test_whoever_comes_second_leaves_no_step(lowri, someone):
    rename(lowri, someone, "First Writer", read=1)
    with pytest.raises(Changed):
        rename(lowri, someone, "Second Writer", read=1)
    assert len(steps(lowri, someone)) == 1


def test_a_reason_is_one_of_those_that_are_known():
    with pytest.raises(ValueError, match="reason"):
        Why("because")


def test_striking_deletes_the_words_and_says_so(office, lowri, someone):
    lead = builders.member(office, "Lena Lead", role="lead")
    rename(lowri, someone, "Nasreen Karimi", read=1, reason="mistake", said="It was her sister")
    item = item_of(hold(lead.actor, someone), "identity", 1)
    with pytest.raises(Refused):
        strike_step(by=lowri.actor, subject=someone, item=item, why="x")
    before = bytes(Envelope.objects.get(subject=someone, facet="history").body)
    strike_step(by=lead.actor, subject=someone, item=item, why="Never hers")
    (step,) = steps(lowri, someone)
    assert (step.before, step.said, step.struck_why) == (b"", "", "Never hers")
    assert (step.reason, step.member, step.struck_by) == ("mistake", lowri.member.handle.hex, lead.member.handle.hex)
    row = Envelope.objects.get(subject=someone, facet="history")
    assert (row.revision, bytes(row.body) == before) == (2, False)
    assert list(checks.envelopes_not_as_logged(office.organisation)) == []
    with pytest.raises(NotHeld):
        strike_step(by=lead.actor, subject=someone, item=item, why="again")


def test_opening_a_history_is_an_entry_and_another_team_cannot(office, lowri, someone):
    rename(lowri, someone, "Nasreen Karimi", read=1)
    stranger = builders.member(office, "Other Worker", team=builders.team(office))
    with pytest.raises((Refused, NotHeld)):
        opening.open_history(by=stranger.actor, subject=someone)
    assert not Entry.objects.filter(act=Act.OPENED_HISTORY).exists()
    steps(lowri, someone)
    assert Entry.objects.filter(act=Act.OPENED_HISTORY).count() == 1


def test_a_case_opens_without_opening_its_history(lowri, someone):
    case = builders.case(lowri, someone)
    keyed = hold(lowri.actor, case.subject)
    head = opening.open_part(by=lowri.actor, subject=case.subject, facet="papers").facets["head"]
    with transaction.atomic():
        written = write_facet(keyed, "head", msgspec.structs.replace(head.content, note="New"), read=head.revision)
        record_writes([journaling.wrote(lowri.actor, keyed, Act.CHANGED_CASE, written)])
    Envelope.objects.filter(subject=case.subject, facet="history").update(body=bytes(64))
    from safeconduct.casework.queries import open_case_record

    assert open_case_record(by=lowri.actor, case=case).head.content.note == "New"
