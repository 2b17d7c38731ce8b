"""What ``safeconduct check`` finds in an office's data."""

from __future__ import annotations

import pytest

from safeconduct.agenda.models import Item
from safeconduct.cli import check
from safeconduct.journal import sequencer
from safeconduct.journal.models import Tile
from safeconduct.people.models import Envelope, Wrap
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


def test_a_changed_record_and_a_lost_key_are_said(office: Office) -> None:
    Envelope.objects.filter(facet="contact").update(body=bytes(64))
    Wrap.objects.filter(subject__kind="person").delete()
    assert found(office) == ["records_not_as_logged", "records_without_keys"]


@pytest.mark.parametrize("facet", ["identity", "contact", "status", "links", "head"])
def test_a_part_that_was_taken_away_is_said(office: Office, facet: str) -> None:
    Envelope.objects.filter(facet=facet).delete()
    assert found(office) == ["records_cut_short"]
