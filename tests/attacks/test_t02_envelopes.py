"""T2: whoever writes to the database moves, cuts, changes and rolls back what is sealed.

Attacks are made as they stand, which the log's commitment refuses, and with the commitment rewritten to agree: then the
seal itself must refuse. What is *not* noticed at opening has tests at the end, which say what notices it, if any.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from uuid import uuid4

import pytest

from safeconduct.accounts import rosters
from safeconduct.accounts.actions import members, passphrase, sessions
from safeconduct.accounts.actor import Actor
from safeconduct.accounts.keys import today
from safeconduct.accounts.models import Member, Membership, Session, Team
from safeconduct.accounts.rosters import KeySubstituted
from safeconduct.casework import queries as casework
from safeconduct.casework.models import Case
from safeconduct.core.sealing import envelopes
from safeconduct.core.sealing.envelopes import Place, digest
from safeconduct.core.sealing.faults import CannotOpen, EpochMissing, NotASealedBox
from safeconduct.journal import sequencer
from safeconduct.journal.commitments import commit
from safeconduct.journal.models import Commitment, Entry, Head, Tile
from safeconduct.journal.verify import verify
from safeconduct.people import queries
from safeconduct.people.actions import change_contact
from safeconduct.people.checks import envelopes_not_as_logged
from safeconduct.people.facets import Contact
from safeconduct.people.keys import NotHeld, hold
from safeconduct.people.models import Envelope, Found, Subject, Wrap
from safeconduct.people.records import PutBack
from tests import builders
from tests.support.again import Again, scenes_of

pytestmark = pytest.mark.django_db(transaction=True)

Scene = SimpleNamespace
MONDAY = date(2026, 9, 7)


def make() -> Scene:
    """Two people of one team with a case each, one of another team and one of another organisation."""
    office = builders.office()
    lowri = builders.member(office)
    housing = builders.team(office)
    elsewhere = builders.other_office()
    ann, ben = (
        builders.person(lowri, name, safe_note=f"note of {name}", history="long", nationality="Eritrea")
        for name in ("Ann Quillfeather", "Ben Oatsworth")
    )
    case, second = (
        builders.case(lowri, one, reference=f"IM/{number}", sent_on=MONDAY) for number, one in enumerate((ann, ben))
    )
    for one in (case, second):
        builders.event(lowri, one, "phoned", today(), note="first call")
        builders.event(lowri, one, "phoned", today(), note="second call")
    return Scene(
        office=office,
        lowri=lowri,
        housing=housing,
        ann=ann,
        ben=ben,
        case=case,
        second=second,
        theirs=builders.person(office.guardian, "Cai Farrow", team=housing),
        foreign=builders.person(elsewhere.guardian, "Dai Elsewhere"),
        elsewhere=elsewhere,
    )


scenes = scenes_of(make)


@pytest.fixture
def scene(scenes: Again[Scene]) -> Scene:
    return scenes.scene()


def row(subject: Subject, facet: str, at: int = 0) -> Envelope:
    return Envelope.objects.filter(subject=subject, facet=facet).order_by("id")[at]


def put(target: Envelope, **columns: object) -> None:
    Envelope.objects.filter(pk=target.pk).update(**columns)


def make_the_log_agree(target: Envelope) -> None:
    """Rewrite the commitment, as somebody with the whole database in hand would."""
    now = Envelope.objects.get(pk=target.pk)
    Commitment.objects.filter(envelope=now.handle).delete()
    Commitment.objects.create(
        entry=Entry.objects.order_by("id")[0],
        envelope=now.handle,
        revision=now.revision,
        digest=digest(bytes(now.body)),
    )


def open_all(scene: Scene) -> None:
    """Open Ann's record and her case, whatever of them was touched."""
    queries.open_person(by=scene.lowri.actor, person=Subject.objects.get(pk=scene.ann.pk))
    case = casework.find_case(scene.lowri.actor, scene.case.handle)
    casework.open_case_record(by=scene.lowri.actor, case=case)


def moved(from_: Callable[[Scene], Envelope], to: Callable[[Scene], Envelope]) -> Callable[[Scene], Envelope]:
    def attack(scene: Scene) -> Envelope:
        target = to(scene)
        put(target, body=bytes(from_(scene).body))
        return target

    return attack


def cut(keep: slice) -> Callable[[Scene], Envelope]:
    def attack(scene: Scene) -> Envelope:
        target = row(scene.ann, "identity")
        put(target, body=bytes(target.body)[keep])
        return target

    return attack


