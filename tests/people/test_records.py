"""Opening and writing sealed records: leave first, one revision at a time, nothing put back unseen."""

from datetime import timedelta

import pytest
from django.db import connection, transaction

from safeconduct.accounts.keys import today
from safeconduct.casework import queries as casework
from safeconduct.core.sealing.faults import CannotOpen
from safeconduct.journal.models import Act, Entry
from safeconduct.people import facets, index, queries
from safeconduct.people.actions import NoName, change_contact, change_identity
from safeconduct.people.facets import Contact, FacetUnreadable, Identity, SpelledName
from safeconduct.people.index import IndexBusy
from safeconduct.people.keys import NotHeld, hold
from safeconduct.people.models import Envelope, SearchDelta, SearchGeneration, Subject, Wrap
from safeconduct.people.policies import Refused
from safeconduct.people.records import Changed, PutBack, open_facets
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
    return builders.person(lowri, "Nasrin Karimi", "نسرین کریمی", safe_note="Text only")


def envelope(subject, facet):
    return Envelope.objects.get(subject=subject, facet=facet)


def named(*texts):
    return Identity(names=tuple(SpelledName(text=text) for text in texts))


def test_a_record_opens_for_its_team(lowri, someone):
    record = queries.open_person(by=lowri.actor, person=someone)
    assert [name.text for name in record.identity.content.names] == ["Nasrin Karimi", "نسرین کریمی"]
    assert record.contact.content.safe_note == "Text only"


def test_no_committed_entry_no_bytes(lowri, someone):
    keyed = {someone.pk: hold(lowri.actor, someone)}
    not_saved = Entry(act=Act.OPENED_PERSON)
    wrote = Entry.objects.filter(act=Act.ADDED_PERSON).first()
    for leave in (not_saved, wrote):
        with pytest.raises(ValueError):
            open_facets(leave, keyed, ["identity"])


def test_the_entry_stands_even_where_opening_fails(lowri, someone):
    envelope(someone, "identity").__class__.objects.filter(subject=someone, facet="identity").update(body=bytes(64))
    before = Entry.objects.filter(act=Act.OPENED_PERSON).count()
    with pytest.raises(PutBack):
        queries.open_person(by=lowri.actor, person=someone)
    assert Entry.objects.filter(act=Act.OPENED_PERSON).count() == before + 1


def test_an_old_envelope_put_back_is_refused(lowri, someone):
    old = envelope(someone, "contact")
    change_contact(by=lowri.actor, person=someone, contact=Contact(safe_note="Never write"), read=1)
    Envelope.objects.filter(pk=old.pk).update(body=old.body, revision=old.revision)
    with pytest.raises(PutBack):
        queries.open_person(by=lowri.actor, person=someone)


@pytest.mark.parametrize("facet", ["identity", "contact", "status", "links"])
def test_a_facet_that_was_taken_away_is_not_read_as_an_empty_one(lowri, someone, facet):
    envelope(someone, facet).delete()
    with pytest.raises(PutBack):
        queries.open_person(by=lowri.actor, person=someone)


def test_a_case_whose_head_was_taken_away_is_refused(lowri, someone):
    case = builders.case(lowri, someone)
    envelope(case.subject, "head").delete()
    for open_it in (casework.open_case_record, casework.open_head):
        with pytest.raises(PutBack):
            open_it(by=lowri.actor, case=case)


def test_an_envelope_of_somebody_else_is_refused_even_if_the_log_is_made_to_agree(lowri, someone):
    other = builders.person(lowri, "Hagos Tecle")
    mine, theirs = envelope(someone, "identity"), envelope(other, "identity")
    body = bytes(theirs.body)
    Envelope.objects.filter(pk=mine.pk).update(body=body)
    from safeconduct.core.sealing.envelopes import digest
    from safeconduct.journal.models import Commitment

    Commitment.objects.filter(envelope=mine.handle).update(digest=digest(body))
    with pytest.raises(CannotOpen):
        queries.open_person(by=lowri.actor, person=someone)


def test_two_writers_lose_nothing(lowri, someone):
    change_identity(by=lowri.actor, person=someone, identity=named("First Writer"), read=1, status=facets.Status())
    with pytest.raises(Changed):
        change_identity(by=lowri.actor, person=someone, identity=named("Second Writer"), read=1, status=facets.Status())
    record = queries.open_person(by=lowri.actor, person=someone)
    assert record.identity.content.names[0].text == "First Writer"
    assert record.identity.revision == 2


