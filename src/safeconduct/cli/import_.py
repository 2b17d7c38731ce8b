"""`safeconduct import`: bring a spreadsheet in by a rule, where nobody sits at a page to decide."""

from __future__ import annotations

import json
import sys
from datetime import date
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from safeconduct.cli.acting import FOLDER, MEMBER, acting
from safeconduct.cli.main import CommandFault

if TYPE_CHECKING:
    from safeconduct.accounts.actor import Actor
    from safeconduct.accounts.models import Team


@click.command("import", short_help="Bring in a spreadsheet.")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@FOLDER
@MEMBER
@click.option("--team", help="The name of the team to bring it into, for a member of several.")
@click.option("--as-of", help="The day the sheet was true, for example 2026-11-20. Today when left out.")
@click.option(
    "--same-person",
    type=click.Choice(["reference", "never"]),
    required=True,
    help="Which rows are one person: those that share a reference and do not disagree on name or birth, or none.",
)
@click.option("--dry-run", is_flag=True, help="Say what would happen and bring nothing in.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for a script.")
def command(
    file: Path,
    folder: Path,
    member: str | None,
    team: str | None,
    as_of: str | None,
    same_person: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Bring the rows of FILE (.csv or .xlsx) in as people, cases and enquiries.

    Rows with a fault are left out and named. Rows whose case is here already, by your own reference, bring only what is
    new. The page does the same and lets you decide about each person.
    """
    with acting(folder, member, role="caseworker") as by:
        report = _bring_in(by, file, team_of(by, team), _day(as_of), same_person, dry_run=dry_run, quiet=as_json)
    if as_json:
        click.echo(json.dumps(report))
    else:
        _tell(report, dry_run=dry_run)


def _bring_in(
    by: Actor, file: Path, team: Team, as_of: date, rule: str, *, dry_run: bool, quiet: bool
) -> dict[str, Any]:
    from safeconduct.casework.actions import arrivals, bring_in
    from safeconduct.casework.arrivals import reading, work
    from safeconduct.casework.arrivals.again import NOTHING
    from safeconduct.casework.arrivals.staged import Staged
    from safeconduct.casework.importing.errors import UnreadableSheet

    data = file.read_bytes()
    remembered = arrivals.headings_before(by, team)
    staged = Staged(name=file.name, data=data, rule=rule, remembered=remembered)
    try:
        read = reading.read(staged, as_of=as_of)
    except UnreadableSheet as fault:
        raise CommandFault(str(fault)) from None
    if read.plan is None:
        raise CommandFault("No column says who the people are. Give that column the heading “Name” and try again.")
    rows = read.rows
    before = arrivals.sheet_before(by, team)
    matches = work.find(by=by, team=team, rows=rows, rule=rule, before=before)
    settled = work.settle(matches, rows, staged)
    changes = [(number, rows[number].our_ref, again) for number, again in matches.again.items()]
    if not dry_run:
        arrival = arrivals.stage(
            by=by, team=team, name=file.name, data=data, as_of=as_of, rule=rule, known=(read, matches)
        )
        settled = bring_in.start(by=by, arrival=arrival)
        with click.progressbar(length=len(rows), label="Bringing in", file=sys.stderr, hidden=quiet) as bar:
            bring_in.go_on(by=by, arrival=arrival, seconds=inf, progress=lambda done: bar.update(done - bar.pos))
        outcome = arrivals.open_outcome(by=by, arrival=arrival)
        changes = [(one.row, one.our_ref, one.again) for one in outcome.changes]
    groups = {tuple(repeat.rows): repeat for repeat in matches.repeats}
    return {
        "rows": len(read.plan.rows),
        "people": sum(not unit.is_here for unit in settled.units),
        "enquiries": sum(rows[number].sent_on is not None for unit in settled.units for number in unit.rows),
        "already_here": len(settled.known),
        "changed": [
            {
                "row": row,
                "our_ref": our_ref,
                "set": [*again.sets, *(kind for kind, _, _ in again.moved)],
                "added_to_person": list(again.person),
                "left_alone": list(again.kept),
            }
            for row, our_ref, again in changes
            if again != NOTHING
        ],
        "gone": list(matches.gone),
        "faults": [{"row": fault.row, "fault": fault.sentence} for fault in read.plan.faults],
        "same_person": [
            {"rows": list(numbers), "why": ", ".join(code.value.replace("_", " ") for code in repeat.reasons)}
            for numbers, repeat in groups.items()
        ],
    }


def team_of(by: Actor, name: str | None) -> Team:
    """The team of that name, or the only one the member is in. Raises `CommandFault`."""
    teams = [team for team in by.teams if name in (None, team.name)]
    if not teams:
        raise CommandFault("This member is in no such team." if name else "This member is in no team yet.")
    if len(teams) > 1 and name is None:
        raise CommandFault("This member is in several teams. Say which with --team NAME.")
    return teams[0]


def _day(text: str | None) -> date:
    from safeconduct.accounts.keys import today
    from safeconduct.core.calendar.typed import NotADay, parse_day

    if text is None:
        return today()
    try:
        return parse_day(text, today=today())
    except NotADay:
        raise CommandFault("--as-of is not a day. Write it like 2026-11-20 or 20 nov 2026.") from None


def _tell(report: dict[str, Any], *, dry_run: bool) -> None:
    would = "Would bring in" if dry_run else "Brought in"
    click.echo(f"{report['rows']} rows read. {would} {report['people']} people and {report['enquiries']} enquiries.")
    if report["already_here"]:
        click.echo(f"{report['already_here']} rows were here already; only what is new was added.")
    for one in report["changed"]:
        said = [("changed", one["set"]), ("added", one["added_to_person"]), ("left as changed here", one["left_alone"])]
        what = "; ".join(f"{how}: {', '.join(names).replace('_', ' ')}" for how, names in said if names)
        click.echo(f"Row {one['row']} ({one['our_ref'] or 'no reference'}): {what}.")
    if report["gone"]:
        click.echo(f"No longer in the sheet, left as they are: {', '.join(ref or '?' for ref in report['gone'])}.")
    for fault in report["faults"]:
        click.echo(f"Row {fault['row']} left out: {fault['fault']}.")
    for group in report["same_person"]:
        click.echo(f"Rows {', '.join(map(str, group['rows']))} are one person: {group['why']}.")
