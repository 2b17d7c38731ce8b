"""What `serve` refuses to run with. Each fault is a sentence and its fix; none names a record."""

from __future__ import annotations

import contextlib
import ipaddress
from datetime import UTC, datetime, timedelta

from safeconduct.config import database
from safeconduct.config.folder import DataFolder, FolderFault
from safeconduct.config.options import Options, SettingFault

# No desk ran before this; a clock that says otherwise has lost its battery.
EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)
# Two clocks of one office may differ by this much.
TOLERANCE = timedelta(minutes=10)


def of_folder(data: DataFolder, options: Options) -> list[str]:
    """Faults of the folder, and of its settings with what the command line replaced (`options`)."""
    found: list[str] = []
    try:
        data.require_private()
        data.secret_key()
    except FolderFault as fault:
        found.append(str(fault))
    if not is_loopback(options.host) and not options.https:
        found.append(
            f"Browsers elsewhere could reach {options.host}, and what they send would cross the network readable."
            " Listen on 127.0.0.1; or put a proxy that speaks HTTPS in front and set https = true."
        )
    if any(host.startswith((".", "*")) for host in options.allowed_hosts):
        found.append(
            "allowed_hosts has a pattern, so a hostile page could reach the desk under a name of its own."
            " List the exact names browsers use."
        )
    if not options.allowed_hosts:
        found.append("allowed_hosts is empty, so every request would be refused. List the names browsers use.")
    if options.database != "sqlite":
        found += _of_postgresql(options.database)
    return found


def _of_postgresql(address: str) -> list[str]:
    try:
        settings = database.postgresql(address)
    except SettingFault as fault:
        return [str(fault)]
    host = settings["HOST"]
    encrypted = settings["OPTIONS"].get("sslmode") == "verify-full"
    if host and not host.startswith("/") and not is_loopback(host) and not encrypted:
        name = f"{settings['USER']}:PASSWORD@{host}" if settings["PASSWORD"] else f"{settings['USER']}@{host}"
        port = f":{settings['PORT']}" if settings["PORT"] else ""
        return [
            "The database is on another machine and the connection to it may be read or diverted. In safeconduct.toml,"
            f' write: database = "postgresql://{name}{port}/{settings["NAME"]}?sslmode=verify-full"'
        ]
    return []


def of_database() -> list[str]:
    """Faults of the folder's database server, once Django runs. Where none answers, `prepare_database` says so."""
    from django.db import OperationalError, connection  # here: Django must be started first

    from safeconduct.config import moving, postgresql

    found: list[str] = []
    with contextlib.suppress(OperationalError):
        found = postgresql.faults(connection) if connection.vendor == "postgresql" else []
        found += moving.faults(connection)
    return found


def of_records(data: DataFolder, *, now: datetime | None = None) -> list[str]:
    """Faults of the folder's records, once Django runs and the tables are up to date. `now` is for tests, in UTC."""
    from safeconduct.accounts.models import Organisation  # here: Django must be started first
    from safeconduct.journal.models import Entry

    found: list[str] = []
    if not data.epoch_path.exists() and Organisation.objects.exists():
        found.append(
            f"{data.epoch_path} is missing, and without it no record opens. Put back its newest copy, the one kept"
            " apart from the backups. Do not make a new one: it would open nothing."
        )
    now = now or datetime.now(UTC)
    newest = Entry.objects.order_by("-at").values_list("at", flat=True).first()
    if now < EARLIEST or (newest is not None and now < newest - TOLERANCE):
        found.append(
            "This computer's clock is behind the newest entry of the log, so days and time limits would be wrong."
            " Set the clock, then start again."
        )
    return found


def is_loopback(host: str) -> bool:
    """Whether `host` can only be reached from this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
