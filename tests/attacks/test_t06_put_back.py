"""T6: yesterday's database is put back, as it was or with another day written over it.

Whoever has the database has all of it, the log's tree and root among it. What they do not have is where the log was
last seen: the epoch file, the browsers' cookies, a checkpoint kept elsewhere. Each is tried alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from safeconduct.accounts import keyring, witness
from safeconduct.accounts.actions import alarms
from safeconduct.accounts.models import Membership, Organisation
from safeconduct.casework.models import Case, Deadline, Enquiry, Event
from safeconduct.cli import check, checkpoints
from safeconduct.cli.main import CommandFault
from safeconduct.config.folder import DataFolder
from safeconduct.core.ledger import tiles
from safeconduct.core.ledger.tiles import CHECKPOINT
from safeconduct.journal import sequencer
from safeconduct.journal.models import Act, Alarm, Commitment, Entry, Head, Tile
from safeconduct.journal.queries import leaves
from safeconduct.journal.store import DatabaseTiles
from safeconduct.journal.tripwire import LogDiffers
from safeconduct.people import queries
from safeconduct.people.models import Envelope
from safeconduct.web import cookies, last_seen
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True)
class Log:
    """The log's tables as they were."""

    entries: list[Entry]
    commitments: list[Commitment]
    heads: list[Head]
    tiles: list[Tile]

    @classmethod
    def copy(cls) -> Log:
        sequencer.sequence()
        return cls(*(list(model.objects.order_by("pk")) for model in (Entry, Commitment, Head, Tile)))

    def put_back(self) -> None:
        Alarm.objects.all().delete()
        for model in (Commitment, Tile, Head, Entry):
            model.objects.all().delete()
        for model, rows in (
            (Entry, self.entries),
            (Commitment, self.commitments),
            (Head, self.heads),
            (Tile, self.tiles),
        ):
            model.objects.bulk_create(rows)


@pytest.fixture
def scene() -> SimpleNamespace:
    last_seen._looked.clear()
    office = builders.office()
    lowri = builders.member(office)
    person = builders.person(lowri, "Ann Quillfeather")
    return SimpleNamespace(
        office=office, lowri=lowri, person=person, organisation=office.organisation.handle, yesterday=Log.copy()
    )


def a_day(scene: SimpleNamespace, acts: int = 4) -> None:
    """Somebody works: the log grows, and is placed."""
    for _ in range(acts):
        queries.open_person(by=scene.lowri.actor, person=scene.person)
    sequencer.sequence()


def page(scene: SimpleNamespace) -> str:
    return reverse("person", args=[scene.person.handle])


def forget_in_epoch_file(scene: SimpleNamespace) -> None:
    """The epoch file is yesterday's as well, or new."""
    keyring.change(lambda now: replace(now, roots={}))


def again(client: Client, scene: SimpleNamespace) -> Client:
    """The same browser, signed in once more."""
    fresh = scene.lowri.client
    if cookies.LOG in client.cookies:
        fresh.cookies[cookies.LOG] = client.cookies[cookies.LOG].value
    return fresh


def another_day(scene: SimpleNamespace) -> None:
    """Yesterday's log, and then other entries until there are more than were seen: the tail is written anew."""
    scene.yesterday.put_back()
    a_day(scene, 12)


PUT_BACK: dict[str, Callable[[SimpleNamespace], None]] = {
    "as it was": lambda scene: scene.yesterday.put_back(),
    "with its tail written anew": another_day,
    "emptied": lambda scene: Log([], [], [], []).put_back(),
}


@pytest.mark.parametrize("way", PUT_BACK)
@pytest.mark.parametrize("place", ["epoch file", "cookie"])
def test_a_log_that_does_not_go_on_from_where_it_was_seen_opens_nothing(
    scene: SimpleNamespace, way: str, place: str
) -> None:
    a_day(scene)
    browser = scene.lowri.client
    assert browser.get(page(scene)).status_code == 200
    assert cookies.LOG in browser.cookies
    PUT_BACK[way](scene)
    if place == "cookie":
        forget_in_epoch_file(scene)
        stranger = scene.lowri.client
        before = keyring.roots()
        assert stranger.get(page(scene)).status_code in {200, 409}, "a browser that saw nothing cannot tell"
        assert not Alarm.objects.filter(kind="log").exists()
        keyring.change(lambda now: replace(now, roots=before))
        browser = again(browser, scene)
    else:
        browser = scene.lowri.client
    answer = browser.get(page(scene))
    assert answer.status_code == 409
    assert "Quillfeather" not in answer.content.decode()
    assert "last seen" in answer.content.decode()
    assert Alarm.objects.filter(kind="log", seen_at__isnull=True).count() == 1
    # It is so for everybody, also beneath the pages.
    with pytest.raises(LogDiffers):
        queries.open_person(by=scene.office.guardian.actor, person=scene.person)


