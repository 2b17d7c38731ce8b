"""Papers: sealed before they touch the disk, opened after the entry that says so, noticed when swapped."""

import os
import stat
import time
from uuid import UUID

import pytest
from django.conf import settings
from django.db import DatabaseError

from safeconduct.core.sealing.faults import CannotOpen
from safeconduct.journal import bulk
from safeconduct.journal.models import Act, Commitment, Entry
from safeconduct.people import checks, opening
from safeconduct.people.actions.papers import Sent, keep_papers, remove_paper
from safeconduct.people.history import Why
from safeconduct.people.keys import NotHeld
from safeconduct.people.models import Envelope, PaperFile
from safeconduct.people.papers import files
from safeconduct.people.papers.media import NotKept, Unfit
from safeconduct.people.policies import Refused
from safeconduct.people.records import PutBack
from tests import builders
from tests.support import papers as made

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = b"On 3 May they came to the house in Tidewell Row and asked for the keys."


@pytest.fixture
def office():
    return builders.office()


@pytest.fixture
def lowri(office):
    return builders.member(office)


@pytest.fixture
def someone(lowri):
    return builders.person(lowri, "Nasrin Karimi")


def keep(by, subject, *data, kind="letter", **said):
    before = set(handles(by, subject)) if PaperFile.objects.filter(subject=subject).exists() else set()
    keep_papers(by=by.actor, subject=subject, sent=[Sent(one, kind, **said) for one in data])
    return [UUID(hex=one) for one in handles(by, subject) if one not in before]


def handles(by, subject):
    part = opening.open_part(by=by.actor, subject=subject, facet="papers")
    return [one.handle for one in part.facets["papers"].content.papers]


def everything_on_disk():
    return {path: path.read_bytes() for path in files.folder().rglob("*") if path.is_file()}


def test_a_paper_comes_back_as_it_went_in(lowri, someone):
    (handle,) = keep(lowri, someone, WORDS, title="What happened", source="their own hand")
    paper, content = opening.read_paper(by=lowri.actor, subject=someone, paper=handle)
    assert content == WORDS
    assert (paper.title, paper.kind, paper.media, paper.length) == ("What happened", "letter", "text", len(WORDS))
    assert paper.added_by == lowri.member.handle.hex


def test_papers_of_a_case_are_kept_with_the_case(lowri, someone):
    case = builders.case(lowri, someone)
    (handle,) = keep(lowri, case.subject, WORDS)
    assert opening.read_paper(by=lowri.actor, subject=case.subject, paper=handle)[1] == WORDS
    with pytest.raises(NotHeld):
        opening.read_paper(by=lowri.actor, subject=someone, paper=handle)


def test_what_lies_on_the_disk_is_sealed_padded_and_private(lowri, someone):
    keep(lowri, someone, WORDS, b"x")
    rows = list(PaperFile.objects.filter(subject=someone))
    assert len({row.stored_bytes for row in rows}) == 1  # a line and a letter look alike
    for row in rows:
        path = files.path_of(row.handle)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert path.stat().st_size == row.stored_bytes
    assert not any(WORDS[:12] in content for content in everything_on_disk().values())


def test_the_entry_comes_before_the_bytes(lowri, someone):
    (handle,) = keep(lowri, someone, WORDS)
    files.path_of(handle).unlink()
    before = Entry.objects.filter(act=Act.OPENED_PAPER).count()
    with pytest.raises(PutBack):
        opening.read_paper(by=lowri.actor, subject=someone, paper=handle)
    assert Entry.objects.filter(act=Act.OPENED_PAPER).count() == before + 1


def test_handing_out_the_original_is_an_export(lowri, someone):
    (handle,) = keep(lowri, someone, WORDS)
    opening.read_paper(by=lowri.actor, subject=someone, paper=handle, export=True)
    assert Entry.objects.filter(act=Act.EXPORTED, member=lowri.member.handle).count() == 1
    assert not Entry.objects.filter(act=Act.OPENED_PAPER).exists()


def test_another_team_finds_no_paper(office, lowri, someone):
    (handle,) = keep(lowri, someone, WORDS)
    stranger = builders.member(office, "Other Worker", team=builders.team(office))
    with pytest.raises(NotHeld):
        opening.find(stranger.actor, someone.handle)
    for act in (
        lambda: opening.read_paper(by=stranger.actor, subject=someone, paper=handle),
        lambda: keep_papers(by=stranger.actor, subject=someone, sent=[Sent(WORDS, "letter")]),
        lambda: remove_paper(by=stranger.actor, subject=someone, paper=handle, why=Why("mistake")),
    ):
        with pytest.raises((Refused, NotHeld)):
            act()
    assert PaperFile.objects.count() == len(everything_on_disk_of(someone)) == 1


def everything_on_disk_of(subject):
    return [row for row in PaperFile.objects.filter(subject=subject) if files.path_of(row.handle).exists()]


def test_a_file_put_in_anothers_stead_is_noticed(office, lowri, someone):
    one, two = keep(lowri, someone, WORDS, b"Another letter altogether")
    files.path_of(one).write_bytes(files.path_of(two).read_bytes())
    with pytest.raises(PutBack):
        opening.read_paper(by=lowri.actor, subject=someone, paper=one)
    assert [str(handle) for handle in checks.papers_not_as_logged(office.organisation)] == [one.hex]
    # Even if the row and the log were made to agree, it is sealed for another place.
    digest = PaperFile.objects.get(handle=two).digest
    PaperFile.objects.filter(handle=one).update(digest=digest)
    Commitment.objects.filter(envelope=one).update(digest=digest)
    with pytest.raises(CannotOpen):
        opening.read_paper(by=lowri.actor, subject=someone, paper=one)


