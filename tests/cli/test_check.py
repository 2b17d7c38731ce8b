"""What ``safeconduct check`` finds in an office's data."""

from __future__ import annotations

import os
from datetime import date
from uuid import UUID

import pytest

from safeconduct.agenda.models import Item
from safeconduct.archive import files as archive
from safeconduct.archive.actions.confidence import take_in_confidence
from safeconduct.archive.actions.take_in import take_in
from safeconduct.archive.models import Source, SourceWrap
from safeconduct.cli import check
from safeconduct.journal import sequencer
from safeconduct.journal.models import Tile
from safeconduct.people import checks
from safeconduct.people.actions.papers import Sent, keep_papers
from safeconduct.people.models import Envelope, PaperFile, Wrap
from safeconduct.people.papers import files
from tests import builders
from tests.builders import Office

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office() -> Office:
    place = builders.office()
    builders.case(place.guardian, builders.person(place.guardian))
    sequencer.sequence()
    assert found(place) == []
    return place


def found(place: Office) -> list[str]:
    return [finding.code for finding in check._of_organisation(place.organisation)]


def test_a_damaged_tree_is_said_and_does_not_end_the_check(office: Office) -> None:
    Tile.objects.all().delete()
    builders.person(office.guardian)
    Item.objects.all().delete()
    assert found(office) == ["log_tile_differs", "agenda_differs"]


def test_a_team_too_large_to_search_quickly_is_a_note(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "PEOPLE_A_TEAM", 1)
    assert found(office) == []
    builders.person(office.guardian)
    [finding] = check._of_organisation(office.organisation)
    assert (finding.code, finding.wrong) == ("teams_too_large", False)


def test_a_changed_record_and_a_lost_key_are_said(office: Office) -> None:
    Envelope.objects.filter(facet="contact").update(body=bytes(64))
    Wrap.objects.filter(subject__kind="person").delete()
    assert found(office) == ["records_not_as_logged", "records_without_keys"]


@pytest.mark.parametrize("facet", ["identity", "contact", "status", "links", "head"])
def test_a_part_that_was_taken_away_is_said(office: Office, facet: str) -> None:
    Envelope.objects.filter(facet=facet).delete()
    assert found(office) == ["records_cut_short"]


def test_a_paper_whose_file_is_gone_is_said(office: Office) -> None:
    person = builders.person(office.guardian)
    keep_papers(by=office.guardian.actor, subject=person, sent=[Sent(b"A letter", "letter")])
    assert found(office) == []
    files.path_of(PaperFile.objects.get(subject=person).handle).unlink()
    assert found(office) == ["papers_not_as_logged"]


def test_sources_that_were_changed_or_taken_away_are_said(office: Office) -> None:
    by = office.guardian.actor
    public = take_in(by=by, data=b"What others published about the Harbour hotel.\n").source
    sealed = take_in_confidence(by=by, team=office.team, data=b"What somebody handed over in confidence.\n").source
    assert found(office) == []
    Source.objects.filter(pk=public.pk).update(captured_on=date(2020, 1, 1))
    archive.path_of(sealed.file.handle, archive.SEALED).unlink()
    SourceWrap.objects.all().delete()
    assert found(office) == ["sources_not_as_logged", "source_files_not_as_logged", "sources_cut_short"]


def test_a_stray_file_of_the_archive_goes_when_asked(office: Office) -> None:
    kept = take_in(by=office.guardian.actor, data=b"What others published about the Harbour hotel.\n").source.file
    stray = archive.path_of(UUID(int=12), archive.WACZ)
    stray.parent.mkdir(exist_ok=True, parents=True)
    stray.write_bytes(b"left behind")
    for path in (stray, archive.path_of(kept.handle, archive.WACZ)):
        os.utime(path, (0, 0))
    (done,) = check._strays(sweep=True)
    assert done.code == "stray_files"
    assert not stray.exists()
    assert archive.path_of(kept.handle, archive.WACZ).exists()


def test_a_stray_file_is_a_note_and_goes_when_asked(office: Office) -> None:
    stray = files.path_of(UUID(int=11))
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"left behind")
    os.utime(stray, (0, 0))
    (told,) = check._strays(sweep=False)
    assert (told.code, told.wrong) == ("stray_files", False)
    assert stray.exists()
    (done,) = check._strays(sweep=True)
    assert "removed" in done.text
    assert not stray.exists()
    assert list(check._strays(sweep=True)) == []
