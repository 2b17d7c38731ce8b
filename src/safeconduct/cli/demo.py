"""`safeconduct demo`: the same desk as `serve`, on invented data, with a banner that says so."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from safeconduct.cli import demo_mail, demo_night, demo_office, demo_papers, demo_people, demo_sources, serve
from safeconduct.cli.main import CommandFault, open_desk
from safeconduct.config.folder import DataFolder

if TYPE_CHECKING:
    from safeconduct.accounts.actor import Actor
    from safeconduct.accounts.models import Team


@click.command("demo", short_help="Run the same desk on invented data.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where to keep the invented data. Left out, it is thrown away at the end.",
)
@click.option("--host", help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port to listen on; 0 takes a free one.")
@click.option("--no-serve", is_flag=True, help="Make the folder and stop.")
def command(folder: Path | None, host: str | None, port: int | None, no_serve: bool) -> None:
    """Run the desk on invented people, to look around in. Its passphrases lie open in sign-ins.json."""
    if folder is None:
        if no_serve:
            raise CommandFault("Say where to make it: --folder DIR.")
        made = Path(tempfile.mkdtemp(prefix="safeconduct-demo-"))
        try:
            _run(made / "data", host, port, no_serve=False)
        finally:
            shutil.rmtree(made, ignore_errors=True)
        return
    _run(folder, host, port, no_serve=no_serve)


def _run(folder: Path, host: str | None, port: int | None, *, no_serve: bool) -> None:
    data = _folder(folder)
    open_desk(data.path)
    if data.sign_ins_path.exists():
        serve.prepare_database()
    else:
        click.echo("Inventing an office …", err=True)
        with _unhurried_disk():
            serve.prepare_database()
            _invent(data)
    if no_serve:
        click.echo(f"Demo folder: {data.path}")
        return
    signs = json.loads(data.sign_ins_path.read_text("utf-8"))
    click.echo(f"Sign in as {signs[0]['sign_in']} with the passphrase: {signs[0]['passphrase']}")
    serve.run(data, host=host, port=port)


def _folder(folder: Path) -> DataFolder:
    if not (folder.is_dir() and any(folder.iterdir())):
        return DataFolder.create(folder, "demo")
    data = DataFolder.open(folder)
    if data.kind != "demo":
        raise CommandFault(f"{data.path} holds an office's records, not a demo. Use: safeconduct serve --folder …")
    return data


@contextmanager
def _unhurried_disk() -> Iterator[None]:
    """Do not wait for an SQLite disk after each act: a demo that was left half made is made again."""
    from django.db import connection  # here: Django is started now

    def wait(how: str) -> None:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute(f"PRAGMA synchronous={how}")

    wait("OFF")
    yield
    wait("FULL")


def _invent(data: DataFolder) -> None:
    from safeconduct.accounts.actions import first_use, members, passphrase, sessions  # here: Django is started now
    from safeconduct.accounts.queries import is_set_up
    from safeconduct.core.calendar.days import Nation
    from safeconduct.journal import sequencer

    if is_set_up():
        raise CommandFault(f"{data.path} was left half made. Delete it and start again.")
    (name, sign_in, roles), *others = demo_office.MEMBERS
    first, *more = roles
    made = first_use.set_up(
        organisation=demo_office.OFFICE,
        nation=Nation.ENGLAND_AND_WALES,
        team=first,
        name=name,
        sign_in=sign_in,
        passphrase=demo_office.PASSPHRASE,
    )
    lead = sessions.sign_in(name=sign_in, passphrase=demo_office.PASSPHRASE)
    teams = {first: made.team} | {team: members.create_team(by=lead.actor, name=team) for team in more}
    sessions.sign_out(session=lead.session)
    lead = sessions.sign_in(name=sign_in, passphrase=demo_office.PASSPHRASE)
    for name, sign_in, roles in others:
        added = members.add_member(
            by=lead.actor,
            name=name,
            sign_in=sign_in,
            is_guardian=False,
            roles={teams[team].pk: role for team, role in roles.items()},
        )
        theirs = sessions.sign_in(name=sign_in, passphrase=added.first_passphrase)
        session, _ = passphrase.change(by=theirs.actor, current=added.first_passphrase, new=demo_office.PASSPHRASE)
        sessions.sign_out(session=session)
    _work(lead.actor, teams[first])
    _erase_somebody(lead.actor, teams[first], others[0][1])
    sessions.sign_out(session=lead.session)
    sequencer.sequence()
    data.write("sign-ins.json", json.dumps(_sign_ins(), indent=1, ensure_ascii=False).encode() + b"\n")


def _work(by: Actor, team: Team) -> None:
    """Weeks of work: the office's sheet brought in as a person would, and limits that run."""
    from safeconduct.accounts.keys import today  # here: Django is started now
    from safeconduct.agenda.queries import Wanted
    from safeconduct.casework.actions import arrivals, bring_in, deadlines
    from safeconduct.casework.queries import list_cases, open_heads

    day = today()
    arrival = arrivals.stage(
        by=by, team=team, name="cases.csv", data=demo_office.sheet(day), as_of=day, rule="reference"
    )
    bring_in.start(by=by, arrival=arrival)
    while not bring_in.go_on(by=by, arrival=arrival, seconds=5).finished:
        pass
    cases = list(list_cases(by, Wanted()))
    heads = open_heads(by=by, cases=cases)
    by_reference = {heads[case.pk].our_reference: case for case in cases}
    for limit in demo_office.LIMITS:
        deadlines.set_deadline(
            by=by,
            case=by_reference[limit.reference],
            rule=limit.rule,
            on=day - timedelta(days=limit.days_ago),
            nation=by.organisation.nation,
        )
    for reference in demo_papers.OF:
        demo_papers.keep_with(by, heads[by_reference[reference].pk])
    demo_people.put_around(by, by_reference[demo_people.OF])
    demo_night.put_in(by, team, by_reference)
    demo_mail.put_in(by, team, by_reference)
    demo_sources.put_in(by, team)


def _erase_somebody(by: Actor, team: Team, colleague: str) -> None:
    """Somebody came once and asked to be forgotten: a colleague asked for it, and a certificate is left."""
    from safeconduct.accounts.actions import sessions  # here: Django is started now
    from safeconduct.people.actions import add_person, erase
    from safeconduct.people.facets import Identity, SpelledName

    theirs = sessions.sign_in(name=colleague, passphrase=demo_office.PASSPHRASE)
    name = SpelledName(text="Somebody Invented", by_person=True)
    person = add_person(by=theirs.actor, team=team, identity=Identity(names=(name,)))
    erase.ask(by=theirs.actor, subject=person)
    sessions.sign_out(session=theirs.session)
    erase.erase(by=by, subject=person)


def _sign_ins() -> list[dict[str, object]]:
    return [
        {
            "name": name,
            "sign_in": sign_in,
            "passphrase": demo_office.PASSPHRASE,
            "roles": sorted({*roles.values(), *(["guardian"] if number == 0 else [])}),
            "teams": sorted(roles),
        }
        for number, (name, sign_in, roles) in enumerate(demo_office.MEMBERS)
    ]
