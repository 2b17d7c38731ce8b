"""A scene that each test of a module has for its own, made once where the database can be copied."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

import pytest
from django.db import connection

Scene = TypeVar("Scene")


class Again(Generic[Scene]):
    """What `make` makes. SQLite is given the first one back as it was; on PostgreSQL each is made anew.

    For a module whose tests all begin with it: what lies outside the database, the epoch file above all, stays.
    """

    def __init__(self, make: Callable[[], Scene]) -> None:
        self._make = make
        self._kept: tuple[sqlite3.Connection, Scene] | None = None

    def scene(self) -> Scene:
        """The scene, in a database that is empty until then."""
        connection.ensure_connection()
        if self._kept:
            copy, scene = self._kept
            copy.backup(connection.connection)
            return scene
        scene = self._make()
        if connection.vendor == "sqlite":
            self._kept = (sqlite3.connect(":memory:"), scene)
            connection.connection.backup(self._kept[0])
        return scene

    def forget(self) -> None:
        """Let go of the copy."""
        if self._kept:
            self._kept[0].close()


def scenes_of(make: Callable[[], Scene]) -> Any:
    """The fixture `scenes` of a module: an `Again`."""

    @pytest.fixture(scope="module", name="scenes")
    def scenes() -> Iterator[Again[Scene]]:
        kept = Again(make)
        yield kept
        kept.forget()

    return scenes