def test_a_guardian_settles_it_after_a_restore_and_every_browser_goes_on(scene: SimpleNamespace) -> None:
    a_day(scene)
    browser = scene.lowri.client
    assert browser.get(page(scene)).status_code == 200
    scene.yesterday.put_back()
    browser = again(browser, scene)
    assert browser.get(page(scene)).status_code == 409
    desk = scene.office.guardian.client
    shown = desk.get(reverse("alarms")).content.decode()
    assert "an older database was put back" in shown
    alarm = Alarm.objects.get(kind="log")
    assert desk.post(reverse("alarm-answer", args=[alarm.handle])).status_code == 302
    assert Entry.objects.filter(act=Act.ALARM_SEEN).count() == 1
    assert Entry.objects.filter(act=Act.LOG_DIFFERED).count() == 1
    sequencer.sequence()
    assert again(browser, scene).get(page(scene)).status_code == 200
    assert not Alarm.objects.filter(kind="log", seen_at__isnull=True).exists(), "the cookie is older than the answer"
    assert witness.difference(scene.organisation) is None


def test_a_log_that_only_grew_raises_nothing(scene: SimpleNamespace) -> None:
    browser = scene.lowri.client
    for _ in range(3):
        a_day(scene, 2)
        browser = again(browser, scene)
        assert browser.get("/").status_code == 200
    assert not Alarm.objects.exists()
    assert keyring.roots()[scene.organisation.hex].size > 3


def test_a_made_up_cookie_makes_nobody_doubt_the_log(scene: SimpleNamespace) -> None:
    a_day(scene)
    for value in ("", "nonsense", "eyJvZiI6IjAwIn0:1abc:xyz", "a" * 4000):
        browser = scene.lowri.client
        browser.cookies[cookies.LOG] = value
        assert browser.get("/").status_code == 200
    assert not Alarm.objects.exists()


def codes(scene: SimpleNamespace) -> set[str]:
    return {finding.code for finding in check._of_organisation(scene.office.organisation)}


def test_check_says_that_the_epoch_file_saw_more(scene: SimpleNamespace) -> None:
    a_day(scene)
    assert scene.lowri.client.get("/").status_code == 200
    assert codes(scene) == set()
    scene.yesterday.put_back()
    assert "log_not_as_last_seen" in codes(scene)


# Kept elsewhere: an export, or a checkpoint alone


def export(scene: SimpleNamespace, folder: DataFolder, target: Path) -> Path:
    sequencer.sequence()
    store = DatabaseTiles(scene.organisation)
    note = checkpoints.signed(scene.organisation, checkpoints.key_of(folder))
    tiles.export(store, leaves(scene.organisation, store.size()), store.size(), target, note)
    return target


def said(scene: SimpleNamespace, folder: DataFolder, *paths: Path) -> list[str]:
    kept = [checkpoints.read_kept(path, folder, scene.organisation) for path in paths]
    return checkpoints.differences(scene.organisation, kept)


def test_an_export_names_the_first_entry_that_disagrees(
    scene: SimpleNamespace, data_folder: DataFolder, tmp_path: Path
) -> None:
    a_day(scene)
    kept = export(scene, data_folder, tmp_path / "kept")
    assert said(scene, data_folder, kept) == []
    a_day(scene)
    assert said(scene, data_folder, kept) == []
    first = len(scene.yesterday.entries)
    another_day(scene)
    assert said(scene, data_folder, kept)[0].endswith(f"disagrees is {first}.")
    scene.yesterday.put_back()
    assert said(scene, data_folder, kept)[0].endswith(f"disagrees is {first}.")


def test_a_checkpoint_alone_says_between_which_sizes(
    scene: SimpleNamespace, data_folder: DataFolder, tmp_path: Path
) -> None:
    def keep(name: str) -> Path:
        sequencer.sequence()
        path = tmp_path / name
        path.write_text(checkpoints.signed(scene.organisation, checkpoints.key_of(data_folder)))
        return path

    early = keep("early")
    size = DatabaseTiles(scene.organisation).size()
    a_day(scene)
    late, seen = keep("late"), DatabaseTiles(scene.organisation).size()
    assert said(scene, data_folder, early, late) == []
    another_day(scene)
    [text] = said(scene, data_folder, late, early)
    assert f"from entry {size} to {seen - 1}" in text
    scene.yesterday.put_back()
    [text] = said(scene, data_folder, early, late)
    assert "put back" in text


