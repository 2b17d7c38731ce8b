"""What the desk asks of a PostgreSQL server: one fault at a time, and a real server that breaks its promises."""

from __future__ import annotations

import secrets
import tomllib
from pathlib import Path

import psycopg
import pytest

from safeconduct.config import database, options, postgresql
from safeconduct.config.folder import DataFolder
from safeconduct.config.options import SettingFault
from tests.support import desk
from tests.support.postgresql import Cluster

SOUND = (150004, False, "UTF8", "on", "on", "off", "read committed", True)


def test_a_sound_server_has_no_fault() -> None:
    assert postgresql._of(*SOUND) == []
    for level in ("local", "remote_write", "remote_apply"):
        assert postgresql._of(*SOUND[:4], level, *SOUND[5:]) == []


@pytest.mark.parametrize(
    ("at", "value", "said"),
    [
        (0, 130012, "older than version 14"),
        (1, True, "never made from a read replica"),
        (2, "SQL_ASCII", "createdb --template template0 --encoding UTF8"),
        (3, "off", "fsync = on"),
        (4, "off", "SET synchronous_commit = on"),
        (5, "on", "takes no writes"),
        (6, "serializable", "RESET default_transaction_isolation"),
        (7, False, "OWNER TO safeconduct"),
    ],
)
def test_each_fault_is_said_with_its_fix(at: int, value: object, said: str) -> None:
    row = list(SOUND)
    row[at] = value  # type: ignore[call-overload]
    [fault] = postgresql._of(*row)  # type: ignore[arg-type]
    assert said in fault


def test_several_servers_in_one_address_are_refused() -> None:
    for address in ("postgresql://desk@a.example,b.example/x", "postgresql://desk@/x?host=a.example,b.example"):
        with pytest.raises(SettingFault, match="primary alone"):
            database.postgresql(address)


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("SET synchronous_commit = off", "SET synchronous_commit = on"),
        ("SET default_transaction_isolation = serializable", "RESET default_transaction_isolation"),
    ],
)
def test_a_desk_does_not_start_on_a_server_that_breaks_a_promise(
    cluster: Cluster, tmp_path: Path, broken: str, said: str
) -> None:
    name = f"promise_{secrets.token_hex(6)}"
    address = cluster.create(name)
    with psycopg.connect(cluster.address("postgres"), autocommit=True) as connection:
        connection.execute(f'ALTER DATABASE "{name}" {broken}')
    folder = DataFolder.create(tmp_path / "office", "real", environment={}, database=address)
    refused = desk.run("serve", "--folder", str(folder.path), "--port", "0")
    assert refused.returncode == 2, refused.stderr
    assert "was not started" in refused.stderr
    assert said in refused.stderr
    with psycopg.connect(address) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


def test_a_password_is_not_among_what_is_told() -> None:
    settings = database.postgresql("postgresql://desk:hush@db.example/office?sslmode=verify-full")
    assert postgresql.described(settings) == "the PostgreSQL database office at db.example"


TEXT = '# Settings.\n\n# Where.\ndatabase = "sqlite"  \n\nport = 8700\n'


def test_one_setting_is_changed_and_the_rest_stays() -> None:
    address = 'postgresql://desk:a"\\1@/x?host=/run'
    changed = options.replaced(TEXT, "database", address)
    assert tomllib.loads(changed) == {"database": address, "port": 8700}
    assert changed.splitlines()[:3] == TEXT.splitlines()[:3]
    assert changed.splitlines()[4:] == TEXT.splitlines()[4:]
    assert tomllib.loads(options.replaced("port = 1\n", "database", "sqlite")) == {"port": 1, "database": "sqlite"}
    with pytest.raises(SettingFault, match="on a line of its own"):
        options.replaced("[other]\nport = 1\n", "database", "sqlite")
    with pytest.raises(SettingFault):
        options.replaced("port = = 1\n", "database", "sqlite")
