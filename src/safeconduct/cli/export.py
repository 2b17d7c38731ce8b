"""`safeconduct export`: everything a team holds, in one sealed file of an open form; and whether one is whole."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from safeconduct.cli.acting import MEMBER, acting
from safeconduct.cli.main import CommandFault
from safeconduct.cli.progress import Progress

if TYPE_CHECKING:
    from safeconduct.accounts.actor import Actor
    from safeconduct.accounts.models import Team
    from safeconduct.core.sealing.agefiles import LockedKey

PASSPHRASE_FROM = click.option(
    "--passphrase-from",
    type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True),
    help="A file whose first line is the passphrase of the export, for a script (- is standard input).",
)


@click.command("export", short_help="Take out everything a team holds, sealed.")
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), help="The data folder.")
@click.option("--to", "target", type=click.Path(path_type=Path, dir_okay=False), help="The file to make.")
@MEMBER
@click.option("--team", "names", multiple=True, help="A team to take out; several times for several. All you lead.")
@click.option("--people", type=int, help="How many people they hold: typed, as the question would ask it.")
@click.option("--verify", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="See if FILE is whole.")
@PASSPHRASE_FROM
@click.option("--json", "as_json", is_flag=True, help="Print JSON for a script.")
def command(
    folder: Path | None,
    target: Path | None,
    member: str | None,
    names: tuple[str, ...],
    people: int | None,
    verify: Path | None,
    passphrase_from: Path | None,
    as_json: bool,
) -> None:
    """Take out everything that teams you lead hold, into one file sealed to a passphrase of its own.

    The form is open and described; `safeconduct import-export` brings it into another desk. How many people it holds is
    asked back before anything is made. `--verify FILE` reads a file from end to end and needs no data folder.
    """
    if verify is not None:
        if folder or target or names:
            raise click.UsageError("--verify goes alone, with --passphrase-from and --json at most.")
        _tell_verified(_verified(verify, passphrase_of(passphrase_from)), as_json=as_json)
        return
    if folder is None or target is None:
        raise click.UsageError("Say --folder DIR and --to FILE, or --verify FILE.")
    _require_free(target)
    with acting(folder, member, role="lead") as by:
        made = _export(by, names, people, passphrase_from, target, quiet=as_json)
    if as_json:
        click.echo(json.dumps(made))
    else:
        click.echo(f"Made: {_said(made['records'])}. Without its passphrase nobody opens {target}.")


def passphrase_of(source: Path | None, *, anew: bool = False) -> str:
    """The passphrase of an export: from a file's first line, or asked for; twice where it is chosen."""
    if source is not None:
        with click.open_file(str(source), encoding="utf-8") as stream:
            first: str = stream.readline()
        return first.rstrip("\r\n")
    asked: str = click.prompt(
        "Passphrase of the export", hide_input=True, err=True, confirmation_prompt="Once more" if anew else False
    )
    return asked


def _export(
    by: Actor, names: Sequence[str], people: int | None, source: Path | None, target: Path, *, quiet: bool
) -> dict[str, Any]:
    from safeconduct.casework.exporting import taking  # here and below: Django must be started first
    from safeconduct.core.sealing.faults import NotStretched, WeakPassphrase
    from safeconduct.people.records import PutBack

    teams = _teams(by, names)
    counts = taking.count(by=by, teams=teams)
    held = counts.records | {"papers": counts.papers}
    if people is None:
        click.echo(f"{', '.join(team.name for team in teams)}: {_said(held)}.", err=True)
        people = click.prompt("How many people will be in the file", type=int, err=True)
    progress = Progress(quiet=quiet)
    try:
        taken = taking.begin(by=by, teams=teams, people=people, key=lambda: _key(source))
        length = _write(target, taken.pieces(progress))
    except taking.AnotherNumber as fault:
        raise CommandFault(f"That is not how many people there are: {fault.there:,}. Nothing was made.") from None
    except (WeakPassphrase, NotStretched) as fault:
        raise CommandFault(f"{fault} Nothing was made.") from None
    except PutBack as fault:
        raise CommandFault(f"{fault}. Nothing was made. See: safeconduct check") from None
    except OSError as fault:
        raise CommandFault(f"the file could not be written ({fault.strerror}). Nothing was made.") from None
    finally:
        progress.end()
    return {"file": str(target), "bytes": length, "records": held}


def _key(source: Path | None) -> LockedKey:
    from safeconduct.core.sealing.agefiles import LockedKey  # here: `--help` does without its libraries

    return LockedKey.under(passphrase_of(source, anew=True))


def _write(target: Path, pieces: Iterable[bytes]) -> int:
    """Write sealed pieces to ``target``, which is there only once it is whole. How many bytes."""
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)  # of one that was cut off: without its end it opens nothing
    length = 0
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            for piece in pieces:
                length += stream.write(piece)
            stream.flush()
            os.fsync(stream.fileno())
        _require_free(target)
        part.rename(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return length


def _require_free(target: Path) -> None:
    if target.exists():
        raise CommandFault(f"{target} is there already. Name another file, or move that one away.")
    if not target.absolute().parent.is_dir():
        raise CommandFault(f"{target.absolute().parent} is not there. Make that folder first.")


def _teams(by: Actor, names: Sequence[str]) -> list[Team]:
    from safeconduct.accounts.models import Membership

    led = [one.team for one in by.memberships.values() if one.role == Membership.Role.LEAD]
    if not names:
        if not led:
            raise CommandFault("Only a lead takes out what a team holds, and this member leads none.")
        return led
    chosen = [team for team in by.teams if team.name in names]
    if len(chosen) != len(set(names)):
        raise CommandFault("This member is in no team of that name.")
    return chosen


def _verified(file: Path, passphrase: str) -> dict[str, Any]:
    from safeconduct.casework.exporting import package, verify

    try:
        with file.open("rb") as raw:
            return verify.verify(raw, passphrase)
    except package.BadExport as fault:
        raise CommandFault(str(fault)) from None


def _tell_verified(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(found))
    else:
        click.echo(f"Whole: {_said(found['records'])}, made {found['made_at']} of {', '.join(found['teams'])}.")


def _said(records: dict[str, int]) -> str:
    return ", ".join(f"{many:,} {name}" for name, many in records.items())
