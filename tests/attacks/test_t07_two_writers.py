"""T7: two who write at one moment. Whatever was answered with yes is there afterwards, and a no changed nothing."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from safeconduct.accounts import rosters
from safeconduct.accounts.actions.members import add_member
from safeconduct.accounts.models import Member
from safeconduct.casework import queries as casework
from safeconduct.casework.actions import cases
from safeconduct.core.names.index import Delta
from safeconduct.people import actions, index, queries, tokens
from safeconduct.people.actions import change_contact, change_identity, change_status
from safeconduct.people.actions.account import add_narrative
from safeconduct.people.actions.change import change_links, change_needs
from safeconduct.people.facets import Contact, Links, Narrative, Needs, Referenced, SpelledName, Status
from safeconduct.people.keys import hold
from safeconduct.people.models import Envelope, SearchGeneration, Subject
from safeconduct.people.opening import open_part
from safeconduct.people.records import NEVER_WRITTEN, Changed
from tests import builders
from tests.builders import Colleague
from tests.casework.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
TOGETHER = 4


@pytest.fixture
def lowri() -> Colleague:
    return builders.member(builders.office())


def one_won(gave: list[object]) -> None:
    assert sum(one is None for one in gave) == 1, gave
    assert all(one is None or isinstance(one, Changed) for one in gave), gave


@pytest.mark.parametrize("facet", ["identity", "contact", "status", "links"])
def test_of_those_who_save_one_facet_over_one_revision_one_wins(lowri: Colleague, facet: str) -> None:
    person = builders.person(lowri, "Zehra Testname")
    record = queries.open_person(by=lowri.actor, person=person)
    identity, status = record.identity.content, record.status.content
    actors = [lowri.actor for _ in range(TOGETHER)]

    def save(number: int) -> Callable[[], object]:
        by = actors[number]
        match facet:
            case "identity":
                more = msgspec.structs.replace(identity, names=(*identity.names, SpelledName(text=f"Zehra {number}")))
                return lambda: change_identity(by=by, person=person, identity=more, read=1, status=status)
            case "contact":
                return lambda: change_contact(by=by, person=person, contact=Contact(safe_note=f"{number}"), read=1)
            case "links":
                links = Links(not_same_as=(f"{number}" * 32,))
                return lambda: change_links(by=by, person=person, links=links, read=1)
        known = Status(references=(Referenced(kind="gwf", value=f"GWF00000000{number}"),))
        return lambda: change_status(by=by, person=person, status=known, read=1, identity=identity)

    one_won(at_once(*(save(number) for number in range(TOGETHER))))
    assert getattr(queries.open_person(by=lowri.actor, person=person), facet).revision == 2


def test_of_those_who_write_what_was_never_written_one_wins(lowri: Colleague) -> None:
    person = builders.person(lowri)
    needs = queries.open_person(by=lowri.actor, person=person).needs
    account = open_part(by=lowri.actor, subject=person, facet=Envelope.Facet.ACCOUNT).facets["account"]
    assert needs.revision == account.revision == NEVER_WRITTEN
    actors = [lowri.actor for _ in range(TOGETHER)]

    def say(number: int) -> Callable[[], object]:
        by, said = actors[number], Needs(speaks=(["fa", "ar", "ti", "uk"][number],))
        return lambda: change_needs(by=by, person=person, needs=said, read=NEVER_WRITTEN)

    def tell(number: int) -> Callable[[], object]:
        by, told = actors[number], Narrative(handle="", text=f"Told to {number}")
        return lambda: add_narrative(by=by, person=person, account=account, narrative=told)

    one_won(at_once(*(say(number) for number in range(TOGETHER))))
    one_won(at_once(*(tell(number) for number in range(TOGETHER))))
    assert len(queries.open_person(by=lowri.actor, person=person).needs.content.speaks) == 1
    kept = open_part(by=lowri.actor, subject=person, facet=Envelope.Facet.ACCOUNT).facets["account"]
    assert len(kept.content.narratives) == kept.revision == 1


def test_members_added_to_one_team_at_once_all_stand_in_its_roster() -> None:
    place = builders.office()
    lead = place.guardian
    actors = [lead.actor for _ in range(3)]

    def add(number: int) -> Callable[[], object]:
        by, roles = actors[number], {place.team.pk: "caseworker"}
        name = f"Newcomer {number}"
        return lambda: add_member(by=by, name=name, sign_in=f"new{number}", is_guardian=False, roles=roles)

    gave = at_once(*(add(number) for number in range(3)))
    added = [one for one in gave if not isinstance(one, Exception)]
    assert len(added) == 3, gave
    team = lead.actor.teams[0]
    pins = rosters.read(team, lead.actor.bundle(team.pk))
    assert {row.handle.hex for row in Member.objects.filter(memberships__team=team)} == pins.keys()


def test_of_those_who_save_one_head_one_wins_and_its_index_says_the_same(lowri: Colleague) -> None:
    case = builders.case(lowri, builders.person(lowri))
    head = casework.open_head(by=lowri.actor, case=case).content
    actors = [lowri.actor for _ in range(TOGETHER)]

    def save(number: int) -> Callable[[], object]:
        mine = type(case).objects.select_related("subject", "team", "organisation").get(pk=case.pk)
        more = msgspec.structs.replace(head, our_reference=f"T/000{number}")
        by = actors[number]
        return lambda: cases.change_case(by=by, case=mine, head=more, read=1, kind="asylum", worker=None)

    one_won(at_once(*(save(number) for number in range(TOGETHER))))
    kept = casework.open_head(by=lowri.actor, case=case).content
    found = index.opened(lowri.actor, lowri.actor.teams[0]).tokens_of(case.subject_id)
    assert tokens.of_own_reference(kept.our_reference) <= found


def test_people_added_while_two_tidy_the_index_are_all_found(lowri: Colleague) -> None:
    team = lowri.actor.teams[0]
    names = [f"Person{letter} Invented{letter}" for letter in "ABCDEF"]
    builders.person(lowri, "Zehra Testname")

    def add(name: str) -> Callable[[], object]:
        by = lowri.actor
        identity = queries.Identity(names=(SpelledName(text=name),))
        return lambda: actions.add_person(by=by, team=team, identity=identity)

    def tidy() -> Callable[[], object]:
        by = lowri.actor
        return lambda: index.fold_in(by, team)

    for pair in zip(names[::2], names[1::2], strict=True):
        gave = at_once(*(add(name) for name in pair), tidy(), tidy())
        assert all(isinstance(one, (Subject, bool, index.IndexBusy)) for one in gave), gave
    opened = index.opened(lowri.actor, team)
    people = Subject.objects.filter(kind="person")
    assert people.count() == 1 + len(names)
    assert all(opened.tokens_of(person.pk) for person in people)
    assert SearchGeneration.objects.filter(team=team).count() <= 1


def test_a_case_opened_while_its_person_is_taken_away_is_refused(lowri: Colleague) -> None:
    person = builders.person(lowri)
    assert hold(lowri.actor, person)
    gone = Subject.objects.get(pk=person.pk)
    gone.delete()
    with pytest.raises(queries.NotHeld):
        builders.case(lowri, person)
    assert not casework.Case.objects.exists()


def test_a_delta_written_between_reading_and_replacing_stays(lowri: Colleague, monkeypatch: pytest.MonkeyPatch) -> None:
    team = lowri.actor.teams[0]
    first = builders.person(lowri, "Zehra Testname")
    real, late = index.compact, []

    def meanwhile(generation: index.Generation, deltas: list[Delta]) -> index.Generation:
        late.append(builders.person(lowri, "Fatima Rahimi"))
        return real(generation, deltas)

    monkeypatch.setattr(index, "compact", meanwhile)
    assert index.fold_in(lowri.actor, team)
    opened = index.opened(lowri.actor, team)
    assert opened.tokens_of(first.pk)
    assert opened.tokens_of(late[0].pk)