def test_another_logs_checkpoint_or_a_damaged_export_is_no_answer(
    scene: SimpleNamespace, data_folder: DataFolder, tmp_path: Path
) -> None:
    kept = export(scene, data_folder, tmp_path / "kept")
    other = DataFolder.create(tmp_path / "other", "real", environment={})
    with pytest.raises(CommandFault):
        checkpoints.read_kept(kept, other, scene.organisation)
    [bundle] = [one for one in (kept / "tile" / "entries").rglob("*") if one.is_file()]
    bundle.write_bytes(bundle.read_bytes()[:-1] + b"\0")
    with pytest.raises(CommandFault):
        checkpoints.read_kept(kept / CHECKPOINT, data_folder, scene.organisation)


# Facts in the open


FACTS: dict[str, tuple[Callable[[], Any], str]] = {
    "a day": (lambda: Event.objects.filter(kind="sent").update(on="2026-01-01"), "facts_not_as_logged"),
    "a kind": (lambda: Event.objects.filter(kind="sent").update(kind="answered"), "facts_not_as_logged"),
    "an event taken away": (lambda: Event.objects.filter(kind="phoned").delete(), "facts_not_as_logged"),
    "a letter's route": (lambda: Enquiry.objects.update(route="other"), "facts_not_as_logged"),
    "a limit": (lambda: Deadline.objects.update(on="2026-01-01"), "facts_not_as_logged"),
    "a limit said to be met": (lambda: Deadline.objects.update(met_on="2026-11-01"), "facts_not_as_logged"),
    "a case closed": (lambda: Case.objects.update(state="closed"), "facts_not_as_logged"),
    "a role": (lambda: Membership.objects.filter(role="caseworker").update(role="lead"), "staff_not_as_logged"),
    "a guardian": (lambda: builders.Member.objects.update(is_guardian=True), "staff_not_as_logged"),
    "a disabled member": (lambda: builders.Member.objects.update(state="disabled"), "staff_not_as_logged"),
    "a higher tripwire": (lambda: Organisation.objects.update(stop_from=100_000), "bounds_not_as_logged"),
    "a shorter wait": (lambda: Organisation.objects.update(recovery_hours=0), "bounds_not_as_logged"),
}


@pytest.mark.parametrize("what", FACTS)
def test_facts_in_the_open_are_held_against_the_log(scene: SimpleNamespace, what: str) -> None:
    from safeconduct.accounts.keys import today
    from safeconduct.casework.actions import deadlines

    case = builders.case(scene.lowri, scene.person, sent_on=today() - timedelta(days=9))
    builders.event(scene.lowri, case, "phoned", today())
    deadlines.set_deadline(
        by=scene.lowri.actor,
        case=case,
        rule="ftt.iac.appeal.in",
        on=today() - timedelta(days=2),
        nation="england-and-wales",
    )
    sequencer.sequence()
    assert codes(scene) == set()
    change, code = FACTS[what]
    change()
    assert code in codes(scene)


def test_a_tripwire_that_was_set_is_held_against_the_log(scene: SimpleNamespace) -> None:
    alarms.set_tripwire(by=scene.office.guardian.actor, tripwire=alarms.Tripwire(30, 90, 900))
    assert codes(scene) == set()
    Organisation.objects.update(slow_from=60, stop_from=200, tell_from=1500)
    assert codes(scene) == {"bounds_not_as_logged"}


def test_what_an_earlier_desk_wrote_is_counted_and_not_called_wrong(scene: SimpleNamespace) -> None:
    """No commitment at all: as in a folder of before there were any. The next change of a case commits to it."""
    from safeconduct.accounts.keys import today

    case = builders.case(scene.lowri, scene.person)
    known = set(Envelope.objects.values_list("handle", flat=True))
    known |= {member.handle for member in scene.office.organisation.members.all()}
    Commitment.objects.exclude(envelope__in=known).delete()
    found = list(check._open_facts(scene.office.organisation))
    assert [(one.code, one.wrong) for one in found] == [("facts_not_in_log", False)]
    assert "1 cases and the staff" in found[0].text
    builders.event(scene.lowri, case, "phoned", today())
    [left] = check._open_facts(scene.office.organisation)
    assert "0 cases" in left.text
