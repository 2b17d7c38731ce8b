"""What every command loads before it does anything: nothing that only some of them need."""

from __future__ import annotations

import json
import subprocess
import sys

from safeconduct.config.folder import DataFolder
from tests.support.desk import environment

# Each takes longer to load than most commands take to run.
HEAVY = {"requests", "urllib3", "lxml", "warcio", "cedarpy", "openpyxl", "webauthn", "safeconduct.archive.capture"}
OPENED = """
import json, sys
from pathlib import Path
from safeconduct.cli.main import open_desk
open_desk(Path(sys.argv[1]))
import safeconduct.accounts.actions.passphrase
import safeconduct.accounts.checks, safeconduct.archive.checks, safeconduct.casework.checks, safeconduct.people.checks
print(json.dumps(list(sys.modules)))
"""


def test_opening_a_folder_and_checking_it_loads_little(data_folder: DataFolder) -> None:
    line = [sys.executable, "-c", OPENED, str(data_folder.path)]
    done = subprocess.run(line, env=environment(), capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stdout))
    assert "safeconduct.casework.checks" in loaded
    assert HEAVY & loaded == set()
