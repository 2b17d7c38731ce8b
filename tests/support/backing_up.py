"""`backup` and `restore` asked from a test, and backups made wrong in one way."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import msgspec
from click.testing import CliRunner

from safeconduct.cli import restore as restore_
from safeconduct.config.backup import manifest as manifests
from safeconduct.core.sealing import boxes
from safeconduct.core.sealing.epochs import Epochs
from tests.support import desk


def act(what: str, folder: Path, *more: str, extra: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.backups", what, str(folder), *more],
        env=desk.environment(extra),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def with_second_copy(office: Path, keys: Path, *, instead_of: Path | str) -> None:
    settings = (office / "safeconduct.toml").read_text()
    assert f'epoch_copy = "{instead_of}"' in settings
    (office / "safeconduct.toml").write_text(settings.replace(f'epoch_copy = "{instead_of}"', f'epoch_copy = "{keys}"'))


def backup(office: Path, *more: str) -> dict[str, object]:
    done = desk.run("backup", str(office.parent / "backups"), "--folder", str(office), "--json", *more)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def refusal(made: Path | str, epoch: Path, folder: Path) -> str:
    """What `restore` says that refuses before it opens any folder, which in this process it could not."""
    done = CliRunner().invoke(restore_.command, [str(made), "--epoch", str(epoch), "--folder", str(folder), "--json"])
    assert (done.exit_code, done.stdout) == (2, ""), done.output
    return done.stderr


def restore(made: Path | str, epoch: Path, folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return desk.run("restore", str(made), "--epoch", str(epoch), "--folder", str(folder), "--json", *more)


def another_key(epoch: Path, to: Path) -> Path:
    known = Epochs.read(epoch)
    replace(known, keys={number: boxes.new_key() for number in known.keys}).write(to)
    return to


def seal_anew(made: Path, epoch: Path) -> None:
    """The manifest's check as whoever has the epoch key could make it."""
    changed = manifests.read(made)
    _, check = Epochs.read(epoch).layer(b"safeconduct", changed.place)
    msgspec.structs.replace(changed, check=base64.b64encode(check).decode()).write(made)


def name_more(made: Path, name: str, content: bytes) -> None:
    """Have the manifest name one more file, which lies where that name leads from the backup."""
    (made / name).write_bytes(content)
    raw = json.loads((made / "manifest.json").read_text())
    raw["files"][name] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    (made / "manifest.json").write_text(json.dumps(raw))


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
