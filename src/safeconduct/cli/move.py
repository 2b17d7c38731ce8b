"""`safeconduct move`: the records go to another database, compared row by row before the folder follows."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from safeconduct.cli.acting import FOLDER
from safeconduct.cli.main import CommandFault, open_desk

if TYPE_CHECKING:  # Django must be started before these are imported
    from django.db.backends.base.base import BaseDatabaseWrapper

    from safeconduct.cli.move_tables import Table
    from safeconduct.config.folder import DataFolder

OLD, NEW = "old", "new"


@dataclass(frozen=True, slots=True)
class Moved:
    """What was done: `old` says where the old database is and what to do with it, or that it is gone."""

    to: str
    tables: int
    rows: int
    logs: dict[str, str]
    discarded: bool
    old: str


@click.command("move", short_help="Move the records to another database.")
@FOLDER
@click.option(
    "--to",
    required=True,
    help="Where to: sqlite, or a postgresql:// address; postgresql alone asks for the address and does not show it.",
)
@click.option("--discard-old", is_flag=True, help="Delete the old database once the new one is in use.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for a script.")
def command(folder: Path, to: str, discard_old: bool, as_json: bool) -> None:
    """Move a data folder's records from SQLite to PostgreSQL, or back, while no desk runs.

    Every table is copied, then read again on both sides and compared; the log is verified in the new database. Only
    then does the folder's setting change. Stopped at any moment before, the folder is on its old database as it was,
    and running the command again begins anew.
    """
    from safeconduct.config.folder import DataFolder

    data = DataFolder.open(folder)
    data.require_private()
    address = click.prompt("PostgreSQL address", hide_input=True, err=True) if to == "postgresql" else to
    moved = _move(data, address.strip(), discard_old=discard_old, quiet=as_json)
    if as_json:
        click.echo(json.dumps(asdict(moved)))
        return
    click.echo(f"Moved {moved.rows} rows of {moved.tables} tables; the two databases are equal, row by row.")
    for root in moved.logs.values():
        click.echo(f"The log is whole, with the same root: {root}")
    click.echo(f"The desk is on {moved.to} from now on.")
    click.echo(moved.old)


def _move(data: DataFolder, address: str, *, discard_old: bool, quiet: bool) -> Moved:
    from django.db import DatabaseError  # here and below: Django must be started first

    from safeconduct.config import database, moving, postgresql, safety

    _require_another_kind(data, address)
    options = replace(data.options, database=address)
    settings = database.default(options, data.database_path)
    _refuse(safety.of_folder(data, options))
    open_desk(data.path, alone=True)
    from safeconduct.cli.serve import prepare_database

    _refuse(safety.of_database())
    prepare_database()
    old, new = _connect(settings)
    described = "SQLite" if new.vendor == "sqlite" else postgresql.described(settings)
    try:
        if new.vendor == "postgresql":
            _refuse(postgresql.faults(new))
        _require_empty(data, new)
        moving.write(new, moving.State.COPYING, data)
        tables = _carry_over(quiet=quiet)
        logs = _arrive(data, new)
    except DatabaseError as fault:
        raise CommandFault(
            f"the records were not moved ({type(fault).__name__}): a database could not be reached, is full or refused"
            " a row. The folder is on its old database, as it was. Run the command again once that is mended."
        ) from fault
    # From this line on the new database is the folder's.
    data.change("database", address)
    moving.clear(new)
    told = _leave(data, old, discard=discard_old)
    return Moved(described, len(tables), sum(one.rows for one in tables.values()), logs, discard_old, told)


def _require_another_kind(data: DataFolder, address: str) -> None:
    from safeconduct.config.options import BY_NAME

    variable = BY_NAME["database"].variable
    if variable in os.environ:
        raise CommandFault(f"{variable} is set here and overrides the folder's own setting. Unset it, then run this.")
    now = data.options.database
    if (now == "sqlite") == (address == "sqlite"):
        raise CommandFault(
            "The records are in SQLite already."
            if address == "sqlite"
            else "The records are in PostgreSQL already. To reach another server, move to sqlite first, then there."
        )


def _refuse(faults: list[str]) -> None:
    if faults:
        raise CommandFault("nothing was moved.\n\n" + "\n\n".join(f"  - {fault}" for fault in faults))


def _connect(settings: dict[str, Any]) -> tuple[BaseDatabaseWrapper, BaseDatabaseWrapper]:
    """The two databases, as connections `OLD` and `NEW`. Raises `CommandFault`."""
    from django.db import OperationalError, connection, connections

    defaults = connections.configure_settings({"default": settings})["default"]
    connections.settings |= {OLD: connections.settings["default"], NEW: defaults}
    connection.close()
    try:
        connections[NEW].ensure_connection()
    except OperationalError as fault:
        raise CommandFault(
            "nothing was moved: the new database cannot be opened. See that it runs, that it has been made, and that"
            " the account and its password are right."
        ) from fault
    return connections[OLD], connections[NEW]


def _require_empty(data: DataFolder, new: BaseDatabaseWrapper) -> None:
    """Take away what an earlier move of this folder left unfinished; refuse anything else. Raises `CommandFault`."""
    from safeconduct.cli import move_tables
    from safeconduct.config import moving

    found = move_tables.names(new)
    if not found:
        return
    mark = moving.read(new)
    unfinished = {moving.State.COPYING, moving.State.READY}
    if mark is not None and mark.state in unfinished and mark.folder == moving.fingerprint(data):
        move_tables.drop_all(new, also=[moving.TABLE])
        found = move_tables.names(new)
    if found:
        again = " It is what an earlier move left behind." if mark and mark.state is moving.State.LEFT else ""
        what = (
            f"{data.database_path} holds records already.{again} Move that file away, or delete it if nobody needs it."
            if new.vendor == "sqlite"
            else f"The PostgreSQL database holds tables already.{again} Name an empty one."
        )
        raise CommandFault(f"nothing was moved. {what}")


def _carry_over(*, quiet: bool) -> dict[str, Table]:
    """Copy and compare. Raises `CommandFault` where the two differ, `DatabaseError`."""
    from django.db import connections

    from safeconduct.cli import move_tables
    from safeconduct.config import tables
    from safeconduct.config.moving import TABLE

    tables.bring_up_to_date(NEW)
    known = {model._meta.db_table for model in move_tables.tables()}
    for alias in (OLD, NEW):
        strange = move_tables.names(connections[alias]) - known - {TABLE}
        if strange:
            raise CommandFault(
                f"nothing was moved: a database has a table that this version does not know: {sorted(strange)[0]}."
            )
    rows = move_tables.count(OLD)
    with _progress("Copying", rows, quiet=quiet) as more:
        move_tables.copy(OLD, NEW, progress=more)
    with _progress("Comparing", 2 * rows, quiet=quiet) as more:
        before = move_tables.described(OLD, progress=more)
        after = move_tables.described(NEW, progress=more)
    differing = move_tables.differing(before, after)
    if differing:
        raise CommandFault(
            f"the copy is not equal to the original in {differing[0]}, so the folder stays on its old database. Was"
            " something else writing to it? Run the command again."
        )
    return after


def _arrive(data: DataFolder, new: BaseDatabaseWrapper) -> dict[str, str]:
    """Verify each log where it is now and let it say that it moved. Returns the roots it came with. Raises as above."""
    from django.db import connections, transaction

    from safeconduct.accounts.actions.moved import record_move
    from safeconduct.accounts.models import Organisation
    from safeconduct.config import moving
    from safeconduct.journal import sequencer, verify
    from safeconduct.journal.models import Head

    roots = {one.organisation: bytes(one.root).hex() for one in Head.objects.using(OLD)}
    connections.settings["default"] = connections.settings[NEW]
    connections["default"] = new  # from here on actions and queries work on the new database
    new.alias = "default"
    for organisation in Organisation.objects.all():
        wrong = next(verify.verify(organisation.handle), None)
        if wrong is not None:
            raise CommandFault(
                f"the log disagrees with itself ({wrong.code.replace('_', ' ')}), in the old database too. The folder"
                " stays there. See: safeconduct check"
            )
    if {one.organisation: bytes(one.root).hex() for one in Head.objects.all()} != roots:
        raise CommandFault("the log has another root in the new database. The folder stays on its old one.")
    with transaction.atomic():
        record_move()
        moving.write(new, moving.State.READY, data)
    sequencer.sequence()
    return {handle.hex: root for handle, root in roots.items()}


def _leave(data: DataFolder, old: BaseDatabaseWrapper, *, discard: bool) -> str:
    """Mark the old database as left, or take it away, and say what a person is to do."""
    from safeconduct.cli import move_tables
    from safeconduct.config import moving, postgresql

    if old.vendor == "sqlite":
        if not discard:
            moving.write(old, moving.State.LEFT, data)
            old.close()
            return (
                f"The old database is still there: {data.database_path}. It opens as before to whoever has the folder."
                " Once you have a backup of the new one, delete it."
            )
        old.close()
        for ending in ("", "-journal", "-wal", "-shm"):
            data.database_path.with_name(data.database_path.name + ending).unlink(missing_ok=True)
        return "The old database was deleted. Copies and backups of it are as they were."
    where = postgresql.described(old.settings_dict)
    if not discard:
        moving.write(old, moving.State.LEFT, data)
        old.close()
        name = old.settings_dict["NAME"]
        return f"The old database is still there: {where}. Once you have a backup of the new one: dropdb {name}"
    move_tables.drop_all(old, also=[moving.TABLE])
    old.close()
    return f"The tables in {where} were dropped. Its backups, replicas and write-ahead log are as they were."


@contextmanager
def _progress(label: str, rows: int, *, quiet: bool) -> Iterator[Callable[[int], None]]:
    with click.progressbar(length=rows, label=label, file=sys.stderr, hidden=quiet) as bar:
        yield bar.update
