"""`safeconduct epochs`: the keys around every key, begun and destroyed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from safeconduct.cli.acting import FOLDER
from safeconduct.cli.main import CommandFault
from safeconduct.cli.opening import opened
from safeconduct.cli.progress import Progress

if TYPE_CHECKING:  # Django must be started before its models are imported
    from safeconduct.accounts.actions.epochs import Epoch

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for a script.")


@click.group("epochs", invoke_without_command=True, short_help="List, begin and destroy epochs.")
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), help="The data folder.")
@AS_JSON
@click.pass_context
def command(ctx: click.Context, folder: Path | None, as_json: bool) -> None:
    """List, begin and destroy epochs: the layer that makes what was erased unreadable in backups as well.

    Without a further word: the list.
    """
    if ctx.invoked_subcommand is None:
        if folder is None:
            raise click.UsageError("Missing option '--folder'.")
        ctx.invoke(list_, folder=folder, as_json=as_json)


@command.command("list")
@FOLDER
@AS_JSON
def list_(folder: Path, as_json: bool) -> None:
    """List every epoch: when it began, what stands under it, and what destroying it would make unreadable."""
    opened(folder)
    with faults():
        from safeconduct.accounts import keyring
        from safeconduct.accounts.actions import epochs  # here and below: Django must be started first

        rows = [_row(one) for one in epochs.listing()]
        copy = keyring.epochs().copy
    if as_json:
        click.echo(json.dumps({"epochs": rows, "copy": copy}))
        return
    for row in rows:
        click.echo(f"Epoch {row['number']}{' (current)' if row['current'] else ''}, begun {_day(row['begun'])}")
        stands = ", ".join(f"{number} {name}" for name, number in row["rows"].items()) or "nothing"
        click.echo(f"    in the database under it: {stands}")
        click.echo(f"    destroying it: {row['destroying']}")
    click.echo(f"Second copy of the keys: {copy or 'none; set epoch_copy'}")


@command.command("begin")
@FOLDER
@AS_JSON
def begin(folder: Path, as_json: bool) -> None:
    """Begin a new epoch and bring every key under it. The desk may be serving. One cut short is finished instead."""
    opened(folder)
    progress = Progress(quiet=as_json)
    with faults():
        from safeconduct.accounts.actions import epochs
        from safeconduct.journal import sequencer

        begun = epochs.begin(progress=lambda done, of: progress("moving keys", done, of))
        sequencer.sequence()
    progress.end()
    if as_json:
        made = {"epoch": begun.number, "moved": begun.moved.rows, "damaged": begun.moved.damaged}
        click.echo(json.dumps({**made, "resumed": begun.resumed}))
        return
    click.echo(
        f"Epoch {begun.number} {'goes on' if begun.resumed else 'has begun'}: {begun.moved.rows} keys moved to it."
    )
    if begun.moved.damaged:
        click.echo(f"{begun.moved.damaged} keys are damaged and stay where they were. Run: safeconduct check")


@command.command("destroy")
@click.argument("number", type=click.IntRange(min=1))
@FOLDER
@click.option("--yes", is_flag=True, help="Do not ask first.")
@AS_JSON
def destroy(number: int, folder: Path, yes: bool, as_json: bool) -> None:
    """Destroy the key of epoch NUMBER: backups that stand under it can never be opened again, by anybody.

    Refused while anything in the database stands under it. The key is overwritten in the epoch file and in its second
    copy; copies made by hand are yours to destroy.
    """
    data = opened(folder)
    with faults():
        from safeconduct.accounts.actions import epochs
        from safeconduct.config.backup.make import is_serving
        from safeconduct.journal import sequencer
        from safeconduct.people.actions import erasures

        told = {one.number: _row(one) for one in epochs.listing()}
        if number in told and not yes:
            click.confirm(f"Destroying epoch {number}: {told[number]['destroying']} Go on?", abort=True, err=True)
        epochs.destroy(number, serving=is_serving(data))
        finished = erasures.settle()
        sequencer.sequence()
    if as_json:
        click.echo(json.dumps({"destroyed": number, "erasures_finished": finished}))
        return
    click.echo(f"Epoch {number} is destroyed. What stood under it alone cannot be read from any copy.")
    if finished:
        click.echo(f"{finished} erasures are finished by it: their certificates say so.")


@command.command("copy")
@FOLDER
def copy(folder: Path) -> None:
    """Write the second copy of the epoch file again, where the setting epoch_copy says."""
    data = opened(folder)
    if not data.options.epoch_copy:
        raise CommandFault("There is no second place yet: set epoch_copy in safeconduct.toml to a folder elsewhere.")
    with faults():
        from safeconduct.accounts import keyring

        keyring.copy_out()
    click.echo(f"The epoch file is copied to {data.options.epoch_copy}.")


@contextmanager
def faults() -> Iterator[None]:
    """Faults of keys and backups, as sentences."""
    from safeconduct.accounts.actions.epochs import EpochInUse
    from safeconduct.accounts.keyring import CopyFailed
    from safeconduct.config.backup.manifest import BackupFault
    from safeconduct.core.sealing.faults import EpochFileUnreadable, EpochMissing
    from safeconduct.journal.actions import JournalUnavailable

    try:
        yield
    except (EpochInUse, CopyFailed, BackupFault, EpochFileUnreadable, EpochMissing, JournalUnavailable) as fault:
        said = str(fault)
        raise CommandFault(said[0].upper() + said[1:] + ("" if said.endswith((".", "!", "?")) else ".")) from None


def _row(one: Epoch) -> dict[str, Any]:
    stamps = {name: _iso(getattr(one.told, name)) for name in ("begun", "backup", "needed_until")}
    return {
        "number": one.number,
        "current": one.current,
        **stamps,
        "rows": dict(one.rows),
        "destroying": _destroying(one),
    }


def _destroying(one: Epoch) -> str:
    """What destroying an epoch would do."""
    if one.current:
        return "refused: every record stands under it."
    if one.rows:
        return f"refused: {sum(one.rows.values())} keys in the database stand under it. Begin another epoch first."
    if one.told.backup is None:
        return "makes copies made while it was current unreadable, if there are any. No backup made here needs it."
    wanted = f", which are wanted until {one.told.needed_until:%-d %B %Y}" if one.told.needed_until else ""
    return f"makes the backups of {one.told.backup:%-d %B %Y} and before unreadable{wanted}."


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _day(text: object) -> str:
    return f"{datetime.fromisoformat(text):%-d %B %Y}" if isinstance(text, str) else "before this was written down"
