"""`safeconduct restore`: a backup and the epoch file it needs, made a data folder again."""

from __future__ import annotations

import json
from pathlib import Path

import click

from safeconduct.cli.epochs import AS_JSON
from safeconduct.cli.main import CommandFault
from safeconduct.cli.opening import started
from safeconduct.cli.progress import Progress


@click.command("restore", short_help="Make a data folder of a backup.")
@click.argument("backup", metavar="BACKUP", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--epoch",
    "epoch_file",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The epoch file: the desk's own, or its second copy.",
)
@click.option(
    "--folder",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The new data folder, which must not exist yet.",
)
@click.option(
    "--database",
    envvar="SAFECONDUCT_DATABASE",
    help="For a backup of a desk on PostgreSQL: the address of an empty database.",
)
@click.option("--trial", is_flag=True, help="Compare everything, then take it away again.")
@AS_JSON
def command(backup: Path, epoch_file: Path, folder: Path, database: str | None, trial: bool, as_json: bool) -> None:
    """Make a new data folder of BACKUP: the folder of one backup, or of several where only one is finished.

    Every file is compared with the manifest, the log with the root it had, and keys with the epoch file. Anything that
    does not agree ends it, and nothing is left behind. The log of the new folder says that it was restored.
    """
    from safeconduct.config.backup.manifest import BackupFault  # here: loading waits until a command is used
    from safeconduct.config.backup.restoring import restore

    progress = Progress(quiet=as_json)
    try:
        done = restore(backup, epoch_file, folder, database=database, trial=trial, start=started, progress=progress)
    except BackupFault as fault:
        raise CommandFault(str(fault)) from None
    progress.end()
    logs = {handle: {"size": log.size, "root": log.root} for handle, log in done.manifest.logs.items()}
    if as_json:
        shown = {"whole": True, "folder": None if trial else str(folder.absolute()), "made_at": done.manifest.made_at}
        click.echo(json.dumps({**shown, "logs": logs, "missing": list(done.missing)}))
        return
    for sentence in done.missing:
        click.echo(f"Note: {sentence}")
    if trial:
        click.echo(f"The backup of {done.manifest.made_at} is whole. Nothing was kept of the trial.")
    else:
        click.echo(f"Restored to {folder}, as it was at {done.manifest.made_at}. Members sign in as before.")
        click.echo(f"Next: safeconduct check --folder '{folder}', then serve it. Set epoch_copy anew in its settings.")
