"""The database's settings: which journal is safe, and what a connection really runs with."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection

from safeconduct.config import database
from safeconduct.config.options import SettingFault


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 44, 9), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 50, 8), True),
        ((3, 51, 0), False),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 52, 0), True),
        ((4, 0, 0), True),
    ],
)
def test_wal_only_on_a_repaired_version(version: tuple[int, int, int], safe: bool) -> None:
    assert database.wal_is_safe(version) is safe
    assert database.journal_mode(version) == ("WAL" if safe else "TRUNCATE")
    command = database.sqlite(Path("/nowhere/x"), 5, version)["OPTIONS"]["init_command"]
    assert (f"journal_mode={'WAL' if safe else 'TRUNCATE'};") in command


@pytest.mark.django_db
def test_a_connection_runs_with_the_safe_pragmas() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("pragmas are SQLite's")
    expected = {
        "journal_mode": database.journal_mode().lower(),
        "synchronous": 2,  # FULL
        "secure_delete": 1,
        "foreign_keys": 1,
        "temp_store": 2,  # MEMORY
    }
    with connection.cursor() as cursor:
        found = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in expected}
    assert found == expected
    assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_an_address_with_a_server() -> None:
    made = database.postgresql("postgresql://desk:p%40ss@db.example:5433/safeconduct?sslmode=verify-full")
    assert made["ENGINE"] == "django.db.backends.postgresql"
    assert (made["NAME"], made["USER"], made["PASSWORD"]) == ("safeconduct", "desk", "p@ss")
    assert (made["HOST"], made["PORT"], made["OPTIONS"]) == ("db.example", "5433", {"sslmode": "verify-full"})
    assert made["ATOMIC_REQUESTS"] is False


def test_an_address_with_a_socket() -> None:
    made = database.postgresql("postgresql://postgres@/safeconduct?host=/run/postgresql")
    assert (made["HOST"], made["PORT"], made["OPTIONS"]) == ("/run/postgresql", "", {})


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("mysql://db/name", "begin with postgresql://"),
        ("postgresql://db.example", "end with the database's name"),
        ("postgresql://db.example:many/name", "port"),
        ("postgresql://db.example/name?options=-csearch_path%3Dx", "not allowed: options"),
    ],
)
def test_an_address_that_cannot_be_used(address: str, why: str) -> None:
    with pytest.raises(SettingFault, match=why):
        database.postgresql(address)


@pytest.mark.postgresql
@pytest.mark.django_db
def test_the_tests_reach_a_real_postgresql() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("this run is on SQLite")
    with connection.cursor() as cursor:
        cursor.execute("SELECT version()")
        assert cursor.fetchone()[0].startswith("PostgreSQL")
