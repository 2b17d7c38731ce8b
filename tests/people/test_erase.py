"""Erasing: two members, everything that is tied to the record, and what the log and the certificate say afterwards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from safeconduct.accounts import keyring
from safeconduct.accounts.actions import epochs, leaving
from safeconduct.agenda.models import Item
from safeconduct.casework.actions import around
from safeconduct.casework.actions.cases import change_case
from safeconduct.casework.models import Case, Event
from safeconduct.casework.queries import open_case_record
from safeconduct.journal import sequencer
from safeconduct.journal.models import Act, Commitment, Entry
from safeconduct.journal.verify import Disagreement, verify
from safeconduct.people import index, opening, queries, tokens
from safeconduct.people.actions import erase, erasures, households, merge, say_not_same
from safeconduct.people.actions.erase import NotAlone, NotAsked
from safeconduct.people.facets import Concerns, Household, Links, decode
from safeconduct.people.households import open_household
from safeconduct.people.keys import NotHeld, hold
from safeconduct.people.models import Envelope, Erasure, ErasureRequest, Found, SearchDelta, Subject, Wrap
from safeconduct.people.policies import Refused
from safeconduct.people.records import Changed
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_epoch_file(tmp_path, settings):
    settings.EPOCH_FILE = tmp_path / "epoch.json"
    settings.EPOCH_COPY = ""


@pytest.fixture
def office():
    return builders.office()


@pytest.fixture
def worker(office):
    return builders.member(office, "Lowri Worker")


def erased(office, worker, subject):
    erase.ask(by=worker.actor, subject=subject)
    return erase.erase(by=office.guardian.actor, subject=subject)


def test_nothing_of_the_record_is_left_and_the_log_still_verifies(office, worker):
    person = builders.person(worker, "Fatima Rahimi")
    queries.open_person(by=worker.actor, person=person)
    labels = hold(worker.actor, person).labels(until=datetime.now(UTC).date())
    before = Entry.objects.filter(label__in=labels).count()
    sequencer.sequence()
    certificate = erased(office, worker, person)
    sequencer.sequence()
    assert not Subject.objects.exists()
    assert not Wrap.objects.exists()
    assert not Envelope.objects.exists()
    assert not ErasureRequest.objects.exists()
    assert not Entry.objects.filter(label__in=labels).exists()
    entry = Entry.objects.get(act=Act.ERASED)
    gone = Entry.objects.filter(erased=entry)
    assert gone.count() == entry.count > before
    assert not gone.exclude(label=None, body=None, salt=None).exists()
    assert (entry.member, entry.about) == (office.guardian.member.handle, worker.member.handle)
    assert list(verify(office.organisation.handle)) == []
    assert (certificate.kind, certificate.subject, certificate.destroyed_on) == ("person", person.handle, None)
    with pytest.raises(NotHeld):
        queries.open_person(by=worker.actor, person=person)


@pytest.mark.parametrize("what", ["salt", "act", "mark", "moved", "count"])
def test_a_forged_or_changed_erasure_is_found(office, worker, what):
    kept, gone = builders.person(worker, "Kept Made-Up"), builders.person(worker, "Gone Made-Up")
    labels = hold(worker.actor, kept).labels(until=datetime.now(UTC).date())
    erased(office, worker, gone)
    sequencer.sequence()
    assert list(verify(office.organisation.handle)) == []
    by = Entry.objects.get(act=Act.ERASED)
    other = Entry.objects.filter(label__in=labels).first()
    if what == "salt":
        Entry.objects.filter(pk=other.pk).update(salt=None, body=None, label=None)
    elif what == "mark":
        Entry.objects.filter(pk=other.pk).update(salt=None, body=None, label=None, erased=by)
    elif what == "moved":  # a mark on the one, and the one in the list of what was taken
        Entry.objects.filter(pk=other.pk).update(salt=None, body=None, label=None, erased=by)
        Commitment.objects.filter(entry=by).first().delete()
        Commitment.objects.create(entry=by, envelope=other.handle, revision=1, digest=bytes(32))
    elif what == "act":
        other = Entry.objects.filter(erased=by).first()
        Entry.objects.filter(pk=other.pk).update(member=office.guardian.member.handle)
    else:
        other = by
        Entry.objects.filter(pk=by.pk).update(count=by.count + 1)
    assert Disagreement("entry_changed", other.position) in list(verify(office.organisation.handle))


def test_who_asked_does_not_confirm_where_a_colleague_can(office, worker):
    person = builders.person(worker)
    with pytest.raises(NotAsked):
        erase.erase(by=office.guardian.actor, subject=person)
    erase.ask(by=office.guardian.actor, subject=person)
    builders.member(office, "Mari Lead", role="lead")
    with pytest.raises(NotAlone, match="colleague"):
        erase.erase(by=office.guardian.actor, subject=person)
    with pytest.raises(Refused):
        erase.erase(by=worker.actor, subject=person)
    assert Subject.objects.filter(pk=person.pk).exists()


def test_whoever_was_shut_out_while_it_was_looked_into_erases_nothing(office, worker, monkeypatch):
    erase.ask(by=worker.actor, subject=(person := builders.person(worker)))
    lead, plan = builders.member(office, "Mari Lead", role="lead"), erase.plan

    def planned(**asked):
        leaving.end_access(by=office.guardian.actor, member=lead.member, state=lead.member.State.DISABLED)
        return plan(**asked)

    monkeypatch.setattr(erase, "plan", planned)
    with pytest.raises(Refused):
        erase.erase(by=lead.actor, subject=person)


def test_alone_it_waits_a_day(office):
    person = builders.person(office.guardian)
    request = erase.ask(by=office.guardian.actor, subject=person)
    with pytest.raises(NotAlone, match="a day"):
        erase.erase(by=office.guardian.actor, subject=person)
    ErasureRequest.objects.filter(pk=request.pk).update(asked_at=datetime.now(UTC) - timedelta(hours=24))
    erase.erase(by=office.guardian.actor, subject=person)
    assert Entry.objects.get(act=Act.ERASED).about is None


def test_asking_can_be_taken_back(office, worker):
    person = builders.person(worker)
    erase.ask(by=worker.actor, subject=person)
    erase.withdraw(by=office.guardian.actor, subject=person)
    with pytest.raises(NotAsked):
        erase.withdraw(by=worker.actor, subject=person)
    with pytest.raises(NotAsked):
        erase.erase(by=office.guardian.actor, subject=person)


def test_somebody_outside_the_team_can_neither_ask_nor_confirm(office, worker):
    person = builders.person(worker)
    housing = builders.team(office)
    other = builders.member(office, "Nia Elsewhere", role="lead", team=housing)
    for act in (erase.ask, erase.erase, erase.withdraw, erase.plan):
        with pytest.raises(Refused):
            act(by=other.actor, subject=person)


def test_a_persons_own_cases_go_with_them(office, worker):
    person = builders.person(worker, "Fatima Rahimi")
    case = builders.case(worker, person, sent_on=datetime.now(UTC).date() - timedelta(days=40))
    assert Item.objects.filter(case=case.handle).exists()
    planned = erase.plan(by=worker.actor, subject=person)
    assert (planned.goes["cases"], planned.goes["shared"]) == (1, 0)
    erased(office, worker, person)
    assert not Case.objects.exists()
    assert not Event.objects.exists()
    assert not Item.objects.exists()
    assert not Subject.objects.exists()
    assert {row.kind for row in Erasure.objects.all()} == {"person", "case"}
    sequencer.sequence()
    assert list(verify(office.organisation.handle)) == []


def test_erasing_a_case_leaves_the_person_without_it(office, worker):
    person = builders.person(worker)
    case = builders.case(worker, person)
    erased(office, worker, case.subject)
    assert not Case.objects.exists()
    assert builders.cases_of(worker, person) == []


def concern_too(worker, case, person):
    """Let a case concern somebody else as well, and then change its head once more."""
    actor = worker.actor
    about = Concerns(person=person.handle.hex)
    for note in ("two of them", "as settled by telephone"):
        opened = open_case_record(by=actor, case=case).head
        head = msgspec.structs.replace(opened.content, note=note)
        if about not in head.concerns:
            head = msgspec.structs.replace(head, concerns=(*head.concerns, about))
        change_case(by=actor, case=case, head=head, read=opened.revision, kind=case.kind, worker=None)


def steps_of(worker, case):
    return opening.open_history(by=worker.actor, subject=case.subject)[1]


def test_a_case_of_two_stays_and_neither_it_nor_its_history_speaks_of_whom_is_gone(office, worker):
    person, other = builders.person(worker, "Fatima Rahimi"), builders.person(worker, "Samir Rahimi")
    case = builders.case(worker, person)
    concern_too(worker, case, other)
    samir = other.handle.hex.encode()
    assert any(samir in one.content.before for one in steps_of(worker, case))
    planned = erase.plan(by=worker.actor, subject=other)
    assert (planned.goes.get("cases", 0), planned.goes["shared"]) == (0, 1)
    erased(office, worker, other)
    record = open_case_record(by=worker.actor, case=case)
    assert [one.name for one in record.concerned] == ["Fatima Rahimi"]
    left = steps_of(worker, case)
    assert left
    assert not any(samir in one.content.before for one in left)
    token = tokens.of_concerned([other.handle.hex])
    assert not index.opened(worker.actor, worker.actor.teams[0]).having(token)
    sequencer.sequence()
    assert list(verify(office.organisation.handle)) == []


def test_ties_to_other_people_are_undone(office, worker):
    person, twin = builders.person(worker, "Fatima Rahimi"), builders.person(worker, "Fatma Rahimi")
    actor = worker.actor
    one, other = (queries.open_person(by=actor, person=each) for each in (person, twin))
    say_not_same(by=actor, person=person, links=one.links, other=twin, other_links=other.links)
    made = households.make_household(by=actor, person=queries.open_person(by=actor, person=person), role="partner")
    record = open_household(by=actor, household=made)
    with_twin = queries.open_person(by=actor, person=twin)
    households.add_to_household(by=actor, record=record, person=with_twin, role="partner")
    erased(office, worker, person)
    left = queries.open_person(by=worker.actor, person=twin).links.content
    assert left.not_same_as == ()
    assert left.households == (made.handle.hex,)
    assert [one.person for one in open_household(by=worker.actor, household=made).household.content.members] == [
        twin.handle.hex
    ]
    erased(office, worker, twin)
    assert not Subject.objects.exists(), "a household of nobody goes too"


def test_what_a_household_was_before_names_nobody_who_was_erased(office, worker):
    """Both who is in it and who left it before; and a household that goes is named by nobody who was in it."""
    people = [builders.person(worker, name) for name in ("Fatima Rahimi", "Samir Rahimi", "Dilovan Rahimi")]
    actor = worker.actor

    def opened(person):
        return queries.open_person(by=actor, person=person)

    stays, there, left = people
    made = households.make_household(by=actor, person=opened(stays), role="parent")
    for person in (there, left):
        record = open_household(by=actor, household=made)
        households.add_to_household(by=actor, record=record, person=opened(person), role="child")
    record = open_household(by=actor, household=made)
    kept = [one for one in record.household.content.members if one.person != left.handle.hex]
    households.change_household(
        by=actor,
        record=record,
        household=Household(members=tuple(kept), note="Dilovan moved out"),
        read=record.household.revision,
        leaving=[opened(left)],
    )
    assert opened(left).links.content.left_households == (made.handle.hex,)

    def before():
        steps = opening.open_history(by=worker.actor, subject=made)[1]
        return [decode("household", one.content.schema, one.content.before) for one in steps]

    for gone in (there, left):
        assert any(one.person == gone.handle.hex for content in before() for one in content.members)
        erased(office, worker, gone)
        assert not any(one.person == gone.handle.hex for content in before() for one in content.members)
    assert {one.person for content in before() for one in content.members} == {stays.handle.hex}
    sequencer.sequence()
    assert list(verify(office.organisation.handle)) == []


def test_a_household_that_is_erased_is_named_by_nobody_who_was_ever_in_it(office, worker):
    stays, left = builders.person(worker, "Fatima Rahimi"), builders.person(worker, "Samir Rahimi")
    actor = worker.actor
    made = households.make_household(by=actor, person=queries.open_person(by=actor, person=stays))
    record, other = open_household(by=actor, household=made), queries.open_person(by=actor, person=left)
    households.add_to_household(by=actor, record=record, person=other, role="child")
    record, other = open_household(by=actor, household=made), queries.open_person(by=actor, person=left)
    alone = Household(members=record.household.content.members[:1])
    households.change_household(
        by=actor, record=record, household=alone, read=record.household.revision, leaving=[other]
    )
    erased(office, worker, made)
    for person in (stays, left):
        assert queries.open_person(by=worker.actor, person=person).links.content == Links()


def meanwhile(monkeypatch, act):
    """Have somebody else do ``act`` after it was seen what would go, and before it goes."""
    seen = erase.plan

    def plan(**asked):
        planned = seen(**asked)
        act()
        return planned

    monkeypatch.setattr(erase, "plan", plan)


@pytest.mark.parametrize("what", ["case", "around", "second", "merge", "household"])
def test_what_is_tied_to_it_meanwhile_is_not_left_speaking_of_nobody(office, worker, monkeypatch, what):
    person, other = builders.person(worker, "Fatima Rahimi"), builders.person(worker, "Samir Rahimi")
    own, of_other = builders.case(worker, person), builders.case(worker, other)
    actor = worker.actor

    def tie():
        one, two = (queries.open_person(by=actor, person=each) for each in (person, other))
        if what == "case":
            builders.case(worker, person)
        elif what == "around":
            head = open_case_record(by=actor, case=of_other).head
            around.add_person(by=actor, case=of_other, head=head, person=one, role="dependant")
        elif what == "second":
            head = open_case_record(by=actor, case=own).head
            around.add_person(by=actor, case=own, head=head, person=two, role="dependant")
        elif what == "merge":
            merge(by=office.guardian.actor, record=two, other=one, reason="Fatima told us so")
        else:
            households.make_household(by=actor, person=one)

    meanwhile(monkeypatch, tie)
    erase.ask(by=actor, subject=person)
    with pytest.raises(Changed):
        erase.erase(by=office.guardian.actor, subject=person)
    assert Subject.objects.filter(pk=person.pk).exists()
    assert Case.objects.filter(pk=own.pk).exists()
    monkeypatch.undo()
    erase.erase(by=office.guardian.actor, subject=person)
    assert not Subject.objects.filter(pk=person.pk).exists()
    assert queries.open_person(by=worker.actor, person=other).links.content.merged_from == ()
    for case in Case.objects.all():
        concerned = open_case_record(by=worker.actor, case=case).concerned
        assert [one.person for one in concerned] == [other.handle.hex]


def test_nobody_who_was_erased_meanwhile_comes_to_a_case(office, worker, monkeypatch):
    person, other = builders.person(worker, "Fatima Rahimi"), builders.person(worker, "Samir Rahimi")
    case = builders.case(worker, other)
    actor = worker.actor
    record, head = queries.open_person(by=actor, person=person), open_case_record(by=actor, case=case).head
    erase.ask(by=actor, subject=person)
    real = around.hold

    def held_late(by, subject):
        erase.erase(by=office.guardian.actor, subject=person)
        return real(by, subject)

    monkeypatch.setattr(around, "hold", held_late)
    with pytest.raises(NotHeld):
        around.add_person(by=actor, case=case, head=head, person=record, role="dependant")
    assert [one.person for one in open_case_record(by=worker.actor, case=case).concerned] == [other.handle.hex]


def test_searches_kept_from_another_team_go_too(office):
    """A search of two teams is kept under the key of one of them, which need not be the one that held the record."""
    lead = builders.member(office, "Mari Lead", role="lead", team=builders.team(office))
    person = builders.person(lead, "Fatima Rahimi")
    queries.search(by=office.guardian.actor, text="Fatima Rahimi")
    erased(office, lead, person)
    assert not Found.objects.exists()


def test_search_and_kept_searches_know_them_no_more(office, worker):
    person = builders.person(worker, "Fatima Rahimi")
    builders.person(worker, "Somebody Else")
    queries.search(by=worker.actor, text="Fatima Rahimi")
    erased(office, worker, person)
    assert not Found.objects.exists()
    opened = index.opened(worker.actor, office.team)
    assert opened.find(tokens.of_query("Fatima Rahimi")) == []
    assert not SearchDelta.objects.exists(), "the index was sealed anew, without them"


def test_the_certificate_is_finished_when_the_last_epoch_it_stood_under_is_destroyed(office, worker):
    person = builders.person(worker)
    made = datetime.now(UTC)
    keyring.change(lambda known: known.backed_up(1, at=made, needed_until=made + timedelta(days=90)))
    certificate = erased(office, worker, person)
    assert certificate.epoch == 1
    assert certificate.unreadable_by == (made + timedelta(days=90)).date()
    epochs.begin()
    assert erasures.settle() == 0
    epochs.destroy(1)
    assert erasures.settle() == 1
    certificate.refresh_from_db()
    assert certificate.destroyed_on is not None


def test_a_backup_made_while_somebody_was_erased_moves_the_day(office, worker):
    certificate = erased(office, worker, builders.person(worker))
    made = datetime.now(UTC)
    keyring.change(lambda known: known.backed_up(1, at=made, needed_until=made + timedelta(days=365)))
    erasures.settle()
    certificate.refresh_from_db()
    assert certificate.unreadable_by == (made + timedelta(days=365)).date()
