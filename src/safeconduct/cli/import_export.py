"""`safeconduct import-export`: everything another desk took out, brought into a team of this one."""

from __future__ import annotations

import json
from pathlib import Path

import click

from safeconduct.cli.acting import FOLDER, MEMBER, acting
from safeconduct.cli.export import PASSPHRASE_FROM, passphrase_of
from safeconduct.cli.import_ import team_of
from safeconduct.cli.main import CommandFault
from safeconduct.cli.progress import Progress


@click.command("import-export", short_help="Bring in what another desk took out.")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@FOLDER
@MEMBER
@click.option("--team", help="The name of the team to bring it into, for a member of several.")
@PASSPHRASE_FROM
@click.option("--json", "as_json", is_flag=True, help="Print JSON for a script.")
def command(
    file: Path, folder: Path, member: str | None, team: str | None, passphrase_from: Path | None, as_json: bool
) -> None:
    """Bring everything in FILE, which `safeconduct export` made, into one team of this desk.

    Each record gets keys of its own and keeps its handle; nothing shows until all of it is in. Refused where one of its
    records is on this desk already. Cut off, run it again: what was staged is thrown away first.
    """
    passphrase = passphrase_of(passphrase_from)
    with acting(folder, member, role="lead") as by:
        from safeconduct.casework.exporting import (
            archive,
            arriving,
            lines,
            package,
        )  # here: Django must be started first
        from safeconduct.casework.faults import CaseworkFault
        from safeconduct.people.papers.files import DiskRefused

        progress = Progress(quiet=as_json)
        try:
            with file.open("rb") as raw:
                export = archive.Export.open(raw, passphrase)
                found = arriving.bring_back(by=by, team=team_of(by, team), export=export, progress=progress)
        except (package.BadExport, lines.NotALine, CaseworkFault, DiskRefused) as fault:
            raise CommandFault(f"{fault} Nothing was brought in.") from None
        finally:
            progress.end()
    if as_json:
        click.echo(json.dumps({"records": found}))
    else:
        click.echo(f"Brought in: {', '.join(f'{many:,} {name}' for name, many in found.items())}.")
