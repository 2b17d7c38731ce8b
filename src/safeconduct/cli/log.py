"""`safeconduct log`: the organisation's log, for somebody else to keep and verify."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from safeconduct.cli.acting import FOLDER, MEMBER, acting
from safeconduct.cli.main import CommandFault


@click.group("log", short_help="Export the log for somebody else to verify.")
def command() -> None:
    """Take the log out in a form that anyone can verify without this program."""


@command.command("export")
@click.argument("target", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@FOLDER
@MEMBER
@click.option("--json", "as_json", is_flag=True, help="Print JSON for a script.")
def export(target: Path, folder: Path, member: str | None, as_json: bool) -> None:
    """Write the log into DIR as C2SP tiles with a signed checkpoint.

    The entries are commitments: they name nobody. Keep a copy where this machine cannot change it; a later export into
    the same DIR is refused unless it continues what is there.
    """
    from safeconduct.config.folder import DataFolder

    data = DataFolder.open(folder)
    with acting(folder, member, role="guardian") as by:
        from safeconduct.accounts.actions.log import record_export
        from safeconduct.core.ledger import checkpoint, tiles  # here: Django must be started first
        from safeconduct.core.ledger.errors import LedgerError
        from safeconduct.core.ledger.tree import ReadOnlyTree
        from safeconduct.journal import sequencer
        from safeconduct.journal.queries import leaves
        from safeconduct.journal.store import DatabaseTiles

        record_export(by=by)
        sequencer.sequence()
        organisation = by.organisation.handle
        key = _key(data.log_key_path)
        origin = f"safeconduct.invalid/log/{organisation.hex}"
        store = DatabaseTiles(organisation)
        size = store.size()
        note = checkpoint.sign(checkpoint.Checkpoint(origin, size, ReadOnlyTree(store, size).root()), key)
        try:
            tiles.export(store, leaves(organisation, size), size, target, note)
        except LedgerError as fault:
            raise CommandFault(f"The log was not exported: {fault}.") from None
    vkey = checkpoint.verifier_key(origin, key.public_key())
    if as_json:
        click.echo(json.dumps({"size": size, "origin": origin, "verifier_key": vkey}))
    else:
        click.echo(f"{size} entries exported to {target}. Verifier key: {vkey}")


def _key(path: Path) -> Ed25519PrivateKey:
    """The key that signs checkpoints, made the first time. It lies beside the database, not in it."""
    from safeconduct.config.folder import write_private

    if not path.exists():
        write_private(path, base64.b64encode(Ed25519PrivateKey.generate().private_bytes_raw()) + b"\n")
    try:
        return Ed25519PrivateKey.from_private_bytes(base64.b64decode(path.read_bytes(), validate=False))
    except ValueError:
        raise CommandFault(f"{path} is damaged. Put its copy back; a new key would look like another log.") from None
