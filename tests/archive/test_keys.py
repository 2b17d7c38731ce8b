"""Keys of what is in confidence follow when somebody leaves, when an epoch begins, and go with what they open."""

from __future__ import annotations

from typing import Any

import pytest

from safeconduct.accounts import keyring, wrap_tables
from safeconduct.accounts.actions import epochs, leaving
from safeconduct.accounts.models import Member, Team
from safeconduct.archive import queries, sealed
from safeconduct.archive.actions.confidence import take_in_confidence
from safeconduct.archive.actions.remove import remove
from safeconduct.archive.faults import NotTakenIn
from safeconduct.archive.models import Observation, Quarantined, SealedFindable, Source, SourceWrap
from safeconduct.core.sealing import wraps
from safeconduct.core.sealing.faults import SealingFault
from safeconduct.people.actions import rekey
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)

LETTERS = [f"Letter {number} that somebody handed over, about the Harbour hotel.\n".encode() for number in range(3)]


@pytest.fixture
def office() -> Any:
    """An office that holds three letters in confidence, and in quarantine what is none."""
    made = builders.office()
    for data in LETTERS:
        take_in_confidence(by=made.guardian.actor, team=made.team, data=data)
    with pytest.raises(NotTakenIn):
        take_in_confidence(by=made.guardian.actor, team=made.team, data=b"")
    return made


def opens(bundle: Any, row: Any, handle: Any) -> bool:
    try:
        wraps.unwrap(
            row.epoch, bytes(row.sealed), bundle, keyring.epochs(),
            team=row.team.handle.hex, subject=handle.hex, number=bundle.number,
        )  # fmt: skip
    except SealingFault:
        return False
    return True


def all_open(bundle: Any) -> list[bool]:
    rows = [(row, row.source.handle) for row in SourceWrap.objects.all()]
    rows += [(row, row.handle) for row in Quarantined.objects.all()]
    return [opens(bundle, row, handle) for row, handle in rows]


def test_what_somebody_knew_who_left_opens_no_source_after_the_renewal(office):
    gone = builders.member(office, "Gwen Gone")
    old = gone.actor.bundle(office.team.pk)
    assert all_open(old) == [True] * 4
    leaving.end_access(by=office.guardian.actor, member=gone.member, state=Member.State.LEFT)
    team = Team.objects.get(pk=office.team.pk)
    done = rekey.go_on(by=office.guardian.actor, team=team, seconds=600)
    assert (done.done, done.in_all, done.finished) == (4, 4, True)
    assert all_open(old) == [False] * 4
    by = office.guardian.actor
    for source in Source.objects.all():
        assert "Harbour hotel" in queries.open_sealed(by, source).reading.raw
    again = take_in_confidence(by=by, team=team, data=LETTERS[0])
    assert (again.again, Source.objects.count(), Observation.objects.count()) == (True, 3, 1)


def test_every_key_is_moved_to_a_new_epoch_and_opens_there(office):
    begun = epochs.begin()
    stand = {row.epoch for model in (SourceWrap, Quarantined) for row in model.objects.all()}
    assert stand == {begun.number}
    assert queries.open_sealed(office.guardian.actor, Source.objects.first()).reading.posts


def test_with_a_source_goes_all_that_opens_it(office):
    by = office.guardian.actor
    source = Source.objects.order_by("pk").first()
    row = SourceWrap.objects.get(source=source)
    remove(by=by, source=source)
    assert not SourceWrap.objects.filter(pk=row.pk).exists()
    assert SealedFindable.objects.count() == 2
    assert len(list(sealed.held(by, Source.objects.all()))) == 2


def test_every_table_that_holds_a_wrap_is_named(office):
    named = {table.model for table in wrap_tables.tables()}
    assert {SourceWrap, Quarantined} <= named
