"""What was sealed once opens for ever: bytes of the first release, and facets that came later."""

from datetime import date

import pytest

from safeconduct.people import facets, queries
from safeconduct.people.actions import change_needs
from safeconduct.people.facets import (
    Contact,
    Household,
    InHousehold,
    Links,
    Merge,
    Needs,
    Never,
    Rules,
    Way,
)
from safeconduct.people.models import Envelope
from safeconduct.people.records import NEVER_WRITTEN, Changed, PutBack
from tests import builders

# As the first release wrote them, byte for byte.
CONTACT_1 = bytes.fromhex(
    "82a4776179739283a46b696e64a570686f6e65a576616c7565ac303737303020393030313233a46e6f7465ac68657220736973746572"
    "277382a46b696e64a761646472657373a576616c7565af313220496e76656e74656420526f77a9736166655f6e6f7465b55465787420"
    "6f6e6c792c206e657665722072696e67"
)
LINKS_1 = bytes.fromhex(
    "82a5636173657391d9203066306630663066306630663066306630663066306630663066306630663066ab6e6f745f73616d655f6173"
    "91d9206131613161316131613161316131613161316131613161316131613161316131"
)
# As this release writes them: what later ones must open.
CONTACT_2 = Contact(
    ways=(Way(kind="phone", value="07700 900123", rules=Rules(phone="no", text="yes", when="after 6")),),
    safe_note="Text only",
    rules=Rules(post="ask", answered_by="her sister"),
    never=(Never(kind="person", who="Ahmad Karimi"), Never(kind="home_office")),
    code_word="kettle",
    since=date(2026, 11, 20),
    said_by="herself",
)


def test_a_contact_of_the_first_release_opens():
    contact = facets.decode("contact", 1, CONTACT_1)
    assert contact == Contact(
        ways=(
            Way(kind="phone", value="07700 900123", note="her sister's"),
            Way(kind="address", value="12 Invented Row"),
        ),
        safe_note="Text only, never ring",
    )
    assert contact.rules == Rules()


def test_links_of_the_first_release_open():
    assert facets.decode("links", 1, LINKS_1) == Links(cases=("0f" * 16,), not_same_as=("a1" * 16,))


@pytest.mark.parametrize(
    ("facet", "content"),
    [
        ("contact", CONTACT_2),
        (
            "links",
            Links(households=("0c" * 16,), merged_into=Merge(person="0d" * 16, on=date(2026, 11, 20), by="0e" * 16)),
        ),
        (
            "needs",
            Needs(speaks=("ckb",), reads_none=True, audio=True, interpreter="ckb", gender="woman", access="a lift"),
        ),
        ("household", Household(members=(InHousehold(person="0f" * 16, role="child", here=False),), note="a flat")),
    ],
)
def test_what_is_written_is_what_is_read(facet, content):
    assert facets.decode(facet, facets.VERSIONS[facet], facets.encode(content)) == content


def test_every_version_but_the_newest_has_its_way_up():
    for facet, newest in facets.VERSIONS.items():
        assert all((facet, version) in facets.UPGRADES for version in range(1, newest))


def test_a_version_to_come_is_refused():
    with pytest.raises(facets.FacetUnreadable):
        facets.decode("contact", facets.VERSIONS["contact"] + 1, CONTACT_1)


@pytest.fixture
def lowri():
    return builders.member(builders.office())


@pytest.mark.django_db(transaction=True)
class TestFacetsThatCameLater:
    def test_one_that_was_never_written_reads_as_empty(self, lowri):
        someone = builders.person(lowri)
        record = queries.open_person(by=lowri.actor, person=someone)
        assert record.needs.content == Needs()
        assert record.needs.revision == NEVER_WRITTEN

    def test_it_is_written_and_read(self, lowri):
        someone = builders.person(lowri)
        change_needs(by=lowri.actor, person=someone, needs=Needs(speaks=("ti",)), read=NEVER_WRITTEN)
        record = queries.open_person(by=lowri.actor, person=someone)
        assert record.needs.content.speaks == ("ti",)
        change_needs(by=lowri.actor, person=someone, needs=Needs(speaks=("am",)), read=record.needs.revision)
        assert queries.open_person(by=lowri.actor, person=someone).needs.content.speaks == ("am",)

    def test_two_who_write_it_first_lose_nothing(self, lowri):
        someone = builders.person(lowri)
        change_needs(by=lowri.actor, person=someone, needs=Needs(speaks=("ti",)), read=NEVER_WRITTEN)
        with pytest.raises(Changed):
            change_needs(by=lowri.actor, person=someone, needs=Needs(speaks=("am",)), read=NEVER_WRITTEN)
        assert queries.open_person(by=lowri.actor, person=someone).needs.content.speaks == ("ti",)

    def test_one_that_was_taken_away_is_noticed(self, lowri):
        someone = builders.person(lowri)
        change_needs(by=lowri.actor, person=someone, needs=Needs(reads_none=True), read=NEVER_WRITTEN)
        Envelope.objects.get(subject=someone, facet="needs").delete()
        with pytest.raises(PutBack):
            queries.open_person(by=lowri.actor, person=someone)

    def test_one_that_was_taken_away_is_not_written_anew(self, lowri):
        someone = builders.person(lowri)
        change_needs(by=lowri.actor, person=someone, needs=Needs(reads_none=True), read=NEVER_WRITTEN)
        Envelope.objects.get(subject=someone, facet="needs").delete()
        with pytest.raises(Changed):
            change_needs(by=lowri.actor, person=someone, needs=Needs(), read=NEVER_WRITTEN)

    def test_whoever_lacks_the_key_cannot_tell_which_envelopes_are_whose(self, lowri):
        one, two = builders.person(lowri), builders.person(lowri)
        handles = set(Envelope.objects.filter(subject__in=[one, two]).values_list("handle", flat=True))
        assert len(handles) == 8