def test_a_person_keeps_a_name(lowri, someone):
    with pytest.raises(NoName):
        change_identity(by=lowri.actor, person=someone, identity=named("  "), read=1, status=facets.Status())
    with pytest.raises(NoName):
        builders.person(lowri, " ")


def test_a_guardian_who_is_not_in_the_team_opens_nothing(office, lowri):
    outsider = builders.member(office, "Gwilym Second", guardian=True, team=builders.team(office))
    someone = builders.person(lowri, "Nasrin Karimi")
    with pytest.raises(NotHeld):
        queries.subject(outsider.actor, someone.handle, Subject.Kind.PERSON)
    with pytest.raises(NotHeld):
        queries.open_person(by=outsider.actor, person=someone)


def test_a_request_of_somebody_just_disabled_lists_nothing(lowri, someone):
    case = builders.case(lowri, someone)
    search = queries.search(by=lowri.actor, text="Nasrin")
    actor = lowri.actor
    assert queries.found(by=actor, handle=search.handle)[1]
    assert casework.open_heads(by=actor, cases=[case])
    actor.member.state = "disabled"
    before = Entry.objects.count()
    with pytest.raises(Refused):
        queries.found(by=actor, handle=search.handle)
    with pytest.raises(Refused):
        casework.open_heads(by=actor, cases=[case])
    assert Entry.objects.count() == before


def test_what_was_typed_does_not_show_in_the_size_of_what_is_kept(lowri, someone):
    kept = {len(bytes(queries.search(by=lowri.actor, text=text).body)) for text in ("Ng", "Nasrin Karimi", "x" * 90)}
    assert len(kept) == 1


def test_another_organisation_finds_nothing(lowri, someone):
    stranger = builders.other_office().guardian
    found = queries.search(by=stranger.actor, text="Nasrin Karimi")
    assert queries.found(by=stranger.actor, handle=found.handle)[1] == []
    with pytest.raises((NotHeld, Refused)):
        queries.open_person(by=stranger.actor, person=someone)
    mine = queries.search(by=lowri.actor, text="Nasrin Karimi")
    with pytest.raises(NotHeld):
        queries.found(by=stranger.actor, handle=mine.handle)


def test_labels_tell_nobody_which_entries_are_about_one_person(lowri, someone):
    keyed = hold(lowri.actor, someone)
    days = [today() + timedelta(days=n) for n in range(400)]
    assert len({keyed.label(day) for day in days}) == 400
    assert keyed.label(today()) in keyed.labels(until=today())


def test_who_has_looked_says_who_and_when(office, lowri, someone):
    queries.open_person(by=office.guardian.actor, person=someone)
    record = queries.open_person(by=lowri.actor, person=someone)
    looks = queries.who_has_looked(by=lowri.actor, record=someone, keyed=record.keyed)
    assert [(look.member, look.act) for look in looks] == [
        (lowri.member.name, "opened_person"),
        (office.guardian.member.name, "opened_person"),
        (lowri.member.name, "added_person"),
    ]


SCRIPTS = [
    ("محمد رحیمی", "mohamad raheemi"),
    ("RAHEEMI, Mohammad", "mohamad raheemi"),
    ("ተስፋይ ሃይለ", "tesfay haile"),
    ("Оксана Мельник", "melnik oxana"),
    ("Nguyễn Thị Hoa", "hoa nguyen"),
    ("يوسف العلي", "yousef al-ali"),
    ("Gulalai", "gulalay"),
]


@pytest.mark.parametrize(("name", "typed"), SCRIPTS)
def test_a_person_is_found_as_others_spell_them(lowri, name, typed):
    for other in ("Blessing Okoro", "Arben Kola", "Hodan Warsame"):
        builders.person(lowri, other)
    builders.person(lowri, name)
    found = queries.search(by=lowri.actor, text=typed)
    text, hits = queries.found(by=lowri.actor, handle=found.handle)
    assert text == typed
    assert hits[0].identity.names[0].text == name


def test_a_person_is_found_by_reference_and_not_by_a_name_they_lost(lowri):
    reference = facets.Referenced(kind="uan", value="1234-5678-9012-3456")
    someone = builders.person(lowri, "Old Spelling", references=[reference])
    for typed in ("1234-5678-9012-3456", "1234567890123456"):
        found = queries.search(by=lowri.actor, text=typed)
        assert [hit.subject.pk for hit in queries.found(by=lowri.actor, handle=found.handle)[1]] == [someone.pk]
    record = queries.open_person(by=lowri.actor, person=someone)
    change_identity(
        by=lowri.actor, person=someone, identity=named("Zuhra Wardak"), read=1, status=record.status.content
    )
    gone = queries.search(by=lowri.actor, text="Old Spelling")
    assert queries.found(by=lowri.actor, handle=gone.handle)[1] == []


