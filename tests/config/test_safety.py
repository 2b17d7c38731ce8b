"""What `serve` refuses, one fault at a time, each with its fix."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from safeconduct.accounts.models import Organisation
from safeconduct.config import safety
from safeconduct.config.folder import DataFolder
from safeconduct.core.calendar.days import Nation
from safeconduct.journal.fields import new_handle
from safeconduct.journal.models import Act, Entry

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


def faults(data: DataFolder, **changed: object) -> list[str]:
    return safety.of_folder(data, replace(data.options, **changed))  # type: ignore[arg-type]


def test_a_new_folder_is_safe(data_folder: DataFolder) -> None:
    assert faults(data_folder) == []


@pytest.mark.parametrize(
    ("host", "https", "safe"),
    [
        ("127.0.0.1", False, True),
        ("127.8.9.1", False, True),
        ("::1", False, True),
        ("[::1]", False, True),
        ("localhost", False, True),
        ("0.0.0.0", False, False),
        ("::", False, False),
        ("192.168.1.5", False, False),
        ("desk.example", False, False),
        ("localhost.example", False, False),
        ("", False, False),
        ("0.0.0.0", True, True),
        ("desk.example", True, True),
    ],
)
def test_only_https_reaches_beyond_the_machine(data_folder: DataFolder, host: str, https: bool, safe: bool) -> None:
    found = faults(data_folder, host=host, https=https)
    assert (found == []) is safe
    assert all("https = true" in fault for fault in found)


@pytest.mark.parametrize("hosts", [("*",), (".desk.example",), ("localhost", "*.example"), ()])
def test_the_names_of_the_desk_are_exact(data_folder: DataFolder, hosts: tuple[str, ...]) -> None:
    (found,) = faults(data_folder, allowed_hosts=hosts)
    assert "List the" in found


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("postgresql://desk@/safeconduct?host=/run/postgresql", True),
        ("postgresql://desk@127.0.0.1/safeconduct", True),
        ("postgresql://desk@db.example/safeconduct?sslmode=verify-full", True),
        ("postgresql://desk@db.example/safeconduct", False),
        ("postgresql://desk@db.example/safeconduct?sslmode=require", False),
        ("postgresql://desk@db.example/safeconduct?host=10.0.0.9", False),
        ("mysql://db/safeconduct", False),
    ],
)
def test_a_database_elsewhere_is_reached_verified(data_folder: DataFolder, address: str, safe: bool) -> None:
    assert (faults(data_folder, database=address) == []) is safe


def test_every_fault_is_said_at_once(data_folder: DataFolder) -> None:
    data_folder.path.chmod(0o755)
    (data_folder.path / "secret.key").unlink()
    found = faults(data_folder, host="0.0.0.0", allowed_hosts=("*",))
    assert len(found) == 3
    assert "chmod" in found[0]


@pytest.mark.django_db
def test_epoch_keys_may_be_absent_only_while_nothing_needs_them(data_folder: DataFolder) -> None:
    assert safety.of_records(data_folder, now=NOW) == []
    Organisation.objects.create(name="An invented office", nation=Nation.SCOTLAND, started_on=NOW.date())
    (found,) = safety.of_records(data_folder, now=NOW)
    assert "epoch.json is missing" in found
    data_folder.write("epoch.json", b"{}")
    assert safety.of_records(data_folder, now=NOW) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("newest", "safe"),
    [
        (NOW - timedelta(days=400), True),
        (NOW + safety.TOLERANCE, True),
        (NOW + safety.TOLERANCE + timedelta(seconds=1), False),
    ],
)
def test_a_clock_behind_the_log_is_refused(data_folder: DataFolder, newest: datetime, safe: bool) -> None:
    for at in (NOW - timedelta(days=500), newest, NOW - timedelta(days=450)):
        Entry.objects.create(organisation=new_handle(), at=at, act=Act.LISTED, commitment=bytes(32))
    assert (safety.of_records(data_folder, now=NOW) == []) is safe


@pytest.mark.django_db
def test_a_clock_from_before_the_first_desk_is_refused(data_folder: DataFolder) -> None:
    (found,) = safety.of_records(data_folder, now=datetime(1970, 1, 1, tzinfo=UTC))
    assert "clock" in found
