"""A command that opens records acts as a member, as a browser does: policy, keys and log are the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from safeconduct.cli.main import CommandFault, open_desk

if TYPE_CHECKING:  # Django must be started before its models are imported
    from safeconduct.accounts.actor import Actor
    from safeconduct.config.folder import DataFolder

FOLDER = click.option(
    "--folder",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The data folder.",
)
MEMBER = click.option("--member", help="The sign-in name of the member who acts. A demo folder has one by default.")


@contextmanager
def acting(folder: Path, member: str | None, *, role: str) -> Iterator[Actor]:
    """The member who acts, signed in for as long as the command runs.

    In a demo folder that is by default the first member with ``role`` (caseworker, lead or guardian); elsewhere
    ``member`` is needed, and the passphrase is asked for. Raises `CommandFault`.
    """
    from safeconduct.cli.serve import prepare_database  # here and below: loading waits until a command is used
    from safeconduct.config.folder import DataFolder

    data = DataFolder.open(folder)
    data.require_private()
    open_desk(data.path)
    prepare_database()

    from safeconduct.accounts import witness
    from safeconduct.accounts.actions import sessions
    from safeconduct.accounts.actions.log import note_refusal
    from safeconduct.accounts.faults import CannotSignIn
    from safeconduct.accounts.policies import Refused
    from safeconduct.journal import sequencer
    from safeconduct.journal.tripwire import ReadingHalted

    name, passphrase = _who(data, member, role)
    try:
        # No second factor: whoever can run a command here has the database, where the passphrase alone is the lock.
        signed_in = sessions.sign_in(name=name, passphrase=passphrase, at_server=True)
    except CannotSignIn as fault:
        raise CommandFault(str(fault)) from None
    if signed_in.actor.member.must_change:
        sessions.sign_out(session=signed_in.session)
        raise CommandFault("Sign in to the desk once and choose your own passphrase; then this command works.")
    witness.look(signed_in.actor.member, None)
    try:
        yield signed_in.actor
    except ReadingHalted as fault:
        raise CommandFault(f"nothing more was opened: {fault}.") from None
    except Refused:
        note_refusal(by=signed_in.actor)
        raise
    finally:
        sessions.sign_out(session=signed_in.session)
        sequencer.sequence()


def _who(data: DataFolder, member: str | None, role: str) -> tuple[str, str]:
    if data.kind == "demo":
        known = json.loads(data.sign_ins_path.read_text("utf-8"))
        chosen = [one for one in known if (one["sign_in"] == member if member else role in one["roles"])]
        if not chosen:
            raise CommandFault("This demo folder has no such member. Its members are in sign-ins.json.")
        return chosen[0]["sign_in"], chosen[0]["passphrase"]
    if not member:
        raise CommandFault("Say who acts: --member SIGN-IN-NAME. The passphrase is asked for.")
    return member, click.prompt("Passphrase", hide_input=True, err=True)


def require_tables() -> None:
    """Raise `CommandFault` unless the tables are those of this program: a command that only looks changes none."""
    from django.db import OperationalError, connection  # here: Django must be started first
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except OperationalError as fault:
        raise CommandFault(
            "the database cannot be opened. If it is PostgreSQL, see that it runs and that the address in"
            " safeconduct.toml is right."
        ) from fault
    if behind:
        raise CommandFault(
            "the database is older than this program, and this command changes nothing. Make a backup with the"
            " version it is from, then start the desk once (safeconduct serve, or safeconduct demo): it brings the"
            " tables up to date."
        )
