"""What a search opens, what stays at hand afterwards, and when it goes."""

from array import array
from dataclasses import replace

import pytest

from safeconduct.core.names.index import WORD, Generation
from safeconduct.journal.models import Act, Entry
from safeconduct.people import at_hand, index, queries
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lowri():
    at_hand.clear()
    yield builders.member(builders.office())
    at_hand.clear()


@pytest.fixture
def opened(monkeypatch):
    """The sizes of generations that were opened from what is sealed."""
    real, sizes = Generation.from_bytes, []

    def counted(data):
        sizes.append(len(data))
        return real(data)

    monkeypatch.setattr(Generation, "from_bytes", counted)
    return sizes


def asked(who, text):
    row = queries.search(by=who.actor, text=text)
    return [hit.subject.pk for hit in queries.found(by=who.actor, handle=row.handle)[1]]


def test_a_generation_is_opened_once_and_each_search_is_in_the_log(lowri, opened):
    person = builders.person(lowri, "Nasrin Karimi")
    index.fold_in(lowri.actor, lowri.actor.teams[0])
    before = Entry.objects.filter(act=Act.SEARCHED).count()
    for _ in range(3):
        assert asked(lowri, "nasreen kareemi") == [person.pk]
    assert len(opened) == 1
    assert Entry.objects.filter(act=Act.SEARCHED).count() == before + 6


def test_what_was_written_since_is_found_at_once(lowri):
    first = builders.person(lowri, "Nasrin Karimi")
    index.fold_in(lowri.actor, lowri.actor.teams[0])
    assert asked(lowri, "nasrin karimi") == [first.pk]
    second = builders.person(lowri, "Nasreen Karimi")
    assert set(asked(lowri, "nasrin karimi")) == {first.pk, second.pk}


def test_no_more_records_are_opened_than_are_shown(lowri):
    for letter in "abcdefghijklmnopqrstuvwxyz":
        builders.person(lowri, f"Nasrin Karim{letter}")
    assert len(asked(lowri, "nasrin")) == queries.PEOPLE_SHOWN
    newest = Entry.objects.filter(act=Act.SEARCHED).order_by("-id")[0]
    assert newest.count == queries.PEOPLE_SHOWN


def test_an_index_of_before_names_were_kept_finds_as_before(lowri, monkeypatch):
    person, other = builders.person(lowri, "Nasrin Karimi"), builders.person(lowri, "Hagos Tecle")
    real = index.compact

    def without_names(generation, deltas):
        return replace(real(generation, deltas), kept_ids=array(WORD), kept_ends=array(WORD), kept=b"")

    monkeypatch.setattr(index, "compact", without_names)
    index.fold_in(lowri.actor, lowri.actor.teams[0])
    assert asked(lowri, "nasreen kareemi") == [person.pk]
    assert asked(lowri, "tekle hagos") == [other.pk]


def test_a_replaced_index_is_not_at_hand_any_more(lowri):
    gone, stays = builders.person(lowri, "Nasrin Karimi"), builders.person(lowri, "Hagos Tecle")
    team = lowri.actor.teams[0]
    index.fold_in(lowri.actor, team)
    assert asked(lowri, "nasrin karimi") == [gone.pk]
    [held] = at_hand._shelf._held.values()
    assert b"nasrin" in held.generation.kept
    index.forget(by=lowri.actor, team=team, ids=[gone.pk])
    assert not at_hand._shelf._held
    at_hand.put(b"a search that was slower", held)
    assert not at_hand._shelf._held
    assert asked(lowri, "hagos tecle") == [stays.pk]
    assert b"nasrin" not in b"".join(one.generation.kept for one in at_hand._shelf._held.values())


def test_an_index_nobody_asked_for_is_dropped(lowri, opened, monkeypatch, settings):
    builders.person(lowri, "Nasrin Karimi")
    index.fold_in(lowri.actor, lowri.actor.teams[0])
    asked(lowri, "nasrin")
    [held] = at_hand._shelf._held.values()
    held.asked_at -= settings.IDLE_MINUTES * 60 + 1
    at_hand._shelf._sweep()
    assert not at_hand._shelf._held
    asked(lowri, "nasrin")
    assert len(opened) == 2


def test_memory_is_bounded(lowri, opened, monkeypatch):
    monkeypatch.setattr(at_hand, "MOST_BYTES", 10)
    person = builders.person(lowri, "Nasrin Karimi")
    index.fold_in(lowri.actor, lowri.actor.teams[0])
    assert asked(lowri, "nasrin") == asked(lowri, "nasrin") == [person.pk]
    assert not at_hand._shelf._held
    assert len(opened) == 2
