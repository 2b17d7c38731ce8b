"""`safeconduct check`: is the log whole, does the data agree with it, and will the calendar last?"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from safeconduct.cli.acting import FOLDER
from safeconduct.cli.main import open_desk

if TYPE_CHECKING:  # Django must be started before its models are imported
    from safeconduct.accounts.models import Organisation

FOUND_SOMETHING = 1
_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look at. ``wrong``: the data disagrees with itself; else it is a warning for later."""

    code: str
    text: str
    wrong: bool = True


@click.command("check", short_help="Verify the log and the data it speaks of.")
@FOLDER
@click.option("--sweep", is_flag=True, help="Remove sealed files that no record speaks of.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for a script.")
@click.pass_context
def command(ctx: click.Context, folder: Path, sweep: bool, as_json: bool) -> None:
    """Verify a data folder without opening any record: exit code 0 when all is well, 1 when something disagrees.

    Checks that the database is sound, that the log's tree is the one its entries make, that every sealed record is the
    one the log last committed to, that what Today lists is what the clocks say, and how long the calendar of bank
    holidays lasts. A log rewritten whole since its last export it cannot notice: compare with a copy kept elsewhere.
    """
    from safeconduct.cli.serve import prepare_database
    from safeconduct.config.folder import DataFolder

    data = DataFolder.open(folder)
    data.require_private()
    open_desk(data.path)
    prepare_database()
    findings = [*_findings(), *_strays(sweep=sweep)]
    wrong = [finding for finding in findings if finding.wrong]
    if as_json:
        click.echo(json.dumps({"ok": not wrong, "findings": [asdict(finding) for finding in findings]}))
    else:
        for finding in findings:
            click.echo(f"{'WRONG' if finding.wrong else 'Note'}: {finding.text}")
        click.echo("Something disagrees: see above." if wrong else "The log and the data agree.")
    ctx.exit(FOUND_SOMETHING if wrong else 0)


def _findings() -> Iterator[Finding]:
    from django.db import connection  # here and below: Django must be started first

    from safeconduct.accounts.keyring import epochs
    from safeconduct.accounts.models import Organisation
    from safeconduct.core.sealing.faults import EpochFileUnreadable

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            said = cursor.execute("PRAGMA integrity_check").fetchone()[0]
        if said != "ok":
            yield Finding("database_damaged", "The database file is damaged. Restore it from a copy.")
    organisations = list(Organisation.objects.all())
    if organisations:
        try:
            epochs()
        except EpochFileUnreadable as fault:
            yield Finding("epochs_unreadable", f"{fault}.")
    for organisation in organisations:
        yield from _of_organisation(organisation)
    yield from _of_calendar()


def _of_organisation(organisation: Organisation) -> Iterator[Finding]:
    from safeconduct.accounts.checks import keys_not_as_logged
    from safeconduct.casework.checks import agenda_disagreements
    from safeconduct.core.ledger.errors import LedgerError
    from safeconduct.journal import sequencer, verify
    from safeconduct.people.checks import (
        envelopes_not_as_logged,
        papers_not_as_logged,
        subjects_cut_short,
        subjects_nobody_holds,
    )

    with contextlib.suppress(LedgerError):  # the entries wait; what is wrong with the tree is said next
        sequencer.sequence()
    for one in verify.verify(organisation.handle):
        where = "" if one.position is None else f" at entry {one.position}"
        yield Finding(f"log_{one.code}", f"The log disagrees with itself{where}: {one.code.replace('_', ' ')}.")
    differing = list(envelopes_not_as_logged(organisation))
    if differing:
        yield Finding(
            "records_not_as_logged",
            f"{len(differing)} sealed records are not as the log says they were last saved. First: {differing[0]}.",
        )
    cut_short = subjects_cut_short(organisation)
    if cut_short:
        yield Finding("records_cut_short", f"{cut_short} records lack a part that every record has: it was taken away.")
    papers = list(papers_not_as_logged(organisation))
    if papers:
        yield Finding(
            "papers_not_as_logged",
            f"{len(papers)} papers are gone from the data folder, or are not the files the log says were kept."
            f" First: {papers[0]}.",
        )
    orphans = subjects_nobody_holds(organisation)
    if orphans:
        yield Finding("records_without_keys", f"{orphans} records have no key left, so nobody can open them.")
    substituted = sum(1 for _ in keys_not_as_logged(organisation))
    if substituted:
        yield Finding("keys_not_as_logged", f"{substituted} members' public keys are not those the log committed to.")
    stale = agenda_disagreements(organisation)
    if stale:
        yield Finding("agenda_differs", f"{stale} rows of what is due differ from what the clocks say.")


def _strays(*, sweep: bool) -> Iterator[Finding]:
    """Sealed files left behind by a process that was killed, or by a disk that refused to remove them."""
    from safeconduct.people.papers import files

    strays = list(files.strays())
    if sweep:
        for path in strays:
            path.unlink(missing_ok=True)
    if strays:
        done = "They were removed." if sweep else "Remove them with: safeconduct check --sweep"
        yield Finding("stray_files", f"{len(strays)} sealed files belong to no record. {done}", wrong=False)


def _of_calendar() -> Iterator[Finding]:
    from safeconduct.accounts.keys import today
    from safeconduct.core.calendar.days import calendar_ends

    ends = calendar_ends()
    if ends - today() < _YEAR:
        yield Finding(
            "calendar_ends",
            f"Bank holidays are known until {ends:%-d %B %Y}; dates beyond are refused. Upgrade before then.",
            wrong=False,
        )
