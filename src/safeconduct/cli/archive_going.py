"""`safeconduct archive fetch`, `watch` and `receive`: addresses, what became of them, and others' folders."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import click

from safeconduct.cli import archive_due, archive_said
from safeconduct.cli.acting import FOLDER, MEMBER, acting
from safeconduct.cli.import_ import team_of
from safeconduct.cli.main import CommandFault

if TYPE_CHECKING:  # Django must be started before its models are imported
    from safeconduct.accounts.actor import Actor
    from safeconduct.archive.actions.take_in import Taken
    from safeconduct.archive.models import Source
    from safeconduct.config.folder import DataFolder

AS_JSON: Final = click.option("--json", "as_json", is_flag=True, help="Print JSON for a script.")


def stamp(by: Actor, data: DataFolder, name: str, source: Source) -> None:
    """Ask the authorities the office chose for stamps of a source that was taken in, and say which gave none."""
    from safeconduct.archive.actions.stamping import stamp_source  # here and below: Django must be started first
    from safeconduct.archive.capture.stamps import read_authorities

    try:
        authorities = read_authorities(data.authorities_path)
    except (ValueError, OSError) as fault:
        raise CommandFault(f"{data.authorities_path} cannot be used: {fault}. The source was taken in.") from None
    if authorities:
        stamped = stamp_source(by=by, source=source, authorities=authorities)
        for one in stamped.wanting:
            click.echo(f"{name}: no stamp from {one} now. It is asked for again when this is run again.", err=True)


@click.command("read-anew", short_help="Read sources from their bytes again.")
@click.argument("sources", metavar="SOURCE…", nargs=-1, required=True)
@FOLDER
@MEMBER
@click.option("--masks-may-go", is_flag=True, help="Also where what a mask covers stands nowhere in the new reading.")
@AS_JSON
def read_anew(sources: tuple[str, ...], folder: Path, member: str | None, masks_may_go: bool, as_json: bool) -> None:
    """Read each SOURCE from its bytes again, as this version of the program reads, and keep what it says now.

    What was masked is masked wherever it stands in the new reading; where it stands nowhere, nothing is changed unless
    you say that such masks may go. A passage goes along where its words and what stands around them are the same to
    the letter; else it is an orphan.
    """
    said: list[dict[str, Any]] = []
    with acting(folder, member, role="caseworker") as by:
        from safeconduct.archive import queries
        from safeconduct.archive.actions.read_anew import read_anew as read
        from safeconduct.archive.citing.models import Passage
        from safeconduct.archive.faults import ArchiveFault

        for handle in sources:
            try:
                source = queries.source(by, _handle(handle))
                anew = read(by=by, source=source, may_fall=masks_may_go)
            except ArchiveFault as fault:
                raise CommandFault(f"{handle}: {fault}") from None
            orphans = Passage.objects.filter(source=source, state=Passage.State.ORPHAN).count()
            said.append({"source": handle, "changed": anew.changed, "orphans": orphans, "masks_gone": anew.fallen})
    if as_json:
        click.echo(json.dumps(said))
        return
    for one in said:
        what = "reads otherwise now" if one["changed"] else "reads as it did"
        click.echo(f"{one['source']}: {what}. {one['orphans']} of its passages are orphans.")
        if one["masks_gone"]:
            click.echo(
                f"    {one['masks_gone']} masks went: look whether what they covered stands there in other letters."
            )


@click.command("fetch", short_help="Take in what addresses answer with.")
@click.argument("addresses", metavar="ADDRESS…", nargs=-1, required=True)
@FOLDER
@MEMBER
@AS_JSON
@click.pass_context
def fetch(ctx: click.Context, addresses: tuple[str, ...], folder: Path, member: str | None, as_json: bool) -> None:
    """Fetch each ADDRESS and take in what it answers with, as `add` does a file.

    Only addresses of the public network are gone to, by a process that can do nothing else. Pictures, styles and
    scripts of a page are not fetched. An address that gives no page is named, and the exit code is 1.
    """
    from safeconduct.config.folder import DataFolder

    data = DataFolder.open(folder)
    with acting(folder, member, role="caseworker") as by:
        said = archive_said.take_each((address, partial(_fetch, by, data, address)) for address in addresses)
    archive_said.tell(ctx, said, as_json=as_json)


def _fetch(by: Actor, data: DataFolder, address: str) -> Taken:
    from safeconduct.archive.actions.watch import take_in_address  # here: as above

    taken = take_in_address(by=by, address=address)
    stamp(by, data, address, taken.source)
    return taken


@click.command("watch", short_help="See what became of sources.")
@click.argument("sources", metavar="SOURCE…", nargs=-1)
@FOLDER
@MEMBER
@click.option("--due", is_flag=True, help="Those that are due, as members asked: for a timer. No passphrase is asked.")
@click.option(
    "--every",
    type=click.Choice(["daily", "weekly", "monthly", "never"]),
    help="Say how often --due is to look at them. Nothing is looked at now.",
)
@AS_JSON
def watch(
    sources: tuple[str, ...], folder: Path, member: str | None, due: bool, every: str | None, as_json: bool
) -> None:
    """Return to the address of each SOURCE and record what is there: unchanged, changed, unreachable, or gone.

    Gone is only what the source itself says. A throttle, a login or a 404 is unreachable. What is there instead is
    taken in as a source of its own, and the words that changed are shown.

    With --due it looks at what members asked to be looked at by now; run it every hour. A server that throttles is left
    alone, and asked later each time.
    """
    if due == bool(sources) or (due and every):
        raise click.UsageError("Name sources, or say --due, and not both.")
    if due:
        archive_due.look(folder, as_json=as_json)
        return
    if every:
        archive_due.say_how_often(folder, member, [_handle(one) for one in sources], every)
        return
    from safeconduct.config.folder import DataFolder

    data = DataFolder.open(folder)
    said: list[dict[str, Any]] = []
    with acting(folder, member, role="caseworker") as by:
        from safeconduct.archive import queries
        from safeconduct.archive.actions.watch import observe
        from safeconduct.archive.faults import ArchiveFault

        for handle in sources:
            try:
                found = observe(by=by, source=queries.source(by, _handle(handle)))
            except ArchiveFault as fault:
                raise CommandFault(f"{handle}: {fault}") from None
            if found.other is not None:
                stamp(by, data, found.other.handle.hex, found.other)
            said.append(archive_due.watched(handle, found))
    if as_json:
        click.echo(json.dumps(said, ensure_ascii=False))
        return
    for one in said:
        for line in archive_due.lines(one):
            click.echo(line)


@click.command("receive", short_help="Read in a folder that another office handed over.")
@click.argument("path", metavar="PATH", type=click.Path(path_type=Path, exists=True))
@FOLDER
@MEMBER
@click.option("--certificates", type=click.Path(path_type=Path, exists=True), help="Certificates of authorities (PEM).")
@click.option("--log-key", "log_keys", multiple=True, help="The verifier key of a log you trust, as one line.")
@click.option("--team", help="Keep the collection that came along, with its passages, for this team.")
@AS_JSON
def receive(
    path: Path,
    folder: Path,
    member: str | None,
    certificates: Path | None,
    log_keys: tuple[str, ...],
    team: str | None,
    as_json: bool,
) -> None:
    """Verify PATH, a folder or the zip of one, and take in its sources as public, with the stamps that are over them.

    Nothing is taken in where one of them does not hold. Keep the folder: the proof from the other office's log stays
    in it.
    """
    with acting(folder, member, role="caseworker") as by:
        from safeconduct.archive.actions.gather import restore
        from safeconduct.archive.actions.receive import read_in, read_in_zipped
        from safeconduct.archive.capture.verifying import Known
        from safeconduct.archive.faults import ArchiveFault

        known = Known(certificates.read_text("ascii") if certificates else "", log_keys)
        try:
            if path.is_dir():
                read = read_in(by=by, folder=path, known=known)
            else:
                read = read_in_zipped(by=by, data=path.read_bytes(), known=known)
        except ArchiveFault as fault:
            raise CommandFault(str(fault)) from None
        except OSError as fault:
            raise CommandFault(f"{path} cannot be read: {fault.strerror}.") from None
        restored = None
        if read.gathered is not None and team is not None:
            try:
                restored = restore(by=by, team=team_of(by, team), gathered=read.gathered, sources=read.sources)
            except ArchiveFault as fault:
                raise CommandFault(
                    f"The sources are here. Their collection was not kept whole: {fault}"
                    " Read it in again to go on with it; nothing will be there twice."
                ) from None
        said = [
            {**archive_said.taken(one.taken), "doubts": [doubt.value for doubt in one.checked.doubts]}
            for one in read.received
        ]
    if read.gathered is not None:
        click.echo(archive_said.along(restored), err=True)
    if as_json:
        click.echo(json.dumps(said, ensure_ascii=False))
        return
    for one in said:
        click.echo(archive_said.line(path.name, one))
        for doubt in one["doubts"]:
            click.echo(f"    Not known here: {doubt.replace('_', ' ')}")


def _handle(text: str) -> UUID:
    try:
        return UUID(hex=text)
    except ValueError:
        raise CommandFault(f"{text} is not the handle of a source: 32 figures, as `archive list` shows.") from None


COMMANDS: Final = (read_anew, fetch, watch, receive, archive_due.discard)
