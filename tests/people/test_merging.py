"""Two records of one person: linked, shown as one, and as they were once it is taken back."""

import pytest

from safeconduct.journal.models import Act, Entry
from safeconduct.people import links, merging, queries
from safeconduct.people.actions import merge, say_not_same, unmerge
from safeconduct.people.actions.merge import AlreadyOne, FirstElsewhere, NotMerged
from safeconduct.people.facets import Contact, Identity, Links, Merge, Referenced, SpelledName, Status
from safeconduct.people.lookalikes import known, offered, possible_doubles
from safeconduct.people.models import Envelope, Wrap
from safeconduct.people.records import Changed
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office():
    return builders.office()


@pytest.fixture
def lowri(office):
    return builders.member(office)


def opened(by, person):
    return queries.open_person(by=by.actor, person=person)


def join(by, one, two, reason="The same papers"):
    merge(by=by.actor, record=opened(by, one), other=opened(by, two), reason=reason)


def sealed(*people):
    rows = Envelope.objects.filter(subject__in=people).exclude(facet="links").order_by("pk")
    return [(row.handle, row.revision, bytes(row.body)) for row in rows]


def content(by, *people):
    return [
        [getattr(opened(by, one), facet).content for facet in ("identity", "contact", "status", "links")]
        for one in people
    ]


def test_a_merge_is_a_link_on_both_sides_with_who_held_them(office, lowri):
    housing = builders.team(office)
    one = builders.person(lowri, "Nasrin Karimi")
    two = builders.person(office.guardian, "Nasreen Karimi", team=housing)
    wraps = set(Wrap.objects.values_list("subject", "team"))
    join(office.guardian, one, two)
    kept, joined = opened(office.guardian, one), opened(office.guardian, two)
    into = joined.links.content.merged_into
    assert into.person == one.handle.hex
    assert (into.by, into.reason) == (office.guardian.member.handle.hex, "The same papers")
    assert (into.teams, into.their_teams) == ((housing.handle.hex,), (office.team.handle.hex,))
    [back] = kept.links.content.merged_from
    assert (back.person, back.teams, back.their_teams) == (two.handle.hex, into.their_teams, into.teams)
    assert set(Wrap.objects.values_list("subject", "team")) == wraps


def test_a_merge_opens_nothing_to_whoever_could_not_open_it_before(office, lowri):
    one = builders.person(lowri, "Nasrin Karimi")
    two = builders.person(office.guardian, "Nasreen Karimi", team=builders.team(office))
    join(office.guardian, one, two)
    seen = merging.together(by=lowri.actor, record=opened(lowri, one))
    assert (seen.others, seen.not_held) == ([], 1)
    with pytest.raises(queries.NotHeld):
        opened(lowri, two)


def test_taking_it_back_leaves_both_as_they_were(lowri):
    one, two = builders.person(lowri, "Nasrin Karimi", safe_note="Text"), builders.person(lowri, "Nasreen Karimi")
    builders.case(lowri, two)
    say_not_same(
        by=lowri.actor, person=one, links=opened(lowri, one).links, other=two, other_links=opened(lowri, two).links
    )
    before, bodies = content(lowri, one, two), sealed(one, two)
    join(lowri, one, two)
    assert content(lowri, one, two) != before
    unmerge(by=lowri.actor, record=opened(lowri, one), other=opened(lowri, two))
    assert content(lowri, one, two) == before
    assert sealed(one, two) == bodies


def test_it_is_in_the_log_of_both(lowri):
    one, two = builders.person(lowri), builders.person(lowri)
    join(lowri, one, two)
    unmerge(by=lowri.actor, record=opened(lowri, two), other=opened(lowri, one))
    for person in (one, two):
        keyed = opened(lowri, person).keyed
        acts = [look.act for look in queries.who_has_looked(by=lowri.actor, record=person, keyed=keyed)]
        assert {Act.MERGED, Act.UNMERGED} <= set(acts)
    assert Entry.objects.filter(act=Act.MERGED).count() == 2


