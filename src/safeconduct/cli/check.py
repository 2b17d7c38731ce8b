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

from safeconduct.cli.acting import FOLDER, require_tables
from safeconduct.cli.main import open_desk

if TYPE_CHECKING:  # Django must be started before its models are imported
    from safeconduct.accounts.models import Organisation
    from safeconduct.config.folder import DataFolder

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
@click.option(
    "--checkpoint",
    "kept",
    multiple=True,
    type=click.Path(path_type=Path, exists=True),
    help="A checkpoint, or the folder of an export, that was kept elsewhere: the log has to go on from it.",
)
@click.option("--rebuild-agenda", is_flag=True, help="Make what Today lists again from the clocks, before looking.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for a script.")
@click.pass_context
def command(
    ctx: click.Context, folder: Path, sweep: bool, kept: tuple[Path, ...], rebuild_agenda: bool, as_json: bool
) -> None:
    """Verify a data folder without opening any record: exit code 0 when all is well, 1 when something disagrees.

    Checks that the database is sound, that the log's tree is the one its entries make, that every sealed record is the
    one the log last committed to, that what Today lists is what the clocks say, and how long the calendar of bank
    holidays lasts. It also holds the log against where the epoch file last saw it. A log rewritten whole since then it
    notices with --checkpoint and a copy kept elsewhere.
    """
    from safeconduct.config.folder import DataFolder

    data = DataFolder.open(folder)
    data.require_private()
    open_desk(data.path)
    require_tables()
    if rebuild_agenda:
        from safeconduct.casework.schedule import rebuild  # here: Django must be started first

        click.echo(f"What is due was made again: {rebuild()} rows.", err=as_json)
    findings = [*_findings(), *_strays(sweep=sweep), *_against_kept(data, kept)]
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
    from safeconduct.accounts.checks import (
        escrows_missing,
        keys_not_as_logged,
        recovery_key_not_as_logged,
        team_keys_not_as_logged,
    )
    from safeconduct.casework.checks import agenda_disagreements
    from safeconduct.core.ledger.errors import LedgerError
    from safeconduct.journal import sequencer, verify
    from safeconduct.people.checks import (
        envelopes_not_as_logged,
        papers_not_as_logged,
        subjects_cut_short,
        subjects_nobody_holds,
        teams_too_large,
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
    behind = sum(1 for _ in team_keys_not_as_logged(organisation))
    if behind:
        yield Finding("team_keys_not_as_logged", f"{behind} teams have other keys than the newest the log knows of.")
    if recovery_key_not_as_logged(organisation):
        yield Finding("recovery_key_not_as_logged", "The recovery key is not the one the log committed to.")
    missing = sum(1 for _ in escrows_missing(organisation))
    if missing:
        yield Finding(
            "escrows_missing",
            f"The recovery kits cannot bring back the newest keys of {missing} teams until a member of each unlocks.",
            wrong=False,
        )
    large = sum(1 for _ in teams_too_large(organisation))
    if large:
        yield Finding(
            "teams_too_large",
            f"{large} teams hold more than 100,000 people, so every search there is slow. Give some of them to another"
            " team.",
            wrong=False,
        )
    yield from _open_facts(organisation)
    yield from _of_mail(organisation)
    yield from _of_archive(organisation)
    stale = agenda_disagreements(organisation)
    if stale:
        yield Finding(
            "agenda_differs",
            f"{stale} rows of what is due differ from what the clocks say. Make them again: safeconduct check"
            " --rebuild-agenda",
        )
    yield from _last_seen(organisation)


def _open_facts(organisation: Organisation) -> Iterator[Finding]:
    """What stands in the open and the log commits to. An older desk did not: how much of that is left is said."""
    from safeconduct.accounts import bounds
    from safeconduct.accounts.checks import staff_not_as_logged
    from safeconduct.casework.checks import facts_against_log
    from safeconduct.people.index import is_as_logged

    wrong, unsaid = facts_against_log(organisation)
    if wrong:
        yield Finding(
            "facts_not_as_logged",
            f"{wrong} cases have events, letters, limits or a state other than the log last said.",
        )
    staff = staff_not_as_logged(organisation)
    if staff:
        yield Finding("staff_not_as_logged", "Members, their states or their parts in teams are not as the log says.")
    if not bounds.is_as_logged(organisation):
        yield Finding(
            "bounds_not_as_logged",
            "The tripwire's numbers, or the hours a recovery waits, are not as the log says they were set.",
        )
    indexes = [is_as_logged(team) for team in organisation.teams.all()]
    if indexes.count(False):
        yield Finding(
            "index_not_as_logged",
            f"The search index of {indexes.count(False)} teams has other parts than the log last said.",
        )
    if unsaid or staff is None:
        staff_too = " and the staff" if staff is None else ""
        yield Finding(
            "facts_not_in_log",
            f"The log says nothing yet of the open facts of {unsaid} cases{staff_too}: they were written by an earlier"
            " version. The next change of each is committed to.",
            wrong=False,
        )


def _of_mail(organisation: Organisation) -> Iterator[Finding]:
    from safeconduct.post.checks import messages_not_as_logged, messages_without_rows

    differing = messages_not_as_logged(organisation)
    if differing:
        yield Finding(
            "messages_not_as_logged",
            f"{differing} messages or incidents have another state, case or day than the log last said.",
        )
    gone = messages_without_rows(organisation)
    if gone:
        yield Finding("messages_gone", f"{gone} sealed messages are in no tray and on no case: their rows were taken.")


def _of_archive(organisation: Organisation) -> Iterator[Finding]:
    from safeconduct.archive import checks
    from safeconduct.archive.citing.checks import not_as_logged

    cited = list(not_as_logged(organisation))
    if cited:
        yield Finding(
            "cited_not_as_logged",
            f"{len(cited)} passages, notes, tags, collections or sealed indexes of the archive are not as the log says"
            f" they were last saved. First: {cited[0]}.",
        )
    differing = list(checks.sources_not_as_logged(organisation))
    if differing:
        yield Finding(
            "sources_not_as_logged",
            f"{len(differing)} sources of the archive are not as the log says they were last kept. First:"
            f" {differing[0]}.",
        )
    files = list(checks.files_not_as_logged(organisation))
    if files:
        yield Finding(
            "source_files_not_as_logged",
            f"{len(files)} files of the archive are gone, or are not the ones the log says were kept."
            f" First: {files[0]}.",
        )
    keyless = checks.sources_nobody_holds(organisation) + checks.sources_without_files(organisation)
    if keyless:
        yield Finding("sources_cut_short", f"{keyless} sources have no key or no file left: they were taken away.")


def _last_seen(organisation: Organisation) -> Iterator[Finding]:
    from safeconduct.accounts import witness
    from safeconduct.core.sealing.faults import EpochFileUnreadable
    from safeconduct.web.words.alarms import parted

    with contextlib.suppress(EpochFileUnreadable):  # said already
        difference = witness.difference(organisation.handle)
        if difference is not None:
            where = parted(difference.seen, difference.size, difference.first)
            yield Finding("log_not_as_last_seen", f"The log is not the one the epoch file last saw. {where}")


def _against_kept(data: DataFolder, paths: tuple[Path, ...]) -> Iterator[Finding]:
    from safeconduct.accounts.models import Organisation
    from safeconduct.cli import checkpoints

    organisation = Organisation.objects.order_by("pk").first()
    if organisation is None or not paths:
        return
    kept = [checkpoints.read_kept(path, data, organisation.handle) for path in paths]
    for text in checkpoints.differences(organisation.handle, kept):
        yield Finding("log_not_as_kept", text)


def _strays(*, sweep: bool) -> Iterator[Finding]:
    """Sealed files left behind by a process that was killed, or by a disk that refused to remove them."""
    from safeconduct.archive import files as archive
    from safeconduct.people.papers import files

    strays = [*files.strays(), *archive.strays()]
    if sweep:
        for path in strays:
            path.unlink(missing_ok=True)
    if strays:
        done = "They were removed." if sweep else "Remove them with: safeconduct check --sweep"
        yield Finding("stray_files", f"{len(strays)} files belong to no record and no source. {done}", wrong=False)


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
