"""``safeconduct log checkpoint``, and what ``safeconduct check`` does without changing the database."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from safeconduct.agenda.models import Item
from safeconduct.cli import check, checkpoints, log
from safeconduct.cli.acting import require_tables
from safeconduct.cli.main import CommandFault
from safeconduct.core.ledger import checkpoint
from safeconduct.journal.models import Entry, Head
from tests import builders
from tests.builders import Office

pytestmark = pytest.mark.django_db(transaction=True)
FOLDER = str(settings.DATA_FOLDER.path)


@pytest.fixture
def office() -> Office:
    place = builders.office()
    builders.case(place.guardian, builders.person(place.guardian))
    # The tests' own database lies in this folder and is made without the program's umask.
    for path in settings.DATA_FOLDER.path.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    return place


def test_a_checkpoint_is_signed_and_says_where_the_log_stands(office: Office, tmp_path: Path) -> None:
    done = CliRunner().invoke(log.command, ["checkpoint", "--folder", FOLDER], catch_exceptions=False)
    assert done.exit_code == 0
    key = checkpoints.key_of(settings.DATA_FOLDER).public_key()
    origin = checkpoints.origin_of(office.organisation.handle)
    known = checkpoint.verify(done.stdout, checkpoint.verifier_key(origin, key))
    head = Head.objects.get()
    assert (known.size, known.root) == (head.size, bytes(head.root)) == (Entry.objects.count(), bytes(head.root))
    kept = tmp_path / "kept"
    kept.write_text(done.stdout)
    checked = CliRunner().invoke(check.command, ["--folder", FOLDER, "--json", "--checkpoint", str(kept)])
    codes = {finding["code"] for finding in json.loads(checked.stdout)["findings"]}
    assert "log_not_as_kept" not in codes
    Head.objects.update(size=3)
    checked = CliRunner().invoke(check.command, ["--folder", FOLDER, "--json", "--checkpoint", str(kept)])
    assert checked.exit_code == 1
    assert "log_not_as_kept" in {finding["code"] for finding in json.loads(checked.stdout)["findings"]}


def test_the_agenda_is_made_again(office: Office) -> None:
    before = Item.objects.count()
    assert before
    Item.objects.all().delete()
    assert CliRunner().invoke(check.command, ["--folder", FOLDER]).exit_code == 1
    assert Item.objects.count() == 0, "looking changes nothing"
    mended = CliRunner().invoke(check.command, ["--folder", FOLDER, "--rebuild-agenda"])
    assert mended.exit_code == 0, mended.output
    assert Item.objects.count() == before


@pytest.mark.usefixtures("office")
def test_tables_of_an_older_version_are_said_and_left() -> None:
    require_tables()
    (newest,) = MigrationLoader(connection).graph.leaf_nodes("journal")
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied(*newest)
    try:
        with pytest.raises(CommandFault, match="safeconduct serve"):
            require_tables()
        done = CliRunner().invoke(check.command, ["--folder", FOLDER])
        assert done.exit_code == 2
        assert newest not in recorder.applied_migrations()
    finally:
        recorder.record_applied(*newest)
