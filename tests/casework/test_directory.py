"""A team's own contacts: sealed, read after the entry that says so, and checked by whoever says so."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from safeconduct.accounts.actions import members
from safeconduct.accounts.keys import today
from safeconduct.casework.actions.directory import check_contact, save_directory
from safeconduct.casework.directory import STALE_AFTER, Checked, how_checked, open_directory
from safeconduct.casework.faults import NoSuchContact, NoSuchRung
from safeconduct.casework.models import Directory
from safeconduct.core.policy.errors import Refused
from safeconduct.journal.models import Act, Entry
from safeconduct.people.facets import Reached
from safeconduct.people.models import Envelope
from safeconduct.people.records import NEVER_WRITTEN, Changed, PutBack
from tests import builders
from tests.builders import Colleague, Office

pytestmark = pytest.mark.django_db
DUTY = Reached(rung="solicitor", name="Duty line, Harbour Law", phone="01632 960001")
HELPLINE = Reached(rung="mp_phone", name="Helpline", phone="01632 960002", checked_on=date(2026, 1, 5))


@pytest.fixture
def place() -> Office:
    return builders.office()


@pytest.fixture
def worker(place: Office) -> Colleague:
    return builders.member(place)


def save(by: Colleague, place: Office, *contacts: Reached) -> None:
    read = open_directory(by=by.actor, team=place.team).revision
    save_directory(by=by.actor, team=place.team, contacts=contacts, read=read)


def test_it_begins_empty_and_opens_nothing(place: Office, worker: Colleague) -> None:
    record = open_directory(by=worker.actor, team=place.team)
    assert (list(record.contacts), record.revision) == ([], NEVER_WRITTEN)
    assert not Entry.objects.filter(act=Act.OPENED_DIRECTORY).exists()


def test_what_is_kept_comes_back_in_its_order_and_is_sealed(place: Office, worker: Colleague) -> None:
    save(worker, place, DUTY, HELPLINE)
    colleague = builders.member(place, "Alys Colleague")
    record = open_directory(by=colleague.actor, team=place.team)
    assert list(record.contacts) == [DUTY, HELPLINE]
    assert record.under("mp_phone") == [HELPLINE]
    assert not any(b"Harbour" in bytes(row.body) for row in Envelope.objects.all())
    entry = Entry.objects.get(act=Act.OPENED_DIRECTORY)
    assert entry.member == colleague.member.handle


def test_another_team_neither_reads_nor_changes_it(place: Office, worker: Colleague) -> None:
    save(worker, place, DUTY)
    stranger = builders.member(place, "Other Team", team=builders.team(place))
    with pytest.raises(Refused):
        open_directory(by=stranger.actor, team=place.team)
    with pytest.raises(Refused):
        save_directory(by=stranger.actor, team=place.team, contacts=[], read=1)


def test_nobody_overwrites_a_colleague(place: Office, worker: Colleague) -> None:
    save(worker, place, DUTY)
    with pytest.raises(Changed):
        save_directory(by=worker.actor, team=place.team, contacts=[HELPLINE], read=NEVER_WRITTEN)
    save(worker, place, DUTY, HELPLINE)
    with pytest.raises(Changed):
        save_directory(by=worker.actor, team=place.team, contacts=[], read=1)
    assert len(open_directory(by=worker.actor, team=place.team).contacts) == 2


def test_a_rung_nobody_knows_is_refused(place: Office, worker: Colleague) -> None:
    with pytest.raises(NoSuchRung):
        save(worker, place, Reached(rung="psychic", name="Madame"))
    assert open_directory(by=worker.actor, team=place.team).revision == NEVER_WRITTEN


def test_checking_one_says_when_and_by_whom_and_leaves_the_others(place: Office, worker: Colleague) -> None:
    save(worker, place, DUTY, HELPLINE)
    check_contact(by=worker.actor, record=open_directory(by=worker.actor, team=place.team), number=0)
    first, second = open_directory(by=worker.actor, team=place.team).contacts
    assert (first.checked_on, first.checked_by) == (today(), "Lowri Worker")
    assert second == HELPLINE


def test_checking_what_moved_is_refused(place: Office, worker: Colleague) -> None:
    save(worker, place, DUTY, HELPLINE)
    old = open_directory(by=worker.actor, team=place.team)
    save(worker, place, HELPLINE)
    with pytest.raises(Changed):
        check_contact(by=worker.actor, record=old, number=0)
    with pytest.raises(NoSuchContact):
        check_contact(by=worker.actor, record=open_directory(by=worker.actor, team=place.team), number=1)


def test_an_old_directory_put_back_is_noticed(place: Office, worker: Colleague) -> None:
    save(worker, place, DUTY)
    row = Envelope.objects.get(facet="directory")
    old = (row.revision, bytes(row.body))
    save(worker, place, HELPLINE)
    Envelope.objects.filter(pk=row.pk).update(revision=old[0], body=old[1])
    with pytest.raises(PutBack):
        open_directory(by=worker.actor, team=place.team)


def test_one_that_was_taken_away_does_not_read_as_empty(place: Office, worker: Colleague) -> None:
    save(worker, place, DUTY)
    Directory.objects.all().delete()
    with pytest.raises(PutBack):
        open_directory(by=worker.actor, team=place.team)


def test_one_that_leads_to_another_teams_is_noticed(place: Office, worker: Colleague) -> None:
    save(worker, place, DUTY)
    housing = builders.team(place)
    members.add_to_team(by=place.guardian.actor, team=housing, member=worker.member, role="caseworker")
    save_directory(by=worker.actor, team=housing, contacts=[HELPLINE], read=NEVER_WRITTEN)
    own, other = Directory.objects.order_by("id").values_list("subject", flat=True)
    Directory.objects.filter(team=housing).delete()
    Directory.objects.filter(team=place.team).update(subject=other)
    assert own != other
    with pytest.raises(PutBack):
        open_directory(by=worker.actor, team=place.team)


@pytest.mark.parametrize(
    ("ago", "how"),
    [(None, Checked.NEVER), (0, Checked.FRESH), (STALE_AFTER, Checked.FRESH), (STALE_AFTER + 1, Checked.STALE)],
)
def test_how_far_one_may_be_relied_on(ago: int | None, how: Checked) -> None:
    day = None if ago is None else today() - timedelta(days=ago)
    assert how_checked(Reached(rung="solicitor", name="x", checked_on=day), today=today()) is how
