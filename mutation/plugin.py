"""A pytest plugin that makes the tests of each change quick, and takes nothing from what they notice.

mutmut forks a process for each change, after the tests have run once without any. In that first run the migrations make
the database, which is copied from then on; and where a property fails, Hypothesis looks for no simpler example. What
tests stand on is made anew for each of them, by the changed code.

Forked processes run at once, so each gets a data folder and a database file of its own: what one does to the other's
would look like a change noticed.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings as desk
from django.db import connection
from django.db.backends.sqlite3.creation import DatabaseCreation
from hypothesis import Phase, settings

_made_by_migrations = DatabaseCreation.create_test_db
_kept: list[bytes] = []
_first = os.getpid()
_own: list[Path] = []


def pytest_collection() -> None:
    """After the tests' own settings are loaded: none of Hypothesis's time for people who read a failure."""
    from tests.support.remembered import make_each_time  # it asks Django for its models

    phases = (Phase.explicit, Phase.reuse, Phase.generate)
    settings.register_profile("mutation", settings(settings.get_profile("project"), phases=phases))
    settings.load_profile("mutation")
    make_each_time()


def pytest_configure() -> None:
    """Of a forked process: leave the data folder that the first made."""
    if os.getpid() == _first:
        return
    from safeconduct.config.folder import DataFolder  # not before Django's settings are there

    _own.append(Path(tempfile.mkdtemp(prefix="safeconduct-")))
    folder = DataFolder.create(_own[0] / "data", "real", environment={})
    desk.DATA_FOLDER, desk.EPOCH_FILE = folder, folder.epoch_path
    connection.settings_dict["TEST"]["NAME"] = str(folder.database_path.with_name("test.sqlite3"))


def pytest_unconfigure() -> None:
    """Of a forked process: take its folder away."""
    for folder in _own:
        shutil.rmtree(folder)


def _create_test_db(self: DatabaseCreation, *arguments: Any, **named: Any) -> str:
    if not _kept:
        name = _made_by_migrations(self, *arguments, **named)
        _kept.append(self.connection.connection.serialize())
        return name
    name = self._get_test_db_name()
    self.connection.close()
    self.connection.settings_dict["NAME"] = name
    self.connection.ensure_connection()
    whole = sqlite3.connect(":memory:")
    whole.deserialize(_kept[0])
    whole.backup(self.connection.connection)
    whole.close()
    return name


DatabaseCreation.create_test_db = _create_test_db
