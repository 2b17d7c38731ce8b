"""`safeconduct archive`: take in sources, find in them, hand them over, and verify what was handed over."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import click

from safeconduct.cli import archive_cited, archive_going, archive_said, checkpoints
from safeconduct.cli.acting import FOLDER, MEMBER, acting
from safeconduct.cli.import_ import team_of
from safeconduct.cli.main import CommandFault

if TYPE_CHECKING:  # Django must be started before its models are imported
    from safeconduct.accounts.actor import Actor
    from safeconduct.archive.actions.take_in import Taken
    from safeconduct.archive.models import Source
    from safeconduct.config.folder import DataFolder

AS_JSON: Final = click.option("--json", "as_json", is_flag=True, help="Print JSON for a script.")


@click.group("archive", short_help="Keep public sources as evidence.")
def command() -> None:
    """Keep public sources as evidence: captured whole, hashed, read, found, handed over and verified."""


for _one in (*archive_going.COMMANDS, *archive_cited.COMMANDS):
    command.add_command(_one)


@command.command("add", short_help="Take in files that others published.")
@click.argument(
    "paths", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@FOLDER
@MEMBER
@click.option("--address", help="The address the file is from, where it does not say so itself.")
@click.option("--in-confidence", is_flag=True, help="Somebody supplied it in confidence: seal it for one team.")
@click.option("--team", help="The name of that team, for a member of several.")
@AS_JSON
@click.pass_context
def add(
    ctx: click.Context,
    paths: tuple[Path, ...],
    folder: Path,
    member: str | None,
    address: str | None,
    in_confidence: bool,
    team: str | None,
    as_json: bool,
) -> None:
    """Take in each FILE: a page, MHTML, PDF, text, WARC, WACZ, a feed, an X account archive, a saved thread.

    The bytes stay as they came. What they say is read, and posts that were taken in before are named. A file that is
    none of these is refused and its bytes are kept apart; the others are taken in, and the exit code is 1.
    """
    from safeconduct.config.folder import DataFolder

    data = DataFolder.open(folder)
    with acting(folder, member, role="caseworker") as by:
        of_team = team_of(by, team) if in_confidence else None
        said = archive_said.take_each(
            (path.name, partial(_take_in, by, data, path, address, of_team)) for path in paths
        )
    archive_said.tell(ctx, said, as_json=as_json)


def _take_in(by: Actor, data: DataFolder, path: Path, address: str | None, team: Any) -> Taken:
    from safeconduct.archive.actions.confidence import take_in_confidence  # here and below: as above
    from safeconduct.archive.actions.take_in import take_in
    from safeconduct.archive.faults import TooLarge
    from safeconduct.archive.reading.bounds import MOST_BYTES

    if path.stat().st_size > MOST_BYTES:
        raise TooLarge(f"A source has at most {MOST_BYTES // (1024 * 1024)} MB. This file was left where it is.")
    if team is not None:
        return take_in_confidence(by=by, team=team, data=path.read_bytes(), name=path.name, address=address)
    taken = take_in(by=by, data=path.read_bytes(), name=path.name, address=address)
    archive_going.stamp(by, data, path.name, taken.source)
    return taken


@command.command("list", short_help="List the sources that are kept.")
@FOLDER
@MEMBER
@AS_JSON
def list_sources(folder: Path, member: str | None, as_json: bool) -> None:
    """List public sources, the newest first, and how many your teams hold in confidence."""
    with acting(folder, member, role="caseworker") as by:
        from safeconduct.archive import queries  # here: Django must be started first
        from safeconduct.archive.models import Source

        rows = list(queries.sources(by))
        said = [archive_said.listed(one) for one in rows if one.plane == Source.Plane.PUBLIC]
        sealed = len(rows) - len(said)
        refused = [archive_said.refused(one) for one in queries.quarantined(by)]
    if as_json:
        whole = {"sources": said, "in_confidence": sealed, "quarantined": refused}
        click.echo(json.dumps(whole, ensure_ascii=False))
        return
    for one in said:
        click.echo(f"{one['source']}  {one['captured_on']}  {one['kind']:13}  {one['title'] or one['address'] or ''}")
    click.echo(f"{len(said)} public sources, {sealed} in confidence. {len(refused)} refused files are kept apart.")


@command.command("find", short_help="Find words in sources.")
@click.argument("query", metavar="QUERY")
@FOLDER
@MEMBER
@click.option("--most", default=50, show_default=True, type=click.IntRange(1, 200), help="How many posts to show.")
@AS_JSON
def find(query: str, folder: Path, member: str | None, most: int, as_json: bool) -> None:
    """Find posts in which all words of QUERY stand; words between quotation marks as they stand, whatever spaces.

    Public sources, and those your teams hold in confidence; of those the log says that you searched them.
    """
    with acting(folder, member, role="caseworker") as by:
        from safeconduct.archive.finding.terms import Nothing, TooMuch  # here: Django must be started first

        try:
            said = archive_said.found(by, query, most)
        except (Nothing, TooMuch) as fault:
            raise CommandFault(f"This cannot be looked for: {fault}.") from None
    if as_json:
        click.echo(json.dumps(said, ensure_ascii=False))
        return
    for one in said["found"]:
        click.echo(f"{one['source']}/{one['post']}  {one['date'] or ''}  {one['title'] or ''}\n    {one['text']}")
    click.echo(f"{said['total']} posts found.")


@command.command("export", short_help="Hand over a source as a folder that can be checked.")
@click.argument("sources", metavar="SOURCE…", nargs=-1)
@FOLDER
@MEMBER
@click.option("--to", "target", required=True, type=click.Path(path_type=Path), help="The folder to make.")
@click.option("--all", "every", is_flag=True, help="Every source this member may hand over.")
@click.option("--collection", help="The name of a collection: its sources, and its name, order and passages with them.")
@click.option("--team", help="The name of the team whose collection it is, for a member of several.")
@AS_JSON
def export(
    sources: tuple[str, ...],
    folder: Path,
    member: str | None,
    target: Path,
    every: bool,
    collection: str | None,
    team: str | None,
    as_json: bool,
) -> None:
    """Write each SOURCE, with its stamps and the proof that the log holds it, into a new folder.

    The folder says how to check it without this program. The bytes leave whole: masks are in the reading copy alone.
    """
    from safeconduct.config.folder import DataFolder

    if [every, bool(sources), collection is not None].count(True) != 1:
        raise click.UsageError("Name sources, or a collection, or say --all: one of the three.")
    data = DataFolder.open(folder)
    with acting(folder, member, role="lead") as by:
        from safeconduct.archive.actions.hand_over import (  # here: Django must be started first
            hand_over,
            handable,
            sources_of,
        )
        from safeconduct.archive.faults import ArchiveFault
        from safeconduct.core.ledger import checkpoint

        key = checkpoints.key_of(data)

        def signed(organisation: UUID) -> tuple[str, str]:
            origin = checkpoints.origin_of(organisation)
            return checkpoints.signed(organisation, key), checkpoint.verifier_key(origin, key.public_key())

        try:
            row = None if collection is None else archive_cited.collection_of(by, collection, team)
            if row is not None:
                chosen = sources_of(by, row)
            else:
                chosen = handable(by) if every else [_source(by, one) for one in sources]
            hand_over(by=by, sources=chosen, folder=target, signed=signed, collection=row)
        except ArchiveFault as fault:
            raise CommandFault(str(fault)) from None
        except FileExistsError:
            raise CommandFault(f"{target} is there already. Name a folder that does not exist yet.") from None
        except OSError as fault:
            raise CommandFault(f"{target} could not be written: {fault.strerror}.") from None
    if as_json:
        click.echo(json.dumps({"folder": str(target), "sources": len(chosen)}))
    else:
        counted = "1 source is" if len(chosen) == 1 else f"{len(chosen)} sources are"
        click.echo(f"{counted} in {target}. HOW TO CHECK.html there says how to check them.")


def _source(by: Actor, handle: str) -> Source:
    from safeconduct.archive import queries

    try:
        wanted = UUID(hex=handle)
    except ValueError:
        raise CommandFault(f"{handle} is not the handle of a source: 32 figures, as `archive list` shows.") from None
    return queries.source(by, wanted)


@command.command("verify", short_help="Verify a package or a folder that was handed over.")
@click.argument("path", metavar="PATH", type=click.Path(path_type=Path, exists=True))
@click.option("--certificates", type=click.Path(path_type=Path, exists=True), help="Certificates of authorities (PEM).")
@click.option("--log-key", "log_keys", multiple=True, help="The verifier key of a log you trust, as one line.")
@AS_JSON
@click.pass_context
def verify(ctx: click.Context, path: Path, certificates: Path | None, log_keys: tuple[str, ...], as_json: bool) -> None:
    """Verify PATH, a WACZ or a folder that was handed over. It needs no data folder; exit code 1 when it does not hold.

    Certificates and log keys that came with the folder prove no more than that it agrees with itself: name those you
    have from elsewhere.
    """
    from safeconduct.archive.capture import verifying

    known = verifying.Known(certificates.read_text("ascii") if certificates else "", log_keys)
    try:
        verdict = verifying.verify(path, known=known)
    except OSError as fault:
        raise CommandFault(f"{path} cannot be read: {fault.strerror}.") from None
    said = archive_said.verdict(verdict)
    click.echo(json.dumps(said) if as_json else archive_said.verdict_lines(said))
    ctx.exit(0 if verdict.good else archive_said.FOUND_SOMETHING)
