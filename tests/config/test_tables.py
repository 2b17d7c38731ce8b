"""A new folder's tables are those that every older one comes to by its steps."""

from __future__ import annotations

import re
import secrets
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from safeconduct.config.folder import DataFolder
from tests.conftest import ON_POSTGRESQL
from tests.support import desk

_MAKE = """
import os, sys
from pathlib import Path
from safeconduct.cli.main import open_desk
open_desk(Path(sys.argv[1]))
from django.db import connection
from safeconduct.config import tables
def end(execute, sql, *rest):
    return os._exit(9) if sql.startswith("INSERT") else execute(sql, *rest)
if sys.argv[2] == "killed":
    connection.execute_wrappers.append(end)
tables.bring_up_to_date()
"""
Ask = Callable[[str], list[tuple[Any, ...]]]
_POSTGRESQL = (
    "SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default, is_identity"
    " FROM information_schema.columns WHERE table_schema = 'public'",
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace",
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
)
_SQLITE = ("SELECT tbl_name, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'",)


@pytest.fixture
def new(data_folder: DataFolder, request: pytest.FixtureRequest) -> Callable[[str], Ask]:
    """`new("killed" or "whole")` makes the tables of a new folder in a process of its own; what it gives asks them."""
    address = request.getfixturevalue("cluster").create(f"new_{secrets.token_hex(4)}") if ON_POSTGRESQL else ""
    extra = {"SAFECONDUCT_DATABASE": address} if address else {}

    def make(how: str) -> Ask:
        done = subprocess.run(
            [sys.executable, "-c", _MAKE, str(data_folder.path), how], env=desk.environment(extra), check=False
        )
        assert done.returncode == (9 if how == "killed" else 0)
        return ask

    def ask(question: str) -> list[tuple[Any, ...]]:
        with closing(psycopg.connect(address) if address else sqlite3.connect(data_folder.database_path)) as database:
            return database.execute(question).fetchall()

    return make


def stepped(question: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def shape(ask: Ask) -> set[tuple[object, ...]]:
    """Every table, column, constraint and index. The order of columns says nothing: they are asked for by name."""
    if ON_POSTGRESQL:
        return {row for question in _POSTGRESQL for row in ask(question)}
    return {(table, name, part) for question in _SQLITE for table, name, sql in ask(question) for part in parts(sql)}


def parts(sql: str) -> list[str]:
    """What stands between the commas of a table's outermost brackets; an index as it is."""
    if not sql.startswith("CREATE TABLE"):
        return [sql]
    out, depth, since = [], 0, sql.index("(") + 1
    for found in re.finditer(r"[(),]|'[^']*'", sql):
        depth += {"(": 1, ")": -1}.get(found[0], 0)
        if (found[0] == "," and depth == 1) or (found[0] == ")" and depth == 0):
            out.append(sql[since : found.start()].strip())
            since = found.end()
    return out


@pytest.mark.django_db
def test_they_are_the_same_and_no_step_is_left(new: Callable[[str], Ask]) -> None:
    assert parts('CREATE TABLE "a" ("x" integer CHECK ("x" IN (1, 2)), "y" text DEFAULT \'a,b)\')') == [
        '"x" integer CHECK ("x" IN (1, 2))',
        "\"y\" text DEFAULT 'a,b)'",
    ]
    ask = new("whole")
    made, by_steps = shape(ask), shape(stepped)
    assert len(made) > 300
    assert made - by_steps == by_steps - made == set()
    steps = set(MigrationLoader(connection).graph.nodes)
    assert {(app, name) for app, name in ask("SELECT app, name FROM django_migrations")} == steps


@pytest.mark.django_db
def test_all_of_them_are_there_or_none(new: Callable[[str], Ask]) -> None:
    ask = new("killed")
    where = "pg_tables WHERE schemaname = 'public'" if ON_POSTGRESQL else "sqlite_master"
    assert ask(f"SELECT * FROM {where}") == []
    new("whole")
    assert shape(ask) == shape(stepped)
