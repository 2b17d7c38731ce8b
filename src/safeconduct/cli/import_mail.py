"""`safeconduct import-mail`: put a folder of mail into the tray, and say what each file may be about."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from safeconduct.cli.acting import FOLDER, MEMBER, acting
from safeconduct.cli.import_ import team_of
from safeconduct.cli.progress import Progress

if TYPE_CHECKING:  # Django must be started before its models are imported
    from safeconduct.accounts.actor import Actor
    from safeconduct.accounts.models import Team
    from safeconduct.post.actions.take_in import Taken
    from safeconduct.post.reading.letter import Letter, Refused


@click.command("import-mail", short_help="Put a folder of mail into the tray.")
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path, exists=True, file_okay=False))
@FOLDER
@MEMBER
@click.option("--team", help="The name of the team whose tray it is, for a member of several.")
@click.option("--dry-run", is_flag=True, help="Say what would be proposed and take nothing in.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for a script.")
def command(directory: Path, folder: Path, member: str | None, team: str | None, dry_run: bool, as_json: bool) -> None:
    """Take in every message in DIR: .eml, .msg and mbox, told by what is in them, in its folders too.

    Each is sealed, matched by the references in it and labelled by what it says. Nothing is filed by itself but mail of
    your own, where one letter alone can be meant. A file that is no mail is named, and the others are taken in.
    """
    paths = sorted(path for path in directory.rglob("*") if path.is_file())
    with acting(folder, member, role="caseworker") as by:
        rows = _take_in(by, team_of(by, team), directory, paths, dry_run=dry_run, quiet=as_json)
        said = _said(rows, directory, paths)
    if as_json:
        click.echo(json.dumps(said))
    else:
        _tell(rows, said, dry_run=dry_run)


def _take_in(by: Actor, team: Team, directory: Path, paths: list[Path], *, dry_run: bool, quiet: bool) -> list[Taken]:
    from safeconduct.post.actions.take_in import take_in_letters  # here and below: Django must be started first

    progress = Progress(quiet=quiet)
    rows: list[Taken] = []
    letters = _letters(directory, paths, progress)
    for some in take_in_letters(by=by, team=team, letters=letters, dry_run=dry_run):
        rows += some
    progress.end()
    return rows


def _letters(directory: Path, paths: list[Path], progress: Progress) -> Iterator[tuple[str, Letter | Refused]]:
    from safeconduct.post.reading import files

    for at, path in enumerate(paths):
        progress("Reading", at, len(paths))
        name = path.relative_to(directory).as_posix()
        try:
            for letter in files.letters_at(path):
                yield name, letter
        except OSError:
            yield name, files.unreadable()
    progress("Reading", len(paths), len(paths))


def _said(rows: list[Taken], directory: Path, paths: list[Path]) -> list[dict[str, Any]]:
    """One object a file. An mbox is one: what its messages say together, and a reference where all mean one letter."""
    from safeconduct.web.words.mail import UNREAD

    by_name: dict[str, list[Taken]] = {path.relative_to(directory).as_posix(): [] for path in paths}
    for row in rows:
        by_name[row.name].append(row)
    out = []
    for name, some in by_name.items():
        read = [row for row in some if row.why is None]
        references = {row.our_reference for row in read}
        said: dict[str, Any] = {
            "file": name,
            "labels": list(dict.fromkeys(label for row in read for label in row.labels)),
            "candidates": list(dict.fromkeys(one for row in read for one in row.candidates)),
            "our_ref": references.pop() if len(references) == 1 else None,
        }
        wrong = [row.why for row in some if row.why is not None]
        if wrong:
            said["error"] = str(UNREAD[wrong[0]])
        out.append(said)
    return out


def _tell(rows: list[Taken], said: list[dict[str, Any]], *, dry_run: bool) -> None:
    read = [row for row in rows if row.why is None]
    new = [row for row in read if not row.repeat]
    one = sum(row.our_reference is not None for row in new)
    several = sum(row.our_reference is None and bool(row.candidates) for row in new)
    click.echo(f"{len(read)} messages read. {'Would take in' if dry_run else 'Took in'} {len(new)}.")
    click.echo(f"{one} can mean one letter alone, {several} more than one, {len(new) - one - several} none.")
    if len(new) < len(read):
        click.echo(f"{len(read) - len(new)} were here already.")
    for each in said:
        if "error" in each:
            click.echo(f"{each['file']} not taken in: {each['error']}")
