"""`safeconduct serve`: the desk on an office's data folder. `safeconduct demo` runs the same server."""

from __future__ import annotations

import ctypes
import fcntl
import logging
import os
import resource
import signal
import socket
import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from safeconduct.cli.main import CommandFault, open_desk
from safeconduct.config import safety
from safeconduct.config.folder import FILE_MODE, DataFolder
from safeconduct.config.uploads import MAX_BODY_BYTES

THREADS = 8
# Each connection may hold one whole upload in memory: 24 x 34 MB is what a small machine can bear.
CONNECTIONS = 24
GIBIBYTE = 1024**3
PR_SET_DUMPABLE = 4

log = logging.getLogger("safeconduct.serve")


@click.command("serve", short_help="Run the desk on a data folder.")
@click.option(
    "--folder",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The data folder. It is made on first use.",
)
@click.option("--host", help="The address to listen on, instead of the folder's setting.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="The port to listen on, instead of the folder's setting; 0 takes a free one.",
)
def command(folder: Path, host: str | None, port: int | None) -> None:
    """Run the desk on a data folder until it is stopped with Ctrl-C or SIGTERM.

    The first time, it makes the folder and prints a setup code; the browser asks for it and leads through the rest.
    """
    data = DataFolder.open(folder) if _is_made(folder) else DataFolder.create(folder, "real")
    if data.kind != "real":
        raise CommandFault(
            f"{data.path} is a demo folder: its passphrases lie in it for anyone to read."
            f" Use: safeconduct demo --folder '{data.path}', or serve another folder."
        )
    run(data, host=host, port=port)


def run(data: DataFolder, *, host: str | None = None, port: int | None = None) -> None:
    """Serve the desk on `data`, which may be of either kind, until stopped.

    `host` and `port` replace the folder's settings. Prints the setup code while there is no organisation, then, once
    connections are accepted, `Desk: http://127.0.0.1:8700/`. Raises `CommandFault`.
    """
    options = replace(
        data.options,
        host=data.options.host if host is None else host,
        port=data.options.port if port is None else port,
    )
    refuse(safety.of_folder(data, options))
    with alone(data):
        keep_memory_private()
        open_desk(data.path)
        refuse(safety.of_database())
        prepare_database()
        refuse(safety.of_records(data))
        _serve(options.host, options.port, https=options.https)


def refuse(faults: list[str]) -> None:
    """Raise `CommandFault` with every fault and its fix, if there is one."""
    if faults:
        raise CommandFault("the desk was not started.\n\n" + "\n\n".join(f"  - {fault}" for fault in faults))


@contextmanager
def alone(data: DataFolder) -> Iterator[None]:
    """Hold the folder for this server: two would each lock out the other's sessions. Raises `CommandFault`."""
    handle = os.open(data.path / "serving.lock", os.O_RDWR | os.O_CREAT, FILE_MODE)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandFault(
                f"another desk is already running on {data.path}. Stop it first, or use its address."
            ) from None
        yield
    finally:
        os.close(handle)


def keep_memory_private() -> None:
    """No core dump, and no other process of this account may read this one's memory: keys are in it."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def prepare_database() -> None:
    """Bring the tables up to date. Raises `CommandFault` where the database cannot be reached."""
    from django.db import OperationalError, connection  # here: Django must be started first

    from safeconduct.casework.schedule import make_if_gone
    from safeconduct.config import moving, tables

    try:
        tables.bring_up_to_date()
        make_if_gone()
        moving.arrived(connection)
    except OperationalError as fault:
        raise CommandFault(
            "the database cannot be opened. If it is PostgreSQL, see that it runs and that the address in"
            " safeconduct.toml is right; if it is SQLite, see that the disk is not full."
        ) from fault


def _serve(host: str, port: int, *, https: bool) -> None:
    from django.conf import settings  # here: Django must be started first
    from django.db import connections
    from waitress.server import create_server

    from safeconduct.accounts.models import Organisation
    from safeconduct.config.logs import quiet_process
    from safeconduct.config.wsgi import application
    from safeconduct.journal import sequencer

    quiet_process()
    try:
        server: Any = create_server(application, host=host, port=port, **waitress_settings(https=https))
    except (OSError, ValueError, socket.gaierror) as fault:
        raise CommandFault(f"cannot listen on {host} port {port}. Choose another with --host or --port.") from fault
    if not Organisation.objects.exists():
        click.echo(f"Setup code: {settings.SETUP_CODE.offer()}")
        click.echo("The first page asks for it. It works until the organisation is set up or the desk stops.")
    connections.close_all()

    placing = sequencer.start()
    stop_on(signal.SIGTERM, signal.SIGINT)
    try:
        click.echo(f"Desk: {address(server, host, https=https)}")
        server.run()  # ends at a signal, having waited for the requests under way
    finally:
        server.close()
        sequencer.stop(placing)
        connections.close_all()
    click.echo("Stopped. Every session is locked.")


def waitress_settings(*, https: bool) -> dict[str, Any]:
    """How waitress is run: nothing of a request or an answer is spooled to disk, and little is said about itself."""
    return {
        "threads": THREADS,
        "connection_limit": CONNECTIONS,
        "max_request_body_size": MAX_BODY_BYTES,
        # Past these sizes waitress would move a body to a temporary file, in plain text.
        "inbuf_overflow": GIBIBYTE,
        "outbuf_overflow": GIBIBYTE,
        "channel_timeout": 60,
        "ident": None,
        "url_scheme": "https" if https else "http",
        "expose_tracebacks": False,
    }


def address(server: Any, host: str, *, https: bool) -> str:
    """The address a browser on this machine may use, from a bound waitress server."""
    # Several sockets (a name with an IPv4 and an IPv6 address) make another class of server.
    listening = getattr(server, "effective_listen", None)
    port = listening[0][1] if listening else server.effective_port
    shown = f"[{host}]" if ":" in host else host
    return f"{'https' if https else 'http'}://{shown}:{port}/"


def stop_on(*signals: signal.Signals) -> None:
    """End the server's loop, and with it the command, in good order at any of `signals`."""

    def stop(_number: int, _frame: types.FrameType | None) -> None:
        for each in signals:
            signal.signal(each, signal.SIG_IGN)  # a second signal does not cut the ending short
        raise SystemExit(0)

    for each in signals:
        signal.signal(each, stop)


def _is_made(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())