def test_compaction_loses_nobody_and_keeps_sizes_whole(lowri, monkeypatch):
    monkeypatch.setattr(index, "DELTAS_KEPT", 3)
    for number in range(9):
        builders.person(lowri, f"Nasrin Karimi{'abcdefghi'[number]}")
    assert SearchGeneration.objects.count() == 1
    assert SearchDelta.objects.count() <= 4
    found = queries.search(by=lowri.actor, text="nasrin")
    assert len(queries.found(by=lowri.actor, handle=found.handle)[1]) == 9
    assert {len(bytes(row.body)) % 4096 for row in SearchDelta.objects.all()} == {29}


def test_a_compaction_that_fails_takes_nothing_back_and_blames_nobody(lowri, monkeypatch):
    def busy(*_):
        raise IndexBusy

    monkeypatch.setattr(index, "DELTAS_KEPT", 0)
    monkeypatch.setattr(index, "fold_in", busy)
    someone = builders.person(lowri, "Nasrin Karimi")
    found = queries.search(by=lowri.actor, text="nasrin karimi")
    assert [hit.subject.pk for hit in queries.found(by=lowri.actor, handle=found.handle)[1]] == [someone.pk]


def test_only_one_of_two_compactions_wins(lowri, monkeypatch):
    builders.person(lowri, "Nasrin Karimi")
    actor = lowri.actor
    team = actor.teams[0]
    read = index._read(actor, team)
    assert index.fold_in(actor, team)
    builders.person(lowri, "Hagos Tecle")
    monkeypatch.setattr(index, "_read", lambda *_: read)
    assert not index.fold_in(actor, team)
    monkeypatch.undo()
    for name in ("nasrin karimi", "hagos tecle"):
        found = queries.search(by=actor, text=name)
        assert len(queries.found(by=actor, handle=found.handle)[1]) == 1


def test_an_index_that_never_stands_still_says_so(lowri, monkeypatch):
    builders.person(lowri, "Nasrin Karimi")
    actor = lowri.actor
    real, numbers = SearchGeneration.objects.filter, iter(range(1, 99))

    class Moving:
        def __init__(self, rows):
            self.rows = rows

        def order_by(self, *_):
            return self

        def first(self):
            return next(numbers) if self.flat else self.rows.order_by("-number").first()

        flat = False

        def values_list(self, *_, **__):
            self.flat = True
            return self

    monkeypatch.setattr(SearchGeneration.objects, "filter", lambda **by: Moving(real(**by)))
    with pytest.raises(IndexBusy):
        index.opened(actor, actor.teams[0])


def test_a_facet_of_an_unknown_version_is_not_guessed_at():
    with pytest.raises(FacetUnreadable):
        facets.decode("identity", 99, facets.encode(Identity()))
    with pytest.raises(FacetUnreadable):
        facets.decode("identity", 1, b"\xc1")


def test_an_older_version_is_upgraded_step_by_step(monkeypatch):
    monkeypatch.setattr(facets, "VERSIONS", {**facets.VERSIONS, "identity": 3})
    monkeypatch.setattr(
        facets,
        "UPGRADES",
        {
            ("identity", 1): lambda data: {"names": [{"text": data["name"]}]},
            ("identity", 2): lambda data: {"names": [{"text": one["text"].upper()} for one in data["names"]]},
        },
    )
    import msgspec

    old = msgspec.msgpack.encode({"name": "hagos"})
    assert facets.decode("identity", 1, old).names[0].text == "HAGOS"


def test_the_database_keeps_one_envelope_a_facet(someone):
    row = envelope(someone, "identity")
    row.pk = None
    with pytest.raises(Exception, match=r"(?i)unique|one_envelope"), transaction.atomic():
        row.save(force_insert=True)
    assert not connection.needs_rollback
    assert Wrap.objects.filter(subject=someone).count() == 1


def test_looking_often_hides_nobody(office, lowri, someone):
    queries.open_person(by=office.guardian.actor, person=someone)
    for _ in range(30):
        record = queries.open_person(by=lowri.actor, person=someone)
    looks = queries.who_has_looked(by=lowri.actor, record=someone, keyed=record.keyed)
    assert [(look.member, look.act, look.times) for look in looks] == [
        (lowri.member.name, "opened_person", 30),
        (office.guardian.member.name, "opened_person", 1),
        (lowri.member.name, "added_person", 1),
    ]