def test_papers_that_were_taken_away_are_noticed(office, lowri, someone):
    (handle,) = keep(lowri, someone, WORDS)
    PaperFile.objects.filter(handle=handle).delete()
    with pytest.raises(PutBack):
        opening.read_paper(by=lowri.actor, subject=someone, paper=handle)
    Envelope.objects.filter(subject=someone, facet="papers").delete()
    with pytest.raises(PutBack):
        handles(lowri, someone)


def test_a_file_that_is_gone_is_found_by_the_check(office, lowri, someone):
    (handle,) = keep(lowri, someone, WORDS)
    assert list(checks.papers_not_as_logged(office.organisation)) == []
    files.path_of(handle).unlink()
    assert list(checks.papers_not_as_logged(office.organisation)) == [handle.hex]


def test_one_file_that_is_not_kept_keeps_them_all_out(lowri, someone):
    before = everything_on_disk()
    with pytest.raises(NotKept) as refused:
        keep_papers(by=lowri.actor, subject=someone, sent=[Sent(WORDS, "letter"), Sent(b"MZ\x90\0", "letter")])
    assert (refused.value.code, refused.value.at) == (Unfit.PROGRAM, 1)
    assert everything_on_disk() == before
    assert not PaperFile.objects.exists()


def test_nothing_is_kept_where_the_log_cannot_be_written(lowri, someone, monkeypatch):
    before = everything_on_disk()

    def refuse(*_, **__):
        raise DatabaseError

    monkeypatch.setattr(bulk, "insert", refuse)
    with pytest.raises(Exception, match="log cannot be written"):
        keep_papers(by=lowri.actor, subject=someone, sent=[Sent(WORDS, "letter")])
    assert everything_on_disk() == before
    assert not PaperFile.objects.exists()


def test_nothing_is_kept_where_the_disk_refuses(lowri, someone, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    before = everything_on_disk()
    with pytest.raises(files.DiskRefused, match="Nothing was kept"):
        keep_papers(by=lowri.actor, subject=someone, sent=[Sent(WORDS, "letter")])
    assert everything_on_disk() == before
    assert not PaperFile.objects.exists()


def test_the_file_is_synced_before_the_record_says_so(lowri, someone, monkeypatch):
    order = []
    sync, create = os.fsync, PaperFile.objects.create
    monkeypatch.setattr(os, "fsync", lambda fd: (order.append("sync"), sync(fd))[1])
    monkeypatch.setattr(PaperFile.objects, "create", lambda **named: (order.append("row"), create(**named))[1])
    keep(lowri, someone, WORDS)
    assert order.index("row") > order.index("sync")
    assert "sync" not in order[order.index("row") :]


def test_a_stray_file_is_told_and_not_one_that_has_just_come(lowri, someone):
    (handle,) = keep(lowri, someone, WORDS)
    stray = files.path_of(UUID(int=7))
    half = stray.with_name(".left-behind")
    stray.parent.mkdir(exist_ok=True)
    for path in (stray, half):
        path.write_bytes(b"sealed once")
    mine = {stray, half}
    assert not mine & set(files.strays())
    later = time.time() + 7200
    found = set(files.strays(now=later))
    assert mine <= found
    assert files.path_of(handle) not in found
    for path in mine:
        path.unlink()


def test_removing_takes_file_and_words_and_the_history_says_only_that(lowri, someone):
    (handle, other) = keep(lowri, someone, WORDS, b"Stays", title="The statement of Tidewell", kind="refusal")
    remove_paper(by=lowri.actor, subject=someone, paper=handle, why=Why("mistake", "of somebody else"))
    assert not files.path_of(handle).exists()
    assert not PaperFile.objects.filter(handle=handle).exists()
    assert handles(lowri, someone) == [other.hex]
    _, steps = opening.open_history(by=lowri.actor, subject=someone)
    (step,) = [one.content for one in steps]
    assert (step.facet, step.reason, step.said) == ("papers", "mistake", "of somebody else")
    assert b"refusal" in step.before
    assert b"Tidewell" not in step.before
    with pytest.raises(NotHeld):
        remove_paper(by=lowri.actor, subject=someone, paper=handle, why=Why("mistake"))


def test_two_who_add_at_once_lose_nothing(lowri, someone, monkeypatch):
    real, tried = opening.open_part, []

    def beaten(**named):
        part = real(**named)
        if not tried:
            tried.append(1)
            keep_papers(by=lowri.actor, subject=someone, sent=[Sent(b"First", "letter")])
        return part

    monkeypatch.setattr(opening, "open_part", beaten)
    keep_papers(by=lowri.actor, subject=someone, sent=[Sent(b"Second", "letter")])
    monkeypatch.undo()
    read = [
        opening.read_paper(by=lowri.actor, subject=someone, paper=UUID(hex=one))[1] for one in handles(lowri, someone)
    ]
    assert read == [b"First", b"Second"]


def test_the_demo_and_the_tests_share_no_folder():
    assert files.folder() == settings.DATA_FOLDER.files_path
    assert made.png().startswith(b"\x89PNG")
