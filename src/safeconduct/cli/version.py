"""`safeconduct version`: what is running, for a bug report. It opens no data folder."""

from __future__ import annotations

import importlib.metadata
import json
import platform
import sqlite3

import click


@click.command("version", short_help="Say which versions are running.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for a script.")
def command(as_json: bool) -> None:
    """Say which versions of Safeconduct and of what it stands on are running."""
    from safeconduct.config.database import journal_mode  # here: keeps `--help` quick

    found = {
        "safeconduct": importlib.metadata.version("safeconduct"),
        "python": platform.python_version(),
        "django": importlib.metadata.version("django"),
        "cryptography": importlib.metadata.version("cryptography"),
        "sqlite": sqlite3.sqlite_version,
        "sqlite_journal": journal_mode(),
    }
    if as_json:
        click.echo(json.dumps(found))
        return
    for name, value in found.items():
        click.echo(f"{name:15}{value}")