def test_opening_any_shows_all_and_the_log_says_so(lowri):
    one, two, three = (builders.person(lowri, name) for name in ("Hagos Tecle", "Hagos Tekle", "Hagos Teklay"))
    join(lowri, one, two)
    join(lowri, three, two)
    for person in (one, two, three):
        before = Entry.objects.filter(act=Act.OPENED_PERSON).count()
        seen = merging.together(by=lowri.actor, record=opened(lowri, person))
        assert {record.subject.pk for record in seen.all} == {one.pk, two.pk, three.pk}
        assert seen.first is not None
        assert seen.first.subject == three
        assert Entry.objects.filter(act=Act.OPENED_PERSON).count() == before + 3


def test_what_is_one_is_not_merged_again(lowri):
    one, two = builders.person(lowri), builders.person(lowri)
    join(lowri, one, two)
    for pair in ((one, two), (two, one), (one, one)):
        with pytest.raises(AlreadyOne):
            join(lowri, *pair)
    assert Entry.objects.filter(act=Act.MERGED).count() == 2


def test_a_first_record_of_another_team_is_not_passed_over(office, lowri):
    one, two = builders.person(lowri), builders.person(lowri)
    far = builders.person(office.guardian, team=builders.team(office))
    join(office.guardian, far, two)
    with pytest.raises(FirstElsewhere):
        join(lowri, one, two)


def test_nothing_is_taken_back_that_was_not_said(lowri):
    one, two = builders.person(lowri), builders.person(lowri)
    with pytest.raises(NotMerged):
        unmerge(by=lowri.actor, record=opened(lowri, one), other=opened(lowri, two))


def test_either_both_say_so_or_neither(lowri):
    one, two = builders.person(lowri), builders.person(lowri)
    mine, theirs = opened(lowri, one), opened(lowri, two)
    third = opened(lowri, builders.person(lowri))
    say_not_same(by=lowri.actor, person=two, links=theirs.links, other=third.subject, other_links=third.links)
    with pytest.raises(Changed):
        merge(by=lowri.actor, record=mine, other=theirs, reason="")
    assert opened(lowri, one).links.content == Links()


def test_a_search_finds_the_person_once(lowri):
    one = builders.person(lowri, "Nasrin Karimi")
    two = builders.person(lowri, "Nasreen Karimi")
    other = builders.person(lowri, "Nasrin Karim")

    def ask():
        return queries.found(by=lowri.actor, handle=queries.search(by=lowri.actor, text="nasrin karimi").handle)[1]

    assert len(ask()) == 3
    join(lowri, one, two)
    hits = {hit.subject.pk: hit for hit in ask()}
    assert len(hits) == 2
    assert other.pk in hits
    [stands] = hits.keys() & {one.pk, two.pk}
    assert len(hits[stands].merged) == 1


def test_a_merged_record_is_no_possible_double(lowri):
    one, two = builders.person(lowri, "Nasrin Karimi"), builders.person(lowri, "Nasrin Karimi")
    assert possible_doubles(by=lowri.actor, record=opened(lowri, one))
    join(lowri, one, two)
    seen = merging.together(by=lowri.actor, record=opened(lowri, one))
    merged = [record.subject for record in seen.others]
    assert possible_doubles(by=lowri.actor, record=seen.asked, merged=merged) == []


def test_whoever_has_two_records_is_offered_once(lowri):
    uan = Referenced(kind="uan", value="7209-4056-1125-5762")
    one, two = (builders.person(lowri, name, references=[uan]) for name in ("Yusra Test", "Yousra Test"))
    asked = known(Identity(names=(SpelledName(text="Yusra Test"),)), Contact(), Status(references=(uan,)))

    def handles():
        found = offered(by=lowri.actor, team=lowri.actor.teams[0], asked=asked, without=())
        return {each.subject.handle for each in found}

    assert handles() == {one.handle, two.handle}
    join(lowri, one, two)
    assert len(handles()) == 1


def test_a_list_shows_each_person_once_whichever_record_comes_first():
    def of(into):
        return Links(merged_into=Merge(person=into, on=None, by=""))

    # c went into b and b into a; d is somebody else, and what 5 is linked to is not in the list.
    found = {1: ("c", of("b")), 2: ("a", Links()), 3: ("d", Links()), 4: ("b", of("a")), 5: ("e", of("z"))}
    assert links.as_one(found, [1, 2, 3, 4, 5, 6]) == {1: [2, 4], 3: [], 5: [], 6: []}
