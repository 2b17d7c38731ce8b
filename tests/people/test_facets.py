"""What was sealed once opens for ever: bytes of the first release, and facets that came later."""

from datetime import date

import pytest

from safeconduct.people import facets, queries
from safeconduct.people.actions import change_needs
from safeconduct.people.facets import (
    Authority,
    CaseHead,
    Concerns,
    Contact,
    EnquiryHead,
    FacetUnreadable,
    Household,
    InHousehold,
    Intake,
    Links,
    Merge,
    Needs,
    Never,
    Outside,
    Role,
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
HEAD_1 = bytes.fromhex(
    "85ad6f75725f7265666572656e6365a7494d2f30303031aa65786163745f6b696e64ae46616d696c79207265756e696f6ea46e6f7465"
    "b4576169747320666f7220612070617373706f7274a8636f6e6365726e739183a6706572736f6ed92030663066306630663066306630"
    "66306630663066306630663066306630663066aa73686f776e5f6e616d65b5d986d8b3d8b1db8cd98620daa9d8b1db8cd985db8ca973"
    "6166655f6e6f7465a954657874206f6e6c79a9656e7175697269657381d9206232623262326232623262326232623262326232623262"
    "32623262326232623283a77375626a656374a544656c6179a773656e745f746fa44d50414daf74686569725f7265666572656e6365af"
    "4d50414d2f303132333435362f3236"
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
    assert facets.decode("links", 1, LINKS_1) == Links(earlier_cases=("0f" * 16,), not_same_as=("a1" * 16,))


def test_a_head_of_the_first_release_opens():
    head = facets.decode("head", 1, HEAD_1)
    assert (head.our_reference, head.exact_kind, head.note) == ("IM/0001", "Family reunion", "Waits for a passport")
    assert [one.person for one in head.concerns] == ["0f" * 16]
    letter = EnquiryHead(subject="Delay", sent_to="MPAM", their_reference="MPAM/0123456/26")
    assert head.enquiries == {"b2" * 16: letter}
    assert head.intake == Intake()


@pytest.mark.parametrize(
    ("facet", "content"),
    [
        ("contact", CONTACT_2),
        (
            "links",
            Links(households=("0c" * 16,), merged_into=Merge(person="0d" * 16, on=date(2026, 11, 20), by="0e" * 16)),
        ),
        (
            "head",
            CaseHead(
                intake=Intake(constituent="yes", authorities=(Authority(names="Ada Fairweather MP", seen=True),)),
                outside=(Outside(role="solicitor", name="Rhys Made-Up", reach="01632 960001"),),
            ),
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


PERSON, CASE = "0f" * 16, "ca" * 16


def text(value: str) -> bytes:
    """MessagePack's short string."""
    raw = value.encode()
    return (bytes([0xA0 + len(raw)]) if len(raw) < 32 else bytes([0xD9, len(raw)])) + raw


# What the first version's `CaseHead` was written as: a map of the fields that say something.
HEAD_WITH_COPIES = (
    b"\x83"
    + text("our_reference") + text("IM/0001")
    + text("concerns") + b"\x91\x83"
    + text("person") + text(PERSON) + text("shown_name") + text("فاطمه رحیمی") + text("safe_note") + text("Text first")
    + text("enquiries") + b"\x81" + text(CASE) + b"\x81" + text("subject") + text("Delay")
)  # fmt: skip


def test_a_head_of_version_1_loses_its_copies_and_concerns_an_applicant() -> None:
    assert facets.decode(Envelope.Facet.HEAD, 1, HEAD_WITH_COPIES) == CaseHead(
        our_reference="IM/0001",
        concerns=(Concerns(person=PERSON, role=Role.APPLICANT),),
        enquiries={CASE: EnquiryHead(subject="Delay")},
    )


def test_empty_facets_of_version_1_open() -> None:
    assert facets.decode(Envelope.Facet.HEAD, 1, b"\x80") == CaseHead()
    assert facets.decode(Envelope.Facet.LINKS, 1, b"\x80") == Links()


@pytest.mark.parametrize("role", list(Role))
def test_a_head_comes_back_as_it_was_written(role: Role) -> None:
    head = CaseHead(our_reference="IM/0001", concerns=(Concerns(person=PERSON, role=role),))
    raw = facets.encode(head)
    assert facets.decode(Envelope.Facet.HEAD, facets.VERSIONS[Envelope.Facet.HEAD], raw) == head


@pytest.mark.parametrize(
    ("version", "raw"), [(9, b"\x80"), (2, HEAD_WITH_COPIES), (1, b"\x81" + text("concerns") + b"\xc3")]
)
def test_what_no_version_wrote_is_refused(version: int, raw: bytes) -> None:
    with pytest.raises(FacetUnreadable):
        facets.decode(Envelope.Facet.HEAD, version, raw)
