"""The pages on which a lead takes out everything a team holds, or the list of its cases."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

from safeconduct.casework.exporting import verify
from safeconduct.casework.exporting.package import BadExport
from safeconduct.core.sealing.agefiles import LockedKey
from safeconduct.core.sealing.faults import NotStretched
from safeconduct.journal.models import Act, Alarm, Entry
from tests import builders
from tests.builders import PASSPHRASE, Office
from tests.support import exports

pytestmark = pytest.mark.django_db
FILE = exports.PASSPHRASE


@pytest.fixture(autouse=True)
def locked_cheaply(monkeypatch: pytest.MonkeyPatch) -> None:
    exports.lock_cheaply(monkeypatch)


@pytest.fixture
def place() -> Office:
    office = builders.office()
    person = builders.person(office.guardian, "=cmd|' /C calc'!A1", nationality="Afghanistan")
    builders.case(office.guardian, person, reference="\t=1+1", subject="Delay")
    builders.case(office.guardian, builders.person(office.guardian, "Fatima Rahimi"), reference="IM/2")
    return office


@pytest.fixture
def lead(place: Office) -> Client:
    return place.guardian.client


def sent(place: Office, **more: str) -> dict[str, str]:
    return {"team": place.team.handle.hex, "people": "2", "new": FILE, "again": FILE, "own": PASSPHRASE} | more


def test_the_file_comes_sealed_and_whole(place: Office, lead: Client) -> None:
    shown = lead.get("/export").content.decode()
    assert "2 people" in shown
    assert "2 cases" in shown
    answer = lead.post("/export", sent(place))
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith('attachment; filename="safeconduct-')
    assert answer["Content-Disposition"].endswith('.zip"')
    assert answer["Cache-Control"] == "no-store"
    data = b"".join(answer)  # type: ignore[arg-type]  # a streamed answer
    assert b"Rahimi" not in data
    found = verify.verify(io.BytesIO(data), FILE)
    assert found["records"] == {"people": 2, "households": 0, "cases": 2, "directory": 0, "members": 1, "papers": 0} | {
        name: 0 for name in found["records"] if name in ("messages", "incidents")
    }
    assert Entry.objects.filter(act=Act.EXPORTED, count=4).count() == 1
    assert Alarm.objects.get().count == 4


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"people": "3"}, "There are 2."),
        ({"people": ""}, "required"),
        ({"own": "another passphrase entirely"}, "Your passphrase is not right"),
        ({"new": "short", "again": "short"}, "at least 12 characters"),
        ({"again": "lantern orchard pebble quill"}, ""),
    ],
)
def test_what_is_typed_wrong_makes_nothing(place: Office, lead: Client, wrong: dict[str, str], says: str) -> None:
    answer = lead.post("/export", sent(place, **wrong))
    assert not answer.streaming
    shown = answer.content.decode()
    assert says in shown
    assert "There is a problem" in shown
    assert FILE not in shown
    assert not Entry.objects.filter(act=Act.EXPORTED).exists()
    assert not Alarm.objects.exists()


def test_a_caseworker_and_a_guardian_who_lead_nothing_get_nothing(place: Office) -> None:
    worker = builders.member(place, "Wyn Worker").client
    guardian = builders.member(place, "Gwen Guardian", guardian=True).client
    for browser, status in ((worker, 403), (guardian, 200)):
        for address, form in (("/export", sent(place)), ("/export/cases", {"cases": "2", **sent(place)})):
            assert browser.get(address).status_code == status
            answer = browser.post(address, form)
            assert answer.status_code == status
            assert "Content-Disposition" not in answer
    assert "You lead no team" in guardian.get("/export").content.decode()
    assert "/export" not in worker.get("/settings").content.decode()
    assert not Entry.objects.filter(act=Act.EXPORTED).exists()


def test_another_teams_records_do_not_leave_by_its_handle(place: Office, lead: Client) -> None:
    elsewhere = builders.team(place)  # the guardian is in it and does not lead it unless they made it
    other = builders.member(place, "Lena Lead", role="lead").client
    answer = other.post("/export", sent(place, team=elsewhere.handle.hex))
    assert not answer.streaming
    assert not Entry.objects.filter(act=Act.EXPORTED).exists()


def test_the_list_of_cases_works_nothing_out(place: Office, lead: Client) -> None:
    answer = lead.post("/export/cases", {"team": place.team.handle.hex, "cases": "2", "own": PASSPHRASE})
    assert answer["Content-Type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][:3] == ["Our reference", "Name", "Case type"]
    assert {row[0] for row in rows[1:]} == {"'\t'=1+1", "IM/2"}
    assert {row[1] for row in rows[1:]} == {"'=cmd|' /C calc'!A1", "Fatima Rahimi"}
    assert "Afghanistan" not in answer.content.decode()
    assert Alarm.objects.get().count == 2
    wrong = lead.post("/export/cases", {"team": place.team.handle.hex, "cases": "3", "own": PASSPHRASE})
    assert "There are 2." in wrong.content.decode()
    assert Entry.objects.filter(act=Act.EXPORTED, count=2).count() == 1


def test_a_file_cut_off_on_its_way_does_not_open(place: Office, lead: Client) -> None:
    pieces = list(lead.post("/export", sent(place)))
    assert len(pieces) > 1
    with pytest.raises(BadExport, match="cut short"):
        exports.opened(b"".join(pieces[:-1]))  # type: ignore[arg-type]  # a streamed answer


def test_a_machine_too_busy_to_seal_says_so_and_makes_nothing(
    place: Office, lead: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(passphrase: str) -> LockedKey:
        raise NotStretched("Too busy. Try again.")

    monkeypatch.setattr(LockedKey, "under", busy)
    assert "Too busy. Try again." in lead.post("/export", sent(place)).content.decode()
    assert not Entry.objects.filter(act=Act.EXPORTED).exists()
