"""What the open plane of an import tells of which cases are one person's: nothing beyond what one chunk holds."""

import csv
import io
from datetime import timedelta
from itertools import pairwise

import pytest

from safeconduct.accounts.keys import today
from safeconduct.agenda.queries import Wanted
from safeconduct.casework import queries
from safeconduct.casework.actions import arrivals, bring_in
from safeconduct.casework.arrivals.made import Maker
from safeconduct.casework.models import Event
from safeconduct.journal.models import Act, Entry
from safeconduct.people.models import Envelope, Subject
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 12


def sheet():
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["Our ref", "Name", "HO ref", "Date sent", "Sent to"])
    sent = (today() - timedelta(days=9)).isoformat()
    for number in range(PEOPLE * 2):
        letter = chr(65 + number // 2)
        row = [f"A/{number}", f"Person{letter} Invented{letter}", f"1234-5678-9012-{1000 + number // 2}", sent, "MPAM"]
        writer.writerow(row)
    return out.getvalue().encode()


def bring(by, team):
    arrival = arrivals.stage(by=by, team=team, name="a.csv", data=sheet(), as_of=today(), rule="reference")
    bring_in.start(by=by, arrival=arrival)
    while not bring_in.go_on(by=by, arrival=arrival, seconds=5).finished:
        pass


def subject_of(entry):
    return Envelope.objects.get(handle=entry.commitments.all()[0].envelope).subject.handle.hex


@pytest.fixture
def owner():
    """The person (handle) of each case, as only the team can know."""
    place = builders.office()
    by = place.guardian.actor
    bring(by, place.team)
    cases = list(queries.list_cases(by, Wanted()))
    heads = queries.open_heads(by=by, cases=cases)
    return {case.handle.hex: heads[case.pk].concerns[0].person for case in cases}


def orders(owner):
    """Each order an onlooker can put people, and cases, in."""
    made = Entry.objects.filter(act__in=[Act.ADDED_PERSON, Act.ADDED_CASE]).prefetch_related("commitments")
    for column in ("at", "id"):
        yield column, [subject_of(entry) for entry in made.order_by(column)]
    yield "subjects", [subject.handle.hex for subject in Subject.objects.order_by("id")]
    people = [subject_of(entry) for entry in made.filter(act=Act.ADDED_PERSON).order_by("at")]
    events = Event.objects.order_by("at").values_list("case__handle", flat=True)
    yield "events", people + list(dict.fromkeys(handle.hex for handle in events))


def test_the_order_in_which_records_were_made_ties_no_case_to_its_person(owner):
    assert len(owner) == PEOPLE * 2
    for name, order in orders(owner):
        people = [one for one in order if one not in owner]
        cases = [one for one in order if one in owner]
        assert len(people) == PEOPLE, name
        follows = {one: last for last, one in zip([None, *order], order, strict=False)}
        # Taken in turn, or each after the one before it: right for all only where the order was kept.
        assert list(dict.fromkeys(owner[case] for case in cases)) != people, name
        assert sum(follows[case] == owner[case] for case in cases) < PEOPLE, name


def test_two_cases_of_a_person_are_no_neighbours_by_rule(owner):
    for name, order in orders(owner):
        cases = [owner[one] for one in order if one in owner]
        assert sum(one == other for one, other in pairwise(cases)) < PEOPLE, name


def test_no_chunk_is_left_with_one_person(monkeypatch):
    monkeypatch.setattr(bring_in, "_UNITS_A_CHUNK", PEOPLE - 1)
    sizes = []
    real = Maker.make

    def watched(maker, units):
        sizes.append(len(units))
        return real(maker, units)

    monkeypatch.setattr(Maker, "make", watched)
    place = builders.office()
    bring(place.guardian.actor, place.team)
    assert sizes == [PEOPLE // 2, PEOPLE // 2]


def test_opening_a_case_by_hand_writes_nothing_of_its_person():
    place = builders.office()
    person = builders.person(place.guardian)
    before = {row.pk: (row.revision, bytes(row.body)) for row in Envelope.objects.filter(subject=person)}
    last = Entry.objects.order_by("-pk")[0].pk
    case = builders.case(place.guardian, person)
    assert {row.pk: (row.revision, bytes(row.body)) for row in Envelope.objects.filter(subject=person)} == before
    written = [one for entry in Entry.objects.filter(pk__gt=last) for one in entry.commitments.all()]
    of_person = set(Envelope.objects.filter(subject=person).values_list("handle", flat=True))
    assert of_person.isdisjoint(one.envelope for one in written)
    [added] = Entry.objects.filter(pk__gt=last, act=Act.ADDED_CASE)
    labels = {bytes(entry.label) for entry in Entry.objects.filter(pk__gt=last, label__isnull=False) if entry != added}
    assert bytes(added.label) not in labels
    assert case.subject.wraps.count() == 1