def column(**columns: object) -> Callable[[Scene], Envelope]:
    def attack(scene: Scene) -> Envelope:
        target = row(scene.ann, "contact")
        assert all(getattr(target, name) != value for name, value in columns.items())
        put(target, **columns)
        return target

    return attack


def identity(who: str) -> Callable[[Scene], Envelope]:
    return lambda scene: row(getattr(scene, who), "identity")


def of_case(which: str, facet: str, at: int = 0) -> Callable[[Scene], Envelope]:
    return lambda scene: row(getattr(scene, which).subject, facet, at)


ATTACKS: dict[str, Callable[[Scene], Envelope]] = {
    "another person": moved(identity("ben"), identity("ann")),
    "another team's person": moved(identity("theirs"), identity("ann")),
    "another organisation's person": moved(identity("foreign"), identity("ann")),
    "another facet": moved(lambda scene: row(scene.ann, "contact"), identity("ann")),
    "another case's head": moved(of_case("second", "head"), of_case("case", "head")),
    "another event of the case": moved(of_case("case", "entry", 1), of_case("case", "entry", 0)),
    "an event of another case": moved(of_case("second", "entry"), of_case("case", "entry")),
    "a head as a note": moved(of_case("case", "head"), of_case("case", "entry")),
    "empty": cut(slice(0, 0)),
    "its version alone": cut(slice(0, 1)),
    "no tag": cut(slice(0, -16)),
    "one byte short": cut(slice(0, -1)),
    "its first byte gone": cut(slice(1, None)),
    "another schema": column(schema=1),
    "another generation": column(generation=2),
    "another revision": column(revision=2),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_the_log_refuses_it_and_the_seal_does_where_the_log_was_made_to_agree(scene: Scene, name: str) -> None:
    open_all(scene)
    target = ATTACKS[name](scene)
    # The schema and the generation are not in the digest: the seal is what binds them.
    with pytest.raises(CannotOpen if name in {"another schema", "another generation"} else PutBack):
        open_all(scene)
    assert name in {"another schema", "another generation"} or target.handle.hex in list(
        envelopes_not_as_logged(scene.office.organisation)
    )
    make_the_log_agree(target)
    with pytest.raises((CannotOpen, NotASealedBox)):
        open_all(scene)


def test_every_byte_counts(scene: Scene) -> None:
    """Each byte of a stored envelope beneath the actions, and some of them through the act that opens a person."""
    target = row(scene.ann, "identity")
    sound, keyed = bytes(target.body), hold(scene.lowri.actor, scene.ann)
    key = envelopes.facet_key(keyed.key, target.facet, target.generation)
    subject = scene.ann.handle.hex
    place = Place(keyed.organisation, subject, target.facet, target.schema, target.generation, target.revision)
    assert envelopes.open_envelope(key, sound, place)
    for at in range(len(sound)):
        broken = bytearray(sound)
        broken[at] ^= 1 << (at % 8)
        with pytest.raises((CannotOpen, NotASealedBox)):
            envelopes.open_envelope(key, bytes(broken), place)
        if at % 97 == 0:
            put(target, body=bytes(broken))
            make_the_log_agree(target)
            with pytest.raises((CannotOpen, NotASealedBox)):
                queries.open_person(by=scene.lowri.actor, person=scene.ann)
    put(target, body=sound)
    make_the_log_agree(target)
    assert queries.open_person(by=scene.lowri.actor, person=scene.ann)


def test_a_whole_row_given_to_another_person_does_not_open(scene: Scene) -> None:
    mine, theirs = row(scene.ann, "identity"), row(scene.ben, "identity")
    mine.delete()
    put(theirs, subject=scene.ann)
    with pytest.raises(CannotOpen):
        queries.open_person(by=scene.lowri.actor, person=scene.ann)


def test_a_case_made_to_show_another_cases_head_is_refused(scene: Scene) -> None:
    """The row of a case is open, so it can be made to point anywhere: but a case and its subject have one handle."""
    Case.objects.filter(pk=scene.second.pk).update(subject=None or Subject.objects.get(pk=scene.ann.pk))
    Case.objects.filter(pk=scene.case.pk).update(subject=scene.second.subject)
    by, case = scene.lowri.actor, casework.find_case(scene.lowri.actor, scene.case.handle)
    for opening in (
        lambda: casework.open_case_record(by=by, case=case),
        lambda: casework.open_head(by=by, case=case),
        lambda: casework.open_heads(by=by, cases=[case]),
    ):
        with pytest.raises(PutBack):
            opening()


# Keys moved about


def swap(first: object, second: object, *columns: str) -> None:
    """Exchange columns of two rows of one table."""
    model = type(first)
    before = {name: (getattr(first, name), getattr(second, name)) for name in columns}
    model.objects.filter(pk=first.pk).update(**{name: both[1] for name, both in before.items()})
    model.objects.filter(pk=second.pk).update(**{name: both[0] for name, both in before.items()})


@pytest.mark.parametrize("other", ["ben", "theirs", "foreign"])
def test_a_wrap_of_another_subject_or_team_opens_nothing(scene: Scene, other: str) -> None:
    swap(scene.ann.wraps.get(), getattr(scene, other).wraps.get(), "epoch", "sealed")
    with pytest.raises(CannotOpen):
        queries.open_person(by=scene.lowri.actor, person=scene.ann)


def test_a_wrap_given_to_ones_own_team_opens_nothing(scene: Scene) -> None:
    """The wrap of another team's person, handed to a team of one's own by changing its row."""
    Wrap.objects.filter(subject=scene.theirs).update(team=scene.office.team)
    with pytest.raises(CannotOpen):
        queries.open_person(by=scene.lowri.actor, person=scene.theirs)


def test_a_wrap_of_an_epoch_that_is_gone_opens_nothing(scene: Scene) -> None:
    Wrap.objects.filter(subject=scene.ann).update(epoch=7)
    with pytest.raises(EpochMissing):
        queries.open_person(by=scene.lowri.actor, person=scene.ann)


def test_a_bundle_of_another_member_or_team_opens_nothing(scene: Scene) -> None:
    owain = builders.member(scene.office, "Owain Second")
    guardian = scene.office.guardian
    both = list(Membership.objects.filter(member=guardian.member).order_by("id"))
    mine, his = (Membership.objects.get(member=one.member) for one in (scene.lowri, owain))
    swap(mine, his, "epoch", "bundle")
    swap(*both, "epoch", "bundle")
    for actor, team in (
        (scene.lowri.actor, scene.office.team),
        (guardian.actor, scene.office.team),
        (guardian.actor, scene.housing),
    ):
        with pytest.raises(CannotOpen):
            actor.bundle(team.pk)


def test_a_membership_slipped_in_opens_nothing(scene: Scene) -> None:
    """A row that says somebody is in a team, with a bundle copied from whoever is."""
    real = Membership.objects.get(team=scene.housing)
    Membership.objects.create(
        team=scene.housing, member=scene.lowri.member, role="lead", epoch=real.epoch, bundle=real.bundle
    )
    with pytest.raises(CannotOpen):
        queries.open_person(by=scene.lowri.actor, person=scene.theirs)


def test_the_key_kept_for_one_session_opens_in_no_other(scene: Scene) -> None:
    first = sessions.sign_in(name="sian", passphrase=builders.PASSPHRASE)
    second = sessions.sign_in(name=scene.lowri.member.sign_in, passphrase=builders.PASSPHRASE)
    swap(first.session, second.session, "kept")
    assert sessions.resume(half=first.half) == (first.session, None)
    swap(Session.objects.get(pk=first.session.pk), Session.objects.get(pk=second.session.pk), "kept")
    assert isinstance(sessions.resume(half=first.half)[1], Actor)
    # A session made over to somebody else keeps the key of whom it was begun by: their rows do not open with it.
    Session.objects.filter(pk=second.session.pk).update(member=scene.office.guardian.member)
    with pytest.raises(CannotOpen):
        sessions.resume(half=second.half)[1].bundle(scene.housing.pk)


def test_a_locked_key_put_on_another_member_does_not_open_with_its_passphrase(scene: Scene) -> None:
    columns = ("salt", "cost_memory_kib", "cost_passes", "cost_lanes", "sealed_key", "public_key")
    swap(scene.lowri.member, scene.office.guardian.member, *columns)
    with pytest.raises(sessions.CannotSignIn):
        sessions.sign_in(name="sian", passphrase=builders.PASSPHRASE)


def test_a_roster_of_another_team_does_not_open(scene: Scene) -> None:
    actor = scene.office.guardian.actor
    swap(Team.objects.get(pk=scene.office.team.pk), Team.objects.get(pk=scene.housing.pk), "roster")
    with pytest.raises(CannotOpen):
        rosters.read(Team.objects.get(pk=scene.housing.pk), actor.bundle(scene.housing.pk))


def test_a_roster_rolled_back_is_noticed_before_anything_is_sealed_to_the_member(scene: Scene) -> None:
    before = bytes(Team.objects.get(pk=scene.office.team.pk).roster)
    passphrase.change(by=scene.lowri.actor, current=builders.PASSPHRASE, new="lantern gravel teapot fern")
    Team.objects.filter(pk=scene.office.team.pk).update(roster=before)
    with pytest.raises(KeySubstituted):
        members.add_to_team(
            by=scene.office.guardian.actor,
            team=scene.housing,
            member=Member.objects.get(pk=scene.lowri.member.pk),
            role="caseworker",
        )


def test_a_found_page_opens_for_whoever_searched_only(scene: Scene) -> None:
    owain = builders.member(scene.office, "Owain Second")
    mine = queries.search(by=scene.lowri.actor, text="Ann Quillfeather")
    his = queries.search(by=owain.actor, text="Ben Oatsworth")
    with pytest.raises(NotHeld):
        queries.found(by=owain.actor, handle=mine.handle)
    swap(mine, his, "body")
    with pytest.raises(CannotOpen):
        queries.found(by=owain.actor, handle=his.handle)
    Found.objects.filter(pk=mine.pk).update(member=owain.member.handle, body=mine.body)
    with pytest.raises(CannotOpen):
        queries.found(by=owain.actor, handle=mine.handle)


# Rolled back


def rolled_back(scene: Scene) -> Envelope:
    """Ann's contact as it was before it said that writing to her is not safe."""
    old = row(scene.ann, "contact")
    new = Contact(safe_note="never write to the flat")
    change_contact(by=scene.lowri.actor, person=scene.ann, contact=new, read=1)
    sequencer.sequence()
    put(old, body=bytes(old.body), revision=old.revision)
    return old


def test_an_old_envelope_put_back_is_refused_and_reported(scene: Scene) -> None:
    old = rolled_back(scene)
    with pytest.raises(PutBack):
        queries.open_person(by=scene.lowri.actor, person=scene.ann)
    assert list(envelopes_not_as_logged(scene.office.organisation)) == [old.handle.hex]


def test_an_old_body_under_the_new_revision_is_refused_by_its_seal(scene: Scene) -> None:
    old = rolled_back(scene)
    put(old, revision=2)
    make_the_log_agree(old)
    with pytest.raises(CannotOpen):
        queries.open_person(by=scene.lowri.actor, person=scene.ann)


def test_with_its_commitment_taken_out_too_it_opens_and_verifying_the_log_reports_it(scene: Scene) -> None:
    old = rolled_back(scene)
    Commitment.objects.filter(envelope=old.handle, revision=2).delete()
    assert queries.open_person(by=scene.lowri.actor, person=scene.ann).contact.revision == 1
    assert "entry_changed" in [one.code for one in verify(scene.office.organisation.handle)]


def test_with_the_log_recomputed_too_only_a_root_kept_elsewhere_tells(scene: Scene) -> None:
    """The limit that threats.md states: changes since the last checkpoint that somebody else holds are not noticed."""
    old = rolled_back(scene)
    organisation = scene.office.organisation.handle
    kept_elsewhere = bytes(Head.objects.get(organisation=organisation).root)
    taken = Commitment.objects.get(envelope=old.handle, revision=2)
    entry = taken.entry
    taken.delete()
    entry.commitment = commit(entry, Commitment.objects.filter(entry=entry))
    entry.save()
    Tile.objects.filter(organisation=organisation).delete()
    Head.objects.filter(organisation=organisation).delete()
    Entry.objects.filter(organisation=organisation).update(position=None)
    sequencer.sequence()
    assert queries.open_person(by=scene.lowri.actor, person=scene.ann).contact.revision == 1
    assert list(verify(organisation)) == []
    assert bytes(Head.objects.get(organisation=organisation).root) != kept_elsewhere


def test_a_record_slipped_in_is_reported(scene: Scene) -> None:
    stolen = row(scene.ann, "identity")
    stolen.pk, stolen.handle, stolen.facet = None, uuid4(), "links"
    Envelope.objects.filter(subject=scene.ann, facet="links").delete()
    stolen.save(force_insert=True)
    with pytest.raises(PutBack):
        queries.open_person(by=scene.lowri.actor, person=scene.ann)
    assert stolen.handle.hex in list(envelopes_not_as_logged(scene.office.organisation))
