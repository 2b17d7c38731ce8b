"""`safeconduct log`: the organisation's log, for somebody else to keep and verify."""

from __future__ import annotations

import json
from pathlib import Path

import click

from safeconduct.cli import checkpoints
from safeconduct.cli.acting import FOLDER, MEMBER, acting, require_tables
from safeconduct.cli.main import CommandFault, open_desk


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
        from safeconduct.journal import sequencer
        from safeconduct.journal.queries import leaves
        from safeconduct.journal.store import DatabaseTiles

        record_export(by=by)
        sequencer.sequence()
        organisation = by.organisation.handle
        key, origin = checkpoints.key_of(data), checkpoints.origin_of(organisation)
        store = DatabaseTiles(organisation)
        size = store.size()
        note = checkpoints.signed(organisation, key)
        try:
            tiles.export(store, leaves(organisation, size), size, target, note)
        except LedgerError as fault:
            raise CommandFault(f"The log was not exported: {fault}.") from None
    vkey = checkpoint.verifier_key(origin, key.public_key())
    if as_json:
        click.echo(json.dumps({"size": size, "origin": origin, "verifier_key": vkey}))
    else:
        click.echo(f"{size} entries exported to {target}. Verifier key: {vkey}")


@command.command("checkpoint")
@FOLDER
def print_checkpoint(folder: Path) -> None:
    """Print the log's signed checkpoint: its size and root, to keep where this machine cannot change it.

    It says nothing of anybody and needs no passphrase, so a timer may run it. `safeconduct check --checkpoint` compares
    the log with it later.
    """
    from safeconduct.config.folder import DataFolder

    data = DataFolder.open(folder)
    data.require_private()
    open_desk(data.path)
    require_tables()
    from safeconduct.accounts.models import Organisation  # here: Django must be started first
    from safeconduct.journal import sequencer

    sequencer.sequence()
    organisation = Organisation.objects.order_by("pk").first()
    if organisation is None:
        raise CommandFault("This folder has no organisation yet, so there is no log.")
    click.echo(checkpoints.signed(organisation.handle, checkpoints.key_of(data)), nl=False)
