"""What ``safeconduct check`` finds in an office's data."""

from __future__ import annotations

import os
from uuid import UUID

import pytest

from safeconduct.agenda.models import Item
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
