"""`safeconduct backup`: a copy that was tried, and the end of what no copy needs any more."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import click

from safeconduct.cli.acting import FOLDER
from safeconduct.cli.epochs import AS_JSON, faults
from safeconduct.cli.opening import opened
from safeconduct.cli.progress import Progress


@click.command("backup", short_help="Make a backup, try it, and end epochs past their time.")
@click.argument("target", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@FOLDER
@click.option(
    "--retain-days",
    type=click.IntRange(1, 3650),
    help="For how many days this backup is wanted, instead of the setting retain_days (30).",
)
@click.option(
    "--together",
    is_flag=True,
    help="Accept backups in the place where the epoch keys are: whoever takes that one place has both.",
)
@AS_JSON
def command(target: Path, folder: Path, retain_days: int | None, together: bool, as_json: bool) -> None:
    """Make a backup in a new folder inside DIR, while the desk goes on serving.

    Begins a new epoch, copies, restores the copy for a trial and compares it with the log, and then destroys the epochs
    that no backup and no record needs any more. A backup holds no epoch key: keep that file elsewhere, and see that it
    has a second copy (the setting epoch_copy). A folder that ends in .partial is a backup that was never finished.
    """
    data = opened(folder)
    progress = Progress(quiet=as_json)
    retain = timedelta(days=retain_days or data.options.retain_days)
    with faults():
        from safeconduct.config.backup.make import make  # here: Django must be started first

        made = make(data, target, retain=retain, together=together, progress=progress)
    progress.end()
    if as_json:
        logs = {handle: {"size": log.size, "root": log.root} for handle, log in made.manifest.logs.items()}
        shown = {"backup": str(made.path), "epoch": made.manifest.epoch, "needed_until": made.manifest.needed_until}
        click.echo(json.dumps({**shown, "logs": logs, "destroyed": list(made.destroyed), "said": list(made.said)}))
        return
    for sentence in made.said:
        click.echo(f"Note: {sentence}")
    click.echo(f"Made and tried: {made.path}")
    click.echo(f"It opens with epoch {made.manifest.epoch} of {data.epoch_path}, which is not in it.")
    for number in made.destroyed:
        click.echo(f"Epoch {number} is destroyed: older backups that stand under it cannot be read any more.")
